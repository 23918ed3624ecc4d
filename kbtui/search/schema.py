"""The Whoosh schema: one weighted field that is scored, one of word beginnings, flags, and the key.

Class and module names here are written into every index; moving them makes old indexes
unreadable, which costs a rebuild and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kbtui.search.lean import fields, formats

PATH, WORDS, BEGINNINGS, FLAGS = "path", "words", "beginnings", "flags"
ARCHIVED, PINNED, ORDER = "archived", "pinned", "order"
"""Flags beside those of `kbtui.search.typed.flag`. Every entry has the last: its weight orders those that are equal."""


class WeightedTerms(fields.FieldType):  # type: ignore[misc]
    """A field that is given the weight of each term instead of text. Postings hold weights, no positions.

    Whoosh is told that every such field is scored, though one is: for the others it would look
    for a file of lengths once a posting.
    """

    def __init__(self) -> None:
        super().__init__(format=formats.Existence(), analyzer=None, scorable=True)

    def index(self, value: Mapping[str, float], **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield (term, 1, weight, nothing) for each term."""
        for term, weight in value.items():
            yield term.encode("utf-8", "replace"), 1, float(weight), b""

    def supports(self, _name: str) -> bool:
        """Nothing but weights can be asked of this field."""
        return False


def schema() -> fields.Schema:
    """Return a fresh schema."""
    return fields.Schema(
        path=fields.ID(unique=True, stored=True),
        words=WeightedTerms(),
        beginnings=WeightedTerms(),
        flags=WeightedTerms(),
    )
