"""What differs between two versions of one entry, value by value and in words.

Words that only one version has are marked with signs as well as with colour: «seven days».
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from kbtui.entry.card_text import written
from kbtui.entry.model import Approval, Entry

BEGIN, END = "«", "»"

_TITLES = {
    "question": "question",
    "answer": "answer",
    "internal": "internal notes",
    "see_also": "see also",
    "tags": "tags",
    "asked_as": "asked as",
    "owner": "owner",
    "check_by": "check by",
    "pinned": "pinned",
    "replaced_by": "replaced by",
    "authority": "who may decide",
    "state": "state",
    "approval": "confirmed",
}
_WORD = re.compile(r"\S+|\s+")
_MOST_STEPS = 1_000_000
"""Pairs of words up to which they are compared one by one; longer texts are compared line by line."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a version, and whether only this version has them."""

    text: str
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that two versions have differently.

    Attributes:
        name: the value's name in the entry.
        title: the same as a person reads it.
        here: the value in the entry, in pieces.
        other: the value in the other version.
    """

    name: str
    title: str
    here: tuple[Piece, ...]
    other: tuple[Piece, ...]


def differences(here: Entry, other: Entry) -> tuple[Difference, ...]:
    """Return the values that differ, in the order in which an entry is read."""
    found = []
    for name, title in _TITLES.items():
        one, two = _text(here, name), _text(other, name)
        if one != two:
            found.append(Difference(name, title, *compared(one, two)))
    return tuple(found)


def compared(one: str, two: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return two texts in pieces, with the words that only one of them has."""
    first, second = _WORD.findall(one), _WORD.findall(two)
    if len(first) * len(second) > _MOST_STEPS:
        first, second = one.splitlines(keepends=True), two.splitlines(keepends=True)
    steps = SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
    here = [Piece("".join(first[a:b]), tag != "equal") for tag, a, b, _, _ in steps if a < b]
    other = [Piece("".join(second[a:b]), tag != "equal") for tag, _, _, a, b in steps if a < b]
    return _joined(here), _joined(other)


def marked(pieces: Iterable[Piece]) -> str:
    """Return a version as text, the words that only it has between «signs»."""
    return "".join(_signed(piece.text) if piece.is_own else piece.text for piece in pieces)


def _signed(text: str) -> str:
    bare = text.strip()
    return text.replace(bare, f"{BEGIN}{bare}{END}", 1) if bare else text


def _joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Join words that are a version's own with the space between them."""
    joined: list[Piece] = []
    for place, piece in enumerate(pieces):
        is_between = 0 < place < len(pieces) - 1 and not piece.text.strip() and "\n" not in piece.text
        is_own = piece.is_own or (is_between and pieces[place - 1].is_own and pieces[place + 1].is_own)
        if joined and joined[-1].is_own == is_own:
            joined[-1] = Piece(joined[-1].text + piece.text, is_own)
        else:
            joined.append(Piece(piece.text, is_own))
    return tuple(joined)


def _text(entry: Entry, name: str) -> str:
    value = getattr(entry, name)
    if name == "state":
        return entry.declared.words
    if name == "authority":
        return written(entry.authority).strip()
    if isinstance(value, Approval):
        return f"by {value.by} on {value.on}"
    if isinstance(value, tuple):
        return ("\n" if name == "asked_as" else ", ").join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value or ""
