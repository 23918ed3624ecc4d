"""A window on a base, driven as a person drives it: keys go in, the picture comes out.

Nothing sleeps: every wait is for a condition, with a deadline that a slow computer keeps.
"""

from __future__ import annotations

import gc
import threading
import time
import unicodedata
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, closing
from pathlib import Path

from textual import events
from textual.css.query import NoMatches
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, OptionList, TextArea

from kbtui.knowledge import Knowledge
from kbtui.tui.app import KbtuiApp
from kbtui.tui.status import StatusLine
from tests.helpers import environment, parts_of

PATIENCE = 30.0
ORDINARY = (80, 24)

_HANDS = 4
"""Through how many hands a key goes at most, each with a queue of its own: program, field, screen, list."""


class Window:
    """The running program, and what a test does with it.

    Args:
        app: the program.
        pilot: Textual's hand on its keyboard.
        knowledge: the base it shows.
    """

    def __init__(self, app: KbtuiApp, pilot: Pilot[None], knowledge: Knowledge) -> None:
        self.app = app
        self.pilot = pilot
        self.knowledge = knowledge

    # What is to be seen

    @property
    def screen(self) -> Screen[object]:
        """The screen on top."""
        return self.app.screen

    @property
    def screen_name(self) -> str:
        """The kind of the screen on top."""
        return type(self.app.screen).__name__

    @property
    def lines(self) -> list[str]:
        """The screen on top, line by line, as a terminal shows it."""
        return [strip.text for strip in self.screen._compositor.render_strips()]

    @property
    def picture(self) -> str:
        """The screen on top."""
        return "\n".join(self.lines)

    @property
    def words(self) -> str:
        """The screen on top without line breaks and frames, for sentences that may be wrapped."""
        return words_of(self.picture)

    def part(self, selector: str) -> str:
        """Return what one part of the screen shows."""
        region = self.screen.query_one(selector).region
        strips = self.screen._compositor.render_strips()[region.y : region.bottom]
        return "\n".join(strip.crop(region.x, region.right).text for strip in strips)

    @property
    def status(self) -> str:
        """The sentence in the status line of the screen on top."""
        return self.screen.query_one("#status", StatusLine).sentence

    @property
    def home_status(self) -> str:
        """The sentence in the status line of the home screen."""
        return self.app.home.query_one("#status", StatusLine).sentence

    @property
    def hits(self) -> list[str]:
        """The paths of the rows, from the top; headings have none."""
        return [option.id for option in self.app.home.query_one("#hits", OptionList).options if option.id]

    @property
    def marked(self) -> str:
        """The path of the row that is marked, or nothing."""
        option = self.app.home.query_one("#hits", OptionList).highlighted_option
        return str(option.id) if option else ""

    @property
    def query(self) -> str:
        """What stands in the query line."""
        return self.app.home.query_one("#query", Input).value

    def field(self, name: str) -> str:
        """Return what stands in a field of the form."""
        widget = self.screen.query_one(f"#{name}")
        return widget.value if isinstance(widget, Input) else widget.text if isinstance(widget, TextArea) else ""

    @property
    def focus(self) -> str:
        """The name of the field that gets the keys."""
        return (self.app.focused.id or "") if self.app.focused else ""

    # What a person does

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, each once the one before has been dealt with."""
        for key in keys:
            self.strike(key)
            for _ in range(_HANDS):
                await self.pilot.pause(0)

    def strike(self, *keys: str | events.Event) -> None:
        """Press keys, and paste, faster than any program can follow: all of it is waiting when it looks."""
        driver = self.app._driver
        assert driver is not None
        for key in keys:
            if isinstance(key, events.Event):
                driver.send_message(key)
                continue
            character = key if len(key) == 1 else None
            event = events.Key(_character_to_key(key) if character else key, character)
            event.set_sender(self.app)
            driver.send_message(event)

    async def type(self, text: str) -> None:
        """Type text into the field that has the focus, and wait until it stands there."""
        widget = self.app.focused
        assert isinstance(widget, Input | TextArea), f"{widget} takes no text"
        before = len(_content(widget))
        self.strike(*("enter" if character == "\n" else character for character in text))
        await self.until(lambda: len(_content(widget)) != before and text in _content(widget), f"{text!r} to be typed")

    async def paste(self, text: str) -> None:
        """Paste text, as a terminal does that brackets it."""
        driver = self.app._driver
        assert driver is not None
        driver.send_message(events.Paste(text))
        await self.pilot.pause()

    async def resize(self, width: int, height: int) -> None:
        """Give the window another size."""
        await self.pilot.resize_terminal(width, height)
        await self.until(lambda: self.screen.size == (width, height), f"{width}x{height}")

    async def search(self, text: str, first: str = "") -> None:
        """Type a search into the empty query line; wait for its answer, and that `first` is the marked one."""
        await self.until(lambda: self.focus == "query", "the query line")
        await self.type(text)
        await self.settled()
        if first:
            await self.until(lambda: self.marked == first, f"{first} to be marked, not {self.marked}")

    async def open(self, path: str) -> None:
        """Open an entry by its path, and wait until its history is there."""
        self.app.open_entry(path)
        await self.on("EntryScreen")
        await self.settled()

    async def fill(self, **fields: str) -> None:
        """Put words into fields of the form, as a paste does, in place of what stands there."""
        for name, text in fields.items():
            widget = self.screen.query_one(f"#{name.replace('_', '-')}")
            if isinstance(widget, Input):
                widget.value = text
            elif isinstance(widget, TextArea):
                widget.text = text
        await self.pilot.pause(0.01)

    # Waiting

    async def until(self, is_so: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
        """Wait until something is so."""
        give_up = time.monotonic() + seconds
        while not _is_so(is_so):
            if self.app._exception is not None:
                raise AssertionError(f"the program broke down: {self.app._exception!r}")
            assert time.monotonic() < give_up, f"still waiting for {what}; on the screen:\n{self.picture}"
            await self.pilot.pause(0.01)
        for _ in range(_HANDS - 1):  # what has changed is painted a moment later
            await self.pilot.pause(0)

    async def on(self, screen_name: str) -> None:
        """Wait until a screen is on top and laid out."""
        await self.until(lambda: self.screen_name == screen_name and self.screen.is_mounted, screen_name)
        await self.pilot.pause(0.01)

    async def seen(self, words: str) -> None:
        """Wait until words are on the screen."""
        await self.until(lambda: words in self.words, repr(words))

    async def told(self, words: str) -> None:
        """Wait until the status line of the home screen says something."""
        await self.until(lambda: words in self.home_status, f"{words!r} in the status line, not {self.home_status!r}")

    async def settled(self) -> None:
        """Wait until nothing is being done any more: no key waits, no thread works, no search is about to begin."""
        quiet = 0
        give_up = time.monotonic() + PATIENCE
        while quiet < 4:
            assert time.monotonic() < give_up, "something never ends"
            await self.pilot.pause(0.015)
            quiet = 0 if self._is_busy() else quiet + 1

    def _is_busy(self) -> bool:
        pause = self.app.home._pause
        is_about_to_search = pause is not None and pause._task is not None and not pause._task.done()
        return is_about_to_search or any(not worker.is_finished for worker in self.app.workers)


def _content(widget: Input | TextArea) -> str:
    return widget.value if isinstance(widget, Input) else widget.text


def _is_so(condition: Callable[[], object]) -> bool:
    """Ask a condition; a part of the screen that is not there yet means no."""
    try:
        return bool(condition())
    except NoMatches:
        return False


def words_of(picture: str) -> str:
    """Return what a picture says, in one line, without frames."""
    frames = str.maketrans(dict.fromkeys("│╭╮╰╯─▏▎▔▁┃", " "))
    return " ".join(picture.translate(frames).split())


@asynccontextmanager
async def window(
    root: Path,
    *,
    size: tuple[int, int] = ORDINARY,
    env: Mapping[str, str | None] | None = None,
    is_ready: bool = True,
) -> AsyncIterator[Window]:
    """Open the window on a base.

    Args:
        root: the base.
        size: columns and lines.
        env: variables beside those of the test; None removes one.
        is_ready: wait until the base is open and the first list stands there.
    """
    with closing(Knowledge(parts_of(root, env))) as knowledge:
        app = KbtuiApp(knowledge, environment(env))
        async with app.run_test(size=size) as pilot:
            it = Window(app, pilot, knowledge)
            if is_ready:
                await it.until(lambda: " entries" in it.home_status, "the base to be open")
                await it.settled()
            yield it
            await it.until(lambda: all(worker.is_finished for worker in app.workers), "the last thread")
    gc.unfreeze()  # a program ends with its window; this one goes on


class Held:
    """Work that is held up until the test lets it go, in place of a slow disk or a slow git.

    Args:
        work: what is done once it is let go.
    """

    def __init__(self, work: Callable[..., object]) -> None:
        self._work = work
        self._go = threading.Event()
        self._trouble: Exception | None = None
        self.begun = 0
        self.ended = 0

    def __call__(self, *arguments: object, **named: object) -> object:
        """Wait, then do the work."""
        self.begun += 1
        self._go.wait(PATIENCE)
        try:
            if self._trouble is not None:
                raise self._trouble
            return self._work(*arguments, **named)
        finally:
            self.ended += 1

    def let_go(self) -> None:
        """Let everything held go on, and hold nothing any more."""
        self._go.set()

    def then_raise(self, error: Exception) -> None:
        """Fail instead of working, once it is let go."""
        self._trouble = error

    def then_work(self) -> None:
        """Work again."""
        self._trouble = None

    def as_method(self) -> Callable[..., object]:
        """Return a function that can stand in a class."""

        def method(*arguments: object, **named: object) -> object:
            return self(*arguments, **named)

        return method


_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def odd_characters(text: str) -> set[str]:
    """Return the characters that a terminal would act on instead of showing them."""
    return {c for c in text if c not in "\n\t" and (unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in _BIDI)}
