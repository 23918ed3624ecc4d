"""Where the words of a search stand in a text, and the few lines around the first of them.

Marking goes by terms, so that another form of a word, its beginning or the spelling that
was meant is marked as well as the word itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kbtui.search.analysis import CJK, NUMBER, Analyser, folded
from kbtui.search.forms import Word
from kbtui.search.result import Mark, Marked
from kbtui.search.schema import WORDS

WIDTH = 160
"""Characters of a snippet, about two lines of a list."""

_LEAD = 40
_READ, _READ_CLOSELY = 8_000, 500
"""Characters of an entry that are looked through for a snippet."""

_LETTER = r"[^\W_][\u0300-\u036f]*"
_TAIL = rf"(?:['\u2019&./_-]?{_LETTER})*(?:\+{{1,2}}|#)?"
_TOKEN = re.compile(rf"{_LETTER}{_TAIL}")
_ACCENTED = re.compile("[^\x00-\x7f\u2010-\u2027\u20a0-\u20bf]")
"""Letters that may be written in more than one way; dashes, quotes and signs of money are none."""

_SHORTEST_HEAD, _CHANGED = 3, 2
"""A word begins like its stem but for the stem's last letters (`communiti`): others need not be looked at."""


class Marker:
    """Knows the words of one search when it sees them.

    Args:
        analyser: how text becomes terms.
        words: the search's words with their forms; fillers are not marked where there is anything else.
        languages: those of the entries.
    """

    def __init__(self, analyser: Analyser, words: Iterable[Word], languages: Iterable[str]) -> None:
        every = [*words]
        useful = [word for word in every if not word.typed.is_filler] or every
        forms = [form for word in useful for form in word.forms]
        self._terms = {term for form in forms if form.field == WORDS for term in form.terms}
        self._beginnings = tuple(term for form in forms if form.field != WORDS for term in form.terms)
        self._analyser = analyser
        self._languages = tuple(languages)
        self._known: dict[str, bool] = {}
        heads = sorted({re.escape(_head(term)) for term in (*self._terms, *self._beginnings)}, reverse=True)
        pairs = sorted(map(re.escape, filter(CJK.search, (*self._terms, *self._beginnings))), key=len, reverse=True)
        self._pairs = re.compile("|".join(pairs) or "(?!)")
        self._plain = re.compile(rf"(?<![^\W_])(?:{'|'.join(heads)}){_TAIL}", re.IGNORECASE)

    def marks(self, text: str) -> tuple[Mark, ...]:
        """Return the places of a text that answer the search."""
        if not self._terms and not self._beginnings:
            return ()
        spans = [match.span() for match in self._words_in(text) if self._is_meant(match[0])]
        numbers = [match.span() for match in NUMBER.finditer(text) if self._is_meant(match[0])]
        return tuple(sorted([*spans, *(number for number in numbers if not any(_is_within(s, number) for s in spans))]))

    def snippet(self, text: str) -> Marked:
        """Return a text's beginning; where no word of that answers the search, the part around the first that does."""
        text = text[:_READ]
        first = next((match.start() for match in self._matches(text)), 0)
        start = max(text.rfind(" ", 0, first - _LEAD) + 1, first - WIDTH // 2) if first > WIDTH - _LEAD else 0
        end = start + WIDTH
        if end < len(text):
            space = text.rfind(" ", first + 1, end)
            end = space if space > 0 else end
        shown = " ".join(text[start:end].split())
        line = f"{'… ' if start else ''}{shown}{' …' if end < len(text) else ''}"
        return Marked(line, self.marks(line))

    def _matches(self, text: str) -> Iterator[re.Match[str]]:
        """Yield words that answer the search; those that begin like a stem first, which are found soonest."""
        if not self._terms and not self._beginnings:
            return
        if not _ACCENTED.search(text):
            yield from (match for match in self._plain.finditer(text) if self._is_meant(match[0]))
            text = text[:_READ_CLOSELY]  # what does not begin like its stem is rare, and costs most to look for
        yield from (match for match in self._words_in(text) if self._is_meant(match[0]))

    def _words_in(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the words of a text; of Chinese and Japanese, which put no spaces between, those looked for."""
        if not CJK.search(text):
            yield from _TOKEN.finditer(text)
            return
        for token in _TOKEN.finditer(text):
            if CJK.search(token[0]):
                yield from self._pairs.finditer(text, token.start(), token.end())
            else:
                yield token

    def _is_meant(self, token: str) -> bool:
        known = self._known.get(token)
        if known is None:
            known = self._known[token] = self._look_up(token)
        return known

    def _look_up(self, token: str) -> bool:
        if not self._terms.isdisjoint(self._analyser.terms_of_token(token, self._languages)):
            return True
        plain = token.lower() if token.isascii() else folded(token)
        return plain.startswith(self._beginnings)


def _is_within(span: Mark, other: Mark) -> bool:
    return other[0] <= span[0] and span[1] <= other[1]


def _head(term: str) -> str:
    return term[: max(len(term) - _CHANGED, _SHORTEST_HEAD)]
