"""Calls that a phone system announces: searched for at once, but never over words that somebody is writing (F10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kbtui.errors import KbError
from kbtui.store.calls import Call
from kbtui.tui import messages

if TYPE_CHECKING:
    from kbtui.tui.app import KbtuiApp

_PAUSE = 0.3
"""Seconds between two looks whether somebody has finished writing."""


class WaitingCalls:
    """The calls that have come and are not searched for yet; of several the last one counts.

    Args:
        app: whose screens they are.
    """

    def __init__(self, app: KbtuiApp) -> None:
        self._app = app
        self._calls: list[Call] = []

    def came(self, call: Call) -> None:
        """Search for a call, once nobody is writing."""
        if self._app.is_writing:
            waits = KbError("A call came in.", "It is searched for when you leave here.")
            self._app.screen.post_message(messages.Failed(waits))
        self._calls.append(call)
        self._look()

    def _look(self) -> None:
        if self._app.is_writing:
            self._app.set_timer(_PAUSE, self._look)
        elif self._calls:
            call, self._calls = self._calls[-1], []
            self._app.take(call)
