"""A window that is closed, and a system that shuts down: what stood in the form is there (FAULTS 1)."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

import pytest

from kbtui.store.drafts import Draft
from tests.e2e.terminal import PATIENCE, Terminal, ctrl, terminal
from tests.helpers import ANA, parts_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a Windows console sends no signals")

WORDS = "Ten euro, and keep the receipt"


def write_an_answer(it: Terminal) -> None:
    """Have words on the screen, the last of them new."""
    it.see("5 entries")
    it.type("zeppelin", seen="Nobody has written")
    it.send(ctrl("n"))
    it.see("Say this to the caller")
    it.type(WORDS[:-1])
    it.quiet(0.7)
    it.type(WORDS[-1], seen=WORDS)


def kept(base: Path) -> Draft:
    """The one draft that is left behind."""
    (draft,) = parts_of(base).drafts.all()
    return draft


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_ends_the_program_in_order_and_every_word_that_was_seen_is_kept(base: Path, name: str) -> None:
    number = getattr(signal, name)
    with terminal(base, env={"KBTUI_PERSON": str(ANA)}) as it:
        write_an_answer(it)
        it.end_by(number)
        assert it.end() == 128 + number
        assert it.is_sane()
    assert (kept(base).question, kept(base).answer) == ("zeppelin", WORDS)


def test_a_window_that_is_closed_costs_no_word_that_was_seen(base: Path) -> None:
    with terminal(base, env={"KBTUI_PERSON": str(ANA)}) as it:
        write_an_answer(it)
        assert it.hang_up() == 128 + signal.SIGHUP
    assert (kept(base).question, kept(base).answer) == ("zeppelin", WORDS)


@pytest.mark.parametrize("ignores", ["", "signal.signal(signal.SIGHUP, signal.SIG_IGN); "])
def test_a_window_with_a_shell_in_it_is_closed(base: Path, ignores: str) -> None:
    """What started the program ends first, and hands the signal on; or it does neither (nohup), and says nothing."""
    shell = f"import signal, subprocess, sys; {ignores}subprocess.run([sys.executable, '-m', 'kbtui', *sys.argv[1:]])"
    with terminal(base, env={"KBTUI_PERSON": str(ANA)}, program=("-c", shell)) as it:
        write_an_answer(it)
        it.hang_up()
    give_up = time.monotonic() + PATIENCE
    while kept(base).answer != WORDS:
        assert time.monotonic() < give_up, "the words are not kept"
        time.sleep(0.05)
