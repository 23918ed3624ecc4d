"""The authority card in the form: a few lines, folded away until they are wanted (F13, F26)."""

from __future__ import annotations

from collections.abc import Sequence

from kbtui.entry.card_text import blank_lines, parsed
from kbtui.entry.text import printable
from kbtui.errors import RefusedError
from kbtui.tui.area import Area


class CardField(Area):
    """The lines of a card (`kbtui.entry.card_text`); shown from the beginning where there is a card.

    Args:
        text: the lines of the card that there is, or nothing.
        roles: those of the team, the lowest first.
    """

    def __init__(self, text: str, roles: Sequence[str]) -> None:
        super().__init__(text, id="card")
        self._roles = roles
        self.display = bool(text.strip())
        self.border_title = "Who may decide"
        self.border_subtitle = "such as “rep: 50” or “lead: 250 (Sam, Priya)”"

    @property
    def lines(self) -> str:
        """What is written; nothing as long as no line says anything."""
        text = printable(self.text)
        try:
            return text if parsed(text) is not None else ""
        except RefusedError:
            return text

    @property
    def trouble(self) -> str:
        """What keeps the lines from being a card, as a sentence; nothing where they are one, or say nothing."""
        try:
            parsed(printable(self.text))
        except RefusedError as error:
            return f"{error.message} {error.hint}"
        return ""

    def unfold(self) -> None:
        """Show the field, with the names of what can be said where nothing is, and go to the first of them."""
        if not self.text.strip():
            self.text = blank_lines(self._roles)
        self.display = True
        self.focus()
        self.action_cursor_line_end()
