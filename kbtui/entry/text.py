"""Words from outside, made harmless once, when they are loaded.

A knowledge base, a git history and a remote can carry escape sequences that write to
the clipboard, move the cursor or reverse the reading direction (FAULTS 72). `printable`
takes them out before anything else looks at the text, so that no widget and no terminal
ever has to. It never adds or removes a line, so line numbers stay those of the file.
"""

from __future__ import annotations

import re
import unicodedata

# Plain strings are compiled by `re` when they are first used, and kept by it: most texts have nothing of the kind.
_ESCAPE_SEQUENCE = r"""(?x)
      (?: \x1b\] | \x9d ) [^\x07\x1b\x9c\n]* (?: \x07 | \x1b\\ | \x9c )?           # OSC: titles, links, clipboard
    | (?: \x1b[PX^_] | [\x90\x98\x9e\x9f] ) [^\x1b\x9c\n]* (?: \x1b\\ | \x9c )?    # DCS, SOS, PM, APC
    | (?: \x1b\[ | \x9b ) [0-?]* [ -/]* [@-~]?                                     # CSI: colours, cursor
    | \x1b [ -/]* [0-~]?                                                           # every other escape
"""
_FOREIGN_BREAK = "[\r\v\f\x85\u2028\u2029]"
"""Line breaks that neither git nor Markdown counts as such: they become spaces."""

_INVISIBLE = (
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
"""Controls, bidirectional overrides and invisible format characters (Unicode category Cf).

Zero-width joiners (U+200C, U+200D) stay: Persian and emoji are unreadable without them.
"""

_SURROGATE = "[\ud800-\udfff]"
_SUSPECT = re.compile(f"{_FOREIGN_BREAK[:-1]}{_INVISIBLE[1:-1]}\ud800-\udfff]")
_ENDS_IN_Y = "(?<=[^aeiou])y$"
_SPACES = re.compile(r"\s+")
_REFERENCE = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
"""A character written as `&#x202e;` or `&rlm;`: Markdown turns it into the character itself."""


def printable(text: str) -> str:
    """Return `text` with nothing in it but printable characters, newlines and tabs.

    Whole escape sequences go, not just their first byte; bytes that were no UTF-8
    become U+FFFD. The number of newlines never changes.
    """
    if "\r\n" in text:
        text = text.replace("\r\n", "\n")
    if "&" not in text:
        return _without_controls(text)
    before = None
    while before != text:  # what is taken out may have held the halves of another reference apart
        before, text = text, re.sub(_REFERENCE, _harmless_reference, _without_controls(text))
    return text


def _without_controls(text: str) -> str:
    if _SUSPECT.search(text) is None:
        return text
    text = re.sub(_ESCAPE_SEQUENCE, "", text)
    text = re.sub(_FOREIGN_BREAK, " ", text)
    text = re.sub(_INVISIBLE, "", text)
    return re.sub(_SURROGATE, "\ufffd", text)


def _harmless_reference(match: re.Match[str]) -> str:
    """Keep a character reference unless it stands for something that would be taken out."""
    import html  # its table of names takes longer to load than most texts to read, and few have references

    return "" if _SUSPECT.search(html.unescape(match[0])) else match[0]


def one_line(text: str) -> str:
    """Return `text` as one printable line: runs of white space become single spaces."""
    return _SPACES.sub(" ", printable(text)).strip()


def normal(text: str) -> str:
    """Return the form in which two texts are compared: one line, without case, in one Unicode form."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", one_line(text)).casefold())


def age(seconds: int) -> str:
    """Return how long ago something was, in a few letters; a clock that was ahead makes it today."""
    days = seconds // 86_400
    if days < 1:
        return "today"
    for size, one, many in ((365, "a year", "years"), (30, "a month", "months"), (7, "a week", "weeks")):
        if days >= size:
            return one if days < 2 * size else f"{days // size} {many}"
    return "yesterday" if days == 1 else f"{days} days"


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with what it counts: `1 entry`, `2 entries`, `0 entries`.

    Args:
        one: what one of them is called, with whatever else in the sentence changes with the number ("caller waits").
        many: the same of any other number; left out, it is made as English words usually are.
    """
    return f"{number} {one if number == 1 else many or re.sub(_ENDS_IN_Y, 'ie', one) + 's'}"


def clipped(text: str, width: int) -> str:
    """Return `text` cut to `width` characters, the last one an ellipsis where it was cut."""
    return text if len(text) <= width else text[: max(width - 1, 0)].rstrip() + "…"
