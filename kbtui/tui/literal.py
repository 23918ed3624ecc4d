"""The one way for words of a knowledge base to reach a widget: as they are, never as markup.

`[/]` in an entry would end the program in a notification, `[@click=...]` would become a
button and `- [x]` would lose its box, wherever a widget is handed a plain string
(DESIGN section 7). Escape sequences were taken out when the entry was loaded.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from textual.content import Content

from kbtui.knowledge import Mark

_PREVIEW_CHARACTERS = 4_000
_LONGEST_MARKDOWN = 20_000


def literal(text: str, style: str = "") -> Content:
    """Return text as a widget shows it, in one style."""
    return Content.styled(text, style) if style else Content(text)


def marked(text: str, marks: Sequence[Mark], style: str = "", mark: str = "bold underline $accent") -> Content:
    """Return text with the places marked that answer a search: (first, behind the last) character."""
    content = literal(text, style)
    for start, end in marks:
        content = content.stylize(mark, start, end)
    return content


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
