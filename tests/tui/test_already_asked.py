"""“Already asked?” in the form: near questions while one types, compared, joined or added to (F12, F16, F17, F20)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kbtui.errors import BusyError
from kbtui.git.saver import Saver
from kbtui.knowledge import Knowledge
from kbtui.store.drafts import Draft
from tests.events import lines_of
from tests.helpers import ARCHIVED, OPEN_QUESTION, REFUND, commits, write_files
from tests.tui.window import Held, Window, window

REFUND_WORDS = "how long does the refund take"
VOUCHER_WORDS = "can I pay with a voucher from another shop, please"
FROM_ABROAD = "Who pays for the stamps when a parcel goes back from abroad?"
ABROAD = "parcels/stamps-1-stamps01.md"
LIKE = {
    f"parcels/stamps-{number}-stamps0{number}.md": (
        f"---\nid: stamps0{number}\nstate: not-validated\n---\n# {question}\n\nFrom shelf {number}.\n"
    )
    for number, question in enumerate(
        (FROM_ABROAD, *(FROM_ABROAD.replace("abroad", place) for place in ("an island", "a ship", "a lake"))), 1
    )
}
CARD = "4111 1111 1111 1111"

Hold = Callable[[type, str], Held]


@pytest.fixture
def ana(person: object) -> None:
    """Let Ana be the one who writes."""


async def ask(it: Window, words: str) -> None:
    """Type a question into an empty form."""
    await it.press("ctrl+n")
    await it.on("CaptureScreen")
    await it.type(words)


async def compare(it: Window, words: str, seen: str) -> None:
    """Type a question and compare it with what is near, in one key."""
    await ask(it, words)
    await it.press("f2")
    await it.on("CompareScreen")
    await it.seen(seen)


def drafts(it: Window) -> list[Draft]:
    """Return what is kept on this computer."""
    return it.knowledge.drafts.all()


async def test_what_is_close_stands_below_the_question(base: Path, ana: None) -> None:
    async with window(base) as it:
        await ask(it, REFUND_WORDS)
        await it.seen("~ How long does a refund take? · not validated")
        assert "already asked? f2 compares" in it.words
        assert it.focus == "question", "an offer must not take the cursor"
        await it.type(" to reach the moon by mail coach")
        await it.until(lambda: "How long" not in it.words, "the offer to go with what it was for")
        assert "f2 compares" not in it.words


async def test_three_rows_are_the_most(base: Path, ana: None) -> None:
    write_files(base, LIKE)
    async with window(base) as it:
        await ask(it, FROM_ABROAD)
        await it.seen(f"{FROM_ABROAD}")
        await it.until(lambda: it.screen.query_one("#already-asked").display, "the rows")
        assert it.screen.query_one("#already-asked").region.height == 3
        assert it.screen.query_one("#answer").region.height >= 6, "the answer's field is too small to write in"


async def test_nothing_is_offered_where_nothing_is_close(base: Path, ana: None) -> None:
    async with window(base) as it:
        await ask(it, "do you sell umbrellas")
        await it.press("f2")
        await it.seen("Nothing that is close to this question has been asked yet.")
        assert it.screen_name == "CaptureScreen"
        assert not it.screen.query_one("#already-asked").display
        await it.type(" at all")
        await it.until(lambda: "Nothing that is close" not in it.words, "the sentence to go")


async def test_what_is_archived_is_not_offered(base: Path, ana: None) -> None:
    async with window(base) as it:
        assert it.knowledge.get(ARCHIVED).question == "How do I fax my order?"
        await ask(it, "How do I fax my order?")
        await it.press("f2")
        await it.seen("Nothing that is close to this question has been asked yet.")


async def test_an_entry_that_is_changed_is_not_compared(base: Path, ana: None) -> None:
    async with window(base) as it:
        await it.open(REFUND)
        await it.press("e")
        await it.on("CaptureScreen")
        await it.press("f2")
        await it.settled()
        assert it.screen_name == "CaptureScreen"
        assert "close to this question" not in it.words


async def test_the_latest_question_wins(base: Path, ana: None, hold: Hold) -> None:
    async with window(base) as it:
        similar = hold(Knowledge, "similar")
        await ask(it, REFUND_WORDS)
        await it.until(lambda: similar.begun == 1, "the first look")
        await it.fill(question=VOUCHER_WORDS)
        await it.until(lambda: similar.begun == 2, "the second look")
        similar.let_go()
        await it.seen("voucher from another shop? · open question")
        await it.settled()
        assert "How long" not in it.words


async def test_typing_goes_on_while_it_is_looked_for(base: Path, ana: None, hold: Hold) -> None:
    async with window(base) as it:
        similar = hold(Knowledge, "similar")
        await ask(it, REFUND_WORDS)
        await it.until(lambda: similar.begun, "the look")
        await it.type(" now")
        assert it.field("question") == f"{REFUND_WORDS} now"
        assert similar.ended == 0
        similar.let_go()


async def test_the_key_waits_for_the_answer_that_fits_the_words(base: Path, ana: None, hold: Hold) -> None:
    """Pressed before the rows are there, it opens what they will say, and not nothing."""
    async with window(base) as it:
        similar = hold(Knowledge, "similar")
        await ask(it, REFUND_WORDS)
        await it.press("f2")
        assert it.screen_name == "CaptureScreen"
        similar.let_go()
        await it.on("CompareScreen")


async def test_the_two_stand_side_by_side(base: Path, ana: None) -> None:
    async with window(base) as it:
        await compare(it, REFUND_WORDS, "Five working days after")
        own, other = it.part("#own-words"), it.part("#other-words")
        assert REFUND_WORDS in " ".join(own.split())
        assert "How long does a refund take?" in other
        assert "not validated" in other
        assert "s Same answer, add my words" in it.words


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 40)])
async def test_the_keys_stay_in_sight_below_a_long_entry(base: Path, ana: None, size: tuple[int, int]) -> None:
    long = "\n\n".join(f"Step {number}." for number in range(40))
    write_files(
        base, {REFUND: f"---\nid: refund22\nstate: not-validated\n---\n# How long does a refund take?\n\n{long}\n"}
    )
    async with window(base, size=size) as it:
        await compare(it, "How long does a refund take?", "How long")
        assert "Same answer, add my words" in it.words
        assert "escape back" in it.words
        for _ in range(100):
            await it.press("down")
        await it.seen("Step 39.")


async def test_same_answer_in_two_keys(base: Path, ana: None) -> None:
    """F17: f2, s. The words are a phrasing of the entry, and no second entry is made."""
    async with window(base) as it:
        before = commits(base)
        await compare(it, REFUND_WORDS, "Five working days")
        await it.press("s")
        await it.told("Your caller's words are added: How long does a refund take?")
        assert (it.screen_name, it.query, it.focus) == ("HomeScreen", "", "query")
        await it.settled()
        assert it.knowledge.get(REFUND).asked_as == ("where is my money", REFUND_WORDS)
        assert commits(base) == before + 1
        assert drafts(it) == []


async def test_an_open_question_is_joined_in_two_keys(base: Path, ana: None) -> None:
    """F12: f2, j. One caller more waits, with words of their own."""
    async with window(base) as it:
        await compare(it, VOUCHER_WORDS, "Nobody has answered this yet.")
        await it.press("j")
        await it.told("Joined: 2 callers waiting: Can I pay with a voucher from another shop?")
        await it.settled()
        assert [json.loads(line)["kind"] for line in lines_of(base)] == ["joined"]
        assert it.knowledge.get(OPEN_QUESTION).asked_as == (VOUCHER_WORDS,)
        assert drafts(it) == []


async def test_the_other_ones_key_does_nothing(base: Path, ana: None) -> None:
    async with window(base) as it:
        await compare(it, VOUCHER_WORDS, "Nobody has answered this yet.")
        await it.press("s")
        assert it.screen_name == "CompareScreen"


async def test_the_next_nearest_is_one_key_away(base: Path, ana: None) -> None:
    write_files(base, LIKE)
    async with window(base) as it:
        await compare(it, FROM_ABROAD, "From shelf 1.")
        await it.seen("n next, 1 of 3")
        await it.press("n")
        await it.until(lambda: "2 of 3" in it.words and "From shelf 1." not in it.words, "another entry")
        await it.press("n", "n")
        await it.seen("From shelf 1.")


async def test_escape_brings_the_form_back_as_it_was(base: Path, ana: None) -> None:
    async with window(base) as it:
        await ask(it, REFUND_WORDS)
        await it.press("tab")
        await it.until(lambda: it.focus == "answer", "the answer's field")
        await it.type("Ten days.")
        await it.press("f2")
        await it.on("CompareScreen")
        await it.press("escape")
        await it.on("CaptureScreen")
        assert (it.field("question"), it.field("answer"), it.focus) == (REFUND_WORDS, "Ten days.", "answer")


async def test_an_answer_that_was_typed_is_kept_beside(base: Path, ana: None) -> None:
    """The caller's question is known, the answer that was typed is nobody's yet: it must not go with the draft."""
    async with window(base) as it:
        await ask(it, REFUND_WORDS)
        await it.fill(answer="Ten days.")
        await it.press("f2")
        await it.on("CompareScreen")
        await it.press("s")
        await it.told("Your caller's words are added; your answer is under “To finish”")
        await it.settled()
        assert [(d.question, d.answer) for d in drafts(it)] == [(REFUND_WORDS, "Ten days.")]


async def test_without_a_name_the_words_wait_for_one(base: Path) -> None:
    async with window(base) as it:
        await compare(it, REFUND_WORDS, "Five working days")
        await it.press("s")
        await it.on("NameScreen")
        await it.press("escape")
        await it.told("Kept under “To finish” until you give a name.")
        await it.settled()
        assert [d.question for d in drafts(it)] == [REFUND_WORDS]
        assert it.knowledge.get(REFUND).asked_as == ("where is my money",)


async def test_with_a_name_given_they_are_added(base: Path) -> None:
    async with window(base) as it:
        await compare(it, REFUND_WORDS, "Five working days")
        await it.press("s")
        await it.on("NameScreen")
        await it.type("Ana Kovacs")
        await it.press("enter")
        await it.told("Your caller's words are added")
        assert it.knowledge.get(REFUND).asked_as[-1] == REFUND_WORDS


async def test_a_card_number_in_the_question_comes_back_as_a_sentence(base: Path, ana: None) -> None:
    write_files(base, LIKE)
    async with window(base) as it:
        await compare(it, f"{FROM_ABROAD} {CARD}", "From shelf 1.")
        await it.press("s")
        await it.on("CaptureScreen")
        await it.seen("Not saved: the question holds what looks like a card number")
        assert it.field("question") == f"{FROM_ABROAD} {CARD}"
        await it.settled()
        assert it.knowledge.get(ABROAD).asked_as == ()


async def test_an_address_in_the_question_is_asked_about_once(
    base: Path, ana: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(base, LIKE)
    words = f"{FROM_ABROAD} jo.bloggs@gmail.com"
    usual = Knowledge.similar
    monkeypatch.setattr(Knowledge, "similar", lambda self, _, *rest: usual(self, FROM_ABROAD, *rest))
    async with window(base) as it:
        await compare(it, words, "From shelf 1.")
        await it.press("s")
        await it.on("CaptureScreen")
        await it.seen("f2 and the same key again add it all the same")
        await it.press("f2")
        await it.on("CompareScreen")
        await it.press("s")
        await it.told("Your caller's words are added")
        assert it.knowledge.get(ABROAD).asked_as == (words,)


async def test_an_address_in_the_answer_is_no_reason_to_ask(base: Path, ana: None) -> None:
    """It does not leave this computer."""
    async with window(base) as it:
        await ask(it, REFUND_WORDS)
        await it.fill(answer="Write to jo.bloggs@gmail.com")
        await it.press("f2")
        await it.on("CompareScreen")
        await it.press("s")
        await it.told("Your caller's words are added")


async def test_what_fails_brings_the_words_back(
    base: Path, ana: None, breaks: Callable[[type, str, Exception], None]
) -> None:
    breaks(Knowledge, "same_as", BusyError("Another program is busy with this base.", "Try again in a moment."))
    async with window(base) as it:
        await compare(it, REFUND_WORDS, "Five working days")
        await it.press("s")
        await it.on("CaptureScreen")
        await it.seen("Another program is busy with this base. Try again in a moment.")
        assert it.field("question") == REFUND_WORDS
        assert [d.question for d in drafts(it)] == [REFUND_WORDS]


async def test_a_git_that_is_busy_is_said_and_the_words_are_safe(
    base: Path, ana: None, breaks: Callable[[type, str, Exception], None]
) -> None:
    breaks(Saver, "save", BusyError("Saved on this computer; another kbtui is busy", ""))
    async with window(base) as it:
        await compare(it, REFUND_WORDS, "Five working days")
        await it.press("s")
        await it.told("Saved on this computer; another kbtui is busy: How long does a refund take?")


@pytest.mark.parametrize(("words", "key", "kind"), [(REFUND_WORDS, "s", "captured"), (VOUCHER_WORDS, "j", "joined")])
async def test_the_ticket_goes_into_the_event(base: Path, ana: None, words: str, key: str, kind: str) -> None:
    async with window(base) as it:
        await ask(it, words)
        await it.fill(ticket="T-17")
        await it.press("f2")
        await it.on("CompareScreen")
        await it.press(key)
        await it.on("HomeScreen")
        await it.settled()
        noted = [json.loads(line) for line in lines_of(base)]
        assert [(each["kind"], each["ticket"]) for each in noted] == [(kind, "T-17")]
