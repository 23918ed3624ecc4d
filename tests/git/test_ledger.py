"""The ledger of a whole base: what it says of an entry is what the entry's own history says, however it was read."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui.git.change import Commit
from kbtui.git.history import of_entry
from kbtui.git.ledger import Ledger
from tests.git.random_history import RandomHistory
from tests.helpers import environment, git, repository_of


def _ledger(root: Path, name: str = "credit.sqlite") -> Ledger:
    repository = repository_of(root)
    return Ledger(repository.own_folder / name, repository)


def _own(root: Path, paths: list[str]) -> dict[str, list[Commit]]:
    layout = repository_of(root).layout
    return {path: of_entry(layout, path, environment()) for path in paths}


@pytest.mark.parametrize("seed", range(12))
def test_it_says_of_every_entry_what_the_entry_s_history_says(tmp_path: Path, seed: int) -> None:
    """FAULTS 57, 64, 66, S17: whatever plain git has done, by whatever clocks, and however often it was brought up.

    https://git-scm.com/docs/githooks#_post_rewrite, https://github.com/elfshaker/elfshaker/issues/89
    """
    history = RandomHistory(tmp_path, seed)
    kept = _ledger(tmp_path)
    for turn in range(5):
        deeds = [history.go_on() for _ in range(3)]
        paths = history.paths()
        wanted = _own(tmp_path, paths)
        assert kept.histories(paths) == wanted, f"turn {turn}: {deeds}"
    assert _ledger(tmp_path, "new.sqlite").histories(paths) == wanted
    git(tmp_path, "commit-graph", "write", "--reachable")
    assert _ledger(tmp_path, "newer.sqlite").histories(paths) == _own(tmp_path, paths) == wanted
