"""kbtui's own three looks: dark, light, and one of high contrast. Every word is readable on what it stands on.

Contrasts are those of WCAG 2.2: 4.5 to 1 at least, 7 to 1 in the last
(https://www.w3.org/TR/WCAG22/#contrast-minimum). State is never told by colour alone.
"""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    "kbtui-dark",
    primary="#3d8fd1",
    accent="#ffa62b",
    warning="#ffb454",
    error="#ff6b81",
    success="#4ebf71",
    foreground="#e6e6e6",
    background="#121212",
    surface="#1b1b1b",
    panel="#242f38",
    dark=True,
)
LIGHT = Theme(
    "kbtui-light",
    primary="#0b5394",
    accent="#7a3e00",
    warning="#6b4000",
    error="#a3001f",
    success="#0d5c2b",
    foreground="#000000",
    background="#ffffff",
    surface="#f4f4f4",
    panel="#e8eef3",
    dark=False,
)
CONTRAST = Theme(
    "kbtui-high-contrast",
    primary="#3f8fff",
    accent="#ffd400",
    warning="#ffd400",
    error="#ff9aa8",
    success="#7dff9b",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    dark=True,
)
WORDS_OF_MARKDOWN = {
    "markdown.code": "bold",
    "markdown.code_block": "none",
    "markdown.block_quote": "italic",
    "markdown.list": "none",
    "markdown.item.number": "bold",
    "markdown.h2": "bold underline",
    "markdown.h3": "bold",
    "markdown.h4": "bold italic",
    "markdown.link": "underline",
    "markdown.link_url": "underline",
    "markdown.table.border": "dim",
    "markdown.table.header": "bold",
}
"""How parts of an answer differ from each other: by weight, slant and line. Rich's colours suit one background only."""

ALL = (DARK, LIGHT, CONTRAST)
USUAL = DARK.name
