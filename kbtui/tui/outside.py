"""What comes from outside while the window is open: calls of a phone system, and changes of the files.

One thread looks, a few times a second, and tells the application. It is no worker of
Textual's, which would be waited for; it ends with the window.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from kbtui.errors import KbError
from kbtui.tui import messages

if TYPE_CHECKING:
    from textual.app import App

    from kbtui.knowledge import Knowledge

_PAUSE = 0.2
"""Seconds between two looks for a call."""

_LOOKS_A_CHANGE = 5
"""Looks for a call between two for changed files."""


class OutsideWatch:
    """Looks outside, on a thread of its own.

    Args:
        app: is told.
        knowledge: the base.
        opened: returns the path of the entry on the screen, or nothing.
        surprise: writes what nobody foresaw down for a lead.
    """

    def __init__(
        self, app: App[None], knowledge: Knowledge, opened: Callable[[], str], surprise: Callable[[], object]
    ) -> None:
        self._app = app
        self._knowledge = knowledge
        self._opened = opened
        self._surprise = surprise
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="outside", daemon=True)

    def start(self) -> None:
        """Look from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        looks = 0
        try:
            while not self._ended.wait(_PAUSE):
                looks += 1
                with suppress(KbError, OSError):  # a disk that is away for a moment: there is a next look
                    self._look(is_long=looks % _LOOKS_A_CHANGE == 0)
        except Exception:  # noqa: BLE001 - a thread's surprise must not end up between the lines of the screen
            self._surprise()
        finally:
            with suppress(OSError):
                self._knowledge.calls.stop()

    def _look(self, *, is_long: bool) -> None:
        calls = self._knowledge.calls
        if calls.answer():
            for call in calls.take():
                self._app.post_message(messages.CallCame(call))
        if is_long and (paths := self._knowledge.outside.look(self._opened())):
            self._app.post_message(messages.ChangedOutside(paths))
