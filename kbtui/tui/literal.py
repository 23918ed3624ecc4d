"""The one way for words of a knowledge base to reach a widget: as they are, never as markup.

`[/]` in an entry would end the program in a notification, `[@click=...]` would become a
button and `- [x]` would lose its box, wherever a widget is handed a plain string
(DESIGN section 7). Escape sequences were taken out when the entry was loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from textual.content import Content

if TYPE_CHECKING:
    from kbtui.knowledge import Mark

Piece = tuple[str, str]
"""Text and the name of its style, such as "bold $accent"; the style is empty where it is that of what is around."""

Pieces = Sequence[Piece]
"""A line."""

_PREVIEW_CHARACTERS = 4_000
_LONGEST_MARKDOWN = 20_000


def literal(text: str, style: str = "") -> Content:
    """Return text as a widget shows it, in one style."""
    return Content.styled(text, style) if style else Content(text)


def marked(text: str, marks: Sequence[Mark], style: str = "", mark: str = "bold underline $accent") -> list[Piece]:
    """Return text in pieces, the places marked that answer a search: (first, behind the last) character."""
    pieces, done = [], 0
    for first, behind in sorted(marks):
        start, end = max(first, done), min(behind, len(text))
        if start < end:
            pieces += [(text[done:start], style), (text[start:end], mark)]
            done = end
    return [*pieces, (text[done:], style)]


def in_lines(lines: Sequence[Pieces]) -> Content:
    """Return lines of pieces as a widget shows them."""
    return Content("\n").join([Content.assemble(*(literal(text, style) for text, style in line)) for line in lines])


def markdown(text: str, *, is_preview: bool = False) -> RenderableType | Content:
    """Return Markdown, rendered; a giant one as plain text, since each block of Markdown costs milliseconds."""
    if is_preview and len(text) > _PREVIEW_CHARACTERS:
        text = text[:_PREVIEW_CHARACTERS] + "\n\n…"
    if len(text) > _LONGEST_MARKDOWN:
        return Content(text)
    from rich.markdown import Markdown
    from rich.syntax import ANSISyntaxTheme

    from kbtui.entry.markdown import tokens

    rendered = Markdown("", hyperlinks=False)
    rendered.markup, rendered.parsed = text, tokens(text)
    rendered.code_theme = ANSISyntaxTheme({})  # type: ignore[assignment] # no colours: others suit one background only
    return rendered
