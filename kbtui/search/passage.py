"""A text made ready to be looked through: what each search would work out anew while somebody types."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

WIDTH = 160
"""Characters of a snippet, about two lines of a list."""

_READ = 8_000
"""Characters of an entry that are looked through for a snippet."""

LETTER = r"[^\W_][\u0300-\u036f]*"
TAIL = rf"(?:['\u2019&./_-]?{LETTER})*(?:\+{{1,2}}|#)?"
"""How a word goes on behind a letter of it."""

_ODD = re.compile(rf"(?<![^\W_])(?=[a-z]*(?:[0-9]|['\u2019&./_-][a-z0-9]|[+#])){LETTER}{TAIL}")
"""Words with digits or signs in them, in lower case: these may not begin like their terms."""

_ACCENTED = re.compile("[^\x00-\x7f\u2010-\u2027\u20a0-\u20bf]")
"""Letters that may be written in more than one way; dashes, quotes and signs of money are none."""

_WITHOUT = str.maketrans("", "", "'\u2019./_-")
"""Signs that no term has (`kbtui.search.analysis`)."""

_USUAL_CHUNKS: set[str] = set()
_MOST_CHUNKS = 20_000
"""What stood between two spaces and has been found to be no odd word; the same words come again and again."""


class Passage(NamedTuple):
    """A text made ready.

    Attributes:
        lower: the text in lower case, letter for letter; None where its letters may be written in more than one way.
        odd: its words with digits or signs in them, in lower case and without the signs.
        opening: its first `WIDTH` characters at most, whole words; of a text as short as a question all of it.
    """

    text: str
    lower: str | None
    odd: str
    opening: str


EMPTY = Passage("", "", "", "")


def beginning(text: str) -> Passage:
    """Return what is looked through of a long text, its lines run into one."""
    text = " ".join(text[:_READ].split())
    return _made_ready(text, _opening(text))


def passage(text: str) -> Passage:
    """Return a short text, such as a question, made ready as it stands."""
    return _made_ready(text, text)


def _made_ready(text: str, opening: str) -> Passage:
    if not text.isascii() and _ACCENTED.search(text):
        return Passage(text, None, "", opening)
    lower = text.lower()
    odd = sorted(chunk for chunk in {*lower.split()} - _USUAL_CHUNKS if odd_tokens(chunk))
    return Passage(text, lower, " ".join(odd).translate(_WITHOUT), opening)


def _opening(text: str) -> str:
    if len(text) <= WIDTH:
        return text
    space = text.rfind(" ", 0, WIDTH)
    return text[: space if space > 0 else WIDTH]


@lru_cache(maxsize=20_000)
def odd_tokens(chunk: str) -> tuple[tuple[int, int, str], ...]:
    """Return the words with digits or signs in what stands between two spaces, each with its place."""
    found = tuple((*match.span(), match[0]) for match in _ODD.finditer(chunk))
    if not found:
        if len(_USUAL_CHUNKS) > _MOST_CHUNKS:
            _USUAL_CHUNKS.clear()
        _USUAL_CHUNKS.add(chunk)
    return found
