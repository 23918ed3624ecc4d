"""Make the pictures in README and docs from the running program.

    python docs/make_pictures.py

Each picture is an SVG of the real screen over a fresh copy of the starter base. Run it
after a change of the screens and look at what it made before you commit it.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from kbtui.create import init
from kbtui.open import open_base
from kbtui.tui.app import KbtuiApp

_FOLDER = Path(__file__).parent / "pictures"
_FONT_RULES = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


async def main() -> None:
    """Walk through the screens and keep a picture of each."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "KBTUI_HOME": home, "KBTUI_PERSON": "Ana Kovacs <ana@example.com>"}
        root = Path(home) / "kb"
        init(root, environment, name="Demonstration base")
        app = KbtuiApp(open_base(root, environment), environment)
        async with app.run_test(size=(112, 30)) as pilot:
            await _until(pilot, lambda: "entries" in str(app.screen.query_one("#status").sentence))  # type: ignore[attr-defined]
            await _type(pilot, "charged twice")
            _save(app, "search")
            await pilot.press("enter")
            await _until(pilot, lambda: app.screen.id != "_default" and bool(app.screen.query("#people")))
            await _quiet(pilot)
            _save(app, "entry")
            await pilot.press("escape", "escape")
            await _type(pilot, "zebra crossing")
            _save(app, "nothing-found")
            await pilot.press("ctrl+n")
            await _quiet(pilot)
            _save(app, "capture")


async def _type(pilot: Pilot[None], text: str) -> None:
    await pilot.press(*text)
    await _quiet(pilot)


async def _quiet(pilot: Pilot[None]) -> None:
    """Wait until no worker is at work and the screen has been drawn."""
    for _ in range(20):
        await pilot.pause(0.05)
        await pilot.app.workers.wait_for_complete()


async def _until(pilot: Pilot[None], is_true: Callable[[], bool]) -> None:
    for _ in range(400):
        if is_true():
            return
        await pilot.pause(0.05)
    raise SystemExit("the screen did not come to what was waited for")


def _save(app: KbtuiApp, name: str) -> None:
    """Write the screen without the rules that would fetch fonts from elsewhere."""
    picture = _FONT_RULES.sub("", app.export_screenshot(title="kbtui"))
    _FOLDER.mkdir(exist_ok=True)
    (_FOLDER / f"{name}.svg").write_text(picture, "utf-8")


if __name__ == "__main__":
    asyncio.run(main())
