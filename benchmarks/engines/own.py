"""kbtui itself, through the interface its own screen uses.

Built by `kbtui reindex` in a process of its own, as users do; searched through
`SearchIndex`; for the memory, through `Knowledge`. All rows get a snippet, though its
screen asks for those of the first rows only. How a search is called stands in `_rows` alone.
"""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.corpus import Document, Query
from benchmarks.engines.base import Engine, Row
from kbtui.entry.model import Entry
from kbtui.freshness import Freshness
from kbtui.open import open_base
from kbtui.search import numpy_ready
from kbtui.search.index import SearchIndex
from kbtui.search.result import SearchResult
from kbtui.search.wanted import Wanted
from kbtui.store.files import EntryFiles, Stamp

_LANGUAGE = "en"


class Own(Engine):
    """kbtui."""

    def __init__(self, place: Path) -> None:
        super().__init__(place)
        self._base = place / "base"
        self._environment = os.environ | {"KBTUI_HOME": str(place / "home")}
        self._index: SearchIndex | None = None
        self._find: Callable[[str, int], list[Row]] | None = None
        self._entries: dict[str, Entry] = {}

    @classmethod
    def version(cls) -> str:
        """Return the versions of kbtui and of the Whoosh below it."""
        return f"{importlib.metadata.version('kbtui')}, whoosh-reloaded {importlib.metadata.version('whoosh-reloaded')}"

    def build(self, documents: Sequence[Document]) -> None:  # noqa: ARG002
        """Run `kbtui reindex` over the Markdown files."""
        command = [sys.executable, "-m", "kbtui", "--kb", str(self._base), "reindex"]
        done = subprocess.run(command, check=False, env=self._environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"kbtui reindex failed: {done.stderr.strip()}")

    def build_from_memory(self) -> float:
        """Build another index from entries read already; return the seconds. It is thrown away."""
        folder = self.place / "from-memory"
        index = SearchIndex(folder, _LANGUAGE)
        files = EntryFiles(self._base)
        entries = list(Freshness(files, index).read(files.scan().stamps))
        self._entries = {entry.id: entry for entry, _ in entries}
        started = time.perf_counter()
        index.rebuild(entries, lambda _: None)
        seconds = time.perf_counter() - started
        index.close()
        shutil.rmtree(folder)
        return seconds

    def open(self) -> None:
        """Open the index that `kbtui reindex` has built, with what a program loads for one so large.

        No words are made ready as the program does behind its first picture, so that a first touch is one.
        """
        self._index = SearchIndex(self.index_folder(), _LANGUAGE)
        if self._index.count() >= numpy_ready.WORTH_LOADING:
            numpy_ready.load()
        self._find = partial(_rows, self._index.search)

    def open_program(self) -> None:
        """Open the base as the screen does."""
        self._find = partial(_rows, open_base(self._base, self._environment).search)

    def close(self) -> None:
        """Close the index."""
        if self._index is not None:
            self._index.close()
        self._index, self._find = None, None

    def search(self, query: Query, limit: int) -> list[Row]:
        """Search for what was typed, as it was typed."""
        assert self._find is not None
        return self._find(query.text, limit)

    def update(self, document: Document) -> None:
        """Index one changed entry, as a save does after its commit."""
        assert self._index is not None
        changed = replace(self._entries[document.id], question=document.question)
        self._index.apply([(changed, Stamp(len(document.question), time.time_ns()))], [])

    def index_folder(self) -> Path:
        """Return the one index below git's own folder."""
        return next((self._base / ".git").glob("kbtui/index-*"))


def _rows(search: Callable[[str, Wanted], SearchResult | None], text: str, limit: int) -> list[Row]:
    """Ask the index or the open program. The one place that knows the shape of question and answer."""
    found = search(text, Wanted(limit=limit, snippets=limit))
    return [Row(hit.card.id, hit.card.question, hit.snippet.text) for hit in found.hits] if found else []
