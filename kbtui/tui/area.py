"""A field of several lines. In a module of its own: Textual takes longer to load it than a first picture may wait."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import TextArea


class Area(TextArea):
    """A field of several lines; tab leaves it.

    Textual 8.2.8 scrolls to the cursor before an undo has moved it: where it stood on a line
    that the undo takes away, the program ended. So it goes to the top first, and from there
    Textual puts it where the text has changed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+home", "go_to_start", "Start of the text", show=False),
        Binding("ctrl+end", "go_to_end", "End of the text", show=False),
    ]

    takes_letters = True
    """A letter typed here is a letter, and no command."""

    def __init__(self, text: str, id: str) -> None:  # noqa: A002 - Textual's word
        super().__init__(text, id=id, tab_behavior="focus", show_line_numbers=False, soft_wrap=True)

    def action_go_to_start(self) -> None:
        """Go to the start of the text."""
        self.move_cursor(self.document.start)

    def action_go_to_end(self) -> None:
        """Go to the end of the text."""
        self.move_cursor(self.document.end)

    def undo(self) -> None:
        """Take back what was typed, pasted or masked last."""
        if self.history.undo_stack:
            self.move_cursor((0, 0))
        super().undo()

    def redo(self) -> None:
        """Bring back what was taken back last."""
        if self.history.redo_stack:
            self.move_cursor((0, 0))
        super().redo()
