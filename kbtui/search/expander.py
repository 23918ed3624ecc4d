"""Every form of the words of a search, in one state of an index: what is certain first, then guesses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache

from kbtui.search.analysis import Analyser, QueryWord
from kbtui.search.forms import Form, Kind, Word, form, frequency
from kbtui.search.guesses import MOST_GUESSED, Guesser
from kbtui.search.lexicon import Vocabulary
from kbtui.search.postings import View
from kbtui.search.schema import BEGINNINGS
from kbtui.search.synonyms import stems

_MOST_KNOWN = 2_000
"""Words whose forms are kept: with each key only the last word of a search is another one."""


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
        self._guesser = Guesser(view, vocabulary, analyser, self._languages)
        self._known_forms = lru_cache(maxsize=_MOST_KNOWN)(self._look_up)
        self._guesses = lru_cache(maxsize=_MOST_KNOWN)(self._guesser.guesses)

    def expand(self, typed: Sequence[QueryWord]) -> list[Word]:
        """Return the words of a search with their forms."""
        says_nothing = all(word.is_filler for word in typed)
        words = [self._known_forms(word, says_nothing or word is typed[-1]) for word in typed]
        words = self._with_neighbours(words)
        words = self._with_synonyms(words)
        return self._with_guesses(words)

    def warm(self) -> None:
        """Read the words of the base, so that the first guess does not wait for them."""
        self._vocabulary().near("warm", 1)

    def _is_there(self, form: Form) -> bool:
        return bool(form.terms) and frequency(self._view, form) > 0

    def _look_up(self, word: QueryWord, is_begun: bool) -> Word:
        """Return a word as it stands, and as a beginning; a filler as one only where it may be `is_begun`."""
        forms = [form(Kind.WORD, term) for term in word.terms]
        if word.prefix and (is_begun or not word.is_filler):
            forms.append(form(Kind.BEGINNING, word.prefix, where=BEGINNINGS))
        return Word(word, tuple(each for each in forms if self._is_there(each)))

    def _with_neighbours(self, words: list[Word]) -> list[Word]:
        """Find `log in` where `login` is written."""
        words = [*words]
        for place in range(len(words) - 1):
            pair = words[place : place + 2]
            one_word = "".join(word.typed.text for word in pair)
            if not one_word.isalpha():
                continue
            joined = [form(Kind.JOINED, term) for term in self._terms(one_word)]
            found = [each for each in joined if self._is_there(each)]
            words[place : place + 2] = [word.also(found) for word in pair]
        return words

    def _with_synonyms(self, words: list[Word]) -> list[Word]:
        """Add the other words of a group to each word of the one that was typed."""
        if not self._synonyms:
            return words
        words = [*words]
        for place in range(len(words)):
            for size in range(1, 5):
                key = stems(word.typed for word in words[place : place + size])
                forms = [each for other in self._synonyms.get(key, ()) for each in self._synonym(other)]
                found = [each for each in dict.fromkeys(forms) if self._is_there(each)]
                words[place : place + size] = [word.also(found) for word in words[place : place + size]]
        return words

    def _with_guesses(self, words: Sequence[Word]) -> list[Word]:
        guessed = 0
        found = []
        for word in words:
            is_guessed = guessed < MOST_GUESSED and self._guesser.is_hardly_known(word)
            guessed += is_guessed
            found.append(word.also(self._guesses(word)) if is_guessed else word)
        return found

    def _synonym(self, text: str) -> list[Form]:
        """Return the forms of another word for something: entries in each language have its terms in theirs."""
        terms = (self._analyser.terms(text, language) for language in self._languages)
        return [form(Kind.SYNONYM, *dict.fromkeys(each)) for each in terms]

    def _terms(self, word: str) -> Sequence[str]:
        return self._analyser.terms_of_word(word, self._languages)
