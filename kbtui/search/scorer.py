"""BM25, a term at a time, over decoded postings.

An entry's score is the sum over the words of a search; of the forms that will do for a
word the best one counts. The lengths of an entry's parts are already in its weights (BM25F).

Most entries with a frequent word never need to be looked at: words are taken in the order
of what they can add at most, and once no entry unseen so far could still reach the best,
the words that remain are only looked up for the entries that could (MaxScore: Turtle and
Flood 1995). The best are the same as if every entry had been scored.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import NamedTuple

from kbtui.search.forms import Form, Word, frequency
from kbtui.search.postings import K1, Parts, View
from kbtui.search.schema import WORDS
from kbtui.search.words import FILLER_WEIGHT


def rarity(entries: int, frequency: int) -> float:
    """Return what a term is worth that so many of all entries have (inverse document frequency).

    Robertson and Sparck Jones's form gives nothing to a word that most entries have; in a base of
    some dozens of entries that is every useful word, so the plain form is used.
    """
    return math.log(1 + entries / (frequency + 0.5))


class Ranking(NamedTuple):
    """The best entries by document number, best first, with their scores.

    Attributes:
        complete: the entries that have every word that matters.
        total: how many entries have any of the words that matter.
        best_possible: what an entry would score that is about nothing but these words.
    """

    best: tuple[tuple[int, float], ...]
    complete: Container[int]
    total: int
    best_possible: float


FILLERS_UP_TO = 5_000
"""Entries with all words that matter up to which fillers are heard; among more, they cost more than they tell."""


_ROUNDING = 1e-6
"""More than sums of scores are out by rounding: an entry is only left out where it is certain."""

_WORTH_ALL = 8
"""How many entries of a word are scored together in the time that one is looked up."""


class WordScores:
    """What one word of a search adds to entries.

    Args:
        view: the index.
        word: the word, with its forms.
    """

    def __init__(self, view: View, word: Word) -> None:
        self.word = word
        self._view = view
        self._share = FILLER_WEIGHT if word.typed.is_filler else 1.0

    @cached_property
    def best_possible(self) -> float:
        """What a word can add at most: as it was typed, and nothing but it in the entry."""
        known = [self._view.frequency(WORDS, term) for term in self.word.typed.terms]
        return self._share * rarity(self._view.live, max(known, default=0)) * (K1 + 1)

    @cached_property
    def tables(self) -> list[tuple[float, Form]]:
        """The forms in the field of words, each with what its parts are multiplied by, the best first."""
        found = [(self._worth(form), form) for form in self.word.forms if form.field == WORDS]
        return sorted(found, key=lambda pair: -pair[0])

    @cached_property
    def flats(self) -> list[tuple[float, Form]]:
        """The forms that add the same to every entry that has them, the best first."""
        found = [(self._worth(form), form) for form in self.word.forms if form.field != WORDS]
        return sorted(found, key=lambda pair: -pair[0])

    def _worth(self, form: Form) -> float:
        return self._share * form.weight * rarity(self._view.live, frequency(self._view, form))

    @cached_property
    def at_most(self) -> float:
        """What this word can add to any entry."""
        tables = [worth * (K1 + 1) for worth, _ in self.tables]
        return max([*tables, *(worth for worth, _ in self.flats)], default=0.0)

    @cached_property
    def size(self) -> int:
        """About how many entries have the word."""
        return sum(len(self._view.postings(form.field, form.terms[0])) for form in self.word.forms)

    @cached_property
    def everywhere(self) -> dict[int, float]:
        """What the word adds, by document number, for every entry that has it; not to be changed."""
        scores: dict[int, float] = {}
        for worth, form in reversed(self.flats):
            scores.update(dict.fromkeys(self._view.postings(form.field, form.terms[0]).documents, worth))
        for worth, form in self.tables:
            points, get = self._points(worth, form), scores.get
            scores.update([(d, p) for d, p in points.items() if p > get(d, 0.0)] if scores else points)
        return scores

    def documents(self) -> set[int]:
        """Return every entry that has the word."""
        if any(len(form.terms) > 1 for form in self.word.forms):
            return set(self.everywhere)
        lists = (self._view.postings(form.field, form.terms[0]).documents for form in self.word.forms)
        return set().union(*lists)

    def _points(self, worth: float, form: Form) -> dict[int, float]:
        postings = self._view.postings(WORDS, form.terms[0])
        points = dict(zip(postings.documents, [worth * part for part in postings.parts], strict=True))
        for term in form.terms[1:]:
            table = self._view.by_document(term)
            points = {d: min(p, worth * table[d]) for d, p in points.items() if table[d]}
        return points

    @cached_property
    def _look_ups(self) -> list[tuple[float, tuple[Parts, ...]]]:
        return [(worth, tuple(map(self._view.by_document, form.terms))) for worth, form in self.tables]

    @cached_property
    def _flat_look_ups(self) -> list[tuple[float, AbstractSet[int]]]:
        return [(worth, set(self._view.postings(form.field, form.terms[0]).documents)) for worth, form in self.flats]

    def of(self, document: int) -> float:
        """Return what the word adds to one entry."""
        best = 0.0
        for worth, tables in self._look_ups:
            part = tables[0][document] if len(tables) == 1 else min([table[document] for table in tables])
            if worth * part > best:
                best = worth * part
        for worth, documents in self._flat_look_ups:
            if worth > best and document in documents:
                return worth
        return best

    def forms_in(self, document: int) -> list[Form]:
        """Return the forms of the word that an entry has, the best first."""
        found = [
            form
            for (_, form), (_, tables) in zip(self.tables, self._look_ups, strict=True)
            if all(table[document] for table in tables)
        ]
        flats = zip(self.flats, self._flat_look_ups, strict=True)
        return [*found, *(form for (_, form), (_, documents) in flats if document in documents)]


class _Search:
    """One search in progress; see `rank`."""

    def __init__(
        self, words: Sequence[WordScores], limit: int, hidden: AbstractSet[int], cancelled: Callable[[], bool]
    ) -> None:
        self.words = words
        self.limit = limit
        self.hidden = hidden
        self.cancelled = cancelled
        self.scores: dict[int, float] = {}

    def run(self, allowed: AbstractSet[int] | None, keep: AbstractSet[int]) -> bool:
        """Score entries until the best are known; False where the search was given up.

        Args:
            allowed: the only entries that count, or None for all.
            keep: entries to score in any case.
        """
        ordered = sorted(self.words, key=lambda word: (word.word.typed.is_stop, -word.at_most))
        says_something = not all(word.word.typed.is_stop for word in ordered)
        left = sum(word.at_most for word in ordered)
        is_open = allowed is None
        self.scores = dict.fromkeys((allowed or frozenset()) - self.hidden, 0.0)
        for word in ordered:
            if self.cancelled():
                return False
            is_last_call = says_something and word.word.typed.is_stop  # nobody comes in for stop words alone
            if is_open and (is_last_call or left + _ROUNDING < self._bar(left)):
                is_open = False
                self._close(keep)
            self._add(word) if is_open else self._look_up(word, left, keep)
            left -= word.at_most
        return True

    def _bar(self, left: float) -> float:
        """Return the score that the last of the best has already; nothing below it can still come in."""
        if len(self.scores) < self.limit:
            return 0.0
        values = self.scores.values()
        return heapq.nlargest(self.limit, values)[-1] if left < max(values) else 0.0

    def _close(self, keep: AbstractSet[int]) -> None:
        """Let nobody in any more but those to keep: they lack every word so far, which were fillers."""
        for document in keep - self.scores.keys() - self.hidden:
            self.scores[document] = 0.0

    def _add(self, word: WordScores) -> None:
        new, get = word.everywhere, self.scores.get
        if self.scores:
            self.scores.update([(document, get(document, 0.0) + points) for document, points in new.items()])
        else:
            self.scores = dict(new)
        for document in self.hidden & new.keys():
            del self.scores[document]

    def _look_up(self, word: WordScores, left: float, keep: AbstractSet[int]) -> None:
        if len(self.scores) > 4 * self.limit:
            bar = self._bar(left) - left - _ROUNDING
            self.scores = {d: score for d, score in self.scores.items() if score >= bar or d in keep}
        if len(self.scores) * _WORTH_ALL > word.size:
            get = word.everywhere.get
            self.scores = {document: score + get(document, 0.0) for document, score in self.scores.items()}
        else:
            of = word.of
            self.scores = {document: score + of(document) for document, score in self.scores.items()}


def required(words: Iterable[WordScores]) -> list[WordScores]:
    """Return the words that an entry must have to have all of them.

    Fillers are only where there is nothing else, and then those that some entry has.
    """
    every = [*words]
    matter = [word for word in every if not word.word.typed.is_filler]
    return matter or [word for word in every if word.word.forms] or every


def complete(words: Sequence[WordScores], hidden: AbstractSet[int]) -> set[int]:
    """Return the entries that have every one of the words."""
    if not words or not all(word.word.forms for word in words):
        return set()
    first, *others = sorted(words, key=lambda word: word.size)
    found = first.documents() - hidden
    for word in others:
        if len(found) * _WORTH_ALL > word.size:
            found &= word.documents()
        else:
            found = {document for document in found if word.of(document)}
    return found


def rank(
    view: View,
    words: Sequence[Word],
    limit: int,
    hidden: AbstractSet[int] = frozenset(),
    among: AbstractSet[int] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    favoured: AbstractSet[int] = frozenset(),
) -> Ranking | None:
    """Return the best entries for words, those with all of them first; None where the search was given up.

    Args:
        view: the index.
        words: what to look for, with their forms.
        limit: how many entries to return.
        hidden: entries that do not count.
        among: the only entries that count, if not all do.
        cancelled: asked between two words whether nobody waits for the answer any more.
        favoured: entries that come before others with the same score.
    """
    hidden = hidden | view.deleted
    every = [WordScores(view, word) for word in words]
    matter = required(every)
    whole = complete(matter, hidden)
    whole = whole if among is None else whole & among
    if cancelled():
        return None
    heard = every if len(whole) <= FILLERS_UP_TO else matter
    search = _Search(heard, limit, hidden, cancelled)
    if not search.run(whole if len(whole) >= limit else among, whole):
        return None
    known = _with_any([word for word in every if not word.word.typed.is_stop] or every, hidden, among)
    found = {document: score for document, score in search.scores.items() if document in known}
    best_possible = sum(word.best_possible for word in every)
    return Ranking(_best(found, whole, limit, favoured, view.order), whole, len(known), best_possible)


def _with_any(words: Sequence[WordScores], hidden: AbstractSet[int], among: AbstractSet[int] | None) -> set[int]:
    """Return the entries that have any of the words."""
    found = set().union(*(word.documents() for word in words)) - hidden
    return found if among is None else found & among


def _best(
    found: Mapping[int, float],
    whole: AbstractSet[int],
    limit: int,
    favoured: AbstractSet[int],
    order: Sequence[float],
) -> tuple[tuple[int, float], ...]:
    """Return the best by whether they are whole, score, whether they are favoured, and the order of the equal."""
    inner = {d: found[d] for d in whole if d in found} if len(whole) < len(found) else found
    pool = inner if len(inner) >= limit else found
    if len(pool) > 2 * limit:
        bar = heapq.nlargest(limit, pool.values())[-1]
        ties = heapq.nsmallest(limit, [(d not in favoured, order[d], d) for d, score in pool.items() if score == bar])
        above = {d: score for d, score in pool.items() if score > bar}
        pool = above | dict.fromkeys((d for _, _, d in ties), bar) | (dict(inner) if len(inner) < limit else {})
    best = heapq.nsmallest(limit, pool, key=lambda d: (d not in whole, -pool[d], d not in favoured, order[d], d))
    return tuple((document, pool[document]) for document in best)
