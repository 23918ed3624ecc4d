"""One's own editor has the terminal to itself, and gives it back (F19)."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from tests.e2e.terminal import ENTER, ctrl, terminal
from tests.helpers import found, opened

_F4 = "\x1bOS"

_EDITOR = """
import pathlib, sys
file = pathlib.Path(sys.argv[1])
added = input("what else? ")
file.write_text(file.read_text() + added + "\\n")
"""


def test_an_editor_gets_the_terminal_and_the_form_gets_the_words(base: Path, tmp_path: Path) -> None:
    script = tmp_path / "editor.py"
    script.write_text(_EDITOR, "ascii")
    editor = f"{shlex.quote(sys.executable)} {shlex.quote(str(script))}"
    with terminal(base, env={"KBTUI_PERSON": "Ana Kovacs <ana@example.com>", "EDITOR": editor}) as it:
        it.see("5 entries")
        it.type("cash")
        it.send(ctrl("n"))
        it.see("Say this to the caller")
        it.type("Only in our shops")
        it.send(_F4)
        it.see("what else?")
        it.type(", never at the door.")
        it.send(ENTER)
        it.see("Only in our shops, never at the door.")
        it.type(" Sorry.", "door. Sorry.")
        it.send(ctrl("s"))
        it.see("Saved: cash")
        it.send(ctrl("q"))
        assert it.end() == 0
        assert it.is_sane()
    with opened(base) as knowledge:
        assert knowledge.get(found(knowledge, "cash")[0]).answer == "Only in our shops, never at the door. Sorry."


def test_an_editor_that_fails_gives_the_terminal_back_too(base: Path) -> None:
    with terminal(base, env={"EDITOR": f"{shlex.quote(sys.executable)} -c 'raise SystemExit(3)'"}) as it:
        it.see("5 entries")
        it.send(ctrl("n"))
        it.see("Say this to the caller")
        it.type("cash")
        it.send(_F4)
        it.see("The editor ended with an error; nothing was changed.")
        it.type("less", "cashless")
        it.send(ctrl("q"))
        assert it.end() == 0
        assert it.is_sane()
