"""One's own shift on the screen: news with must-reads, one's own words, who knows, the drill."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kbtui.knowledge import Knowledge
from kbtui.team.drill import ROUND
from tests.helpers import BEN, OPEN_QUESTION, PASSWORD, git, run_kbtui, status, write_files
from tests.tui.entries import DAMAGED, MORE, MUST_READ, READING
from tests.tui.window import Window, window

pytestmark = pytest.mark.usefixtures("person")


def _commit(base: Path, files: object = READING) -> None:
    write_files(base, dict(files))  # type: ignore[call-overload]
    git(base, "add", ".")
    git(base, "commit", "-qm", "more", by=BEN)


async def test_a_must_read_is_acknowledged_in_the_news(base: Path) -> None:
    """F48: by key, for words that were on the screen: the list shows none, so the first k opens it."""
    _commit(base)
    async with window(base) as it:
        await it.told("1 must-read")
        await it.press("ctrl+r")
        await it.on("NewsScreen")
        await it.press("k")
        await it.on("EntryScreen")
        await it.seen("Everybody must read this: k says you have.")
        assert not it.knowledge.has_read(MUST_READ)
        await it.press("k")
        await it.seen("You have read it. Not read yet: Ben Okoro.")
        assert it.knowledge.has_read(MUST_READ)
        await it.press("escape")
        await it.on("NewsScreen")
        await it.seen("How do we greet from Monday on? ✓ read")
        await it.seen("Noted: you have read it")
        await it.press("escape")
        await it.on("HomeScreen")
        await it.settled()
        await it.press("ctrl+r")
        await it.seen("Nothing is new")


async def test_once_it_was_open_the_list_will_do_but_only_for_the_words_that_were_shown(base: Path) -> None:
    _commit(base)
    async with window(base) as it:
        await it.told("1 must-read")
        await it.press("ctrl+r")
        await it.on("NewsScreen")
        await it.press("enter")
        await it.on("EntryScreen")
        await it.settled()
        await it.press("escape")
        await it.on("NewsScreen")
        _commit(base, {MUST_READ: READING[MUST_READ].replace("With our name", "Without our name")})
        await it.press("k")
        await it.seen("It has changed since you opened it.")
        assert not it.knowledge.has_read(MUST_READ)
        await it.press("enter")
        await it.on("EntryScreen")
        await it.seen("Without our name")
        await it.settled()
        await it.press("escape")
        await it.on("NewsScreen")
        await it.press("k")
        await it.seen("✓ read")
        assert it.knowledge.has_read(MUST_READ)


async def test_a_must_read_is_acknowledged_where_it_stands(base: Path) -> None:
    _commit(base)
    async with window(base) as it:
        await it.open(MUST_READ)
        await it.seen("Everybody must read this: k says you have.")
        await it.press("k")
        await it.seen("You have read it.")
    assert "Not read yet: Ben Okoro\n" in run_kbtui("unread", cwd=base).out


async def test_an_ordinary_entry_asks_nobody_to_have_read_it(base: Path) -> None:
    async with window(base) as it:
        await it.open(PASSWORD)
        await it.press("k")
        await it.settled()
        assert "must read" not in it.words
        assert it.knowledge.counts().flags == {}
        assert not it.knowledge.has_read(PASSWORD)


async def test_a_question_is_sent_to_who_may_know(base: Path) -> None:
    """F50: the name, the reason in words; enter sends it, and it is in their news."""
    _commit(base, {"v.md": "---\nid: vouch222\n---\n# Can I pay with two vouchers from this shop?\n\nYes.\n"})
    async with window(base) as it:
        await it.open(OPEN_QUESTION)
        await it.press("o")
        await it.on("ChoiceScreen")
        await it.seen("Ben Okoro answered “Can I pay with two vouchers from this shop?”")
        await it.press("enter")
        await it.seen("Sent to Ben Okoro")
    told = run_kbtui("news", cwd=base, env={"KBTUI_PERSON": str(BEN)}).out
    assert "Ana Kovacs thinks you may know: Can I pay with a voucher from another shop?" in told


async def test_where_nobody_knows_that_is_said(base: Path) -> None:
    async with window(base) as it:
        await it.open(OPEN_QUESTION)
        await it.press("o")
        await it.seen("Nobody has written about anything like this yet.")


async def test_how_ones_own_words_helped(base: Path) -> None:
    """F38, F39: seen by oneself."""
    run_kbtui("edit", "passwd22", "--answer", "Press it and wait for our mail.", cwd=base)
    as_ben = {"KBTUI_PERSON": str(BEN)}
    run_kbtui("used", "passwd22", cwd=base, env=as_ben)
    run_kbtui("thank", "passwd22", "that", "was", "quick", cwd=base, env=as_ben)
    async with window(base) as it:
        await it.press("f7")
        await it.on("TextScreen")
        assert "Your answers helped 1 call of your colleagues this week." in it.words
        assert "Ben Okoro: that was quick" in it.words
        assert "How do I reset my password? you improved it · helped once" in it.words


# Drill


async def begin(it: Window) -> None:
    await it.press("f6")
    await it.on("DrillScreen")


async def test_a_round_by_keyboard_alone(base: Path) -> None:
    """F49: think, space, a grade; nothing of it leaves this computer."""
    _commit(base, MORE)
    run_kbtui("used", "passwd22", cwd=base)
    before = git(base, "rev-parse", "HEAD")
    async with window(base) as it:
        await begin(it)
        await it.seen("Refund a damaged parcel, ")
        assert "2 left" in it.status
        await it.press("3")
        await it.settled()
        assert "2 left" in it.status, "no grade before the answer"
        await it.press("space")
        await it.seen("above that: Head of service")
        await it.press("3")
        await it.seen("How do I reset my password?")
        assert "Choose" not in it.words
        await it.press("space", "4")
        await it.seen("You went through 2 questions")
        assert "Nobody else sees how it went." in it.words
        await it.press("escape")
        await it.on("HomeScreen")
        await it.press("f6")
        await it.told("Nothing is due. Come back another day.")
    assert (git(base, "rev-parse", "HEAD"), status(base)) == (before, "")


async def test_what_was_not_known_comes_once_more_in_the_same_round(base: Path) -> None:
    _commit(base, {DAMAGED: MORE[DAMAGED]})
    async with window(base) as it:
        await begin(it)
        await it.press("space", "1")
        await it.seen("Think, then press space.")
        assert "1 left" in it.status
        await it.press("escape")
        await it.told("You went through 1 question; what is left comes next time.")


async def test_a_round_ends_after_five_minutes(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _commit(base, MORE)
    run_kbtui("used", "passwd22", cwd=base)
    async with window(base) as it:
        await begin(it)
        later = it.knowledge.now() + ROUND + dt.timedelta(seconds=1)
        monkeypatch.setattr(Knowledge, "now", lambda _: later)
        it.screen._now = lambda: later  # type: ignore[attr-defined]
        await it.press("space", "3")
        await it.seen("You went through 1 question; what is left comes next time.")


async def test_a_grade_that_cannot_be_kept_is_said_and_the_round_goes_on(base: Path) -> None:
    _commit(base, {DAMAGED: MORE[DAMAGED]})
    async with window(base) as it:
        await begin(it)
        (base / DAMAGED).unlink()
        await it.press("space", "3")
        await it.seen("There is nothing to learn called")
        await it.press("escape")
        await it.on("HomeScreen")
