"""What the program does to the terminal itself: at the start, at the end, and with hostile words (FAULTS 72)."""

from __future__ import annotations

from pathlib import Path

from kbtui.errors import ExitCode
from tests.e2e.terminal import DOWN, ENTER, TAB, commands_in, ctrl, terminal, without_textuals_own
from tests.helpers import git, write_files
from tests.tui.hostile import BROKEN, COMMANDS, ENTRY, HOSTILE
from tests.tui.window import odd_characters

ANA = {"KBTUI_PERSON": "Ana Kovacs <ana@example.com>"}
PASTED = COMMANDS.replace("\x00", "").replace("\x1b\\", "")


def assert_only_pictures(written: bytes) -> None:
    """Assert that a program wrote colours, cursor moves and words, and nothing a terminal acts upon."""
    written = without_textuals_own(written)
    assert b"\x1b]52" not in written, "a clipboard write reached the terminal"
    assert b"\x1b]8" not in written, "a link reached the terminal"
    assert commands_in(written) == []
    text = written.decode("utf-8")
    for payload in ("\x1b[31;5m", "\x1b[2J\x1b[1;1H", "\x1bP+q", "\x9b", "\x9d", "\x90", "\x07", "\x85"):
        assert payload not in text, f"{payload!r} of an entry reached the terminal"
    assert odd_characters(text.replace("\x1b", "").replace("\r", "")) == set()


def test_a_folder_that_is_no_base_is_one_sentence_and_exit_code_3(tmp_path: Path) -> None:
    with terminal(None, folder=tmp_path) as it:
        assert it.end() == 3
        said = it.written.decode("utf-8")
        assert "There is no knowledge base here." in said
        assert "kbtui demo" in said
        assert "Traceback" not in said
        assert len(said.splitlines()) <= 3
        assert b"\x1b" not in it.written
        assert it.is_sane()


def test_a_base_named_that_is_none_is_one_sentence_and_exit_code_3(tmp_path: Path) -> None:
    with terminal(tmp_path / "[/] nowhere") as it:
        assert it.end() == ExitCode.NO_BASE
        assert "is no knowledge base" in it.written.decode("utf-8")
        assert b"Traceback" not in it.written
        assert b"\x1b" not in it.written


def test_a_damaged_kb_toml_is_one_sentence_and_exit_code_3(base: Path) -> None:
    (base / "kb.toml").write_text("name = [", "ascii")
    with terminal(base) as it:
        assert it.end() == ExitCode.NO_BASE
        said = it.written.decode("utf-8")
        assert "kb.toml" in said
        assert "Traceback" not in said
        assert it.is_sane()


BREAKING_DOWN = """
import kbtui.tui.home
def break_down(self):
    raise RuntimeError("nobody foresaw this")
kbtui.tui.home.HomeScreen.action_clear = break_down
from kbtui.__main__ import main
main()
"""


def test_a_breakdown_is_no_success_and_leaves_a_sentence_and_a_sane_terminal(base: Path) -> None:
    """A failed command never exits 0, and a person never sees a traceback."""
    with terminal(base, program=("-c", BREAKING_DOWN)) as it:
        it.see("5 entries")
        it.send("\x1b")
        status = it.end()
        assert it.is_sane()
        after = it.written.rpartition(b"\x1b[?1049l")[2].decode("utf-8")
        assert status != 0, "a breakdown ends with exit code 0"
        assert "Traceback" not in after


def test_the_terminal_is_left_as_it_was(base: Path) -> None:
    with terminal(base) as it:
        it.see("5 entries")
        it.send(ctrl("q"))
        assert it.end() == 0
        assert it.is_sane()
        assert_only_pictures(it.written)


def test_hostile_entries_reach_the_terminal_as_words_only(base: Path) -> None:
    write_files(base, {HOSTILE: ENTRY, "questions/not-an-entry-brokenxx.md": BROKEN})
    (base / "kb.toml").write_text('name = "[/] \\u001b]52;c;aGk=\\u0007 \\u202ebase"\n', "utf-8")
    git(base, "-c", "user.name=[/]\x1b]52;c;aGk=\x07Eve", "add", ".")
    git(base, "commit", "-m", "x", env={"GIT_AUTHOR_NAME": "[/] \x1b]52;c;aGk=\x07Eve\u202e"})
    with terminal(base, env=ANA) as it:
        it.see("7 entries")
        it.see("hostile question")
        it.type("unreadable", seen="1 of 1")
        it.send(ENTER)
        it.see("brokenxx")
        it.send(ctrl("l"))
        it.see("^n New entry")
        it.quiet()
        it.send("\x1b")
        it.see("What does the caller ask?")
        it.type("hostile question", seen="up to 50 currency here")
        it.send(ENTER)
        it.see("Who may decide")
        for _ in range(12):
            it.send("\x1b[6~")
            it.quiet(0.1)
        it.see("Eve")
        it.send("h")
        it.see("Eve wrote this entry")
        it.send("\x1b")
        it.gone("Eve wrote this entry")
        it.send("e")
        it.see("Tags, with commas")
        it.send("Hello. " + TAB + TAB + DOWN)
        it.quiet()
        it.send(ctrl("s"))
        it.see("Saved: hostile question")
        it.quiet()
        it.send(ctrl("q"))
        assert it.end() == 0
        assert it.is_sane()
        assert_only_pictures(it.written)


def test_hostile_words_pasted_reach_the_terminal_as_words_only(base: Path) -> None:
    """A mail from a customer is pasted into the query line and into the form."""
    with terminal(base, env=ANA) as it:
        it.see("5 entries")
        it.paste(f"zeppelin {PASTED} end")
        it.see("Nobody has written")
        it.quiet()
        it.send(ctrl("n"))
        it.see("Say this to the caller")
        it.paste(f"first {PASTED} last")
        it.see("first")
        it.quiet()
        it.send(ctrl("q"))
        assert it.end() == 0
        assert_only_pictures(it.written)
