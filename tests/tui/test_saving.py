"""Saving goes on behind the query line: it never makes anybody wait, and nothing it says is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kbtui.entry.model import EntryChange
from kbtui.errors import BusyError, NotSavedError
from kbtui.knowledge import Knowledge
from kbtui.store.drafts import Drafts
from tests.helpers import BEN, OPEN_QUESTION, PASSWORD, REFUND, git, opened
from tests.tui.window import Held, Window, window

pytestmark = pytest.mark.usefixtures("person")

Hold = Callable[[type, str], Held]
Breaks = Callable[[type, str, Exception], None]

DISK_FULL = NotSavedError("Not saved: this disk is full.", "Your text is still here. Make room or ask your lead.")


async def write(it: Window, question: str, answer: str) -> None:
    """Fill the form for a new entry, and save."""
    await it.press("ctrl+n")
    await it.on("CaptureScreen")
    await it.fill(question=question, answer=answer)
    await it.press("ctrl+s")


async def test_a_slow_save_leaves_the_query_line_to_the_next_caller(base: Path, hold: Hold) -> None:
    """The rep is on the next call before git has finished: keys, hits and the preview go on."""
    async with window(base) as it:
        new = hold(Knowledge, "new")
        await write(it, "cash?", "Only in our shops.")
        await it.on("HomeScreen")
        await it.until(lambda: new.begun, "the save to begin")
        await it.type("password")
        await it.until(lambda: it.hits == [PASSWORD], "hits while a save goes on")
        await it.until(lambda: "Forgot it?" in it.part("#preview"), "the preview while a save goes on")
        assert new.ended == 0
        new.let_go()
        await it.told("Saved: cash?")


async def test_the_end_of_a_save_leaves_the_next_callers_words_alone(base: Path, hold: Hold) -> None:
    async with window(base) as it:
        new = hold(Knowledge, "new")
        await write(it, "cash?", "Only in our shops.")
        await it.on("HomeScreen")
        await it.until(lambda: new.begun, "the save to begin")
        await it.type("password")
        await it.until(lambda: it.hits == [PASSWORD], "hits while a save goes on")
        new.let_go()
        await it.told("Saved: cash?")
        await it.settled()
        assert it.query == "password", "the words typed meanwhile are gone"
        assert it.hits == [PASSWORD]


async def test_the_end_of_a_save_does_not_take_the_form_of_the_next_one(base: Path, hold: Hold) -> None:
    async with window(base) as it:
        new = hold(Knowledge, "new")
        await write(it, "cash?", "Only in our shops.")
        await it.on("HomeScreen")
        await it.until(lambda: new.begun, "the save to begin")
        await it.press("ctrl+n")
        await it.on("CaptureScreen")
        await it.type("vouchers?")
        new.let_go()
        await it.told("Saved: cash?")
        await it.settled()
        assert it.screen_name == "CaptureScreen"
        assert it.field("question") == "vouchers?"


async def test_the_end_of_a_confirmation_does_not_take_the_form_one_writes_in(base: Path, hold: Hold) -> None:
    """v, and before git has finished e: the form stays, with every word."""
    async with window(base) as it:
        await it.open(REFUND)
        validate = hold(Knowledge, "validate")
        await it.press("v")
        await it.until(lambda: validate.begun, "the confirmation to begin")
        await it.press("e")
        await it.on("CaptureScreen")
        await it.type("Six days. ")
        validate.let_go()
        await it.until(lambda: validate.ended, "the confirmation to end")
        await it.settled()
        assert it.screen_name == "CaptureScreen", "the form somebody was writing in has been closed"
        assert it.field("answer").startswith("Six days. Five")
        await it.press("ctrl+s")
        await it.told("Saved: How long")
        assert it.knowledge.get(REFUND).answer.startswith("Six days. Five")
        assert list(base.rglob("*.variant.md")) == []


async def test_the_end_of_a_confirmation_shows_below_the_box_that_lies_over_the_entry(base: Path, hold: Hold) -> None:
    """v, and before git has finished h: the box stays; below it the entry is the confirmed one, and there only once."""
    async with window(base) as it:
        await it.open(REFUND)
        validate = hold(Knowledge, "validate")
        await it.press("v")
        await it.until(lambda: validate.begun, "the confirmation to begin")
        await it.press("h")
        await it.on("TextScreen")
        validate.let_go()
        await it.told("Saved: How long")
        await it.settled()
        assert it.screen_name == "TextScreen"
        await it.press("escape")
        await it.on("EntryScreen")
        await it.seen("Confirmed by")
        await it.press("escape")
        await it.on("HomeScreen")


@pytest.mark.parametrize("key", ["escape", "ctrl+l"])
async def test_the_end_of_a_confirmation_is_said_where_one_has_gone_meanwhile(base: Path, hold: Hold, key: str) -> None:
    """v, and before git has finished back to the search: the home screen says how it ended."""
    async with window(base) as it:
        await it.open(REFUND)
        validate = hold(Knowledge, "validate")
        await it.press("v")
        await it.until(lambda: validate.begun, "the confirmation to begin")
        await it.press(key)
        await it.on("HomeScreen")
        validate.let_go()
        await it.told("Saved: How long")
        assert it.screen_name == "HomeScreen"


async def test_a_confirmation_that_fails_is_said_where_one_has_gone_meanwhile(base: Path, hold: Hold) -> None:
    async with window(base) as it:
        await it.open(REFUND)
        validate = hold(Knowledge, "validate")
        validate.then_raise(DISK_FULL)
        await it.press("v")
        await it.until(lambda: validate.begun, "the confirmation to begin")
        await it.press("escape")
        await it.on("HomeScreen")
        validate.let_go()
        await it.told("Not saved: this disk is full.")


async def test_a_confirmation_that_fails_is_said_in_the_form_one_writes_in(base: Path, hold: Hold) -> None:
    async with window(base) as it:
        await it.open(REFUND)
        validate = hold(Knowledge, "validate")
        validate.then_raise(DISK_FULL)
        await it.press("v")
        await it.until(lambda: validate.begun, "the confirmation to begin")
        await it.press("e")
        await it.on("CaptureScreen")
        validate.let_go()
        await it.seen("Not saved: this disk is full.")
        assert it.screen_name == "CaptureScreen"


async def test_an_entry_opened_again_before_its_save_has_ended_shows_the_new_words(base: Path, hold: Hold) -> None:
    async with window(base) as it:
        await it.open(REFUND)
        await it.press("e")
        await it.on("CaptureScreen")
        await it.type("Six days. ")
        change = hold(Knowledge, "change")
        await it.press("ctrl+s")
        await it.on("HomeScreen")
        await it.until(lambda: change.begun, "the save to begin")
        it.app.open_entry(REFUND)
        await it.on("EntryScreen")
        assert "Six days." not in it.words
        change.let_go()
        await it.seen("Six days.")


async def test_two_saves_at_once_both_arrive(base: Path, hold: Hold) -> None:
    async with window(base) as it:
        new = hold(Knowledge, "new")
        for question in ("first thing?", "second thing?"):
            await write(it, question, "Yes.")
            await it.on("HomeScreen")
        await it.until(lambda: new.begun == 2, "both saves to begin")
        new.let_go()
        await it.until(lambda: new.ended == 2, "both saves to end")
        await it.settled()
        subjects = git(base, "log", "--format=%s").splitlines()
        assert subjects.count("Write an entry") == 2
        assert it.knowledge.drafts.all() == []


async def test_a_save_that_fails_brings_the_form_back_with_the_words_and_the_reason(base: Path, breaks: Breaks) -> None:
    """FAULTS 4: not marked as saved, and the text is still here."""
    async with window(base) as it:
        breaks(Knowledge, "new", DISK_FULL)
        await it.search("do you take cash")
        await it.press("ctrl+n")
        await it.on("CaptureScreen")
        await it.type("Only in our shops.")
        await it.press("ctrl+s")
        await it.seen("Not saved: this disk is full. Your text is still here. Make room or ask your lead.")
        assert it.screen_name == "CaptureScreen"
        assert it.field("question") == "do you take cash"
        assert it.field("answer") == "Only in our shops."
        assert "Saved" not in it.home_status
        assert [draft.answer for draft in it.knowledge.drafts.all()] == ["Only in our shops."]


async def test_a_save_that_failed_can_be_tried_again(base: Path, hold: Hold) -> None:
    async with window(base) as it:
        new = hold(Knowledge, "new")
        new.then_raise(DISK_FULL)
        new.let_go()
        await write(it, "cash?", "Only in our shops.")
        await it.seen("this disk is full")
        new.then_work()
        await it.press("ctrl+s")
        await it.told("Saved: cash?")
        assert it.screen_name == "HomeScreen"
        assert it.knowledge.drafts.all() == []


async def test_the_form_that_comes_back_does_not_swallow_its_question_with_the_next_key(base: Path, hold: Hold) -> None:
    """The rep types the next search when the form comes back: a letter must not replace the question."""
    async with window(base) as it:
        keep = hold(Knowledge, "new")
        keep.then_raise(DISK_FULL)
        await write(it, "Do you take cash?", "Only in our shops.")
        await it.on("HomeScreen")
        await it.until(lambda: keep.begun, "the save to begin")
        await it.type("pass")
        keep.let_go()
        await it.on("CaptureScreen")
        await it.seen("this disk is full")
        await it.press("w", "o", "r", "d")
        assert "Do you take cash?" in it.field("question")
        await it.press("escape")
        await it.settled()
        assert "Do you take cash?" in it.knowledge.drafts.all()[0].question


async def test_a_form_that_comes_back_does_not_cost_the_one_being_written(base: Path, hold: Hold) -> None:
    """The first save fails while the second entry is written: both stay, in the form or under “To finish”."""
    async with window(base) as it:
        new = hold(Knowledge, "new")
        new.then_raise(DISK_FULL)
        await write(it, "cash?", "Only in our shops.")
        await it.on("HomeScreen")
        await it.until(lambda: new.begun, "the save to begin")
        await it.press("ctrl+n")
        await it.on("CaptureScreen")
        await it.type("vouchers?")
        new.let_go()
        await it.seen("this disk is full")
        new.then_work()
        assert it.screen_name == "CaptureScreen", "the form somebody was writing in has been closed"
        assert it.field("question") == "vouchers?"
        await it.press("ctrl+s")
        await it.told("Saved: vouchers?")
        assert [draft.question for draft in it.knowledge.drafts.all()] == ["cash?"]


async def test_a_surprise_while_saving_keeps_the_words_and_tells_whom_to_ask(base: Path, breaks: Breaks) -> None:
    async with window(base) as it:
        breaks(Knowledge, "new", RuntimeError("[/] nobody foresaw this"))
        await write(it, "cash?", "Only in our shops.")
        await it.seen("That did not work. Needs your lead (code K99)")
        assert it.field("answer") == "Only in our shops."
        assert "nobody foresaw this" in it.knowledge.trouble_log.read_text("utf-8")


async def test_a_save_that_waits_for_another_kbtui_says_that_it_is_safe(base: Path, breaks: Breaks) -> None:
    from kbtui.git.saver import BaseLock

    async with window(base) as it:
        busy = BusyError("Saved on this computer. Another kbtui is busy with this base.", "It goes on by itself.")
        breaks(BaseLock, "__enter__", busy)
        await write(it, "cash?", "Only in our shops.")
        await it.told("Saved on this computer.")
        assert it.screen_name == "HomeScreen"


async def test_a_save_in_the_middle_of_a_leads_merge_says_that_it_waits(base: Path) -> None:
    """FAULTS 19: kbtui neither continues nor aborts it."""
    (base / ".git" / "MERGE_HEAD").write_text(git(base, "rev-parse", "HEAD") + "\n", "ascii")
    async with window(base) as it:
        await write(it, "cash?", "Only in our shops.")
        await it.told("Saved on this computer; waiting for")
        assert (base / ".git" / "MERGE_HEAD").exists()


async def test_a_change_by_a_colleague_to_another_part_is_kept_beside_mine(base: Path) -> None:
    """FAULTS 40."""
    async with window(base) as it:
        await it.open(REFUND)
        await it.press("e")
        await it.on("CaptureScreen")
        await it.type("Six days. ")
        with opened(base, {"KBTUI_PERSON": str(BEN)}) as colleague:
            _, source = colleague.opened(REFUND)
            colleague.change(REFUND, EntryChange(internal="Ask Ben.", tags=("refunds", "money")), source)
        await it.press("ctrl+s")
        await it.told("Saved: How long")
        entry = it.knowledge.get(REFUND)
        assert entry.answer.startswith("Six days. Five")
        assert entry.internal == "Ask Ben."
        assert entry.tags == ("refunds", "money")


async def test_a_change_by_a_colleague_to_the_same_words_is_kept_and_so_is_mine(base: Path) -> None:
    """FAULTS 41."""
    async with window(base) as it:
        await it.open(REFUND)
        await it.press("e")
        await it.on("CaptureScreen")
        await it.type("Six days. ")
        with opened(base, {"KBTUI_PERSON": str(BEN)}) as colleague:
            _, source = colleague.opened(REFUND)
            colleague.change(REFUND, EntryChange(answer="Nine days."), source)
        await it.press("ctrl+s")
        await it.told("Two versions kept, a lead will choose")
        assert it.knowledge.get(REFUND).answer == "Nine days."
        (variant,) = base.rglob("*.variant.md")
        assert "Six days. Five working days" in variant.read_text("utf-8")


async def test_an_answer_to_a_question_that_was_answered_meanwhile_is_kept(base: Path) -> None:
    async with window(base) as it:
        await it.open(OPEN_QUESTION)
        await it.press("a")
        await it.on("CaptureScreen")
        await it.type("No.")
        with opened(base, {"KBTUI_PERSON": str(BEN)}) as colleague:
            colleague.answer(OPEN_QUESTION, "Yes, on Mondays.")
        await it.press("ctrl+s")
        await it.told("Two versions kept, a lead will choose")
        texts = [path.read_text("utf-8") for path in base.rglob("*voucher*.md")]
        assert sorted(text.split("?\n\n")[1] for text in texts) == ["No.\n", "Yes, on Mondays.\n"]


async def test_a_draft_that_cannot_be_written_says_so_while_one_types(base: Path, breaks: Breaks) -> None:
    async with window(base) as it:
        await it.press("ctrl+n")
        await it.on("CaptureScreen")
        breaks(Drafts, "keep", DISK_FULL)
        await it.type("cash?")
        await it.seen("Not saved: this disk is full.")


async def test_escape_does_not_lose_words_that_could_not_be_kept(base: Path, breaks: Breaks) -> None:
    """Nothing typed can be lost by a key: on a full disk, escape has to say so."""
    async with window(base) as it:
        await it.press("ctrl+n")
        await it.on("CaptureScreen")
        breaks(Drafts, "keep", DISK_FULL)
        await it.type("cash?")
        await it.press("escape")
        await it.settled()
        assert "this disk is full" in it.words
        assert it.screen_name == "CaptureScreen"
        assert it.field("question") == "cash?"


async def test_quitting_does_not_break_down_over_words_that_could_not_be_kept(base: Path, breaks: Breaks) -> None:
    async with window(base) as it:
        await it.press("ctrl+n")
        await it.on("CaptureScreen")
        breaks(Drafts, "keep", DISK_FULL)
        await it.type("cash?")
        await it.press("ctrl+q")
        await it.seen("Not saved: this disk is full.")
        assert it.field("question") == "cash?"
