"""The form in which letters are compared, the same for what is indexed, what is typed, and lists of words.

A module of its own because both the terms and the lists of words that say little need it.
"""

from __future__ import annotations

import re
import unicodedata

SIGNS = str.maketrans(
    dict.fromkeys("\u2019\u2018\u02bc\u00b4`\uff07", "'") | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
)
"""Apostrophes and dashes as text processors make them, and as they are typed."""

_LETTERS_JOINED = re.compile(r"(?<!\w)(\w) & (\w)(?!\w)")


def folded(text: str) -> str:
    """Return text in the form in which letters are compared: no case, no accents, plain apostrophes."""
    text = unicodedata.normalize("NFKC", text).translate(SIGNS).casefold()
    if " & " in text:
        text = _LETTERS_JOINED.sub(r"\1&\2", text)
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
