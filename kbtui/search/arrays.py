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
    Points: TypeAlias = tuple[Numbers, Floats]

_ORDERS = float(1 << 26)
"""More than any number that `ORDER` holds: a float holds their sum exactly."""


_MOST_NUMBERS, _BESIDE = 500_000, 64
"""Entries of words that are kept at most, sixteen bytes each, and as how many a word counts itself."""


class _Whole:
    """The entries that have every word that matters, by document number."""

    def __init__(self, mask: Mask) -> None:
        self._flags = mask.tobytes()

    def __contains__(self, document: object) -> bool:
        return isinstance(document, int) and self._flags[document] != 0


class Arrays:
    """Ranks entries of one state of an index; one search at a time.

    Args:
        view: the index.
    """

    def __init__(self, view: View) -> None:
        import numpy as np

        self._np = np
        self._view = view
        self._masks: dict[int, tuple[AbstractSet[int], Mask]] = {}
        self._open: tuple[AbstractSet[int] | None, Mask] = None, np.zeros(0, np.bool_)
        self._deleted = self._mask(view.deleted)
        documents, order = self._decoded(view.postings(FLAGS, ORDER))
        self._order = np.zeros(view.size)
        self._order[documents] = order
        self._sums = np.zeros(view.size)
        self._counts: Numbers = np.zeros(view.size, np.intp)
        self._words: OrderedDict[Word, tuple[WordScores, Points]] = OrderedDict()
        self._numbers = 0

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
        known = [self._points(word) for word in words]
        every = [scores for scores, _ in known]
        by_word = {id(scores): points for scores, points in known}
        pool = self._having([word for word in every if not word.word.typed.is_stop] or every, by_word, hidden, among)
        total = len(pool)
        matter = required(every)
        whole = self._have_all(pool, matter, by_word)
        wholes = int(self._np.count_nonzero(whole))
        if cancelled():
            return None
        complete: Mask = self._np.zeros(self._view.size, self._np.bool_)
        complete[pool[whole]] = True
        heard = every if wholes <= FILLERS_UP_TO else matter
        if wholes >= limit:
            pool, whole = pool[whole], whole[whole]
        elif among is None:
            pool, whole = self._coming_in(pool, whole, heard, by_word)
        scores = self._sum(pool, heard, by_word)
        if cancelled():
            return None
        best = self._best(pool, scores, whole, limit, favoured)
        return Ranking(best, _Whole(complete), total, sum(word.best_possible for word in every))

    def _points(self, word: Word) -> tuple[WordScores, Points]:
        """Return a word, and the entries that have it with what it adds to them.

        With each key only the last word is another one, and one search asks twice.
        """
        known = self._words.get(word)
        if known is not None:
            self._words.move_to_end(word)
            return known
        scores = WordScores(self._view, word)
        self._words[word] = found = scores, self._of_word(scores)
        self._numbers += len(found[1][0]) + _BESIDE
        while self._numbers > _MOST_NUMBERS and len(self._words) > 1:
            _, (_, (documents, _)) = self._words.popitem(last=False)
            self._numbers -= len(documents) + _BESIDE
        return found

    def _of_word(self, word: WordScores) -> Points:
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

    def _of_form(self, worth: float, form: Form) -> Points:
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

    def _decoded(self, postings: Postings) -> Points:
        np = self._np
        documents = np.frombuffer(postings.documents, np.uint32).astype(np.intp)
        return documents, np.frombuffer(postings.parts, np.float32).astype(np.float64)

    def _having(
        self,
        words: Sequence[WordScores],
        points: dict[int, Points],
        hidden: AbstractSet[int],
        among: AbstractSet[int] | None,
    ) -> Numbers:
        """Return the entries that count and have any of the words, in order."""
        open_to = self._open_to(hidden) if among is None else self._open_to(hidden) & self._mask(among)
        if len(words) == 1:
            documents = points[id(words[0])][0]
            return documents[open_to[documents]]
        having: Mask = self._np.zeros(self._view.size, self._np.bool_)
        for word in words:
            having[points[id(word)][0]] = True
        having &= open_to
        return self._np.flatnonzero(having)

    def _have_all(self, pool: Numbers, words: Sequence[WordScores], points: dict[int, Points]) -> Mask:
        """Return which of some entries have every word."""
        np = self._np
        if not words or not all(word.word.forms for word in words):
            return np.zeros(len(pool), np.bool_)
        counts = self._counts
        for word in words:
            counts[points[id(word)][0]] += 1
        whole: Mask = counts[pool] == len(words)
        for word in words:
            counts[points[id(word)][0]] = 0
        return whole

    def _coming_in(
        self, pool: Numbers, whole: Mask, heard: Sequence[WordScores], points: dict[int, Points]
    ) -> tuple[Numbers, Mask]:
        """Leave out whom none of the words that are heard lets in: stop words let in only where there is nothing else.

        Those that have all words that matter stay.
        """
        speaking = [word for word in heard if not word.word.typed.is_stop] or heard
        admitted: Mask = self._np.zeros(self._view.size, self._np.bool_)
        for word in speaking:
            admitted[points[id(word)][0]] = True
        kept = admitted[pool] | whole
        return pool[kept], whole[kept]

    def _sum(self, pool: Numbers, words: Sequence[WordScores], points: dict[int, Points]) -> Floats:
        """Return what the words add to some entries, summed up in the order in which they are added elsewhere."""
        sums = self._sums
        for word in sorted(words, key=lambda word: (word.word.typed.is_stop, -word.at_most)):
            documents, values = points[id(word)]
            sums[documents] += values
        scores: Floats = sums[pool]
        for word in words:
            sums[points[id(word)][0]] = 0.0
        return scores

    def _open_to(self, hidden: AbstractSet[int]) -> Mask:
        """Return which entries count where some are hidden; not to be changed."""
        if self._open[0] is not hidden:
            self._open = hidden, ~(self._mask(hidden) | self._deleted)
        return self._open[1]

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
        self, pool: Numbers, scores: Floats, whole: Mask, limit: int, favoured: AbstractSet[int]
    ) -> tuple[tuple[int, float], ...]:
        """Return the best by whether they are whole, score, whether they are favoured, and the order of the equal."""
        np = self._np
        if len(pool) > 2 * limit:
            bar = np.partition(scores, len(pool) - limit)[len(pool) - limit]
            kept = scores > bar
            ties = np.flatnonzero(scores == bar)
            if len(ties) > limit:
                later = self._later(pool[ties], favoured)
                ties = ties[later <= np.partition(later, limit - 1)[limit - 1]]
            kept[ties] = True
            if not whole.all():
                kept |= whole
            pool, scores, whole = pool[kept], scores[kept], whole[kept]
        ranked = np.lexsort((pool, self._later(pool, favoured), -scores, ~whole))[:limit]
        return tuple(zip(pool[ranked].tolist(), scores[ranked].tolist(), strict=True))

    def _later(self, pool: Numbers, favoured: AbstractSet[int]) -> Floats:
        """Return numbers by which entries as good as each other are put in order."""
        order: Floats = self._order[pool] + _ORDERS
        order[self._mask(favoured)[pool]] -= _ORDERS
        return order
