"""Two versions of an entry on the screen: both are seen, differences by signs, and one key settles it (F52)."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui.entry.file_format import change
from kbtui.entry.model import EntryChange
from tests.git.saves import save
from tests.helpers import BEN, PASSWORD, REFUND, in_head
from tests.tui.window import Window, window

pytestmark = pytest.mark.usefixtures("person")


@pytest.fixture
def contested(base: Path) -> str:
    """Return the other version's file, after Ana and Ben have answered differently."""
    there = (base / REFUND).read_bytes()
    save(base, REFUND, change(there, EntryChange(answer="Three working days.")), there)
    return save(base, REFUND, change(there, EntryChange(answer="Seven days [/].")), there, person=BEN).variant


async def _look(it: Window) -> None:
    await it.open(REFUND)
    await it.seen("Two versions kept, a lead will choose")
    await it.press("b")
    await it.on("VersionsScreen")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12)])
async def test_both_are_seen_with_signs_and_the_other_is_taken(
    base: Path, contested: str, size: tuple[int, int]
) -> None:
    async with window(base, size=size) as it:
        await _look(it)
        if size != (40, 12):
            await it.seen("«Three working days.»")
            await it.seen("«Seven days [/].»")
            assert "Ana Kovacs, " in it.words
            assert "Ben Okoro, " in it.words
        await it.press("t")
        await it.seen("Seven days [/].")
        await it.until(lambda: in_head(base, contested) is None, "the other version's file is gone")
        assert b"Seven days [/]." in (in_head(base, REFUND) or b"")
        assert "Two versions" not in it.words


async def test_combining_opens_the_form_with_both_texts(base: Path, contested: str) -> None:
    async with window(base) as it:
        await _look(it)
        await it.press("c")
        await it.on("CaptureScreen")
        assert it.field("answer") == "Three working days.\n\nSeven days [/]."
        await it.fill(answer="Three by card, seven by bank.")
        await it.press("ctrl+s")
        await it.until(lambda: in_head(base, contested) is None, "the other version's file is gone")
        assert b"Three by card, seven by bank." in (in_head(base, REFUND) or b"")


async def test_the_palette_leads_there_from_the_search_and_escape_changes_nothing(base: Path, contested: str) -> None:
    async with window(base) as it:
        before = (base / REFUND).read_bytes()
        it.app.home.action_variants()
        await it.on("VersionsScreen")
        await it.press("escape")
        await it.on("HomeScreen")
        assert (base / REFUND).read_bytes() == before
        assert (base / contested).exists()
        await it.search("refund")
        await it.seen("Two versions kept, a lead will choose")


async def test_the_key_is_not_offered_where_there_is_one_version(base: Path, contested: str) -> None:
    async with window(base) as it:
        await it.open(PASSWORD)
        await it.until(lambda: bool(it.app.entries[-1]._people), "the people are known")
        assert not it.screen.check_action("resolve", ())
        await it.press("b")
        assert it.screen_name == "EntryScreen"
