"""A list about the days since one that the person chooses."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.binding import BindingType

from kbtui import actions
from kbtui.errors import KbError
from kbtui.tui import learning_messages
from kbtui.tui.asking import LineScreen
from kbtui.tui.keys import binding
from kbtui.tui.list_screen import ListScreen

_HINT = "A day (2026-11-23), a weekday (monday: the last one), today, yesterday, or 14d for fourteen days ago."


class SinceScreen(ListScreen):
    """Shows what belongs to some days up to today.

    Args:
        title: what the list is.
        since: the first day, as a person writes it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [binding(actions.SINCE)]

    def __init__(self, title: str, since: str) -> None:
        super().__init__(title)
        self.since = since

    def action_since(self) -> None:
        """Ask for the first day."""
        self._ask_since()

    def _ask_since(self, trouble: str = "") -> None:
        def given(since: str | None) -> None:
            if since:
                self.since = since
                self.say("Looking …")
                self.look()

        self.app.push_screen(LineScreen("Since which day?", _HINT, self.since, trouble), given)

    @on(learning_messages.DayRefused)
    def _day_refused(self, message: learning_messages.DayRefused) -> None:
        self.ask_again(message.error, self._ask_since)

    def ask_again(self, error: KbError, ask: Callable[[str], None]) -> None:
        """Ask once more for what could not be used, which stands there still; where something else is open, say so."""
        self.say(error.message, is_trouble=True)
        if self.app.screen is self:
            ask(error.message if error.hint in _HINT else f"{error.message} {error.hint}")
