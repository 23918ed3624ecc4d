"""A remote whose history began elsewhere: kbtui never joins two histories by itself (FAULTS 18)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kbtui import create
from kbtui.git.salvage import damage
from kbtui.mending import mend
from tests.git.saves import NEW, NEW_WORDS, is_in_peace, save
from tests.helpers import (
    PASSWORD,
    REFUND,
    environment,
    git,
    in_head,
    opened,
    repository_of,
    run_git,
    write_files,
)

THEIRS = "---\nid: refund22\nstate: not-validated\n---\n# How long does a refund take?\n\nNobody knows.\n"


@pytest.fixture
def stranger(base: Path, tmp_path: Path) -> Path:
    """Return a base with a remote that somebody has made anew: the same entries, another beginning."""
    other = tmp_path / "other"
    write_files(other, {REFUND: THEIRS})
    create.init(other, os.environ, name="Made anew")
    git(base, "remote", "add", "origin", str(other))
    git(base, "fetch", "-q", "origin")
    git(base, "branch", "-q", "--set-upstream-to=origin/main", "main")
    return base


def _is_apart(base: Path) -> bool:
    """Whether the branch has nothing of the remote's history, and the remote's is still there beside it."""
    assert run_git(base, "merge-base", "main", "origin/main").returncode == 1, "two histories have been joined"
    assert git(base, "rev-list", "--min-parents=2", "HEAD") == ""
    assert git(base, "show", f"origin/main:{REFUND}") == THEIRS.rstrip("\n")
    return True


def _lose(base: Path, name: str) -> None:
    """Take one object out of git's store."""
    commit = git(base, "rev-parse", name)
    (base / ".git" / "objects" / commit[:2] / commit[2:]).unlink()


def test_saves_and_undo_go_on_beside_it(stranger: Path, person: object) -> None:
    """FAULTS 18: https://github.com/requarks/wiki/issues/1286."""
    root = git(stranger, "rev-list", "--max-parents=0", "HEAD")
    with opened(stranger) as knowledge:
        saved = knowledge.ask("Do you sell spare parts?")
        assert saved.is_committed
        assert knowledge.undo(saved.entry.path).is_committed
    assert git(stranger, "rev-list", "--max-parents=0", "HEAD") == root
    assert _is_apart(stranger)
    assert is_in_peace(stranger)


def test_a_damaged_store_is_made_good_from_its_own_history(stranger: Path) -> None:
    """FAULTS 18: https://github.com/max-sixty/tend/pull/60."""
    mine = (stranger / REFUND).read_bytes()
    save(stranger, NEW, NEW_WORDS, save_id="one")
    _lose(stranger, "HEAD")
    assert damage(repository_of(stranger))
    mend(stranger, environment())
    assert (in_head(stranger, NEW), in_head(stranger, REFUND)) == (NEW_WORDS, mine)
    assert _is_apart(stranger)
    assert is_in_peace(stranger)


def test_the_remote_s_history_does_not_stand_in_for_one_that_is_lost(stranger: Path) -> None:
    """FAULTS 18, no commit of one's own is whole any more: https://github.com/requarks/wiki/issues/1286."""
    mine, password = (stranger / REFUND).read_bytes(), (stranger / PASSWORD).read_bytes()
    save(stranger, NEW, NEW_WORDS, save_id="one")
    _lose(stranger, f"HEAD~1:{REFUND}")
    mend(stranger, environment())
    assert (stranger / REFUND).read_bytes() == in_head(stranger, REFUND) == mine, "words have been replaced by theirs"
    assert in_head(stranger, PASSWORD) == password
    assert in_head(stranger, NEW) == NEW_WORDS
    assert damage(repository_of(stranger)) == ""
    assert _is_apart(stranger)
    assert is_in_peace(stranger)
