"""Boxes that ask for one thing: a line of words, or one of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from kbtui.tui import messages
from kbtui.tui.fields import Line
from kbtui.tui.literal import literal

_CLOSE: list[BindingType] = [Binding("escape", "close", "Close")]


class LineScreen(ModalScreen[str]):
    """Asks for one line. Ends with it, empty if none was given.

    Args:
        title: what is asked.
        hint: what becomes of it.
        text: what stands there already.
        trouble: what was wrong with the line given before.
        is_value: whether the text is a value that what is typed takes the place of, and no words to go on with.
    """

    BINDINGS: ClassVar[list[BindingType]] = _CLOSE

    def __init__(self, title: str, hint: str, text: str = "", trouble: str = "", *, is_value: bool = False) -> None:
        super().__init__()
        self._title = title
        self._hint = hint
        self._text = self._given_text = text
        self._trouble = trouble
        self._is_value = is_value

    def compose(self) -> ComposeResult:
        """Lay out the question and the line."""
        with Vertical(classes="box"):
            if self._trouble:
                yield Static(literal(self._trouble, "$error"), markup=False)
            yield Static(literal(self._title, "bold"), markup=False)
            yield Static(literal(self._hint), id="line-hint", markup=False)
            empty = "Then enter; escape for nothing"
            yield Line(self._text, placeholder=empty, id="line", select_on_focus=self._is_value)

    @property
    def text(self) -> str:
        """What stands in the line, or stood there when the box was closed."""
        return self._text

    @property
    def has_new_words(self) -> bool:
        """Whether somebody has written something into the line."""
        return bool(self._text.strip()) and self._text != self._given_text

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._text = event.value

    @on(Input.Submitted)
    def _given(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self.dismiss(event.value.strip())

    @on(messages.Failed)
    def _failed(self, message: messages.Failed) -> None:
        self.query_one("#line-hint", Static).update(
            literal(f"{message.error.message} {message.error.hint}", "$warning")
        )

    def action_close(self) -> None:
        """Close without a line."""
        self.dismiss("")


class ChoiceScreen(ModalScreen[str]):
    """Offers several things; what is typed narrows them. Ends with the name of the one chosen, empty if none was.

    Args:
        title: what is asked.
        choices: how each looks, by its name; at most fifty.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *_CLOSE,
        Binding("down", "move('cursor_down')", show=False),
        Binding("up", "move('cursor_up')", show=False),
        Binding("pagedown", "move('page_down')", show=False),
        Binding("pageup", "move('page_up')", show=False),
    ]

    def __init__(self, title: str, choices: Mapping[str, Content]) -> None:
        super().__init__()
        self._title = title
        self._choices = choices

    def compose(self) -> ComposeResult:
        """Lay out the line to narrow by and the list."""
        with Vertical(classes="box"):
            yield Static(literal(self._title, "bold"), markup=False)
            yield Line(placeholder="Type to find one of these", id="narrow", compact=True)
            yield OptionList(*self._options(""), id="choices", markup=False)

    def on_mount(self) -> None:
        """Leave the cursor in the line."""
        self._list.can_focus = False
        self.query_one("#narrow", Line).focus()

    @property
    def _list(self) -> OptionList:
        return self.query_one("#choices", OptionList)

    def _options(self, typed: str) -> list[Option]:
        """Return the choices that have every word typed, or the beginning of it."""
        parts = typed.casefold().split()
        shown = ((name, look) for name, look in self._choices.items() if _has_all(look.plain.casefold(), parts))
        return [Option(look, id=name) for name, look in shown]

    @on(Input.Changed, "#narrow")
    def _typed(self, event: Input.Changed) -> None:
        self._list.set_options(self._options(event.value))
        self._list.action_first()

    def action_move(self, how: str) -> None:
        """Move the mark while the cursor stays in the line."""
        getattr(self._list, f"action_{how}")()

    @on(Input.Submitted, "#narrow")
    def _taken(self) -> None:
        self._list.action_select()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id or "")

    def action_close(self) -> None:
        """Close without a choice."""
        self.dismiss("")


class TextScreen(ModalScreen[None]):
    """Says something in a few lines.

    Args:
        title: what it is about.
        text: the lines.
    """

    BINDINGS: ClassVar[list[BindingType]] = _CLOSE

    def __init__(self, title: str, text: Content) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """Lay out the lines."""
        with VerticalScroll(classes="box"):
            yield Static(literal(self._title, "bold"), markup=False)
            yield Static(self._text, markup=False)

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)


def _has_all(text: str, parts: Sequence[str]) -> bool:
    """Whether some word of a text begins with each of the parts."""
    words = text.split()
    return all(any(word.startswith(part) for word in words) for part in parts)
