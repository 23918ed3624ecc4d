"""The sample for coaching, known or new, and the meeting pack on the screen, keyboard only (F31, F32, F44, F47)."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui.team.sampling import Kind, Question, Verdict
from tests.helpers import ANA, BEN, LEAD, PASSWORD, REFUND, git, opened, run_kbtui, write_files
from tests.tui.hostile import HOSTILE, said
from tests.tui.test_hostile import SMALL, assert_harmless
from tests.tui.window import Held, Window, window

AS_LEAD = {"KBTUI_PERSON": str(LEAD)}
LETTER = "letters/may-i-answer-a-letter-letter22.md"


@pytest.fixture
def base(base: Path) -> Path:
    """Return a base in which Ana has written one answer; the others came with the starter base."""
    write_files(base, {LETTER: "---\nid: letter22\n---\n# May I answer a letter?\n\nOn the same day.\n"})
    git(base, "add", ".")
    git(base, "commit", "-qm", "letter", by=ANA)
    return base


async def spot_check(it: Window) -> None:
    """Open the sample from the review queue."""
    await it.press("f12")
    await it.on("ReviewScreen")
    await it.settled()
    await it.press("s")
    await it.on("SpotCheckScreen")
    await it.until(lambda: "looked at" in it.status, "the sample")
    await it.settled()


# Spot check


async def test_the_sample_begins_with_what_somebody_here_wrote(base: Path) -> None:
    """What came with a starter base has no writer whom a note could help; it only fills the sample up."""
    async with window(base, env=AS_LEAD) as it:
        await spot_check(it)
        assert "May I answer a letter?" in it.lines[0]
        assert "On the same day." in it.words
        assert "it names no tag" in it.words, "what the tool noticed stands under its line"


async def test_good_is_said_of_the_words_that_were_read_and_seen_by_another_lead(base: Path) -> None:
    async with window(base, env=AS_LEAD) as it:
        await spot_check(it)
        await it.press("g")
        await it.until(lambda: "Noted: good as it is" in it.status, "it to be noted")
        await it.seen("Lena Lead: good as it is")
        assert it.lines[0].startswith(" good")
        await it.press("escape")
        await it.on("ReviewScreen")
    listed = run_kbtui("spot-check", cwd=base, env={"KBTUI_PERSON": str(BEN)}).out
    assert "Lena Lead: good as it is" in listed
    write_files(base, {LETTER: (base / LETTER).read_text().replace("same", "next")})
    git(base, "commit", "-qam", "next", by=ANA)
    assert "good as it is" not in run_kbtui("spot-check", cwd=base).out, "nobody has looked at these words"


async def test_good_is_taken_back_with_the_key_of_every_undo_and_said_again(base: Path) -> None:
    """The words stay as they are: an undo is of what was done here, and here nobody has changed them."""
    before = git(base, "show", f"HEAD:{LETTER}")
    async with window(base, env=AS_LEAD) as it:
        await spot_check(it)
        await it.press("g")
        await it.seen("Lena Lead: good as it is")
        await it.press("z")
        await it.until(lambda: "Taken back" in it.status, "it to be taken back")
        await it.until(lambda: not it.lines[0].startswith(" good"), "the row to say so")
        assert "good as it is" not in it.part("#about")
        await it.press("g")
        await it.seen("Lena Lead: good as it is")
    assert git(base, "show", f"HEAD:{LETTER}") == before
    assert "Lena Lead: good as it is" in run_kbtui("spot-check", cwd=base).out
    as_ben = {"KBTUI_PERSON": str(BEN)}
    refused = run_kbtui("spot-check", "--not-good", "letter22", cwd=base, env=as_ben)
    assert "You have not said that" in refused.err
    assert run_kbtui("spot-check", "--not-good", "letter22", cwd=base, env=AS_LEAD).status == 0
    assert "good as it is" not in run_kbtui("spot-check", cwd=base).out


async def test_what_is_good_is_what_was_on_the_screen(base: Path) -> None:
    async with window(base, env=AS_LEAD) as it:
        await spot_check(it)
        write_files(base, {LETTER: (base / LETTER).read_text().replace("same", "next")})
        git(base, "commit", "-qam", "next", by=ANA)
        await it.press("g")
        await it.until(lambda: "Noted: good as it is" in it.status, "it to be noted")
        await it.settled()
    assert "good as it is" not in run_kbtui("spot-check", cwd=base).out


async def test_a_note_names_the_lines_that_were_marked_and_reaches_the_writer(base: Path) -> None:
    async with window(base, env=AS_LEAD) as it:
        await spot_check(it)
        await it.press("2", "3", "4", "4")
        await it.seen("2 better Does it say all")
        await it.press("n")
        await it.on("LineScreen")
        await it.seen("About: complete, clear.")
        await it.type("Say by whom")
        await it.press("enter")
        await it.until(lambda: "Note left for Ana Kovacs" in it.status, "the note to be kept")
        await it.seen("Lena Lead left a note")
        assert "2 better" not in it.words, "the next note is about something else"
        assert it.lines[0].startswith(" note")
    with opened(base, {"KBTUI_PERSON": str(ANA)}) as knowledge:
        (note,) = knowledge.news().notes
        assert note.words == "(complete, clear) Say by whom"


async def test_a_note_that_is_refused_is_there_again_and_what_it_is_about_is_marked(base: Path) -> None:
    async with window(base, env=AS_LEAD) as it:
        await spot_check(it)
        await it.press("2", "n")
        await it.on("LineScreen")
        await it.type("card 4111 1111 1111 1111")
        await it.press("enter")
        await it.until(lambda: "looks like a card number" in it.status, "the guard")
        await it.seen("2 better")
        await it.press("n")
        await it.on("LineScreen")
        assert it.field("line") == "card 4111 1111 1111 1111"


async def test_there_is_no_reject_and_nothing_that_puts_people_into_an_order(base: Path) -> None:
    async with window(base, env=AS_LEAD) as it:
        await spot_check(it)
        offered = {command.title for command in it.app.get_system_commands(it.screen)}
        assert {"Good", "Note", "Fix", "Thank", "Open"} <= offered
        assert not offered & {"Archive", "Merge", "Owner", "Confirm"}
        assert "reject" not in it.words.casefold()


async def test_a_sample_that_takes_long_holds_nothing_up(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kbtui.knowledge import Knowledge

    held = Held(Knowledge.spot_check)
    monkeypatch.setattr(Knowledge, "spot_check", held.as_method())
    async with window(base, env=AS_LEAD) as it:
        it.app.home.action_spot_check()
        await it.on("SpotCheckScreen")
        await it.press("g", "n", "2")
        assert it.screen_name == "SpotCheckScreen", "there is nothing yet to say it of"
        await it.press("escape")
        await it.on("HomeScreen")
        held.let_go()


# Known or new


async def sample(it: Window, *words: str) -> None:
    """Open the sample, with calls that were answered and words that found nothing."""
    it.knowledge.used(REFUND)
    for each in words:
        it.knowledge.missed(each)
    it.app.learning.show_sample()
    await it.on("SampleScreen")
    await it.seen("were known")
    await it.settled()


async def test_a_search_in_vain_is_marked_and_the_share_follows(base: Path) -> None:
    async with window(base, env=AS_LEAD) as it:
        await sample(it, "how long refund")
        await it.seen("50% were known, between 9% and 91% at 95 %")
        await it.seen("1 with “?” counts as new until somebody looks")
        await it.seen("? how long refund searched in vain · nearest: How long does a refund take?")
        await it.press("k")
        await it.seen("100% were known, between 34% and 100% at 95 %")
        await it.seen("known how long refund searched in vain · says Lena Lead")
        assert it.status == "Noted: known"
        await it.press("n")
        await it.seen("50% were known")
        await it.seen("new how long refund")
        (miss,) = [each for each in _drawn(it) if each.kind is Kind.MISS]
        assert (miss.verdict, miss.marked_by) == (Verdict.NEW, "Lena Lead"), "said last, in the same second"
        await it.press("enter")
        await it.on("EntryScreen")
        assert it.app.entries[0].path == REFUND


async def test_a_wrong_mark_is_taken_back_and_brought_back(base: Path) -> None:
    async with window(base, env=AS_LEAD) as it:
        await sample(it, "how long refund")
        await it.press("z")
        await it.until(lambda: it.status.startswith("You have not marked this question."), "the refusal")
        await it.press("k")
        await it.seen("100% were known")
        await it.press("n")
        await it.seen("new how long refund")
        await it.press("z")
        await it.seen("known how long refund searched in vain · says Lena Lead")
        assert it.status == "Undone: the mark “new”, it is “known” again (undo again brings it back)"
        await it.press("z")
        await it.seen("new how long refund searched in vain · says Lena Lead")
        assert it.status == "Undone: the undo of the mark, it is “new” again (undo again brings it back)"


def _drawn(it: Window) -> tuple[Question, ...]:
    period = it.knowledge.period("28d")
    return it.knowledge.sample(period, 50, period.first.isoformat()).questions


async def test_line_mode_draws_the_same(base: Path) -> None:
    async with window(base, env=AS_LEAD) as it:
        await sample(it, "how long refund", "zzyzx")
        await it.press("k")
        await it.seen("says Lena Lead")
        names = {each.id for each in _drawn(it)}
    told = run_kbtui("sample", "--json", cwd=base).json
    assert {each["id"] for each in told["questions"]} == names
    assert (told["known"], told["size"], told["unsure"]) == (2, 3, 1)


async def test_the_days_are_chosen_and_a_day_that_is_none_is_said(base: Path) -> None:
    async with window(base, env=AS_LEAD) as it:
        await sample(it)
        await it.press("d")
        await it.on("LineScreen")
        await it.fill(line="someday")
        await it.press("enter")
        await it.seen("'someday' is no day")
        assert it.field("line") == "someday"
        await it.fill(line="today")
        await it.press("enter")
        day = it.knowledge.period("today").words
        await it.seen(f"drawn from 1 question, {day}")


# Meeting


async def meeting(it: Window) -> None:
    """Open the pack from the ideas."""
    await it.press("f9")
    await it.on("IdeasScreen")
    await it.press("m")
    await it.on("MeetingScreen")
    await it.seen("Most reused")


async def test_every_number_opens_what_is_behind_it(base: Path) -> None:
    async with window(base, env=AS_LEAD) as it:
        it.knowledge.used(PASSWORD)
        it.knowledge.used(PASSWORD)
        await meeting(it)
        await it.seen("2 calls answered · Most reused How do I reset my password? (2)")
        await it.press("down", "down", "enter")
        await it.on("SectionScreen")
        await it.seen("2 calls answered")
        await it.seen("(×2)")
        await it.press("enter")
        await it.on("EntryScreen")
        assert it.app.entries[0].path == PASSWORD
        await it.press("escape", "escape")
        await it.on("MeetingScreen")
        await it.press("down", "down", "enter")
        await it.on("SectionScreen")
        await it.seen("May I answer a letter?")


async def test_both_forms_are_written_and_it_is_said_where(base: Path, tmp_path: Path) -> None:
    folder = tmp_path / "for the meeting"
    folder.mkdir()
    async with window(base, env=AS_LEAD) as it:
        await meeting(it)
        await it.press("w")
        await it.on("LineScreen")
        await it.fill(line=str(folder))
        await it.press("enter")
        await it.on("TextScreen")
        assert "The pack is written." in it.words
        (page, text) = sorted(folder.iterdir())
        assert [each.suffix for each in (page, text)] == [".html", ".md"]
        assert "".join(text.name.split()) in "".join(it.words.split())
        await it.press("escape")
        await it.press("w")
        await it.on("LineScreen")
        assert it.field("line") == str(folder), "the folder of the last time"
        text.write_text("what somebody wrote into it\n")
        await it.press("enter")
        await it.on("TextScreen")
    assert text.read_text() == "what somebody wrote into it\n"
    assert len([*folder.iterdir()]) == 4
    again = folder / f"{text.stem}-2.md"
    with opened(base, AS_LEAD) as knowledge:
        written = knowledge.write_meeting(knowledge.meeting(knowledge.period("monday")), folder)
        assert again in written, "the same pack is written once"


async def test_a_place_that_will_not_do_is_said_and_stands_there_again(base: Path) -> None:
    async with window(base, env=AS_LEAD) as it:
        await meeting(it)
        await it.press("w")
        for place, trouble in ((base / "nowhere", "There is no folder"), (base, "lies in the knowledge base itself")):
            await it.on("LineScreen")
            await it.fill(line=str(place))
            await it.press("enter")
            await it.seen(trouble)
            assert it.field("line") == str(place)
    assert not [*base.glob("meeting-*")]


def test_line_mode_writes_both_into_a_folder(base: Path, tmp_path: Path) -> None:
    ran = run_kbtui("meeting", "--into", tmp_path, cwd=base)
    assert ran.status == 0, ran.err
    assert {each.suffix for each in tmp_path.glob("meeting-*")} == {".html", ".md"}
    assert ran.out.count("Written: ") == 2
    assert run_kbtui("meeting", "--into", base, cwd=base).status != 0


# All three


async def test_all_three_are_in_the_command_palette(base: Path) -> None:
    async with window(base, env=AS_LEAD) as it:
        for words, screen in (("Spot check", "SpotCheck"), ("Known or new", "Sample"), ("Meeting", "Meeting")):
            await it.press("ctrl+p")
            await it.on("CommandPalette")
            await it.type(words)
            await it.settled()
            await it.press("enter")
            await it.on(f"{screen}Screen")
            await it.settled()
            await it.press("escape")
            await it.on("HomeScreen")


@pytest.mark.parametrize("size", SMALL, ids=str)
async def test_hostile_words_are_only_words(base: Path, size: tuple[int, int]) -> None:
    words = said("hostile")[:400]
    write_files(base, {HOSTILE: f"---\nid: hostil22\n---\n# {words}\n\n{words}\n"})
    git(base, "add", ".")
    git(base, "commit", "-qm", "hostile", by=BEN)
    async with window(base, size=size, env=AS_LEAD) as it:
        it.knowledge.used(HOSTILE)
        it.knowledge.raise_idea(words)
        for show in (it.app.home.action_spot_check, it.app.learning.show_sample, it.app.learning.show_meeting):
            show()
            await it.settled()
            assert_harmless(it)
            for keys in (("down",), ("end",), ("home", "enter")):
                await it.press(*keys)
                await it.settled()
                assert_harmless(it)
            while it.screen_name != "HomeScreen":
                await it.press("escape")
        assert it.app.is_running
