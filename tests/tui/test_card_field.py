"""Who may decide, in the form: folded away until wanted, and not a byte of a card changed that nobody touched (F13)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from kbtui.entry.model import Authority, Limit
from tests.helpers import REFUND, write_files
from tests.tui.entries import DAMAGED, MORE
from tests.tui.window import Window, window

pytestmark = pytest.mark.usefixtures("person")

LINES = """action: refund a damaged parcel
currency: EUR
rep: 80
shift lead: 250 (Sam Poole, Priya Nair)
above: Head of service
if: there is a photograph
boundary: never after 90 days
valid until: 2027-12-31"""

ODD = """---
id: oddcard2
state: not-validated
authority: {action: "refund",   currency: EUR, limits: {rep: 50.00, "if": 7}}   # ours
---
# May I refund an odd thing?

Yes.
"""
ODD_PATH = "refunds/may-i-refund-an-odd-thing-oddcard2.md"


async def edit(it: Window, path: str) -> None:
    """Open the form of an entry."""
    await it.open(path)
    await it.press("e")
    await it.on("CaptureScreen")


def is_shown(it: Window) -> bool:
    """Whether the card's field is on the screen."""
    return bool(it.screen.query_one("#card").display)


async def test_a_new_entry_has_the_card_folded_away(base: Path) -> None:
    async with window(base) as it:
        await it.press("ctrl+n")
        await it.on("CaptureScreen")
        assert not is_shown(it)
        assert "f8 says who may decide" in it.words
        await it.press("f8")
        assert is_shown(it)
        assert it.focus == "card"
        assert it.field("card").startswith("action: \nunit: \nrep: ")
        await it.press("escape")
        await it.on("HomeScreen")
        await it.settled()
        assert it.knowledge.drafts.all() == [], "names without values are nothing to finish"


async def test_a_new_entry_is_saved_with_its_card(base: Path) -> None:
    async with window(base) as it:
        await it.press("ctrl+n")
        await it.on("CaptureScreen")
        await it.fill(question="may I pay for a taxi?", answer="Yes.")
        await it.press("f8")
        await it.type("pay for a taxi")
        await it.press("down", "down", "end")
        await it.type("50")
        await it.press("ctrl+s")
        await it.told("Saved: may I pay for a taxi?")
        found = it.knowledge.search("taxi")
        assert found is not None
        card = it.knowledge.get(found.hits[0].card.path).authority
        assert card == Authority("pay for a taxi", "", (Limit("rep", Decimal(50)),))


async def test_names_without_values_make_no_card(base: Path) -> None:
    async with window(base) as it:
        await it.press("ctrl+n")
        await it.on("CaptureScreen")
        await it.fill(question="may I pay for a taxi?", answer="Yes.")
        await it.press("f8", "ctrl+s")
        await it.told("Saved: may I pay for a taxi?")
        found = it.knowledge.search("taxi")
        assert found is not None
        assert b"authority" not in (base / found.hits[0].card.path).read_bytes()


async def test_an_entry_with_a_card_shows_it_and_a_change_of_it_is_saved(base: Path) -> None:
    write_files(base, MORE)
    async with window(base) as it:
        await edit(it, DAMAGED)
        assert is_shown(it)
        before = it.field("card")
        assert "shift lead: 250 (Sam Poole, Priya Nair)" in before
        await it.fill(card=LINES)
        await it.press("ctrl+s")
        await it.told("Saved: May I refund")
        card = it.knowledge.get(DAMAGED).authority
        assert card is not None
        assert [(limit.role, limit.up_to) for limit in card.limits] == [
            ("rep", Decimal(80)),
            ("shift lead", Decimal(250)),
        ]
        assert (card.above, card.conditions) == ("Head of service", ("there is a photograph",))


@pytest.mark.parametrize(("path", "text"), [(DAMAGED, MORE[DAMAGED]), (ODD_PATH, ODD)])
async def test_not_a_byte_of_a_card_that_nobody_touched_changes(base: Path, path: str, text: str) -> None:
    """FAULTS 50: comments, spaces and the way of writing stay."""
    write_files(base, {path: text})
    async with window(base) as it:
        await edit(it, path)
        await it.press("home")
        await it.type("Of course. ")
        await it.press("ctrl+s")
        await it.told("Saved: May I refund")
    assert (base / path).read_bytes() == text.replace("Yes.", "Of course. Yes.", 1).encode()


async def test_emptying_the_lines_removes_the_card(base: Path) -> None:
    write_files(base, MORE)
    async with window(base) as it:
        await edit(it, DAMAGED)
        await it.fill(card="")
        await it.press("ctrl+s")
        await it.told("Saved: May I refund")
        assert it.knowledge.get(DAMAGED).authority is None
        assert b"\nauthority" not in (base / DAMAGED).read_bytes()
        assert b"crm: 77-B   # another program's key" in (base / DAMAGED).read_bytes()


async def test_lines_that_make_no_card_come_back_as_a_sentence(base: Path) -> None:
    async with window(base) as it:
        await edit(it, REFUND)
        await it.press("f8")
        await it.fill(card="action: refund\nrep: fifty")
        await it.press("ctrl+s")
        await it.seen("Line 2 of the authority card, “fifty”, gives no number for a limit.")
        assert (it.screen_name, it.focus) == ("CaptureScreen", "card")
        await it.until(lambda: it.knowledge.drafts.all(), "the draft, which keeps the lines as they are")
        assert it.knowledge.drafts.all()[0].authority == "action: refund\nrep: fifty"


async def test_a_draft_goes_on_with_its_card(base: Path) -> None:
    write_files(base, MORE)
    async with window(base) as it:
        await edit(it, DAMAGED)
        await it.fill(card=LINES)
        await it.press("escape")
        await it.on("EntryScreen")
        await it.press("escape", "ctrl+f")
        await it.on("DraftsScreen")
        await it.press("enter")
        await it.on("CaptureScreen")
        assert it.field("card") == LINES
        await it.press("ctrl+s")
        await it.told("Saved: May I refund")
        card = it.knowledge.get(DAMAGED).authority
        assert card is not None
        assert card.limits[0].up_to == 80


async def test_the_guard_looks_at_the_card(base: Path) -> None:
    async with window(base) as it:
        await edit(it, REFUND)
        await it.press("f8")
        await it.fill(card="action: refund to 4111 1111 1111 1111\nrep: 50")
        await it.press("ctrl+s")
        await it.seen("Not saved: the authority card, line 1, holds what looks like a card number")


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 40)])
async def test_every_field_can_be_reached_and_seen_on_a_small_screen(base: Path, size: tuple[int, int]) -> None:
    write_files(base, MORE)
    async with window(base, size=size) as it:
        await edit(it, DAMAGED)
        seen = []
        for _ in range(6):
            await it.settled()
            field = it.app.focused
            assert field is not None
            assert it.screen.query_one("#form").region.contains_region(field.region), f"{field.id} is out of sight"
            seen.append(it.focus)
            await it.press("tab")
        assert seen == ["answer", "internal-notes", "card", "tags", "ticket", "asked-as"]
