"""Keys typed right after enter are for the entry that opens, however long the disk takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kbtui.errors import KbError
from kbtui.knowledge import Knowledge
from tests.helpers import REFUND
from tests.tui.window import Held, window

pytestmark = pytest.mark.usefixtures("person")


async def test_a_key_after_enter_is_for_the_entry_and_not_for_the_query_line(
    base: Path, hold: Callable[[type, str], Held]
) -> None:
    async with window(base) as it:
        await it.search("refund take", first=REFUND)
        held = hold(Knowledge, "opened")
        it.strike("enter", "u", "w")
        await it.until(lambda: held.begun, "the entry to be read")
        held.let_go()
        await it.on("TextScreen")
        await it.seen("Why trust it?")
        await it.settled()
        assert it.query == "refund take"
        assert it.knowledge.counts().used == {"refund22": 1}


async def test_escape_opens_nothing_after_all(base: Path, hold: Callable[[type, str], Held]) -> None:
    async with window(base) as it:
        await it.search("refund take", first=REFUND)
        held = hold(Knowledge, "opened")
        await it.press("enter", "u", "escape", "s")
        held.let_go()
        await it.settled()
        assert (it.screen_name, it.query) == ("HomeScreen", "refund takes")
        await it.press("backspace")
        await it.settled()
        await it.press("enter")
        await it.on("EntryScreen")
        assert it.knowledge.counts().used == {}


async def test_keys_for_an_entry_that_does_not_open_go_nowhere(base: Path, hold: Callable[[type, str], Held]) -> None:
    async with window(base) as it:
        await it.search("refund take", first=REFUND)
        held = hold(Knowledge, "opened")
        held.then_raise(KbError("It is gone."))
        await it.press("enter", "u")
        held.let_go()
        await it.told("It is gone.")
        await it.press("s")
        assert it.query == "refund takes"


async def test_the_way_out_stays_free(base: Path, hold: Callable[[type, str], Held]) -> None:
    async with window(base) as it:
        await it.search("refund take", first=REFUND)
        held = hold(Knowledge, "opened")
        await it.press("enter", "ctrl+q")
        await it.until(lambda: it.app._exit, "the end")
        held.let_go()
