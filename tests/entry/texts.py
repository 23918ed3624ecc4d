"""What people and machines type: strategies for the words of an entry, and the settings of the property tests."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from kbtui.entry.text import one_line, printable

thorough = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
quick = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])

ENTRY_ID = "abcdefgh"

YAML_SURPRISES = (
    *("no", "yes", "on", "off", "y", "n", "true", "False", "null", "~", "12:30", "1:2:3", "007", "0o7", "0x1F", "1e3"),
    *("1_000", ".5", "+1", "-1", "3.", ".inf", ".NaN", "2026-01-01", "2026-01-01 10:00:00", "1,000", "=", "<<"),
    *(
        "- x",
        "-",
        "--",
        "---",
        "...",
        "#y",
        "a #b",
        "a: b",
        "a:",
        ":a",
        "?",
        "? a",
        "[a]",
        "[",
        "]",
        "{a: b}",
        "{",
        "}",
    ),
    *(
        "a, b",
        ",",
        "&a",
        "*a",
        "!a",
        "!!str a",
        "%a",
        "@a",
        "`a",
        "|",
        ">",
        "> a",
        '"',
        "'",
        "''",
        "it's",
        '"a" b',
        "a'",
    ),
    *("\\", "a\\", "\\n", "\\x41", "é", "ÿ", "日本", "😀", "👩‍👧", "a\u00a0b", "\u0085", "\u2028", "\ufffd", "²", "١٢"),
)

MARKDOWN_SPECIALS = (
    *("#", "##", "# a", "## b", "### c", "#a", "a #", "====", "----", "***", "* a", "- a", "+ a", "1. a", "> a", ">"),
    *("```", "````", "```py", "~~~", "    code", "\tcode", "`a`", "`", "``a", "*a*", "**a", "_a_", "~~a~~", "~~~~ x"),
    *("[a](b)", "[a]", "[a]: /b", "![i](j)", "<http://a.b>", "<b>", "</b>", "<!-- c -->", "<!--", "-->", "<div>"),
    *("<pre>", "</pre>", "<script>", "<style>", "<textarea>", "<?php", "<!DOCTYPE", "<![CDATA[", "&amp;", "&#35;"),
    *("&lt", "\\", "\\#", "| a | b |", "|---|---|", "a  ", "a\\", "- ```", "> ```", "- <!--", "  - a", "   ## d"),
)

HOSTILE = (
    *("\x1b[31m", "\x1b]52;c;ZXZpbA==\x07", "\x9b2J", "\x00", "\x07", "\x7f", "\x1b", "\u202e", "\u2066", "\ufeff"),
    *("\r", "\r\n", "\v", "\f", "\x1c", "\u200b", "\u200d", "\U000e0041", "\ud800", "\udc80", "\ufffe"),
    *("&#x202e;", "&rlm;", "&shy;", "&#x20", "&#82", "2e;", "38;", "&", ";"),
)

any_text = st.text(st.characters(), max_size=40)
"""Text of any characters, lone surrogates included."""

_pieces = st.sampled_from((*YAML_SURPRISES, *MARKDOWN_SPECIALS, *HOSTILE, "word", "two words", " ", "  ", "\t"))

lines = st.one_of(
    _pieces,
    any_text,
    st.lists(_pieces, max_size=4).map("".join),
    st.lists(_pieces, max_size=4).map(" ".join),
)
"""One line, mostly: any of the above alone or beside each other."""

blocks = st.one_of(lines, st.lists(lines, max_size=6).map("\n".join), st.lists(lines, max_size=4).map("\n\n".join))
"""What is typed into a box of several lines."""

words = st.lists(st.text("abcdefghijklmnopqrstuvwxyzäöüßéABCDEFG", min_size=1, max_size=8), min_size=1, max_size=5).map(
    " ".join
)
"""What nobody could misread."""

values = st.one_of(words, st.sampled_from([s for s in YAML_SURPRISES if s == one_line(s) != ""]))
"""A value for one key, on one line, that must never be refused."""


def as_block(text: str) -> str:
    """Return what is kept of a text of several lines: no controls, no white space at the ends of lines."""
    return "\n".join(line.rstrip() for line in printable(text).split("\n")).strip("\n")


def composed(text: str) -> str:
    """Return `text` in NFC, the form in which titles are stored."""
    return unicodedata.normalize("NFC", text)


_VISIBLE_FORMAT = "".join(
    map(chr, (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD))
) + "".join(map(chr, range(0x13430, 0x13440)))
"""Arabic, Syriac and Kaithi signs that Unicode counts as format characters and that are seen; Egyptian joiners."""


def is_harmless(text: str) -> bool:
    """Whether nothing in `text` is a control, an invisible or bidirectional format character, or half a pair."""
    return all(map(_is_harmless, set(text)))


def _is_harmless(character: str) -> bool:
    if character in "\n\t\u200c\u200d":
        return True
    category = unicodedata.category(character)
    return category not in ("Cc", "Cs", "Zl", "Zp") and (category != "Cf" or character in _VISIBLE_FORMAT)


_ENDS = re.compile(r"`{3,}|~{3,}|-->|</(?:pre|script|style|textarea)>|\?>|\]\]>|>")


def is_said(found: str, typed: str) -> bool:
    """Whether `found` is `typed`, or `typed` and one more line that closes the block it ends in."""
    if composed(found) == composed(typed):
        return True
    *kept, last = found.split("\n")
    return composed("\n".join(kept)) == composed(typed) and _ENDS.fullmatch(last) is not None


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail where the block takes longer than `seconds`: a bound against runaway work, not a benchmark."""
    started = time.perf_counter()
    yield
    spent = time.perf_counter() - started
    assert spent < seconds, f"took {spent:.1f} s"
