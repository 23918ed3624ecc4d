"""BM25, a term at a time, over Whoosh's postings.

Whoosh's own matchers walk all terms of a query together, one Python call a posting and
operator; walking one term after the other into a dictionary is several times faster and
lets a newer search stop an older one between two terms (SEARCH.md 1, 4).

An entry's score is the sum over the words of the search; of the forms that will do for a
word the best one counts. Entries with all words stand above those with some, and what is
archived below everything else.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kbtui.search.analysis import QueryWord
from kbtui.search.schema import ARCHIVED, BEGINNINGS, FLAGS, PATH, WORDS

K1, B = 1.2, 0.75
"""BM25's usual parameters: how soon repetition stops counting, how much length counts."""

_BEGINNING_WEIGHT = 0.6
"""What a word of which only the beginning was typed is worth, beside a whole word."""


@dataclass(frozen=True, slots=True)
class Match:
    """One entry found.

    Attributes:
        path: its file.
        score: BM25; comparable within one search only.
        has_all: whether every word of the search is in it.
    """

    path: str
    score: float
    has_all: bool


@dataclass(frozen=True, slots=True)
class Matches:
    """The best entries, best first, and how many there are in all."""

    best: tuple[Match, ...]
    total: int


def score(reader: Any, words: Sequence[QueryWord], limit: int, cancelled: Callable[[], bool]) -> Matches | None:
    """Return the entries that hold words of the search, or None where the search was given up.

    Args:
        reader: a Whoosh reader.
        words: what to look for.
        limit: how many entries to return.
        cancelled: asked between two terms whether a newer search has made this one useless.
    """
    scores: dict[int, float] = {}
    found: dict[int, int] = {}
    for word in words:
        best = _of_word(reader, word)
        for document, points in best.items():
            scores[document] = scores.get(document, 0.0) + points
            found[document] = found.get(document, 0) + 1
        if cancelled():
            return None
    archived = {document + offset for _, offset, document, _ in _postings(reader, FLAGS, ARCHIVED.encode())}
    top = heapq.nsmallest(limit, scores, key=lambda d: (d in archived, found[d] < len(words), -scores[d], d))
    best_matches = tuple(
        Match(reader.stored_fields(document)[PATH], scores[document], found[document] == len(words)) for document in top
    )
    return Matches(best_matches, len(scores))


def _of_word(reader: Any, word: QueryWord) -> dict[int, float]:
    """Return, for each document, the points of the best form of one word."""
    best: dict[int, float] = {}
    for term in word.terms:
        for document, points in _bm25(reader, term):
            if points > best.get(document, 0.0):
                best[document] = points
    if word.prefix:
        for document, points in _beginning(reader, word.prefix):
            best.setdefault(document, points)
    return best


def _bm25(reader: Any, term: str) -> Iterator[tuple[int, float]]:
    encoded = term.encode("utf-8")
    frequency = reader.doc_frequency(WORDS, encoded)
    if not frequency:
        return
    rarity = _rarity(reader.doc_count_all(), frequency) * (K1 + 1)
    average = reader.field_length(WORDS) / max(reader.doc_count_all(), 1) or 1
    flat, slope = K1 * (1 - B), K1 * B / average
    for leaf, offset, document, weight in _postings(reader, WORDS, encoded):
        length = leaf.doc_field_length(document, WORDS, 1)
        yield document + offset, rarity * weight / (weight + flat + slope * length)


def _beginning(reader: Any, prefix: str) -> Iterator[tuple[int, float]]:
    encoded = prefix.encode("utf-8")
    frequency = reader.doc_frequency(BEGINNINGS, encoded)
    if frequency:
        points = _BEGINNING_WEIGHT * _rarity(reader.doc_count_all(), frequency)
        yield from ((document + offset, points) for _, offset, document, _ in _postings(reader, BEGINNINGS, encoded))


def _rarity(documents: int, frequency: int) -> float:
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


def _postings(reader: Any, field: str, term: bytes) -> Iterator[tuple[Any, int, int, float]]:
    for leaf, offset in reader.leaf_readers():
        if (field, term) not in leaf:
            continue
        matcher = leaf.postings(field, term)
        while matcher.is_active():
            yield leaf, offset, matcher.id(), matcher.weight()
            matcher.next()
