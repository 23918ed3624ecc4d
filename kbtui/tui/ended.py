"""The end that comes from outside: the terminal's window is closed, or the system shuts down.

What stands in an open form is on the disk before anything else happens; then the program leaves as if it had been
asked to.
"""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from kbtui.errors import KbError

if TYPE_CHECKING:
    from kbtui.tui.app import KbtuiApp

_SIGNALS = ("SIGHUP", "SIGTERM")

_LOOK_S = 1.0
"""Seconds between two looks whether the terminal is there. Textual reads one that is gone without a pause."""

_BY_A_SIGNAL = 128
"""Added to a signal's number, it is the exit code that a shell expects."""

_PATIENCE = 5.0
"""Seconds for leaving in order: whoever writes to a terminal that is gone may wait for good."""


class Ended:
    """Ends the program when something outside wants it to.

    Args:
        app: the program.

    Attributes:
        code: the exit code, or 0 as long as nothing outside has ended it.
    """

    def __init__(self, app: KbtuiApp) -> None:
        self._app = app
        self.code = 0

    def watch(self) -> None:
        """Be told of signals, on the loop, and look whether the terminal is still there; Windows has neither."""
        if hasattr(select, "poll"):
            self._app.set_interval(_LOOK_S, self._look)
        loop = asyncio.get_running_loop()
        for name in _SIGNALS:
            if (number := getattr(signal, name, None)) is not None:
                with suppress(NotImplementedError, RuntimeError, ValueError):
                    loop.add_signal_handler(number, self._end, int(number))

    def _look(self) -> None:
        """End where the terminal has gone and nobody says so: to a shell that was told to ignore it (nohup), say."""
        if sys.__stdin__ is None:
            return
        with suppress(OSError, ValueError):  # it is no file, or closed
            terminal = select.poll()
            terminal.register(sys.__stdin__.fileno(), 0)
            if any(event & select.POLLHUP for _, event in terminal.poll(0)):
                self._end(int(signal.SIGHUP))

    def _keep(self) -> None:
        """Write what stands in open forms, and what waits to be saved; there is nobody to tell of a full disk."""
        for screen in self._app.screen_stack:
            if keep := getattr(screen, "keep_now", None):
                with suppress(KbError):
                    keep()
        with suppress(KbError):
            self._app.desk.keep_handed()

    def _end(self, number: int) -> None:
        """Keep all words, then leave; the first signal says with which code."""
        self._keep()
        if self.code:
            return
        self.code = _BY_A_SIGNAL + number
        last = threading.Timer(_PATIENCE, os._exit, (self.code,))
        last.daemon = True
        last.start()
        self._app.exit(return_code=self.code)
