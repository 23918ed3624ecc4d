"""Where the words of a search stand in a text, and the few lines around the first of them.

Marking goes by terms, so that another form of a word, its beginning or the spelling that
was meant is marked as well as the word itself.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from kbtui.search.analysis import CJK, NUMBER, Analyser
from kbtui.search.folding import folded
from kbtui.search.forms import Word
from kbtui.search.result import Mark
from kbtui.search.schema import WORDS

WIDTH = 160
"""Characters of a snippet, about two lines of a list."""

_LEAD = 40
_READ = 8_000
"""Characters of an entry that are looked through for a snippet."""

_LETTER = r"[^\W_][\u0300-\u036f]*"
_TAIL = rf"(?:['\u2019&./_-]?{_LETTER})*(?:\+{{1,2}}|#)?"
_TOKEN = re.compile(rf"{_LETTER}{_TAIL}")
_ODD = re.compile(rf"(?<![^\W_])(?=[a-z]*(?:[0-9]|['\u2019&./_-][a-z0-9]|[+#])){_LETTER}{_TAIL}")
"""Words with digits or signs in them, in lower case: these may not begin like their terms."""

_SIGNS = "'\u2019&./_-+#"

_ACCENTED = re.compile("[^\x00-\x7f\u2010-\u2027\u20a0-\u20bf]")
"""Letters that may be written in more than one way; dashes, quotes and signs of money are none."""

_USUAL_CHUNKS: set[str] = set()
_MOST_CHUNKS = 20_000
"""What stood between two spaces and has been found to be no odd word; the same words come again and again."""

_SHORTEST_HEAD, _CHANGED = 3, 2
"""A word of letters begins like its stem but for the stem's last letters (`communiti`): others are not looked at.

Of a stem as short as that only the first letter is sure: `skies` is `sky`, `dying` is `die`.
"""


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
        self._heads = {_head(term) for term in (*self._terms, *self._beginnings)}
        heads = sorted(map(re.escape, self._heads), reverse=True)
        pairs = sorted(map(re.escape, filter(CJK.search, (*self._terms, *self._beginnings))), key=len, reverse=True)
        self._pairs = re.compile("|".join(pairs) or "(?!)")
        begun = "|".join(
            rf"{head}(?<![^\W_]{head})" for head in heads
        )  # letters first: what begins otherwise is skipped
        self._plain = re.compile(rf"(?:{begun}){_TAIL}")
        self._has_numbers = any(term.isdigit() for term in self._terms)

    def marks(self, texts: Sequence[str]) -> list[tuple[Mark, ...]]:
        """Return the places of each text that answer the search; all texts are gone through in one go."""
        if not self._terms and not self._beginnings:
            return [()] * len(texts)
        found: dict[str, tuple[Mark, ...]] = {}
        plain = [*dict.fromkeys(text for text in texts if _is_plain(text))]
        start, spans = 0, self._spans("\n".join(plain).lower()) if plain else deque()
        for text in plain:
            end, here = start + len(text), []
            while spans and spans[0][0] < end:
                first, last = spans.popleft()
                here.append((first - start, last - start))
            found[text], start = tuple(here), end + 1
        for text in texts:
            if text not in found:
                found[text] = self._marks_of_odd(text)
        return [found[text] for text in texts]

    def line(self, text: str) -> str:
        """Return a text's beginning; where no word of that answers the search, the part around the first that does."""
        text = text[:_READ]
        first = self._first(text)
        start = max(text.rfind(" ", 0, first - _LEAD) + 1, first - WIDTH // 2) if first > WIDTH - _LEAD else 0
        end = start + WIDTH
        if end < len(text):
            space = text.rfind(" ", first + 1, end)
            end = space if space > 0 else end
        shown = " ".join(text[start:end].split())
        return f"{'… ' if start else ''}{shown}{' …' if end < len(text) else ''}"

    def _spans(self, text: str) -> deque[Mark]:
        """Return the places of a plain text, in lower case, in order."""
        meant = self._is_meant
        spans = [match.span() for match in self._plain.finditer(text) if meant(match[0])]
        spans += self._odd(text)
        return deque(self._with_numbers(text, _apart(spans)))

    def _marks_of_odd(self, text: str) -> tuple[Mark, ...]:
        spans = (match.span() for match in self._words_in(text) if self._is_meant(match[0]))
        return tuple(self._with_numbers(text, _apart(spans)))

    def _with_numbers(self, text: str, spans: list[Mark]) -> list[Mark]:
        if not self._has_numbers:
            return spans
        numbers = [match.span() for match in NUMBER.finditer(text) if self._is_meant(match[0])]
        return sorted([*spans, *(number for number in numbers if not any(_is_within(s, number) for s in spans))])

    def _first(self, text: str) -> int:
        """Return where the first word stands that answers the search, or 0; one that begins like a term comes first."""
        if not self._terms and not self._beginnings:
            return 0
        if not _is_plain(text):
            return next((match.start() for match in self._words_in(text) if self._is_meant(match[0])), 0)
        text = text.lower()
        for match in self._plain.finditer(text):
            if self._is_meant(match[0]):
                return match.start()
        return min(self._odd(text), default=(0, 0))[0] if self._may_be_odd(text) else 0

    def _odd(self, text: str) -> list[Mark]:
        """Return where words with digits or signs in them stand that answer the search, in a text in lower case."""
        found: list[Mark] = []
        for chunk in {*text.split()} - _USUAL_CHUNKS:
            spans = [(start, end) for start, end, token in _odd_tokens(chunk) if self._is_meant(token)]
            place = text.find(chunk) if spans else -1
            while place >= 0:
                found += [(place + start, place + end) for start, end in spans if _is_chunk(text, place, chunk)]
                place = text.find(chunk, place + 1)
        return found

    def _may_be_odd(self, text: str) -> bool:
        """Whether a word may stand in a text with signs between its letters; soon said, for most texts."""
        for sign in _SIGNS:
            text = text.replace(sign, "")
        return any(head in text for head in self._heads)

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


def _is_plain(text: str) -> bool:
    return text.isascii() or not _ACCENTED.search(text)


@lru_cache(maxsize=20_000)
def _odd_tokens(chunk: str) -> tuple[tuple[int, int, str], ...]:
    """Return the words with digits or signs in what stands between two spaces, each with its place."""
    found = tuple((*match.span(), match[0]) for match in _ODD.finditer(chunk))
    if not found:
        if len(_USUAL_CHUNKS) > _MOST_CHUNKS:
            _USUAL_CHUNKS.clear()
        _USUAL_CHUNKS.add(chunk)
    return found


def _is_chunk(text: str, place: int, chunk: str) -> bool:
    """Whether a chunk stands between spaces where it was found."""
    end = place + len(chunk)
    return (place == 0 or text[place - 1].isspace()) and (end == len(text) or text[end].isspace())


def _is_within(span: Mark, other: Mark) -> bool:
    return other[0] <= span[0] and span[1] <= other[1]


def _apart(spans: Iterable[Mark]) -> list[Mark]:
    """Return spans in order without those that lie in another: `ERR-4012` is one word, not its number too."""
    found: list[Mark] = []
    for span in sorted(spans, key=lambda each: (each[0], -each[1])):
        if not found or span[0] >= found[-1][1]:
            found.append(span)
    return found


def _head(term: str) -> str:
    return term[: max(len(term) - _CHANGED, _SHORTEST_HEAD)] if len(term) > _SHORTEST_HEAD else term[:1]
