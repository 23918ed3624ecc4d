"""Where a base stands in git, and what somebody has left unfinished there, asked of git itself."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from kbtui.errors import GitTroubleError, NoBaseError
from kbtui.git.repository import OLDEST_GIT
from tests.git.unfinished import MAILS, WORDS, diverge
from tests.helpers import git, repository_of, run_git, write_files


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "a clone 'of' ours, ü"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    write_files(folder, {"a.md": "one\n", "kb/b.md": "two\n"})
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    return folder


def test_the_top_of_a_repository(clone: Path) -> None:
    layout = repository_of(clone).layout
    assert (layout.top, layout.git, layout.common) == (clone, clone / ".git", clone / ".git")
    assert layout.prefix == ""


def test_a_folder_inside_a_repository(clone: Path) -> None:
    repository = repository_of(clone / "kb")
    assert (repository.layout.top, repository.layout.prefix) == (clone, "kb/")
    assert repository.layout.common == clone / ".git"
    assert repository.committed("b.md") == b"two\n"
    assert repository.committed("a.md") is None


def test_a_linked_work_tree_shares_what_git_shares(clone: Path, tmp_path: Path) -> None:
    """FAULTS S4, `.git` is a file: https://github.com/j178/prek/issues/2505."""
    tree = tmp_path / "tree"
    git(clone, "worktree", "add", "-q", "-b", "other", str(tree))
    layout = repository_of(tree / "kb").layout
    assert layout.top == tree
    assert layout.common == clone / ".git"
    assert layout.git.parent == clone / ".git" / "worktrees"
    assert repository_of(tree / "kb").own_folder == clone / ".git" / "kbtui"


def test_a_submodule(clone: Path, tmp_path: Path) -> None:
    """FAULTS S4, submodule clone: https://github.com/j178/prek/issues/2505."""
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q")
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(clone), "inner")
    layout = repository_of(outer / "inner").layout
    assert layout.top == outer / "inner"
    assert layout.common == outer / ".git" / "modules" / "inner"


def test_a_bare_repository_gets_a_sentence(tmp_path: Path) -> None:
    """FAULTS S4, bare: there is no work tree in which a file could be saved."""
    bare = tmp_path / "bare.git"
    git(tmp_path, "init", "-q", "--bare", str(bare))
    with pytest.raises((GitTroubleError, NoBaseError)) as caught:
        _ = repository_of(bare).layout
    assert caught.value.hint
    assert "fatal" not in caught.value.message


def test_a_folder_without_history_says_how_to_begin_one(tmp_path: Path) -> None:
    with pytest.raises(NoBaseError, match="keeps no history yet") as caught:
        _ = repository_of(tmp_path).layout
    assert "kbtui init" in caught.value.hint


@pytest.mark.parametrize("folder", [".", "kb"])
def test_a_folder_of_another_user_is_explained_with_one_command_that_helps(clone: Path, folder: str) -> None:
    """FAULTS 21, `safe.directory`: https://github.com/jonassaa/platypusgit/issues/83."""
    root = clone / folder
    env = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    if run_git(root, "status", env=env).returncode == 0:
        pytest.skip("this git has no way to pretend that somebody else owns a folder")
    with pytest.raises(GitTroubleError, match="belongs to another user") as caught:
        _ = repository_of(root, env).layout
    assert "dubious" not in caught.value.message
    hint = caught.value.hint
    assert "*" not in hint
    assert f'safe.directory "{clone}"' in hint, "git asks for the top of the repository, not for the base's folder"


def test_unborn_branch_and_first_commit(tmp_path: Path) -> None:
    """FAULTS 17: https://github.com/requarks/wiki/issues/1286."""
    git(tmp_path, "init", "-q")
    repository = repository_of(tmp_path)
    assert repository.head() == ""
    assert repository.committed("a.md") is None
    assert repository.unfinished() == ""
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "first")
    assert repository.head() == git(tmp_path, "rev-parse", "HEAD")


@pytest.mark.parametrize("path", ["-rf.md", ":(top)x.md", "*.md", "a b/ü.md", 'quo"te.md', "tab\there.md"])
def test_odd_names_are_read_back(clone: Path, path: str) -> None:
    """FAULTS S21."""
    write_files(clone, {path: "odd\n"})
    git(clone, "add", "--all")
    git(clone, "commit", "-qm", "odd")
    assert repository_of(clone).committed(path) == b"odd\n"


def test_own_folder_is_for_this_user_alone(clone: Path) -> None:
    folder = repository_of(clone).own_folder
    assert folder == clone / ".git" / "kbtui"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_version(clone: Path) -> None:
    assert repository_of(clone).version() >= OLDEST_GIT


@pytest.mark.parametrize("words", WORDS)
def test_what_somebody_left_unfinished_has_a_name(clone: Path, words: str) -> None:
    """FAULTS 16, 19: https://github.com/dendronhq/dendron/issues/2280."""
    assert repository_of(clone).unfinished() == ""
    diverge(clone)
    WORDS[words].begin(clone)
    assert repository_of(clone).unfinished() == words


def test_mails_that_do_not_apply_are_unfinished_too(clone: Path) -> None:
    """FAULTS 19, `am` in progress."""
    diverge(clone)
    MAILS.begin(clone)
    assert repository_of(clone).unfinished() == "a rebase"


def test_unfinished_in_a_linked_work_tree_is_that_tree_s_own(clone: Path, tmp_path: Path) -> None:
    """FAULTS 19, S4."""
    tree = tmp_path / "tree"
    diverge(clone)
    git(clone, "worktree", "add", "-q", "-b", "third", str(tree), "main")
    run_git(tree, "merge", "side")
    assert repository_of(tree).unfinished() == "a merge"
    assert repository_of(clone).unfinished() == ""
