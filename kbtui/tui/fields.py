"""What one types in: a line that loses no pasted word, and a form that keeps its field on the screen."""

from __future__ import annotations

import re

from textual.containers import VerticalScroll
from textual.events import Paste
from textual.widgets import Input

_BREAK = re.compile(r"[ \t]*\n\s*")


class Line(Input):
    """A field of one line: what has several lines is put into it as words that follow each other.

    Left to itself, Textual drops all but the first line of what a terminal pastes, and keeps
    the line ends of what was copied in a field of several lines.
    """

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
