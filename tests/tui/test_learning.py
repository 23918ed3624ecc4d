"""Ideas, misses and health on the screen, keyboard only; and what a search in vain leaves behind (F42, F43, F45)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kbtui.entry.event import EventKind
from kbtui.knowledge import Knowledge
from kbtui.team.ideas import Stage
from kbtui.tui import search_session
from tests.helpers import OPEN_QUESTION, REFUND, write_files
from tests.tui.hostile import HOSTILE, said
from tests.tui.test_hostile import SMALL, assert_harmless
from tests.tui.test_sizes import SAID, say
from tests.tui.window import Held, Window, window

pytestmark = pytest.mark.usefixtures("person")

NOTHING = "zzyzx xyzzy"


def missed(it: Window) -> list[tuple[str, bool]]:
    """Return the words noted as missed, and whether something had been found."""
    groups = it.knowledge.misses(it.knowledge.period("today")).groups
    return sorted((words, bool(each.misses.unused)) for each in groups for words in each.misses.phrasings)


# What a search in vain leaves behind


async def test_words_given_up_on_are_noted_once(base: Path) -> None:
    async with window(base) as it:
        await it.search(NOTHING)
        await it.press("escape", "escape")
        await it.settled()
        assert missed(it) == [(NOTHING, False)]
        await it.search("reset my password please")
        await it.press("escape")
        await it.settled()
        assert missed(it) == [("reset my password please", True), (NOTHING, False)]


async def test_what_was_opened_joined_asked_or_written_is_no_miss(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_session, "SETTLED", 0.0)  # every pause is long enough to count
    async with window(base) as it:
        await it.search("refund", first=REFUND)
        await it.press("enter")
        await it.on("EntryScreen")
        await it.press("escape")
        await it.press("escape")
        await it.search("voucher from another shop", first=OPEN_QUESTION)
        await it.press("ctrl+t")
        await it.told("callers waiting")
        await it.search("do you take cash")
        await it.press("ctrl+o")
        await it.on("CaptureScreen")
        await it.press("ctrl+s")
        await it.told("Saved")
        await it.settled()
        assert missed(it) == []


async def test_words_that_a_form_was_left_with_are_a_miss_after_all(base: Path) -> None:
    async with window(base) as it:
        await it.search(NOTHING)
        await it.press("ctrl+o")
        await it.on("CaptureScreen")
        await it.press("ctrl+r", "ctrl+r")
        await it.on("HomeScreen")
        assert it.query == NOTHING
        await it.press("escape")
        await it.settled()
        assert missed(it) == [(NOTHING, False)]


async def test_entries_with_some_of_the_words_only_are_nothing_found(base: Path) -> None:
    """The same rule as in line mode: what the screen answers with "asks the team" counts as nothing found (F11)."""
    async with window(base) as it:
        await it.search("refund for a zebra crossing", REFUND)
        assert "asks the team" in it.words
        await it.press("escape")
        await it.settled()
        assert missed(it) == [("refund for a zebra crossing", False)]


async def test_noting_a_miss_never_holds_up_the_next_caller(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(Knowledge.missed)
    monkeypatch.setattr(Knowledge, "missed", held.as_method())
    async with window(base) as it:
        await it.search(NOTHING)
        await it.press("escape")
        await it.until(lambda: held.begun, "the miss to be noted")
        await it.type("refund")
        await it.until(lambda: REFUND in it.hits, "the next search")
        assert not held.ended
        held.let_go()


async def test_signs_that_narrow_and_personal_data_are_not_noted(base: Path) -> None:
    async with window(base) as it:
        for words in ("tag:nothing", "is jo.bloggs@gmail.com there", "4111 1111 1111 1111"):
            await it.search(words)
            await it.press("escape")
        await it.settled()
        assert missed(it) == []


# The screens


async def test_an_idea_is_raised_tried_and_put_into_practice_with_keys_only(base: Path) -> None:
    async with window(base) as it:
        await it.press("f9")
        await it.on("IdeasScreen")
        await it.seen("0 in practice")
        await it.press("i")
        await it.on("LineScreen")
        await it.type("Say the limit first")
        await it.press("enter")
        await it.seen("! Say the limit first")
        await it.press("g")
        await it.seen("» Say the limit first")
        await it.press("p")
        await it.on("LineScreen")
        await it.fill(line="how long does a refund take")
        await it.press("enter")
        await it.on("ChoiceScreen")
        await it.press("enter")
        await it.seen("1 in practice of 1")
        await it.seen("changed “How long does a refund take?”")
        await it.press("enter")
        await it.on("EntryScreen")
        await it.press("escape")
        await it.on("IdeasScreen")
        await it.press("escape")
        await it.on("HomeScreen")
        (idea,) = it.knowledge.ideas()
        assert (idea.stage, idea.current and idea.current.entry) == (Stage.IN_PRACTICE, "refund22")


async def test_words_of_an_idea_that_are_refused_come_back(base: Path) -> None:
    async with window(base) as it:
        await it.open(REFUND)
        await it.press("i")
        await it.on("LineScreen")
        await it.type("charge 4111 1111 1111 1111")
        await it.press("enter")
        await it.seen("card number")
        assert it.field("line") == "charge 4111 1111 1111 1111"
        await it.fill(line="charge it later")
        await it.press("enter")
        await it.seen("Idea raised")
        (idea,) = it.knowledge.ideas()
        assert (idea.words, idea.entry) == ("charge it later", "refund22")


async def test_dropping_needs_a_reason(base: Path) -> None:
    async with window(base) as it:
        it.knowledge.raise_idea("Say the limit first")
        await it.press("f9")
        await it.seen("! Say the limit first")
        await it.press("d")
        await it.on("LineScreen")
        await it.press("enter", "escape")
        await it.on("IdeasScreen")
        await it.press("d")
        await it.on("LineScreen")
        await it.type("too dear")
        await it.press("enter")
        await it.seen("× Say the limit first")
        await it.seen("too dear")


async def test_from_a_miss_to_the_entry_or_to_a_question(base: Path) -> None:
    async with window(base) as it:
        for words in ("refund for a gift card", "how long refund", NOTHING):
            it.knowledge.missed(words)
        it.app.learning.show_misses()
        await it.on("MissesScreen")
        await it.seen("3 kinds of words")
        await it.press("s")
        await it.seen("2 kinds of words")
        assert "1 more answered or asked by now" in it.words
        await it.press("end")
        await it.press("ctrl+o")
        await it.on("CaptureScreen")
        assert it.field("question") == NOTHING
        await it.press("ctrl+s")
        await it.on("MissesScreen")
        await it.seen("1 kind of words")
        assert "s adds" in it.words


async def test_health_opens_what_needs_care(base: Path) -> None:
    async with window(base) as it:
        it.app.learning.show_health()
        await it.on("HealthScreen")
        await it.seen("Links that lead nowhere")
        await it.seen("1 Unanswered")
        await it.press("enter")
        await it.on("EntryScreen")
        assert it.app.entries[0].path == OPEN_QUESTION


@pytest.mark.parametrize("size", SMALL, ids=str)
async def test_hostile_words_are_only_words_in_every_list(base: Path, size: tuple[int, int]) -> None:
    words = said("hostile")[:400]
    write_files(base, {HOSTILE: f"---\nid: hostil22\nstate: open\n---\n# {words}\n"})
    hostile = [replace(each, words=words) for each in SAID if each.kind != EventKind.IDEA_TRYING]
    async with window(base, size=size) as it:
        say(it, [*hostile, replace(SAID[2], words=words)])
        for show in (it.app.learning.show_ideas, it.app.learning.show_misses, it.app.learning.show_health):
            show()
            await it.settled()
            assert_harmless(it)
            await it.press("down", "end")
            assert_harmless(it)
            await it.press("escape")
        assert it.app.is_running
