"""“Already asked?”: the nearest questions below the one that is being typed (F16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from kbtui.tui import messages
from kbtui.tui.literal import literal
from kbtui.tui.rows import STATE_STYLES

if TYPE_CHECKING:
    from kbtui.knowledge import Similar
    from kbtui.tui.form_desk import FormDesk

_PAUSE = 0.15
"""Seconds without a key after which the nearest questions are looked for."""


class AlreadyAsked(Static):
    """One line for each near question; nothing at all where none is close.

    Args:
        desk: looks for them.
    """

    @dataclass
    class Shown(Message):
        """There are near questions on the screen now, or none any more."""

        is_asked: bool

    def __init__(self, desk: FormDesk) -> None:
        super().__init__(id="already-asked", markup=False)
        self._desk = desk
        self._text = self._shown_for = ""
        self._timer: Timer | None = None
        self.near: list[Similar] = []

    @property
    def is_looking(self) -> bool:
        """Whether the rows do not answer yet what has been typed."""
        return self._text != self._shown_for

    def look(self, text: str) -> None:
        """Look what is near to a question, once nothing is typed for a moment."""
        self._text = text
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_PAUSE, lambda: self._desk.similar(self, self._text))

    @on(messages.NearFound)
    def _show(self, message: messages.NearFound) -> None:
        if message.text == self._text:
            self._shown_for = message.text
            self.near = message.near
            self.update(Content("\n").join(map(_row, self.near)))
            self.display = bool(self.near)
            self.post_message(self.Shown(bool(self.near)))

    @on(messages.Failed)
    def _failed(self) -> None:
        """Show nothing: this is an offer, and whoever types is not to be disturbed by its trouble."""
        self._show(messages.NearFound(self._text, []))


def _row(near: Similar) -> Content:
    card = near.card
    style = STATE_STYLES[card.state]
    return Content.assemble((f"{card.state.sign} ", style), literal(card.question), (f" · {card.state.words}", style))
