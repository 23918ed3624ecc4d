"""A day's work compressed: nothing that the program opens stays open, and it gets no fatter.

The suite does a 25th of it, KBTUI_SOAK=1 the whole; `python -m benchmarks.soak` prints what was held.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.e2e.soak import MORE_DESCRIPTORS, MORE_THREADS, Held, Work, growth, held, in_library, on_screen
from tests.e2e.terminal import ctrl, terminal
from tests.helpers import ANA, git, opened, run_git, status

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="what a process holds is read from /proc")

SHARE = max(1, int(os.environ.get("KBTUI_SOAK", "25")))
"""What part of the work is done: all of it, or one in so many."""

MEMORY = 24 * 1024 * 1024
"""Bytes that the second half may take more than the first; the figures of a whole run are in docs/reliability.md."""


def assert_flat(looks: list[Held]) -> None:
    more = growth(looks)
    assert more.descriptors <= MORE_DESCRIPTORS, looks
    assert more.threads <= MORE_THREADS, looks
    assert more.memory <= MEMORY, looks
    assert looks[-1].children <= looks[0].children, looks


def saves(base: Path) -> int:
    """Return how many commits hold a save; events come in commits of their own."""
    return int(git(base, "rev-list", "--count", "--grep=Kb-Save-Id", "HEAD"))


def test_many_searches_and_saves_leave_nothing_behind_in_the_library(base: Path, person: object) -> None:
    """FAULTS 79: https://github.com/gitpython-developers/GitPython/issues/718."""
    work, before = Work(searches=5_000 // SHARE, saves=300 // SHARE), saves(base)
    with opened(base) as knowledge:
        assert_flat(in_library(knowledge, work))
    assert saves(base) == before + work.saves
    assert status(base) == ""
    assert run_git(base, "fsck").returncode == 0


def test_many_searches_and_saves_leave_nothing_behind_on_the_screen(base: Path) -> None:
    """FAULTS 79: https://github.com/packit/packit/pull/1384."""
    work, before = Work(searches=1_000 // SHARE, saves=150 // SHARE), saves(base)
    with opened(base) as knowledge:
        questions = [card.question for card in knowledge.cards()]
    with terminal(base, env={"KBTUI_PERSON": str(ANA)}) as it:
        it.see("5 entries")
        assert_flat(on_screen(it, questions, work))
        it.send(ctrl("q"))
        assert it.end() == 0
    assert saves(base) == before + work.saves
    assert status(base) == ""


def test_what_stays_open_is_seen() -> None:
    """The looks themselves: a file, a thread's worth of memory and a child that stay are counted."""
    before = held(os.getpid(), 0, 0)
    with Path("/dev/null").open() as _, Path("/dev/null").open() as _:
        after = held(os.getpid(), 0, 0)
    assert after.descriptors == before.descriptors + 2
    looks = [before] * 6 + [after] * 4
    assert growth(looks).descriptors == 2
