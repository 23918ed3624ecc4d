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

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from kbtui.entry import event
from kbtui.entry.event import Event, EventKind
from kbtui.store.events import NOTHING_READ, EventFiles, Part
from kbtui.store.files import Stamp
from kbtui.store.outbox import Outbox

_ONLY_COUNTED = (EventKind.USED, EventKind.JOINED)
"""Kinds whose words nobody asks the cache for; they are nearly all events."""

_LAYOUT = 4
"""Changed with the tables below; a file of another layout is built anew."""

_TABLES = """
CREATE TABLE IF NOT EXISTS event (
    id TEXT PRIMARY KEY, kind TEXT, entry TEXT, at TEXT, who TEXT, refs TEXT, digest BLOB, line BLOB, name TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS total (
    kind TEXT, entry TEXT, number INTEGER, PRIMARY KEY (kind, entry)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS user (
    entry TEXT, words TEXT, who TEXT, name TEXT, number INTEGER, PRIMARY KEY (entry, words, who)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS file (
    path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, read_to INTEGER, digest BLOB
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS waiting (
    line BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;
"""
_DROP = tuple(f"DROP TRIGGER {name}" for name in ("counted", "counted_anew", "user_counted", "user_counted_anew"))
_KEEP_UP = (
    "CREATE INDEX IF NOT EXISTS event_by_time ON event (kind, at, entry, who)",
    """CREATE TRIGGER IF NOT EXISTS counted AFTER INSERT ON event BEGIN
        INSERT INTO total VALUES (new.kind, new.entry, 1) ON CONFLICT DO UPDATE SET number = number + 1;
    END""",
    """CREATE TRIGGER IF NOT EXISTS counted_anew AFTER UPDATE ON event BEGIN
        UPDATE total SET number = number - 1 WHERE kind = old.kind AND entry = old.entry;
        INSERT INTO total VALUES (new.kind, new.entry, 1) ON CONFLICT DO UPDATE SET number = number + 1;
    END""",
    """CREATE TRIGGER IF NOT EXISTS user_counted AFTER INSERT ON event WHEN new.kind = 'used' AND new.refs <> '' BEGIN
        INSERT INTO user VALUES (new.entry, new.refs, new.who, new.name, 1)
            ON CONFLICT DO UPDATE SET number = number + 1, name = min(name, excluded.name);
    END""",
    """CREATE TRIGGER IF NOT EXISTS user_counted_anew AFTER UPDATE ON event BEGIN
        UPDATE user SET number = number - 1
            WHERE old.kind = 'used' AND entry = old.entry AND words = old.refs AND who = old.who;
        INSERT INTO user SELECT new.entry, new.refs, new.who, new.name, 1 WHERE new.kind = 'used' AND new.refs <> ''
            ON CONFLICT DO UPDATE SET number = number + 1, name = min(name, excluded.name);
    END""",
)
"""What keeps totals and order up with every event; slower than doing both at the end, where all events are read."""

_COUNT_USERS = """
INSERT INTO user SELECT entry, refs, who, min(name), count(*) FROM event
WHERE kind = 'used' AND refs <> '' GROUP BY entry, refs, who
"""
_KEEP = """
INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
    kind = excluded.kind, entry = excluded.entry, at = excluded.at, who = excluded.who, refs = excluded.refs,
    digest = excluded.digest, line = excluded.line, name = excluded.name
WHERE excluded.digest < event.digest
"""
"""Of two lines that claim one id, the same one counts on every computer, in whatever order they were read."""

_WAITS = "INSERT OR IGNORE INTO waiting SELECT ?2 WHERE NOT EXISTS (SELECT 1 FROM event WHERE id = ?1)"
"""Notes a line that is counted though no file had it yet: it may only go from the outbox into a file."""


@dataclass(frozen=True, slots=True)
class _Look:
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
            self._database = _connected(":memory:")
            return self._refreshed()

    def totals(self, kind: str) -> dict[str, int]:
        """Return how many events of a kind each entry has, by its id, the most first."""
        rows = self._database.execute(
            "SELECT entry, number FROM total WHERE kind = ? AND number > 0 ORDER BY number DESC, entry", (kind,)
        )
        return dict(rows.fetchall())

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
        """Return (id, entry, moment) of the events of a kind within a time, the oldest first.

        Args:
            since: the first moment, as `kbtui.entry.event.stamp` writes it; and `until`, the last one.
        """
        rows = self._database.execute(
            "SELECT id, entry, at FROM event WHERE kind = ? AND at BETWEEN ? AND ? ORDER BY at, id",
            (kind, since, until),
        )
        return rows.fetchall()

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
        self._database.executemany(_WAITS, ((event_id, line) for line, event_id in waiting.items()))
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
        for statement in (*_DROP, "DROP INDEX event_by_time", *(f"DELETE FROM {table}" for table in tables)):  # noqa: S608 - fixed names
            self._database.execute(statement)
        self._read_on(stamps, {})
        self._database.execute("INSERT INTO total SELECT kind, entry, count(*) FROM event GROUP BY kind, entry")
        self._database.execute(_COUNT_USERS)
        for statement in _KEEP_UP:
            self._database.execute(statement)

    def _keep(self, lines: Iterable[bytes]) -> None:
        self._database.executemany(_KEEP, (row for line in lines if (row := _row(line)) is not None))

    def _opened(self) -> sqlite3.Connection:
        for _ in range(2):
            try:
                return _connected(str(self._place))
            except sqlite3.Error:
                with suppress(OSError):
                    self._place.unlink(missing_ok=True)
        return _connected(":memory:")


def _row(line: bytes) -> tuple[str, str, str, str, str, str, bytes, bytes | None, str] | None:
    found = event.read(line)
    if found is None:
        return None
    at, refs, digest = event.stamp(found.at), " ".join(found.refs), blake2b(line, digest_size=8).digest()
    kept = None if found.kind in _ONLY_COUNTED else line
    return found.id, found.kind, found.entry, at, found.person.key, refs, digest, kept, found.person.name


def _connected(place: str) -> sqlite3.Connection:
    """Open a database with the tables there are now.

    Raises:
        sqlite3.Error: it cannot be used, or has other tables.
    """
    database = sqlite3.connect(place, timeout=30, check_same_thread=False, isolation_level=None)
    try:
        with closing(database.cursor()) as cursor:
            (layout,) = cursor.execute("PRAGMA user_version").fetchone()
            if layout not in (0, _LAYOUT):
                raise sqlite3.DatabaseError("another layout")
            cursor.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {_TABLES}")
            for statement in _KEEP_UP:
                cursor.execute(statement)
            cursor.execute(f"PRAGMA user_version={_LAYOUT}")
    except sqlite3.Error:
        database.close()
        raise
    return database
