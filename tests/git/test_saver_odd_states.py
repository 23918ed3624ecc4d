"""Locks that others hold, work that others left unfinished: a save is acknowledged, waits, and arrives."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from kbtui.entry.file_format import change
from kbtui.entry.model import EntryChange
from kbtui.git import saver as saver_module
from tests.git.saves import NEW, NEW_WORDS, is_in_peace, is_kept, save, saver_of
from tests.git.unfinished import DETACHED, EVERY, MERGE, diverge
from tests.helpers import ANA, PASSWORD, REFUND, git, in_head, journal_of, run_git, save_ids, status

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


def test_a_lock_that_somebody_holds_is_left_alone_and_the_save_arrives_later(base: Path) -> None:
    """FAULTS 9, 12: and a lead's plain commit in between takes nothing away."""
    lock = base / LOCKED
    lock.touch()
    started = time.monotonic()
    saved = save(base, NEW, NEW_WORDS, save_id="one")
    assert (saved.is_committed, saved.waiting_for) == (False, "git to be ready")
    assert time.monotonic() - started > 2.0, "it gave up sooner than lazygit does"
    assert lock.exists(), "somebody else's fresh lock was removed"
    assert [each.content for each in journal_of(base).pending()] == [NEW_WORDS]
    lock.unlink()
    git(base, "commit", "-q", "--allow-empty", "-m", "a lead's")
    assert _arrives(base)
    assert is_kept(base, NEW, NEW_WORDS, "one")
    assert is_in_peace(base)


@pytest.mark.parametrize("name", ["HEAD.lock", "refs/heads/main.lock"])
def test_a_branch_that_is_locked_makes_a_save_wait(base: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS 14: https://github.com/jesseduffield/lazygit/blob/master/pkg/commands/git_cmd_obj_runner.go."""
    monkeypatch.setattr(saver_module, "_LOCK_WAITS", (0.01, 0.01))
    lock = base / ".git" / name
    lock.touch()
    assert not save(base, NEW, NEW_WORDS, save_id="one").is_committed
    lock.unlink()
    assert _arrives(base)
    assert is_kept(base, NEW, NEW_WORDS, "one")
    assert is_in_peace(base)


def test_a_lock_left_by_a_crash_does_not_stop_saving_for_ever(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS 13: it is old, unchanged and nobody has it open; https://github.com/Vinzent03/obsidian-git/issues/186."""
    monkeypatch.setattr(saver_module, "_LOCK_WAITS", (0.01, 0.01))
    lock = base / LOCKED
    lock.touch()
    yesterday = time.time() - 86_400
    os.utime(lock, (yesterday, yesterday))
    save(base, NEW, NEW_WORDS, save_id="one")
    for _ in range(3):
        saver_of(base).drain()
    assert in_head(base, NEW) == NEW_WORDS


def test_a_git_that_is_killed_in_the_middle_of_a_commit(base: Path, tmp_path: Path) -> None:
    """FAULTS 13, 15: the lock it leaves makes the save wait; when that is gone the save arrives, once."""
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
        assert not save(base, NEW, NEW_WORDS, save_id="one").is_committed
    finally:
        os.environ["PATH"] = path
    (base / LOCKED).unlink()
    assert _arrives(base)
    assert is_kept(base, NEW, NEW_WORDS, "one")
    assert git(base, "log", "-1", "--format=%an") == ANA.name
