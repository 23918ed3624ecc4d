"""SQLite FTS5, set up as its manual advises (https://www.sqlite.org/fts5.html).

Porter stems over `unicode61`, an index of beginnings for two to four letters, BM25 with
the question counted five times, `ORDER BY rank` (so that snippets are made for the rows
shown only), one optimised segment after the build, write-ahead log, 64 MB of cache and a
memory map. The words of a query are quoted and joined with OR; the last word of a prefix
query gets the asterisk.

Two variants over the one table: with FTS5's own `snippet()`, and *lean*, with the
beginning of the answer instead, the least work that still fills a row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from benchmarks.corpus import Document, Kind, Query, words
from benchmarks.engines.base import Engine, Row

_TABLE = """
CREATE VIRTUAL TABLE entry USING fts5
    (id UNINDEXED, question, answer, tokenize = 'porter unicode61', prefix = '2 3 4');
INSERT INTO entry (entry, rank) VALUES ('rank', 'bm25(0.0, 5.0, 1.0)');
"""
_SETTINGS = """
PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -64000; PRAGMA mmap_size = 1000000000;
"""


class Fts5(Engine):
    """FTS5 with its own snippets."""

    _snippet: ClassVar[str] = "snippet(entry, 2, '', '', '…', 24)"

    def __init__(self, place: Path) -> None:
        super().__init__(place)
        self._database: sqlite3.Connection | None = None
        self._select = f"SELECT id, question, {self._snippet} FROM entry WHERE entry MATCH ? ORDER BY rank LIMIT ?"

    @classmethod
    def missing(cls) -> str:
        """Return a sentence where this Python's SQLite was compiled without FTS5."""
        options = sqlite3.connect(":memory:").execute("PRAGMA compile_options")
        has_it = ("ENABLE_FTS5",) in options.fetchall()
        return "" if has_it else "This Python's SQLite has no FTS5; it is left out."

    @classmethod
    def version(cls) -> str:
        """Return the version of SQLite."""
        return f"SQLite {sqlite3.sqlite_version}"

    def build(self, documents: Sequence[Document]) -> None:
        """Fill one table in one transaction and merge it into one segment."""
        self.index_folder().mkdir()
        database = self._connect()
        database.executescript(_TABLE)
        rows = ((item.number, item.id, item.question, item.answer) for item in documents)
        with database:
            database.executemany("INSERT INTO entry (rowid, id, question, answer) VALUES (?, ?, ?, ?)", rows)
            database.execute("INSERT INTO entry (entry) VALUES ('optimize')")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()

    def open(self) -> None:
        """Connect anew; pages cached by an earlier connection are gone with it."""
        self._database = self._connect()

    def close(self) -> None:
        """Disconnect."""
        if self._database is not None:
            self._database.close()
        self._database = None

    def search(self, query: Query, limit: int) -> list[Row]:
        """Return the rows that hold any of the words, by BM25."""
        assert self._database is not None
        expression = _expression(query)
        return [Row(*row) for row in self._database.execute(self._select, (expression, limit))] if expression else []

    def update(self, document: Document) -> None:
        """Replace one row."""
        assert self._database is not None
        values = (document.number, document.id, document.question, document.answer)
        with self._database as transaction:
            transaction.execute("DELETE FROM entry WHERE rowid = ?", (document.number,))
            transaction.execute("INSERT INTO entry (rowid, id, question, answer) VALUES (?, ?, ?, ?)", values)

    def index_folder(self) -> Path:
        """Return the folder of the database file."""
        return self.place / "fts5"

    def _connect(self) -> sqlite3.Connection:
        database = sqlite3.connect(self.index_folder() / "entries.sqlite", check_same_thread=False)
        database.executescript(_SETTINGS)
        return database


class LeanFts5(Fts5):
    """FTS5 with the beginning of the answer for a snippet, over the table of the other."""

    has_index = False
    has_updates = False
    _snippet = "substr(answer, 1, 240)"

    def build(self, documents: Sequence[Document]) -> None:
        """Use the table that is there; only without the other variant build it."""
        if not self.index_folder().exists():
            super().build(documents)


def _expression(query: Query) -> str:
    terms = [f'"{word}"' for word in words(query.text)]
    if terms and query.kind is Kind.PREFIX:
        terms[-1] += "*"
    return " OR ".join(terms)
