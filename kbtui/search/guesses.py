"""What may have been meant by a word that the base hardly knows: a longer word, two words, another spelling.

Guesses are made only for words that fewer than three entries have, so that a word spelt right
is never read as another (F4); in languages that write compounds in one word, parts always count.
Only words that some entry has now are guessed: what an entry said before leaves no trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from kbtui.search.analysis import LONGEST_PREFIX, Analyser
from kbtui.search.forms import Form, Kind, Word, form, frequency
from kbtui.search.lexicon import Vocabulary
from kbtui.search.postings import View
from kbtui.search.schema import BEGINNINGS, WORDS

COMPOUNDING = frozenset({"da", "de", "fi", "hu", "nb", "nl", "nn", "no", "sv"})
"""Languages that write compounds in one word: there a part of a word is looked for at any time."""

_FEW = 3
"""Entries with a word below which it may be a slip (SEARCH.md: fewer than three hits)."""

_SHORTEST_HALF, _ENDING = 2, 2
"""Letters of half a word at least, and of an ending that another form of it may have instead."""

MOST_GUESSED = 8
"""Words of one search that are guessed about: who pastes more that nobody knows has not typed them for an answer."""

_SHORTEST_GUESS, _LONG = 4, 7
"""Letters from which a word may hold one slip, and two."""

_MOST_PARTS, _MOST_COMPOUNDS = 12, 100
"""Words that one part is read as at most, and in languages in which every other word is a compound."""

_MOST_SPELLINGS, _MOST_LONGER = 5, 12


class Guesser:
    """Guesses what words of a search stand for, in one state of an index.

    Args:
        view: the index.
        vocabulary: returns the words that its entries are spelt in.
        analyser: how words become terms.
        languages: those of the entries.
    """

    def __init__(
        self, view: View, vocabulary: Callable[[], Vocabulary], analyser: Analyser, languages: tuple[str, ...]
    ) -> None:
        self._view = view
        self._vocabulary = vocabulary
        self._analyser = analyser
        self._languages = languages
        self._finds_parts = not COMPOUNDING.isdisjoint(languages)

    def is_hardly_known(self, word: Word) -> bool:
        """Whether there is anything to guess about a word."""
        text = word.typed.text
        if word.typed.is_filler or not _is_worth_guessing(text):
            return False
        return self._known(word) < _FEW or (self._finds_parts and len(text) >= _SHORTEST_GUESS)

    def guesses(self, word: Word) -> list[Form]:
        """Return what else a hardly known word may stand for, beside the forms it has."""
        known = self._known(word)
        found = self._of_unknown(word, known) if known < _FEW else [*self._parts(word)]
        return [each for each in dict.fromkeys(found) if not _is_typed(each, word) and self._frequency(each)]

    def _terms(self, word: str) -> Sequence[str]:
        return self._analyser.terms_of_word(word, self._languages)

    def _frequency(self, form: Form) -> int:
        return frequency(self._view, form)

    def _known(self, word: Word) -> int:
        return sum(self._frequency(each) for each in word.forms if each.kind in (Kind.WORD, Kind.BEGINNING))

    def _of_unknown(self, word: Word, known: int) -> list[Form]:
        text = word.typed.text
        found = [*self._longer(text), *self._parts(word), *self._halves(text)]
        if text.isalpha() and len(text) >= _SHORTEST_GUESS:
            found += self._spellings(text, known + sum(map(self._frequency, found)))
        return found

    def _longer(self, text: str) -> Iterator[Form]:
        """Yield the words that a long one goes on as; the index itself knows beginnings of eight letters only."""
        if len(text) > LONGEST_PREFIX:
            for longer in self._vocabulary().beginning(text, _MOST_LONGER):
                yield from (form(Kind.BEGINNING, term, where=WORDS) for term in self._terms(longer))

    def _parts(self, word: Word) -> Iterator[Form]:
        parts = {word.typed.text}
        if self._finds_parts:
            parts |= {term for term in word.typed.terms if len(term) >= _SHORTEST_GUESS}
        most = _MOST_COMPOUNDS if self._finds_parts else _MOST_PARTS
        for part in sorted(parts):
            for longer in self._vocabulary().containing(part, most):
                yield from (form(Kind.PART, term) for term in self._terms(longer))

    def _halves(self, text: str) -> Iterator[Form]:
        """Yield the ways to read a word as two that some entry has: `giftcards` is gift and cards."""
        for size in range(_SHORTEST_HALF, len(text) - _SHORTEST_HALF + 1):
            if not self._may_be_words(text[:size], text[size:]):
                continue
            halves = [form(Kind.SPLIT, *self._terms(half)[:1]) for half in (text[:size], text[size:])]
            halves.sort(key=lambda half: -len("".join(half.terms)))  # the longer is known least often
            if all(half.terms and self._frequency(half) for half in halves):
                yield form(Kind.SPLIT, *dict.fromkeys(term for half in halves for term in half.terms))

    def _may_be_words(self, *halves: str) -> bool:
        """Whether words of the index begin like these, but for their endings: soon said, for nearly every half."""
        begins = self._vocabulary().has_beginning
        return all(begins(half[: max(len(half) - _ENDING, 1)]) for half in halves)

    def _spellings(self, text: str, known: int) -> Iterator[Form]:
        most = 2 if len(text) >= _LONG and not known else 1
        share = 1.0 if not known else 0.6
        near = self._nearest(text, most)
        for word, distance in near:
            yield from (form(Kind.SPELLING, term, share=share / distance**0.5) for term in self._terms(word))
        if not near and not known:
            yield from self._beginnings(text)

    def _nearest(self, text: str, most: int) -> list[tuple[str, int]]:
        """Return the words nearest to what was typed, all as near as the first."""
        near = self._vocabulary().near(text, most)
        return [pair for pair in near[:_MOST_SPELLINGS] if pair[1] == near[0][1]]

    def _beginnings(self, text: str) -> Iterator[Form]:
        """Yield what a word begins with that is still being typed, and has a slip already."""
        vocabulary = self._vocabulary()
        for beginning in vocabulary.beginnings_near(text)[:_MOST_SPELLINGS]:
            if len(beginning) <= LONGEST_PREFIX:
                yield form(Kind.SPELLING, beginning, share=0.7, where=BEGINNINGS)
            else:
                words = vocabulary.beginning(beginning, _MOST_SPELLINGS)
                yield from (form(Kind.SPELLING, term, share=0.7) for word in words for term in self._terms(word))


def _is_typed(guess: Form, word: Word) -> bool:
    return guess.field == WORDS and set(guess.terms) <= set(word.typed.terms)


def _is_worth_guessing(text: str) -> bool:
    """Whether a word says enough for a guess: three letters, or one of a script that says more with each."""
    return len(text) >= 3 or (not text.isascii() and text.isalpha())
