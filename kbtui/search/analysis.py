"""From text to terms, the same way for what is indexed and for what is typed.

No query syntax: nothing a person types can break a search or mean anything but words
(F4, SEARCH.md 5). Accents and letter case fold, apostrophes fall out (`can't` = `cant`),
`C++` and `R&D` stay whole, codes are found whole and in parts (`ERR-4012`, `err4012`,
`4012`), and Chinese and Japanese are cut into pairs of characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from whoosh.lang import has_stemmer, stemmer_for_language

from kbtui.entry.model import Entry

MAX_QUERY_CHARACTERS = 200
MAX_QUERY_WORDS = 12
SHORTEST_PREFIX, LONGEST_PREFIX = 2, 8

_WEIGHTS: Mapping[str, float] = {"question": 3, "asked_as": 2, "tags": 2, "body": 1}
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2019\u2018\u02bc\u00b4`\uff07", "'"))
_CHUNK = re.compile(r"[^\W_]+(?:['&./_-]+[^\W_]+)*(?:\+{1,2}|#)?")
_SEPARATORS = re.compile(r"[-./_]+")
_RUNS = re.compile(r"[^\W\d_]+|\d+")
_CJK_CHARACTERS = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ffff"
_CJK = re.compile(f"[{_CJK_CHARACTERS}]+")
_RUN = re.compile(rf"{_CJK.pattern}|[^\W_{_CJK_CHARACTERS}]+")
_LONGEST_TERM = 64
_NUMBER = re.compile(r"\+?\d[\d ()/.-]{5,30}\d")
_SHORTEST_CODE = 3
"""Digits from which the number of a code such as ERR-4012 stands for the code."""

_SHORTEST_NUMBER = 7
"""Digits from which a number written in groups, as a phone number is, is found without its gaps too."""


@dataclass(frozen=True)
class QueryWord:
    """One word of a search: the terms that stand for it, of which any will do.

    Attributes:
        terms: exact terms of the field of words.
        prefix: what a word of a question must begin with, or empty.
    """

    terms: tuple[str, ...]
    prefix: str


class Analyser:
    """Cuts text into terms for one language.

    Args:
        language: ISO 639-1 code; a language without a stemmer is searched by its words as they are.
    """

    def __init__(self, language: str) -> None:
        stem: Callable[[str], str] | None = stemmer_for_language(language) if has_stemmer(language) else None
        self._stem = lru_cache(maxsize=50_000)(stem) if stem else None

    def terms(self, text: str) -> list[str]:
        """Return the terms of a text to be indexed, in order, with repetitions."""
        return [self._stemmed(form) for form in _forms(text)]

    def weighted(self, entry: Entry) -> Counter[str]:
        """Return the weight of each term of an entry: the one field that is scored (SEARCH.md 2)."""
        weights: Counter[str] = Counter()
        texts: dict[str, Iterable[str]] = {
            "question": [entry.question],
            "asked_as": entry.asked_as,
            "tags": entry.tags,
            "body": [entry.plain],
        }
        for part, weight in _WEIGHTS.items():
            for text in texts[part]:
                for term in self.terms(text):
                    weights[term] += int(weight)
        return weights

    def prefixes(self, entry: Entry) -> set[str]:
        """Return the beginnings of the words of an entry's question, phrasings and tags."""
        texts = (entry.question, *entry.asked_as, *entry.tags)
        words = {form for text in texts for form in _forms(text)}
        return {word[:size] for word in words for size in range(SHORTEST_PREFIX, min(len(word), LONGEST_PREFIX) + 1)}

    def query(self, text: str) -> list[QueryWord]:
        """Return the words of a search, at most twelve of its first two hundred characters."""
        words: dict[str, QueryWord] = {}
        for forms in _alternatives(text[:MAX_QUERY_CHARACTERS]):
            prefix = forms[0][:LONGEST_PREFIX] if len(forms[0]) >= SHORTEST_PREFIX else ""
            words.setdefault(forms[0], QueryWord(tuple(map(self._stemmed, forms)), prefix))
        return list(words.values())[:MAX_QUERY_WORDS]

    @staticmethod
    def key(text: str) -> str:
        """Return the form in which two questions are the same: their words, without case, accents and signs."""
        return " ".join(_words(text))

    def _stemmed(self, word: str) -> str:
        return self._stem(word) if self._stem and word.isalpha() else word


def folded(text: str) -> str:
    """Return text in the form in which letters are compared: no case, no accents, plain apostrophes."""
    text = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).casefold()
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _words(text: str) -> Iterator[str]:
    """Return the words of a text, folded; codes and hyphenated words are one word each."""
    for match in _CHUNK.finditer(folded(text)):
        chunk = match[0]
        if _CJK.search(chunk):
            yield from _pairs(chunk)
        elif any(character.isdigit() for character in chunk):
            yield _plain(chunk)
        else:
            yield from filter(None, map(_plain, re.split(r"[./_]+", chunk)))


def _plain(word: str) -> str:
    word = word[:-2] if word.endswith("'s") and len(word) > 3 else word
    return word.replace("'", "")


def _pairs(chunk: str) -> Iterator[str]:
    """Cut Chinese and Japanese into overlapping pairs of characters; they put no spaces between words."""
    for match in _RUN.finditer(chunk):
        run = match[0]
        if len(run) == 1 or not _CJK.match(run):
            yield run
        else:
            yield from (run[n : n + 2] for n in range(len(run) - 1))


def _joined(word: str) -> str:
    return _SEPARATORS.sub("", word)[:_LONGEST_TERM]


def _pieces(word: str) -> list[str]:
    return [piece[:_LONGEST_TERM] for piece in _SEPARATORS.split(word) if piece]


def _forms(text: str) -> Iterator[str]:
    """Return every form under which the words of a text are indexed: `sign-in` is signin, sign and in."""
    for word in _words(text):
        joined = _joined(word)
        yield from dict.fromkeys([joined, *_pieces(word), *_runs(joined)])
    for match in _NUMBER.finditer(text):
        digits = "".join(filter(str.isdigit, match[0]))
        if len(digits) >= _SHORTEST_NUMBER and digits != match[0]:
            yield digits[:_LONGEST_TERM]


def _alternatives(text: str) -> Iterator[tuple[str, ...]]:
    """Return the words of a search, each with the forms that will do.

    `sign-in` is sign or signin, then in or signin; `ERR-4012` is err4012 or 4012.
    """
    for word in _words(text):
        joined, pieces = _joined(word), _pieces(word)
        numbers = [run for run in _runs(joined) if run.isdigit() and len(run) >= _SHORTEST_CODE]
        if numbers:
            yield (joined, *numbers)
        elif len(pieces) > 1 and all(piece.isalpha() for piece in pieces):
            yield from ((piece, joined) for piece in pieces)
        elif joined:
            yield (joined,)


def _runs(joined: str) -> list[str]:
    """Return the letters and the digits of a code such as err4012, each for itself."""
    runs = _RUNS.findall(joined) if joined.isalnum() and not joined.isalpha() else []
    return [run for run in runs if len(run) > 1] if len(runs) > 1 else []
