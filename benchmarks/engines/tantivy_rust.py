"""tantivy (Rust) through its Python package.

Lower case, accents folded, English stems, no positions (no phrases are asked for); the
question counts five times. Queries are put together from terms, never parsed. tantivy's
n-gram tokenizer cuts whole texts only, so beginnings of two to eight letters of the
question's words are cut here and indexed as words of a third field, as kbtui does; that
takes part of its build time. Results come without a count of all hits, which lets it skip
most postings. Snippets are its own, 150 characters of the answer.
"""

# ruff: noqa: ANN401 -- tantivy is loaded when it is needed, without its types

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.corpus import Document, Kind, Query, words
from benchmarks.engines.base import Engine, Row

_QUESTION_WEIGHT = 5.0
_SHORTEST, _LONGEST = 2, 8
_SNIPPET = 150


class Tantivy(Engine):
    """tantivy."""

    def __init__(self, place: Path) -> None:
        super().__init__(place)
        self._module: Any = importlib.import_module("tantivy")
        self._analyser: Any = self._make_analyser()
        self._schema: Any = self._make_schema()
        self._index: Any = None
        self._searcher: Any = None
        self._writer: Any = None

    @classmethod
    def missing(cls) -> str:
        """Return a sentence where the package is not installed."""
        found = importlib.util.find_spec("tantivy")
        return "" if found else "The package tantivy is not installed (pip install tantivy); it is left out."

    @classmethod
    def version(cls) -> str:
        """Return the version of the package."""
        return str(importlib.import_module("tantivy").__version__)

    def build(self, documents: Sequence[Document]) -> None:
        """Add all entries with the writer's own number of threads and wait for its merges."""
        self.index_folder().mkdir()
        index = self._opened()
        writer = index.writer(heap_size=256_000_000)
        for document in documents:
            writer.add_document(self._document(document))
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        """Open the index and its newest state."""
        self._index = self._opened()
        self._searcher = self._index.searcher()

    def close(self) -> None:
        """Let go of the index and of its writer."""
        self._index = self._searcher = self._writer = None

    def search(self, query: Query, limit: int) -> list[Row]:
        """Return the rows that hold any of the words, by BM25."""
        wanted = self._query(query)
        hits = self._searcher.search(wanted, limit, count=False).hits
        snippets = self._module.SnippetGenerator.create(self._searcher, wanted, self._schema, "answer")
        snippets.set_max_num_chars(_SNIPPET)
        return [self._row(self._searcher.doc(address), snippets) for _, address in hits]

    def update(self, document: Document) -> None:
        """Replace one entry and look at the new state; the writer stays open between updates."""
        if self._writer is None:
            self._writer = self._index.writer(heap_size=15_000_000, num_threads=1)
        self._writer.delete_documents_by_term("id", document.id)
        self._writer.add_document(self._document(document))
        self._writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def index_folder(self) -> Path:
        """Return the folder of the segments."""
        return self.place / "tantivy"

    def _opened(self) -> Any:
        index = self._module.Index(self._schema, str(self.index_folder()))
        index.register_tokenizer("english", self._analyser)
        return index

    def _make_analyser(self) -> Any:
        filters = self._module.Filter
        builder = self._module.TextAnalyzerBuilder(self._module.Tokenizer.simple())
        builder = builder.filter(filters.remove_long(64)).filter(filters.lowercase()).filter(filters.ascii_fold())
        return builder.filter(filters.stemmer("english")).build()

    def _make_schema(self) -> Any:
        builder = self._module.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        for field in ("question", "answer"):
            builder.add_text_field(field, stored=True, tokenizer_name="english", index_option="freq")
        builder.add_text_field("beginnings", tokenizer_name="whitespace", index_option="basic")
        return builder.build()

    def _document(self, document: Document) -> Any:
        beginnings = " ".join(dict.fromkeys(_beginnings(document.question)))
        return self._module.Document(
            id=document.id, question=document.question, answer=document.answer, beginnings=beginnings
        )

    def _query(self, query: Query) -> Any:
        typed = words(query.text)
        begun = typed.pop()[:_LONGEST] if typed and query.kind is Kind.PREFIX else ""
        parts = [part for stem in self._analyser.analyze(" ".join(typed)) for part in self._either(stem)]
        if begun:
            parts.append(self._term("beginnings", begun, "basic", _QUESTION_WEIGHT))
        should = self._module.Occur.Should
        return self._module.Query.boolean_query([(should, part) for part in parts])

    def _either(self, stem: str) -> Iterator[Any]:
        yield self._term("question", stem, "freq", _QUESTION_WEIGHT)
        yield self._term("answer", stem, "freq", 1.0)

    def _term(self, field: str, term: str, option: str, weight: float) -> Any:
        query = self._module.Query.term_query(self._schema, field, term, index_option=option)
        return self._module.Query.boost_query(query, weight) if weight != 1 else query

    @staticmethod
    def _row(document: Any, snippets: Any) -> Row:
        snippet = snippets.snippet_from_doc(document).fragment()
        return Row(document.get_first("id"), document.get_first("question"), snippet)


def _beginnings(question: str) -> Iterator[str]:
    for word in question.lower().split():
        letters = "".join(filter(str.isalnum, word))
        yield from (letters[:size] for size in range(_SHORTEST, min(len(letters), _LONGEST) + 1))
