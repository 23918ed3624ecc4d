"""One search from the words typed to the rows shown, in one state of an index.

The order of the rows (F3): what is archived last; the exact question first; then entries
with a code that was typed; then those with all words that matter above those with some;
and among these by closeness, a little moved by what the team knows of an entry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from kbtui.entry.card import Card
from kbtui.entry.model import State
from kbtui.search import numpy_ready, scorer
from kbtui.search.analysis import Analyser
from kbtui.search.candidates import Candidates
from kbtui.search.catalogue import Catalogue
from kbtui.search.closeness import closeness, grams, nearest
from kbtui.search.expander import Expander
from kbtui.search.forms import Word
from kbtui.search.lexicon import Vocabulary
from kbtui.search.postings import View
from kbtui.search.query import Query, QueryReader
from kbtui.search.replaced import replacements
from kbtui.search.result import Hit, SearchResult
from kbtui.search.schema import FLAGS, PATH, PINNED, WORDS
from kbtui.search.shown import Found, Shown
from kbtui.search.typed import flag
from kbtui.search.wanted import Wanted
from kbtui.search.words import fillers

if TYPE_CHECKING:
    from kbtui.search.arrays import Arrays
    from kbtui.search.vectors import Nearness

Cancelled = Callable[[], bool]
Meaning = Callable[[str], "Nearness | None"]

_TRUST = 1.05
"""How much more a validated or a pinned entry counts than one just as close that is neither."""

_USE, _MUCH_USED = 0.1, 64
"""What use adds at most, and the uses from which it adds no more: a small prior, capped."""

_LOOKED_AT = 20
"""Entries looked at beyond those shown, so that what BM25 does not see can change their places."""

_NEAR_ENOUGH = 0.4
"""Cosine from which an entry that has none of the words is found all the same."""

_WORN = 1_000
"""Entries replaced up to which nothing is gained by building an index anew."""

_NONE: Mapping[str, int] = {}
_NEAR_LOOKED_AT = 100
_ARCHIVED_LOOKED_AT = 10
_MOST_USED = 100
_PHRASE_LOOKED_AT = 2_000


def _no_meaning(_: str) -> None:
    """Know nothing of what texts mean."""


class Finder:
    """Searches one state of an index.

    Args:
        view: the postings.
        catalogue: cards and texts.
        analyser: how text becomes terms.
        vocabulary: returns the words that the index knows.
        synonyms: by a word or words, folded: the others of its group.
        languages: those of the entries.
    """

    def __init__(
        self,
        view: View,
        catalogue: Catalogue,
        analyser: Analyser,
        vocabulary: Callable[[], Vocabulary],
        synonyms: Mapping[tuple[str, ...], Sequence[str]],
        languages: Sequence[str],
    ) -> None:
        self.view = view
        self._catalogue = catalogue
        self._analyser = analyser
        self._languages = tuple(languages)
        self._candidates = Candidates(view, catalogue, analyser.language)
        self._most_used: tuple[Mapping[str, int] | None, AbstractSet[int]] = (None, frozenset())
        self._expander = Expander(view, vocabulary, analyser, synonyms, languages)
        self._reader = QueryReader(view, catalogue, analyser, self._expander, self._languages)

    def search(
        self, text: str, wanted: Wanted, cancelled: Cancelled, meaning: Meaning = _no_meaning
    ) -> SearchResult | None:
        """Return the best rows for whatever was typed; None where the search was given up.

        Args:
            text: what was typed.
            wanted: how many rows, and what they say.
            cancelled: asked now and then.
            meaning: how near entries are to a text in meaning, where that is known.
        """
        query = self._reader.read(text, wanted)
        if not query.words:
            return self._filtered(query, wanted)
        ranked = self._rank(query, wanted, cancelled, meaning(query.typed.words))
        if ranked is None:
            return None
        found, total = ranked
        found.sort(key=lambda each: _place(each, wanted))
        shown = Shown(self.view, self._catalogue, self._analyser, query.words, self._languages)
        return shown.result(found[: wanted.limit], total, wanted.snippets, explain=wanted.explain)

    def is_worn(self) -> bool:
        """Whether so much of the index is of entries that have been replaced that it had better be built anew."""
        return len(self.view.deleted) > max(_WORN, self.view.live // 2)

    def warm(self, cancelled: Cancelled) -> None:
        """Decode what most searches need, so that the first of them does not wait for it."""
        self._expander.warm()
        words = sorted(set().union(*map(fillers, self._languages)))
        terms = dict.fromkeys(term for word in words for term in self._analyser.terms(word))
        for term in sorted(terms, key=lambda term: -self.view.frequency(WORDS, term)):
            if cancelled():
                return
            self.view.by_document(term)

    def near(
        self,
        text: str,
        limit: int,
        cancelled: Cancelled = lambda: False,
        meaning: Meaning = _no_meaning,
        state: State | None = None,
    ) -> list[tuple[Card, float]]:
        """Return the live entries whose questions are nearest to a text, with their closeness, the nearest first.

        Args:
            state: only entries in this state.
        """
        query = self._reader.read_words(text)
        among = self.view.documents(FLAGS, flag("state", state)) if state else None
        ranking = self._ranked(query.words, limit + _NEAR_LOOKED_AT, query.archived, among, cancelled)
        if ranking is None:
            return []
        found = self._founds(query, ranking, self._exact_ones(query))
        found = self._with_meaning(found, query, meaning(query.typed.words))
        nearest_first = sorted(
            (each for each in found if not each.entry.card.variant_of and state in (None, each.entry.card.state)),
            key=lambda each: (not each.is_exact, -each.score, each.entry.path),
        )
        return [(each.entry.card, 1.0 if each.is_exact else each.score) for each in nearest_first[:limit]]

    def live(self) -> list[Card]:
        """Return the cards of all entries that are not archived and not another version of one, by path."""
        return [card for card in self._catalogue.all() if card.state is not State.ARCHIVED and not card.variant_of]

    def live_words(self) -> dict[str, str]:
        """Return the words of every live entry's questions, as they are compared, by path."""
        return self._catalogue.live_words()

    def cards(self, paths: Sequence[str]) -> list[Card]:
        """Return the cards of entries, by path; one that is not there is left out."""
        return [card for _, card in sorted(self._catalogue.cards(paths).items())]

    def texts(self) -> list[tuple[str, list[str]]]:
        """Return, for each entry, the texts that stand for it: every phrasing, and the question with the answer."""
        cards = self._catalogue.all()
        bodies = self._catalogue.texts([card.path for card in cards])
        return [
            (card.path, [card.question, *card.asked_as, f"{card.question} {bodies.get(card.path, '')}".strip()])
            for card in cards
        ]

    def _filtered(self, query: Query, wanted: Wanted) -> SearchResult:
        """Return everything that fits the filters, where nothing else was typed."""
        documents = (query.among or set()) - query.hidden - self.view.deleted
        cards = self._catalogue.cards([self.view.path(document) for document in documents])
        rows = sorted(cards.values(), key=lambda card: (card.state is State.ARCHIVED, not card.pinned, card.path))
        hits = tuple(Hit(card, 0.0, has_all=True) for card in rows[: wanted.limit])
        return SearchResult(hits, len(rows))

    def _rank(
        self, query: Query, wanted: Wanted, cancelled: Cancelled, nearness: Nearness | None
    ) -> tuple[list[Found], int] | None:
        size = wanted.limit + _LOOKED_AT
        dead = query.archived | query.hidden if query.hidden else query.archived
        favoured = self._favoured(wanted.uses)
        live = self._ranking(query, size, dead, query.among, cancelled, favoured)
        if live is None:
            return None
        found = self._with_meaning(self._founds(query, live, self._exact_ones(query)), query, nearness)
        among = query.archived if query.among is None else query.archived & query.among
        size = max(_ARCHIVED_LOOKED_AT, size - len(found))
        old = self._ranking(query, size, query.hidden, among, cancelled) if among else None
        archived = self._founds(query, old) if old else []
        found += self._replacing(archived, found, query)
        total = live.total + (old.total if old else 0)
        found += archived
        if query.typed.phrases:  # those that came in otherwise: the exact ones, by meaning, in the place of others
            having = self._with_phrases(query.typed.phrases, [each.entry.path for each in found])
            found = [each for each in found if each.entry.path in having]
        return found, max(total, len(found))

    def _ranking(
        self,
        query: Query,
        size: int,
        hidden: AbstractSet[int],
        among: AbstractSet[int] | None,
        cancelled: Cancelled,
        favoured: AbstractSet[int] = frozenset(),
    ) -> scorer.Ranking | None:
        """Return the best entries that have every phrase; of those with its words only so many are looked at."""
        phrases = query.typed.phrases
        looked_at = _PHRASE_LOOKED_AT if phrases else size
        ranking = self._ranked(query.words, looked_at, hidden, among, cancelled, favoured)
        if ranking is None or not phrases:
            return ranking
        paths = {document: self.view.path(document) for document, _ in ranking.best}
        having = self._with_phrases(phrases, [*paths.values()])
        best = [(document, score) for document, score in ranking.best if paths[document] in having]
        return ranking._replace(best=tuple(best[:size]), total=len(best))

    def _ranked(
        self,
        words: Sequence[Word],
        size: int,
        hidden: AbstractSet[int],
        among: AbstractSet[int] | None,
        cancelled: Cancelled,
        favoured: AbstractSet[int] = frozenset(),
    ) -> scorer.Ranking | None:
        """Rank in arrays where there are many entries and numpy is there already; the order is the same."""
        if self.view.size < numpy_ready.WORTH_LOADING or not numpy_ready.is_loaded():
            return scorer.rank(self.view, words, size, hidden, among, cancelled, favoured)
        return self._arrays.rank(words, size, hidden, among, cancelled, favoured)

    @cached_property
    def _arrays(self) -> Arrays:
        from kbtui.search.arrays import Arrays

        return Arrays(self.view)

    @cached_property
    def _trusted(self) -> set[int]:
        return self.view.documents(FLAGS, flag("state", State.VALIDATED)) | self.view.documents(FLAGS, PINNED)

    def _favoured(self, uses: Mapping[str, int]) -> AbstractSet[int]:
        """Return what is trusted or most used. It is looked up once for each new count, not with every key typed."""
        counted, known = self._most_used
        if counted is not uses:
            most = self._catalogue.with_ids([*islice(uses, _MOST_USED)])
            known = self._trusted.union(*(self.view.documents(PATH, path) for path in most))
            self._most_used = uses, known
        return known

    def _founds(self, query: Query, ranking: scorer.Ranking, exact: Mapping[str, int] = _NONE) -> list[Found]:
        """Return the entries of a ranking, and those `exact` that it lacks, with what BM25 does not see."""
        scores = {**dict.fromkeys(exact.values(), 0.0), **dict(ranking.best)}
        text = grams(query.typed.words, self._analyser.language)
        return [
            Found(
                entry,
                document,
                closeness(scores[document], ranking.best_possible, nearest(text, entry.spelt)),
                bool(query.exact) and entry.path in query.exact,
                document in query.codes,
                document in ranking.complete,
            )
            for document, entry in self._candidates.of(scores).items()
        ]

    def _with_meaning(self, found: list[Found], query: Query, nearness: Nearness | None) -> list[Found]:
        """Return what was found with what it means counted in, and entries that mean the same in other words."""
        if nearness is None:
            return found
        known = {each.entry.path for each in found}
        more = [path for path in nearness.nearest(_LOOKED_AT, _NEAR_ENOUGH) if path not in known]
        admitted = [document for path in more for document in self._admitted(query, path)]
        others = [
            Found(entry, document, 0.0, is_exact=False, has_code=False, has_all=False)
            for document, entry in self._candidates.of(admitted).items()
        ]
        share = nearness.share
        return [
            each._replace(score=share * nearness.of(each.entry.path) + (1 - share) * each.score)
            for each in (*found, *others)
        ]

    def _exact_ones(self, query: Query) -> dict[str, int]:
        return {path: document for path in sorted(query.exact) for document in self._admitted(query, path)}

    def _admitted(self, query: Query, path: str) -> set[int]:
        """Return the number of an entry asked in exactly these words, where the filters let it in."""
        documents = self.view.documents(PATH, path) - query.hidden - query.archived
        return documents if query.among is None else documents & query.among

    def _replacing(self, archived: Sequence[Found], found: Sequence[Found], query: Query) -> list[Found]:
        """Return the entries that took the place of archived ones found, unless they are there anyway (F9, F34)."""
        known = {each.entry.path for each in found}
        more: dict[str, Found] = {}
        for old in archived:
            for path in replacements(self._catalogue, old.entry.card):
                for document, entry in self._candidates.of(self._admitted(query, path)).items():
                    if path not in known:
                        asked = old.entry.card.question
                        new = Found(entry, document, old.score, old.is_exact, old.has_code, old.has_all, asked)
                        more.setdefault(path, new)
        return [*more.values()]

    def _with_phrases(self, phrases: Sequence[str], paths: Sequence[str]) -> AbstractSet[str]:
        """Return which of the entries have every phrase."""
        having = set(paths)
        for phrase in filter(self._analyser.key, phrases):
            having = self._catalogue.with_phrase([*having], self._analyser.key(phrase).replace("-", " "))
        return having


def _place(found: Found, wanted: Wanted) -> tuple[object, ...]:
    """Sort key of a row (F3)."""
    entry, worth = found.entry, found.score
    if entry.is_trusted or (wanted.proven and wanted.proven.get(entry.path) == entry.card.words):
        worth *= _TRUST
    if wanted.uses:
        worth *= 1 + _USE * min(wanted.uses.get(entry.card.id, 0), _MUCH_USED) / _MUCH_USED
    return entry.is_archived, not found.is_exact, not found.has_code, not found.has_all, -worth, entry.path
