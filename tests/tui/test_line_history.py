"""Undo and redo in every field of one line, as in the fields of several (F19)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.tui.line_history import LineHistory, difference
from tests.tui.window import Window, window

pytestmark = pytest.mark.usefixtures("person")


@given(st.text("ab ", max_size=8), st.text("ab ", max_size=8))
def test_a_difference_makes_the_one_text_of_the_other(before: str, after: str) -> None:
    first, removed, added = difference(before, after)
    assert before[:first] + removed + before[first + len(removed) :] == before
    assert before[:first] + added + before[first + len(removed) :] == after


@given(st.lists(st.text("ab ", max_size=5), min_size=1, max_size=30))
def test_every_text_comes_back_and_goes_again(texts: list[str]) -> None:
    history, now = LineHistory(), ""
    for text in texts:
        if text != now:
            history.note(now, text)
            now = text
    last, seen = now, [now]
    while (earlier := history.undo(now)) is not None:
        now = earlier
        seen.append(now)
    assert seen[-1] == ""
    again = [now]
    while (later := history.redo(now)) is not None:
        now = later
        again.append(now)
    assert (now, again) == (last, seen[::-1])


def test_what_is_typed_after_an_undo_ends_what_was_undone() -> None:
    history = LineHistory()
    history.note("", "cash")
    assert history.undo("cash") == ""
    history.note("", "card")
    assert history.redo("card") is None
    assert history.undo("card") == ""


async def form(it: Window) -> None:
    """Open an empty form."""
    await it.press("ctrl+n")
    await it.on("CaptureScreen")


async def test_letters_are_taken_back_word_by_word(base: Path) -> None:
    async with window(base) as it:
        await form(it)
        await it.type("do you take cash")
        seen = []
        for _ in range(4):
            await it.press("ctrl+z")
            seen.append(it.field("question"))
        assert seen == ["do you take ", "do you ", "do ", ""]
        await it.press("ctrl+z")
        assert it.field("question") == ""
        await it.press(*["ctrl+y"] * 5)
        assert it.field("question") == "do you take cash"
        await it.type("?")
        assert it.field("question") == "do you take cash?", "the cursor stands where the words came back"


async def test_a_paste_is_one_step_in_a_line(base: Path) -> None:
    async with window(base) as it:
        await form(it)
        await it.type("hi ")
        await it.paste("can I pay\nwith a cheque")
        await it.until(lambda: "cheque" in it.field("question"), "the paste")
        await it.press("ctrl+z")
        assert it.field("question") == "hi "
        await it.press("ctrl+y")
        assert it.field("question") == "hi can I pay with a cheque"


async def test_what_was_deleted_by_one_key_comes_back(base: Path) -> None:
    async with window(base) as it:
        await form(it)
        await it.type("do you take cash")
        await it.press("ctrl+u")
        assert it.field("question") == ""
        await it.press("ctrl+z")
        assert it.field("question") == "do you take cash"


async def test_what_stood_there_from_the_beginning_is_the_first_step(base: Path) -> None:
    async with window(base) as it:
        await it.search("cash")
        await it.press("ctrl+o")
        await it.on("CaptureScreen")
        await it.press("ctrl+z")
        assert it.field("question") == "cash"
        await it.type("?")
        await it.press("ctrl+z", "ctrl+z")
        assert it.field("question") == "cash"


async def test_a_query_that_escape_wiped_away_comes_back(base: Path) -> None:
    async with window(base) as it:
        await it.search("password")
        await it.press("escape")
        assert it.query == ""
        await it.press("ctrl+z")
        assert it.query == "password"


async def test_tags_and_ticket_have_it_too(base: Path) -> None:
    async with window(base) as it:
        await form(it)
        for name in ("tags", "ticket"):
            it.screen.query_one(f"#{name}").focus()
            await it.settled()
            assert it.focus == name
            await it.type("xyz")
            await it.press("ctrl+z")
            assert it.field(name) == ""
            await it.press("ctrl+y")
            assert it.field(name) == "xyz"


async def test_a_mask_is_one_step(base: Path) -> None:
    async with window(base) as it:
        await form(it)
        await it.type("mail jo.bloggs@gmail.com")
        await it.seen("e-mail address")
        await it.press("ctrl+g")
        await it.until(lambda: "bloggs" not in it.field("question"), "the mask")
        await it.press("ctrl+z")
        assert it.field("question") == "mail jo.bloggs@gmail.com"


async def test_one_undo_takes_back_a_paste_of_two_hundred_lines(base: Path) -> None:
    lines = "\n".join(f"{number}. step" for number in range(200))
    async with window(base) as it:
        await form(it)
        await it.type("cash")
        await it.press("tab")
        await it.type("Before.")
        await it.paste(lines)
        await it.until(lambda: it.field("answer") == f"Before.{lines}", "the paste")
        await it.press("ctrl+z")
        assert it.field("answer") == "Before."
        await it.press("ctrl+y")
        assert it.field("answer") == f"Before.{lines}"
