"""The same ranking as `kbtui.search.scorer`, in arrays: for bases in which a frequent word has thousands of entries.

`kbtui.search.scorer` looks at as few entries as it can, one at a time; numpy adds up all of them at
once, which is sooner by five to nine times where they are many (SEARCH.md, "Pointers"). But loading
numpy takes as long as several searches. So it is loaded behind the first picture, by a base that is
large enough, and whatever is searched before that, and every search in line mode, goes without.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, TypeAlias

from kbtui.search.forms import Form, Word
from kbtui.search.postings import Postings, View
from kbtui.search.schema import FLAGS, ORDER, WORDS
from kbtui.search.scorer import FILLERS_UP_TO, Ranking, WordScores, required

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers: TypeAlias = NDArray[np.intp]
    Floats: TypeAlias = NDArray[np.float64]
    Mask: TypeAlias = NDArray[np.bool_]

_ORDERS = float(1 << 26)
"""More than any number that `ORDER` holds: a float holds their sum exactly."""


_MOST_NUMBERS, _BESIDE = 500_000, 64
"""Entries of words that are kept at most, sixteen bytes each, and as how many a word counts itself."""


class _Whole:
    """The entries that have every word that matters, by document number."""

    def __init__(self, mask: Mask) -> None:
        self._mask = mask

    def __contains__(self, document: object) -> bool:
        return bool(self._mask[document])


class Arrays:
    """Ranks entries of one state of an index.

    Args:
        view: the index.
    """

    def __init__(self, view: View) -> None:
        import numpy as np

        self._np = np
        self._view = view
        self._masks: dict[int, tuple[AbstractSet[int], Mask]] = {}
        self._deleted = self._mask(view.deleted)
        documents, order = self._decoded(view.postings(FLAGS, ORDER))
        self._order = np.zeros(view.size)
        self._order[documents] = order
        self._words: OrderedDict[Word, tuple[WordScores, tuple[Numbers, Floats]]] = OrderedDict()
        self._count = 0

    def rank(
        self,
        words: Sequence[Word],
        limit: int,
        hidden: AbstractSet[int] = frozenset(),
        among: AbstractSet[int] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
        favoured: AbstractSet[int] = frozenset(),
    ) -> Ranking | None:
        """Return what `kbtui.search.scorer.rank` returns for the same words.

        Sets that are the same object from one search to the next are not gone through again.
        """
        np = self._np
        known = [self._points(word) for word in words]
        every = [scores for scores, _ in known]
        by_word = {id(scores): points for scores, points in known}
        open_to = ~(self._mask(hidden) | self._deleted) if hidden else ~self._deleted
        if among is not None:
            open_to &= self._mask(among)
        matter = required(every)
        whole = self._whole(matter, by_word) & open_to
        wholes = int(np.count_nonzero(whole))
        if cancelled():
            return None
        heard = every if wholes <= FILLERS_UP_TO else matter
        speaking = [word for word in heard if not word.word.typed.is_stop] or heard
        scores = np.zeros(self._view.size)
        for word in sorted(heard, key=lambda word: (word.word.typed.is_stop, -word.at_most)):
            documents, values = by_word[id(word)]
            scores[documents] += values
        if cancelled():
            return None
        having = self._any([word for word in every if not word.word.typed.is_stop] or every, by_word) & open_to
        if wholes >= limit:
            found = whole & having
        elif among is not None:
            found = having
        else:
            found = (self._any(speaking, by_word) | whole) & having
        best = self._best(found, whole, scores, limit, favoured)
        best_possible = sum(word.best_possible for word in every)
        return Ranking(best, _Whole(whole), int(np.count_nonzero(having)), best_possible)

    def _points(self, word: Word) -> tuple[WordScores, tuple[Numbers, Floats]]:
        """Return a word, and the entries that have it with what it adds to them.

        With each key only the last word is another one, and one search asks twice.
        """
        known = self._words.get(word)
        if known is not None:
            self._words.move_to_end(word)
            return known
        scores = WordScores(self._view, word)
        self._words[word] = found = scores, self._of_word(scores)
        self._count += len(found[1][0]) + _BESIDE
        while self._count > _MOST_NUMBERS and len(self._words) > 1:
            _, (_, (documents, _)) = self._words.popitem(last=False)
            self._count -= len(documents) + _BESIDE
        return found

    def _of_word(self, word: WordScores) -> tuple[Numbers, Floats]:
        np = self._np
        found = [self._of_form(worth, form) for worth, form in (*word.tables, *word.flats)]
        if len(found) == 1:
            return found[0]
        best, having = np.zeros(self._view.size), np.zeros(self._view.size, np.bool_)
        for documents, values in found:
            best[documents] = np.maximum(best[documents], values)
            having[documents] = True
        numbers = np.flatnonzero(having)  # of flags: looking through floats takes several times as long
        return numbers, best[numbers]

    def _of_form(self, worth: float, form: Form) -> tuple[Numbers, Floats]:
        np = self._np
        documents, parts = self._decoded(self._view.postings(form.field, form.terms[0]))
        if form.field != WORDS:
            return documents, np.full(len(documents), worth)
        values = worth * parts
        for term in form.terms[1:]:
            others, more = self._decoded(self._view.postings(WORDS, term))
            documents, here, there = np.intersect1d(documents, others, assume_unique=True, return_indices=True)
            values = np.minimum(values[here], worth * more[there])
        return documents, values

    def _decoded(self, postings: Postings) -> tuple[Numbers, Floats]:
        np = self._np
        documents = np.frombuffer(postings.documents, np.uint32).astype(np.intp)
        return documents, np.frombuffer(postings.parts, np.float32).astype(np.float64)

    def _whole(self, words: Sequence[WordScores], points: dict[int, tuple[Numbers, Floats]]) -> Mask:
        np = self._np
        if not words or not all(word.word.forms for word in words):
            return np.zeros(self._view.size, np.bool_)
        having = np.zeros(self._view.size, np.uint8)
        for word in words:
            having[points[id(word)][0]] += 1
        return having == len(words)

    def _any(self, words: Sequence[WordScores], points: dict[int, tuple[Numbers, Floats]]) -> Mask:
        having: Mask = self._np.zeros(self._view.size, self._np.bool_)
        for word in words:
            having[points[id(word)][0]] = True
        return having

    def _mask(self, documents: AbstractSet[int]) -> Mask:
        """Return a set as an array; the last few are remembered by which object they were."""
        known = self._masks.get(id(documents))
        if known is not None and known[0] is documents:
            return known[1]
        np = self._np
        mask = np.zeros(self._view.size, np.bool_)
        mask[np.fromiter(documents, np.intp, len(documents))] = True
        if len(self._masks) > 8:  # those of one search are fewer
            self._masks.clear()
        self._masks[id(documents)] = documents, mask
        return mask

    def _best(
        self, found: Mask, whole: Mask, scores: Floats, limit: int, favoured: AbstractSet[int]
    ) -> tuple[tuple[int, float], ...]:
        """Return the best by whether they are whole, score, whether they are favoured, and the order of the equal."""
        np = self._np
        pool = np.flatnonzero(found)
        inner = pool[whole[pool]]
        if len(inner) >= limit:
            pool = inner
        later = np.where(self._mask(favoured)[pool], 0.0, _ORDERS) + self._order[pool]
        if len(pool) > 2 * limit:
            points = scores[pool]
            bar = np.partition(points, len(pool) - limit)[len(pool) - limit]
            kept = points > bar
            ties = np.flatnonzero(points == bar)
            if len(ties) > limit:
                ties = ties[later[ties] <= np.partition(later[ties], limit - 1)[limit - 1]]
            kept[ties] = True
            if len(inner) < limit:
                kept |= whole[pool]
            pool, later = pool[kept], later[kept]
        points = scores[pool]
        ranked = np.lexsort((pool, later, -points, ~whole[pool]))[:limit]
        return tuple(zip(pool[ranked].tolist(), points[ranked].tolist(), strict=True))
