"""What was typed, read in one state of an index: its words with their forms, and which entries count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import NamedTuple

from kbtui.entry.text import normal, one_line
from kbtui.search.analysis import Analyser
from kbtui.search.catalogue import Catalogue
from kbtui.search.expander import Expander
from kbtui.search.forms import Word
from kbtui.search.narrowing import fitting, is_known
from kbtui.search.postings import View
from kbtui.search.schema import ARCHIVED, FLAGS, WORDS
from kbtui.search.typed import Typed, take_apart
from kbtui.search.wanted import Wanted

_USUAL = Wanted()


class Query(NamedTuple):
    """A search, read.

    Attributes:
        typed: what was typed, taken apart.
        words: the words that are looked for, with their forms.
        among: the only entries that count, by document number; None for all.
        hidden: entries that do not count, because they have a word that was excluded.
        archived: those that are archived.
        exact: the paths of the entries that are asked in exactly these words.
        codes: the entries that have every code that was typed.
    """

    typed: Typed
    words: list[Word]
    among: AbstractSet[int] | None
    hidden: AbstractSet[int]
    archived: AbstractSet[int]
    exact: AbstractSet[str]
    codes: AbstractSet[int]


class QueryReader:
    """Reads what is typed in one state of an index.

    Args:
        view: the postings.
        catalogue: cards and texts.
        analyser: how text becomes terms.
        expander: finds the forms of words.
        languages: those of the entries.
    """

    def __init__(
        self, view: View, catalogue: Catalogue, analyser: Analyser, expander: Expander, languages: tuple[str, ...]
    ) -> None:
        self._view = view
        self._catalogue = catalogue
        self._analyser = analyser
        self._expander = expander
        self._languages = languages

    def read(self, text: str, wanted: Wanted) -> Query:
        """Return a search with the signs that narrow it."""
        text = one_line(text)
        asked = self._catalogue.asked(self._analyser.key(text))
        typed = Typed(text) if asked and self._is_question(text, asked) else take_apart(text)
        return self._read(typed, wanted, (text, asked))

    def read_words(self, text: str) -> Query:
        """Return a search in which everything is words."""
        text = one_line(text)
        return self._read(Typed(text), _USUAL, (text, self._catalogue.asked(self._analyser.key(text))))

    def _is_question(self, text: str, paths: Iterable[str]) -> bool:
        """Whether a search is a question of these entries to the letter: then signs that narrow are part of it."""
        cards = self._catalogue.cards(sorted(paths)).values()
        phrasings = (phrasing for card in cards for phrasing in (card.question, *card.asked_as))
        return _said(text) in map(_said, phrasings)

    def _read(self, typed: Typed, wanted: Wanted, known: tuple[str, AbstractSet[str]]) -> Query:
        """Return a search taken apart; `known` are words, and the entries that are asked in them."""
        fit = {each: fitting(each, wanted, self._view, self._catalogue) for each in typed.filters}
        unknown = [each.written for each, found in fit.items() if not found and not is_known(each, wanted)]
        typed = typed.with_words(unknown) if unknown else typed
        sets = [fit[each] for each in typed.filters]
        words = self._analyser.query(typed.words, self._languages)
        return Query(
            typed,
            self._expander.expand(words),
            set.intersection(*sets) if sets else None,
            self._documents(typed.without),
            self._archived,
            self._asked(typed.words, known) if words else set(),
            self._with_codes([word.terms[:1] for word in words if word.is_code]),
        )

    def _asked(self, words: str, known: tuple[str, AbstractSet[str]]) -> AbstractSet[str]:
        return known[1] if words == known[0] else self._catalogue.asked(self._analyser.key(words))

    def _documents(self, texts: Iterable[str]) -> set[int]:
        """Return the entries that have a word of the texts."""
        words = [word for text in texts for word in self._analyser.query(text, self._languages)]
        return self._having(term for word in words for term in word.terms)

    def _having(self, terms: Iterable[str]) -> set[int]:
        return set().union(*(self._view.documents(WORDS, term) for term in terms))

    def _with_codes(self, codes: Sequence[tuple[str, ...]]) -> set[int]:
        sets = [self._having(terms) for terms in codes]
        return set.intersection(*sets) if sets else set()

    @cached_property
    def _archived(self) -> AbstractSet[int]:
        return self._view.documents(FLAGS, ARCHIVED)


def _said(text: str) -> str:
    """Return a text as it is said: nobody types the question mark while a caller is talking."""
    return normal(text).rstrip("?!. ")
