"""What comes while the window is open: calls of a phone system (F10), and changes by somebody else (FAULTS 5, 6)."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from kbtui.entry.model import Person
from kbtui.outside import Outside
from kbtui.store.calls import Call
from kbtui.tui import messages
from tests.helpers import BEN, PASSWORD, REFUND, git, opened, run_kbtui
from tests.tui.window import Window, window


@pytest.fixture(autouse=True)
def _person(person: Person) -> None:
    """Somebody has given their name."""


def hand(it: Window, call: Call) -> None:
    """Announce a call as a second program does."""
    with opened(it.knowledge.root) as other:
        assert other.calls.hand(call, time.time_ns())


async def test_a_call_is_searched_for_in_the_window_that_is_open(base: Path) -> None:
    async with window(base) as it:
        await it.open(PASSWORD)
        it.app.post_message(messages.CallCame(Call("refund", "T-123")))
        await it.until(lambda: it.screen_name == "HomeScreen" and it.marked == REFUND, "the hit")
        assert it.query == "refund"
        await it.seen("T-123 · Ana Kovacs")


async def test_the_ticket_goes_into_the_use(base: Path) -> None:
    """F20."""
    async with window(base) as it:
        it.app.post_message(messages.CallCame(Call("refund", "T-123")))
        await it.until(lambda: it.marked == REFUND, "the hit")
        await it.open(REFUND)
        await it.press("u")
        await it.seen("Noted: used once")
        it.app.using.settle(it.app)
        await it.settled()
    assert '"T-123"' in git(base, "grep", "-h", "T-123", "HEAD", "--", "events")


async def test_a_call_never_comes_between_somebody_and_a_form(base: Path) -> None:
    async with window(base) as it:
        await it.press("ctrl+n")
        await it.on("CaptureScreen")
        await it.type("Is there a new")
        it.app.post_message(messages.CallCame(Call("refund", "T-123")))
        await it.seen("A call came in. It is searched for when you leave here.")
        await it.type(" question")
        assert it.field("question") == "Is there a new question"
        await it.press("escape")
        await it.until(lambda: it.marked == REFUND, "the call's hit")
    with opened(base) as knowledge:
        assert [draft.question for draft in knowledge.drafts.all()] == ["Is there a new question"]


async def test_a_call_never_comes_between_somebody_and_a_box_with_a_line(base: Path) -> None:
    async with window(base) as it:
        await it.open(PASSWORD)
        await it.press("f")
        await it.on("LineScreen")
        await it.type("the link")
        it.app.post_message(messages.CallCame(Call("refund", "T-123")))
        await it.seen("A call came in.")
        await it.type(" is dead")
        await it.press("enter")
        await it.until(lambda: it.screen_name == "HomeScreen" and it.marked == REFUND, "the call's hit")
        await it.settled()
    with opened(base) as knowledge:
        assert [flag.reason for flags in knowledge.counts().flags.values() for flag in flags] == ["the link is dead"]


async def test_a_surprise_of_the_watch_is_for_the_lead_and_not_for_the_screen(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> object:
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr(Outside, "look", lambda *_: frozenset())
    async with window(base) as it:
        monkeypatch.setattr(Outside, "look", broken)
        await it.until(lambda: not it.app._outside._thread.is_alive(), "the watch to end")
        assert "nobody foresaw this" in it.knowledge.trouble_log.read_text("utf-8")
        await it.search("refund", first=REFUND)


async def test_a_second_program_hands_its_call_over(base: Path) -> None:
    async with window(base) as it:
        await it.until(lambda: it.knowledge.calls._lock is not None, "the window to take calls")
        ran = run_kbtui("--query", "reset my password", "--ticket=T-9", cwd=base)
        assert (ran.status, ran.out) == (0, "")
        assert "Handed to the window that is open." in ran.err
        await it.until(lambda: it.marked == PASSWORD, "the hit")
        assert it.app.ticket == "T-9"


async def test_an_entry_written_by_somebody_else_shows_up_by_itself(base: Path) -> None:
    async with window(base) as it:
        await it.search("loyalty")
        await it.seen("Nobody has written about")
        run_kbtui("new", "Is there a loyalty card?", "--answer", "Yes.", cwd=base, env={"KBTUI_PERSON": str(BEN)})
        await it.until(lambda: "Is there a loyalty card?" in it.part("#hits"), "the entry")
        assert it.query == "loyalty"


async def test_the_mark_stays_where_it_is_when_the_list_changes(base: Path) -> None:
    async with window(base) as it:
        await it.search("refund password")
        await it.press("down")
        marked = it.marked
        run_kbtui("new", "Refund password", "--answer", "Yes.", cwd=base, env={"KBTUI_PERSON": str(BEN)})
        await it.until(lambda: "Refund password" in it.part("#hits"), "the entry")
        assert it.marked == marked


async def test_the_open_entry_says_that_it_has_changed_and_shows_it_when_asked(base: Path) -> None:
    """What somebody is reading aloud does not change under their eyes."""
    async with window(base) as it:
        await it.open(REFUND)
        run_kbtui("edit", "refund22", "--answer", "Ten days now.", cwd=base, env={"KBTUI_PERSON": str(BEN)})
        await it.seen("Ben Okoro has changed this entry: r shows it as it is now")
        assert "Five working days" in it.words
        await it.press("r")
        await it.seen("Ten days now.")
        await it.settled()
        assert "has changed" not in it.status


async def test_an_editor_that_writes_in_place_is_noticed(base: Path) -> None:
    async with window(base) as it:
        await it.open(REFUND)
        await it.until(lambda: it.knowledge.outside._looks > 1, "a first look at the entry")
        with (base / REFUND).open("a") as file:
            file.write("\nOne line more.\n")
        await it.seen("Somebody has changed this entry")
        await it.press("r")
        await it.seen("One line more.")


async def test_what_is_known_of_an_entry_shown_before_is_not_said_of_the_one_shown_now(base: Path) -> None:
    """A look at the file may end after the entry has been shown anew."""
    async with window(base) as it:
        await it.open(REFUND)
        it.screen.post_message(messages.Aged(REFUND, b"as it was before"))
        it.screen.post_message(messages.Aged(PASSWORD, (base / REFUND).read_bytes()))
        await it.settled()
        assert "has changed" not in it.status
