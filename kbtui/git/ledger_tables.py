"""The ledger's tables: commits, the files they changed, and how far the history has been read."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count

from kbtui.entry.model import Person
from kbtui.git.change import Written
from kbtui.git.log import Logged
from kbtui.git.merges import Merged

_VERSION = 2
_TABLES = """
CREATE TABLE read_up_to (tip TEXT, extent TEXT) STRICT;
CREATE TABLE person (number INTEGER PRIMARY KEY, name TEXT, email TEXT, UNIQUE (name, email)) STRICT;
CREATE TABLE file (number INTEGER PRIMARY KEY, path BLOB UNIQUE) STRICT;
CREATE TABLE written (
    number INTEGER PRIMARY KEY, id BLOB UNIQUE, place INTEGER, person INTEGER, at INTEGER, trailers TEXT
) STRICT;
CREATE TABLE touch (file INTEGER, written INTEGER, moved_from INTEGER, PRIMARY KEY (file, written))
    STRICT, WITHOUT ROWID;
CREATE TABLE merged (
    id BLOB PRIMARY KEY, parents TEXT, name TEXT, email TEXT, at INTEGER, trailers TEXT, paths BLOB
) STRICT, WITHOUT ROWID;
"""
_TOUCHING = """
SELECT written.id, moved.path, person.name, person.email, written.at, written.trailers, written.place
FROM file
JOIN touch ON touch.file = file.number
JOIN written ON written.number = touch.written
JOIN person ON person.number = written.person
LEFT JOIN file AS moved ON moved.number = touch.moved_from
WHERE file.path = ? ORDER BY written.place DESC
"""
_LATEST = """
SELECT file.path, max(written.at) FROM touch
JOIN file ON file.number = touch.file
JOIN written ON written.number = touch.written
GROUP BY touch.file
"""
_REVIEWED = """
SELECT DISTINCT file.path FROM written
JOIN touch ON touch.written = written.number
JOIN file ON file.number = touch.file
WHERE instr(lower(written.trailers), 'reviewed-by') > 0
"""
_MOVES = """
SELECT before.path, after.path FROM touch
JOIN file AS before ON before.number = touch.moved_from
JOIN file AS after ON after.number = touch.file
"""
_PATIENCE = 60.0
"""Seconds to wait for another kbtui that reads the history: about as long as 100,000 commits take."""


class Tables:
    """One ledger on the disk or in memory.

    Args:
        place: the SQLite file, made if it is not there, or ":memory:".

    Raises:
        sqlite3.DatabaseError: by every method, where the file is damaged or of another version.
    """

    def __init__(self, place: str) -> None:
        self._numbers: dict[tuple[object, ...], int] = {}
        self._database = sqlite3.connect(place, timeout=_PATIENCE, isolation_level=None)
        try:
            self._prepare()
        except sqlite3.Error:
            self._database.close()
            raise

    def _prepare(self) -> None:
        if self._version() == _VERSION:
            return
        with self.writing():
            if self._version() == _VERSION:
                return
            if self._database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                raise sqlite3.DatabaseError("a ledger of another version")
            for statement in _TABLES.split(";\n"):
                self._database.execute(statement)
            self._database.execute("INSERT INTO read_up_to VALUES ('', '')")
            self._database.execute(f"PRAGMA user_version = {_VERSION}")

    def _version(self) -> int:
        return int(self._database.execute("PRAGMA user_version").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep everybody else from writing; what is written is kept together or not at all."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    @property
    def read_up_to(self) -> tuple[str, str]:
        """The last commit up to which the history has been read, and what bounds it (`counting`); empty at first."""
        tip, extent = self._database.execute("SELECT tip, extent FROM read_up_to").fetchone()
        return str(tip), str(extent)

    @read_up_to.setter
    def read_up_to(self, value: tuple[str, str]) -> None:
        self._database.execute("UPDATE read_up_to SET tip = ?, extent = ?", value)

    def clear(self) -> None:
        """Forget everything."""
        for table in ("touch", "written", "file", "person", "merged"):
            self._database.execute(f"DELETE FROM {table}")  # noqa: S608 - fixed names
        self._numbers.clear()
        self.read_up_to = ("", "")

    def append(self, commits: Iterable[Logged]) -> int:
        """Add commits after all others, the oldest first; return how many. One that is known already is left as it is.

        What no file was changed by is added too, so that it is not read again.
        """
        (last,) = self._database.execute("SELECT coalesce(max(place), 0) FROM written").fetchone()
        places = count(last + 1)
        return sum(self._add(commit, next(places)) for commit in commits)

    def _add(self, commit: Logged, place: int) -> bool:
        run = self._database.execute
        row = (bytes.fromhex(commit.commit), place, self._person(commit), commit.at, commit.trailers)
        added = run("INSERT OR IGNORE INTO written (id, place, person, at, trailers) VALUES (?, ?, ?, ?, ?)", row)
        if not added.rowcount:
            return False
        number = added.lastrowid
        for touch in commit.touches:
            before = self._file(touch.moved_from) if touch.moved_from else None
            run("INSERT OR IGNORE INTO touch VALUES (?, ?, ?)", (self._file(touch.path), number, before))
        return True

    def _person(self, commit: Logged) -> int:
        sql = "INSERT INTO person (name, email) VALUES (?, ?) ON CONFLICT DO UPDATE SET name = name RETURNING number"
        return self._number(sql, commit.name, commit.email)

    def _file(self, path: str) -> int:
        sql = "INSERT INTO file (path) VALUES (?) ON CONFLICT DO UPDATE SET path = path RETURNING number"
        return self._number(sql, _bytes(path))

    def _number(self, sql: str, *values: object) -> int:
        """Return the number of a row, which is made if it is not there."""
        if values not in self._numbers:
            self._numbers[values] = int(self._database.execute(sql, values).fetchone()[0])
        return self._numbers[values]

    def count(self) -> int:
        """Return the number of commits."""
        return int(self._database.execute("SELECT count(*) FROM written").fetchone()[0])

    def above(self, place: int) -> dict[str, int]:
        """Return the commits after a place in the order of the history, each with its own place."""
        rows = self._database.execute("SELECT id, place FROM written WHERE place > ?", (place,))
        return {number.hex(): place for number, place in rows}

    def drop(self, commits: Collection[str]) -> None:
        """Forget commits that the history does not have any longer."""
        ids = [(bytes.fromhex(commit),) for commit in commits]
        numbers = "SELECT number FROM written WHERE id = ?"
        self._database.execute("CREATE TEMP TABLE IF NOT EXISTS gone (number INTEGER PRIMARY KEY)")
        self._database.executemany(f"INSERT OR IGNORE INTO gone {numbers}", ids)
        self._database.execute("DELETE FROM touch WHERE written IN (SELECT number FROM gone)")
        self._database.execute("DELETE FROM written WHERE number IN (SELECT number FROM gone)")
        self._database.execute("DELETE FROM gone")

    def put_in_order(self, commits: Sequence[str], after: int = 0) -> None:
        """Give commits, the oldest first, the places after the one named."""
        places = ((place, bytes.fromhex(commit), place) for place, commit in enumerate(commits, after + 1))
        self._database.executemany("UPDATE written SET place = ? WHERE id = ? AND place <> ?", places)

    def latest(self) -> list[tuple[str, int]]:
        """Return, for every file that was ever there, when its author last changed it: seconds since 1970."""
        rows = self._database.execute(_LATEST)
        return [(_text(path), int(at)) for path, at in rows]

    def reviewed(self) -> set[str]:
        """Return every file that a commit with a reviewer has changed or brought in, under that and all later names."""
        names = {_text(path) for (path,) in self._database.execute(_REVIEWED)}
        names |= {path for merged in self.merges() for path in merged.paths}
        later: dict[str, set[str]] = {}
        for before, after in self._database.execute(_MOVES) if names else ():
            later.setdefault(_text(before), set()).add(_text(after))
        new = names
        while new:
            new = {after for name in new for after in later.get(name, ())} - names
            names = names | new
        return names

    def keep_merges(self, merges: Iterable[Merged], *, only_these: bool) -> None:
        """Add merges with reviewers; with `only_these`, those that were known before are forgotten."""
        if only_these:
            self._database.execute("DELETE FROM merged")
        rows = (
            (bytes.fromhex(each.commit), " ".join(each.parents), each.name, each.email, each.at, each.trailers, paths)
            for each in merges
            for paths in (_bytes("\0".join(each.paths)),)
        )
        self._database.executemany("INSERT OR IGNORE INTO merged VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def merges(self) -> list[Merged]:
        """Return the merges with reviewers."""
        rows = self._database.execute("SELECT id, parents, name, email, at, trailers, paths FROM merged ORDER BY id")
        return [
            Merged(commit.hex(), tuple(parents.split()), name, email, at, trailers, tuple(_text(paths).split("\0")))
            for commit, parents, name, email, at, trailers, paths in rows
        ]

    def people(self) -> list[Person]:
        """Return everybody who wrote a commit, as their name stands there."""
        people = "SELECT name, email FROM person WHERE number IN (SELECT person FROM written) ORDER BY number"
        return [Person(name, email) for name, email in self._database.execute(people)]

    def touching(self, path: str) -> list[Written]:
        """Return the commits that changed the file of a name below git's top folder, the newest first."""
        rows = self._database.execute(_TOUCHING, (_bytes(path),))
        return [
            Written(commit.hex(), path, _text(moved), name, email, at, trailers, place)
            for commit, moved, name, email, at, trailers, place in rows
        ]


def _bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")


def _text(path: bytes | None) -> str:
    return (path or b"").decode("utf-8", "surrogateescape")
