"""Writing on in one's own editor, from the form (F19)."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from textual.app import App

from kbtui.tui import capture_form
from tests.helpers import parts_of
from tests.tui.window import Window, window

pytestmark = pytest.mark.usefixtures("person")

Editor = Callable[[str], None]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the window stand on a terminal that it can give away; tests/e2e has a real one."""
    monkeypatch.setattr(App, "suspend", lambda _: nullcontext())


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Editor:
    """Return a function that makes Python code, with the file's path as `file`, the person's editor."""

    def make(code: str) -> None:
        script = tmp_path / "editor.py"
        script.write_text(f"import sys, pathlib\nfile = pathlib.Path(sys.argv[1])\n{code}\n", "utf-8")
        monkeypatch.setenv("EDITOR", f"{shlex.quote(sys.executable)} {shlex.quote(str(script))}")

    return make


async def begin(it: Window, answer: str) -> None:
    """Open the form with an answer typed."""
    await it.search("cash")
    await it.press("ctrl+n")
    await it.on("CaptureScreen")
    await it.type(answer)


async def test_what_the_editor_makes_of_the_answer_lands_in_it(base: Path, terminal: None, editor: Editor) -> None:
    editor("file.write_bytes(file.read_bytes().upper() + b'\\r\\nand more\\n')")
    async with window(base) as it:
        await begin(it, "only in our shops")
        await it.press("f4")
        await it.until(lambda: it.field("answer") == "ONLY IN OUR SHOPS\nand more", "the editor's text")
        await it.press("ctrl+z")
        assert it.field("answer") == "only in our shops", "one undo takes the editor's work back"
        await it.press("ctrl+y", "ctrl+s")
        await it.told("Saved: cash")


async def test_the_text_that_has_the_focus_is_the_one(base: Path, terminal: None, editor: Editor) -> None:
    editor("file.write_text(file.read_text() + '!')")
    async with window(base) as it:
        await begin(it, "only in our shops")
        await it.press("tab")
        await it.type("the drivers carry no change")
        await it.press("f4")
        await it.until(lambda: it.field("internal-notes") == "the drivers carry no change!", "the editor's text")
        assert it.field("answer") == "only in our shops"
        await it.press("tab", "f4")
        await it.until(lambda: it.field("answer") == "only in our shops!", "from a field of one line, the answer")


async def test_letters_typed_right_before_the_key_are_in_the_editor(base: Path, terminal: None, editor: Editor) -> None:
    editor("file.write_text(file.read_text() + '!')")
    async with window(base) as it:
        await begin(it, "only")
        it.strike(*" in shops", "f4")
        await it.until(lambda: it.field("answer") == "only in shops!", "every letter")


async def test_what_is_typed_is_on_the_disk_before_the_editor_opens(
    base: Path, terminal: None, editor: Editor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window writes nothing while the editor has the terminal."""
    monkeypatch.setattr(capture_form, "_AUTOSAVE", 3_600.0)
    drafts, seen = parts_of(base).state / "drafts", tmp_path / "seen"
    found = f"[each.read_text() for each in pathlib.Path({str(drafts)!r}).iterdir()]"
    editor(f"pathlib.Path({str(seen)!r}).write_text(''.join({found}))")
    async with window(base) as it:
        await begin(it, "only in our shops")
        await it.press("f4")
        await it.until(seen.exists, "the editor to have run")
    assert "only in our shops" in seen.read_text("utf-8")


async def test_escape_sequences_from_the_editor_do_not_reach_the_field(
    base: Path, terminal: None, editor: Editor
) -> None:
    editor("file.write_bytes(b'red \\x1b[31mcash \\xff')")
    async with window(base) as it:
        await begin(it, "cash")
        await it.press("f4")
        await it.until(lambda: it.field("answer").startswith("red"), "the editor's text")
        assert "\x1b" not in it.field("answer")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("sys.exit(3)", "The editor ended with an error; nothing was changed."),
        ("file.unlink()", "The editor's file cannot be written or read"),
    ],
)
async def test_an_editor_that_fails_changes_nothing(
    base: Path, terminal: None, editor: Editor, code: str, said: str
) -> None:
    editor(code)
    async with window(base) as it:
        await begin(it, "only in our shops")
        await it.press("f4")
        await it.seen(said)
        assert it.field("answer") == "only in our shops"
        await it.type(".")
        assert it.field("answer") == "only in our shops."


async def test_an_editor_that_is_not_there_is_named(
    base: Path, terminal: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "no-such-editor")
    async with window(base) as it:
        await begin(it, "cash")
        await it.press("f4")
        await it.seen("The editor 'no-such-editor' cannot be started. Set EDITOR to one that is installed.")


async def test_without_a_terminal_the_key_says_so(base: Path, editor: Editor) -> None:
    """In a browser, for example; the window of these tests has none either."""
    editor("file.write_text('never')")
    async with window(base) as it:
        await begin(it, "cash")
        await it.press("f4")
        await it.seen("Your own editor cannot be opened here: this window is no terminal.")
        assert it.field("answer") == "cash"


async def test_a_card_number_is_not_written_to_the_disk_for_an_editor(
    base: Path, terminal: None, editor: Editor
) -> None:
    """F18: before anything reaches the disk."""
    editor("file.write_text('never')")
    async with window(base) as it:
        await begin(it, "pay with 4111 1111 1111 1111")
        await it.press("f4")
        await it.seen("An editor would write this card number to the disk.")
        assert it.field("answer") == "pay with 4111 1111 1111 1111"
