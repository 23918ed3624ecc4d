"""What each entry's file said when it was indexed: its stamp and its card, one row a file.

An SQLite file beside the Whoosh segments, because a row can be replaced without writing
the others. It tells which files have changed since (DESIGN section 4), and shows lists
and hits without opening a single entry.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import astuple
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from kbtui.entry.card import Card, Sketch, card_from_json, card_of
from kbtui.entry.identity import VARIANT_SUFFIX
from kbtui.entry.model import Entry, State
from kbtui.entry.text import printable
from kbtui.search.passage import Passage, beginning
from kbtui.search.recent import Recent
from kbtui.store.files import Stamp

_TABLES = """
CREATE TABLE IF NOT EXISTS card (path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, id TEXT, card TEXT) STRICT;
CREATE TABLE IF NOT EXISTS sketch (
    path TEXT PRIMARY KEY, id TEXT, state TEXT, words TEXT, confirmed TEXT, is_claimed INTEGER, check_by TEXT,
    variant_of TEXT, is_readable INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS card_by_id ON card (id);
CREATE INDEX IF NOT EXISTS card_stamp ON card (path, size, mtime_ns);
CREATE TABLE IF NOT EXISTS body (path TEXT PRIMARY KEY, text TEXT, words TEXT, language TEXT, spelt TEXT) STRICT;
CREATE INDEX IF NOT EXISTS body_by_language ON body (language) WHERE language <> '';
CREATE INDEX IF NOT EXISTS card_with_authority ON card (path) WHERE instr(card, '"authority": {') > 0;
CREATE INDEX IF NOT EXISTS card_open ON card (path) WHERE instr(card, '"state": "open"') > 0;
CREATE INDEX IF NOT EXISTS card_pinned ON card (path) WHERE instr(card, '"pinned": true') > 0;
CREATE INDEX IF NOT EXISTS card_owned ON card (path) WHERE instr(card, '"owner": ""') = 0;
CREATE INDEX IF NOT EXISTS card_to_check ON card (path) WHERE instr(card, '"check_by": ""') = 0;
CREATE INDEX IF NOT EXISTS card_with_successor ON card (path) WHERE instr(card, '"replaced_by": ""') = 0;
CREATE TABLE IF NOT EXISTS phrasing (words TEXT, path TEXT) STRICT;
CREATE INDEX IF NOT EXISTS phrasing_by_words ON phrasing (words);
CREATE INDEX IF NOT EXISTS phrasing_by_path ON phrasing (path);
CREATE TABLE IF NOT EXISTS spelling (word TEXT PRIMARY KEY, entries INTEGER) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS spelling_change (number INTEGER PRIMARY KEY, word TEXT, is_there INTEGER) STRICT;
"""
_AT_ONCE = 500
_STATES = {str(state): state for state in State}
_LIVE_WORDS = """
SELECT card.path, coalesce(group_concat(phrasing.words, char(10)), '') FROM sketch AS card
LEFT JOIN phrasing ON phrasing.path = card.path
WHERE card.state <> 'archived' AND card.variant_of = ''
GROUP BY card.path ORDER BY card.path
"""
_AFTER = "SELECT {} FROM {} WHERE path > ? ORDER BY path LIMIT ?"
_OPEN = 'SELECT card FROM card WHERE instr(card, \'"state": "open"\') > 0 ORDER BY path'
_WAITING = """
SELECT card FROM card WHERE instr(card, '"state": "open"') > 0 AND instr(card, '"trouble": ""') > 0
ORDER BY path LIMIT ?
"""


_MOST_CARDS, _MOST_CHARACTERS = 2_000, 4_000_000
"""Cards, and characters of entries' bodies, in one half of what is kept; of both cases of letters."""

_card = lru_cache(maxsize=5_000)(card_from_json)
"""Cards are read again and again while somebody types; the text they are made of says when one has changed."""


class Row(NamedTuple):
    """One entry and the stamp of its file.

    Attributes:
        keys: the questions it answers, in the form they are compared in.
        words: all its words in that form, to look for a phrase in.
        spellings: each of its words once, as it is spelt.
    """

    entry: Entry
    stamp: Stamp
    keys: tuple[str, ...]
    words: str
    spellings: AbstractSet[str]


class _Known:
    """What has been read of rows that are looked at again and again while somebody types; never of many at once."""

    def __init__(self, version: tuple[int, int]) -> None:
        self.version = version
        self.cards = Recent[str, Card](_MOST_CARDS)
        self.passages = Recent[str, Passage](_MOST_CHARACTERS, _characters)


def _characters(passage: Passage) -> int:
    return 2 * len(passage.text) + (0 if passage.plain is passage.words else len(passage.plain or ""))


def _parsed(row: tuple[str]) -> Card:
    return _card(row[0])


def _sketch(
    path: str,
    entry_id: str,
    state: str,
    words: str,
    confirmed: str,
    is_claimed: int,
    check_by: str,
    variant_of: str,
    is_readable: int,
) -> Sketch:
    return Sketch(
        path, entry_id, _STATES[state], words, confirmed, bool(is_claimed), check_by, variant_of, bool(is_readable)
    )


class Catalogue:
    """The rows of one index.

    Args:
        file: the SQLite file; made if it is not there.
    """

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(file, timeout=30, check_same_thread=False)
        try:
            self._database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + _TABLES)
            self._known = _Known(self.version())
        except sqlite3.Error:
            self._database.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @property
    def state(self) -> object:
        """What is another once `refresh` has seen that anything has been written."""
        return self._known.version

    def refresh(self) -> None:
        """Forget what has been read of the rows where anything has been written since, by whomever."""
        version = self.version()
        if self._known.version != version:
            self._known = _Known(version)

    # What is read of every entry comes in pieces, so that a search that waits has its turn in between

    def stamps(self, after: str, most: int) -> list[tuple[str, int, int]]:
        """Return under which stamp, size and time, the next files by path, at most so many, were indexed."""
        return self._database.execute(_AFTER.format("path, size, mtime_ns", "card"), (after, most)).fetchall()

    def card_texts(self, after: str, most: int) -> list[tuple[str, str]]:
        """Return the next cards by path, at most so many, as they are written (`card_from_json`)."""
        return self._database.execute(_AFTER.format("path, card", "card"), (after, most)).fetchall()

    def sketches(self, after: str, most: int) -> list[tuple[str, Sketch]]:
        """Return the next cards by path, at most so many, in short: a fraction of what reading the cards takes."""
        rows = self._database.execute(_AFTER.format("*", "sketch"), (after, most))
        return [(row[0], _sketch(*row)) for row in rows]

    def replace(self, rows: Sequence[Row], deletes: Sequence[str]) -> None:
        """Replace the rows of the entries given and drop those of the paths deleted."""
        gone = [(path,) for path in [*deletes, *(row.entry.path for row in rows)]]
        made = [(card_of(row.entry), row.stamp) for row in rows]
        cards = [(card.path, stamp.size, stamp.mtime_ns, card.id, card.as_json()) for card, stamp in made]
        sketches = [astuple(card.sketch) for card, _ in made]
        bodies = [(r.entry.path, r.entry.plain, r.words, r.entry.language, " ".join(r.spellings)) for r in rows]
        questions = [(key, row.entry.path) for row in rows for key in row.keys]
        with self._database as transaction:
            self._count_spellings(rows, [path for (path,) in gone])
            transaction.executemany("DELETE FROM card WHERE path = ?", gone)
            transaction.executemany("DELETE FROM sketch WHERE path = ?", gone)
            transaction.executemany("DELETE FROM body WHERE path = ?", gone)
            transaction.executemany("DELETE FROM phrasing WHERE path = ?", gone)
            transaction.executemany("INSERT INTO card VALUES (?, ?, ?, ?, ?)", cards)
            transaction.executemany("INSERT INTO sketch VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", sketches)
            transaction.executemany("INSERT INTO body VALUES (?, ?, ?, ?, ?)", bodies)
            transaction.executemany("INSERT INTO phrasing VALUES (?, ?)", questions)
        self.refresh()

    def _count_spellings(self, rows: Sequence[Row], gone: Sequence[str]) -> None:
        """Count in how many entries each word stands; write down which words came and which went."""
        changes = Counter(word for row in rows for word in row.spellings)
        for _, spelt in self._of("SELECT path, spelt FROM body WHERE path IN", [*dict.fromkeys(gone)]):
            changes.subtract(spelt.split())
        words = sorted(word for word, change in changes.items() if change)
        before: dict[str, int] = dict(self._of("SELECT word, entries FROM spelling WHERE word IN", words))
        after = {word: before.get(word, 0) + changes[word] for word in words}
        turns = [(word, after[word] > 0) for word in words if (after[word] > 0) != (word in before)]
        execute = self._database.executemany
        execute("INSERT OR REPLACE INTO spelling VALUES (?, ?)", [(w, n) for w, n in after.items() if n > 0])
        execute("DELETE FROM spelling WHERE word = ?", [(word,) for word, number in after.items() if number <= 0])
        execute("INSERT INTO spelling_change (word, is_there) VALUES (?, ?)", turns)

    def cards(self, paths: Sequence[str]) -> dict[str, Card]:
        """Return the cards of the paths that have one, by path."""
        if len(paths) > _AT_ONCE:
            return dict(self._cards(paths))
        return self._known.cards.get(paths, lambda unknown: dict(self._cards(unknown)))

    def texts(self, paths: Sequence[str]) -> dict[str, str]:
        """Return the words of entries' bodies without Markdown, by path."""
        return dict(self._texts(paths))

    def passages(self, paths: Sequence[str]) -> dict[str, Passage]:
        """Return what is looked through of entries' bodies for a snippet, by path; of some hundred at most."""
        return self._known.passages.get(
            paths, lambda unknown: {path: beginning(text) for path, text in self._texts(unknown)}
        )

    def _cards(self, paths: Sequence[str]) -> Iterator[tuple[str, Card]]:
        return ((path, _card(text)) for path, text in self._of("SELECT path, card FROM card WHERE path IN", paths))

    def _texts(self, paths: Sequence[str]) -> Iterator[tuple[str, str]]:
        return self._of("SELECT path, text FROM body WHERE path IN", paths)

    def with_phrase(self, paths: Sequence[str], phrase: str) -> set[str]:
        """Return which of the paths have words in this order (`Analyser.key`)."""
        rows = self._of("SELECT path, instr(words, ?) FROM body WHERE path IN", paths, f" {phrase} ")
        return {path for path, place in rows if place}

    def spellings(self, after: int) -> list[tuple[int, str, bool]]:
        """Return the words that came to the entries (True) or went from them, in order, numbered above `after`."""
        query = "SELECT number, word, is_there FROM spelling_change WHERE number > ? ORDER BY number"
        return [(number, word, bool(there)) for number, word, there in self._database.execute(query, (after,))]

    def languages(self) -> list[str]:
        """Return the languages that entries name themselves."""
        return [name for (name,) in self._database.execute("SELECT DISTINCT language FROM body WHERE language <> ''")]

    def _of(self, query: str, paths: Sequence[str], *first: str) -> Iterator[tuple[str, Any]]:
        for start in range(0, len(paths), _AT_ONCE):
            some = paths[start : start + _AT_ONCE]
            yield from self._database.execute(f"{query} ({','.join('?' * len(some))})", (*first, *some))

    def all(self) -> list[Card]:
        """Return every card, by path."""
        return [card_from_json(text) for (text,) in self._database.execute("SELECT card FROM card ORDER BY path")]

    def open_ones(self) -> list[Card]:
        """Return the cards of all open questions, by path; an index of just these keeps it quick."""
        rows = self._database.execute(_OPEN)
        return [card for card in map(_parsed, rows) if card.state is State.OPEN]

    def with_authority(self) -> list[Card]:
        """Return the cards that say who may decide, by path; an index of just these keeps it quick."""
        rows = self._database.execute("SELECT card FROM card WHERE instr(card, '\"authority\": {') > 0 ORDER BY path")
        return [card_from_json(text) for (text,) in rows]

    def waiting(self, most: int) -> list[Card]:
        """Return the first open questions by path, at most so many; an index of just these keeps it quick."""
        rows = self._database.execute(_WAITING, (most,))
        return [card for card in map(_parsed, rows) if card.state is State.OPEN]

    def pinned(self) -> list[Card]:
        """Return the pinned cards, by path."""
        rows = self._database.execute("SELECT card FROM card WHERE instr(card, '\"pinned\": true') > 0 ORDER BY path")
        return [card for card in map(_parsed, rows) if card.pinned]

    def due(self, day: str) -> list[str]:
        """Return the paths of the entries that somebody should check by a day, ISO."""
        rows = self._database.execute('SELECT card FROM card WHERE instr(card, \'"check_by": ""\') = 0')
        return [card.path for card in map(_parsed, rows) if "" < card.check_by <= day]

    def version(self) -> tuple[int, int]:
        """Return what is another whenever anything has been written, here or by another process."""
        return int(self._database.execute("PRAGMA data_version").fetchone()[0]), self._database.total_changes

    def live_words(self) -> dict[str, str]:
        """Return what every entry that is not archived and no other version is asked in, by path (`Analyser.key`)."""
        return dict(self._database.execute(_LIVE_WORDS))

    def with_successor(self) -> list[Card]:
        """Return the cards that name the entry which took their place, by path; an index of just these, too."""
        rows = self._database.execute(
            'SELECT card FROM card WHERE instr(card, \'"replaced_by": ""\') = 0 ORDER BY path'
        )
        return [card_from_json(text) for (text,) in rows]

    def count(self) -> int:
        """Return the number of entries."""
        return int(self._database.execute("SELECT count(*) FROM card").fetchone()[0])

    def called(self, name: str) -> list[str]:
        """Return the paths of the entries whose id is `name`, or whose path is."""
        name = printable(name)
        rows = self._database.execute("SELECT path FROM card WHERE id = ? OR path = ? ORDER BY path", (name, name))
        return [path for (path,) in rows]

    def contested(self, paths: Sequence[str]) -> set[str]:
        """Return which of the paths have another version kept beside them; each is one look at the index by path."""
        query = "SELECT 1 FROM card WHERE path >= ? AND path < ? AND path LIKE ? LIMIT 1"
        stems = {path: path.removesuffix(".md") for path in paths if not path.endswith(VARIANT_SUFFIX)}
        looks = {path: (f"{stem}.", f"{stem}/", f"%{VARIANT_SUFFIX}") for path, stem in stems.items()}
        return {path for path, look in looks.items() if self._database.execute(query, look).fetchone()}

    def with_ids(self, ids: Sequence[str]) -> list[str]:
        """Return the paths of the entries that have one of these ids; an entry and its variants share one."""
        return [path for path, _ in self._of("SELECT path, id FROM card WHERE id IN", ids)]

    def beginning(self, name: str) -> list[str]:
        """Return the paths of the entries whose id begins with `name`."""
        pattern = printable(name).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        rows = self._database.execute("SELECT path FROM card WHERE id LIKE ? ESCAPE '\\' ORDER BY path", (pattern,))
        return [path for (path,) in rows]

    def asked(self, key: str) -> set[str]:
        """Return the paths of the entries that are asked in these words (`Analyser.key`)."""
        rows = self._database.execute("SELECT path FROM phrasing WHERE words = ?", (key,))
        return {path for (path,) in rows}
