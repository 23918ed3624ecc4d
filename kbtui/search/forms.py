"""What stands for a word of a search: itself, its beginning, a part of a longer word, a likely misspelling.

A form is worth less the further it is from what was typed. Guesses are made only for words
that the base hardly knows, so that a word spelt right is never read as another (F4).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from kbtui.search.analysis import LONGEST_PREFIX, Analyser, QueryWord
from kbtui.search.lexicon import Vocabulary
from kbtui.search.postings import View
from kbtui.search.schema import BEGINNINGS, WORDS
from kbtui.search.synonyms import stems

_FEW = 3
"""Entries with a word below which it may be a slip (SEARCH.md: fewer than three hits)."""

_SHORTEST_HALF = 2
_SHORTEST_GUESS, _LONG = 4, 7
"""Letters from which a word may hold one slip, and two."""

COMPOUNDING = frozenset({"da", "de", "fi", "hu", "nb", "nl", "nn", "no", "sv"})
"""Languages that write compounds in one word: there a part of a word is looked for at any time."""


class Kind(StrEnum):
    """How a form relates to the word typed; the value is how `--explain` says it."""

    WORD = "the word"
    BEGINNING = "its beginning"
    PART = "part of a word"
    JOINED = "in one word"
    SPLIT = "in two words"
    SYNONYM = "another word for it"
    SPELLING = "nearly the same spelling"


_WEIGHTS = {
    Kind.WORD: 1.0,
    Kind.BEGINNING: 0.6,
    Kind.JOINED: 0.9,
    Kind.SPLIT: 0.9,
    Kind.SYNONYM: 0.5,
    Kind.PART: 0.45,
    Kind.SPELLING: 0.7,
}


@dataclass(frozen=True, slots=True)
class Form:
    """Terms that together stand for a word.

    Attributes:
        terms: an entry needs all of them.
        field: where they are looked for.
        weight: what they are worth beside the word itself, up to 1.
    """

    terms: tuple[str, ...]
    kind: Kind
    weight: float
    field: str = WORDS


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a search and everything that stands for it, the most certain first."""

    typed: QueryWord
    forms: tuple[Form, ...] = field(default=())

    def also(self, forms: Collection[Form]) -> Word:
        """Return the word with more forms."""
        return replace(self, forms=(*self.forms, *forms)) if forms else self


def form(kind: Kind, *terms: str, share: float = 1.0, where: str = WORDS) -> Form:
    """Return a form with the weight of its kind, times `share`."""
    return Form(terms, kind, _WEIGHTS[kind] * share, where)


class Expander:
    """Finds the forms of words in one state of an index.

    Args:
        view: the index.
        vocabulary: returns the words it knows, for guesses.
        analyser: how words become terms.
        synonyms: by a word or words as typed, folded: the others of its group.
        languages: those of the entries.
    """

    def __init__(
        self,
        view: View,
        vocabulary: Callable[[], Vocabulary],
        analyser: Analyser,
        synonyms: Mapping[tuple[str, ...], Sequence[str]],
        languages: Collection[str],
    ) -> None:
        self._view = view
        self._vocabulary = vocabulary
        self._analyser = analyser
        self._synonyms = synonyms
        self._languages = tuple(languages)
        self._finds_parts = not COMPOUNDING.isdisjoint(languages)

    def expand(self, typed: Sequence[QueryWord]) -> list[Word]:
        """Return the words of a search with their forms."""
        words = [self._known_forms(word, is_last=word is typed[-1]) for word in typed]
        words = self._with_neighbours(words)
        words = self._with_synonyms(words)
        return [word.also(self._guesses(word, is_last=word.typed is typed[-1])) for word in words]

    def warm(self) -> None:
        """Read the words of the base, so that the first guess does not wait for them."""
        self._vocabulary().near("warm", 1)

    def frequency(self, form: Form) -> int:
        """Return how many entries have the rarest term of a form."""
        return min(len(self._view.postings(form.field, term)) for term in form.terms)

    def _known_forms(self, word: QueryWord, *, is_last: bool) -> Word:
        forms = [form(Kind.WORD, term) for term in word.terms]
        if word.prefix and (is_last or not word.is_filler):
            forms.append(form(Kind.BEGINNING, word.prefix, where=BEGINNINGS))
        return Word(word, tuple(each for each in forms if self.frequency(each)))

    def _with_neighbours(self, words: list[Word]) -> list[Word]:
        """Find `log in` where `login` is written."""
        words = [*words]
        for place in range(len(words) - 1):
            pair = words[place : place + 2]
            one_word = "".join(word.typed.text for word in pair)
            if not one_word.isalpha():
                continue
            joined = [form(Kind.JOINED, term) for term in self._terms(one_word)]
            found = [each for each in joined if self.frequency(each)]
            words[place : place + 2] = [word.also(found) for word in pair]
        return words

    def _with_synonyms(self, words: list[Word]) -> list[Word]:
        """Add the other words of a group to each word of the one that was typed."""
        words = [*words]
        for place in range(len(words)):
            for size in range(1, 5):
                key = stems(word.typed for word in words[place : place + size])
                forms = [self._synonym(other) for other in self._synonyms.get(key, ())]
                found = [each for each in forms if each.terms and self.frequency(each)]
                words[place : place + size] = [word.also(found) for word in words[place : place + size]]
        return words

    def _synonym(self, text: str) -> Form:
        return form(Kind.SYNONYM, *dict.fromkeys(self._analyser.terms(text)))

    def _terms(self, word: str) -> list[str]:
        words = self._analyser.query(word, self._languages)
        return list(dict.fromkeys(term for query in words for term in query.terms))

    def _guesses(self, word: Word, *, is_last: bool) -> list[Form]:
        """Return part-words and likely spellings, for a word that is hardly known."""
        text = word.typed.text
        known = sum(self.frequency(each) for each in word.forms)
        if word.typed.is_filler or not _is_worth_guessing(text):
            return []
        if known >= _FEW and not (self._finds_parts and len(text) >= _SHORTEST_GUESS):
            return []
        vocabulary = self._vocabulary()
        guesses = list(self._parts(vocabulary, word))
        guesses += self._halves(text) if known < _FEW else ()
        if known < _FEW and text.isalpha():
            guesses += self._spellings(vocabulary, text, known + len(guesses), is_last=is_last)
        return [guess for guess in dict.fromkeys(guesses) if not self._is_known(guess, word) and self.frequency(guess)]

    @staticmethod
    def _is_known(guess: Form, word: Word) -> bool:
        return guess.field == WORDS and set(guess.terms) <= set(word.typed.terms)

    def _parts(self, vocabulary: Vocabulary, word: Word) -> Iterator[Form]:
        parts = {word.typed.text}
        if self._finds_parts:
            parts |= {term for term in word.typed.terms if len(term) >= _SHORTEST_GUESS}
        for part in sorted(parts):
            for longer in vocabulary.containing(part):
                yield from (form(Kind.PART, term) for term in self._terms(longer))

    def _halves(self, text: str) -> Iterator[Form]:
        """Yield the ways to read a word as two that some entry has: `giftcards` is gift and cards."""
        for size in range(_SHORTEST_HALF, len(text) - _SHORTEST_HALF + 1):
            halves = [term for half in (text[:size], text[size:]) for term in self._terms(half)[:1]]
            longest_first = sorted(
                halves, key=len, reverse=True
            )  # it is known least often, and nothing more is read then
            if len(halves) == 2 and all(len(self._view.postings(WORDS, term)) for term in longest_first):
                yield form(Kind.SPLIT, *dict.fromkeys(halves))

    def _spellings(self, vocabulary: Vocabulary, text: str, known: int, *, is_last: bool) -> Iterator[Form]:
        if len(text) < _SHORTEST_GUESS:
            return
        most = 2 if len(text) >= _LONG and not known else 1
        share = 1.0 if not known else 0.6
        near = vocabulary.near(text, most)
        for word, distance in near:
            yield from (form(Kind.SPELLING, term, share=share / distance**0.5) for term in self._terms(word))
        if is_last and not known and len(text) <= LONGEST_PREFIX:
            for beginning in vocabulary.beginnings_near(text):
                yield form(Kind.SPELLING, beginning, share=0.7, where=BEGINNINGS)


def _is_worth_guessing(text: str) -> bool:
    """Whether a word says enough for a guess: three letters, or one of a script that says more with each."""
    return len(text) >= 3 or (not text.isascii() and text.isalpha())
