"""The Whoosh schema: one weighted field that is scored, one of word beginnings, flags, and the key.

Class and module names here are written into every index; moving them makes old indexes
unreadable, which costs a rebuild and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from whoosh import fields, formats

PATH, WORDS, BEGINNINGS, FLAGS = "path", "words", "beginnings", "flags"
ARCHIVED = "archived"


class WeightedTerms(fields.FieldType):  # type: ignore[misc]
    """A field that is given the weight of each term instead of text. Postings hold weights, no positions."""

    def __init__(self, *, scorable: bool) -> None:
        super().__init__(format=formats.Existence(), analyzer=None, scorable=scorable)

    def index(self, value: Mapping[str, float], **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield (term, frequency, weight, nothing) for each term; the frequencies add up to the length."""
        for term, weight in value.items():
            yield term.encode("utf-8"), round(weight), float(weight), b""

    def supports(self, _name: str) -> bool:
        """Nothing but weights can be asked of this field."""
        return False


def schema() -> fields.Schema:
    """Return a fresh schema."""
    return fields.Schema(
        path=fields.ID(unique=True, stored=True),
        words=WeightedTerms(scorable=True),
        beginnings=WeightedTerms(scorable=False),
        flags=WeightedTerms(scorable=False),
    )
