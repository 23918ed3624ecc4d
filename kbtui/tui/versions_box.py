"""Two versions of an entry, side by side or one under the other, and what a lead does about them (F52)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.screen import ModalScreen
from textual.widgets import Static

from kbtui.entry.differences import BEGIN, END, Difference, Piece, marked
from kbtui.tui.literal import literal

if TYPE_CHECKING:
    from kbtui.entry.model import Person
    from kbtui.verbs.choosing import Contested, Version

_WIDE = 100
"""Columns from which two versions stand beside each other."""

_DIM, _OWN = "$foreground 70%", "bold underline $accent"


class Choice(Enum):
    """What is to become of two versions."""

    KEEP = "keep"
    TAKE = "take"
    COMBINE = "combine"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody has chosen, and about which other version."""

    choice: Choice
    version: Version


class VersionsScreen(ModalScreen[Chosen | None]):
    """Shows the entry's version and another one, a pair at a time. Ends with a choice, or with None.

    Args:
        contested: the entry with its other versions; at least one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back"),
        Binding("k", "choose('keep')", "Keep", show=False),
        Binding("t", "choose('take')", "Take", show=False),
        Binding("c", "choose('combine')", "Combine", show=False),
        Binding("n", "next", "Next", show=False),
        Binding("down", "scroll(1)", "Down", show=False),
        Binding("up", "scroll(-1)", "Up", show=False),
    ]

    def __init__(self, contested: Contested) -> None:
        super().__init__()
        self._contested = contested
        self._place = 0

    def compose(self) -> ComposeResult:
        """Lay out the two versions and the keys."""
        with Vertical(classes="box", id="versions"):
            yield Static(literal(self._contested.question, "bold"), id="contested", markup=False)
            with Container(id="pair"):
                for name in ("here", "other"):
                    with VerticalScroll(id=f"{name}-version", can_focus=False):
                        yield Static(id=name, markup=False)
            yield Static(id="keys", markup=False)

    def on_mount(self) -> None:
        """Show the first pair."""
        self._show()

    def on_resize(self, event: Resize) -> None:
        """Put one below the other where there is no room side by side."""
        self.set_class(event.size.width < _WIDE, "-narrow")

    @property
    def _version(self) -> Version:
        return self._contested.others[self._place]

    @property
    def _is_gone(self) -> bool:
        return self._contested.entry is None

    def _show(self) -> None:
        contested, other = self._contested, self._version
        here = "The entry's file is gone." if self._is_gone else f"In the entry{_typed(contested.by, contested.at)}"
        self.query_one("#here", Static).update(_version(here, other.differences, is_here=True))
        self.query_one("#other", Static).update(
            _version(f"The other version{_typed(other.by, other.at)}", other.differences, is_here=False)
            if not self._is_gone
            else Content("\n").join([literal("The version that is left", _DIM), literal(other.entry.answer)])
        )
        for name in ("#here-version", "#other-version"):
            self.query_one(name).scroll_home(animate=False)
        self.query_one("#keys", Static).update(self._keys())

    def _keys(self) -> Content:
        deeds = "t  take it back in" if self._is_gone else "k  keep the first · t  take the other · c  combine"
        count = len(self._contested.others)
        following = f"n  next pair, {self._place + 1} of {count} · " if count > 1 else ""
        signs = f"{BEGIN}only in this one{END} · "
        return Content.assemble((f"{deeds}\n", "bold"), literal(f"{signs}{following}escape  back", _DIM))

    def action_choose(self, what: str) -> None:
        """End with a choice; an entry that is gone can only be brought back."""
        choice = Choice(what)
        if choice is Choice.TAKE or not self._is_gone:
            self.dismiss(Chosen(choice, self._version))

    def action_next(self) -> None:
        """Show the next pair; after the last one, the first."""
        self._place = (self._place + 1) % len(self._contested.others)
        self._show()

    def action_scroll(self, lines: int) -> None:
        """Scroll both."""
        for name in ("#here-version", "#other-version"):
            self.query_one(name, VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_close(self) -> None:
        """Go back without a choice."""
        self.dismiss(None)


def _typed(by: Person | None, at: dt.datetime | None) -> str:
    return f" · {by.name}, {at.astimezone():%Y-%m-%d %H:%M}" if by and at else ""


def _version(title: str, found: Sequence[Difference], *, is_here: bool) -> Content:
    parts = [literal(title, _DIM)]
    for each in found:
        pieces = each.here if is_here else each.other
        parts += [literal(f"\n{each.title[0].upper()}{each.title[1:]}", _DIM), _words(pieces)]
    if not found:
        parts.append(literal("\nBoth say the same in every value that is shown."))
    return Content("\n").join(parts)


def _words(pieces: Iterable[Piece]) -> Content:
    shown = [literal(marked([each]), _OWN if each.is_own else "") for each in pieces]
    return Content("").join(shown) if shown else literal("nothing", _DIM)
