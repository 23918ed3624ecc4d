"""Entries made of a few words, and indexes made of entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from kbtui.entry.file_format import read
from kbtui.entry.model import Entry
from kbtui.search.index import SearchIndex
from kbtui.search.wanted import Wanted
from kbtui.store.files import Stamp

STAMP = Stamp(1, 1)


def entry(path: str, question: str, answer: str = "", **header: str) -> Entry:
    """Return an entry as it is read from a file."""
    lines = "".join(f"{name}: {value}\n" for name, value in header.items())
    return read(path, f"---\n{lines}---\n# {question}\n\n{answer}\n".encode("utf-8", "replace"))


def entries(questions: Mapping[str, str] | Iterable[str]) -> list[Entry]:
    """Return entries from questions and answers, or from questions alone; paths are a0.md, a1.md, ..."""
    pairs = questions.items() if isinstance(questions, Mapping) else ((question, "") for question in questions)
    return [entry(f"a{number}.md", question, answer) for number, (question, answer) in enumerate(pairs)]


@contextmanager
def indexed(folder: Path, of: Iterable[Entry], language: str = "en") -> Iterator[SearchIndex]:
    """Build an index, and let go of its files afterwards."""
    index = SearchIndex(folder / "index", language)
    index.rebuild((each, STAMP) for each in of)
    try:
        yield index
    finally:
        index.close()


def hits(index: SearchIndex, text: str, limit: int = 20) -> list[str]:
    """Return the paths found, best first."""
    found = index.search(text, Wanted(limit=limit))
    assert found is not None
    return [hit.card.path for hit in found.hits]
