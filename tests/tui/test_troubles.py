"""Whatever goes wrong on a thread reaches the screen as a sentence, and a surprise is written down."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from kbtui.errors import BusyError, IndexTroubleError
from kbtui.knowledge import Knowledge
from kbtui.store.drafts import Drafts
from tests.helpers import REFUND
from tests.tui.window import Held, Window, window

pytestmark = pytest.mark.usefixtures("person")

Breaks = Callable[[type, str, Exception], None]
SURPRISE = RuntimeError("[/] nobody \x1b[31mforesaw this")


def surprising(*_: object, **__: object) -> None:
    """Stand for any method."""
    raise SURPRISE


async def search(it: Window) -> None:
    """Search."""
    await it.type("refund")


async def clear(it: Window) -> None:
    """Have the list of the beginning made."""
    await it.type("x")
    await it.press("escape")


async def preview(it: Window) -> None:
    """Move the mark."""
    await it.search("refund")


async def open_it(it: Window) -> None:
    """Open an entry."""
    await it.press("enter")


async def read_history(it: Window) -> None:
    """Open an entry, and have its people looked up."""
    await it.open(REFUND)


async def confirm(it: Window) -> None:
    """Confirm an entry."""
    await it.open(REFUND)
    await it.press("v")


async def list_drafts(it: Window) -> None:
    """Ask for the drafts."""
    await it.press("ctrl+f")


async def type_a_draft(it: Window) -> None:
    """Write."""
    await it.press("ctrl+n")
    await it.on("CaptureScreen")
    await it.type("cash?")


async def save_new(it: Window) -> None:
    """Write and save."""
    await type_a_draft(it)
    await it.press("ctrl+s")


async def save_change(it: Window) -> None:
    """Change an entry."""
    await it.open(REFUND)
    await it.press("e")
    await it.on("CaptureScreen")
    await it.type("Six days. ")
    await it.press("ctrl+s")


async def throw_away(it: Window) -> None:
    """Throw a draft away."""
    await type_a_draft(it)
    await it.until(lambda: it.knowledge.drafts.all(), "the draft")
    await it.press("ctrl+r", "ctrl+r")


Step = tuple[type, str, Callable[[Window], Awaitable[None]]]
ON_HOME: tuple[Step, ...] = (
    (Knowledge, "search", search),
    (Knowledge, "cards", clear),
    (Knowledge, "get", preview),
    (Knowledge, "opened", open_it),
    (Drafts, "all", list_drafts),
)
ON_AN_ENTRY: tuple[Step, ...] = (
    (Knowledge, "history", read_history),
    (Knowledge, "behind", read_history),
    (Knowledge, "validate", confirm),
    (Knowledge, "change", save_change),
)
IN_THE_FORM: tuple[Step, ...] = (
    (Drafts, "keep", type_a_draft),
    (Knowledge, "new", save_new),
    (Knowledge, "person", save_new),
)
THROWING_AWAY: tuple[Step, ...] = ((Drafts, "discard", throw_away),)


@pytest.mark.parametrize(
    "steps",
    [ON_HOME, ON_AN_ENTRY, IN_THE_FORM, THROWING_AWAY],
    ids=["home", "entry", "form", "throwing away"],
)
async def test_a_surprise_on_a_thread_is_a_sentence_and_a_line_for_the_lead(
    base: Path, monkeypatch: pytest.MonkeyPatch, steps: tuple[Step, ...]
) -> None:
    silent = []
    async with window(base) as it:
        for owner, name, do in steps:
            with monkeypatch.context() as broken:
                broken.setattr(owner, name, surprising)
                await do(it)
                await it.until(lambda: it.knowledge.trouble_log.exists(), f"{name} to be written down")
                await it.settled()
                if "That did not work. Needs your lead (code K99)" not in it.words:
                    silent.append(name)
                log = it.knowledge.trouble_log.read_text("utf-8")
                assert "nobody" in log
                assert "Traceback" in log
            it.knowledge.trouble_log.unlink()
            while it.screen_name != "HomeScreen":
                await it.press("escape")
            await it.press("escape")
            await it.settled()
    assert silent == [], "went wrong without a word on the screen"


@pytest.mark.parametrize("name", ["recover", "refresh"])
async def test_a_surprise_at_the_start_is_said_and_stays_although_the_first_list_comes_later(
    base: Path, breaks: Breaks, hold: Callable[[type, str], Held], name: str
) -> None:
    async with window(base) as it:
        assert it.hits
    breaks(Knowledge, name, SURPRISE)
    cards = hold(Knowledge, "cards")
    async with window(base, is_ready=False) as it:
        await it.told("That did not work.")
        assert it.knowledge.trouble_log.exists()
        cards.let_go()
        await it.until(lambda: it.hits, "the first list")
        await it.settled()
        said = it.home_status
        await it.search("refund", first=REFUND)
        assert "That did not work." in said, "the sentence was wiped away before anybody could read it"


async def test_a_surprise_that_cannot_be_written_down_is_still_said(base: Path, breaks: Breaks) -> None:
    async with window(base) as it:
        it.knowledge.trouble_log.parent.parent.mkdir(parents=True, exist_ok=True)
        it.knowledge.trouble_log.mkdir(parents=True, exist_ok=True)
        breaks(Knowledge, "search", SURPRISE)
        await it.type("refund")
        await it.told("That did not work. Needs your lead (code K98).")


async def test_the_second_surprise_does_not_wipe_out_the_first(base: Path, breaks: Breaks) -> None:
    async with window(base) as it:
        breaks(Knowledge, "search", RuntimeError("the first one"))
        await it.type("refund")
        await it.told("That did not work.")
        breaks(Drafts, "all", RuntimeError("the second one"))
        await it.press("ctrl+f")
        await it.until(lambda: "the second one" in it.knowledge.trouble_log.read_text("utf-8"), "the log")
        assert "the first one" in it.knowledge.trouble_log.read_text("utf-8")


async def test_a_base_that_is_busy_at_the_start_says_so_and_can_be_searched(base: Path, breaks: Breaks) -> None:
    breaks(Knowledge, "recover", BusyError("Saved on this computer. Another kbtui is busy with this base."))
    async with window(base, is_ready=False) as it:
        await it.until(lambda: it.hits, "the first list")
        await it.settled()
        said = it.home_status
        await it.search("refund", first=REFUND)
        assert "Another kbtui is busy" in said, f"nobody can have read it; the status line says {said!r}"


async def test_an_index_that_cannot_be_used_is_a_sentence(base: Path, breaks: Breaks) -> None:
    async with window(base) as it:
        breaks(Knowledge, "search", IndexTroubleError("The search index cannot be read.", "Run `kbtui reindex`."))
        await it.type("refund")
        await it.told("The search index cannot be read. Run `kbtui reindex`.")


async def test_a_base_without_a_history_says_so_before_anybody_types(base: Path) -> None:
    (base / ".git").rename(base.with_name("gone.git"))
    async with window(base, is_ready=False) as it:
        await it.told("keeps no history yet")


async def test_trouble_is_gone_from_the_status_line_with_the_next_answer(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with window(base) as it:
        with monkeypatch.context() as broken:
            broken.setattr(Knowledge, "search", surprising)
            await it.type("refund")
            await it.told("That did not work.")
        await it.press("escape")
        await it.search("refund", first=REFUND)
        assert it.home_status == "2 of 2"
