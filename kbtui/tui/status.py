"""The one honest line at the bottom: what just happened, on which base, as whom."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from kbtui.tui.literal import literal


class StatusLine(Static):
    """Shows a sentence on the left and where and who one is on the right."""

    sentence: reactive[str] = reactive("", layout=False)
    style_name: reactive[str] = reactive("", layout=False)
    place: reactive[str] = reactive("", layout=False)

    def say(self, sentence: str, *, is_trouble: bool = False) -> None:
        """Show a sentence until the next one."""
        self.style_name = "bold $error" if is_trouble else ""
        self.sentence = sentence

    def render(self) -> Content:
        """Return the line, the place cut off first where there is no room for both."""
        left = literal(self.sentence, self.style_name)
        room = self.content_size.width - left.cell_length
        right = literal(self.place, "$foreground 70%")
        if right.cell_length + 2 > room:
            return left
        return Content.assemble(left, " " * (room - right.cell_length), right)
