"""The vectors of a base's entries: encoded once for each text, kept beside the index, compared all at once.

A text's vector is known by the digest of the model's name and the text, so that only new
words are encoded after a save, a pull or a rebuild. The file is a cache like the index:
numbers only, no code in it, and thrown away where it cannot be read.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kbtui.search.meaning import Model

_TABLE = "CREATE TABLE IF NOT EXISTS vector (key BLOB PRIMARY KEY, value BLOB) STRICT, WITHOUT ROWID"
_AT_ONCE = 256

Texts = tuple[str, Sequence[str]]
"""An entry's path, and the texts that stand for it: its phrasings, and its question with the answer."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near in meaning entries are to one text.

    Attributes:
        share: what it counts beside closeness of words.
        cosines: an array, an entry a place; the best over the texts of each.
        places: where an entry's cosine is, by path.
        paths: the entries, in order.
    """

    share: float
    cosines: Any
    places: dict[str, int]
    paths: Sequence[str]

    def of(self, path: str) -> float:
        """Return the cosine of an entry, 0 where it is not known yet."""
        place = self.places.get(path)
        return max(float(self.cosines[place]), 0.0) if place is not None else 0.0

    def nearest(self, count: int, least: float) -> list[str]:
        """Return the nearest entries whose cosine is at least so much, the nearest first."""
        import numpy as np

        count = min(count, len(self.paths))
        best = np.argpartition(-self.cosines, count - 1)[:count] if count else []
        return [self.paths[n] for n in sorted(best, key=lambda n: -self.cosines[n]) if self.cosines[n] >= least]


@dataclass(frozen=True, slots=True)
class _State:
    """The vectors of one state of the base: a row a text, the rows of an entry one after the other."""

    rows: dict[bytes, int]
    matrix: Any
    starts: Any
    places: dict[str, int]
    paths: tuple[str, ...]


class Vectors:
    """The vectors of one base under one model. May be asked from any thread while another updates.

    Args:
        file: an SQLite file; made anew where it is damaged.
        model: what encodes.
    """

    def __init__(self, file: Path, model: Model) -> None:
        self._file = file
        self.model = model
        self._state: _State | None = None

    def near(self, text: str) -> Nearness | None:
        """Return how near every entry is to a text; None before the first update, or for no text."""
        import numpy as np

        state = self._state
        if state is None or not state.paths or not text.strip():
            return None
        rows = state.matrix @ self.model.encode([text])[0]
        return Nearness(self.model.share, np.maximum.reduceat(rows, state.starts), state.places, state.paths)

    def update(self, entries: Iterable[Texts], cancelled: Callable[[], bool] = lambda: False) -> bool:
        """Take the texts of all entries; only those not seen before are encoded. False where it was given up."""
        import numpy as np

        taken = [(path, {self._key(text): text for text in texts}) for path, texts in entries if texts]
        known = self._known({key: text for _, texts in taken for key, text in texts.items()}, cancelled)
        if known is None:
            return False
        keys = [key for _, texts in taken for key in texts]
        starts = np.cumsum([0, *(len(texts) for _, texts in taken)], dtype=np.intp)[:-1]
        matrix = np.stack([known[key] for key in keys]) if keys else np.zeros((0, 1), np.float32)
        paths = tuple(path for path, _ in taken)
        places = {path: place for place, path in enumerate(paths)}
        self._state = _State({key: row for row, key in enumerate(keys)}, matrix, starts, places, paths)
        return True

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self.model.name}\0{text}".encode("utf-8", "replace")).digest()[:16]

    def _known(self, wanted: dict[bytes, str], cancelled: Callable[[], bool]) -> dict[bytes, Any] | None:
        """Return a vector for every text wanted: known before, from the file, or encoded now."""
        state = self._state
        known = {key: state.matrix[state.rows[key]] for key in wanted if key in state.rows} if state else {}
        known |= self._read(wanted) if not known else {}
        missing = [key for key in wanted if key not in known]
        for start in range(0, len(missing), _AT_ONCE):
            if cancelled():
                return None
            keys = missing[start : start + _AT_ONCE]
            fresh = dict(zip(keys, self.model.encode([wanted[key] for key in keys]), strict=True))
            self._write(fresh)
            known |= fresh
        return known

    def _read(self, wanted: Iterable[bytes]) -> dict[bytes, Any]:
        import numpy as np

        some = set(wanted)
        try:
            with closing(self._opened()) as database:
                rows = database.execute("SELECT key, value FROM vector").fetchall()
            size = 2 * self.model.encode([""]).shape[1]
            fit = ((key, value) for key, value in rows if key in some and len(value) == size)
            return {key: np.frombuffer(value, np.float16).astype(np.float32) for key, value in fit}
        except (sqlite3.Error, ValueError, TypeError):
            self._file.unlink(missing_ok=True)
            return {}

    def _write(self, fresh: dict[bytes, Any]) -> None:
        """Keep vectors; where the disk does not take them, they are encoded again next time."""
        import numpy as np

        rows = [(key, vector.astype(np.float16).tobytes()) for key, vector in fresh.items()]
        with suppress(sqlite3.Error), closing(self._opened()) as database, database:
            database.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", rows)

    def _opened(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._file, timeout=5)
        try:
            database.execute(_TABLE)
        except sqlite3.Error:
            database.close()
            raise
        return database
