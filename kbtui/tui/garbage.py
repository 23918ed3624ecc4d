"""When garbage is collected: while nobody types and nothing runs, never in the middle of a search.

Python walks through everything that is alive for a full round, which in a large base takes
longer than a picture; and it would do so with nearly every key, since a search makes and
drops thousands of objects. Young objects are looked through as ever. A full round waits for
a quiet moment, except where none ever comes.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

LOOK = 0.5
"""Seconds between two looks whether it is quiet."""

QUIET = 1.0
"""Seconds without a key."""

_YOUNG, _MIDDLE, _NEVER = 2_000, 5, 1_000_000_000
"""After how many new objects the youngest are looked through, and after how many of such rounds the middle ones."""

_USUAL = gc.get_threshold()

_ENOUGH, _TOO_MUCH = 20, 500
"""Rounds through the middle ones after which a full round is worth it in a quiet moment, and at any.

Somebody who types without a pause comes to so many in half a minute, and to 20 MiB."""


def begin() -> None:
    """Take over from a collector that was off while the program was loaded: nothing of that is garbage."""
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _NEVER)
    gc.enable()


def end() -> None:
    """Leave the collector as Python sets it up: whoever goes on after the window is nobody who types."""
    gc.set_threshold(*_USUAL)


def keep_for_good() -> None:
    """Take what will stay as long as the program out of all rounds: the words of a base, once they are loaded."""
    gc.freeze()


class QuietRounds:
    """Collects garbage in quiet moments. To be used from the loop.

    Args:
        is_busy: whether something runs in the background, whose objects would only be in the way.
        is_bare: whether nothing is open that will be closed again.
        collect: makes a full round.
        due: returns how many rounds through the middle ones there have been since the last full one.
        clock: returns seconds that only grow.
    """

    def __init__(
        self,
        is_busy: Callable[[], bool],
        is_bare: Callable[[], bool],
        collect: Callable[[], object] = gc.collect,
        due: Callable[[], int] = lambda: gc.get_count()[2],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._is_busy = is_busy
        self._is_bare = is_bare
        self._collect = collect
        self._due = due
        self._clock = clock
        self._touched = clock()
        self._is_loading = True

    def touched(self) -> None:
        """A key was pressed."""
        self._touched = self._clock()

    def look(self) -> None:
        """Collect, if it is quiet and worth it, or has been put off for too long."""
        is_quiet = self._clock() - self._touched >= QUIET and not self._is_busy()
        if self._due() < (_ENOUGH if is_quiet else _TOO_MUCH):
            return
        self._collect()
        if self._is_loading and is_quiet and self._is_bare():
            self._is_loading = False
            keep_for_good()  # what opening the base has left; from now on rounds are short
