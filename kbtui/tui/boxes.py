"""Small boxes over a screen: the name that is asked once, what is to finish, what happened to an entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from kbtui.entry.template import Template
from kbtui.entry.text import clipped, one_line
from kbtui.store.drafts import Draft
from kbtui.team.credit import Step
from kbtui.tui.fields import Line
from kbtui.tui.literal import Pieces, in_lines, literal

_IN_A_BOX = 56
"""Letters of a draft's question that fit into a box."""

_CLOSE: list[BindingType] = [Binding("escape", "close", "Close")]


class NameScreen(ModalScreen[str]):
    """Asks, once, for the name that colleagues see. Ends with the name, empty if it was not given.

    Args:
        trouble: what was wrong with the name given before.
    """

    BINDINGS: ClassVar[list[BindingType]] = _CLOSE

    def __init__(self, trouble: str = "") -> None:
        super().__init__()
        self._trouble = trouble

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical(classes="box"):
            if self._trouble:
                yield Static(literal(self._trouble, "$error"), markup=False)
            yield Static(literal("What is your name?", "bold"), markup=False)
            yield Static(literal("Colleagues see it beside what you write. You are asked once."), markup=False)
            yield Line(placeholder="First and last name, then enter", id="name")

    @on(Input.Submitted)
    def _given(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self.dismiss(event.value.strip())

    def action_close(self) -> None:
        """Close without a name."""
        self.dismiss("")


class DraftsScreen(ModalScreen[Draft | None]):
    """Lists what has been begun and not saved. Ends with the draft to go on with.

    Args:
        drafts: the latest first.
        template: what the team's new entries begin with, which is no answer.
    """

    BINDINGS: ClassVar[list[BindingType]] = _CLOSE

    def __init__(self, drafts: Sequence[Draft], template: Template) -> None:
        super().__init__()
        self._template = template
        self._drafts = {draft.draft_id: draft for draft in drafts}

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        with Vertical(classes="box"):
            count = len(self._drafts)
            yield Static(literal(f"{count} to finish" if count else "Nothing is left to finish.", "bold"), markup=False)
            if count:
                rows = (
                    Option(in_lines(draft_row(each, self._template, _IN_A_BOX)), id=key)
                    for key, each in self._drafts.items()
                )
                yield OptionList(*rows, markup=False)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._drafts.get(event.option_id or ""))

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)


def draft_row(draft: Draft, template: Template, width: int = 0) -> list[Pieces]:
    """Return two lines: the question, then when it was written and what it is going to be.

    Args:
        width: letters of the question that fit, where the list does not cut it off itself.
    """
    when = dt.datetime.fromtimestamp(draft.changed_at, dt.UTC).astimezone()
    title = one_line(draft.question) or "no question yet"
    return [
        [(clipped(title, width) if width else title, "")],
        [(f"{when:%a %d %b, %H:%M} · {draft.kind(template)}", "$foreground 70%")],
    ]


def history_lines(steps: Sequence[Step]) -> list[str]:
    """Return what happened to an entry, a line each, the newest first."""
    lines = [
        f"{step.at.astimezone():%Y-%m-%d %H:%M}  {step.person.name} {step.words(is_first=place == 0)}"
        for place, step in enumerate(steps)
    ]
    return lines[::-1]
