"""Markdown to be shown: the parsed form, in which HTML is nothing but the text it is written with.

`<customer name>` in an answer is a blank to be filled in, not a tag; and a tag that only
closes must not end a program that renders it.
"""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"])


def tokens(text: str) -> list[Token]:
    """Return the tokens of a Markdown text, without any for HTML."""
    return _parser().parse(text)
