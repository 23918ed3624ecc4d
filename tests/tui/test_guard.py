"""The guard in the form: at once, with a key to mask, and no card number on the disk (F18)."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui.store.drafts import Draft
from tests.helpers import REFUND, git, write_files
from tests.tui.window import Window, window

pytestmark = pytest.mark.usefixtures("person")

CARD = "4111 1111 1111 1111"
MASKED = "411111xxxxxx1111"
ADDRESS = "jo.bloggs@gmail.com"


async def begin(it: Window, question: str) -> None:
    await it.search(question)
    await it.press("ctrl+n")
    await it.on("CaptureScreen")


def on_disk(it: Window) -> str:
    """Return every draft as it lies on the disk."""
    folder = it.knowledge.trouble_log.parent / "drafts"
    return "\n".join(path.read_text() for path in folder.glob("*.json"))


async def test_a_card_number_is_named_at_once_and_masked_by_a_key(base: Path) -> None:
    async with window(base) as it:
        await begin(it, "paid twice")
        assert "Mask" not in it.picture
        await it.type(f"He paid with\n{CARD} in May")
        await it.seen(f"The answer, line 2, holds what looks like a card number ({MASKED}). ctrl+g masks it.")
        await it.press("ctrl+g")
        await it.until(lambda: it.field("answer") == f"He paid with\n{MASKED} in May", "the mask")
        await it.until(lambda: "card number" not in it.words, "the warning to go")
        await it.press("ctrl+s")
        await it.told("Saved: paid twice")
        assert "Kb-Guard" not in git(base, "log", "-1", "--format=%B")


async def test_a_pasted_card_number_is_named(base: Path) -> None:
    async with window(base) as it:
        await begin(it, "paid twice")
        await it.paste(f"He paid with {CARD}\r\nin May")
        await it.seen("The answer, line 1, holds what looks like a card number")


async def test_a_card_number_is_not_saved_however_often_it_is_tried(base: Path) -> None:
    async with window(base) as it:
        await begin(it, "paid twice")
        await it.type(CARD)
        for _ in range(3):
            await it.press("ctrl+s")
            await it.seen("Not saved: the answer, line 1, holds what looks like a card number")
            assert it.screen_name == "CaptureScreen"
        await it.press("ctrl+g", "ctrl+s")
        await it.told("Saved: paid twice")


async def test_an_address_is_saved_on_the_second_wish_and_recorded(base: Path) -> None:
    async with window(base) as it:
        await begin(it, "whom to write to")
        await it.type(ADDRESS)
        await it.press("ctrl+s")
        await it.seen("Not saved: the answer, line 1, holds what looks like an e-mail address.")
        await it.press("ctrl+s")
        await it.told("Saved: whom to write to")
        saved = git(base, "log", "-1", "--grep=Kb-Save-Id", "--format=%(trailers:key=Kb-Guard,valueonly)")
        assert saved.strip() == "email"


async def test_what_is_typed_after_the_question_is_asked_about_again(base: Path) -> None:
    async with window(base) as it:
        await begin(it, "whom to write to")
        await it.type(ADDRESS)
        await it.press("ctrl+s")
        await it.seen("Not saved:")
        await it.type(" or al.smith@gmail.com")
        await it.press("ctrl+s")
        assert it.screen_name == "CaptureScreen"


async def test_what_stood_there_before_is_not_asked_about(base: Path) -> None:
    text = (base / REFUND).read_text() + f"\nWrite to {ADDRESS}.\n"
    write_files(base, {REFUND: text})
    git(base, "commit", "--quiet", "--all", "--message", "by hand")
    async with window(base) as it:
        await it.open(REFUND)
        await it.press("e")
        await it.on("CaptureScreen")
        await it.fill(answer="Four working days.")
        await it.press("ctrl+s")
        await it.told("Saved: How long does a refund take?")


async def test_a_draft_on_the_disk_holds_no_card_number(base: Path) -> None:
    async with window(base) as it:
        await begin(it, "paid twice")
        await it.type(f"{CARD} was it")
        await it.until(lambda: MASKED in on_disk(it), "the draft")
        await it.seen("kept as you type, the card number masked")
        assert it.field("answer") == f"{CARD} was it"
        await it.press("escape")
        await it.on("HomeScreen")
        assert CARD not in on_disk(it)


async def test_a_number_half_typed_is_not_on_the_disk_either(base: Path) -> None:
    """Fifteen digits of sixteen are as good as all: the last one can be worked out."""
    async with window(base) as it:
        await begin(it, "paid twice")
        await it.type("4111 1111 1111 111")
        await it.until(lambda: "411111xxxxx1111" in on_disk(it), "the draft")
        assert it.field("answer") == "4111 1111 1111 111"


async def test_a_draft_that_was_allowed_something_once_is_asked_again(base: Path) -> None:
    async with window(base) as it:
        it.knowledge.drafts.keep(Draft("one", question="who", answer=ADDRESS, changed_at=1.0, allowed="email"))
        await it.press("ctrl+f")
        await it.on("DraftsScreen")
        await it.press("enter")
        await it.on("CaptureScreen")
        await it.press("ctrl+s")
        await it.seen("Not saved:")
