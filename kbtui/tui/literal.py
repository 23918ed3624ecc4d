"""The one way for words of a knowledge base to reach a widget: as they are, never as markup.

`[/]` in an entry would end the program in a notification, `[@click=...]` would become a
button and `- [x]` would lose its box, wherever a widget is handed a plain string
(DESIGN section 7). Escape sequences were taken out when the entry was loaded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rich.console import RenderableType
from textual.content import Content

_PREVIEW_CHARACTERS = 4_000
_LONGEST_MARKDOWN = 20_000


def literal(text: str, style: str = "") -> Content:
    """Return text as a widget shows it, in one style."""
    return Content.styled(text, style) if style else Content(text)


def marked(text: str, words: Sequence[str], style: str = "", mark: str = "bold $accent") -> Content:
    """Return text with the words of a search marked where a word of it begins like one of them."""
    content = literal(text, style)
    pattern = _beginnings(tuple(words))
    if pattern is None:
        return content
    for match in pattern.finditer(text):
        content = content.stylize(mark, match.start(), match.end())
    return content


@lru_cache(maxsize=8)
def _beginnings(words: tuple[str, ...]) -> re.Pattern[str] | None:
    useful = sorted({re.escape(_stem(word)) for word in words if len(word) > 1}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(useful)})\w*", re.IGNORECASE) if useful else None


def _stem(word: str) -> str:
    """Return the part of a word that its other forms share, roughly; the index knows better, this only marks."""
    return word[:-1] if len(word) > 4 and word[-1] in "se" else word


def markdown(text: str, *, is_preview: bool = False) -> RenderableType | Content:
    """Return Markdown, rendered; a giant one as plain text, since each block of Markdown costs milliseconds."""
    if is_preview and len(text) > _PREVIEW_CHARACTERS:
        text = text[:_PREVIEW_CHARACTERS] + "\n\n…"
    if len(text) > _LONGEST_MARKDOWN:
        return Content(text)
    from rich.markdown import Markdown

    from kbtui.entry.markdown import tokens

    rendered = Markdown("", hyperlinks=False)
    rendered.markup, rendered.parsed = text, tokens(text)
    return rendered
