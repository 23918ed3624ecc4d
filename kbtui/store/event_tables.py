"""The tables of the event cache (`kbtui.store.event_cache`), and how they are kept up."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from hashlib import blake2b

from kbtui.entry import event
from kbtui.entry.event import EventKind

_ONLY_COUNTED = (EventKind.USED, EventKind.JOINED)
"""Kinds whose words nobody asks the cache for; they are nearly all events."""

_LAYOUT = 5
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
DROP = tuple(f"DROP TRIGGER {name}" for name in ("counted", "counted_anew", "user_counted", "user_counted_anew"))
KEEP_UP = (
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

COUNT_USERS = """
INSERT INTO user SELECT entry, refs, who, min(name), count(*) FROM event
WHERE kind = 'used' AND refs <> '' GROUP BY entry, refs, who
"""
KEEP = """
INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
    kind = excluded.kind, entry = excluded.entry, at = excluded.at, who = excluded.who, refs = excluded.refs,
    digest = excluded.digest, line = excluded.line, name = excluded.name
WHERE excluded.digest < event.digest
"""
"""Of two lines that claim one id, the same one counts on every computer, in whatever order they were read."""

WAITS = "INSERT OR IGNORE INTO waiting SELECT ? WHERE NOT EXISTS (SELECT 1 FROM event WHERE id = ?)"
"""Notes a line that is counted though no file had it yet: it may only go from the outbox into a file."""


def row_of(line: bytes) -> tuple[str, str, str, str, str, str, bytes, bytes | None, str] | None:
    """Return an event's line as a row of the table `event`; None where it is no event."""
    found = event.read(line)
    if found is None:
        return None
    at, refs, digest = event.stamp(found.at), " ".join(found.refs), blake2b(line, digest_size=8).digest()
    kept = None if found.kind in _ONLY_COUNTED else line
    return found.id, found.kind, found.entry, at, found.person.key, refs, digest, kept, found.person.name


def connected(place: str) -> sqlite3.Connection:
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
            cursor.execute("PRAGMA synchronous=NORMAL")
            if layout != _LAYOUT:  # every start of kbtui comes by here: what is there is not written again
                _make(cursor)
    except sqlite3.Error:
        database.close()
        raise
    return database


def _make(cursor: sqlite3.Cursor) -> None:
    """Make the tables, whole or not at all; the layout's number says that they are there."""
    whole = (_TABLES, *KEEP_UP, f"PRAGMA user_version={_LAYOUT}")
    cursor.executescript("; ".join(("PRAGMA journal_mode=WAL", "BEGIN IMMEDIATE", *whole, "COMMIT")))
