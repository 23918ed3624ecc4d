"""Sharing in the background, while somebody works (F51): on a thread of its own, which never asks or stalls.

When it is time is said by `kbtui.verbs.pace`; what is said about it by `kbtui.verbs.sharing_line`.
Saves and keys only leave a note for the thread. It is no worker of Textual's, which would be
waited for when the window closes.
"""

from __future__ import annotations

import datetime as dt
import random
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from kbtui.tui import messages
from kbtui.verbs.pace import CHANCE, Pace

if TYPE_CHECKING:
    from textual.app import App

    from kbtui.knowledge import Knowledge

_LOOK = 0.25
"""Seconds between two looks at the clock."""

_TURN = 1.0
"""Seconds to wait for another window that is sharing the same base; after that it is tried again later."""

_LAST_STEPS = 10.0
"""Seconds for what a sync does on this computer's disk, which is never broken off."""


class BackgroundSync:
    """Shares now and then, and tells the application how that stands.

    Args:
        app: is told.
        knowledge: the base.
        surprise: writes what nobody foresaw down for a lead.
        clock: returns seconds on the clock of the wall.
        chance: returns a number between two.
    """

    def __init__(
        self,
        app: App[None],
        knowledge: Knowledge,
        surprise: Callable[[], object],
        clock: Callable[[], float] = time.time,
        chance: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._app = app
        self._knowledge = knowledge
        self._surprise = surprise
        self._clock = clock
        self._chance = chance
        self._changing = threading.Lock()
        self._pace = Pace.begun(clock())
        self._used = clock()
        self._noted = True
        self._is_asked = False
        self._wake = threading.Event()
        self._ended = threading.Event()
        self._cut = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sharing", daemon=True)

    # What the screen says

    def start(self) -> None:
        """Share from now on."""
        self._thread.start()

    def touched(self) -> None:
        """A key was pressed."""
        self._used = self._clock()

    def saved(self) -> None:
        """Something was saved or noted; share it in a moment."""
        self._noted = True
        self._change(lambda pace: pace.saved(self._clock()))

    def ask(self) -> None:
        """Share now."""
        self._is_asked = True
        self._change(lambda pace: pace.asked(self._clock()))

    @property
    def has_to_finish(self) -> bool:
        """Whether something that was saved is about to reach the team."""
        return self._thread.is_alive() and self._pace.has_to_finish

    @property
    def is_at_work(self) -> bool:
        """Whether the thread has not ended yet."""
        return self._thread.is_alive()

    @property
    def now(self) -> dt.datetime:
        """The time, in UTC."""
        return dt.datetime.fromtimestamp(self._clock(), dt.UTC)

    def finish(self) -> None:
        """Share what is left, once, and no more."""
        self._ended.set()
        self._wake.set()

    def stop(self) -> None:
        """Share no more: a sync that uses the network is broken off, which loses nothing."""
        self._cut.set()
        self.finish()
        if self._thread.is_alive():
            self._thread.join(_LAST_STEPS)

    # On the thread

    def _run(self) -> None:
        while not self._ended.is_set():
            self._wake.wait(_LOOK)
            self._wake.clear()
            self._look()
        if self._pace.has_to_finish and not self._cut.is_set():
            self._sync()

    def _look(self) -> None:
        self._change(lambda pace: pace.at(self._clock()).touched(self._used), wakes=False)
        if self._noted:
            self._noted = False
            self._tell()
        if self._pace.is_due:
            self._sync()

    def _sync(self) -> None:
        """Share once; whatever nobody foresaw is written down, and tried again later."""
        self._change(Pace.starting, wakes=False)
        outcome, is_asked, self._is_asked = "lead", self._is_asked, False
        try:
            shared = self._knowledge.sync(is_asked=is_asked, turn=_TURN, cancelled=self._cut.is_set)
            outcome = shared.outcome
            self._app.post_message(messages.Synced(shared, self._knowledge.sync_status()))
        except Exception:  # noqa: BLE001 - a thread's surprise must not end up between the lines of the screen
            self._surprise()
        finally:
            chance = self._chance(*CHANCE)
            self._change(lambda pace: pace.ended(self._clock(), outcome, chance), wakes=False)

    def _tell(self) -> None:
        try:
            self._app.post_message(messages.SharingStands(self._knowledge.sync_status()))
        except Exception:  # noqa: BLE001 - as above
            self._surprise()

    def _change(self, change: Callable[[Pace], Pace], *, wakes: bool = True) -> None:
        with self._changing:
            self._pace = change(self._pace)
        if wakes:
            self._wake.set()
