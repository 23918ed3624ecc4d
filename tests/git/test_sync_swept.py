"""A sync killed at one moment after the other: after each call of git, and before each change of a file.

The process is really killed, so that nothing of it runs any more. Whoever starts again shares
as if nothing had been. Every moment is tried with KBTUI_SWEEP=1, as in `test_sweep`; otherwise ten of each kind.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from kbtui.entry.model import EntryChange
from tests.git.test_sweep import STEP
from tests.helpers import ANA, BEN, PASSWORD, REFUND, git, in_head, opened, run_git, run_python, status, write_files
from tests.team_of import in_order, member, remote_of

NEW = "topic/new-file.md"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="kill -9 is a matter of POSIX")


@pytest.fixture
def prepared(base: Path, tmp_path: Path, person: object) -> Path:
    """Return a folder with a remote and with Ana's clone: both have words that the other lacks, some in one entry."""
    top = tmp_path / "prepared"
    top.mkdir()
    remote = remote_of(base, top / "remote.git")
    ana, ben = member(ANA, top, remote), member(BEN, tmp_path, remote)
    ben.change(REFUND, EntryChange(answer="Seven days.", internal="Ben knows."))
    ben.change(PASSWORD, EntryChange(answer="Ask Ben."))
    write_files(ben.root, {NEW: "# What is in the new file?\n\nBen's words.\n"})
    ben.commit()
    ben.ask("What is new at Ben's?")
    assert ben.sync().outcome == "shared"
    with opened(ana.root) as knowledge:
        knowledge.change(
            REFUND, EntryChange(tags=("refunds", "days"), answer="Nine days."), knowledge.opened(REFUND)[1]
        )
        knowledge.ask("What is new at Ana's?")
    return top


def _copied(prepared: Path, to: Path) -> Path:
    """Return Ana's clone in a copy of everything; she has noted a use, which waits."""
    shutil.copytree(prepared, to)
    git(to / "ana", "config", "remote.origin.url", str(to / "remote.git"))
    with opened(to / "ana") as knowledge:
        knowledge.used(REFUND)
    return to / "ana"


def _run(root: Path, what: str, last: int) -> tuple[int, str]:
    ended = run_python("-m", "tests.git.sweep_child", str(root), "sync", what, str(last))
    assert "Traceback" not in ended.stderr, ended.stderr
    return ended.returncode, ended.stdout.strip()


def _shares_again(root: Path) -> None:
    """Start again, share, and look whether everything is as if nobody had been killed."""
    remote = root.parent / "remote.git"
    with opened(root) as knowledge:
        knowledge.recover()
        assert (knowledge.sync().outcome, knowledge.sync().outcome) == ("shared", "shared")
        assert knowledge.counts().used == {"refund22": 1}
        assert knowledge.sync_status().waiting == 0
        assert knowledge.get(REFUND).tags == ("refunds", "days")
    assert git(root, "rev-parse", "HEAD") == git(remote, "rev-parse", "main")
    assert git(remote, "rev-list", "--count", "--merges", "main") == "1"
    there = git(remote, "grep", "-h", "-e", "days\\.", "-e", "new at", "-e", "Ben knows", "main")
    assert all(words in there for words in ("Seven days.", "Nine days.", "new at Ana's", "new at Ben's", "Ben knows."))
    assert in_head(remote, REFUND) == (root / REFUND).read_bytes()
    assert run_git(remote, "fsck", "--strict").returncode == 0
    in_order(root)


MINE = b"# What is in the new file?\n\nAna's words.\n"


def _works(root: Path) -> bytes:
    """Leave work in the way: a file git does not know, and an entry that is changed and not committed."""
    write_files(root, {NEW: MINE, PASSWORD: (root / PASSWORD).read_bytes() + b"\nHalf a thought.\n"})
    return (root / PASSWORD).read_bytes()


def _shares_around(root: Path, half: bytes, *, commits_first: bool) -> None:
    """Start again and share; commit what is in the way, before it or after it, and share that as well."""
    remote = root.parent / "remote.git"
    assert ((root / NEW).read_bytes(), (root / PASSWORD).read_bytes()) == (MINE, half)
    with opened(root) as knowledge:
        knowledge.recover()
        if not commits_first:
            assert set(knowledge.sync().in_the_way) == {NEW, PASSWORD}
            assert ((root / NEW).read_bytes(), (root / PASSWORD).read_bytes()) == (MINE, half)
            assert set(status(root).split("\n")) == {f" M {NEW}", f" M {PASSWORD}"}
            assert git(root, "rev-parse", "HEAD") == git(remote, "rev-parse", "main")
            assert b"Ask Ben." in (in_head(remote, PASSWORD) or b"")
        git(root, "commit", "-qm", "By hand", "--", *_known(root, NEW, PASSWORD))
        shared = [knowledge.sync() for _ in range(3)]
        assert [each.reason for each in shared] == ["", "", ""]
        assert shared[2].sent == shared[2].received == 0
    assert git(root, "rev-parse", "HEAD") == git(remote, "rev-parse", "main")
    there = git(remote, "grep", "-h", "-e", "words\\.", "-e", "Half a", "-e", "Ask Ben", "-e", "new at", "main")
    for words in ("Ben's words.", "Ana's words.", "Half a thought.", "Ask Ben.", "new at Ana's", "new at Ben's"):
        assert words in there
    in_order(root)


def _known(root: Path, *paths: str) -> tuple[str, ...]:
    git(root, "add", *paths)
    return paths


@pytest.mark.parametrize("what", ["git", "file"])
def test_killed_with_work_in_the_way(prepared: Path, tmp_path: Path, what: str) -> None:
    """FAULTS S2, 20: https://github.com/gitgitgadget/git/issues/759."""
    first = _copied(prepared, tmp_path / "rehearsal")
    _works(first)
    ended, moments = _run(first, what, 0)
    assert (ended, int(moments) > 20) == (0, True)
    step = 1 if STEP == 1 else int(moments) // 10
    for last in range(1, int(moments) + 1, step):
        root = _copied(prepared, tmp_path / f"killed-{last}")
        half = _works(root)
        ended, _ = _run(root, what, last)
        assert ended == -9, f"the process did not come to moment {last} of {moments}"
        _shares_around(root, half, commits_first=last // step % 2 == 1)
        shutil.rmtree(root.parent)


@pytest.mark.parametrize("what", ["git", "file"])
def test_killed_at_one_moment_after_the_other(prepared: Path, tmp_path: Path, what: str) -> None:
    """FAULTS 2, 30, S8: https://git-scm.com/docs/git-push#_output."""
    status, moments = _run(_copied(prepared, tmp_path / "rehearsal"), what, 0)
    assert (status, int(moments) > 20) == (0, True)
    step = 1 if STEP == 1 else int(moments) // 10
    for last in range(1, int(moments) + 1, step):
        root = _copied(prepared, tmp_path / f"killed-{last}")
        status, _ = _run(root, what, last)
        assert status == -9, f"the process did not come to moment {last} of {moments}"
        _shares_again(root)
        shutil.rmtree(root.parent)
