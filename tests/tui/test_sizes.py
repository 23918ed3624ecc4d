"""No size of a window ends the program, and nothing needed is missing at 80 by 24."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest

from kbtui.entry.event import Event, EventKind, file_of
from kbtui.team.uses import WEEK
from tests.events import NOON, event
from tests.helpers import REFUND, write_files
from tests.tui.entries import DAMAGED, MORE, READING
from tests.tui.test_drafts import draft, keep
from tests.tui.window import Window, window

ROUND = ((4, 5), (40, 12), (80, 24), (4, 5), (120, 40), (80, 24))


async def home(it: Window) -> None:
    """Show hits."""
    await it.search("refund")


async def nothing_found(it: Window) -> None:
    """Show the hint."""
    await it.search("zeppelin")


async def entry(it: Window) -> None:
    """Show an entry that has every part."""
    await it.open(DAMAGED)


async def form(it: Window) -> None:
    """Show the form of a new entry."""
    await it.press("ctrl+n")
    await it.on("CaptureScreen")


async def form_of_an_entry(it: Window) -> None:
    """Show the form with all its fields."""
    await it.open(DAMAGED)
    await it.press("e")
    await it.on("CaptureScreen")


async def form_with_everything(it: Window) -> None:
    """Show the form of a new entry with what has been asked already and with a card."""
    await form(it)
    await it.type("How long does a refund take?")
    await it.until(lambda: it.screen.query_one("#already-asked").display, "what has been asked already")
    await it.press("f8")


async def compare(it: Window) -> None:
    """Show an entry that may be the same."""
    await form(it)
    await it.type("Can I pay with a voucher from another shop?")
    await it.press("f2")
    await it.on("CompareScreen")
    it.strike("s")  # which is for an entry with an answer


async def name(it: Window) -> None:
    """Show the question for the name."""
    await it.press("ctrl+n")
    await it.on("CaptureScreen")
    await it.type("cash?")
    await it.press("ctrl+s")
    await it.on("NameScreen")


async def drafts(it: Window) -> None:
    """Show what is to finish."""
    await it.press("ctrl+f")
    await it.on("DraftsScreen")


async def history(it: Window) -> None:
    """Show what happened to an entry."""
    await it.open(REFUND)
    await it.press("h")
    await it.on("TextScreen")


async def trust(it: Window) -> None:
    """Say why an entry can be trusted."""
    await it.open(REFUND)
    await it.press("w")
    await it.on("TextScreen")


async def narrow(it: Window) -> None:
    """Offer what a search can be narrowed by."""
    await it.press("f3")
    await it.on("ChoiceScreen")


async def flag(it: Window) -> None:
    """Ask what did not help."""
    await it.open(REFUND)
    await it.press("f")
    await it.on("LineScreen")


async def news(it: Window) -> None:
    """Show what is new: what everybody must read is."""
    await it.press("ctrl+r")
    await it.on("NewsScreen")


async def drill(it: Window) -> None:
    """Ask a question and show its answer."""
    await it.press("f6")
    await it.on("DrillScreen")
    await it.press("space")


async def palette(it: Window) -> None:
    """Show the command palette."""
    await it.press("ctrl+p")
    await it.on("CommandPalette")


SAID = (
    event("idea0001", EventKind.IDEA_RAISED, "refund22", words="Say the limit first"),
    event("idea0002", EventKind.IDEA_RAISED, words="Print the returns label with the parcel, in every language"),
    event("trying01", EventKind.IDEA_TRYING, "", refs=("idea0002",)),
    *(
        event(f"miss000{n}", EventKind.MISS, "", at=NOON + n * WEEK / 70, words="refund for a gift card")
        for n in (1, 9)
    ),
    event("miss0010", EventKind.MISS, "", words="zzyzx", refs=("found",)),
)


async def ideas(it: Window) -> None:
    """Show ideas of two stages."""
    say(it)
    it.app.learning.show_ideas()
    await it.on("IdeasScreen")
    await it.settled()


async def misses(it: Window) -> None:
    """Show what was searched in vain."""
    say(it)
    it.app.learning.show_misses()
    await it.on("MissesScreen")
    await it.settled()


async def health(it: Window) -> None:
    """Show what needs care."""
    it.app.learning.show_health()
    await it.on("HealthScreen")
    await it.settled()


async def spot_check(it: Window) -> None:
    """Show the sample for coaching."""
    it.app.home.action_spot_check()
    await it.on("SpotCheckScreen")
    await it.settled()
    it.strike("2")


async def sample(it: Window) -> None:
    """Show a sample of what callers asked, with a search that nobody has looked at."""
    say(it)
    it.app.learning.show_sample()
    await it.on("SampleScreen")
    await it.settled()


async def meeting(it: Window) -> None:
    """Show what the staff meeting hears."""
    say(it)
    it.app.learning.show_meeting()
    await it.on("MeetingScreen")
    await it.settled()


async def behind_a_number(it: Window) -> None:
    """Show what is behind a number of the pack."""
    await meeting(it)
    await it.press("enter")
    await it.on("SectionScreen")


def say(it: Window, events: Sequence[Event] = SAID) -> None:
    """Put events into the base, as a sync does."""
    lines = "".join(f"{each.line}\n" for each in events)
    write_files(it.knowledge.root, {file_of(events[0], "machin22"): lines})
    it.knowledge.recount()


EVERYWHERE = (
    home, nothing_found, entry, form, form_of_an_entry, form_with_everything, compare, name, drafts, history, trust,
    narrow, flag, palette, ideas, misses, health, news, drill, spot_check, sample, meeting, behind_a_number,
)  # fmt: skip


@pytest.mark.parametrize("go", EVERYWHERE)
async def test_every_screen_lives_through_every_size(base: Path, go: Callable[[Window], Awaitable[None]]) -> None:
    write_files(base, {**MORE, **READING})
    keep(base, draft(1, "cash? " * 40), draft(2, "cheque?"))
    async with window(base) as it:
        await go(it)
        there = it.screen_name
        for width, height in ROUND:
            await it.resize(width, height)
            it.strike("down", "y", "backspace")
            await it.settled()
        assert it.screen_name == there


@pytest.mark.parametrize("size", [(4, 5), (40, 12)])
async def test_the_program_starts_works_and_ends_at_every_size(
    base: Path, size: tuple[int, int], person: object
) -> None:
    async with window(base, size=size) as it:
        await it.search("refund", first=REFUND)
        await it.press("enter")
        await it.on("EntryScreen")
        await it.press("e")
        await it.on("CaptureScreen")
        await it.type("Six days. ")
        await it.press("ctrl+s")
        await it.told("Saved")
        assert it.knowledge.get(REFUND).answer.startswith("Six days. ")
        await it.press("ctrl+n")
        await it.on("CaptureScreen")
        await it.press("escape")
        await it.press("ctrl+q")
        await it.until(lambda: not it.app.is_running, "the end")


async def test_hits_and_answer_stand_on_one_screen(base: Path) -> None:
    """One above the other at 80 columns, side by side where there is room."""
    write_files(base, MORE)
    async with window(base) as it:
        await it.search("refund", first=REFUND)
        await it.seen("Five working days after your parcel has reached us.")
        assert "May I refund a damaged parcel?" in it.part("#hits")
        assert it.screen.query_one("#preview").region.y > it.screen.query_one("#hits").region.y
        await it.resize(120, 40)
        await it.seen("Five working days after your parcel")
        hits, preview = it.screen.query_one("#hits").region, it.screen.query_one("#preview").region
        assert hits.y == preview.y
        assert hits.right <= preview.x


async def test_a_low_window_leaves_the_preview_out(base: Path) -> None:
    async with window(base, size=(40, 12)) as it:
        await it.search("refund", first=REFUND)
        assert it.screen.query_one("#preview").region.height == 0


async def test_a_window_made_low_leaves_the_preview_out_and_made_high_has_it_again(base: Path) -> None:
    async with window(base) as it:
        await it.search("refund", first=REFUND)
        await it.seen("Five working days")
        await it.resize(80, 12)
        await it.settled()
        low = it.screen.query_one("#preview").region.height
        await it.resize(80, 24)
        await it.settled()
        assert it.screen.query_one("#preview").region.height > 3
        assert low == 0, "the preview takes the room of the hits in a low window"


async def test_hits_found_in_a_low_window_have_their_preview_when_it_grows(base: Path) -> None:
    async with window(base) as it:
        await it.search("zeppelin")
        await it.resize(80, 12)
        await it.press("escape")
        await it.search("refund", first=REFUND)
        await it.resize(80, 24)
        await it.settled()
        assert "Five working days" in it.words


async def test_the_field_one_types_in_is_on_the_screen_of_a_low_window(base: Path) -> None:
    write_files(base, MORE)
    async with window(base) as it:
        await form_of_an_entry(it)
        for title in ("Question", "Say this to the caller", "Internal, not for the caller", "Also asked as", "Tags"):
            assert title in it.picture
        await it.resize(40, 12)
        for _ in range(5):
            await it.settled()
            field = it.app.focused
            assert field is not None
            shown = field.region.intersection(it.screen.query_one("#form").region)
            assert shown.height > 1, f"one types into {field.id}, which is not on the screen"
            await it.press("tab")


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_what_went_wrong_stays_in_sight_of_whoever_is_further_down(base: Path, size: tuple[int, int]) -> None:
    """The whole sentence, above the fields and whichever of them one types in, which stays on the screen as well."""
    write_files(base, MORE)
    async with window(base, size=size) as it:
        await form_of_an_entry(it)
        await it.press(*["tab"] * 5)
        assert it.focus == "asked-as"
        await it.type("write to jo.bloggs@gmail.com")
        await it.press("ctrl+s")
        for sentence in ("Not saved:", "holds what looks like an e-mail address.", "and the history says so."):
            await it.seen(sentence)
        assert it.focus == "asked-as"
        field, form = it.screen.query_one("#asked-as"), it.screen.query_one("#form")
        await it.until(lambda: field.region.intersection(form.region).height > 1, "the field one types in")


@pytest.mark.parametrize("tabs", range(6))
async def test_the_field_one_types_in_is_on_the_screen_when_the_window_gets_low(base: Path, tabs: int) -> None:
    write_files(base, MORE)
    async with window(base) as it:
        await form_of_an_entry(it)
        await it.press(*["tab"] * tabs)
        await it.resize(40, 12)
        await it.settled()
        field = it.app.focused
        assert field is not None
        shown = field.region.intersection(it.screen.query_one("#form").region)
        assert shown.height > 1, f"one types into {field.id}, which is not on the screen"
