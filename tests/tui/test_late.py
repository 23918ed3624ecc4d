"""What comes late does nothing to what was begun meanwhile, and words in a box of one line are not lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kbtui.errors import KbError
from kbtui.knowledge import Knowledge
from tests.helpers import LEAD, PASSWORD, REFUND, opened
from tests.tui.window import Held, window

pytestmark = pytest.mark.usefixtures("person")

Hold = Callable[[type, str], Held]


async def test_what_was_asked_of_an_entry_opens_nothing_over_a_form(base: Path, hold: Hold) -> None:
    """A screen's keys act at once: letters meant for the form would choose in it."""
    trust = hold(Knowledge, "trust")
    async with window(base) as it:
        await it.open(REFUND)
        await it.press("w")
        await it.until(lambda: trust.begun, "the looking up to begin")
        await it.press("e")
        await it.on("CaptureScreen")
        trust.let_go()
        await it.settled()
        assert it.screen_name == "CaptureScreen"


async def test_what_was_asked_of_the_query_line_opens_nothing_once_words_are_typed(base: Path, hold: Hold) -> None:
    own = hold(Knowledge, "own")
    async with window(base) as it:
        await it.press("f7")
        await it.until(lambda: own.begun, "the looking up to begin")
        await it.type("refund")
        own.let_go()
        await it.settled()
        assert it.screen_name == "HomeScreen"
        assert it.query == "refund"


async def test_a_search_that_failed_opens_nothing_later(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, search = Knowledge.search, Held(Knowledge.search)
    async with window(base) as it:
        monkeypatch.setattr(Knowledge, "search", search.as_method())
        await it.type("refund")
        await it.press("enter")
        await it.until(lambda: search.begun, "the search to begin")
        search.then_raise(KbError("The disk answers no more."))
        search.let_go()
        await it.told("The disk answers no more.")
        monkeypatch.setattr(Knowledge, "search", whole)
        it.app.home.look_again()
        await it.settled()
        assert it.screen_name == "HomeScreen"


async def test_an_idea_that_was_left_is_there_again(base: Path) -> None:
    async with window(base) as it:
        await it.press("f9")
        await it.on("IdeasScreen")
        await it.press("i")
        await it.on("LineScreen")
        await it.type("Print the returns label")
        await it.press("escape", "escape", "f9", "i")
        await it.on("LineScreen")
        assert it.field("line") == "Print the returns label"
        await it.press("enter")
        await it.seen("Print the returns label")
        await it.until(lambda: it.knowledge.ideas(), "the idea to be kept")
        await it.on("IdeasScreen")
        await it.press("i")
        await it.on("LineScreen")
        assert it.field("line") == ""


async def test_a_note_that_was_refused_is_there_again_after_the_queue_was_left(base: Path) -> None:
    with opened(base, {"KBTUI_PERSON": str(LEAD)}) as knowledge:
        knowledge.flag(REFUND, "ten days by now")
    async with window(base) as it:
        await it.press("f12")
        await it.on("ReviewScreen")
        await it.settled()
        await it.press("n")
        await it.on("LineScreen")
        await it.type("It was 4111 1111 1111 1111")
        await it.press("enter", "escape", "f12")
        await it.on("ReviewScreen")
        await it.settled()
        await it.press("n")
        await it.on("LineScreen")
        assert it.field("line") == "It was 4111 1111 1111 1111"


async def test_leaving_asks_once_where_a_line_holds_words(base: Path) -> None:
    async with window(base) as it:
        await it.open(PASSWORD)
        await it.press("f")
        await it.on("LineScreen")
        await it.type("no longer so")
        await it.press("ctrl+q")
        await it.seen("These words are not sent yet.")
        assert it.app.is_running
        assert it.field("line") == "no longer so"


async def test_a_call_takes_away_no_line_below_another_box(base: Path) -> None:
    async with window(base) as it:
        await it.open(PASSWORD)
        await it.press("f")
        await it.on("LineScreen")
        await it.type("no longer so")
        await it.press("ctrl+p")
        await it.on("CommandPalette")
        assert it.app.is_writing
