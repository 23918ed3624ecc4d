"""The words a base knows, for finding what was meant when a word typed is none of them.

rapidfuzz measures the distance, with a transposition of two letters as one slip (optimal
string alignment); Whoosh's own corrector takes the better part of a second (SEARCH.md).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property, lru_cache

from kbtui.search.catalogue import Catalogue

_MOST_PARTS = 12
_MOST_SPELLINGS = 5


class Lexicon:
    """Keeps the vocabulary of an index in memory; only what is new is read again."""

    def __init__(self) -> None:
        self._words: set[str] = set()
        self._read_up_to = 0
        self._newest = Vocabulary(set())

    def vocabulary(self, catalogue: Catalogue) -> Vocabulary:
        """Return the words known now to the catalogue, which must be that of one index, newer each time."""
        if new := catalogue.spellings(self._read_up_to):
            self._read_up_to = new[-1][0]
            self._words.update(word for _, word in new)
            self._newest = Vocabulary(self._words)
        return self._newest


class Vocabulary:
    """Words, as they are spelt, in order.

    Args:
        words: each once; some may have left the base since.
    """

    def __init__(self, words: set[str]) -> None:
        self._words = sorted(words)
        self._near = lru_cache(maxsize=500)(self._measured)
        self._beginnings = lru_cache(maxsize=12)(self._cut)

    def __contains__(self, word: str) -> bool:
        place = bisect_left(self._words, word)
        return place < len(self._words) and self._words[place] == word

    @cached_property
    def _text(self) -> str:
        return "\n" + "\n".join(self._words) + "\n"

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        lists: dict[int, list[str]] = {}
        for word in self._words:
            if word.isalpha():
                lists.setdefault(len(word), []).append(word)
        return lists

    def containing(self, part: str) -> list[str]:
        """Return words that hold `part`, those that begin or end with it first, then the shortest; at most twelve."""
        found = {self._word_at(place) for place in self._places(part)}
        return sorted(found, key=lambda t: (not t.startswith(part), not t.endswith(part), len(t), t))[:_MOST_PARTS]

    def _places(self, part: str) -> Iterator[int]:
        place = self._text.find(part)
        for _ in range(500):
            if place < 0:
                return
            yield place
            place = self._text.find(part, place + 1)

    def _word_at(self, place: int) -> str:
        return self._text[self._text.rfind("\n", 0, place + 1) + 1 : self._text.find("\n", place)]

    def near(self, typed: str, most: int) -> tuple[tuple[str, int], ...]:
        """Return other words within so many slips of what was typed, the nearest only; at most five."""
        found = [(word, distance) for word, distance in self._near(typed, most) if distance]
        nearest = min((distance for _, distance in found), default=0)
        best = sorted((w for w, distance in found if distance == nearest), key=lambda w: (w[:1] != typed[:1], w))
        return tuple((word, nearest) for word in best[:_MOST_SPELLINGS])

    def _measured(self, spelling: str, most: int) -> list[tuple[str, int]]:
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        found: list[tuple[str, int]] = []
        for length in range(len(spelling) - most, len(spelling) + most + 1):
            some = self._by_length.get(length, [])
            matches = extract(spelling, some, scorer=OSA.distance, score_cutoff=most, limit=None)
            found += [(word, int(distance)) for word, distance, _ in matches]
        return found

    def beginnings_near(self, typed: str) -> list[str]:
        """Return beginnings of words that are one slip from what has been typed of a word."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        matches = extract(typed, self._beginnings(len(typed)), scorer=OSA.distance, score_cutoff=1, limit=50)
        same = (word for word, _, _ in matches if word[:1] == typed[:1] or sorted(word[:2]) == sorted(typed[:2]))
        return sorted(same)[:_MOST_SPELLINGS]

    def _cut(self, size: int) -> list[str]:
        return sorted({word[:size] for word in self._words if len(word) >= size and word.isalpha()})
