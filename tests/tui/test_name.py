"""The name that colleagues see is asked once, when it is needed (F54, FAULTS 58)."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kbtui import config
from kbtui.entry.model import State
from kbtui.errors import NotSavedError
from kbtui.knowledge import Knowledge
from kbtui.paths import places
from tests.helpers import REFUND, git
from tests.tui.window import Held, Window, window


async def ask(it: Window, question: str) -> None:
    """Ask the team something."""
    await it.search(question)
    await it.press("ctrl+o")
    await it.on("CaptureScreen")
    await it.press("ctrl+s")


async def test_the_name_is_asked_with_the_first_save_and_never_again(base: Path) -> None:
    async with window(base) as it:
        await ask(it, "cash")
        await it.on("NameScreen")
        assert "What is your name?" in it.words
        assert "You are asked once." in it.words
        await it.type("Zoë Ünal")
        await it.press("enter")
        await it.told("Saved: cash")
        await it.seen("Zoë Ünal · Small base")
        await ask(it, "cheque")
        await it.told("Saved: cheque")
        assert git(base, "log", "--format=%an", "-2").splitlines() == ["Zoë Ünal"] * 2
    async with window(base) as it:
        await it.seen("Zoë Ünal · Small base")
        await ask(it, "credit")
        await it.told("Saved: credit")


async def test_nothing_is_asked_before_something_is_saved(base: Path) -> None:
    async with window(base) as it:
        await it.search("refund", first=REFUND)
        await it.press("enter")
        await it.on("EntryScreen")
        await it.settled()
        assert it.screen_name == "EntryScreen"


async def test_without_a_name_the_words_stay_and_the_screen_says_where(base: Path) -> None:
    async with window(base) as it:
        await ask(it, "cash")
        await it.on("NameScreen")
        await it.press("escape")
        await it.told("Kept under “To finish” until you give a name.")
        assert [draft.question for draft in it.knowledge.drafts.all()] == ["cash"]
        assert git(base, "rev-list", "--count", "HEAD") == "1"
        await it.press("ctrl+f")
        await it.on("DraftsScreen")
        await it.press("enter")
        await it.on("CaptureScreen")
        await it.press("ctrl+s")
        await it.on("NameScreen")
        await it.type("Zoë")
        await it.press("enter")
        await it.told("Saved: cash")
        assert it.knowledge.drafts.all() == []


async def test_an_empty_name_is_no_name(base: Path) -> None:
    async with window(base) as it:
        await ask(it, "cash")
        await it.on("NameScreen")
        await it.type("   ")
        await it.press("enter")
        await it.settled()
        assert it.screen_name == "NameScreen"


async def test_what_is_no_name_is_not_the_end_of_the_program(base: Path) -> None:
    async with window(base) as it:
        await ask(it, "cash")
        await it.on("NameScreen")
        await it.type("<zoe@example.com>")
        await it.press("enter")
        await it.settled()
        await it.seen("That is no name.")
        assert [draft.question for draft in it.knowledge.drafts.all()] == ["cash"]


async def test_a_name_that_cannot_be_written_down_is_not_the_end_of_the_program(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise NotSavedError("Not saved: this disk is full.")

    async with window(base) as it:
        await ask(it, "cash")
        await it.on("NameScreen")
        monkeypatch.setattr(config, "write_user", full)
        await it.type("Zoë")
        await it.press("enter")
        await it.seen("Not saved: this disk is full.")
        assert [draft.question for draft in it.knowledge.drafts.all()] == ["cash"]


async def test_a_name_with_an_address_and_odd_signs_is_kept_as_a_name(base: Path) -> None:
    async with window(base) as it:
        await ask(it, "cash")
        await it.on("NameScreen")
        await it.paste("[bold]Zoë[/] \u202eO'Neil\x1b[31m <zoe@example.com>")
        await it.press("enter")
        await it.told("Saved: cash")
        user = config.read_user(places(os.environ).config_file)
        assert (user.name, user.email) == ("[bold]Zoë[/] O'Neil", "zoe@example.com")
        await it.seen("[bold]Zoë[/] O'Neil · Small base")


async def test_gits_own_name_is_good_enough(base: Path, tmp_path: Path) -> None:
    settings = tmp_path / "gitconfig"
    settings.write_text("[user]\nname = Lena Lead\nemail = lena@example.com\n", "utf-8")
    async with window(base, env={"GIT_CONFIG_GLOBAL": str(settings)}) as it:
        await it.seen("Lena Lead · Small base")
        await ask(it, "cash")
        await it.told("Saved: cash")


async def test_confirming_asks_for_the_name_and_then_confirms(base: Path) -> None:
    async with window(base) as it:
        await it.open(REFUND)
        await it.press("v")
        await it.on("NameScreen")
        await it.type("Zoë")
        await it.press("enter")
        await it.seen("Confirmed by Zoë")
        assert it.knowledge.get(REFUND).state is State.VALIDATED


async def test_nobody_is_asked_for_a_name_over_a_form(base: Path, hold: Callable[[type, str], Held]) -> None:
    """v, and at once e: what is typed goes on going into the form; the name is asked for when the form has ended."""
    async with window(base) as it:
        await it.open(REFUND)
        person = hold(Knowledge, "person")
        await it.press("v")
        await it.until(lambda: person.begun, "somebody to be looked for")
        await it.press("e")
        await it.on("CaptureScreen")
        person.let_go()
        await it.settled()
        assert it.screen_name == "CaptureScreen"
        await it.press("escape")
        await it.on("NameScreen")
        await it.type("Zoë")
        await it.press("enter")
        await it.seen("Confirmed by Zoë")


async def test_everything_that_waits_for_a_name_is_done_with_one_answer(
    base: Path, hold: Callable[[type, str], Held]
) -> None:
    async with window(base) as it:
        person = hold(Knowledge, "person")
        await ask(it, "cash")
        await it.on("HomeScreen")
        await it.press("ctrl+n")
        await it.on("CaptureScreen")
        person.let_go()
        await it.settled()
        await it.type("cheque")
        await it.press("ctrl+s")
        await it.on("NameScreen")
        await it.settled()
        await it.type("Zoë")
        await it.press("enter")
        await it.until(lambda: len(git(base, "log", "--format=%an", "--author=Zoë").split()) == 2, "both saves")
        await it.settled()
        assert it.screen_name == "HomeScreen"
        assert it.knowledge.drafts.all() == []


async def test_a_deed_without_a_name_is_not_said_to_be_kept(base: Path) -> None:
    async with window(base) as it:
        await it.open(REFUND)
        await it.press("v")
        await it.on("NameScreen")
        await it.press("escape")
        await it.told("Nothing was changed: that needs your name.")
        assert it.knowledge.get(REFUND).state is State.NOT_VALIDATED


async def test_settings_that_cannot_be_read_are_named_and_the_words_stay(base: Path) -> None:
    file = places(os.environ).config_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("name = [", "ascii")
    async with window(base) as it:
        await ask(it, "cash")
        await it.seen("config.toml")
        assert [draft.question for draft in it.knowledge.drafts.all()] == ["cash"]
