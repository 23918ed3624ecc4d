"""Making a base out of any folder: little is added, it is said what, and nobody's work is touched."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from kbtui import create
from kbtui.config import read_team
from kbtui.create import demo, init
from kbtui.entry.file_format import change, read
from kbtui.entry.model import EntryChange, Person, Severity
from kbtui.errors import GitTroubleError, RefusedError
from kbtui.git.hook_files import HOOK_NAMES
from kbtui.paths import places
from kbtui.store.files import EntryFiles
from tests.git.saves import save
from tests.helpers import commits, environment, found, git, in_head, opened, run_git, status, write_files

ENTRY = "# How long does a refund take?\n\nFive days.\n"


def _paths(root: Path) -> list[str]:
    return sorted(
        path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file() and ".git" not in path.parts
    )


def _repository(folder: Path, files: dict[str, str | bytes]) -> Path:
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "trunk")
    write_files(folder, files)
    git(folder, "add", "--all")
    git(folder, "commit", "-qm", "first")
    return folder


# New folders


@pytest.mark.parametrize("exists", [True, False])
def test_a_new_folder_gets_the_starter_entries(tmp_path: Path, exists: bool) -> None:
    root = tmp_path / "deep" / "our base"
    if exists:
        root.mkdir(parents=True)
    created = init(root, environment(), name='Our "base"')
    assert created.is_new
    assert created.root == root
    assert created.entries >= 75
    assert read_team(root).name == "Our 'base'"
    assert status(root) == ""
    assert commits(root) == 1
    assert git(root, "branch", "--show-current") == "main"
    assert set(created.added) >= {"kb.toml", ".gitattributes"}
    assert set(git(root, "ls-files").splitlines()) == set(created.added) == set(_paths(root))
    with opened(root) as knowledge:
        assert len(knowledge.cards()) == created.entries
        assert [finding for finding in knowledge.check() if finding.severity is Severity.ERROR] == []
        credit = knowledge.credit("qav2o2un")[1]
        assert (credit.asked, credit.answered, credit.improved) == ((), (), ()), "the starter base credits somebody"


def test_a_new_folder_without_the_starter_entries(tmp_path: Path) -> None:
    created = init(tmp_path / "new", environment(), with_starter=False)
    assert (created.entries, set(created.added)) == (0, {"kb.toml", ".gitattributes"})
    assert read_team(tmp_path / "new").name == "new"
    assert status(tmp_path / "new") == ""


# Folders of Markdown


def test_a_folder_of_markdown_is_left_as_it_is(tmp_path: Path) -> None:
    """The journey of somebody who has entries already: nothing is rewritten, everything is found."""
    files: dict[str, str | bytes] = {
        "a.md": ENTRY,
        "sub/b.md": b"# B\r\n\xff",
        "notes.txt": "x",
        ".gitignore": "*.tmp\n",
        "x.tmp": "",
    }
    root = tmp_path / "notes"
    write_files(root, files)
    created = init(root, environment())
    assert created.entries == 2
    assert set(created.added) == {"kb.toml", ".gitattributes"}
    assert {path: (root / path).read_bytes() for path in files} == {
        path: data if isinstance(data, bytes) else data.encode() for path, data in files.items()
    }
    assert any("Began a history" in note for note in created.notes)
    assert status(root) == ""
    assert set(git(root, "ls-files").splitlines()) == {*files, "kb.toml", ".gitattributes"} - {"x.tmp"}
    with opened(root) as knowledge:
        assert found(knowledge, "how long does a refund take") == ["a.md"]
        assert knowledge.credit("a.md")[1].people == ()


def test_running_it_again_changes_nothing(tmp_path: Path) -> None:
    root = tmp_path / "notes"
    write_files(root, {"a.md": ENTRY})
    init(root, environment())
    before = commits(root), _paths(root), [(root / path).stat().st_mtime_ns for path in _paths(root)]
    again = init(root, environment(), name="Other")
    assert (again.is_new, again.added) == (False, ())
    assert (commits(root), _paths(root), [(root / path).stat().st_mtime_ns for path in _paths(root)]) == before


def test_settings_written_by_hand_are_kept(tmp_path: Path) -> None:
    root = tmp_path / "notes"
    text = 'name = "By hand"\n# a comment\nignore = ["a.md"]\n'
    write_files(root, {"a.md": ENTRY, "kb.toml": text})
    created = init(root, environment(), name="Other")
    assert (root / "kb.toml").read_text() == text
    assert created.entries == 0
    assert in_head(root, "kb.toml") == text.encode()


def test_one_that_was_interrupted_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "notes"
    write_files(root, {"a.md": ENTRY})

    def fail(*_: object) -> None:
        raise GitTroubleError("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(create, "_commit", fail)
        with pytest.raises(GitTroubleError):
            init(root, environment())
    assert init(root, environment()).is_new
    assert set(git(root, "ls-files").splitlines()) >= {"a.md", "kb.toml", ".gitattributes"}
    assert status(root) == ""


# Existing repositories


def test_an_existing_repository_is_clean_afterwards(tmp_path: Path) -> None:
    root = _repository(tmp_path / "repo", {"a.md": ENTRY, "program.py": "x = 1\n"})
    created = init(root, environment())
    assert status(root) == ""
    assert (commits(root), git(root, "branch", "--show-current")) == (2, "trunk")
    assert sorted(git(root, "diff", "--name-only", "HEAD~1").splitlines()) == sorted(created.added)
    assert created.notes == ()


def test_staged_and_unstaged_work_is_untouched(tmp_path: Path) -> None:
    root = _repository(tmp_path / "repo", {"a.md": ENTRY, "b.md": ENTRY, "c.txt": "1\n"})
    write_files(root, {"a.md": "# staged\n", "b.md": "# not staged\n", "new.md": "# new\n", "staged.txt": "x"})
    git(root, "add", "a.md", "staged.txt")
    git(root, "rm", "-q", "--cached", "c.txt")
    before = status(root), git(root, "diff", "--cached"), git(root, "diff")
    init(root, environment())
    assert (status(root), git(root, "diff", "--cached"), git(root, "diff")) == before


def test_rules_that_somebody_is_just_writing_are_not_committed_for_them(tmp_path: Path) -> None:
    """A lead's unsaved work in .gitattributes is theirs to commit."""
    root = _repository(tmp_path / "repo", {"a.md": ENTRY, ".gitattributes": "*.png binary\n"})
    write_files(root, {".gitattributes": "*.png binary\n*.jpg binary\n"})
    init(root, environment())
    assert b"*.jpg" not in (in_head(root, ".gitattributes") or b"")
    assert "*.jpg binary" in (root / ".gitattributes").read_text()


def test_rules_that_are_there_are_kept_and_not_repeated(tmp_path: Path) -> None:
    rules = "*.png binary\n*.md text eol=lf # ours\nevents/** merge=union"
    root = _repository(tmp_path / "repo", {"a.md": ENTRY, ".gitattributes": rules})
    created = init(root, environment())
    assert (root / ".gitattributes").read_text() == rules
    assert created.added == ("kb.toml",)


def test_a_rule_without_a_line_end_is_not_glued_to_ours(tmp_path: Path) -> None:
    root = _repository(tmp_path / "repo", {"a.md": ENTRY, ".gitattributes": "*.png binary"})
    init(root, environment())
    assert (root / ".gitattributes").read_text().splitlines()[:2] == ["*.png binary", "*.md text eol=lf"]


def test_a_folder_inside_a_repository(tmp_path: Path) -> None:
    outer = _repository(tmp_path / "outer", {"program.py": "x = 1\n", "docs/a.md": ENTRY, "README.md": "# R\n"})
    write_files(outer, {"program.py": "x = 2\n"})
    created = init(outer / "docs", environment())
    assert created.entries == 1
    assert status(outer) == " M program.py"
    assert not (outer / "docs" / ".git").exists()
    assert sorted(git(outer, "diff", "--name-only", "HEAD~1", "HEAD").splitlines()) == [
        "docs/.gitattributes",
        "docs/kb.toml",
    ]
    with opened(outer / "docs") as knowledge:
        assert found(knowledge, "refund") == ["a.md"]


def test_a_folder_that_the_repository_around_it_ignores(tmp_path: Path) -> None:
    outer = _repository(tmp_path / "outer", {".gitignore": "kb/\n"})
    init(outer / "kb", environment(), with_starter=False)
    assert set(git(outer, "ls-files", "kb").splitlines()) == {"kb/.gitattributes", "kb/kb.toml"}
    assert status(outer) == ""


def test_a_repository_without_commits(tmp_path: Path) -> None:
    """FAULTS 17."""
    root = tmp_path / "repo"
    root.mkdir()
    git(root, "init", "-q")
    write_files(root, {"a.md": ENTRY})
    created = init(root, environment())
    assert set(git(root, "ls-files").splitlines()) == set(created.added)
    assert status(root) == "?? a.md"


@pytest.mark.parametrize(
    "settings", [{"commit.gpgSign": "true", "gpg.program": "false"}, {"user.useConfigOnly": "true"}]
)
def test_somebody_s_settings_do_not_stop_it(tmp_path: Path, settings: dict[str, str]) -> None:
    """FAULTS 58, 59."""
    root = _repository(tmp_path / "repo", {"a.md": ENTRY})
    for key, value in settings.items():
        git(root, "config", key, value)
    init(root, environment())
    assert status(root) == ""
    assert git(root, "log", "-1", "--format=%an") == create.STARTER.name


def test_a_merge_that_somebody_left_is_not_touched(tmp_path: Path) -> None:
    """FAULTS 19."""
    root = _repository(tmp_path / "repo", {"a.md": "one\n"})
    git(root, "checkout", "-qb", "side")
    write_files(root, {"a.md": "side\n"})
    git(root, "commit", "-qam", "side")
    git(root, "checkout", "-q", "trunk")
    write_files(root, {"a.md": "trunk\n"})
    git(root, "commit", "-qam", "trunk")
    run_git(root, "merge", "side")
    before = status(root)
    with pytest.raises(RefusedError, match="a merge"):
        init(root, environment())
    assert status(root) == before


# Line ends


def test_windows_line_ends_stay_and_git_sees_no_change(tmp_path: Path) -> None:
    """FAULTS 56: https://github.com/Vinzent03/obsidian-git/issues/164."""
    root = _repository(tmp_path / "repo", {"a.md": ENTRY.replace("\n", "\r\n"), "b.md": ENTRY})
    created = init(root, environment())
    assert any("Windows line ends" in note for note in created.notes)
    assert (root / "a.md").read_bytes() == ENTRY.replace("\n", "\r\n").encode()
    git(root, "update-index", "--really-refresh")
    (root / "a.md").touch()
    assert status(root) == ""


def test_a_windows_checkout_of_a_base_with_plain_line_ends(tmp_path: Path) -> None:
    """FAULTS 56, `autocrlf=true`: no whole-file diff, https://github.com/Vinzent03/obsidian-git/issues/700."""
    origin = _repository(tmp_path / "origin", {"a.md": ENTRY + "\nMore.\n\nAnd more.\n"})
    git(tmp_path, "-c", "core.autocrlf=true", "clone", "-q", str(origin), "clone")
    root = tmp_path / "clone"
    git(root, "config", "core.autocrlf", "true")
    assert b"\r\n" in (root / "a.md").read_bytes(), "the test wants a checkout with Windows line ends"
    init(root, environment())
    os.utime(root / "a.md", (time.time() + 5, time.time() + 5))
    assert status(root) == "", "git sees a change in a file that nobody has changed"
    there = (root / "a.md").read_bytes()
    assert save(root, "a.md", change(there, EntryChange(owner="Priya")), there).is_committed
    assert git(root, "diff", "--numstat", "HEAD~1").split()[1] == "0", "every line of the file has changed"


# Folders that are none, or too much


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for place in ("file", "file/below"):
        with pytest.raises(RefusedError):
            init(tmp_path / place, environment())
    assert (tmp_path / "file").read_text() == "x"


@pytest.mark.parametrize("place", ["~", "/", "~/link"])
def test_a_whole_home_is_too_much(tmp_path: Path, place: str) -> None:
    Path.home().mkdir(exist_ok=True)
    (Path.home() / "link").symlink_to(Path.home())
    before = sorted(Path.home().iterdir())
    with pytest.raises(RefusedError, match="too much"):
        init(Path(place).expanduser(), environment())
    assert sorted(Path.home().iterdir()) == before


def test_no_git_on_this_computer(tmp_path: Path) -> None:
    with pytest.raises(GitTroubleError, match="git is not installed"):
        init(tmp_path / "new", environment({"PATH": str(tmp_path)}))


def test_a_folder_of_another_user_is_explained(tmp_path: Path) -> None:
    """FAULTS 21, https://github.com/ship-studio/ship-studio/issues/305: not taken for a folder without history."""
    root = _repository(tmp_path / "repo", {"a.md": ENTRY})
    before = _paths(root)
    with pytest.raises(GitTroubleError) as caught:
        init(root, environment({"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}))
    assert "another user" in caught.value.message
    assert "safe.directory" in caught.value.hint
    assert _paths(root) == before, "half a base was made where git refuses to work"


def test_a_bare_repository_is_refused_and_left_alone(tmp_path: Path) -> None:
    """FAULTS S4, bare: files in there would be git's own."""
    bare = tmp_path / "bare.git"
    git(tmp_path, "init", "-q", "--bare", str(bare))
    before = _paths(bare)
    with pytest.raises((RefusedError, GitTroubleError)):
        init(bare, environment(), with_starter=False)
    assert _paths(bare) == before


# Hooks


def test_hooks_are_installed_and_run_nothing_of_the_tree(tmp_path: Path) -> None:
    """FAULTS 78: kbtui installs its own copy from the package, never from what was pulled."""
    root = _repository(tmp_path / "repo", {"a.md": ENTRY, "hooks/post-commit": "#!/bin/sh\ntouch pwned\n"})
    init(root, environment())
    for name in HOOK_NAMES:
        file = root / ".git" / "hooks" / name
        assert "kbtui hook" in file.read_text()
        assert os.access(file, os.X_OK)


def test_somebody_s_hooks_are_left_alone_and_named(tmp_path: Path) -> None:
    """DESIGN 9: explained, not replaced."""
    root = _repository(tmp_path / "repo", {"a.md": ENTRY})
    hook = root / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    created = init(root, environment())
    assert hook.read_text() == "#!/bin/sh\nexit 1\n"
    assert any("pre-commit" in note for note in created.notes)
    assert "kbtui hook" in (hook.parent / "post-commit").read_text()
    assert status(root) == ""


@pytest.mark.parametrize("where", [".husky", "../company"])
def test_a_folder_of_hooks_that_the_team_has_chosen_is_not_littered(tmp_path: Path, where: str) -> None:
    """FAULTS 60, DESIGN 9, husky: https://github.com/typicode/husky/issues/435."""
    hooks = (tmp_path / "repo" / where).resolve()
    root = _repository(tmp_path / "repo", {"a.md": ENTRY, ".husky/pre-commit": "#!/bin/sh\nexit 0\n"})
    write_files(hooks, {"commit-msg": "#!/bin/sh\nexit 0\n"})
    git(root, "add", "--all")
    git(root, "commit", "-qm", "hooks", "--allow-empty")
    git(root, "config", "core.hooksPath", where if where == ".husky" else str(hooks), hooks=True)
    before = sorted(path.name for path in hooks.iterdir())
    created = init(root, environment())
    assert status(root) == ""
    assert sorted(path.name for path in hooks.iterdir()) == before
    assert any("ook" in note for note in created.notes)


# The demonstration


def test_the_demonstration_is_made_once_and_kept(person: Person) -> None:
    root = demo(environment())
    assert root == places(environment()).data / "demo"
    assert read_team(root).name == "Demonstration base"
    write_files(root, {"mine.md": "# Mine\n"})
    assert demo(environment()) == root
    assert (root / "mine.md").exists()


def test_a_fresh_demonstration_keeps_the_old_one(person: Person) -> None:
    root = demo(environment())
    with opened(root) as knowledge:
        saved = knowledge.ask("Where is the zebra?")
    assert demo(environment(), fresh=True) == root
    with opened(root) as knowledge:
        assert found(knowledge, "zebra") == []
    with opened(root.with_name("demo-1")) as knowledge:
        assert found(knowledge, "zebra") == [saved.entry.path]
    demo(environment(), fresh=True)
    assert root.with_name("demo-2").is_dir()
    assert (root.with_name("demo-1") / saved.entry.path).exists()


def test_a_demonstration_in_a_folder_of_one_s_own(tmp_path: Path) -> None:
    root = demo(environment(), tmp_path / "try")
    assert root == tmp_path / "try"
    assert len(EntryFiles(root, read_team(root).ignore).scan().stamps) >= 75
    text = next(path for path in root.rglob("*.md") if path.parent != root).read_bytes()
    assert read("x.md", text).readable
