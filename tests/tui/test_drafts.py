"""“To finish”: what was begun before a call dropped, a crash or a closed window (F15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kbtui.entry.alarm import NO_CONSENT
from kbtui.entry.model import EntryChange
from kbtui.store.drafts import ANSWERING, Draft, Drafts
from tests.helpers import BEN, OPEN_QUESTION, REFUND, opened, parts_of
from tests.tui.window import Held, window, words_of

pytestmark = pytest.mark.usefixtures("person")


def keep(root: Path, *found: Draft) -> Drafts:
    """Leave drafts behind, as a window that was closed does."""
    drafts = parts_of(root).drafts
    for draft in found:
        drafts.keep(draft)
    return drafts


def draft(number: int, question: str, answer: str = "") -> Draft:
    """Return a draft."""
    return Draft(f"draft{number:03}", question=question, answer=answer, changed_at=1_700_000_000.0 + number)


async def test_nothing_to_finish_says_so(base: Path) -> None:
    async with window(base) as it:
        await it.press("ctrl+f")
        await it.on("DraftsScreen")
        assert "Nothing is left to finish." in it.words
        await it.press("escape")
        await it.on("HomeScreen")
        assert it.focus == "query"


async def test_the_drafts_are_listed_the_latest_first(base: Path) -> None:
    keep(base, draft(1, "cash?"), draft(3, ""), draft(2, "cheque?", "No."))
    async with window(base) as it:
        await it.press("ctrl+f")
        await it.on("DraftsScreen")
        assert "3 to finish" in it.words
        places = [it.words.index(words) for words in ("no question yet", "cheque?", "cash?")]
        assert places == sorted(places)


async def test_each_draft_says_when_it_was_written_and_what_it_is(base: Path) -> None:
    keep(
        base,
        draft(1, "cash?"),
        draft(2, "cheque?", "No."),
        replace(draft(3, "voucher?", "No."), path=OPEN_QUESTION, task=ANSWERING),
        replace(draft(4, "gift card?", "No."), path=REFUND),
    )
    when = dt.datetime.fromtimestamp(1_700_000_000.0, dt.UTC).astimezone()
    async with window(base) as it:
        await it.press("ctrl+f")
        await it.on("DraftsScreen")
        lines = [words_of(line) for line in it.lines]
        said = {
            question: lines[lines.index(question) + 1] for question in ("cash?", "cheque?", "voucher?", "gift card?")
        }
    assert said == {
        "cash?": f"{when:%a %d %b, %H:%M} · a new question",
        "cheque?": f"{when:%a %d %b, %H:%M} · a new question with its answer",
        "voucher?": f"{when:%a %d %b, %H:%M} · an answer to an open question",
        "gift card?": f"{when:%a %d %b, %H:%M} · a change of an entry",
    }


async def test_an_answer_that_was_begun_is_called_one(base: Path) -> None:
    async with window(base) as it:
        await it.open(OPEN_QUESTION)
        await it.press("a")
        await it.on("CaptureScreen")
        await it.type("No, only")
        await it.press("escape")
        await it.on("EntryScreen")
        await it.press("escape", "ctrl+f")
        await it.on("DraftsScreen")
        assert "an answer to an open question" in it.words


async def test_a_draft_is_opened_finished_and_gone(base: Path) -> None:
    drafts = keep(base, draft(1, "cash?", "Only in our"), draft(2, "cheque?"))
    async with window(base) as it:
        await it.press("ctrl+f")
        await it.on("DraftsScreen")
        await it.press("down", "enter")
        await it.on("CaptureScreen")
        assert (it.field("question"), it.field("answer"), it.focus) == ("cash?", "Only in our", "answer")
        await it.press("end")
        await it.type(" shops.")
        await it.press("ctrl+s")
        await it.told("Saved: cash?")
        assert [d.question for d in drafts.all()] == ["cheque?"]
        found = it.knowledge.search("cash")
        assert found is not None
        assert it.knowledge.get(found.hits[0].card.path).answer == "Only in our shops."


async def test_going_on_with_a_draft_makes_no_second_one(base: Path) -> None:
    drafts = keep(base, draft(1, "cash?", "Only in our"))
    async with window(base) as it:
        await it.press("ctrl+f")
        await it.on("DraftsScreen")
        await it.press("enter")
        await it.on("CaptureScreen")
        await it.type("Ask. ")
        await it.press("escape")
        await it.on("HomeScreen")
        await it.settled()
        assert [d.answer for d in drafts.all()] == ["Ask. Only in our"]


async def test_words_thrown_away_are_gone_from_the_first_screen(base: Path, hold: Callable[[type, str], Held]) -> None:
    """Its row stood there on, and enter brought the words back."""
    keep(base, draft(1, "a lost parcel", "Look at the tracking page."))
    async with window(base) as it:
        assert it.marked == "draft001"
        await it.press("enter")
        await it.on("CaptureScreen")
        discard = hold(Drafts, "discard")
        await it.press("ctrl+r", "ctrl+r")
        await it.on("HomeScreen")
        await it.press("enter")
        await it.until(lambda: discard.begun, "the draft to be thrown away")
        assert it.screen_name == "HomeScreen"
        discard.let_go()
        await it.until(lambda: "draft001" not in it.hits, "the row to go")
        await it.settled()
        assert "a lost parcel" not in it.picture
        assert it.screen_name == "HomeScreen"


async def test_a_marked_draft_shows_its_words_and_its_whole_question(base: Path) -> None:
    question = "Can I have my parcel delivered to the shop around the corner instead?"
    typed = draft(1, question, "Yes: say [b]which[/b] shop.\nThe label is printed there.")
    keep(base, replace(typed, internal="Ask Ben first."), draft(0, "cash?"))
    async with window(base) as it:
        assert it.marked == "draft001"
        assert question in it.part("#hits")
        shown = words_of(it.part("#preview"))
        assert f"{question} Yes: say [b]which[/b] shop. The label is printed there." in shown
        assert "Internal, not for the caller Ask Ben first." in shown
        await it.press("down")
        await it.until(lambda: "cash? No answer yet." in words_of(it.part("#preview")), "the other draft")
        assert "Yes: say" not in it.words


async def test_words_that_were_kept_are_on_the_first_screen_at_once(base: Path) -> None:
    async with window(base) as it:
        await it.press("ctrl+o")
        await it.on("CaptureScreen")
        await it.type("a lost parcel")
        await it.press("escape")
        await it.on("HomeScreen")
        await it.seen("a lost parcel")
        (kept,) = it.knowledge.drafts.all()
        await it.until(lambda: kept.draft_id in it.hits, "its row")


async def test_a_draft_of_a_change_is_merged_with_what_came_since(base: Path) -> None:
    """It remembers the version it was begun on (FAULTS 5), also over a restart."""
    async with window(base) as it:
        await it.open(REFUND)
        await it.press("e")
        await it.on("CaptureScreen")
        await it.type("Six days. ")
        await it.press("escape")
        await it.on("EntryScreen")
        await it.settled()
    with opened(base, {"KBTUI_PERSON": str(BEN)}) as colleague:
        _, source = colleague.opened(REFUND)
        colleague.change(REFUND, EntryChange(internal="Ask Ben."), source)
    async with window(base) as it:
        await it.press("ctrl+f")
        await it.on("DraftsScreen")
        await it.press("enter")
        await it.on("CaptureScreen")
        await it.press("ctrl+s")
        await it.told("Saved: How long")
        entry = it.knowledge.get(REFUND)
        assert entry.answer.startswith("Six days. Five")
        assert entry.internal == "Ask Ben."


async def test_more_drafts_than_fit_can_all_be_reached(base: Path) -> None:
    keep(base, *(draft(number, f"question {number}") for number in range(40)))
    async with window(base) as it:
        await it.press("ctrl+f")
        await it.on("DraftsScreen")
        assert "40 to finish" in it.words
        await it.press("end", "enter")
        await it.on("CaptureScreen")
        assert it.field("question") == "question 0"


async def test_a_draft_file_that_is_damaged_does_not_hide_the_others(base: Path) -> None:
    keep(base, draft(1, "cash?"))
    folder = parts_of(base).state / "drafts"
    for number, text in enumerate(("", "{", "[]", '{"draft_id": "x", "changed_at": "yesterday"}', '{"question": 7}')):
        (folder / f"damaged{number}.json").write_text(text, "ascii")
    async with window(base) as it:
        await it.press("ctrl+f")
        await it.until(lambda: it.screen_name == "DraftsScreen" or "did not work" in it.home_status, "an answer")
        assert "cash?" in it.words


async def _saved_but_not_dropped(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Save a new entry in a program that is gone before it has ended the draft."""
    with monkeypatch.context() as patched:
        patched.setattr(Drafts, "discard", lambda *_: None)
        patched.setattr(Drafts, "discard_same", lambda *_: None)
        async with window(base) as it:
            await it.press("ctrl+n")
            await it.on("CaptureScreen")
            await it.fill(question="cash?", answer="Only in our shops.")
            await it.press("ctrl+s")
            await it.told("Saved: cash?")


async def test_what_was_saved_before_a_crash_is_not_left_to_finish(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS 1: the draft of a save that is done would be saved a second time."""
    await _saved_but_not_dropped(base, monkeypatch)
    assert len(parts_of(base).drafts.all()) == 1
    async with window(base) as it:
        await it.press("ctrl+f")
        await it.on("DraftsScreen")
        assert "Nothing is left to finish." in it.words
    assert parts_of(base).drafts.all() == []


@pytest.mark.parametrize("changes", [{"answer": "Only in our shops. Now cheques, too."}, {"ticket": "T-4711"}])
async def test_words_typed_since_a_save_and_a_ticket_stay_to_be_finished(
    base: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, str]
) -> None:
    await _saved_but_not_dropped(base, monkeypatch)
    (left,) = parts_of(base).drafts.all()
    more = parts_of(base).drafts.keep(replace(left, **changes))  # type: ignore[arg-type]
    async with window(base) as it:
        await it.press("ctrl+f")
        await it.on("DraftsScreen")
        assert "1 to finish" in it.words
    assert parts_of(base).drafts.all() == [more]


async def test_a_draft_with_a_ticket_whose_save_is_done_stays(base: Path) -> None:
    """Its ticket may not have been noted: that is no part of the save."""
    left = replace(draft(1, "cash?", "Only in our shops."), ticket="T-4711")
    keep(base, left)
    with opened(base) as knowledge:
        assert knowledge.with_consent(NO_CONSENT, left.save_id).new(left.as_new()).is_committed
        assert knowledge.unfinished() == [left]


async def test_a_draft_that_two_windows_finish_is_saved_once(base: Path) -> None:
    keep(base, draft(1, "cash?", "Only in our shops."))
    async with window(base) as one:
        await one.press("ctrl+f")
        await one.on("DraftsScreen")
        await one.press("enter")
        await one.on("CaptureScreen")
        async with window(base) as two:
            await two.press("ctrl+f")
            await two.on("DraftsScreen")
            await two.press("enter")
            await two.on("CaptureScreen")
            await two.press("ctrl+s")
            await two.told("Saved: cash?")
        await one.press("ctrl+s")
        await one.told("Saved already, so not once more: cash?")
    with opened(base) as knowledge:
        assert [card.question for card in knowledge.cards()].count("cash?") == 1
    assert parts_of(base).drafts.all() == []
