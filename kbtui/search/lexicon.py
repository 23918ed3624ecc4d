"""The words a base knows, for finding what was meant when a word typed is none of them.

rapidfuzz measures the distance, with a transposition of two letters as one slip (optimal
string alignment); Whoosh's own corrector takes the better part of a second (SEARCH.md).
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache

from kbtui.search.catalogue import Catalogue

_LAST = "\U0010ffff"
"""Behind every other letter."""

_CUTS_KEPT = 24
"""Lists of beginnings kept; one is read for each length that somebody types with a slip."""


_FEW = 500
"""Words that come or go in one change up to which they are put into the lists there are."""


class Lexicon:
    """Keeps the vocabulary of an index in memory; only what is new is read again."""

    def __init__(self) -> None:
        self._read_up_to = 0
        self._newest = Vocabulary([])

    def vocabulary(self, catalogue: Catalogue) -> Vocabulary:
        """Return the words known now to the catalogue, which must be that of one index, newer each time."""
        if new := catalogue.spellings(self._read_up_to):
            self._read_up_to = new[-1][0]
            self._newest = self._newest.changed({word: is_there for _, word, is_there in new})
        return self._newest


class Vocabulary:
    """Words, as they are spelt.

    Args:
        words: each once, in order.
    """

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._near = lru_cache(maxsize=500)(self._measured)
        self._beginnings = lru_cache(maxsize=_CUTS_KEPT)(self._cut)

    def changed(self, words: Mapping[str, bool]) -> Vocabulary:
        """Return another vocabulary, in which these words are there or are not; sooner said for a few of many."""
        different = {word: is_there for word, is_there in words.items() if is_there != (word in self)}
        if len(different) > _FEW:
            came = {word for word, is_there in different.items() if is_there}
            return Vocabulary(sorted((came | {*self._words}) - (different.keys() - came)))
        new = Vocabulary([*self._words])
        _put(new._words, different)
        if "_by_length" in self.__dict__:
            lengths = dict(self._by_length)
            for length in {len(word) for word in different}:
                lengths[length] = [*lengths.get(length, [])]
                _put(lengths[length], {w: there for w, there in different.items() if len(w) == length and w.isalpha()})
            new._by_length = lengths
        return new

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

    def containing(self, part: str, most: int) -> list[str]:
        """Return at most so many words that hold `part`: those that begin or end with it first, then the shortest."""
        found = {self._word_at(place) for place in self._places(part)}
        return sorted(found, key=lambda t: (not t.startswith(part), not t.endswith(part), len(t), t))[:most]

    def beginning(self, text: str, most: int) -> list[str]:
        """Return at most so many words that begin with a text, the first by the alphabet."""
        start = bisect_left(self._words, text)
        return [word for word in self._words[start : start + most] if word.startswith(text)]

    def has_beginning(self, text: str) -> bool:
        """Whether some word begins with a text."""
        place = bisect_left(self._words, text)
        return place < len(self._words) and self._words[place].startswith(text)

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
        """Return the other words within so many slips of what was typed, the nearest first, each with its slips."""
        return self._near(typed, most)

    def _measured(self, spelling: str, most: int) -> tuple[tuple[str, int], ...]:
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        found: list[tuple[str, int]] = []
        for length in range(len(spelling) - most, len(spelling) + most + 1):
            some = self._by_length.get(length, [])
            matches = extract(spelling, some, scorer=OSA.distance, score_cutoff=most, limit=None)
            found += [(word, int(distance)) for word, distance, _ in matches if distance]
        return tuple(sorted(found, key=lambda pair: (pair[1], pair[0][:1] != spelling[:1], pair[0])))

    def beginnings_near(self, typed: str) -> list[str]:
        """Return beginnings of words that are one slip from what has been typed of a word, those as long first.

        The first letter is the same, or the first two have changed places: slips come later in a word.
        """
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        found: list[str] = []
        for size in (len(typed), len(typed) + 1, len(typed) - 1):
            alike = _beginning(self._beginnings(size), typed[:1], typed[1:2] + typed[:1])
            matches = extract(typed, alike, scorer=OSA.distance, score_cutoff=1, limit=50)
            found += sorted(word for word, _, _ in matches)
        return found

    def _cut(self, size: int) -> list[str]:
        return sorted({word[:size] for word in self._words if len(word) >= size and word.isalpha()})


def _put(ordered: list[str], words: Mapping[str, bool]) -> None:
    """Put words into an ordered list, or take them out."""
    for word, is_there in words.items():
        if is_there:
            insort(ordered, word)
        else:
            del ordered[bisect_left(ordered, word)]


def _beginning(words: list[str], *texts: str) -> list[str]:
    """Return the words of an ordered list that begin with one of the texts."""
    places = [(bisect_left(words, text), bisect_left(words, text + _LAST)) for text in dict.fromkeys(texts)]
    return [word for start, end in places for word in words[start:end]]
