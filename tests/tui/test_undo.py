"""One key takes back the last change of the entry on the screen; another archives it, and brings it back (F34, F36)."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui.entry.model import EntryChange, State
from tests.helpers import ARCHIVED, OPEN_QUESTION, PASSWORD, REFUND, in_head, opened
from tests.tui.window import window


@pytest.mark.usefixtures("person")
async def test_one_key_undoes_and_the_same_key_brings_it_back(base: Path) -> None:
    """FAULTS 11: https://github.com/jj-vcs/jj/blob/main/docs/operation-log.md."""
    with opened(base) as knowledge:
        _, source = knowledge.opened(REFUND)
        knowledge.change(REFUND, EntryChange(answer="Ten days."), source)
    async with window(base) as it:
        await it.open(REFUND)
        await it.seen("Ten days.")
        await it.press("z")
        await it.seen("Five working days")
        assert "Undone: the improvement by Ana Kovacs" in it.status
        assert in_head(base, REFUND) == source
        await it.press("z")
        await it.seen("Ten days.")
        await it.press("escape")
        await it.told("Undone: the undo by Ana Kovacs")


@pytest.mark.usefixtures("person")
async def test_what_cannot_be_undone_is_said(base: Path) -> None:
    async with window(base) as it:
        await it.open(PASSWORD)
        await it.press("z")
        await it.until(lambda: "Nobody has changed this entry yet." in it.status, "it is said")


@pytest.mark.usefixtures("person")
async def test_one_key_archives_and_brings_back(base: Path) -> None:
    async with window(base) as it:
        await it.open(PASSWORD)
        await it.press("x", "x")
        await it.seen("Archived: this is no longer how we do it.")
        assert b"state: archived" in (in_head(base, PASSWORD) or b"")
        await it.press("x")
        await it.told("Brought back as not validated")
        assert b"state: not-validated" in (in_head(base, PASSWORD) or b"")


@pytest.mark.usefixtures("person")
async def test_words_typed_into_an_open_entry_archive_nothing(base: Path) -> None:
    """Archiving asks once more, and any other key is a no; a row that the team has pinned is gone for everybody."""
    async with window(base) as it:
        await it.open(PASSWORD)
        it.strike(*"xmas, max x.")
        await it.settled()
        await it.until(lambda: it.screen_name == "EntryScreen", "the entry")
        await it.press("x")
        await it.seen("Press x again to archive this entry; any other key leaves it as it is.")
        await it.press("down")
        assert "Press x again" not in it.words
        await it.press("x")
        await it.settled()
        assert it.knowledge.get(PASSWORD).state is not State.ARCHIVED
        await it.press("x")
        await it.seen("Archived: this is no longer how we do it.")


async def test_a_name_is_asked_for_first_and_the_deed_done_then(base: Path) -> None:
    async with window(base) as it:
        await it.open(ARCHIVED)
        await it.press("x")
        await it.on("NameScreen")
        await it.type("Ana Kovacs")
        await it.press("enter")
        await it.until(lambda: b"state: not-validated" in (in_head(base, ARCHIVED) or b""), "it is brought back")


@pytest.mark.usefixtures("person")
async def test_one_key_takes_back_that_a_caller_joined(base: Path) -> None:
    """It archived the question, or took the caller's words away and left the count."""
    async with window(base) as it:
        await it.open(OPEN_QUESTION)
        await it.press("j")
        await it.seen("2 callers waiting")
        await it.press("z")
        await it.told("Undone: the joining, 1 caller waiting")
        await it.seen("1 caller waiting")
        await it.press("z")
        await it.seen("2 callers waiting")
        assert b"state: open" in (in_head(base, OPEN_QUESTION) or b"")


@pytest.mark.usefixtures("person")
async def test_one_key_archives_an_asked_question_says_so_and_brings_it_back(base: Path) -> None:
    with opened(base) as knowledge:
        path = knowledge.ask("Where is my lorikeet?").entry.path
    async with window(base) as it:
        await it.open(path)
        await it.press("z")
        await it.seen("Archived, undo again brings it back: the question by Ana Kovacs")
        await it.press("z")
        await it.seen("Undone: the undo by Ana Kovacs")
        assert b"state: open" in (in_head(base, path) or b"")
