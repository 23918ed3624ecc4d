"""Sharing while somebody works (F51): on a thread, in one honest line, without a question and without a stall."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import OptionList

from kbtui.entry.model import EntryChange
from kbtui.git.remote import Answer, Remote, Trouble
from kbtui.knowledge import Knowledge
from kbtui.tui import sharing
from kbtui.tui.status import StatusLine
from kbtui.verbs.sharing import WAITING
from tests.helpers import ANA, REFUND, git, in_head, write_files
from tests.hosts import silent
from tests.team_of import Member
from tests.tui.window import Held, Window, window


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> Callable[[Trouble], None]:
    """Return a function that says what every call over the network comes to from now on."""

    def to(trouble: Trouble) -> None:
        monkeypatch.setattr(Remote, "fetch", lambda *_: Answer(trouble))

    return to


def line(it: Window) -> str:
    """Return the status line of the screen on top, as it is painted."""
    return it.screen.query_one("#status", StatusLine).render().plain


async def ask(it: Window, question: str) -> None:
    """Ask the team something nobody knows."""
    await it.search(question)
    await it.press("ctrl+o")
    await it.on("CaptureScreen")
    await it.press("ctrl+s")
    await it.told(f"Saved: {question}")


async def share_now(it: Window) -> None:
    """Press the key, and wait until the box says how that went."""
    await it.press("f5")
    await it.on("SharingScreen")
    await it.until(lambda: "Sharing …" not in it.words, "the sync to end")


async def share_again(it: Window) -> None:
    """Let a sync begin and end."""
    before = it.app.sharing.background._pace.tried
    it.app.sharing.background.ask()
    await it.until(lambda: it.app.sharing.background._pace.tried > before, "the sync to end")


async def test_what_is_saved_reaches_the_team_by_itself(ana: Member, remote: Path) -> None:
    async with window(ana.root, env=ana.environment) as it:
        await ask(it, "do you ship to islands")
        await it.until(lambda: "islands" in git(remote, "ls-tree", "-r", "--name-only", "main"), "the team to have it")
        await it.until(lambda: "last shared just now · Ana Kovacs" in line(it), f"the line, not {line(it)!r}")


async def test_a_use_reaches_the_team_by_itself(ana: Member, remote: Path) -> None:
    async with window(ana.root, env=ana.environment) as it:
        await it.open(REFUND)
        await it.press("u")
        await it.seen("Noted: used once")
        await it.until(lambda: "events/" in git(remote, "ls-tree", "-r", "--name-only", "main"), "the team to have it")


async def test_a_base_without_a_team_says_nothing_of_sharing(base: Path) -> None:
    env = {"KBTUI_PERSON": str(ANA)}
    async with window(base, env=env) as it:
        await it.until(lambda: it.app.sharing.background._pace.outcome == "alone", "the first look")
        await ask(it, "do you ship to islands")
        assert "do you ship to islands   " in line(it)
        assert line(it).endswith("  Ana Kovacs · Small base")
        await share_now(it)
        assert "Nobody else has this base yet." in it.words


async def test_out_of_reach_it_says_how_much_waits_and_what_to_do(
    ana: Member, cut: Callable[[Trouble], None], remote: Path
) -> None:
    cut(Trouble.OFFLINE)
    async with window(ana.root, env=ana.environment) as it:
        await ask(it, "do you ship to islands")
        await share_now(it)
        assert WAITING in it.words
        assert "1 save waits on this computer. Nothing is lost." in it.words
        await it.press("escape")
        await it.until(lambda: "1 waiting" in line(it), f"what waits, not {line(it)!r}")
        it.app.home.tell("")
        await it.until(lambda: line(it).endswith(f"1 waiting · {WAITING}"), f"the whole of it, not {line(it)!r}")
    assert "islands" not in git(remote, "ls-tree", "-r", "--name-only", "main")


async def test_a_missing_sign_in_is_explained_once(ana: Member, cut: Callable[[Trouble], None]) -> None:
    """FAULTS 23, S7: said after three tries, with what the lead must do, and not with every try after that."""
    cut(Trouble.SIGN_IN)
    async with window(ana.root, env=ana.environment, size=(80, 24)) as it:
        for _ in range(4):
            await share_again(it)
        await it.until(lambda: len(it.app._notifications) == 1, "the notice")
        (notice,) = it.app._notifications
        assert notice.message.startswith("Sign-in needed, tell your lead. Nothing is lost: go on working.")
        assert "For your lead: Give this computer a way in that asks no question" in notice.message
        await it.until(lambda: "Sign-in needed, tell your lead" in line(it), "the line")
        await share_now(it)
        assert "For your lead: Give this computer a way in" in it.words
        assert len(it.app._notifications) == 0, "the box says it, and more"


async def test_a_file_in_the_way_is_named_once(ana: Member, ben: Member) -> None:
    """FAULTS S2: https://github.com/gitgitgadget/git/issues/759."""
    ben.change(REFUND, EntryChange(answer="Ten days."))
    ben.sync()
    write_files(ana.root, {REFUND: (ana.root / REFUND).read_bytes() + b"\nHalf a thought [/].\n"})
    async with window(ana.root, env=ana.environment) as it:
        for _ in range(3):
            await share_again(it)
        await it.until(lambda: len(it.app._notifications) == 1, "the notice")
        (notice,) = it.app._notifications
        assert notice.message.startswith(f"What the team wrote in {REFUND} is not in this folder yet")
        await share_now(it)
        assert "Nothing waits: the team has all that was saved here." in it.words
        assert "is not in this folder yet" in it.words
    assert b"Half a thought [/]." in (ana.root / REFUND).read_bytes()


@pytest.mark.parametrize("width", [80, 40, 24, 5])
async def test_trouble_is_said_in_words_at_every_width(ana: Member, cut: Callable[[Trouble], None], width: int) -> None:
    cut(Trouble.OFFLINE)
    ana.ask("Is anybody there?")
    async with window(ana.root, env=ana.environment, size=(width, 12)) as it:
        await it.until(lambda: it.app.sharing.standing.is_trouble, "the first sync")
        it.app.home.tell("A sentence that is far too long for a window as narrow as this one is, and longer")
        await it.pilot.pause()
        shown = line(it)
        assert len(shown) <= width or width == 5
        assert ("1 waiting" in shown) == (width > 5)


async def test_what_the_team_wrote_shows_up_and_the_mark_stays(ana: Member, ben: Member) -> None:
    async with window(ana.root, env=ana.environment) as it:
        await it.search("refund password")
        await it.press("down")
        marked, row = it.marked, it.app.home.query_one("#hits", OptionList).highlighted
        ben.ask("Refund password", "Yes.")
        ben.sync()
        it.app.sharing.background.ask()
        await it.until(lambda: "Refund password" in it.part("#hits"), "what Ben wrote")
        assert (it.marked, it.query) == (marked, "refund password")
        assert it.app.home.query_one("#hits", OptionList).highlighted != row, "a new one stands above it"


async def test_the_open_entry_says_who_has_changed_it(ana: Member, ben: Member) -> None:
    async with window(ana.root, env=ana.environment) as it:
        await it.open(REFUND)
        ben.change(REFUND, EntryChange(answer="Ten days now."))
        ben.sync()
        it.app.sharing.background.ask()
        await it.seen("Ben Okoro has changed this entry: r shows it as it is now")
        assert "Five working days" in it.words


async def test_uses_that_came_are_counted_in_the_list_and_in_the_open_entry(ana: Member, ben: Member) -> None:
    with ben.opened() as knowledge:
        knowledge.refresh()
        knowledge.used(REFUND)
    async with window(ana.root, env=ana.environment) as it:
        await it.search("refund take", first=REFUND)
        await it.open(REFUND)
        ben.sync()
        it.app.sharing.background.ask()
        await it.seen("used once (1 this week)")
        await it.press("escape")
        await it.until(lambda: "used once (1 this week)" in it.part("#hits"), "the count in the list")


async def test_a_host_that_never_answers_stalls_nothing_and_is_broken_off_on_leaving(ana: Member) -> None:
    with silent() as port:
        git(ana.root, "remote", "set-url", "origin", f"https://127.0.0.1:{port}/kb.git")
        async with window(ana.root, env=ana.environment) as it:
            await it.until(lambda: it.app.sharing.background._pace.carries is False, "the window")
            await ask(it, "do you ship to islands")
            await it.search("refund take", first=REFUND)
        assert not it.app.sharing.background.is_at_work
    path = next(ana.root.glob("questions/*islands*"))
    assert in_head(ana.root, path.relative_to(ana.root).as_posix())


async def test_what_was_just_saved_is_shared_before_the_window_closes(
    ana: Member, remote: Path, hold: Callable[[type, str], Held]
) -> None:
    """Nobody should have to wait until tomorrow for what was written last."""
    async with window(ana.root, env=ana.environment) as it:
        await it.until(lambda: it.app.sharing.background._pace.outcome == "shared", "the first sync")
        held = hold(Knowledge, "sync")
        await ask(it, "do you ship to islands")
        await it.press("ctrl+q")
        await it.seen("Sharing what you saved")
        held.let_go()
        await it.until(lambda: it.app._exit, "the end")
    assert "islands" in git(remote, "ls-tree", "-r", "--name-only", "main")


async def test_a_second_wish_to_leave_leaves_at_once(ana: Member, hold: Callable[[type, str], Held]) -> None:
    async with window(ana.root, env=ana.environment) as it:
        await it.until(lambda: it.app.sharing.background._pace.outcome == "shared", "the first sync")
        held = hold(Knowledge, "sync")
        await ask(it, "do you ship to islands")
        await it.press("ctrl+q")
        await it.seen("Sharing what you saved")
        await it.press("ctrl+q")
        await it.until(lambda: it.app._exit, "the end")
        held.let_go()


async def test_two_windows_on_one_clone_do_not_trip_over_each_other(ana: Member, remote: Path) -> None:
    async with window(ana.root, env=ana.environment) as one:
        other = sharing.BackgroundSync(one.app, Knowledge(ana.parts()), lambda: pytest.fail("a surprise"))
        other.start()
        await ask(one, "do you ship to islands")
        for _ in range(3):
            other.ask()
            one.app.sharing.background.ask()
            await one.pilot.pause(0.05)
        await one.until(lambda: "islands" in git(remote, "ls-tree", "-r", "--name-only", "main"), "the team to have it")
        other.stop()
        assert not other.is_at_work
        await one.until(lambda: "last shared just now" in line(one), "the line")
    assert git(ana.root, "rev-parse", "HEAD") == git(remote, "rev-parse", "main")


async def test_a_surprise_while_sharing_is_for_the_lead_and_sharing_goes_on(
    ana: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> object:
        raise RuntimeError("nobody foresaw this")

    async with window(ana.root, env=ana.environment) as it:
        await it.until(lambda: it.app.sharing.background._pace.outcome == "shared", "the first sync")
        with monkeypatch.context() as patch:
            patch.setattr(Knowledge, "sync", broken)
            it.app.sharing.background.ask()
            await it.until(lambda: it.app.sharing.background._pace.outcome == "lead", "the surprise")
        assert "nobody foresaw this" in it.knowledge.trouble_log.read_text("utf-8")
        await share_now(it)
        assert "Last shared just now" in it.words


async def test_two_questions_that_ask_the_same_are_joined_in_one_key(ana: Member, ben: Member, remote: Path) -> None:
    """F12: two people asked while neither saw the other's question."""
    asked, asked_too = ana.ask("can I pay with a cheque"), ben.ask("can I pay by cheque")
    ben.sync()

    def are_archived(folder: Path) -> list[bool]:
        return [b"state: archived" in (in_head(folder, path) or b"") for path in (asked, asked_too)]

    async with window(ana.root, env=ana.environment) as it:
        await it.until(lambda: "asked twice: “can I pay by cheque”" in it.part("#hits"), "the row to say so")
        await it.search("pay cheque")
        await it.until(lambda: "asked twice" in it.part("#hits"), "the hit to say so, too")
        await it.open(asked_too)
        await it.seen("Asked too, nearly the same: “can I pay with a cheque”")
        await it.press("y", "y")
        await it.seen("2 callers waiting")
        await it.seen("One question now: 2 callers waiting")
        assert "Asked too" not in it.words
        await it.settled()
        await it.press("escape")
        await it.until(lambda: "asked twice" not in it.part("#hits"), "the row to say nothing any more")
        await it.until(lambda: sorted(are_archived(remote)) == [False, True], "the team to have it")
    ben.sync()
    assert are_archived(ben.root) == are_archived(remote)
