"""What one types in: a line that loses no pasted word, and a form that keeps its field on the screen."""

from __future__ import annotations

import re
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.events import Paste
from textual.widgets import Input

from kbtui.tui.line_history import LineHistory, difference

_BREAK = re.compile(r"[ \t]*\n\s*")


class Line(Input):
    """A field of one line: what has several lines is put into it as words that follow each other.

    Left to itself, Textual drops all but the first line of what a terminal pastes, and keeps
    the line ends of what was copied in a field of several lines. It has no undo either.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "step_back", "Undo", show=False),
        Binding("ctrl+y", "step_forward", "Redo", show=False),
    ]

    _history: LineHistory | None = None
    _is_going_back = False

    def on_mount(self) -> None:
        """Remember what stands in the line from now on."""
        self._history = LineHistory()

    def watch_value(self, before: str, after: str) -> None:
        """Remember every change but those of undo and redo."""
        if self._history and not self._is_going_back and before != after:
            self._history.note(before, after)

    def action_step_back(self) -> None:
        """Take back what was typed, pasted or masked last."""
        self._go(self._history.undo(self.value) if self._history else None)

    def action_step_forward(self) -> None:
        """Bring back what was taken back last."""
        self._go(self._history.redo(self.value) if self._history else None)

    def _go(self, text: str | None) -> None:
        """Put a text of the history into the line, the cursor behind what has come back."""
        if text is None:
            return
        first, _, returned = difference(self.value, text)
        self._is_going_back = True
        self.value = text
        self._is_going_back = False
        self.cursor_position = first + len(returned)

    def on_paste(self, event: Paste) -> None:
        """Make one line of what the terminal pastes, before Textual takes the first."""
        event.text = self.joined(event.text)

    def replace(self, text: str, start: int, end: int) -> None:
        """Put text where other text stands; everything that is typed or pasted comes through here."""
        super().replace(self.joined(text), start, end)

    def joined(self, text: str) -> str:
        """Return text of several lines as the one line that this field has."""
        return in_one_line(text)


class Fields(VerticalScroll, can_focus=False):
    """The fields of a form, one below the other; the one in use stays on the screen when that gets smaller.

    Textual looks after a field when it gets the focus, and not again when the window changes.
    """

    def on_resize(self) -> None:
        """Show the field in use, once every field has its new place."""
        self.call_after_refresh(self._show_field_in_use)

    def _show_field_in_use(self) -> None:
        if (field := self.screen.focused) is not None:
            self.scroll_to_widget(field, animate=False)


def in_one_line(text: str) -> str:
    """Return text with a space for every run of line ends; those around it are left out."""
    return _BREAK.sub(" ", text.strip("\n"))
