"""Which state folder a base has: the same one wherever it is moved to, and never that of another base."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kbtui.store.drafts import Draft
from kbtui.store.residence import settle, state_name
from tests.git.saves import NEW, NEW_WORDS, save, saver_of
from tests.helpers import environment, git, in_head, journal_of, opened, parts_of, run_kbtui


@pytest.fixture
def states(tmp_path: Path) -> Path:
    """Return the folder that holds the state folders."""
    return tmp_path / "states"


def test_the_name_says_which_base_and_stays_the_same(base: Path, states: Path) -> None:
    name = state_name(base, states)
    assert name.startswith("base-")
    settle(base, states)
    assert state_name(base, states) == name
    assert state_name(base / "refunds" / "..", states) == name


def test_a_base_that_is_moved_keeps_its_state(base: Path, states: Path, tmp_path: Path) -> None:
    name = state_name(base, states)
    settle(base, states)
    for target in ("moved", "moved-again"):
        base = base.rename(tmp_path / target)
        assert state_name(base, states) == name
        settle(base, states)


def test_a_copy_has_a_state_of_its_own(base: Path, states: Path, tmp_path: Path) -> None:
    settle(base, states)
    copy = Path(shutil.copytree(base, tmp_path / "copy"))
    assert state_name(copy, states) != state_name(base, states)
    settle(copy, states)
    assert state_name(copy, states) != state_name(base, states)


def test_a_new_base_where_a_moved_one_was_has_a_state_of_its_own(base: Path, states: Path, tmp_path: Path) -> None:
    name = state_name(base, states)
    settle(base, states)
    moved = base.rename(tmp_path / "moved")
    settle(moved, states)
    git(tmp_path, "clone", "-q", str(moved), "base")
    assert state_name(tmp_path / "base", states) != name
    assert state_name(moved, states) == name


def test_a_clone_made_anew_in_the_same_place_finds_what_the_old_one_left(base: Path, states: Path) -> None:
    """FAULTS 3: deleting the clone must not lose words; https://github.com/Vinzent03/obsidian-git/issues/567."""
    name = state_name(base, states)
    settle(base, states)
    elsewhere = base.parent / "elsewhere"
    git(base.parent, "clone", "-q", str(base), str(elsewhere))
    shutil.rmtree(base)
    elsewhere.rename(base)
    assert state_name(base, states) == name


def test_a_linked_work_tree_and_a_subfolder_have_states_of_their_own(base: Path, states: Path, tmp_path: Path) -> None:
    """FAULTS S4, `.git` is a file: https://github.com/j178/prek/issues/2505."""
    tree = tmp_path / "tree"
    git(base, "worktree", "add", "-q", "-b", "other", str(tree))
    roots = [base, tree, base / "refunds"]
    for root in roots:
        settle(root, states)
    names = [state_name(root, states) for root in roots]
    assert len(set(names)) == 3
    git(base, "worktree", "move", str(tree), str(tmp_path / "moved-tree"))
    assert state_name(tmp_path / "moved-tree", states) == names[1]
    assert "kbtui" not in git(base, "status", "--porcelain")


def test_a_folder_without_git_and_a_note_that_is_damaged(tmp_path: Path, base: Path, states: Path) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    name = state_name(plain, states)
    settle(plain, states)
    assert (state_name(plain, states), list(plain.iterdir())) == (name, [])
    name = state_name(base, states)
    settle(base, states)
    for damage in (b"", b"\xff\x00", b"../../elsewhere\n/x\n", b"one line"):
        (base / ".git" / "kbtui" / "state").write_bytes(damage)
        assert state_name(base, states) == name


def test_drafts_and_saves_that_wait_move_along(base: Path, tmp_path: Path) -> None:
    """Nothing typed may be lost where a lead gives the folder another name."""
    with opened(base) as knowledge:
        knowledge.drafts.keep(Draft("one", question="Half a question"))
    git(base, "checkout", "-q", "--detach")
    save(base, NEW, NEW_WORDS, save_id="one")
    git(base, "checkout", "-q", "main")
    moved = base.rename(tmp_path / "moved")
    assert [draft.question for draft in parts_of(moved).drafts.all()] == ["Half a question"]
    assert [each.save_id for each in journal_of(moved).pending()] == ["one"]
    assert saver_of(moved).drain()["one"].is_committed
    assert in_head(moved, NEW) == NEW_WORDS


def test_a_fresh_demonstration_leaves_the_old_one_its_drafts() -> None:
    run_kbtui("demo", "--no-open")
    root = Path(environment()["KBTUI_HOME"]) / "data" / "demo"
    with opened(root) as knowledge:
        knowledge.drafts.keep(Draft("one", question="Half a question"))
    run_kbtui("demo", "--no-open", "--fresh")
    assert parts_of(root).drafts.all() == []
    assert len(parts_of(root.with_name("demo-1")).drafts.all()) == 1
