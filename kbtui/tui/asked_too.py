"""“Asked too, nearly the same”: the questions with which an open one can be joined (F12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.content import Content
from textual.widgets import Static

from kbtui import actions
from kbtui.tui import messages
from kbtui.tui.literal import literal

if TYPE_CHECKING:
    from kbtui.entry.card import Card
    from kbtui.entry.model import Entry
    from kbtui.tui.app import KbtuiApp


class AskedToo(Static):
    """One line for each question that asks nearly the same; nothing at all where none does.

    Args:
        entry: the open question that is shown.
    """

    app: KbtuiApp

    def __init__(self, entry: Entry) -> None:
        super().__init__(id="asked-too", markup=False)
        self._entry = entry
        self.near: list[Card] = []

    def on_mount(self) -> None:
        """Have them looked for."""
        self.display = False
        self.app.using.asked_too(self, self._entry)

    @on(messages.AskedTooFound)
    def _show(self, message: messages.AskedTooFound) -> None:
        self.near = message.near
        self.display = bool(self.near)
        lines = [literal(f"Asked too, nearly the same: “{card.question}”", "$warning") for card in self.near]
        key = literal(f"{actions.SAME_QUESTION.key} makes it one question, with both callers", "bold")
        self.update(Content("\n").join([*lines[:1], key, *lines[1:]]))
        self.screen.refresh_bindings()
