"""What has changed in an entry since somebody last validated it, word by word (F36). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from kbtui.entry.card_text import written
from kbtui.entry.model import Entry

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_TOKENS = 4_000
"""Words of one part beyond which it is compared line by line: comparing takes the square of their number."""


class Kept(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text, and whether it is new, gone, or as it was."""

    kept: Kept
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One part of an entry that is different.

    Attributes:
        part: which, as a person reads it: "the answer".
        pieces: the whole part, from its beginning to its end.
    """

    part: str
    pieces: tuple[Piece, ...]

    @property
    def words(self) -> str:
        """How much of it has changed."""
        added, removed = (self._count(kept) for kept in (Kept.ADDED, Kept.REMOVED))
        said = [f"{number} {what}" for number, what in ((added, "new"), (removed, "gone")) if number]
        return f"{self.part}: {', '.join(said) or 'only spaces or signs'}" + (" (words)" if said else "")

    def _count(self, kept: Kept) -> int:
        return sum(len(re.findall(r"\w+", piece.text)) for piece in self.pieces if piece.kept is kept)


@dataclass(frozen=True, slots=True)
class Difference:
    """What has changed since somebody last validated an entry.

    Attributes:
        by: who validated it then, by name; empty where nobody ever has.
        on: ISO date of that.
        commit: the commit that has those words.
        changes: the parts that are different now.
    """

    by: str = ""
    on: str = ""
    commit: str = ""
    changes: tuple[Change, ...] = ()

    @property
    def words(self) -> str:
        """The difference in one sentence."""
        if not self.by:
            return "Nobody has validated this yet: all of it is to be read."
        if not self.changes:
            return f"Nothing has changed since {self.by} validated it on {self.on}."
        return f"Since {self.by} validated it on {self.on}: {'; '.join(change.words for change in self.changes)}."


def changes_between(before: Entry, after: Entry) -> tuple[Change, ...]:
    """Return the parts that are different, what may be said to the caller first."""
    parts = (
        ("the question", before.question, after.question),
        ("the answer", before.answer, after.answer),
        ("who may decide", written(before.authority), written(after.authority)),
        ("the internal notes", before.internal, after.internal),
    )
    return tuple(Change(name, tuple(_pieces(old, new))) for name, old, new in parts if old.strip() != new.strip())


def _pieces(old: str, new: str) -> Iterator[Piece]:
    one, other = _tokens(old), _tokens(new)
    if len(one) + len(other) > _MOST_TOKENS:
        one, other = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for tag, start, end, new_start, new_end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(Kept.SAME, "".join(one[start:end]))
            continue
        if end > start:
            yield Piece(Kept.REMOVED, "".join(one[start:end]))
        if new_end > new_start:
            yield Piece(Kept.ADDED, "".join(other[new_start:new_end]))


def _tokens(text: str) -> Sequence[str]:
    return _TOKEN.findall(text)
