"""The review queue on the screen: what matters most first, why, what has changed, and a key for each deed (F31-F36)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.widgets import OptionList

from kbtui.entry.model import State
from kbtui.knowledge import Knowledge
from kbtui.tui.review_screen import ReviewScreen
from kbtui.verbs.reviewing import Reviewing
from tests.helpers import ANA, BEN, ERROR_CODE, LEAD, PASSWORD, REFUND, git, opened, write_files
from tests.tui.hostile import COMMANDS, said
from tests.tui.window import Held, Window, odd_characters, window, words_of

AS_LEAD = {"KBTUI_PERSON": str(LEAD)}


@pytest.fixture
def base(base: Path) -> Path:
    """Return a base with an answer that was confirmed, improved and flagged, and one that is used and unchecked."""
    with opened(base, AS_LEAD) as knowledge:
        knowledge.validate(REFUND)
    with opened(base, {"KBTUI_PERSON": str(ANA)}) as knowledge:
        entry, source = knowledge.opened(REFUND)
        knowledge.change_source(REFUND, source.replace(b"Five working", b"Ten working"), source)
        for _ in range(4):
            knowledge.used(PASSWORD)
        knowledge.flag(entry.id, "twelve by now")
        knowledge.settle_events()
    return base


def _queue(it: Window) -> list[str]:
    return [option.id for option in it.screen.query_one("#queue", OptionList).options if option.id]


def _marked(it: Window) -> str:
    assert isinstance(it.screen, ReviewScreen)
    return it.screen.marked


@asynccontextmanager
async def review(base: Path, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Window]:
    """Open the queue as a lead does."""
    async with window(base, size=size, env=AS_LEAD) as it:
        await it.press("f12")
        await it.on("ReviewScreen")
        await it.until(lambda: "to look at" in it.status or "Nothing wants" in it.status, "the queue")
        await it.settled()
        yield it


async def test_the_queue_says_why_and_what_has_changed(base: Path) -> None:
    async with review(base, (120, 40)) as it:
        assert _queue(it) == [REFUND, PASSWORD]
        about = words_of(it.part("#about"))
        assert "Ana Kovacs flagged it" in about
        assert "Since Lena Lead validated it on" in about
        assert "[-Five-]{+Ten+} working days" in about
        await it.press("down")
        await it.settled()
        about = words_of(it.part("#about"))
        assert "used 4 times (4 this week), and nobody has ever checked it" in about
        assert "Nobody has validated this yet" in about


async def test_confirm_takes_it_from_the_queue_and_undo_brings_it_back(base: Path) -> None:
    async with review(base) as it:
        await it.press("k")
        await it.until(lambda: "The flag is closed" in it.status, "the flag to be closed")
        await it.settled()
        assert (_queue(it), _marked(it)) == ([PASSWORD, REFUND], REFUND)
        await it.press("v")
        await it.until(lambda: _queue(it) == [PASSWORD], "the confirmed one to go")
        assert it.knowledge.get(REFUND).state is State.VALIDATED
        await it.settled()
        await it.press("z")
        await it.until(lambda: REFUND in _queue(it), "it to come back")
        assert it.knowledge.get(REFUND).state is State.NOT_VALIDATED


async def test_what_is_confirmed_is_what_was_read(base: Path) -> None:
    """F36: words that came in meanwhile are confirmed by nobody."""
    async with review(base) as it:
        with opened(base, {"KBTUI_PERSON": str(BEN)}) as other:
            entry, source = other.opened(REFUND)
            other.change_source(entry.path, source.replace(b"Ten working", b"Twenty working"), source)
        await it.press("v")
        await it.until(lambda: "Saved" in it.status or "versions" in it.status, "the outcome")
        assert it.knowledge.get(REFUND).state is State.NOT_VALIDATED


async def test_a_note_reaches_the_writer(base: Path) -> None:
    async with review(base) as it:
        await it.press("n")
        await it.on("LineScreen")
        await it.type("Say the price first")
        await it.press("enter")
        await it.until(lambda: "Note left for Ana Kovacs" in it.status, "the note to be kept")
    with opened(base, {"KBTUI_PERSON": str(ANA)}) as knowledge:
        (note,) = knowledge.news().notes
        assert (note.person.name, note.words) == ("Lena Lead", "Say the price first")
    with opened(base, {"KBTUI_PERSON": str(BEN)}) as knowledge:
        assert knowledge.news().notes == ()


async def test_a_note_that_is_refused_is_there_again(base: Path) -> None:
    async with review(base) as it:
        await it.press("n")
        await it.on("LineScreen")
        await it.type("The card was 4111 1111 1111 1111")
        await it.press("enter")
        await it.until(lambda: "looks like a card number" in it.status, "the guard")
        await it.press("n")
        await it.on("LineScreen")
        assert it.field("line").startswith("The card was 4111")


async def test_where_no_question_is_near_the_other_entry_is_named(base: Path) -> None:
    async with review(base) as it:
        await it.press("down", "m")
        await it.on("LineScreen")
        await it.type("errcod22")
        await it.press("enter")
        await it.until(lambda: "Merged “How do I reset my password?”" in it.status, "the merge")
        assert it.knowledge.get(PASSWORD).replaced_by == "errcod22"


async def test_merge_archives_one_and_one_undo_brings_both_back(base: Path) -> None:
    near = (base / PASSWORD).read_text().replace("passwd22", "passwd33").replace("reset my", "reset a lost")
    write_files(base, {PASSWORD.replace("passwd22", "passwd33"): near})
    git(base, "add", "-A")
    git(base, "commit", "-qm", "near")
    async with review(base) as it:
        it.screen.query_one("#queue", OptionList).highlighted = _queue(it).index(PASSWORD)
        await it.settled()
        await it.press("m")
        await it.on("ChoiceScreen")
        await it.press("enter")
        await it.until(lambda: "Merged “How do I reset my password?”" in it.status, "the merge")
        await it.settled()
        assert it.knowledge.get(PASSWORD).state is State.ARCHIVED
        into = it.knowledge.get(it.knowledge.get(PASSWORD).replaced_by)
        assert "How do I reset my password?" in into.asked_as
        await it.press("z")
        await it.until(lambda: PASSWORD in _queue(it), "it to come back")
        assert "How do I reset my password?" not in it.knowledge.get(into.id).asked_as


async def test_owner_and_check_by_are_asked_for_in_one_line(base: Path) -> None:
    async with review(base) as it:
        await it.press("o")
        await it.on("LineScreen")
        assert it.field("line") == "Mateo Ruiz"
        await it.fill(line="Priya Nair")
        await it.press("enter")
        await it.until(lambda: "Priya Nair keeps it from now on" in it.status, "the owner")
        await it.settled()
        await it.press("b")
        await it.on("LineScreen")
        await it.type("2030-01-31")
        await it.press("enter")
        await it.until(lambda: "To be checked by 2030-01-31" in it.status, "the date")
        entry = it.knowledge.get(REFUND)
        assert (entry.owner, entry.check_by) == ("Priya Nair", "2030-01-31")
        await it.settled()
        await it.press("b")
        await it.on("LineScreen")
        assert it.field("line") == "2030-01-31"
        await it.type("soon")
        await it.press("enter")
        await it.until(lambda: "'soon' is no date" in it.status, "typed in the place of the day, and refused")


async def test_the_mark_stays_where_it_was(base: Path) -> None:
    async with review(base) as it:
        await it.press("down")
        assert _marked(it) == PASSWORD
        await it.press("o")
        await it.on("LineScreen")
        await it.fill(line="Priya Nair")
        await it.press("enter")
        await it.until(lambda: "keeps it from now on" in it.status, "the owner")
        await it.settled()
        assert _marked(it) == PASSWORD


async def test_nothing_waits_for_the_difference_or_for_the_comparing(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, slower = Held(Reviewing.difference), Held(Knowledge.bring_up_review)
    monkeypatch.setattr(Reviewing, "difference", slow.as_method())
    monkeypatch.setattr(Knowledge, "bring_up_review", slower.as_method())
    async with window(base, env=AS_LEAD) as it:
        await it.press("f12")
        await it.on("ReviewScreen")
        await it.until(lambda: _queue(it) == [REFUND, PASSWORD], "the queue")
        await it.press("down")
        await it.until(lambda: "Forgot it?" in it.words, "the entry")
        assert slow.ended == slower.ended == 0
        await it.press("escape")
        await it.on("HomeScreen")
        slow.let_go()
        slower.let_go()


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (4, 5), (120, 40)])
async def test_it_is_usable_at_every_size(base: Path, size: tuple[int, int]) -> None:
    async with review(base, size) as it:
        assert _queue(it) == [REFUND, PASSWORD]
        if size != (4, 5):
            assert "How long does a refund" in it.words
        await it.press("d")
        await it.on("TextScreen")
        await it.press("escape")
        await it.on("ReviewScreen")
        await it.press("enter")
        await it.on("EntryScreen")
        await it.press("escape")
        await it.on("ReviewScreen")
        await it.settled()
        await it.press("escape")
        await it.on("HomeScreen")


async def test_hostile_words_stay_words(base: Path) -> None:
    """FAULTS 72."""
    path = "odd/odd-hostile2.md"
    head = f"---\nid: hostile2\nstate: validated\nowner: '{COMMANDS}'\n---\n"
    write_files(base, {path: f"{head}# {said('Odd').replace(chr(10), ' ')}\n\n{said('Words')}\n"})
    with opened(base, {"KBTUI_PERSON": str(ANA)}) as knowledge:
        knowledge.flag(ERROR_CODE, said("Flag")[:400])
        knowledge.flag(path, "[red]odd[/]")
    async with review(base) as it:
        for _ in range(4):
            await it.settled()
            assert odd_characters(it.picture) == set()
            await it.press("down")
        assert path in _queue(it)
        await it.settled()
        await it.press("d")
        await it.on("TextScreen")
        assert odd_characters(it.picture) == set()
