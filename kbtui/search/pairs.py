"""Likely twins, remembered: comparing every entry with every other one takes minutes, and few change.

For each live entry its nearest others are kept, with the words it was asked in then. Only an
entry whose words are new is compared again, and those that had it, or have it now, among
their nearest. What rarity of words elsewhere does to a closeness is left until an entry
changes; `kbtui duplicates` compares everything anew.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, closing, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kbtui.search.twins import both_ways, nearest_others

if TYPE_CHECKING:
    from kbtui.search.finder import Finder, Meaning

_LAYOUT = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS seen (path TEXT PRIMARY KEY, words TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS near (path TEXT, other TEXT, score REAL, PRIMARY KEY (path, other)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS near_by_other ON near (other);
CREATE TABLE IF NOT EXISTS pair (one TEXT, other TEXT, closeness REAL, PRIMARY KEY (one, other)) STRICT, WITHOUT ROWID;
"""
_AT_ONCE, _PAUSE = 5, 0.001
"""Entries compared before a search that waits may go first, and the seconds it is given to begin."""

_FEW = 200
"""New entries up to which those are compared again, too, that they are near to; beyond it all are new to each other."""

_LEAST = 0.3
"""Pairs less close than this are never twins, however little is usual in a base."""

Pair = tuple[str, str, float]
Progress = Callable[[int, int], None]
Finding = Callable[[], AbstractContextManager["Finder"]]


class Pairs:
    """What is remembered of one index.

    Args:
        file: SQLite, beside the generations of the index; may be deleted at any time.
        model: the name of the model of meaning, or empty; another one compares otherwise.
    """

    def __init__(self, file: Path, model: str) -> None:
        self._file = file
        self._model = model

    def known(self, usual: float) -> list[Pair]:
        """Return the pairs closer than usual as they were last compared, the closest first."""
        with suppress(sqlite3.Error), closing(self._opened()) as database:
            return _closest(database, usual)
        return []

    def bring_up(self, finding: Finding, usual: float, meaning: Meaning, progress: Progress) -> list[Pair]:
        """Compare what is new and return the pairs closer than usual, the closest first.

        Args:
            finding: holds what searches; it is let go of again and again, so that searches go on meanwhile.
            usual: closeness above which two questions are probably one.
            meaning: how near entries are in meaning.
            progress: told how far it is.
        """
        for _ in range(2):
            try:
                with closing(self._opened()) as database:
                    return _brought_up(database, finding, usual, meaning, progress)
            except sqlite3.Error:  # damaged: made anew
                with suppress(OSError):
                    self._file.unlink(missing_ok=True)
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
            database.executescript(_TABLES)
            return _brought_up(database, finding, usual, meaning, progress)

    def _opened(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._file, timeout=30, isolation_level=None)
        try:
            wanted = f"{_LAYOUT} {self._model}"
            database.executescript(_TABLES + "CREATE TABLE IF NOT EXISTS made_with (name TEXT) STRICT;")
            made_with = database.execute("SELECT name FROM made_with").fetchone()
            if made_with != (wanted,):
                for table in ("seen", "near", "pair", "made_with"):
                    database.execute(f"DELETE FROM {table}")  # noqa: S608 - fixed names
                database.execute("INSERT INTO made_with VALUES (?)", (wanted,))
        except sqlite3.Error:
            database.close()
            raise
        return database


def _brought_up(
    database: sqlite3.Connection, finding: Finding, usual: float, meaning: Meaning, progress: Progress
) -> list[Pair]:
    with finding() as finder:
        live = finder.live_words()
    seen = dict(database.execute("SELECT path, words FROM seen").fetchall())
    changed = [path for path, words in live.items() if seen.get(path) != words]
    gone = [path for path in seen if path not in live]
    if len(changed) > _FEW:
        for start in range(0, len(changed), _FEW):  # kept bit by bit: somebody may end the program meanwhile
            some = changed[start : start + _FEW]
            near = _compared(finding, meaning, some, partial(_tell, progress, start, len(changed)))
            _keep(database, live, near, some)
    elif changed or gone:
        near = _compared(finding, meaning, changed, partial(_tell, progress, 0, len(changed)))
        had_them = _with_neighbours(database, {*changed, *gone})
        have_them = {other for path in changed for other, _ in near.get(path, ())}
        others = ((had_them | have_them) & live.keys()) - {*changed}
        near |= _compared(finding, meaning, sorted(others), lambda _: None)
        _keep(database, live, near, changed)
    if changed or gone:
        _forget(database, gone)
        _pair_up(database)
    return _closest(database, usual)


def _compared(
    finding: Finding, meaning: Meaning, paths: Sequence[str], progress: Callable[[int], None]
) -> dict[str, list[tuple[str, float]]]:
    """Return the nearest of entries."""
    near: dict[str, list[tuple[str, float]]] = {}
    for start in range(0, len(paths), _AT_ONCE):
        with finding() as finder:
            for card in finder.cards(paths[start : start + _AT_ONCE]):
                near[card.path] = [(other.path, score) for other, score in nearest_others(finder, card, meaning)]
        progress(min(start + _AT_ONCE, len(paths)))
        time.sleep(_PAUSE)
    return near


def _tell(progress: Progress, before: int, of: int, done: int) -> None:
    progress(before + done, of)


def _with_neighbours(database: sqlite3.Connection, paths: Iterable[str]) -> set[str]:
    query = "SELECT path FROM near WHERE other = ?"
    return {path for other in paths for (path,) in database.execute(query, (other,))}


def _keep(
    database: sqlite3.Connection,
    live: Mapping[str, str],
    near: Mapping[str, list[tuple[str, float]]],
    compared: Iterable[str],
) -> None:
    """Keep the nearest of entries, and that these were compared with the words they have now."""
    rows = [(path, other, score) for path, others in near.items() for other, score in others]
    database.execute("BEGIN IMMEDIATE")
    database.executemany("DELETE FROM near WHERE path = ?", [(path,) for path in near])
    database.executemany("INSERT OR REPLACE INTO near VALUES (?, ?, ?)", rows)
    database.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?)", [(path, live[path]) for path in compared])
    database.execute("COMMIT")


def _forget(database: sqlite3.Connection, gone: Iterable[str]) -> None:
    paths = [(path,) for path in gone]
    database.execute("BEGIN IMMEDIATE")
    for query in ("seen WHERE path", "near WHERE path", "near WHERE other"):
        database.executemany(f"DELETE FROM {query} = ?", paths)  # noqa: S608 - fixed names
    database.execute("COMMIT")


def _pair_up(database: sqlite3.Connection) -> None:
    pairs = _pairs(database)
    database.execute("BEGIN IMMEDIATE")
    database.execute("DELETE FROM pair")
    database.executemany("INSERT INTO pair VALUES (?, ?, ?)", pairs)
    database.execute("COMMIT")


def _pairs(database: sqlite3.Connection) -> list[Pair]:
    scores: dict[tuple[str, str], list[float]] = {}
    for path, other, score in database.execute("SELECT path, other, score FROM near"):
        scores.setdefault((min(path, other), max(path, other)), []).append(score)
    pairs = ((one, other, round(both_ways(found), 4)) for (one, other), found in scores.items())
    return [pair for pair in pairs if pair[2] > _LEAST]


def _closest(database: sqlite3.Connection, usual: float) -> list[Pair]:
    query = "SELECT one, other, closeness FROM pair WHERE closeness > ? ORDER BY closeness DESC, one, other"
    return [(one, other, closeness) for one, other, closeness in database.execute(query, (usual,))]
