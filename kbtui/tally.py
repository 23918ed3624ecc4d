"""The counts of a base, kept in memory: read when they are first asked for, and again when somebody says so.

A search asks for them with every key; so `counts` never reads the disk twice, and never
waits for another thread that is reading.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import TYPE_CHECKING

from kbtui.errors import KbError
from kbtui.team.same import callers
from kbtui.team.uses import WEEK, Counts, flags_of

if TYPE_CHECKING:
    from kbtui.entry.event import Event
    from kbtui.entry.taken_back import Named
    from kbtui.store.event_cache import EventCache


_NOT_READ = Counts()


class Tally:
    """The counts of one base.

    Args:
        cache: opens the cache of the events; it is closed again after each look.
        now: returns the time, in UTC.
        stands_for: returns which open question stands for each that was joined into it (`kbtui.team.same`).
    """

    def __init__(
        self,
        cache: Callable[[], EventCache],
        now: Callable[[], dt.datetime],
        stands_for: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self._cache = cache
        self._now = now
        self._stands_for = stands_for
        self._reading = threading.Lock()
        self._is_stale = True
        self._counts = _NOT_READ

    @property
    def is_known(self) -> bool:
        """Whether the counts have been read at all."""
        return self._counts is not _NOT_READ

    def counts(self) -> Counts:
        """Return the counts; the last known ones while another thread reads them.

        Raises:
            KbError: they cannot be read; whoever asks next tries again.
        """
        if self._is_stale and self._reading.acquire(blocking=False):
            try:
                self._refresh()
            finally:
                self._reading.release()
        return self._counts

    def settled(self) -> Counts:
        """Return the counts as they are now, waiting for a thread that reads them.

        Raises:
            KbError: they cannot be read; whoever asks next tries again.
        """
        with self._reading:
            if self._is_stale:
                self._refresh()
            return self._counts

    def _refresh(self) -> None:
        try:
            self._is_stale = False
            self._counts = self._read()
        except KbError:
            self._is_stale = True
            raise

    def forget(self) -> None:
        """Have the counts read again when they are next asked for."""
        self._is_stale = True

    def thanks(self) -> list[Event]:
        """Return every thank-you, the oldest first."""
        return self._of_kind("thanks")

    def acknowledged(self) -> list[Event]:
        """Return who has read what, the oldest first."""
        return self._of_kind("acknowledged")

    def users_of_words(self, at_least: int) -> dict[tuple[str, str], dict[str, str]]:
        """Return who used the same words of an entry, where at least so many people did (`EventCache`)."""
        with self._reading, closing(self._cache()) as cache:
            cache.refresh()
            return cache.users_of_words(at_least)

    def uses_of_words(self, entry: str, words: str) -> list[tuple[str, str, str, str]]:
        """Return the uses of an entry in these words, the oldest first: id, time, who, their name."""
        with self._reading, closing(self._cache()) as cache:
            cache.refresh()
            return cache.uses_of_words(entry, words)

    def of_kinds(self, *kinds: str) -> list[Event]:
        """Return the events of kinds that are not only counted, kind by kind, the oldest first."""
        with self._reading, closing(self._cache()) as cache:
            cache.refresh()
            return [event for kind in kinds for event in cache.of_kind(kind)]

    def within(self, kind: str, since: dt.datetime, until: dt.datetime) -> list[tuple[str, str, str]]:
        """Return (id, entry, moment) of the events of a kind between two times, both included, the oldest first."""
        from kbtui.entry.event import stamp

        with self._reading, closing(self._cache()) as cache:
            cache.refresh()
            return cache.within(kind, stamp(since), stamp(until))

    def taken_back(self) -> set[Named]:
        """Return what was taken back and was not brought back since."""
        with self._reading, closing(self._cache()) as cache:
            cache.refresh()
            return cache.taken_back()

    def last_own(self, who: str, kind: str, entry: str = "") -> Event | None:
        """Return the last event of a kind that somebody noted or took back, without its words (`EventCache`)."""
        with self._reading, closing(self._cache()) as cache:
            cache.refresh()
            return cache.last_own(who, kind, entry)

    def all_of(self, kind: str) -> list[Event]:
        """Return every event of a kind that is not only counted, the oldest first."""
        return self._of_kind(kind)

    def uses_by_week(self) -> list[tuple[str, str, str, int]]:
        """Return how often who used which entry in which week; what a wrong clock puts into times to come left out."""
        from kbtui.entry.event import EventKind, stamp

        with self._reading, closing(self._cache()) as cache:
            cache.refresh()
            return cache.by_week(EventKind.USED, stamp(self._now()))

    def _of_kind(self, kind: str) -> list[Event]:
        with self._reading, closing(self._cache()) as cache:
            cache.refresh()
            return cache.of_kind(kind)

    def _read(self) -> Counts:
        from kbtui.entry.event import EventKind, stamp  # JSON and SQLite, which a screen needs after it is shown

        now = self._now()
        with closing(self._cache()) as cache:
            cache.refresh()
            return Counts(
                used=cache.totals(EventKind.USED),
                this_week=cache.by_person(EventKind.USED, stamp(now - WEEK), stamp(now)),
                joined=callers(cache.totals(EventKind.JOINED), self._stands_for()),
                thanked=cache.totals(EventKind.THANKS),
                flags=flags_of(cache.unanswered(EventKind.FLAG, EventKind.FLAG_CLOSED)),
            )
