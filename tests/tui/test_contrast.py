"""Every word on every screen is readable in every theme, as it is painted, whatever colour it comes from.

WCAG 2.2: 4.5 to 1 at least (https://www.w3.org/TR/WCAG22/#contrast-minimum), 7 to 1 in the
theme of high contrast (https://www.w3.org/TR/WCAG22/#contrast-enhanced).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from rich.cells import cell_len

from kbtui.tui import themes
from tests.helpers import ARCHIVED, OPEN_QUESTION, write_files
from tests.tui.entries import MORE, MUST_READ, READING
from tests.tui.test_drafts import draft, keep
from tests.tui.test_sizes import EVERYWHERE
from tests.tui.window import Window, window

MARKDOWN = "orders/every-kind-of-markdown-markdw22.md"
EVERY_KIND = """---
id: markdw22
state: validated
---
# Every kind of Markdown?

Plain, *slanted*, **strong**, `code`, ~~gone~~ and [a link](https://example.com).

1. first
2. second

- a point

> quoted

```python
def answer() -> int:  # a remark
    return 42
```

    indented

### Smaller

#### Smallest

| a | b |
|---|---|
| c | d |

---

The end.
"""

FRAMES = frozenset("│╭╮╰╯─▏▎▍▌▋▊▉█▐▔▁▂▃▄▅▆▇▀┃━┌┐└┘╶╴╷╵🔎 ")
"""What is no word: frames, scrollbars, and a picture, which has colours of its own."""


async def archived(it: Window) -> None:
    """Show the row of an entry that is no longer how it is done."""
    await it.search("fax my order")
    assert ARCHIVED in it.hits


async def open_question(it: Window) -> None:
    """Show an entry that nobody has answered."""
    await it.open(OPEN_QUESTION)


async def marked_question(it: Window) -> None:
    """Mark the row of an open question, whose sign has a colour of its own."""
    await it.search("voucher from another shop", first=OPEN_QUESTION)


async def must_read(it: Window) -> None:
    """Show what everybody must read, and who has not."""
    await it.open(MUST_READ)
    await it.seen("Everybody must read this")


async def every_kind(it: Window) -> None:
    """Show an answer with every kind of Markdown in it."""
    await it.open(MARKDOWN)


def hard_to_read(it: Window, wanted: float) -> set[tuple[str, float, str, str]]:
    """Return words with too little contrast: the words, how much it is, the colours of words and ground."""
    found = set()
    for y, strip in enumerate(it.screen._compositor.render_strips()):
        x = 0
        for text, style, _ in strip:
            x, at = x + cell_len(text), x
            if set(text) <= FRAMES or style is None or style.color is None or style.bgcolor is None:
                continue
            if is_behind(it, at, y):
                continue
            words, ground = style.color.get_truecolor(), style.bgcolor.get_truecolor(foreground=False)
            if (much := contrast(words, ground)) < wanted:
                found.add((text.strip(), round(much, 2), words.hex, ground.hex))
    return found


def is_behind(it: Window, x: int, y: int) -> bool:
    """Whether a place shows the screen below a box, which is darkened because it is not in use."""
    return it.screen.get_widget_at(x, y)[0] is it.screen


def contrast(first: tuple[int, int, int], second: tuple[int, int, int]) -> float:
    """Return the contrast ratio of two colours (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: tuple[int, int, int]) -> float:
    """Return the relative luminance of a colour (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (each / 255 for each in color)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("go", [*EVERYWHERE, archived, open_question, marked_question, must_read, every_kind])
async def test_every_word_is_readable_in_every_theme(base: Path, go: Callable[[Window], Awaitable[None]]) -> None:
    write_files(base, {**MORE, **READING, MARKDOWN: EVERY_KIND})
    keep(base, draft(1, "cash? " * 40), draft(2, "cheque?"))
    async with window(base, size=(120, 40)) as it:
        await go(it)
        hard: dict[str, set[tuple[str, float, str, str]]] = {}
        for theme in themes.ALL:
            it.app.theme = theme.name
            await it.settled()
            hard[theme.name] = hard_to_read(it, 7.0 if theme is themes.CONTRAST else 4.5)
        assert hard == {theme.name: set() for theme in themes.ALL}
