"""The events of a base, read once: a disposable SQLite file beside the search index.

Two hundred thousand events must not be read again at every start, so each file is read on
from where it was left. A file whose size and time are those of the last look is taken for
unchanged. One that differs must begin with the very bytes that were read before (a digest
over all of them says so); otherwise, or when a file is gone, somebody has changed history
behind the cache, and it is built anew from all files; so it is where an event that was
read while it waited has left the outbox and is in no file. What is counted depends on
nothing but the lines there are, never on the order in which they were read.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from kbtui.entry import event
from kbtui.entry.event import Event, EventKind
from kbtui.entry.model import Person
from kbtui.entry.taken_back import Named, void
from kbtui.store.event_tables import COUNT_USERS, DROP, KEEP, KEEP_UP, WAITS, connected, row_of
from kbtui.store.events import NOTHING_READ, EventFiles, Part
from kbtui.store.files import Stamp
from kbtui.store.outbox import Outbox


class _Look(NamedTuple):
    """What there is at one moment.

    Attributes:
        waiting: the lines in the outbox, each with its event's id.
        stamps: the event files, by path.
        known: what was read of each file, by path.
    """

    waiting: Mapping[bytes, str]
    stamps: Mapping[str, Stamp]
    known: Mapping[str, tuple[Stamp, Part]]

    @property
    def changed(self) -> dict[str, Stamp]:
        """The files that are not as they were when they were read."""
        return {path: now for path, now in self.stamps.items() if path not in self.known or self.known[path][0] != now}


class EventCache:
    """The events of one base, by kind, entry and time.

    Args:
        place: the SQLite file; made anew if it is missing or damaged.
        files: the base's event files.
        outbox: events that no file has yet; they count at once.
    """

    def __init__(self, place: Path, files: EventFiles, outbox: Outbox) -> None:
        self._place = place
        self._files = files
        self._outbox = outbox
        self._database = self._opened()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def refresh(self) -> bool:
        """Read what is new in the files; whether anything was.

        A database that cannot be used any more is made anew; where the disk takes none, it is kept in memory.
        """
        try:
            return self._refreshed()
        except sqlite3.Error:
            self._database.close()
            with suppress(OSError):
                self._place.unlink(missing_ok=True)
            self._database = self._opened()
        try:
            return self._refreshed()
        except sqlite3.Error:
            self._database.close()
            self._database = connected(":memory:")
            return self._refreshed()

    def totals(self, kind: str) -> dict[str, int]:
        """Return how many events of a kind each entry has, by its id, the most first; none that was taken back."""
        rows = self._database.execute(
            "SELECT entry, number FROM total WHERE kind = ? AND number > 0 ORDER BY number DESC, entry", (kind,)
        )
        found = dict(rows.fetchall())
        gone = [entry for each, who in self.taken_back() for entry in self._entry_of(each, kind, who)]
        if not gone:
            return found
        left = Counter(found)
        left.subtract(gone)
        return dict(sorted(((+left).items()), key=lambda each: (-each[1], each[0])))

    def _entry_of(self, event_id: str, kind: str, who: str) -> list[str]:
        rows = self._database.execute(
            "SELECT entry FROM event WHERE id = ? AND kind = ? AND who = ?", (event_id, kind, who)
        )
        return [entry for (entry,) in rows]

    def taken_back(self) -> set[Named]:
        """Return what was taken back and was not brought back since: events' ids, each with whose it must be."""
        rows = self._database.execute("SELECT id, who, refs FROM event WHERE kind = ?", (EventKind.TAKEN_BACK,))
        return void({(each, who): [(ref, who) for ref in refs.split(" ")] for each, who, refs in rows})

    def last_own(self, who: str, kind: str, entry: str = "") -> Event | None:
        """Return the last event of a kind that somebody noted, or the last time they took one back or brought it back.

        Its words and its ticket are left out.

        Args:
            who: as `Person.key` has it.
            entry: of this entry only.
        """
        found = self._database.execute(
            "SELECT id, kind, entry, at, refs FROM event WHERE who = ? AND kind IN (?, ?) AND ? IN ('', entry)"
            " ORDER BY at DESC",
            (who, kind, EventKind.TAKEN_BACK, entry),
        )
        own = (row for row in found if row[1] == kind or self._kind_taken_back(row[4]) == kind)
        _, rows = next(groupby(own, key=lambda row: row[3]), ("", ()))
        latest = [*rows]
        known = {ref for row in latest for ref in row[4].split(" ")}
        row = min(latest, key=lambda row: (row[0] in known, row[1] == kind, row[0]), default=None)
        if row is None:
            return None
        event_id, what, entry, at, refs = row
        return Event(event_id, dt.datetime.fromisoformat(at), Person("", who), what, entry, refs=tuple(refs.split()))

    def _kind_taken_back(self, refs: str) -> str:
        """Return the kind of what was taken back or brought back in the end; nothing where that is not there."""
        seen: set[str] = set()
        kind = str(EventKind.TAKEN_BACK)
        while kind == EventKind.TAKEN_BACK and (name := refs.split(" ")[0]) not in seen:
            seen.add(name)
            row = self._database.execute("SELECT kind, refs FROM event WHERE id = ?", (name,)).fetchone()
            kind, refs = row or ("", "")
        return kind

    def by_person(self, kind: str, since: str, until: str) -> dict[str, dict[str, int]]:
        """Return how many events of a kind each entry has within a time, by its id and by who did it (`Person.key`).

        Args:
            since: the first moment, as `kbtui.entry.event.stamp` writes it; and `until`, the last one.
        """
        rows = self._database.execute(
            "SELECT entry, who, count(*) FROM event WHERE kind = ? AND at BETWEEN ? AND ? GROUP BY entry, who",
            (kind, since, until),
        )
        found: dict[str, dict[str, int]] = {}
        for entry, who, number in rows:
            found.setdefault(entry, {})[who] = number
        return found

    def users_of_words(self, at_least: int) -> dict[tuple[str, str], dict[str, str]]:
        """Return who used the words of an entry, where so many different people did or more.

        By the entry's id and the digest of its words: the people's names by what tells them apart (`Person.key`).
        A use of an earlier version of kbtui does not say of which words it was, and is left out.
        """
        rows = self._database.execute(
            """SELECT entry, words, who, name FROM user WHERE number > 0 AND (entry, words) IN
                (SELECT entry, words FROM user WHERE number > 0 GROUP BY entry, words HAVING count(*) >= ?)""",
            (at_least,),
        )
        found: dict[tuple[str, str], dict[str, str]] = {}
        for entry, words, who, name in rows:
            found.setdefault((entry, words), {})[who] = name
        return found

    def uses_of_words(self, entry: str, words: str) -> list[tuple[str, str, str, str]]:
        """Return the uses of an entry in these words, the oldest first: id, time, who (`Person.key`), their name."""
        rows = self._database.execute(
            "SELECT id, at, who, name FROM event WHERE kind = ? AND entry = ? AND refs = ? ORDER BY at, id",
            (EventKind.USED, entry, words),
        )
        return rows.fetchall()

    def by_week(self, kind: str, until: str) -> list[tuple[str, str, str, int]]:
        """Return how many events of a kind each entry has, by who did it and by week.

        Args:
            until: the last moment that counts, as `kbtui.entry.event.stamp` writes it.

        Returns:
            (entry's id, `Person.key`, the Monday of the week in UTC, how many).
        """
        return self._database.execute(
            "SELECT entry, who, date(at, 'weekday 0', '-6 days') AS week, count(*) FROM event"
            " WHERE kind = ? AND at <= ? GROUP BY entry, who, week ORDER BY entry, who, week",
            (kind, until),
        ).fetchall()

    def people(self) -> list[str]:
        """Return everybody who did something (`Person.key`)."""
        return [who for (who,) in self._database.execute("SELECT DISTINCT who FROM event ORDER BY who")]

    def of_kind(self, kind: str) -> list[Event]:
        """Return the events of a kind that is not only counted, the oldest first."""
        rows = self._database.execute("SELECT line FROM event WHERE kind = ? ORDER BY at, id", (kind,))
        return [found for (line,) in rows if (found := event.read(line)) is not None]

    def within(self, kind: str, since: str, until: str) -> list[tuple[str, str, str]]:
        """Return (id, entry, moment) of the events of a kind within a time, the oldest first; none that was taken back.

        Args:
            since: the first moment, as `kbtui.entry.event.stamp` writes it; and `until`, the last one.
        """
        rows = self._database.execute(
            "SELECT id, entry, at, who FROM event WHERE kind = ? AND at BETWEEN ? AND ? ORDER BY at, id",
            (kind, since, until),
        )
        gone = self.taken_back()
        return [(each, entry, at) for each, entry, at, who in rows if (each, who) not in gone]

    def unanswered(self, kind: str, by: str) -> list[Event]:
        """Return the events of a kind that no event of the kind `by` refers to, the oldest first."""
        rows = self._database.execute("SELECT refs FROM event WHERE kind = ?", (by,))
        answered = {ref for (refs,) in rows for ref in refs.split(" ")}
        ids = self._database.execute("SELECT id FROM event WHERE kind = ? ORDER BY at, id", (kind,)).fetchall()
        lines = (
            self._database.execute("SELECT line FROM event WHERE id = ?", row).fetchone()
            for row in ids
            if row[0] not in answered
        )
        return [found for (line,) in lines if (found := event.read(line)) is not None]

    def _refreshed(self) -> bool:
        look = self._look()
        if self._has_only_more_waiting(look):
            return self._keep_waiting(look.waiting)
        with self._database as transaction:
            transaction.execute("BEGIN IMMEDIATE")
            look = self._look()  # another process may have read on meanwhile
            if not self._read_what_changed(look):
                self._read_anew(look.stamps)
            self._keep_waiting(look.waiting)
        return True

    def _look(self) -> _Look:
        """Look at the outbox first: an event is in its file before it leaves there, so one of the two shows it."""
        waiting = {each.line.encode(): each.id for each in self._outbox.pending()}
        return _Look(waiting, self._files.stamps(), self._known())

    def _has_only_more_waiting(self, look: _Look) -> bool:
        return not look.changed and len(look.known) == len(look.stamps) and self._waited() <= look.waiting.keys()

    def _read_what_changed(self, look: _Look) -> bool:
        """Read on, where there is something to go on from; whether everything read before is still there."""
        is_kept = bool(look.known) and look.known.keys() <= look.stamps.keys()
        return is_kept and self._read_on(look.changed, look.known) and self._waited() <= look.waiting.keys()

    def _keep_waiting(self, waiting: Mapping[bytes, str]) -> bool:
        """Count events that wait, noting which no file has; whether any was new."""
        if not waiting:
            return False
        before = self._database.total_changes
        self._database.executemany(WAITS, waiting.items())
        self._keep(waiting)
        return self._database.total_changes > before

    def _waited(self) -> set[bytes]:
        """Return the lines that were counted while they waited and have been read from no file since."""
        return {line for (line,) in self._database.execute("SELECT line FROM waiting")}

    def _known(self) -> dict[str, tuple[Stamp, Part]]:
        rows = self._database.execute("SELECT path, size, mtime_ns, read_to, digest FROM file")
        return {path: (Stamp(size, time), Part(end, digest)) for path, size, time, end, digest in rows}

    def _read_on(self, changed: Mapping[str, Stamp], known: Mapping[str, tuple[Stamp, Part]]) -> bool:
        """Read what files have got since; whether all of them only grew."""
        waited = self._waited()
        for path, stamp in changed.items():
            new = self._files.since(path, known[path][1] if path in known else NOTHING_READ)
            if new is None:
                return False
            lines, part = new
            self._keep(lines)
            self._database.executemany("DELETE FROM waiting WHERE line = ?", ((each,) for each in waited & {*lines}))
            row = (path, stamp.size, stamp.mtime_ns, part.end, part.digest)
            self._database.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?)", row)
        return True

    def _read_anew(self, stamps: Mapping[str, Stamp]) -> None:
        tables = ("event", "total", "user", "file", "waiting")
        for statement in (*DROP, "DROP INDEX event_by_time", *(f"DELETE FROM {table}" for table in tables)):  # noqa: S608 - fixed names
            self._database.execute(statement)
        self._read_on(stamps, {})
        self._database.execute("INSERT INTO total SELECT kind, entry, count(*) FROM event GROUP BY kind, entry")
        self._database.execute(COUNT_USERS)
        for statement in KEEP_UP:
            self._database.execute(statement)

    def _keep(self, lines: Iterable[bytes]) -> None:
        self._database.executemany(KEEP, (row for line in lines if (row := row_of(line)) is not None))

    def _opened(self) -> sqlite3.Connection:
        for _ in range(2):
            try:
                return connected(str(self._place))
            except sqlite3.Error:
                with suppress(OSError):
                    self._place.unlink(missing_ok=True)
        return connected(":memory:")
