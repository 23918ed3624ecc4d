"""Where the words of a search stand in a text, and the few lines around the first of them.

Marking goes by terms, so that another form of a word, its beginning or the spelling that
was meant is marked as well as the word itself. A word mostly begins like its term, so texts
are looked at where one begins like that: `str.find` is there sooner than any pattern.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import islice

from kbtui.search.analysis import CJK, NUMBER, Analyser
from kbtui.search.folding import folded
from kbtui.search.forms import Word
from kbtui.search.passage import LETTER, TAIL, WIDTH, Passage, odd_tokens
from kbtui.search.result import Mark, Marked
from kbtui.search.schema import WORDS

_LEAD = 40

_TOKEN = re.compile(LETTER + TAIL)
_tail = re.compile(TAIL).match

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
        self._beginnings = tuple({term for form in forms if form.field != WORDS for term in form.terms})
        self._analyser = analyser
        self._languages = tuple(languages)
        self._known: dict[str, bool] = {}
        heads = _shortest({_head(term) for term in (*self._terms, *self._beginnings)})
        self._every_head = heads
        self._heads = tuple((head, len(head)) for head in heads if len(head) > 1)
        self._letter = _begun_with("".join(head for head in heads if len(head) == 1))
        self._has_numbers = any(term.isdigit() for term in self._terms)

    def marks(self, texts: Sequence[Passage]) -> list[list[Mark]]:
        """Return the places in the opening of each text that answer the search; they are gone through in one go."""
        begun = self._begun_in(texts)
        if self._has_numbers:
            return [
                self._with_others(text, 0, len(text.opening), spans) for text, spans in zip(texts, begun, strict=True)
            ]
        return [
            self._with_others(text, 0, len(text.opening), spans)
            if text.odd or text.plain is None or len(spans) > 1
            else spans
            for text, spans in zip(texts, begun, strict=True)
        ]

    def line(self, body: Passage, marks: list[Mark]) -> Marked:
        """Return a text's opening; where no word of that answers the search, the part around the first that does.

        Args:
            marks: the places in its opening that do.
        """
        first = marks[0][0] if marks else self._first(body)
        if first > WIDTH - _LEAD or (first and not marks):
            return self._around(body, first)
        is_all = len(body.opening) == len(body.text)
        return Marked(body.opening if is_all else f"{body.opening} …", tuple(marks))

    def _around(self, body: Passage, first: int) -> Marked:
        text = body.text
        start = max(text.rfind(" ", 0, max(first - _LEAD, 0)) + 1, first - WIDTH // 2)
        end = start + WIDTH
        if end < len(text):
            space = text.rfind(" ", first + 1, end)
            end = space if space > 0 else end
        before, behind = "… " if start else "", " …" if end < len(text) else ""
        shift = len(before) - start
        marks = [(begin + shift, close + shift) for begin, close in self._spans(body, start, end)]
        return Marked(f"{before}{text[start:end]}{behind}", tuple(marks))

    def is_meant(self, token: str) -> bool:
        """Whether a word of a text answers the search."""
        known = self._known.get(token)
        if known is None:
            known = self._known[token] = self._look_up(token)
        return known

    def _spans(self, body: Passage, start: int, end: int) -> list[Mark]:
        """Return the places between two places of a text that answer the search."""
        begun = [] if body.plain is None else self._begun(body.plain, body.words, start, end)
        return self._with_others(body, start, end, begun)

    def _with_others(self, body: Passage, start: int, end: int, spans: list[Mark]) -> list[Mark]:
        """Add to the places of a plain text where words begin like terms those where others stand."""
        if body.plain is None:
            spans = [match.span() for match in self._words_in(body.text, start, end) if self.is_meant(match[0])]
        elif body.odd and self._may_be_among(body.odd):
            spans += self._odd(body.words, start, end)
        if len(spans) > 1:
            spans = _apart(spans)
        return self._with_numbers(body.text, start, end, spans) if self._has_numbers else spans

    def _begun_in(self, texts: Sequence[Passage]) -> Iterator[list[Mark]]:
        """Yield, for each text, where words stand in its opening that begin like a term and answer the search."""
        openings = [text.plain[: len(text.opening)] if text.plain is not None else "" for text in texts]
        plain = words = "\n".join(openings)
        if any(text.words is not text.plain for text in texts):
            words = "\n".join([text.words[: len(opening)] for text, opening in zip(texts, openings, strict=True)])
        spans = deque(sorted(self._begun(plain, words, 0, len(plain))))
        start = 0
        for opening in openings:
            end, found = start + len(opening), []
            while spans and spans[0][0] < end:
                begin, close = spans.popleft()
                found.append((begin - start, close - start))
            yield found
            start = end + 1

    def _with_numbers(self, text: str, start: int, end: int, spans: list[Mark]) -> list[Mark]:
        numbers = [match.span() for match in NUMBER.finditer(text, start, end) if self.is_meant(match[0])]
        return sorted([*spans, *(number for number in numbers if not any(_overlap(span, number) for span in spans))])

    def _first(self, body: Passage) -> int:
        """Return where the first word stands that answers the search, or 0; one that begins like a term comes first."""
        end = len(body.text)
        if body.plain is None:
            words = self._words_in(body.text, 0, end)
            return next((match.start() for match in words if self.is_meant(match[0])), 0)
        if first := self._begun(body.plain, body.words, 0, end, only_first=True):
            return first[-1][0]
        return min(self._odd(body.words, 0, end), default=(0, 0))[0] if self._may_be_among(body.odd) else 0

    def _begun(self, text: str, words: str, start: int, end: int, *, only_first: bool = False) -> list[Mark]:
        """Return where words stand that begin like a term and answer the search.

        Every row of every search comes through here, with every key.

        Args:
            text: letters without case and accents.
            words: the same letters with their accents.
            only_first: nothing behind the first of them is looked for; it is the last of what is returned.
        """
        found: list[Mark] = []
        find, known, until = text.find, self._known.get, end
        for head, size in self._heads:
            place = find(head, start, until)
            while place >= 0:
                behind = place + size
                if not place or not text[place - 1].isalnum():
                    behind = _tail(text, behind, end).end()  # type: ignore[union-attr] # it always matches
                    token = words[place:behind]
                    is_meant = known(token)
                    if is_meant or (is_meant is None and self.is_meant(token)):
                        found.append((place, behind))
                        if only_first:
                            until = place
                            break
                place = find(head, behind, until)
        if self._letter:
            places = (match.span() for match in self._letter.finditer(text, start, until))
            spans = ((begin, close) for begin, close in places if self.is_meant(words[begin:close]))
            found += islice(spans, 1) if only_first else spans
        return found

    def _may_be_among(self, odd: str) -> bool:
        """Whether a word with signs between its letters may be meant; soon said, for most texts."""
        for head in self._every_head:  # noqa: SIM110 - `any` takes three times as long, for each row
            if head in odd:
                return True
        return False

    def _odd(self, text: str, start: int, end: int) -> list[Mark]:
        """Return where words with digits or signs in them stand that answer the search, in a text in lower case."""
        found: list[Mark] = []
        for chunk in {*text[start:end].split()}:
            spans = [(begin, close) for begin, close, token in odd_tokens(chunk) if self.is_meant(token)]
            place = text.find(chunk, start, end) if spans else -1
            while place >= 0:
                found += [(place + begin, place + close) for begin, close in spans if _is_chunk(text, place, chunk)]
                place = text.find(chunk, place + 1, end)
        return found

    def _words_in(self, text: str, start: int, end: int) -> Iterator[re.Match[str]]:
        """Yield words between two places; of Chinese and Japanese, which put no spaces between, those looked for."""
        if not CJK.search(text, start, end):
            yield from _TOKEN.finditer(text, start, end)
            return
        for token in _TOKEN.finditer(text, start, end):
            if CJK.search(token[0]):
                yield from self._pairs.finditer(text, token.start(), token.end())
            else:
                yield token

    @cached_property
    def _pairs(self) -> re.Pattern[str]:
        pairs = sorted(map(re.escape, filter(CJK.search, (*self._terms, *self._beginnings))), key=len, reverse=True)
        return re.compile("|".join(pairs) or "(?!)")

    def _look_up(self, token: str) -> bool:
        if not self._terms.isdisjoint(self._analyser.terms_of_token(token, self._languages)):
            return True
        plain = token.lower() if token.isascii() else folded(token)
        return plain.startswith(self._beginnings)


@lru_cache(maxsize=100)
def _begun_with(letters: str) -> re.Pattern[str] | None:
    """Return what matches words that begin with one of some letters, if there are any.

    The letter comes before the look behind it, so that what begins otherwise is skipped.
    """
    letter = f"[{re.escape(letters)}]" if len(letters) > 1 else re.escape(letters)
    return re.compile(rf"{letter}(?<![^\W_]{letter}){TAIL}") if letters else None


def _is_chunk(text: str, place: int, chunk: str) -> bool:
    """Whether a chunk stands between spaces where it was found."""
    end = place + len(chunk)
    return (place == 0 or text[place - 1].isspace()) and (end == len(text) or text[end].isspace())


def _overlap(span: Mark, other: Mark) -> bool:
    """Whether two spans have a character in common: `ERR-4012 (2024)` is a code with the beginning of a number."""
    return span[0] < other[1] and other[0] < span[1]


def _apart(spans: Iterable[Mark]) -> list[Mark]:
    """Return spans in order without those that lie in another: `ERR-4012` is one word, not its number too."""
    found: list[Mark] = []
    for span in sorted(spans, key=lambda each: (each[0], -each[1])):
        if not found or span[0] >= found[-1][1]:
            found.append(span)
    return found


def _head(term: str) -> str:
    return term[: max(len(term) - _CHANGED, _SHORTEST_HEAD)] if len(term) > _SHORTEST_HEAD else term[:1]


def _shortest(heads: Iterable[str]) -> tuple[str, ...]:
    """Return heads without those that begin like another: what begins with them is found anyway."""
    found: list[str] = []
    for head in sorted(heads):
        if not found or not head.startswith(found[-1]):
            found.append(head)
    return tuple(found)
