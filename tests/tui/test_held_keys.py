"""Keys that come faster than a screen opens are for what the key before them opens, in their order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from textual.events import Event, MouseDown, MouseUp, Paste
from textual.widgets import Input

from kbtui import actions
from kbtui.entry.model import State
from kbtui.errors import KbError
from kbtui.knowledge import Knowledge
from kbtui.store.drafts import Drafts
from kbtui.tui import held_keys
from kbtui.tui.app import KbtuiApp
from kbtui.tui.asking import LineScreen
from kbtui.tui.held_keys import Echo, HeldKeys
from tests.helpers import LEAD, OPEN_QUESTION, REFUND, opened
from tests.tui.window import PATIENCE, Held, Window, window

pytestmark = pytest.mark.usefixtures("person")

Hold = Callable[[type, str], Held]
WORDS = "it is out of date"


async def the_line_has(it: Window, words: str) -> None:
    """Wait until a box is open and words stand in its line, and see that they are all there is."""
    await it.on("LineScreen")
    await it.until(lambda: words in it.field("line"), f"{words!r} in the line, not {it.field('line')!r}")
    await it.settled()
    assert it.field("line") == words


def flags(it: Window) -> list[str]:
    """What was flagged of the entry about refunds."""
    return [flag.reason for flag in it.knowledge.demand(it.knowledge.get(REFUND)).flags]


def flag(base: Path) -> None:
    """Flag the entry about refunds, so that it wants a look."""
    with opened(base, {"KBTUI_PERSON": str(LEAD)}) as knowledge:
        knowledge.flag(REFUND, "ten days by now")


# What opens at once


async def test_letters_behind_a_key_land_in_the_line_of_the_box_it_opens(base: Path) -> None:
    """Among them are keys of the entry below: a, e and u would answer it, change it and count a use."""
    async with window(base) as it:
        await it.open(REFUND)
        it.strike("f", *"a true use, x")
        await the_line_has(it, "a true use, x")
        assert it.knowledge.get(REFUND).state is not State.ARCHIVED
        assert it.knowledge.counts().used == {}


async def test_every_key_that_opens_a_line_gives_it_the_letters_behind_it(base: Path) -> None:
    async with window(base) as it:
        await it.open(REFUND)
        it.strike(actions.IDEA.key, *WORDS)
        await the_line_has(it, WORDS)
        await it.press("escape", "escape")
        it.strike(actions.NARROW.key, *"wait")
        await it.on("ChoiceScreen")
        await it.until(lambda: it.field("narrow") == "wait", "the letters")
        assert it.query == ""
        await it.press("escape")
        it.strike(*"refund", actions.NEW.key, *"Five days.")
        await it.on("CaptureScreen")
        await it.until(lambda: it.field("answer") == "Five days.", "the letters")
        assert it.field("question") == "refund"


async def test_the_box_of_a_list_gets_the_letters_behind_its_key(base: Path) -> None:
    async with window(base) as it:
        it.strike(actions.IDEAS.key, actions.IDEA.key, *WORDS)
        await it.on("LineScreen")
        await the_line_has(it, WORDS)


async def test_two_boxes_after_each_other_get_their_own_letters(base: Path) -> None:
    async with window(base) as it:
        await it.open(REFUND)
        it.strike("f", *WORDS, "enter", "i", *"print the label", "enter", "e", *"Yes. ")
        await it.on("CaptureScreen")
        await it.until(lambda: it.field("answer").startswith("Yes. Five working days"), "the letters in the form")
        await it.until(lambda: flags(it) == [WORDS], "the flag")
        await it.until(lambda: [idea.words for idea in it.knowledge.ideas()] == ["print the label"], "the idea")


async def test_keys_behind_the_end_of_a_box_are_for_the_screen_below(base: Path) -> None:
    async with window(base) as it:
        await it.open(REFUND)
        it.strike("f", *WORDS, "enter", "u")
        await it.until(lambda: it.knowledge.counts().used == {"refund22": 1}, "the use to be noted")
        await it.until(lambda: flags(it) == [WORDS], "the flag")


async def test_letters_behind_a_choice_are_for_what_it_leads_to(base: Path) -> None:
    """What is chosen goes from the line to the list, from there to the box, and to the query line."""
    async with window(base) as it:
        it.strike(actions.NARROW.key, *"due", "enter", *"parcel", actions.ASK.key, *"?")
        await it.on("CaptureScreen")
        await it.until(lambda: it.field("question") == "parcel?", f"the letters, not {it.field('question')!r}")
        assert it.query == "due:now parcel"


async def test_escape_in_the_middle_closes_what_is_open_then(base: Path) -> None:
    async with window(base) as it:
        await it.open(REFUND)
        it.strike("f", *"it is out", "escape", "f", *" of date")
        await the_line_has(it, "it is out of date")
        it.strike("escape", "escape", *"voucher")
        await it.until(lambda: it.query == "voucher", "the letters on the query line")
        assert it.screen_name == "HomeScreen"


async def test_a_paste_behind_a_key_lands_in_the_box_and_between_the_letters(base: Path) -> None:
    async with window(base) as it:
        await it.open(REFUND)
        it.strike("f", Paste("it is out\nof"), *" da", Paste("te"), "backspace", *"e now")
        await the_line_has(it, "it is out of date now")


async def test_a_key_that_opens_nothing_holds_up_nothing(base: Path) -> None:
    async with window(base) as it:
        await it.open(REFUND)
        it.strike("q", "down", "q", "u", "f", *WORDS)
        await the_line_has(it, WORDS)
        await it.until(lambda: it.knowledge.counts().used == {"refund22": 1}, "the use to be noted")


async def test_letters_and_keys_in_a_line_keep_their_order(base: Path) -> None:
    """Left to itself, Textual does what a key is bound to after the letters behind it."""
    async with window(base) as it:
        it.strike(*"refnu", "backspace", "backspace", *"und", "home", *"a ")
        await it.until(lambda: it.query == "a refund", f"the words, not {it.query!r}")


async def test_a_click_waits_for_the_keys_before_it(base: Path) -> None:
    async with window(base) as it:
        await it.type("abcd")
        line = it.app.home.query_one("#query", Input).content_region
        where = (None, line.x + 2, line.y, 0, 0, 1, False, False, False)
        it.strike("home", MouseDown(*where), MouseUp(*where), "x")
        await it.until(lambda: it.query == "abxcd", f"the letter where the click was, not {it.query!r}")


async def test_letters_on_the_query_line_are_followed_by_nothing(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A keystroke costs nothing extra."""
    followed: list[None] = []
    monkeypatch.setattr(HeldKeys, "_follow", lambda *_: followed.append(None))
    async with window(base) as it:
        await it.type("refund take")
        assert followed == []


async def test_keys_that_move_do_not_wait_for_each_other(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An arrow key that is held down on a slow computer must not be behind for longer and longer."""
    seen: list[str] = []
    back, deliver = HeldKeys.back, KbtuiApp._pass_on

    async def comes_back(held: HeldKeys, echo: Echo) -> None:
        seen.append("echo")
        await back(held, echo)

    async def delivers(app: KbtuiApp, event: Event) -> None:
        seen.append(getattr(event, "key", ""))
        await deliver(app, event)

    async with window(base) as it:
        await it.search("refund")
        monkeypatch.setattr(HeldKeys, "back", comes_back)
        it.app.held._deliver = partial(delivers, it.app)
        it.strike(*["down", "up"] * 5, *"s")
        await it.until(lambda: it.query == "refunds", "the letter behind them")
        assert seen[:10] == ["down", "up"] * 5
        assert "echo" in seen[10 : seen.index("s")], "the letter waits for the keys"


async def test_letters_typed_while_a_form_is_being_left_are_for_the_query_line(base: Path, hold: Hold) -> None:
    """The disk may take its time to keep the words; those behind escape are others."""
    async with window(base) as it:
        keep = hold(Drafts, "keep")
        it.strike(actions.ASK.key, *"may I", "escape", *"vou")
        await it.until(lambda: keep.begun, "the draft to be written")
        it.strike(*"cher")
        keep.let_go()
        await it.until(lambda: it.query == "voucher", f"the letters on the query line, not {it.query!r}")
        assert [draft.question for draft in it.knowledge.drafts.all()] == ["may I"]


# What is looked up first


async def test_a_key_after_enter_is_for_the_entry_and_not_for_the_query_line(base: Path, hold: Hold) -> None:
    async with window(base) as it:
        await it.search("refund take", first=REFUND)
        held = hold(Knowledge, "opened")
        it.strike("enter", "u", "w")
        await it.until(lambda: held.begun, "the entry to be read")
        held.let_go()
        await it.on("TextScreen")
        await it.seen("Why trust it?")
        await it.settled()
        assert it.query == "refund take"
        assert it.knowledge.counts().used == {"refund22": 1}


async def test_letters_after_enter_and_a_key_land_in_the_box_over_the_entry(base: Path, hold: Hold) -> None:
    async with window(base) as it:
        await it.search("refund take", first=REFUND)
        held = hold(Knowledge, "opened")
        it.strike("enter", "f", *"it is", Paste(" out"))
        await it.until(lambda: held.begun, "the entry to be read")
        it.strike(*" of date")
        held.let_go()
        await the_line_has(it, WORDS)
        assert it.query == "refund take"


async def test_a_key_after_enter_is_for_the_entry_that_is_still_searched_for(base: Path, hold: Hold) -> None:
    """In one write, as from a slow line: the words, enter, and keys of the entry."""
    async with window(base) as it:
        search = hold(Knowledge, "search")
        it.strike(*"refund take", "enter", "u", "f", *"it is")
        await it.until(lambda: search.begun, "the search to begin")
        it.strike(*" out of date")
        search.let_go()
        await the_line_has(it, WORDS)
        assert it.query == "refund take"
        await it.until(lambda: it.knowledge.counts().used == {"refund22": 1}, "the use to be noted")


async def test_escape_behind_such_an_enter_opens_nothing(base: Path, hold: Hold) -> None:
    async with window(base) as it:
        search = hold(Knowledge, "search")
        it.strike(*"refund take", "enter", "u", "escape", "s")
        await it.until(lambda: search.begun and it.query == "refund takes", "the letter behind escape")
        search.let_go()
        await it.settled()
        assert (it.screen_name, it.query) == ("HomeScreen", "refund takes")
        assert it.knowledge.counts().used == {}


@pytest.mark.parametrize("error", [None, KbError("It is gone.")])
async def test_letters_behind_an_enter_that_finds_nothing_are_on_the_line(
    base: Path, hold: Hold, error: KbError | None
) -> None:
    async with window(base) as it:
        search = hold(Knowledge, "search")
        it.strike(*"zeppelin", "enter", *" ri")
        await it.until(lambda: search.begun, "the search to begin")
        if error:
            search.then_raise(error)
        it.strike(*"de")
        search.let_go()
        await it.until(lambda: it.query == "zeppelin ride", f"the letters on the line, not {it.query!r}")
        await it.settled()
        assert it.screen_name == "HomeScreen"


async def test_escape_opens_nothing_after_all(base: Path, hold: Hold) -> None:
    async with window(base) as it:
        await it.search("refund take", first=REFUND)
        held = hold(Knowledge, "opened")
        await it.press("enter", "u", "escape", "s")
        held.let_go()
        await it.settled()
        assert (it.screen_name, it.query) == ("HomeScreen", "refund takes")
        await it.press("backspace")
        await it.settled()
        await it.press("enter")
        await it.on("EntryScreen")
        assert it.knowledge.counts().used == {}


async def test_escape_right_behind_enter_opens_nothing_after_all(base: Path, hold: Hold) -> None:
    async with window(base) as it:
        await it.search("refund take", first=REFUND)
        held = hold(Knowledge, "opened")
        it.strike("enter", "u", "escape", "s")
        await it.until(lambda: held.begun and it.query == "refund takes", "the letter behind escape")
        held.let_go()
        await it.settled()
        assert (it.screen_name, it.knowledge.counts().used) == ("HomeScreen", {})


async def test_keys_for_an_entry_that_does_not_open_go_nowhere(base: Path, hold: Hold) -> None:
    async with window(base) as it:
        await it.search("refund take", first=REFUND)
        held = hold(Knowledge, "opened")
        held.then_raise(KbError("It is gone."))
        await it.press("enter", "u")
        held.let_go()
        await it.told("It is gone.")
        await it.settled()
        await it.press("s")
        assert it.query == "refund takes"


async def test_the_way_out_stays_free(base: Path, hold: Hold) -> None:
    async with window(base) as it:
        await it.search("refund take", first=REFUND)
        held = hold(Knowledge, "opened")
        it.strike("enter", "u", "ctrl+q")
        await it.until(lambda: it.app._exit, "the end")
        held.let_go()


async def test_letters_for_a_box_that_is_looked_up_are_no_keys_of_the_entry(base: Path, hold: Hold) -> None:
    async with window(base) as it:
        await it.open(OPEN_QUESTION)
        knows = hold(Knowledge, "who_knows")
        it.strike("o", *"jxy")
        await it.until(lambda: knows.begun, "the looking up to begin")
        it.strike(*"ana")
        knows.let_go()
        await it.settled()
        assert it.knowledge.get(OPEN_QUESTION).state is State.OPEN
        assert it.knowledge.counts().joined == {}


async def test_letters_for_a_box_that_is_looked_up_land_in_it(base: Path, hold: Hold) -> None:
    """Among them is x, which would archive the entry that is marked."""
    flag(base)
    async with window(base) as it:
        await it.press("f12")
        await it.on("ReviewScreen")
        await it.settled()
        similar = hold(Knowledge, "similar")
        it.strike("m", *"pas")
        await it.until(lambda: similar.begun, "the looking up to begin")
        it.strike(*"x", Paste("w"))
        similar.let_go()
        await the_line_has(it, "pasxw")
        assert it.knowledge.get(REFUND).state is not State.ARCHIVED


async def test_escape_opens_no_box_that_is_still_looked_up(base: Path, hold: Hold) -> None:
    flag(base)
    async with window(base) as it:
        await it.press("f12")
        await it.on("ReviewScreen")
        await it.settled()
        similar = hold(Knowledge, "similar")
        it.strike("m", *"pass", "escape")
        await it.until(lambda: similar.begun, "the looking up to begin")
        similar.let_go()
        await it.settled()
        assert it.screen_name == "ReviewScreen"
        it.strike("m", *"pass")
        await the_line_has(it, "pass")


async def test_escape_keeps_no_other_box_from_opening(base: Path, hold: Hold) -> None:
    """Why an entry can be trusted is not what escape was pressed for."""
    async with window(base) as it:
        await it.open(OPEN_QUESTION)
        knows = hold(Knowledge, "who_knows")
        it.strike("o", "escape")
        await it.until(lambda: knows.begun, "the looking up to begin")
        await it.until(lambda: it.app.held._opening is None, "escape to be taken")
        knows.let_go()
        await it.settled()
        assert it.screen_name == "EntryScreen"
        it.strike(actions.TRUST.key)
        await it.on("TextScreen")


# Where nothing comes back


@pytest.mark.parametrize("is_at_once", [True, False])
async def test_an_echo_that_is_gone_with_its_line_keeps_no_key(
    base: Path, monkeypatch: pytest.MonkeyPatch, *, is_at_once: bool
) -> None:
    """A line that is closed takes with it what is still in its queue; nobody waits for that."""
    monkeypatch.setattr(held_keys, "PATIENCE", 10 * PATIENCE)
    async with window(base) as it:
        await it.open(REFUND)
        await it.press("f")
        await it.on("LineScreen")
        line = it.screen.query_one(Input)
        post = line.post_message
        monkeypatch.setattr(line, "post_message", lambda message: isinstance(message, Echo) or post(message))
        it.strike("escape", *("f" * is_at_once))
        if not is_at_once:
            await it.on("EntryScreen")
            await it.settled()
            it.strike("f")
        it.strike(*"late")
        await it.until(lambda: it.app.focused not in (None, line), "the box to open anew")
        await the_line_has(it, "late")


async def test_letters_behind_a_form_that_ends_do_not_wait_for_its_fields(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was looked up ends the form: its fields are closed while the echo is on its way."""
    monkeypatch.setattr(held_keys, "PATIENCE", 10 * PATIENCE)
    async with window(base) as it:
        await it.press(actions.NEW.key)
        await it.on("CaptureScreen")
        field = it.app.focused
        assert field is not None
        post = field.post_message
        monkeypatch.setattr(field, "post_message", lambda message: isinstance(message, Echo) or post(message))
        has_looked_up = it.app.held.begin()
        it.strike(*"vou")
        await it.until(lambda: len(it.app.held._waiting) == len("vou"), "the letters to wait")
        it.app.call_later(lambda: (has_looked_up(), it.app.pop_screen()))
        await it.until(lambda: it.query == "vou", "the letters in the query line")


async def test_a_box_that_takes_its_time_gets_its_letters_all_the_same(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = asyncio.Event()

    async def waits(_: LineScreen) -> None:
        await ready.wait()

    monkeypatch.setattr(held_keys, "PATIENCE", 0.05)
    monkeypatch.setattr(LineScreen, "on_mount", waits, raising=False)
    async with window(base) as it:
        await it.open(REFUND)
        it.strike("f", *WORDS)
        await without_the_pilot(lambda: it.screen_name == "LineScreen")
        assert not it.screen.is_mounted
        it.strike(*" now")
        ready.set()
        await the_line_has(it, f"{WORDS} now")


async def test_one_look_in_vain_gives_no_letters_away(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer that was asleep: the time is over, but the box has not had any."""
    ready = asyncio.Event()

    async def hangs(_: LineScreen) -> None:
        await ready.wait()

    monkeypatch.setattr(held_keys, "PATIENCE", PATIENCE)
    monkeypatch.setattr(LineScreen, "on_screen_resume", hangs, raising=False)
    async with window(base) as it:
        await it.open(REFUND)
        held, looked = it.app.held, asyncio.Event()
        it.strike("f", *WORDS)
        try:
            await without_the_pilot(lambda: it.screen_name == "LineScreen" and it.screen.is_mounted)
            await without_the_pilot(lambda: len(held._waiting) == len(WORDS))
            it.app.call_later(held._look, held._number)
            it.app.call_later(looked.set)
            await looked.wait()
            assert len(held._waiting) == len(WORDS)
        finally:
            ready.set()
        await the_line_has(it, WORDS)


async def test_letters_for_a_box_that_hangs_are_in_its_line(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its line works, but nothing goes through the box any more, so that no echo comes back."""
    ready = asyncio.Event()

    async def hangs(_: LineScreen) -> None:
        await ready.wait()

    monkeypatch.setattr(held_keys, "PATIENCE", 0.05)
    monkeypatch.setattr(LineScreen, "on_screen_resume", hangs, raising=False)
    async with window(base) as it:
        await it.open(REFUND)
        it.strike("f", *WORDS)
        try:
            await without_the_pilot(lambda: it.screen_name == "LineScreen" and it.field("line") == WORDS)
            it.strike("left", *"!")
            await without_the_pilot(lambda: it.field("line") == f"{WORDS}!")
        finally:
            ready.set()
        await it.press("enter")
        await it.until(lambda: flags(it), "the flag")


async def test_letters_overtake_no_key_where_patience_ran_out(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing comes back from the query line any more; what waits is still for what the key before it opens."""
    monkeypatch.setattr(held_keys, "PATIENCE", 0.2)
    async with window(base) as it:
        line = it.app.home.query_one("#query", Input)
        post = line.post_message
        monkeypatch.setattr(line, "post_message", lambda message: isinstance(message, Echo) or post(message))
        it.strike("left", *"lamp", actions.NEW.key, *"Ten euro.", "tab", *"Ask Ben.", "escape", *"parcel")
        await it.until(lambda: it.query.endswith("parcel"), f"the letters behind escape, not {it.query!r}")
        await it.until(lambda: it.knowledge.drafts.all(), "the draft")
        (draft,) = it.knowledge.drafts.all()
        assert (draft.question, draft.answer, draft.internal) == ("lamp", "Ten euro.", "Ask Ben.")


@pytest.mark.parametrize("pause", [1.2, 2.5])
async def test_what_is_typed_a_moment_after_a_question_was_asked_is_each_in_its_field(base: Path, pause: float) -> None:
    """The echo of the key that saved went to a form that is closed by now."""
    async with window(base) as it:
        await it.search("zeppelin ride")
        await it.press(actions.ASK.key)
        await it.on("CaptureScreen")
        it.strike(actions.SAVE.key)
        await asyncio.sleep(pause)
        for key in (*"price lamp 1", actions.NEW.key, *"Ten euro.", actions.SAVE.key):
            it.strike(key)
            await asyncio.sleep(0.06)
        await it.told("Saved: price lamp 1")
        (card,) = (card for card in it.knowledge.cards() if card.question == "price lamp 1")
        assert it.knowledge.get(card.path).answer.strip() == "Ten euro."


async def without_the_pilot(is_so: Callable[[], object]) -> None:
    """Wait until something is so while a screen hangs, for which the pilot would wait."""
    give_up = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < give_up, "still waiting"
        await asyncio.sleep(0.01)
