"""A command that is suggested does what it says when it is copied into a shell, whatever a caller has said."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.helpers import ANA, REFUND, run_kbtui

AS_ANA = {"KBTUI_PERSON": str(ANA)}
SAID = [
    "my cash back",
    "it's my cash, isn't it",
    "--json",
    "--help me get it back",
    "-hold music instead of cash",
    "-20 % of $HOME",
    'the "cash" `back`; now',
    "*",
]


def _as_a_shell_takes_it(line: str) -> list[str]:
    words = subprocess.run(
        ["/bin/sh", "-c", f"set -f; printf '%s\\0' {line}"], capture_output=True, check=True
    ).stdout.decode()
    return words.split("\0")[:-1]


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell")
@pytest.mark.parametrize("said", SAID)
def test_searched_words_that_are_offered_can_be_copied(base: Path, said: str) -> None:
    used = run_kbtui("used", "refund22", f"--query={said}", cwd=base, env=AS_ANA)
    kbtui, *words = _as_a_shell_takes_it(used.out.splitlines()[1].partition("Add them: ")[2])
    assert kbtui == "kbtui"
    added = run_kbtui(*words, cwd=base, env=AS_ANA)
    assert added.out.startswith("Saved: "), added.err
    assert said in run_kbtui("show", REFUND, "--json", cwd=base).json["entry"]["asked_as"]


@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell")
@pytest.mark.parametrize("said", ["can't find zebras", "--zebra", "-zebra -help"])
def test_words_that_found_nothing_can_be_asked(base: Path, said: str) -> None:
    """It said `kbtui ask can't find zebras`, which no shell takes."""
    found = run_kbtui("search", "--", said, cwd=base, env=AS_ANA)
    _, *words = _as_a_shell_takes_it(found.out.splitlines()[1].partition("with: ")[2])
    asked = run_kbtui(*words, cwd=base, env=AS_ANA)
    assert asked.out.startswith(f"Saved: {said}"), asked.err
