"""When garbage is collected: while nobody types, and never in the middle of a search.

Python walks through everything that is alive for a full round, which in a large base takes
as long as painting; and it does so again and again while somebody types, since a search
makes and drops thousands of objects. Young objects are looked through as ever. A full round
waits for a moment without keys, except where one never comes.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

LOOK = 1.0
"""Seconds between two looks whether it is quiet."""

QUIET = 2.0
"""Seconds without a key."""

_YOUNG, _MIDDLE, _NEVER = 2_000, 5, 1_000_000_000
"""After how many new objects the youngest are looked through, and after how many of such rounds the middle ones."""

_ENOUGH, _TOO_MUCH = 5, 5_000
"""Rounds through the middle ones after which a full round is worth it in a quiet moment, and at any."""


def begin() -> None:
    """Take over from a collector that was off while the program was loaded: nothing of that is garbage."""
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _NEVER)
    gc.enable()


def keep_for_good() -> None:
    """Take what will stay as long as the program out of all rounds: the words of a base, once they are loaded."""
    gc.freeze()


class QuietRounds:
    """Collects garbage in quiet moments. To be used from the loop.

    Args:
        collect: makes a full round.
        due: returns how many rounds through the middle ones there have been since the last full one.
        clock: returns seconds that only grow.
    """

    def __init__(
        self,
        collect: Callable[[], object] = gc.collect,
        due: Callable[[], int] = lambda: gc.get_count()[2],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._collect = collect
        self._due = due
        self._clock = clock
        self._touched = clock()

    def touched(self) -> None:
        """A key was pressed."""
        self._touched = self._clock()

    def look(self) -> None:
        """Collect, if it is quiet and worth it, or has been put off for too long."""
        is_quiet = self._clock() - self._touched >= QUIET
        if self._due() >= (_ENOUGH if is_quiet else _TOO_MUCH):
            self._collect()
