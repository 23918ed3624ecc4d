"""A laptop whose lid is closed in the middle of a word, and opened again (FAULTS S9)."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from kbtui.tui.capture_form import _AUTOSAVE
from tests.e2e.terminal import ctrl, terminal
from tests.helpers import ANA, commits, parts_of

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="whether a process sleeps is in /proc")

MISSED = 8
"""Looks at what is typed that the program sleeps through."""

NOTING_LOOKS = """
import os
from textual.drivers.linux_driver import LinuxDriver
from kbtui.__main__ import main
from kbtui.tui.capture_form import CaptureScreen

LinuxDriver._sigcont_application = lambda self, *_: None  # a laptop that wakes up sends no signal
keep = CaptureScreen._keep

def noted(self):
    with open(os.environ["LOOKS"], "a") as file:
        file.write("x")
    keep(self)

CaptureScreen._keep = noted
main()
"""


def test_missed_looks_are_not_made_up_for_and_the_words_go_on(base: Path, tmp_path: Path) -> None:
    """FAULTS S9, one look when it wakes, not one per missed tick: https://github.com/jesseduffield/lazygit/pull/2789."""
    looks = tmp_path / "looks"
    env = {"KBTUI_PERSON": str(ANA), "LOOKS": str(looks)}
    with terminal(base, env=env, program=("-c", NOTING_LOOKS)) as it:
        it.see("5 entries")
        it.send(ctrl("n"))
        it.see("Question, in the caller's words")
        it.type("Do you take cash")
        it.until(lambda: parts_of(base).drafts.all(), "the draft")
        os.kill(it.pid, signal.SIGSTOP)
        it.until(lambda: " T " in Path(f"/proc/{it.pid}/stat").read_text(), "the program to sleep")
        fell_asleep, before = time.monotonic(), looks.stat().st_size
        it.until(lambda: time.monotonic() - fell_asleep > MISSED * _AUTOSAVE, "some looks to be missed")
        it.send(" or cheques?")
        woke = time.monotonic()
        os.kill(it.pid, signal.SIGCONT)
        it.until(lambda: "cheques" in parts_of(base).drafts.all()[0].question, "what was typed meanwhile to be kept")
        it.see("Do you take cash or cheques?")
        due = (time.monotonic() - woke) / _AUTOSAVE + 2
        assert looks.stat().st_size - before <= due, "looks that were slept through have been made up for"
        it.send(ctrl("s"))
        it.see("Saved: Do you take cash or cheques?")
        it.send(ctrl("q"))
        assert it.end() == 0
    assert commits(base) == 2
