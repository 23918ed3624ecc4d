"""kill -9 at any point of writing the index leaves one that is usable, or is built anew (SEARCH.md R1, R3, R11)."""

from __future__ import annotations

import os
import random
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from kbtui.knowledge import Knowledge
from tests.helpers import REFUND, found, opened, parts_of, run_kbtui, start_python

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kill -9 is a matter of POSIX")

TIMES = 16


def _kill(base: Path, what: str, after: float) -> None:
    process = start_python("-m", "tests.search.indexing_child", str(base), what)
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"ready\n", process.stderr.read().decode()
        with suppress(subprocess.TimeoutExpired):
            process.wait(after)
        process.kill()
    assert process.returncode == -9, "the process had ended by itself"


@pytest.mark.parametrize("what", ["apply", "rebuild"])
def test_killed_at_random_moments(base: Path, what: str) -> None:
    """SEARCH.md R1: 50 of 50 opened, and the next writer had its lock at once."""
    moments = random.Random(7)  # the same moments each time, as far as a computer allows
    with opened(base):
        pass
    for _ in range(TIMES):
        _kill(base, what, moments.uniform(0.0, 0.25))
        parts = parts_of(base)
        knowledge = Knowledge(parts)
        try:
            assert REFUND in found(knowledge, "refund"), "what was there before is found without any mending"
            started = time.monotonic()
            knowledge.refresh()
            assert time.monotonic() - started < 60, "a lock of the dead process was waited for"
            assert found(knowledge, "how long does a refund take")[0] == REFUND
            assert sorted(card.path.split("/")[0] for card in knowledge.cards()) == sorted(
                path.relative_to(base).parts[0] for path in base.rglob("*.md")
            )
            assert parts.index.verify() == [], "a sound index is called damaged"
        finally:
            parts.index.close()


def test_what_a_killed_rebuild_leaves_is_removed_by_the_next_one(base: Path) -> None:
    """SEARCH.md R13."""
    with opened(base):
        pass
    for _ in range(3):
        _kill(base, "rebuild", 0.05)
    assert run_kbtui("--kb", base, "reindex").status == 0
    (folder,) = (base / ".git" / "kbtui").glob("index-*")
    assert len(list(folder.glob("gen-*"))) == 1
