"""From text to terms, the same way for what is indexed and for what is typed.

No query syntax here: whatever a person types is words (F4, SEARCH.md 5). Accents and
letter case fold, apostrophes fall out (`can't` = `cant`), `C++` and `R&D` stay whole, codes
are found whole and in parts (`ERR-4012`, `err4012`, `4012`), numbers such as telephone
numbers by their digits, and Chinese and Japanese are cut into pairs of characters.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from whoosh.lang import has_stemmer, stemmer_for_language

from kbtui.entry.model import Entry
from kbtui.search.folding import SIGNS, folded
from kbtui.search.words import fillers, stop_words

MAX_QUERY_CHARACTERS = 300
MAX_QUERY_WORDS = 20
"""What is looked at of a search. Words beyond it would cost time and change nothing: nobody types more on a call."""

SHORTEST_PREFIX, LONGEST_PREFIX = 2, 8
SHORTEST_CODE = 3
"""Digits from which the number of a code such as ERR-4012 stands for the code."""

_WEIGHTS = {"question": 3.0, "asked_as": 2.0, "tags": 2.0, "body": 1.0}
_USUAL = {"question": (10, 0.5), "asked_as": (10, 0.5), "tags": (10, 0.5), "body": (80, 0.75)}
"""Words that a part usually has, and how much its length counts (the b of BM25F, Robertson and Zaragoza 2009, 3.4).

The lengths are constants, not the base's averages, so that an entry's weights never depend on other entries.
"""

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_UMLAUT = re.compile("[äöü]")
_ELIDED = re.compile(r"(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu|un|(?:a|da|de|ne|que|su)ll)'([^\W\d_]{2,})")
"""An article or the like that has lost its vowel, before the word it belongs to: `l'adresse`, `dell'ordine`."""
_CHUNK = re.compile(r"[^\W_]+(?:['&./_-]+[^\W_]+)*(?:\+{1,2}|#)?")
_SEPARATORS = re.compile(r"[-./_]+")
_BREAKS = re.compile(r"[./_]+")
_PARTS = re.compile(r"[\W_]+")
_RUNS = re.compile(r"[^\W\d_]+|\d+")
_CJK_CHARACTERS = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ffff"
_LONGEST_TERM, _LONGEST_SPELLING = 64, 40
NUMBER = re.compile(r"\+?\d[\d ()/.-]{5,30}\d")
_BESIDE_NUMBERS = re.compile(r"\.\s|\s[-/]\s?|\s\(")
"""What ends a number where another begins: `0800 123 456 (24/7)`."""

_SHORTEST_NUMBER = 7
"""Digits from which a number written in groups, as a phone number is, is found without its gaps and area code too."""


class _Cjk:
    """Finds Chinese and Japanese characters.

    An expression with that many characters takes a millisecond to be compiled, longer than a search of a base without
    any: it is made when something first is not ASCII.
    """

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Return the first run of such characters between two places."""
        return None if text.isascii() else self._characters.search(text, start, end)

    def match(self, text: str) -> re.Match[str] | None:
        """Return the run of such characters with which a text begins."""
        return None if text.isascii() else self._characters.match(text)

    def runs(self, text: str) -> Iterator[str]:
        """Yield the runs of such characters, and those of other letters and digits between them."""
        return (found[0] for found in self._runs.finditer(text))

    @cached_property
    def _characters(self) -> re.Pattern[str]:
        return re.compile(f"[{_CJK_CHARACTERS}]+")

    @cached_property
    def _runs(self) -> re.Pattern[str]:
        return re.compile(rf"[{_CJK_CHARACTERS}]+|[^\W_{_CJK_CHARACTERS}]+")


CJK = _Cjk()


class QueryWord(NamedTuple):
    """One word of a search: the terms that stand for it, of which any will do.

    Attributes:
        text: the word, folded.
        terms: exact terms of the field of words.
        prefix: what a word of a question may begin with instead, or empty.
        is_filler: whether it says little; see `kbtui.search.words`.
        is_stop: whether it says nothing by itself.
        is_code: whether it is a code such as ERR-4012; a number alone may be an amount.
    """

    text: str
    terms: tuple[str, ...]
    prefix: str = ""
    is_filler: bool = False
    is_stop: bool = False
    is_code: bool = False


class Analyser:
    """Cuts text into terms.

    Args:
        language: ISO 639-1 code of entries that name none; a language without a stemmer is
            searched by its words as they are.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._stemmed = lru_cache(maxsize=20_000)(_stem)
        self._of_chunk = lru_cache(maxsize=20_000)(self._terms_of_chunk)
        self.terms_of_token = lru_cache(maxsize=20_000)(self._terms_of_token)
        self._query_word = lru_cache(maxsize=5_000)(self._made_query_word)
        self.terms_of_word = lru_cache(maxsize=5_000)(self._terms_of_word)

    def terms(self, text: str, language: str = "") -> list[str]:
        """Return the terms of a text to be indexed, in order, with repetitions."""
        language = language or self.language
        of_chunk = self._of_chunk
        found = [term for chunk in _CHUNK.findall(folded(text)) for term in of_chunk(chunk, language)]
        if not text.isascii():
            found += [term for _, terms in self._accented(text, language) for term in terms]
        return found + [term for _, digits in _numbers(text) for term in digits]

    def weighted(self, entry: Entry) -> dict[str, float]:
        """Return the weight of each term of an entry: the one field that is scored (SEARCH.md 2).

        A weight is BM25F's pseudo-frequency: how often each part has the term, over that part's
        length. Of several phrasings each counts for itself, so that a long list of them does not
        drown the question.
        """
        weights: dict[str, float] = {}
        body = (entry.plain,)
        parts = {"question": (entry.question,), "asked_as": entry.asked_as, "tags": entry.tags, "body": body}
        for part, texts in parts.items():
            share = _WEIGHTS[part] / max(len(texts), 1) ** 0.5
            usual, b = _USUAL[part]
            for text in texts:
                terms = self.terms(text, entry.language)
                worth = share / (1 - b + b * len(terms) / usual)
                for term, count in Counter(terms).items():
                    weights[term] = weights.get(term, 0.0) + worth * count
        return weights

    def prefixes(self, entry: Entry) -> set[str]:
        """Return the beginnings of the words of an entry's question, phrasings and tags."""
        texts = (entry.question, *entry.asked_as, *entry.tags)
        spelt = [folded(text) for text in texts] + [folded(without_umlauts(text)) for text in texts]
        words = {form for text in spelt for chunk in _CHUNK.findall(text) for form in _forms(chunk)}
        return {word[:size] for word in words for size in range(SHORTEST_PREFIX, min(len(word), LONGEST_PREFIX) + 1)}

    def query(self, text: str, languages: Sequence[str] = ()) -> list[QueryWord]:
        """Return the words of a search, the first twenty of its first three hundred characters.

        Args:
            text: what was typed.
            languages: those of the entries, where they are not only the analyser's own.
        """
        text = text[:MAX_QUERY_CHARACTERS]
        languages = (*languages,) or (self.language,)
        more = self._more_forms(text, languages)
        found: dict[str, tuple[str, ...]] = {}
        for forms in _alternatives(folded(text)):
            if len(found) == MAX_QUERY_WORDS:
                break
            found.setdefault(forms[0], (*forms, *more.get(forms[0], ())))
        spoken = _spoken(found, languages)
        return [self._query_word(forms, languages, spoken) for forms in found.values()]

    def _terms_of_word(self, word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
        """Return the terms that stand for one word of the index in a search."""
        return tuple(dict.fromkeys(term for query in self.query(word, languages) for term in query.terms))

    def _made_query_word(
        self, forms: tuple[str, ...], languages: tuple[str, ...], spoken: tuple[str, ...]
    ) -> QueryWord:
        word = forms[0]
        terms = dict.fromkeys(self._stemmed(form, language) for form in forms for language in languages)
        is_filler = any(word in fillers(language) for language in spoken)
        is_stop = is_filler and any(word in stop_words(language) for language in spoken)
        prefix = word if SHORTEST_PREFIX <= len(word) <= LONGEST_PREFIX else ""
        return QueryWord(word, tuple(terms), prefix, is_filler, is_stop, _is_code(word))

    def _more_forms(self, text: str, languages: Sequence[str]) -> dict[str, list[str]]:
        """Return, for words with accents and for groups of a number, what else stands for them."""
        more: dict[str, list[str]] = {}
        if not text.isascii():
            for language in languages:
                for word, terms in self._accented(text, language):
                    more.setdefault(word, []).extend(terms)
        for written, digits in _numbers(text):
            for group in _words(folded(written)):
                more.setdefault(_joined(group), []).extend(digits)
        return more

    def _accented(self, text: str, language: str) -> Iterator[tuple[str, list[str]]]:
        """Yield words with accents, folded, with their stems: Snowball's rules need the accents.

        German umlauts are also found as they are typed on other keyboards: `ueber` is `über`.
        """
        composed = unicodedata.normalize("NFKC", text).translate(SIGNS).casefold()
        chunks = _CHUNK.findall(composed)
        for word in (part for chunk in chunks for part in _PARTS.split(chunk.removesuffix("'s"))):
            if not word.isascii() and word.isalpha() and not CJK.search(word):
                spellings = dict.fromkeys((word, word.translate(_UMLAUTS)))
                yield folded(word), [folded(self._stemmed(spelling, language)) for spelling in spellings]

    def _terms_of_chunk(self, chunk: str, language: str) -> tuple[str, ...]:
        return tuple(self._stemmed(form, language) for form in _forms(chunk))

    def _terms_of_token(self, token: str, languages: tuple[str, ...]) -> frozenset[str]:
        """Return the terms of one word of a text in any of the languages."""
        return frozenset(term for language in languages for term in self.terms(token, language))

    @staticmethod
    def key(text: str) -> str:
        """Return the form in which two questions are the same: their words, without case, accents and signs."""
        return " ".join(_words(folded(text)))


@lru_cache(maxsize=32)
def _stemmer(language: str) -> Callable[[str], str] | None:
    return stemmer_for_language(language) if has_stemmer(language) else None


def _stem(word: str, language: str) -> str:
    stem = _stemmer(language)
    return stem(word) if stem and word.isalpha() else word


def _words(text: str) -> Iterator[str]:
    """Return the words of a folded text; codes and hyphenated words are one word each."""
    for chunk in _CHUNK.findall(text):
        if chunk.isascii() and chunk.isalpha():
            yield chunk
        else:
            yield from _words_of(chunk)


def _words_of(chunk: str) -> Iterable[str]:
    if chunk.isascii() and chunk.isalpha():
        return (chunk,)
    if CJK.search(chunk):
        return _pairs(chunk)
    if any(character.isdigit() for character in chunk):
        return (_plain(chunk),)
    return filter(None, map(_plain, _BREAKS.split(chunk)))


def _plain(word: str) -> str:
    word = word[:-2] if word.endswith("'s") and len(word) > 3 else word
    return word.replace("'", "")


def _pairs(chunk: str) -> Iterator[str]:
    """Cut Chinese and Japanese into overlapping pairs of characters; they put no spaces between words."""
    for run in CJK.runs(chunk):
        if len(run) == 1 or not CJK.match(run):
            yield run
        else:
            yield from (run[n : n + 2] for n in range(len(run) - 1))


def without_umlauts(text: str) -> str:
    """Return the words of a text that have umlauts, as they are typed on keyboards that have none."""
    if text.isascii():
        return ""
    words = unicodedata.normalize("NFKC", text).casefold().split()
    return " ".join(word.translate(_UMLAUTS) for word in words if _UMLAUT.search(word))


def spellings(*keys: str) -> set[str]:
    """Return the words of texts (each as `Analyser.key` gives it) as they are spelt, for guesses."""
    written = {word for key in keys for word in key.split()}
    odd = {word for word in written if not word.isalpha()}
    words = (written - odd).union(*((_joined(word), *_pieces(word)) for word in odd))
    return {word for word in words if 1 < len(word) <= _LONGEST_SPELLING or not word.isascii()}


def _joined(word: str) -> str:
    return _SEPARATORS.sub("", word)[:_LONGEST_TERM]


def _pieces(word: str) -> list[str]:
    return [piece[:_LONGEST_TERM] for piece in _SEPARATORS.split(word) if piece]


def _forms(chunk: str) -> Iterator[str]:
    """Yield every form under which a chunk of text is indexed: `sign-in` is signin, sign and in."""
    for word in _words_of(chunk):
        if word.isalpha():
            yield word[:_LONGEST_TERM]
            continue
        joined = _joined(word)
        yield from dict.fromkeys([joined, *_pieces(word), *_runs(joined)])
    yield from _behind_article(chunk)


def _behind_article(chunk: str) -> list[str]:
    """Return the word that an elided article is written to, if it is one."""
    found = _ELIDED.fullmatch(chunk)
    return [found[1][:_LONGEST_TERM]] if found else []


def _spoken(words: Iterable[str], languages: Sequence[str]) -> tuple[str, ...]:
    """Return the languages whose fillers are fillers here: the base's, and one that clearly is the search's.

    Half the words that say nothing in one language say something in another: `die`, `hat`, `war`.
    """
    counts = {language: sum(word in stop_words(language) for word in words) for language in languages}
    own = languages[0]
    return tuple(each for each in languages if each == own or (counts[each] > 1 and counts[each] > counts[own]))


def _alternatives(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of a folded search, each with the forms that will do.

    `sign-in` is sign or signin, then in or signin; `ERR-4012` is err4012 or 4012.
    """
    for chunk in _CHUNK.findall(text):
        for word in _words_of(chunk):
            joined, pieces = _joined(word), _pieces(word)
            numbers = [run for run in _runs(joined) if run.isdigit() and len(run) >= SHORTEST_CODE]
            if numbers:
                yield (joined, *numbers)
            elif len(pieces) > 1 and not joined.isdigit():
                yield from ((piece, joined) for piece in pieces)
            elif joined:
                yield (joined, *_behind_article(chunk))


def _runs(joined: str) -> list[str]:
    """Return the letters and the digits of a code such as err4012, each for itself."""
    runs = _RUNS.findall(joined) if joined.isalnum() and not joined.isalpha() else []
    return [run for run in runs if len(run) > 1] if len(runs) > 1 else []


def _is_code(word: str) -> bool:
    return sum(map(str.isdigit, word)) >= SHORTEST_CODE and not word.isdigit()


def _numbers(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield numbers written in groups: as they stand, and the digits under which they are found.

    The last seven digits stand for the number too: +44 20 7946 0018 is 020 7946 0018.
    """
    for match in NUMBER.finditer(unicodedata.normalize("NFKC", text).translate(SIGNS)):
        for part in dict.fromkeys((match[0], *_BESIDE_NUMBERS.split(match[0]))):
            digits = "".join(filter(str.isdecimal, part))
            if len(digits) >= _SHORTEST_NUMBER:
                yield part, tuple(dict.fromkeys((digits[:_LONGEST_TERM], digits[-_SHORTEST_NUMBER:])))
