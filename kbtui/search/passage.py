"""A text made ready to be looked through: what each search would work out anew while somebody types."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from kbtui.search.analysis import CJK
from kbtui.search.folding import folded

WIDTH = 160
"""Characters of a snippet, about two lines of a list."""

_READ = 8_000
"""Characters of an entry that are looked through for a snippet."""

LETTER = r"[^\W_][\u0300-\u036f]*"
TAIL = rf"(?:['\u2019&./_-]?{LETTER})*(?:\+{{1,2}}|#)?"
"""How a word goes on behind a letter of it."""

_ODD = re.compile(rf"(?<![^\W_])(?=[^\W\d_]*(?:\d|['\u2019&./_-][^\W_]|[+#])){LETTER}{TAIL}")
"""Words with digits or signs in them: these may not begin like their terms."""

_UNLIKE = re.compile("[\xe4\xf6\xfc\xdf\u0133\u0149\u01c6\u01c9\u01cc\u01f3]")
"""Letters of which more than one is made in terms, or may be: `stra\xdfe` is `strasse`, `\xfcber` may be `ueber`."""

_WORD = re.compile(LETTER + TAIL)
_UMLAUTS = str.maketrans({"\xe4": "ae", "\xf6": "oe", "\xfc": "ue"})

_WITHOUT = str.maketrans("", "", "'\u2019./_-")
"""Signs that no term has (`kbtui.search.analysis`)."""

_NOT_ONE = "\0"
"""Stands for a letter that is not looked for one by one: an accent by itself, Chinese, Korean; no text has it."""

_MOST_LETTERS = 5_000
"""Different letters that are known at most."""

_USUAL_CHUNKS: set[str] = set()
_MOST_CHUNKS = 20_000
"""What stood between two spaces and has been found to be no odd word; the same words come again and again."""


class Passage(NamedTuple):
    """A text made ready.

    Attributes:
        plain: the text letter for letter, without case and accents; None where that cannot be.
        words: the text in lower case; letter for letter, unless `plain` is None.
        odd: as terms have them, its words that may not begin like their terms, but for their signs.
        opening: its first `WIDTH` characters at most, whole words; of a text as short as a question all of it.
    """

    text: str
    plain: str | None
    words: str
    odd: str
    opening: str


EMPTY = Passage("", "", "", "", "")


def beginning(text: str) -> Passage:
    """Return what is looked through of a long text, its lines run into one."""
    text = " ".join(text[:_READ].split())
    return _made_ready(text, _opening(text))


def passage(text: str) -> Passage:
    """Return a short text, such as a question, made ready as it stands."""
    return _made_ready(text, text)


def _made_ready(text: str, opening: str) -> Passage:
    words = text.lower()
    plain = words if text.isascii() else words.translate(_PLAIN)
    if len(plain) != len(text) or _NOT_ONE in plain:
        return Passage(text, None, words, "", opening)
    odd = {chunk for chunk in {*words.split()} - _USUAL_CHUNKS if odd_tokens(chunk)}
    return Passage(text, plain, words, " ".join(_as_terms(chunk) for chunk in sorted(odd)), opening)


def _opening(text: str) -> str:
    if len(text) <= WIDTH:
        return text
    space = text.rfind(" ", 0, WIDTH)
    return text[: space if space > 0 else WIDTH]


class _Plain(dict[int, str]):
    """What stands for each character where words are looked for; what a character is is found out once."""

    def __missing__(self, code: int) -> str:
        if len(self) > _MOST_LETTERS:
            self.clear()
        self[code] = found = self._of(chr(code))
        return found

    @staticmethod
    def _of(character: str) -> str:
        if not character.isalnum():
            return _NOT_ONE if unicodedata.category(character).startswith("M") else character
        one = folded(character)
        if len(one) == 1 and not CJK.match(one):
            return one
        return character if _UNLIKE.match(character) else _NOT_ONE


_PLAIN = _Plain()


@lru_cache(maxsize=20_000)
def odd_tokens(chunk: str) -> tuple[tuple[int, int, str], ...]:
    """Return the words in what stands between two spaces, each with its place, if one may not begin like its terms."""
    if _ODD.search(chunk) or (not chunk.isascii() and _UNLIKE.search(chunk)):
        return tuple((*match.span(), match[0]) for match in _WORD.finditer(chunk))
    if len(_USUAL_CHUNKS) > _MOST_CHUNKS:
        _USUAL_CHUNKS.clear()
    _USUAL_CHUNKS.add(chunk)
    return ()


def _as_terms(chunk: str) -> str:
    """Return an odd word in every form that a term of it may have."""
    if chunk.isascii():
        return chunk.translate(_WITHOUT)
    forms = dict.fromkeys(folded(form).translate(_WITHOUT) for form in (chunk, chunk.translate(_UMLAUTS)))
    return " ".join(forms)
