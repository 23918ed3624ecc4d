"""Locks that others hold, work that others left unfinished: a save is acknowledged, waits, and arrives."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from kbtui.entry.file_format import change
from kbtui.entry.model import EntryChange
from kbtui.git import commits as commits_module
from kbtui.git.saver import Saver
from tests.git.saves import NEW, NEW_WORDS, is_in_peace, is_kept, save, saver_of
from tests.git.unfinished import DETACHED, EVERY, MERGE, diverge
from tests.helpers import (
    ANA,
    PASSWORD,
    REFUND,
    git,
    in_head,
    journal_of,
    parts_of,
    record,
    run_git,
    save_ids,
    status,
)

LOCKED = ".git/index.lock"


def _edit(base: Path) -> tuple[bytes, bytes]:
    there = (base / REFUND).read_bytes()
    return there, change(there, EntryChange(answer="Ten days."))


def _arrives(base: Path) -> bool:
    """Bring what waits into the history, as the next kbtui that starts does."""
    return all(saved.is_committed for saved in saver_of(base).drain().values())


# Somebody left git in the middle of something


@pytest.mark.parametrize("name", EVERY)
def test_a_save_in_the_middle_of_a_lead_s_work_waits_and_arrives_afterwards(base: Path, name: str) -> None:
    """FAULTS 16, 19: https://github.com/dendronhq/dendron/issues/2280, https://github.com/requarks/wiki/issues/1837."""
    diverge(base)
    EVERY[name].begin(base)
    head, before = git(base, "rev-parse", "HEAD"), status(base)
    there, mine = _edit(base)
    saved = [save(base, NEW, NEW_WORDS, save_id="one"), save(base, REFUND, mine, there, save_id="two")]
    assert [each.is_committed for each in saved] == [False, False]
    assert all("in this folder" in each.waiting_for for each in saved)
    assert [each.content for each in journal_of(base).pending()] == [NEW_WORDS, mine]
    assert git(base, "rev-parse", "HEAD") == head, "kbtui ended what the lead had begun"
    theirs = set(status(base).splitlines()) - {f"?? {NEW}", f" M {REFUND}"}
    assert theirs == set(before.splitlines())
    git(base, *EVERY[name].end)
    assert _arrives(base)
    assert is_kept(base, NEW, NEW_WORDS, "one")
    assert in_head(base, REFUND) == mine, "an acknowledged save was thrown away with the lead's own work"
    assert save_ids(base).count("two") == 1
    assert is_in_peace(base)


@pytest.mark.parametrize(
    "tidy",
    [
        ("reset", "-q", "--hard"),
        ("checkout", "-q", "--", "."),
        ("stash", "-q"),
        ("clean", "-fdq"),
        ("checkout", "-qf", "main"),
    ],
)
def test_a_lead_who_tidies_up_the_folder_throws_no_save_away(base: Path, tidy: tuple[str, ...]) -> None:
    """FAULTS 16: what waits is in the journal, not only in the folder. Every acknowledged save is in HEAD.

    https://github.com/mengsig/dockmaster/issues/189
    """
    diverge(base)
    DETACHED.begin(base)
    there, mine = _edit(base)
    save(base, NEW, NEW_WORDS, save_id="one")
    save(base, REFUND, mine, there, save_id="two")
    git(base, *tidy)
    git(base, "checkout", "-q", "main", check=False)
    for _ in range(2):
        saver_of(base).drain()
    assert in_head(base, NEW) == NEW_WORDS
    assert in_head(base, REFUND) == mine


def test_a_save_of_the_very_file_that_conflicts(base: Path) -> None:
    """FAULTS 19, 48: a lead merges by hand; what is typed meanwhile is not mixed into it."""
    there, mine = _edit(base)
    git(base, "checkout", "-q", "-b", "side")
    (base / REFUND).write_bytes(there.replace(b"Five working days", b"Six days"))
    git(base, "commit", "-qam", "six")
    git(base, "checkout", "-q", "main")
    (base / REFUND).write_bytes(there.replace(b"Five working days", b"Seven days"))
    git(base, "commit", "-qam", "seven")
    run_git(base, "merge", "side")
    assert not save(base, REFUND, mine, there).is_committed
    git(base, "checkout", "-q", "--ours", "--", REFUND)
    git(base, "add", REFUND)
    git(base, "commit", "-qm", "merged by hand")
    assert _arrives(base)
    head = git(base, "grep", "-h", "-e", "days", "HEAD", "--", "refunds")
    assert "Ten days." in head
    assert "Seven days" in head
    assert is_in_peace(base)


def test_a_lead_who_ends_the_merge_with_commit_all_takes_the_save_along(base: Path) -> None:
    diverge(base)
    MERGE.begin(base)
    there, mine = _edit(base)
    save(base, REFUND, mine, there)
    (base / "a.md").write_text("both\n")
    git(base, "commit", "-qam", "merged")
    assert _arrives(base)
    assert in_head(base, REFUND) == mine
    assert is_in_peace(base)


def test_saves_that_waited_arrive_in_their_order(base: Path) -> None:
    diverge(base)
    MERGE.begin(base)
    words = (base / PASSWORD).read_bytes()
    for number in range(3):
        newer = change(words, EntryChange(answer=f"Version {number}."))
        save(base, PASSWORD, newer, words, save_id=f"s{number}", sequence=number + 1)
        words = newer
    git(base, *MERGE.end)
    assert _arrives(base)
    assert in_head(base, PASSWORD) == words
    assert is_in_peace(base)
    said = [run_git(base, "cat-file", "blob", f"HEAD~{n}:{PASSWORD}").stdout for n in (2, 1, 0)]
    assert [b"Version %d." % n in text for n, text in enumerate(said)] == [True] * 3, "each is in the history by itself"
    assert save_ids(base) == ["s2", "s1", "s0"]


def test_the_next_save_takes_along_what_waited(base: Path) -> None:
    diverge(base)
    DETACHED.begin(base)
    save(base, NEW, NEW_WORDS, save_id="one")
    git(base, *DETACHED.end)
    there, mine = _edit(base)
    assert save(base, REFUND, mine, there).is_committed
    assert is_kept(base, NEW, NEW_WORDS, "one")
    assert git(base, "branch", "--contains", "HEAD").strip("* ") == "main"


# Locks


def test_a_lock_that_is_held_for_a_moment_is_waited_for(base: Path) -> None:
    """FAULTS 12, retry from 20 ms doubling: https://github.com/Nick-Lucas/giterm/issues/37."""
    lock = base / LOCKED
    lock.touch()
    threading.Timer(0.4, lock.unlink).start()
    assert save(base, NEW, NEW_WORDS, save_id="one").is_committed
    assert is_kept(base, NEW, NEW_WORDS, "one")


def test_a_save_goes_past_an_index_that_somebody_holds(base: Path) -> None:
    """FAULTS 12, fall back to a private index, the lock is left alone: https://github.com/Nick-Lucas/giterm/issues/37."""
    lock = base / LOCKED
    lock.touch()
    started = time.monotonic()
    assert save(base, NEW, NEW_WORDS, save_id="one").is_committed
    assert time.monotonic() - started > 2.0, "it gave up sooner than lazygit does"
    assert lock.exists(), "somebody else's fresh lock was removed"
    assert in_head(base, NEW) == NEW_WORDS
    lock.unlink()
    assert _arrives(base)
    assert is_kept(base, NEW, NEW_WORDS, "one")
    assert is_in_peace(base)
    assert list((base / ".git" / "kbtui").glob("index-*.tmp")) == []


@pytest.mark.parametrize("kind", ["new", "edit"])
def test_the_real_index_is_repaired_before_a_lead_commits(
    base: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAULTS 9: a plain commit after a save past the index does not take the entry out again (reproduced without).

    https://git-scm.com/docs/git-update-index
    """
    monkeypatch.setattr(commits_module, "_LOCK_WAITS", (0.01, 0.01))
    there, mine = _edit(base)
    path, opened, content = (NEW, None, NEW_WORDS) if kind == "new" else (REFUND, there, mine)
    (base / LOCKED).touch()
    assert save(base, path, content, opened, save_id="one").is_committed
    (base / LOCKED).unlink()
    assert _arrives(base)
    assert status(base) == ""
    (base / "plan.txt").write_text("a plan\n")
    git(base, "add", "plan.txt")
    git(base, "commit", "-qm", "a lead's")
    assert is_kept(base, path, content, "one")


def test_a_lead_who_commits_before_the_index_is_repaired(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS 9: no kbtui runs in between, so the lead's commit does undo the save; the next kbtui brings it back.

    https://git-scm.com/docs/git-commit
    """
    monkeypatch.setattr(commits_module, "_LOCK_WAITS", (0.01, 0.01))
    (base / LOCKED).touch()
    assert save(base, NEW, NEW_WORDS, save_id="one").is_committed
    (base / LOCKED).unlink()
    git(base, "commit", "-q", "--allow-empty", "-m", "a lead's")
    assert in_head(base, NEW) is None, "the test wants the entry taken out by an index that does not know it"
    assert _arrives(base)
    assert in_head(base, NEW) == NEW_WORDS
    assert is_in_peace(base)


def test_a_lead_who_commits_at_the_moment_the_index_is_repaired(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS 8, 9: index and history agree that there is no such entry; the save is not forgotten for that.

    https://git-scm.com/docs/git-update-index
    """
    monkeypatch.setattr(commits_module, "_LOCK_WAITS", (0.01, 0.01))
    repair = commits_module.Commits.repair

    def too_late(self: commits_module.Commits, paths: Sequence[str]) -> bool:
        (base / LOCKED).unlink(missing_ok=True)
        git(base, "commit", "-q", "--allow-empty", "-m", "a lead's")
        return repair(self, paths)

    (base / LOCKED).touch()
    with monkeypatch.context() as racing:
        racing.setattr(commits_module.Commits, "repair", too_late)
        saved = save(base, NEW, NEW_WORDS, save_id="one")
    assert in_head(base, NEW) is None, "the test wants the entry taken out before the index is told"
    assert not saved.is_committed
    assert _arrives(base)
    assert in_head(base, NEW) == NEW_WORDS
    assert is_in_peace(base)


def test_a_branch_that_moves_while_a_save_goes_past_the_index(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS 8: `update-ref` with the old value refuses, and the save is made again on what is there now (measured).

    https://git-scm.com/docs/git-update-ref
    """
    monkeypatch.setattr(commits_module, "_LOCK_WAITS", (0.01, 0.01))
    moves = 0

    def lead_commits(step: str) -> None:
        nonlocal moves
        if step == "made" and moves < 2:
            moves += 1
            tree = git(base, "rev-parse", "HEAD^{tree}")
            commit = git(base, "commit-tree", tree, "-p", "HEAD", "-m", f"theirs {moves}")
            git(base, "update-ref", "HEAD", commit)

    (base / LOCKED).touch()
    parts = parts_of(base)
    saver = Saver(parts.repository, parts.files, parts.journal, lead_commits)
    assert saver.save(record(NEW, NEW_WORDS, save_id="one")).is_committed
    assert moves == 2
    subjects = git(base, "log", "--format=%s").splitlines()
    assert subjects[:3] == ["Write an entry", "theirs 2", "theirs 1"]
    assert save_ids(base) == ["one"]


@pytest.mark.parametrize("name", ["HEAD.lock", "refs/heads/main.lock"])
def test_a_branch_that_is_locked_makes_a_save_wait(base: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS 14: https://github.com/jesseduffield/lazygit/blob/master/pkg/commands/git_cmd_obj_runner.go."""
    monkeypatch.setattr(commits_module, "_LOCK_WAITS", (0.01, 0.01))
    lock = base / ".git" / name
    lock.touch()
    assert not save(base, NEW, NEW_WORDS, save_id="one").is_committed
    lock.unlink()
    assert _arrives(base)
    assert is_kept(base, NEW, NEW_WORDS, "one")
    assert is_in_peace(base)


@pytest.mark.parametrize("name", ["index.lock", "HEAD.lock", "refs/heads/main.lock", "packed-refs.lock"])
def test_a_lock_left_by_a_crash_does_not_stop_saving_for_ever(
    base: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAULTS 13, 14: it is old, unchanged and nobody has it open; https://github.com/Vinzent03/obsidian-git/issues/186."""
    monkeypatch.setattr(commits_module, "_LOCK_WAITS", (0.01, 0.01))
    lock = base / ".git" / name
    lock.touch()
    yesterday = time.time() - 86_400
    os.utime(lock, (yesterday, yesterday))
    save(base, NEW, NEW_WORDS, save_id="one")
    assert in_head(base, NEW) == NEW_WORDS
    assert lock.exists() == (name == "packed-refs.lock"), "only a lock that is in the way is removed"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="who has a file open is read from /proc")
def test_an_old_lock_that_somebody_still_holds_is_left_alone(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS 13: a process has it open; https://github.com/gitbutlerapp/gitbutler/issues/5390."""
    monkeypatch.setattr(commits_module, "_LOCK_WAITS", (0.01, 0.01))
    lock = base / LOCKED
    yesterday = time.time() - 86_400
    with lock.open("w"):
        os.utime(lock, (yesterday, yesterday))
        assert save(base, NEW, NEW_WORDS, save_id="one").is_committed
        assert lock.exists()
    assert _arrives(base)
    assert is_in_peace(base)


@pytest.mark.parametrize(
    "damage", [b"", b"DIRC", b"not an index at all, but long enough to be read as one", None], ids=repr
)
def test_an_index_that_git_cannot_read_is_built_anew(base: Path, damage: bytes | None) -> None:
    """FAULTS S6, corrupt index: https://github.com/smykla-skalski/klaudiush/pull/109."""
    index = base / ".git" / "index"
    data = index.read_bytes()
    index.write_bytes(data[: len(data) // 2] if damage is None else damage)
    assert save(base, NEW, NEW_WORDS, save_id="one").is_committed
    assert is_kept(base, NEW, NEW_WORDS, "one")
    assert sorted(git(base, "ls-files").splitlines()) == sorted(
        git(base, "ls-tree", "-r", "--name-only", "HEAD").splitlines()
    )
    assert is_in_peace(base)


def test_a_git_that_is_killed_in_the_middle_of_a_commit(base: Path, tmp_path: Path) -> None:
    """FAULTS 13, 15: the lock it leaves does not stop the save, which arrives once.

    https://github.com/gitbutlerapp/gitbutler/issues/5390
    """
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "git").write_text(
        f"#!/bin/sh\nfor word; do test \"$word\" = commit && touch '{base / LOCKED}' && kill -9 $$; done\n"
        f'PATH="${{PATH#*:}}" exec git "$@"\n'
    )
    (programs / "git").chmod(0o755)
    path = os.environ["PATH"]
    os.environ["PATH"] = f"{programs}{os.pathsep}{path}"
    try:
        save(base, NEW, NEW_WORDS, save_id="one")
    finally:
        os.environ["PATH"] = path
    (base / LOCKED).unlink()
    assert _arrives(base)
    assert is_kept(base, NEW, NEW_WORDS, "one")
    assert git(base, "log", "-1", "--format=%an") == ANA.name
