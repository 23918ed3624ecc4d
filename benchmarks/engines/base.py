"""What every engine can do. The measuring knows nothing else of any of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from benchmarks.corpus import Document, Query


@dataclass(frozen=True, slots=True)
class Row:
    """What one row of a result list shows, and the id of the entry it stands for."""

    id: str
    question: str
    snippet: str


class Engine(ABC):
    """One engine over one corpus.

    Args:
        place: the folder of this corpus: `base/` holds it as Markdown, each engine adds a folder of its own.
    """

    every: ClassVar[int] = 1
    """Only each so-manieth query is put to the engine, where it is too slow for all of them."""

    largest: ClassVar[int | None] = None
    """The most entries it is tried with."""

    has_index: ClassVar[bool] = True
    """False where it builds nothing of its own: then there is no build, no size, no memory to tell."""

    has_updates: ClassVar[bool] = True

    def __init__(self, place: Path) -> None:
        self.place = place

    @classmethod
    def missing(cls) -> str:
        """Return a sentence about what is not installed, or nothing."""
        return ""

    @classmethod
    @abstractmethod
    def version(cls) -> str:
        """Return the version that is measured."""

    @abstractmethod
    def build(self, documents: Sequence[Document]) -> None:
        """Build the index from all entries, complete and on the disk."""

    @abstractmethod
    def open(self) -> None:
        """Open the index as a program does that starts; nothing of an earlier opening may be left."""

    def open_program(self) -> None:
        """Open it with all that is in memory besides while a person works with it."""
        self.open()

    @abstractmethod
    def close(self) -> None:
        """Let go of everything that `open` has made."""

    @abstractmethod
    def search(self, query: Query, limit: int) -> list[Row]:
        """Return the best rows, best first."""

    @abstractmethod
    def update(self, document: Document) -> None:
        """Replace one entry in the open index; a search afterwards finds its new words."""

    def size(self) -> int:
        """Return the bytes that the index takes on the disk."""
        return sum(path.stat().st_size for path in self.index_folder().rglob("*") if path.is_file())

    @abstractmethod
    def index_folder(self) -> Path:
        """Return the folder that holds the index and nothing else."""
