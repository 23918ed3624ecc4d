"""What a person typed, taken apart: words, and the few signs that narrow a search for those who know them.

Nobody needs them (F4): `tag:billing`, `state:open`, `owner:lena`, `owner:me`, `due:now`, `"these words in this
order"` and `-without` do what they say, and whatever is none of these is a word, such as
`http:`, a lone quote or a dash between two words.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kbtui.search.analysis import Analyser

KEYS = ("tag", "state", "owner", "due")
"""What entries can be narrowed by."""

ME, NOW = "me", "now"
"""`owner:me` is whoever searches; `due:now` is what is due for a check, `due:2027-01-31` what is by that day."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")

_QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"'})
_SIGNS = re.compile('[-:"\u201c\u201d\u201e\u00ab\u00bb]')
_PART = re.compile(r'(?P<dash>-)?(?:(?P<key>[A-Za-z]+):)?(?:"(?P<quoted>[^"]+)"|(?P<bare>\S+))')


class Filter(NamedTuple):
    """One narrowing: `key` is one of `KEYS`, `written` is how it was typed."""

    key: str
    value: str
    written: str

    @property
    def flag(self) -> str:
        """The term of the field of flags that an entry must have."""
        return flag(self.key, self.value)

    @property
    def is_mine(self) -> bool:
        """Whether whoever searches is meant."""
        return self.key == "owner" and self.value.lower() == ME

    def due_by(self, today: str) -> str:
        """Return the day, ISO, by which entries are due; empty where that is not what is asked."""
        if self.key != "due":
            return ""
        return today if self.value.lower() == NOW else self.value if _DAY.fullmatch(self.value) else ""


class Typed(NamedTuple):
    """A search taken apart.

    Attributes:
        words: what to look for; the words of phrases are among them.
        phrases: words that must stand in this order.
        without: words that must not be there.
    """

    words: str
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()

    def with_words(self, more: list[str]) -> Typed:
        """Return the search with filters that narrow nothing taken as words."""
        kept = tuple(each for each in self.filters if each.written not in more)
        return Typed(" ".join([self.words, *more]).strip(), self.phrases, self.without, kept)


class _Parts:
    def __init__(self) -> None:
        self.words: list[str] = []
        self.phrases: list[str] = []
        self.without: list[str] = []
        self.filters: list[Filter] = []

    def take(self, part: re.Match[str]) -> None:
        key = (part["key"] or "").lower()
        value = part["quoted"] or part["bare"]
        if key in KEYS and not part["dash"]:
            self.filters.append(Filter(key, value, part[0]))
        elif part["dash"] and not part["key"] and value[0].isalpha():
            self.without.append(value)
        elif part["quoted"] and not part["key"] and not part["dash"]:
            self.phrases.append(value)
            self.words.append(value)
        else:
            self.words.append(part[0])


def take_apart(text: str) -> Typed:
    """Return the parts of a search; never fails."""
    if not _SIGNS.search(text):
        return Typed(" ".join(text.split()))
    parts = _Parts()
    for part in _PART.finditer(text.translate(_QUOTES)):
        parts.take(part)
    if parts.without and not (parts.words or parts.filters):
        parts.words, parts.without = [*parts.without], []
    return Typed(" ".join(parts.words), tuple(parts.phrases), tuple(parts.without), tuple(parts.filters))


def flag(key: str, value: str) -> str:
    """Return the term under which entries with this value of `key` are indexed."""
    words = Analyser.key(value).replace("-", " ") or "".join(value.split())  # a tag may be a sign and nothing else
    return f"{key}:{words[:64]}"
