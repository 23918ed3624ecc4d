"""An entry, whole: what to say, what is internal apart, who and what happened (F22, F26, F36, F37)."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kbtui.entry.model import EntryChange, Person, State
from kbtui.knowledge import Knowledge
from kbtui.open import remember_role
from tests.helpers import (
    ANA,
    ARCHIVED,
    BEN,
    OPEN_QUESTION,
    REFUND,
    git,
    in_head,
    opened,
    run_kbtui,
    status,
    write_files,
)
from tests.tui.entries import BROKEN, CHEQUE, DAMAGED, MORE, UNREADABLE
from tests.tui.window import Held, window, words_of

TALL = (100, 60)


@pytest.fixture(autouse=True)
def _more(base: Path, person: Person) -> None:
    write_files(base, MORE)


async def test_every_part_of_an_entry_is_shown(base: Path) -> None:
    async with window(base, size=TALL) as it:
        await it.open(DAMAGED)
        said = it.words
        for part in (
            "May I refund a damaged parcel?",
            "~ not validated · Refunds · VIP · owner Sam Poole · check by 2027-03-31",
            "Yes. I am sorry that it came broken.",
            "The money is back in five days.",
            "Also asked as",
            "“my parcel came broken”",
            "“the box is crushed”",
            "Ask for the photograph, then Admin, Refunds.",
            "See also",
            "How long does a refund take?",
            f"damage22 · {DAMAGED}",
        ):
            assert part in said


async def test_internal_notes_and_the_authority_card_stand_apart_and_say_what_they_are(base: Path) -> None:
    """Nobody reads internal notes to a caller by mistake (F22); the card names limits and the boundary (F26)."""
    async with window(base, size=TALL) as it:
        await it.open(DAMAGED)
        frame = it.part("#internal")
        assert "Internal, not for the caller" in frame.splitlines()[0]
        assert frame.startswith("╭")
        assert "Ask for the photograph" in frame
        assert "I am sorry" not in frame
        assert it.picture.count("photograph, then") == 1
        card = words_of(it.part("#authority"))
        for line in (
            "Who may decide",
            "You may: refund a damaged parcel up to 50 EUR.",
            "you (rep) up to 50 EUR",
            "shift lead up to 250 EUR (Sam Poole, Priya Nair)",
            "above that Head of service",
            "if there is a photograph",
            "boundary never after 90 days",
            "valid until 2027-12-31",
        ):
            assert line in card


async def test_an_expired_authority_card_says_to_ask(base: Path) -> None:
    """Unknown or expired never guesses: it says "ask" (F26)."""
    write_files(base, {DAMAGED: MORE[DAMAGED].replace("2027-12-31", "2021-12-31")})
    async with window(base, size=TALL) as it:
        await it.search("damaged parcel", first=DAMAGED)
        await it.until(lambda: "I am sorry" in it.part("#preview"), "the preview")
        assert "ask" in words_of(it.part("#preview")).casefold()
        await it.open(DAMAGED)
        assert "ask" in words_of(it.part("#authority")).casefold().split("if there is")[0]


async def test_an_open_question_is_answered_and_not_confirmed(base: Path) -> None:
    async with window(base) as it:
        await it.open(OPEN_QUESTION)
        assert "Nobody has answered this yet." in it.words
        footer = it.lines[-1]
        assert "a Answer" in footer
        assert "Confirm" not in footer
        await it.press("v")
        await it.settled()
        assert it.status == ""
        await it.press("a")
        await it.on("CaptureScreen")
        assert it.focus == "answer"
        assert it.field("question") == "Can I pay with a voucher from another shop?"


async def test_an_answered_entry_is_confirmed_and_not_answered(base: Path) -> None:
    async with window(base) as it:
        await it.open(REFUND)
        assert "v Confirm" in it.lines[-1]
        assert "Answer" not in it.lines[-1]
        await it.press("a")
        await it.settled()
        assert it.screen_name == "EntryScreen"


async def test_confirming_is_one_key_and_is_seen_at_once(base: Path) -> None:
    async with window(base) as it:
        await it.open(REFUND)
        await it.press("v")
        await it.seen("✓ validated")
        await it.seen("Confirmed by Ana Kovacs")
        assert it.app.home.query_one("#status").sentence.startswith("Saved: How long")  # type: ignore[attr-defined]
        assert it.knowledge.get(REFUND).state is State.VALIDATED
        assert git(base, "log", "-1", "--format=%an %s") == "Ana Kovacs Confirm an entry"
        assert status(base) == "?? " + "\n?? ".join(sorted(MORE))


async def test_only_the_words_on_the_screen_are_confirmed(base: Path) -> None:
    """An approval holds for the exact text approved (F36): what came in meanwhile nobody has looked at."""
    async with window(base) as it:
        await it.open(REFUND)
        with opened(base, {"KBTUI_PERSON": str(BEN)}) as colleague:
            _, source = colleague.opened(REFUND)
            colleague.change(REFUND, EntryChange(answer="Never. Tell them to go away."), source)
        await it.press("v")
        await it.settled()
        entry = it.knowledge.get(REFUND)
        assert not (entry.answer.startswith("Never") and entry.state is State.VALIDATED), "confirmed unseen words"


async def test_an_entry_changed_after_it_was_confirmed_says_so(base: Path) -> None:
    async with window(base) as it:
        it.knowledge.validate(REFUND)
        text = (base / REFUND).read_text("utf-8")
        write_files(base, {REFUND: text.replace("Five working days", "Nine working days")})
        await it.open(REFUND)
        await it.seen("~ not validated")
        await it.seen("These words have changed since somebody confirmed them.")


async def test_the_people_behind_an_entry_are_named(base: Path) -> None:
    with opened(base, {"KBTUI_PERSON": str(BEN)}) as colleague:
        path = colleague.ask("Do you deliver on Sundays?").entry.path
    async with window(base) as it:
        it.knowledge.answer(path, "No.")
        await it.open(path)
        await it.seen("Asked by Ben Okoro · Answered by Ana Kovacs")


async def test_history_says_what_happened_the_newest_first(base: Path) -> None:
    with opened(base, {"KBTUI_PERSON": str(BEN)}) as colleague:
        path = colleague.ask("Do you deliver on Sundays?").entry.path
    async with window(base) as it:
        it.knowledge.answer(path, "No.")
        it.knowledge.validate(path)
        await it.open(path)
        await it.press("h")
        await it.on("TextScreen")
        said = it.words
        places = [
            said.index(words)
            for words in (
                "Do you deliver on Sundays?",
                "Ana Kovacs confirmed it",
                "Ana Kovacs answered it",
                "Ben Okoro asked this question",
            )
        ]
        assert places == sorted(places)
        await it.press("escape")
        await it.on("EntryScreen")


async def test_history_of_an_entry_that_git_does_not_know_yet(base: Path) -> None:
    async with window(base) as it:
        await it.open(CHEQUE)
        await it.press("h")
        await it.on("TextScreen")
        assert "Nothing yet." in it.words


async def test_an_archived_entry_has_a_banner(base: Path) -> None:
    text = (base / ARCHIVED).read_text("utf-8").replace("state: archived", "state: archived\nreplaced_by: cheque22")
    write_files(base, {ARCHIVED: text})
    async with window(base) as it:
        await it.open(ARCHIVED)
        assert "Archived: this is no longer how we do it. Replaced by cheque22." in it.words
        assert "× archived" in it.words


async def test_the_other_version_of_an_entry_says_what_it_is(base: Path) -> None:
    variant = REFUND.replace(".md", ".0123456789ab.variant.md")
    write_files(base, {variant: (base / REFUND).read_text("utf-8").replace("Five", "Six")})
    async with window(base) as it:
        await it.open(variant)
        assert "Two versions kept, a lead will choose: this is the other one." in it.words
        assert "Six working days" in it.words


async def test_a_file_that_does_not_parse_is_shown_as_text_with_what_is_wrong(base: Path) -> None:
    """FAULTS 49: shown as text, bytes untouched."""
    write_files(base, {UNREADABLE: BROKEN})
    async with window(base) as it:
        await it.search("desk 42", first=UNREADABLE)
        assert "shown as plain text" in it.part("#hits")
        await it.open(UNREADABLE)
        assert "Call the [/] desk on ext 42." in it.words
        assert "Line " in it.words
        assert (base / UNREADABLE).read_text("utf-8") == BROKEN


async def test_a_file_that_does_not_parse_says_so_when_somebody_changes_it(base: Path) -> None:
    """The words come back, the file is untouched, and the advice names a command that exists."""
    write_files(base, {UNREADABLE: BROKEN})
    async with window(base) as it:
        await it.open(UNREADABLE)
        await it.press("e")
        await it.on("CaptureScreen")
        await it.type("Hello. ")
        await it.press("ctrl+s")
        await it.until(lambda: it.screen_name == "CaptureScreen" and "does not parse" in it.words, "the sentence")
        assert "Hello. " in it.field("answer")
        assert (base / UNREADABLE).read_text("utf-8") == BROKEN
        told = it.words
    assert "--raw" not in told or "--raw" in run_kbtui("edit", "--help").out


async def test_one_key_leads_back_to_the_search_and_its_words_stand_there(base: Path) -> None:
    """Search is one key away (F1)."""
    async with window(base) as it:
        await it.search("refund", first=REFUND)
        for key in ("escape", "ctrl+l"):
            await it.press("enter")
            await it.on("EntryScreen")
            await it.press(key)
            await it.on("HomeScreen")
            assert (it.query, it.focus, it.marked) == ("refund", "query", REFUND)


async def test_a_long_entry_scrolls_by_keys(base: Path) -> None:
    body = "\n\n".join(f"Step {number}." for number in range(100))
    write_files(base, {CHEQUE: MORE[CHEQUE] + body + "\n"})
    async with window(base) as it:
        await it.open(CHEQUE)
        assert "Step 2." in it.words
        places = {it.picture}
        for number, key in enumerate(("down", "pagedown", "space", "up"), start=2):
            await it.press(key)
            await it.until(lambda: it.picture not in places, key)
            places.add(it.picture)
            assert len(places) == number
        await it.press("end")
        await it.seen("Step 99.")
        await it.press("home")
        await it.seen("May I pay by cheque?")


async def test_an_entry_that_has_gone_meanwhile_says_so(base: Path) -> None:
    async with window(base) as it:
        await it.search("refund", first=REFUND)
        (base / REFUND).unlink()
        await it.press("enter")
        await it.told("There is no file")
        assert it.screen_name == "HomeScreen"


async def test_a_second_key_while_the_first_is_working_opens_nothing_twice(
    base: Path, hold: Callable[[type, str], Held]
) -> None:
    """Enter, and enter again because nothing seems to happen."""
    async with window(base) as it:
        await it.search("refund", first=REFUND)
        held = hold(Knowledge, "opened")
        await it.press("enter", "enter")
        held.let_go()
        await it.on("EntryScreen")
        await it.settled()
        await it.press("escape")
        await it.settled()
        assert it.screen_name == "HomeScreen", "the same entry was opened twice"


async def test_a_confirmation_is_committed_and_nothing_else(base: Path) -> None:
    async with window(base) as it:
        before = (base / REFUND).read_text("utf-8").splitlines()
        await it.open(REFUND)
        await it.press("v")
        await it.seen("✓ validated")
        after = (base / REFUND).read_text("utf-8").splitlines()
        assert [line for line in before if line not in after] == ["state: not-validated"]
        assert in_head(base, REFUND) == (base / REFUND).read_bytes()
        assert f"by: {ANA.name}" in "\n".join(after)


@pytest.mark.parametrize("size", [(80, 24), (40, 24)])
async def test_the_card_answers_what_was_searched(base: Path, size: tuple[int, int]) -> None:
    """F26: "you may" first, for the person's role; by words, never by colour alone; on 40 columns too."""
    async with window(base, size=size) as it:
        await it.search("refund damaged 80", first=DAMAGED)
        await it.seen("Ask a shift lead: Sam Poole, Priya Nair (up to 250 EUR).")
        await it.press("enter")
        await it.on("EntryScreen")
        await it.settled()
        card = words_of(it.part("#authority"))
        assert card.startswith(
            "Who may decide Ask a shift lead: Sam Poole, Priya Nair (up to 250 EUR). 80 EUR is above"
        )


async def test_the_card_is_for_the_role_one_has(base: Path) -> None:
    """F40."""
    write_files(base, {"kb.toml": 'roles = ["rep", "shift lead"]\n'})
    remember_role("shift lead", os.environ)
    async with window(base, size=TALL) as it:
        await it.open(DAMAGED)
        card = words_of(it.part("#authority"))
        assert card.startswith("Who may decide You may: refund a damaged parcel up to 250 EUR. action")
        assert "you (shift lead) up to 250 EUR" in card


async def test_words_about_something_else_are_not_answered_from_the_card(base: Path) -> None:
    async with window(base, size=TALL) as it:
        await it.search("voucher 80")
        await it.open(DAMAGED)
        assert words_of(it.part("#authority")).startswith(
            "Who may decide You may: refund a damaged parcel up to 50 EUR."
        )
