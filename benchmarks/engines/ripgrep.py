"""ripgrep over the Markdown files: what there is without any index.

One process a query: all words as alternatives, whole words, letter case ignored (the last
word of a prefix query is open at its end), matches counted for each file. The files with
the most matches are read for the question and the first line that matches.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from benchmarks.corpus import Document, Kind, Query, words
from benchmarks.engines.base import Engine, Row


class Ripgrep(Engine):
    """The program `rg`."""

    every = 10
    has_index = False

    def __init__(self, place: Path) -> None:
        super().__init__(place)
        self._program = shutil.which("rg") or "rg"

    @classmethod
    def missing(cls) -> str:
        """Return a sentence where the program is not installed."""
        return "" if shutil.which("rg") else "ripgrep (rg) is not installed; it is left out."

    @classmethod
    def version(cls) -> str:
        """Return the program's own words."""
        return subprocess.run(["rg", "--version"], check=True, capture_output=True, text=True).stdout.split("\n")[0]

    def build(self, documents: Sequence[Document]) -> None:
        """Build nothing."""

    def open(self) -> None:
        """Open nothing."""

    def close(self) -> None:
        """Close nothing."""

    def search(self, query: Query, limit: int) -> list[Row]:
        """Return the files with the most matches."""
        pattern = _pattern(query)
        if not pattern:
            return []
        options = ["--no-config", "--no-ignore", "--no-messages", "--ignore-case", "--count-matches", "--no-heading"]
        command = [self._program, *options, "--glob=*.md", "-e", pattern, str(self.index_folder())]
        lines = subprocess.run(command, check=False, capture_output=True, text=True).stdout.splitlines()
        counted = [(path, int(count)) for path, _, count in (line.rpartition(":") for line in lines)]
        counted.sort(key=lambda pair: (-pair[1], pair[0]))
        return [_row(Path(path), re.compile(pattern, re.IGNORECASE)) for path, _ in counted[:limit]]

    def update(self, document: Document) -> None:
        """Write one file anew."""
        file = next(self.index_folder().glob(f"{document.number // 1000:04d}/{document.id}-*.md"))
        header = f"---\nid: {json.dumps(document.id)}\nquestion: {json.dumps(document.question)}\n---\n\n"
        file.write_text(header + document.answer + "\n", "utf-8")

    def index_folder(self) -> Path:
        """Return the folder of Markdown files."""
        return self.place / "base"


def _pattern(query: Query) -> str:
    parts = [rf"\b{re.escape(word)}\b" for word in words(query.text)]
    if parts and query.kind is Kind.PREFIX:
        parts[-1] = parts[-1].removesuffix(r"\b")
    return "|".join(parts)


def _row(file: Path, pattern: re.Pattern[str]) -> Row:
    lines = file.read_text("utf-8").splitlines()
    values = {key: json.loads(value) for key, _, value in (line.partition(": ") for line in lines[1:3])}
    snippet = next((line for line in lines[4:] if pattern.search(line)), "")
    return Row(values["id"], values["question"], snippet[:240])
