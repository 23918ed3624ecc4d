"""How the screen looks: the look that was chosen is kept. That each is readable: test_contrast.py."""

from __future__ import annotations

from pathlib import Path

from kbtui.tui import themes
from tests.tui.window import window


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
