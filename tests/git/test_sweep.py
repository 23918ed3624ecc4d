"""A save, an undo and an archiving, killed at one moment after the other, started again and looked at.

Every moment of git and of the disk is tried with KBTUI_SWEEP=1; otherwise every so many-th, so
that the suite stays quick. What was acknowledged is there once, what was not is as if it had never been begun.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from kbtui.entry.file_format import read
from kbtui.entry.model import EntryChange, State
from tests.git.saves import is_in_peace
from tests.git.sweep_child import DEEDS
from tests.helpers import REFUND, found, in_head, journal_of, opened, run_git, run_python, save_ids

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kill -9 is a matter of POSIX")

STEP = max(1, int(os.environ.get("KBTUI_SWEEP", "4")))
"""How many moments lie between two kills."""


def _prepared(base: Path, person: object) -> Path:
    """Give Ana a change that can be undone."""
    with opened(base) as knowledge:
        knowledge.change(REFUND, EntryChange(answer="Ten days."), knowledge.opened(REFUND)[1])
    return base


def _run(root: Path, deed: str, what: str, last: int) -> tuple[int, str]:
    ended = run_python("-m", "tests.git.sweep_child", str(root), deed, what, str(last))
    assert "Traceback" not in ended.stderr, ended.stderr
    return ended.returncode, ended.stdout.strip()


def _is_done(deed: str, content: bytes) -> bool:
    entry = read(REFUND, content)
    if deed == "archive":
        return entry.declared is State.ARCHIVED and entry.internal.endswith("Nobody asks.")
    return entry.answer.startswith("Twelve days." if deed == "save" else "Five working days")


def _is_kept(root: Path, deed: str, before: bytes, ids: list[str]) -> bool:
    """Start again, and look whether everything is as it should be; return whether the deed is done."""
    is_acknowledged = bool(journal_of(root).pending()) or len(save_ids(root)) > len(ids)
    with opened(root) as knowledge:
        knowledge.recover()
        knowledge.refresh()
        content = in_head(root, REFUND) or b""
        assert content == (root / REFUND).read_bytes()
        assert _is_done(deed, content) == is_acknowledged
        assert is_acknowledged or content == before
        assert knowledge.get(REFUND).answer == read(REFUND, content).answer
        assert REFUND in found(knowledge, "refund")
    assert len(save_ids(root)) == len(set(save_ids(root))) == len(ids) + is_acknowledged
    assert is_in_peace(root)
    return is_acknowledged


@pytest.mark.parametrize("what", ["git", "file"])
@pytest.mark.parametrize("deed", DEEDS)
def test_killed_at_one_moment_after_the_other(base: Path, tmp_path: Path, person: object, deed: str, what: str) -> None:
    """FAULTS 2, 4: https://git-scm.com/docs/git-config#Documentation/git-config.txt-corefsync."""
    prepared = _prepared(base, person)
    before, ids = (prepared / REFUND).read_bytes(), save_ids(prepared)
    rehearsal = Path(shutil.copytree(prepared, tmp_path / "rehearsal" / "base"))
    status, moments = _run(rehearsal, deed, what, 0)
    assert (status, int(moments) > 3) == (0, True)
    outcomes = set()
    for last in range(1 + len(deed + what) % STEP, int(moments) + 1, STEP):
        root = Path(shutil.copytree(prepared, tmp_path / f"killed-{last}" / "base"))
        status, _ = _run(root, deed, what, last)
        assert status == -9, f"the process did not come to moment {last} of {moments}"
        outcomes.add(_is_kept(root, deed, before, ids))
        shutil.rmtree(root)
    assert True in outcomes
    assert run_git(rehearsal, "fsck", "--strict").returncode == 0
