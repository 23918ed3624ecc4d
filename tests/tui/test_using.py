"""What a rep does with an answer: copies it, says whether it helped, joins, thanks; and what is new (issue 5)."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kbtui.entry.model import Person
from kbtui.errors import NotSavedError
from kbtui.knowledge import Knowledge
from kbtui.tui import messages
from tests.helpers import ANA, ARCHIVED, BEN, OPEN_QUESTION, PASSWORD, REFUND, git, opened, run_kbtui, write_files
from tests.tui.entries import DAMAGED, MORE
from tests.tui.window import Held, Window, window

Hold = Callable[[type, str], Held]
CARD = "4111 1111 1111 1111"
FAR = {"SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22", "TMUX": None, "TERM_PROGRAM": None, "TERM": "xterm"}
"""A terminal far away: no tool of this computer's desktop is asked, so the terminal is told."""


@pytest.fixture(autouse=True)
def _person(person: Person) -> None:
    """Somebody has given their name."""


def _written(it: Window) -> list[str]:
    """Keep what is written to the terminal from now on."""
    driver = it.app._driver
    assert driver is not None
    kept: list[str] = []
    write = driver.write

    def writing(data: str) -> None:
        kept.append(data)
        write(data)

    driver.write = writing  # type: ignore[method-assign]
    return kept


def _clipboard(written: list[str]) -> str:
    found = re.findall(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", "".join(written))
    return base64.b64decode(found[-1]).decode() if found else ""


async def test_what_to_say_is_copied_in_two_keys_and_nothing_internal(base: Path) -> None:
    """F21, F22: enter, c."""
    async with window(base, env=FAR) as it:
        written = _written(it)
        await it.search("refund", first=REFUND)
        await it.press("enter")
        await it.on("EntryScreen")
        await it.settled()
        await it.press("c")
        await it.seen("Copied through the terminal, if it allows that")
        assert _clipboard(written).startswith("Five working days after your parcel has reached us.")
        assert "Admin" not in _clipboard(written)


async def test_it_helped_is_one_key_and_counts_on_the_row(base: Path) -> None:
    """F23, F7: the words searched are offered as the caller's own, one key adds them."""
    async with window(base) as it:
        await it.search("when does my money arrive")
        await it.open(REFUND)
        await it.press("u")
        await it.seen("Noted: used once (1 this week) · s adds “when does my money arrive” to it")
        await it.press("s")
        await it.seen("Saved")
        await it.settled()
        assert "“when does my money arrive”" in it.words
        await it.press("escape", "escape")
        await it.search("refund", first=REFUND)
        assert "used once (1 this week)" in it.part("#hits")
    with opened(base) as knowledge:
        assert "when does my money arrive" in knowledge.get(REFUND).asked_as


async def test_words_the_entry_knows_are_not_offered(base: Path) -> None:
    async with window(base) as it:
        await it.search("how long does a refund take", first=REFUND)
        await it.open(REFUND)
        await it.press("u")
        await it.seen("Noted: used once")
        assert "adds" not in it.status


async def test_the_searched_words_can_be_added_without_a_use(base: Path) -> None:
    async with window(base) as it:
        await it.search("when does my money arrive")
        await it.open(REFUND)
        await it.press("s")
        await it.seen("“when does my money arrive”")


async def test_one_call_counts_once_however_often_the_key_is_pressed(base: Path) -> None:
    async with window(base) as it:
        await it.open(REFUND)
        await it.press("u")
        await it.seen("Noted: used once")
        await it.press("u")
        await it.seen("Noted already for this call")
    with opened(base) as knowledge:
        assert list(knowledge.counts().used.values()) == [1]


async def test_a_use_is_noted_whatever_was_searched_and_masked(base: Path) -> None:
    """Signs that narrow are no caller's words, and an address in a search must not cost the use (F18, F23)."""
    async with window(base) as it:
        await it.type("tag:refunds refund for eve.miller@gmail.com")
        await it.until(lambda: REFUND in it.hits, "the entry")
        await it.open(REFUND)
        await it.press("u")
        await it.seen("Noted: used once")
        it.app.using.settle(it.app)
        await it.settled()
    noted = git(base, "grep", "-h", "used", "HEAD", "--", "events")
    assert "eve.miller@gmail.com" not in noted
    assert "refund for" in noted
    assert "tag:" not in noted


async def test_a_use_that_failed_may_be_noted_again(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise NotSavedError("The disk is full.")

    async with window(base) as it:
        await it.open(REFUND)
        with monkeypatch.context() as patched:
            patched.setattr(Knowledge, "used", broken)
            await it.press("u")
            await it.seen("The disk is full.")
        await it.press("u")
        await it.seen("Noted: used once")


async def test_two_presses_in_a_row_are_one_use(base: Path) -> None:
    async with window(base) as it:
        await it.open(REFUND)
        it.strike("u", "u", "u")
        await it.until(lambda: list(it.knowledge.counts().used.values()) == [1], "the use")
        await it.settled()
    with opened(base) as knowledge:
        assert list(knowledge.counts().used.values()) == [1]


async def test_words_of_a_flag_that_was_left_are_there_again(base: Path) -> None:
    async with window(base) as it:
        await it.open(REFUND)
        await it.press("f")
        await it.on("LineScreen")
        await it.type("it is ten days")
        await it.press("escape", "f")
        await it.on("LineScreen")
        assert it.field("line") == "it is ten days"
        await it.press("enter")
        await it.seen("Flagged")
        await it.press("f")
        await it.on("LineScreen")
        assert it.field("line") == ""


async def test_what_is_typed_while_a_caller_joins_is_the_next_callers(base: Path, hold: Hold) -> None:
    join = hold(Knowledge, "join")
    async with window(base) as it:
        await it.search("voucher from another shop", first=OPEN_QUESTION)
        await it.press("ctrl+t")
        await it.until(lambda: join.begun, "the joining to begin")
        await it.type(" and more")
        join.let_go()
        await it.told("Joined: 2 callers waiting")
        assert it.query == "voucher from another shop and more"


async def test_joining_says_so_and_nobody_else_is_blamed_for_the_new_words(base: Path) -> None:
    async with window(base) as it:
        await it.search("other shops voucher")
        await it.open(OPEN_QUESTION)
        await it.press("j")
        await it.seen("Joined: 2 callers waiting")
        await it.seen("“other shops voucher”")
        it.app._changed_outside(messages.ChangedOutside(frozenset({OPEN_QUESTION})))
        await it.settled()
        assert "has changed" not in it.words


@pytest.mark.parametrize("key", ["u", "t", "f"])
async def test_a_name_that_is_missing_is_asked_for_and_then_it_is_done(base: Path, key: str) -> None:
    """A new rep's first shift of "it helped" must not vanish."""
    run_kbtui("edit", "refund22", "--answer", "Ten days.", cwd=base, env={"KBTUI_PERSON": str(BEN)})
    async with window(base, env={"KBTUI_PERSON": None}) as it:
        await it.open(REFUND)
        await it.press(key)
        if key == "f":
            await it.on("LineScreen")
            await it.type("it is ten days since May")
            await it.press("enter")
        await it.on("NameScreen")
        await it.type("Priya Nair")
        await it.press("enter")
        await it.seen({"u": "Noted: used once", "t": "Thanked Ben Okoro", "f": "Flagged"}[key])


async def test_what_did_not_help_is_said_in_one_line_and_shown(base: Path) -> None:
    """F24, F27."""
    async with window(base) as it:
        await it.open(REFUND)
        await it.press("f")
        await it.on("LineScreen")
        await it.type("it is ten days since May")
        await it.press("enter")
        await it.seen("Flagged, for Mateo Ruiz and a lead to see")
        await it.press("w")
        await it.seen("Ana Kovacs flagged it: it is ten days since May")


async def test_a_flag_with_a_card_number_comes_back_to_be_mended(base: Path) -> None:
    """F18: refused, and nothing typed is lost."""
    async with window(base) as it:
        await it.open(REFUND)
        await it.press("f")
        await it.on("LineScreen")
        await it.type(f"paid with {CARD}")
        await it.press("enter")
        await it.seen("looks like a card number")
        await it.on("LineScreen")
        assert it.field("line") == f"paid with {CARD}"
    held = [path for path in base.parent.rglob("*") if path.is_file() and CARD.encode() in path.read_bytes()]
    assert held == []


async def test_a_caller_more_joins_an_open_question_in_one_key(base: Path) -> None:
    """F12: from the query line, the cursor stays there."""
    async with window(base) as it:
        await it.search("voucher from another shop", first=OPEN_QUESTION)
        await it.press("ctrl+t")
        await it.told("Joined: 2 callers waiting")
        assert it.query == ""
        await it.until(lambda: "2 callers waiting" in it.part("#hits"), "the row to say so")


async def test_the_same_caller_is_counted_once(base: Path) -> None:
    """The second press is refused in words; whoever calls next may be counted."""
    async with window(base) as it:
        await it.search("voucher from another shop", first=OPEN_QUESTION)
        it.strike("ctrl+t", "ctrl+t")
        await it.told("Joined: 2 callers waiting")
        await it.settled()
        assert it.query == ""
        while it.marked != OPEN_QUESTION:
            await it.press("down")
        await it.press("ctrl+t")
        await it.told("Noted already for this call; for the next one: escape, then ctrl+t")
        assert it.knowledge.counts().joined == {"openqu22": 1}
        await it.press("escape", "ctrl+t")
        await it.told("Joined: 3 callers waiting")
        await it.settled()
        await it.search("voucher", first=OPEN_QUESTION)
        await it.press("ctrl+t")
        await it.told("Joined: 4 callers waiting")


async def test_thanks_of_one_person_count_once(base: Path) -> None:
    """Also after the entry was opened again; whoever has done more since may be thanked again."""
    run_kbtui("edit", "refund22", "--answer", "Ten days.", cwd=base, env={"KBTUI_PERSON": str(BEN)})
    async with window(base) as it:
        for _ in range(2):
            await it.open(REFUND)
            await it.press("t")
            await it.settled()
        await it.seen("You have thanked Ben Okoro for this already.")
        assert len(it.knowledge._parts.tally.thanks()) == 1


async def test_joining_is_offered_for_open_questions_only(base: Path) -> None:
    async with window(base) as it:
        await it.search("refund", first=REFUND)
        await it.press("ctrl+t")
        await it.settled()
        assert it.query == "refund"
        await it.open(REFUND)
        await it.press("j")
        await it.settled()
        assert "Joined" not in it.status
    with opened(base) as knowledge:
        assert knowledge.counts().joined == {}


async def test_the_people_behind_an_entry_are_thanked_in_one_key(base: Path) -> None:
    """F39."""
    run_kbtui("edit", "refund22", "--answer", "Ten days.", cwd=base, env={"KBTUI_PERSON": str(BEN)})
    async with window(base) as it:
        await it.open(REFUND)
        await it.press("t")
        await it.seen("Thanked Ben Okoro")


async def test_why_an_entry_can_be_trusted(base: Path) -> None:
    async with window(base) as it:
        await it.open(REFUND)
        await it.press("w")
        await it.seen("Nobody has confirmed these words yet.")
        await it.seen("Its owner is Mateo Ruiz")
        await it.press("escape")
        await it.on("EntryScreen")


async def test_see_also_leads_on_and_escape_back(base: Path) -> None:
    """F9."""
    write_files(base, MORE)
    async with window(base) as it:
        await it.open(DAMAGED)
        await it.press("l")
        await it.on("ChoiceScreen")
        await it.press("enter")
        await it.until(lambda: "How long does a refund take?" in it.words and it.screen_name == "EntryScreen", "it")
        await it.press("escape")
        await it.until(lambda: "May I refund a damaged parcel?" in it.words, "the entry before")


async def test_what_is_new_is_said_at_the_start_and_read_once(base: Path) -> None:
    """F48: answers to my questions first."""
    run_kbtui("ask", "Do you deliver on Sundays?", cwd=base, env={"KBTUI_PERSON": str(ANA)})
    run_kbtui("news", "--mark-seen", cwd=base, env={"KBTUI_PERSON": str(ANA)})
    asked = next((base / "questions").glob("do-you-deliver*.md")).relative_to(base).as_posix()
    run_kbtui("answer", asked, "Yes, until noon.", cwd=base, env={"KBTUI_PERSON": str(BEN)})
    async with window(base) as it:
        await it.told("new: 1 answer to your questions (ctrl+r)")
        await it.press("ctrl+r")
        await it.seen("Do you deliver on Sundays? answered by Ben Okoro")
        await it.press("escape")
        await it.settled()
        await it.press("ctrl+r")
        await it.seen("Nothing is new since you last looked.")


async def test_narrowing_needs_no_signs_to_be_learnt(base: Path) -> None:
    """F8: what is chosen stands in the query line, to be seen and taken out again."""
    async with window(base) as it:
        await it.type("password")
        await it.press("f3")
        await it.on("ChoiceScreen")
        rows = it.picture
        assert "validated" in rows
        await it.press("down", "down", "enter")
        await it.until(lambda: it.query.startswith("password state:"), "the words in the line")
        await it.type("x")


async def test_what_there_is_to_narrow_by_is_narrowed_by_its_letters(base: Path) -> None:
    """F8: due and mine are chosen like the rest, and enter takes what the letters have left."""
    async with window(base) as it:
        await it.press("f3")
        await it.on("ChoiceScreen")
        assert "mine" in it.words
        assert "due for a check" in it.words
        await it.type("arch")
        await it.until(lambda: "not validated" not in it.words, "the other states to go")
        await it.press("enter")
        await it.until(lambda: it.query.startswith("state:archived"), "the words in the line")
        await it.until(lambda: it.hits == [ARCHIVED], "the archived one")
        await it.press("escape", "f3")
        await it.on("ChoiceScreen")
        await it.type("zzz")
        await it.press("enter")
        await it.settled()
        assert type(it.app.screen).__name__ == "ChoiceScreen", "nothing is left to be chosen"


async def test_words_that_found_nothing_are_noted_once_they_are_given_up(base: Path) -> None:
    """F43."""
    async with window(base) as it:
        await it.search("zzyzx quux")
        await it.seen("Nobody has written about")
        await it.press("escape")
        await it.settled()
        it.app.using.settle(it.app)
        await it.settled()
    assert "zzyzx quux" in git(base, "grep", "-h", "quux", "HEAD", "--", "events")


async def test_every_key_of_a_screen_is_said(base: Path) -> None:
    async with window(base, size=(120, 40)) as it:
        await it.press("f1")
        await it.on("TextScreen")
        assert "ctrl+o" in it.words
        assert "Focus" not in it.words, "words of Textual's"
        await it.press("escape")
        await it.open(PASSWORD)
        await it.press("f1")
        await it.on("TextScreen")
        assert "Copy" in it.words
