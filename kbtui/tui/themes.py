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
    warning="#7a4b00",
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
    primary="#6cc6ff",
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
ALL = (DARK, LIGHT, CONTRAST)
USUAL = DARK.name
