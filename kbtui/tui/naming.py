"""Asking, once, for the name that colleagues see: when something is to be noted that bears one (F54)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kbtui.errors import KbError
from kbtui.open import remember_person
from kbtui.tui import messages

if TYPE_CHECKING:
    from kbtui.tui.app import KbtuiApp


class Naming:
    """What waits for a name; one answer serves all of it.

    Args:
        app: asks, and is told.
        environment: the user's; it says where the name is kept.
    """

    def __init__(self, app: KbtuiApp, environment: Mapping[str, str]) -> None:
        self._app = app
        self._environment = environment
        self._waiting: list[messages.NameNeeded] = []

    def needed(self, message: messages.NameNeeded) -> None:
        """Something waits for a name."""
        self._waiting.append(message)
        self.ask()

    def ask(self, trouble: str = "") -> None:
        """Ask, if something waits: once, and never over a form."""
        from kbtui.tui.boxes import NameScreen

        is_asking = any(isinstance(screen, NameScreen) for screen in self._app.screen_stack)
        if self._waiting and not is_asking and not self._app.form:
            self._app.push_screen(NameScreen(trouble), self._given)

    def _given(self, name: str | None) -> None:
        waiting, self._waiting = self._waiting, []
        if name:
            self._app.desk.remember(self._app, name, lambda text: remember_person(text, self._environment), waiting)
        elif waiting:
            said = KbError(" ".join(dict.fromkeys(each.otherwise for each in waiting)))
            for screen in self._app.telling:
                screen.post_message(messages.Failed(said))

    def kept(self, message: messages.NameKept) -> None:
        """Do what has waited."""
        self._app.desk.person(self._app.home)
        for each in message.waiting:
            each.again()

    def refused(self, message: messages.NameRefused) -> None:
        """Ask once more, and say what was wrong."""
        self._waiting += message.waiting
        self.ask(f"{message.error.message} {message.error.hint}")
