"""`kbtui doctor` names every trouble in one sentence, and `--fix` mends what is safe to mend."""

from __future__ import annotations

import os
import shutil
import time
from importlib import metadata
from pathlib import Path

import pytest

from kbtui import doctor
from kbtui.doctor import Examined, examine
from kbtui.mending import mend
from tests.events import event, kinds_of
from tests.git.saves import NEW, NEW_WORDS, save
from tests.git.unfinished import MERGE, diverge
from tests.helpers import environment, git, in_head, opened, parts_of, run_kbtui, status


@pytest.fixture(autouse=True)
def _ana(person: object) -> None:
    """Let somebody be known, so that nothing is amiss at first."""


def _looked(base: Path, name: str) -> Examined:
    (found,) = [item for item in examine(base, environment()) if item.name == name]
    return found


def _troubles(base: Path) -> list[str]:
    return [item.name for item in examine(base, environment()) if not item.is_ok]


def _aged(file: Path) -> None:
    file.touch()
    yesterday = time.time() - 86_400
    os.utime(file, (yesterday, yesterday))


def test_nothing_is_amiss_and_nothing_is_mended(base: Path) -> None:
    with opened(base):
        pass
    assert _troubles(base) == []
    assert mend(base, environment()) == []


def test_every_trouble_is_one_sentence_with_what_to_do(base: Path) -> None:
    diverge(base)
    MERGE.begin(base)
    save(base, NEW, NEW_WORDS)
    _aged(base / ".git" / "index.lock")
    for item in examine(base, environment()):
        assert item.words.endswith(".")
        assert "\n" not in item.words
        assert item.is_ok or item.hint, f"{item.name} says what is wrong, but not what to do"
    assert _troubles(base) == ["history", "locks", "unfinished saves", "entries"]


@pytest.mark.parametrize(
    "folder", ["Dropbox", "OneDrive - Example Ltd", "Library/Mobile Documents/com~apple~CloudDocs", "Google Drive"]
)
def test_a_base_that_another_program_copies_is_warned_of(base: Path, tmp_path: Path, folder: str) -> None:
    """FAULTS S5, `.git` inside Dropbox: https://git-scm.com/docs/gitfaq#sync-working-tree."""
    target = tmp_path / folder / "base"
    target.parent.mkdir(parents=True)
    shutil.move(base, target)
    found = _looked(target, "folder")
    assert not found.is_ok
    assert "can damage git's store" in found.words


def test_a_gitpython_that_is_too_old_is_named(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS S22: https://github.com/StackStorm/st2/pull/6397."""
    assert _looked(base, "GitPython").is_ok
    real = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "3.1.30" if name == "gitpython" else real(name))
    found = _looked(base, "GitPython")
    assert (found.is_ok, "3.1.30" in found.words, "3.2.1" in found.hint) == (False, True, True)


def test_the_wrong_branch_is_named(base: Path) -> None:
    """FAULTS S3: https://github.com/mengsig/dockmaster/issues/189."""
    git(base, "config", "kbtui.branch", "main")
    git(base, "checkout", "-q", "-b", "feature-x")
    found = _looked(base, "history")
    assert not found.is_ok
    assert "feature-x" in found.words
    assert found.hint == "A lead runs: git switch main"


# Mending


def test_a_lock_that_a_crash_left_is_removed_and_a_fresh_one_is_not(base: Path) -> None:
    """FAULTS 13: https://github.com/Vinzent03/obsidian-git/issues/186."""
    old, fresh = base / ".git" / "refs" / "heads" / "main.lock", base / ".git" / "index.lock"
    _aged(old)
    fresh.touch()
    assert _looked(base, "locks").words == "A crash has left a lock in git: main.lock."
    (words,) = mend(base, environment())
    assert "main.lock" in words
    assert (old.exists(), fresh.exists()) == (False, True)


def test_an_index_that_cannot_be_read_is_built_anew(base: Path) -> None:
    """FAULTS S6: https://github.com/smykla-skalski/klaudiush/pull/109."""
    (base / ".git" / "index").write_bytes(b"oops")
    assert not _looked(base, "git's store").is_ok
    assert mend(base, environment()) == ["git's index could not be read and was built anew."]
    assert status(base) == ""


def test_saves_that_wait_are_brought_in(base: Path) -> None:
    """FAULTS 16: https://github.com/mengsig/dockmaster/issues/189."""
    git(base, "checkout", "-q", "--detach")
    save(base, NEW, NEW_WORDS)
    assert "unfinished saves" in _troubles(base)
    assert mend(base, environment()) == []
    git(base, "checkout", "-q", "main")
    assert mend(base, environment()) == ["1 of 1 waiting save is in the history now."]
    assert in_head(base, NEW) == NEW_WORDS
    assert _troubles(base) == []


def test_events_that_wait_are_brought_in(base: Path) -> None:
    parts_of(base).outbox.keep(event())
    assert _looked(base, "unfinished saves").words.startswith("1 saved on this computer")
    assert mend(base, environment()) == ["1 of 1 waiting event is in the history now."]
    assert kinds_of(base) == ["used"]
    assert _looked(base, "unfinished saves").is_ok


def test_hooks_that_are_missing_are_put_in_and_somebody_else_s_stay(base: Path) -> None:
    """FAULTS 60: doctor says which hooks are live, https://github.com/typicode/husky/issues/435."""
    folder = base / ".git" / "hooks"
    (folder / "post-merge").unlink()
    (folder / "post-commit").write_text("#!/bin/sh\nexit 0\n")
    assert "post-merge (missing)" in _looked(base, "hooks").words
    assert mend(base, environment()) == ["hooks put in or renewed: post-merge."]
    assert (folder / "post-commit").read_text() == "#!/bin/sh\nexit 0\n"
    assert "post-commit (somebody else's)" in _looked(base, "hooks").words


def test_a_search_index_that_is_damaged_is_built_anew(base: Path) -> None:
    with opened(base):
        pass
    for file in (base / ".git" / "kbtui").rglob("*.seg"):
        file.write_bytes(bytes(file.stat().st_size))
    assert not _looked(base, "search").is_ok
    assert any("search index was damaged" in words for words in mend(base, environment()))
    assert _looked(base, "search").is_ok


def test_a_large_base_is_told_of_numpy_where_it_is_missing(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(base):
        pass
    assert not _looked(base, "search").hint
    monkeypatch.setattr(doctor, "_LARGE", 1)
    for is_there, hint in ((True, ""), (False, "For quicker answers to long questions: pip install 'kbtui[large]'")):
        monkeypatch.setattr(doctor, "find_spec", lambda _, is_there=is_there: object() if is_there else None)
        assert _looked(base, "search").hint == hint


def test_loose_objects_are_packed(base: Path) -> None:
    """FAULTS 22: https://github.com/git-for-windows/git/issues/2275."""
    lines = "".join(f"blob\ndata {len(str(n))}\n{n}\n" for n in range(2_100))
    git(base, "-c", "fastimport.unpackLimit=5000", "fast-import", "--quiet", given=lines.encode())
    assert "loose objects of git's were packed" in mend(base, environment())[0]
    assert int(git(base, "count-objects").split()[0]) < 100


def test_fix_says_what_it_did_and_that_all_is_well(base: Path) -> None:
    with opened(base):
        pass
    (base / ".git" / "index").write_bytes(b"oops")
    ran = run_kbtui("doctor", "--fix", cwd=base)
    assert ran.status == 0
    assert "mended: git's index could not be read and was built anew." in ran.out
    assert run_kbtui("doctor", cwd=base).status == 0
