"""How the screen looks: three looks of our own, readable, and kept for the next time."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.color import Color
from textual.theme import Theme

from kbtui.tui import themes
from tests.helpers import CHECKOUT
from tests.tui.window import window

STYLES = re.compile(r"\$(foreground|warning|success|error|accent)(?: (\d+)%)?")
SCREENS = [*(CHECKOUT / "kbtui" / "tui").glob("*.py"), CHECKOUT / "kbtui" / "tui" / "kbtui.tcss"]
BEHIND = ("background", "surface", "panel")
FRAMES = {"50", "40"}
"""Shares of the foreground's colour that only rules and what is archived have."""


def styles() -> set[tuple[str, int]]:
    """Return every colour of words that the screens use, with its share in percent."""
    found = {match.groups() for file in SCREENS for match in STYLES.finditer(file.read_text("utf-8"))}
    words = {(name, int(share or 100)) for name, share in found if share not in FRAMES}
    return {(name, share) for name, share in words if name == "foreground" or share == 100}


def contrast(theme: Theme, name: str, share: int, behind: str) -> float:
    """Return how much a colour of words stands out (WCAG 2.2)."""
    back = Color.parse(getattr(theme, behind))
    front = back.blend(Color.parse(getattr(theme, name)), share / 100)
    lighter, darker = sorted((_luminance(back), _luminance(front)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: Color) -> float:
    parts = [part / 255 for part in (color.r, color.g, color.b)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", themes.ALL, ids=lambda theme: theme.name)
def test_every_word_is_readable(theme: Theme) -> None:
    wanted = 7.0 if theme is themes.CONTRAST else 4.5
    pairs = [(name, share, behind) for name, share in styles() for behind in BEHIND]
    assert len(pairs) > 15
    hard = {pair: round(contrast(theme, *pair), 1) for pair in pairs if contrast(theme, *pair) < wanted}
    assert hard == {}


async def test_a_look_that_was_chosen_is_there_the_next_time(base: Path) -> None:
    async with window(base) as it:
        assert it.app.theme == themes.DARK.name
        it.app.theme = themes.CONTRAST.name
        await it.settled()
    async with window(base) as it:
        assert it.app.theme == themes.CONTRAST.name


async def test_a_look_that_is_not_there_any_more_is_the_usual_one(base: Path) -> None:
    async with window(base) as it:
        it.app.theme = "textual-light"
        await it.settled()
        file = next(path for path in base.parent.rglob("config.toml"))
        file.write_text(file.read_text("utf-8").replace("textual-light", "gone"), "utf-8")
    async with window(base) as it:
        assert it.app.theme == themes.USUAL
