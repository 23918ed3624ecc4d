"""Whoosh as its own quick start uses it: two stemmed text fields, `QueryParser`, BM25F, highlights.

Its parser gives meaning to signs, so every query is reduced to words first; the last word
of a prefix query gets the asterisk. It becomes very slow beyond some ten thousand entries.
"""

# ruff: noqa: ANN401 -- Whoosh is loaded when it is needed, without its types

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.corpus import Document, Kind, Query, words
from benchmarks.engines.base import Engine, Row


class StockWhoosh(Engine):
    """Whoosh, used naively."""

    every = 10
    largest = 10_000

    def __init__(self, place: Path) -> None:
        super().__init__(place)
        self._whoosh: Any = importlib.import_module("whoosh.index")
        self._fields: Any = importlib.import_module("whoosh.fields")
        self._stems: Any = importlib.import_module("whoosh.analysis").StemmingAnalyzer()
        self._parsing: Any = importlib.import_module("whoosh.qparser")
        self._index: Any = None
        self._searcher: Any = None
        self._parser: Any = None

    @classmethod
    def version(cls) -> str:
        """Return the version of the package."""
        return f"whoosh-reloaded {importlib.metadata.version('whoosh-reloaded')}"

    def build(self, documents: Sequence[Document]) -> None:
        """Add all entries with one writer."""
        self.index_folder().mkdir()
        index = self._whoosh.create_in(str(self.index_folder()), self._schema())
        writer = index.writer(limitmb=256)
        for document in documents:
            writer.add_document(id=document.id, question=document.question, answer=document.answer)
        writer.commit()
        index.close()

    def open(self) -> None:
        """Open the index and a searcher."""
        self._index = self._whoosh.open_dir(str(self.index_folder()))
        self._searcher = self._index.searcher()
        group = self._parsing.OrGroup
        self._parser = self._parsing.MultifieldParser(["question", "answer"], self._index.schema, group=group)

    def close(self) -> None:
        """Close both."""
        if self._index is not None:
            self._searcher.close()
            self._index.close()
        self._index = self._searcher = None

    def search(self, query: Query, limit: int) -> list[Row]:
        """Parse, search, and mark the words in the answer."""
        text = " ".join(words(query.text)) + ("*" if query.kind is Kind.PREFIX else "")
        hits = self._searcher.search(self._parser.parse(text), limit=limit)
        return [Row(hit["id"], hit["question"], hit.highlights("answer")) for hit in hits]

    def update(self, document: Document) -> None:
        """Replace one entry, commit, and look at the new state."""
        writer = self._index.writer()
        writer.update_document(id=document.id, question=document.question, answer=document.answer)
        writer.commit()
        self._searcher = self._searcher.refresh()

    def index_folder(self) -> Path:
        """Return the folder of the segments."""
        return self.place / "stock-whoosh"

    def _schema(self) -> Any:
        text = self._fields.TEXT(stored=True, analyzer=self._stems)
        return self._fields.Schema(id=self._fields.ID(unique=True, stored=True), question=text, answer=text)
