"""The window on a base whose index is built beside it: it can be used, left and killed meanwhile."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from tests.e2e.terminal import ctrl, terminal
from tests.helpers import eventually, parts_of, running, write_files

MANY = 250


@pytest.fixture
def large(base: Path) -> Path:
    """Return a base large enough for a process of its own, without an index."""
    write_files(base, {f"many/number-{n}.md": f"# Where is parcel {n}?\n\nOn its way.\n" for n in range(MANY)})
    shutil.rmtree(_folder(base), ignore_errors=True)
    return base


def _folder(base: Path) -> Path:
    return parts_of(base).index._folder


def _is_running(base: Path) -> bool:
    return running(f"kbtui.indexing rebuild {base}", sys.executable)


def test_what_was_typed_meanwhile_is_answered_in_the_end(large: Path) -> None:
    lock = FileLock(_folder(large) / "lock")
    lock.acquire()
    with terminal(large) as it:
        eventually(lambda: _is_running(large), "the index is built beside")
        it.type("where is parcel 77", seen="where is parcel 77")
        lock.release()
        it.see("On its way.")
        it.see(f"{MANY + 5} entries")
    assert not _is_running(large)


def test_leaving_meanwhile_ends_it(large: Path) -> None:
    with FileLock(_folder(large) / "lock"), terminal(large) as it:
        eventually(lambda: _is_running(large), "the index is built beside")
        it.send(ctrl("q"))
        assert it.end() == 0
        assert not _is_running(large)
    with terminal(large) as it:
        it.see(f"{MANY + 5} entries")


def test_a_window_that_is_killed_leaves_no_process(large: Path) -> None:
    with FileLock(_folder(large) / "lock"), terminal(large) as it:
        eventually(lambda: _is_running(large), "the index is built beside")
        it.kill()
        eventually(lambda: not _is_running(large), "the process has ended")
    with terminal(large) as it:
        it.see(f"{MANY + 5} entries")
