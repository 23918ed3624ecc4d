"""Every action is declared once, in kbtui.actions; keys, footer, palette and line mode come from there (F57)."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.binding import Binding
from textual.widgets._footer import FooterKey

from kbtui import actions
from kbtui.entry.model import Person
from tests.helpers import ARCHIVED, OPEN_QUESTION, REFUND, opened
from tests.tui.window import Window, window

pytestmark = pytest.mark.usefixtures("person")

SCREENS = (
    *("home", "entry", "open question", "archived", "form", "form with an address", "review"),
    *("ideas", "misses", "health", "spot_check", "sample", "meeting"),
)
_ENTRIES = {"entry": REFUND, "open question": OPEN_QUESTION, "archived": ARCHIVED}
_LISTS = {
    "ideas": ("IdeasScreen", "raises one"),
    "misses": ("MissesScreen", "of words since"),
    "health": ("HealthScreen", "entries"),
    "spot_check": ("SpotCheckScreen", "looked at"),
    "sample": ("SampleScreen", "drawn from"),
    "meeting": ("MeetingScreen", "Most reused"),
}
"""Screens that the command palette opens, and what is to be seen there."""
NEEDED_BY_TEXT = frozenset(f"ctrl+{letter}" for letter in "acdekuvwxyzhijm") | {"ctrl+enter"}
"""Keys that edit text, or never arrive (DESIGN 7)."""


async def go(it: Window, where: str) -> None:
    """Go to a screen, from whichever one is on top."""
    while it.screen_name != "HomeScreen":
        await it.press("escape")
    if where in _ENTRIES:
        await it.open(_ENTRIES[where])
    elif where in _LISTS:
        screen, seen = _LISTS[where]
        getattr(it.app.home, f"action_{where}")()
        await it.on(screen)
        await it.seen(seen)
        await it.settled()
    elif where.startswith("form"):
        await it.press("ctrl+n")
        await it.on("CaptureScreen")
    if where == "review":
        it.knowledge.flag(REFUND, "ten days by now")
        await it.press("f12")
        await it.on("ReviewScreen")
        await it.settled()
    if where == "form with an address":
        await it.fill(answer="jo.bloggs@gmail.com")
        await it.seen("e-mail address")


def bindings(it: Window) -> list[Binding]:
    """Return the keys that work on the screen on top, those that do nothing there now left out."""
    return [active.binding for active in it.screen.active_bindings.values() if active.enabled]


def every_binding(it: Window) -> list[Binding]:
    """Return the keys of the screen on top and of its query line, those too that do nothing there now."""
    screens = [screen._bindings.key_to_bindings for screen in (it.screen, *it.screen.query("#query"))]
    return [one for keys in screens for several in keys.values() for one in several]


def in_footer(it: Window) -> list[Binding]:
    """Return what the footer offers, but leaving and the palette itself."""
    shown = [one for one in bindings(it) if one.show and one.key not in ("escape", "ctrl+q", "ctrl+p")]
    assert shown
    return shown


def palette(it: Window) -> set[str]:
    """Return the words of every command the palette offers."""
    return {command.title for command in it.app.get_system_commands(it.screen)}


def declared(action: str) -> actions.Action | None:
    """Return the declaration of an action such as "screen.show"."""
    name = action.rpartition(".")[2]
    return next((one for one in actions.ALL if one.id == name), None)


@pytest.fixture(autouse=True)
def _said(base: Path, person: Person) -> None:
    """Give the lists something to show: an idea, and a search that found nothing."""
    with opened(base) as knowledge:
        knowledge.raise_idea("Print the returns label")
        knowledge.missed("refund for a gift card")


async def test_keys_and_words_are_those_of_the_declaration(base: Path) -> None:
    async with window(base) as it:
        met = set()
        for where in SCREENS:
            await go(it, where)
            for binding in every_binding(it):
                if one := declared(binding.action):
                    met.add(one.id)
                    assert (binding.key, binding.description) == (one.key, one.words)
                    assert one.key not in NEEDED_BY_TEXT
        assert met >= {one.id for one in actions.ALL if one.key}, "a key is declared that no screen has"


async def test_every_key_in_the_footer_is_declared(base: Path) -> None:
    """DESIGN 7: every action is declared once; leaving a screen or the program is no action on an entry."""
    async with window(base) as it:
        undeclared = set()
        for where in SCREENS:
            await go(it, where)
            undeclared |= {(where, one.description) for one in in_footer(it) if declared(one.action) is None}
        assert undeclared == set()


async def test_the_palette_has_every_action_of_the_screen(base: Path) -> None:
    async with window(base) as it:
        missing = set()
        for where in SCREENS:
            await go(it, where)
            offered = palette(it)
            missing |= {(where, one.description) for one in in_footer(it) if one.description not in offered}
        assert missing == set()


async def test_the_palette_offers_what_the_screen_can_do_and_nothing_else(base: Path) -> None:
    expected = {
        "home": ({"Open", "New entry", "Ask the team", "To finish"}, {"Answer", "Confirm", "Fix"}),
        "entry": ({"Fix", "Confirm", "History", "Search"}, {"Answer", "New entry"}),
        "open question": ({"Fix", "Answer", "History", "Search"}, {"Confirm"}),
    }
    async with window(base) as it:
        for where, (offered, not_offered) in expected.items():
            await go(it, where)
            assert offered <= palette(it)
            assert not not_offered & palette(it)
            assert all(command.help for command in it.app.get_system_commands(it.screen))


async def test_an_action_chosen_in_the_palette_is_done(base: Path) -> None:
    async with window(base) as it:
        await it.search("do you take cash")
        await it.press("ctrl+p")
        await it.on("CommandPalette")
        await it.type("Ask the team")
        await it.seen("colleagues see it")
        await it.press("enter")
        await it.on("CaptureScreen")
        assert it.field("question") == "do you take cash"


async def test_a_form_is_saved_from_the_palette(base: Path) -> None:
    async with window(base) as it:
        await it.search("do you take cash")
        await it.press("ctrl+n")
        await it.on("CaptureScreen")
        await it.type("Only in our shops.")
        await it.press("ctrl+p")
        await it.on("CommandPalette")
        await it.type("Save")
        await it.seen("Save these words")
        await it.press("enter")
        await it.told("Saved: do you take cash")
        assert (it.screen_name, it.knowledge.drafts.all()) == ("HomeScreen", [])


async def test_the_footer_fits_at_80_columns(base: Path) -> None:
    async with window(base) as it:
        for where in SCREENS:
            await go(it, where)
            await it.settled()
            keys = list(it.screen.query(FooterKey))
            assert keys
            for key in keys:
                assert key.region.width > 0
                assert key.region.right <= 80
                assert key.description in it.lines[-1]
