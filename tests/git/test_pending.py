"""Saves that the branch cannot take yet: in a ref of their own, and grafted as soon as it can."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kbtui.entry.file_format import change, read
from kbtui.entry.model import EntryChange
from kbtui.git import commits as commits_module
from tests.git.saves import NEW, NEW_WORDS, is_in_peace, is_kept, save, saver_of
from tests.git.unfinished import EVERY, MERGE, diverge
from tests.helpers import (
    ANA,
    BEN,
    LEAD,
    REFUND,
    git,
    in_head,
    journal_of,
    opened,
    parts_of,
    record,
    repository_of,
    run_git,
    save_ids,
    status,
)


def _refs(base: Path) -> list[str]:
    refs = git(base, "for-each-ref", "--format=%(refname)", "refs/kbtui").splitlines()
    return [ref.removeprefix("refs/kbtui/pending/") for ref in refs]


def _blob(base: Path, ref: str, path: str) -> bytes:
    return run_git(base, "cat-file", "blob", f"refs/kbtui/pending/{ref}:{path}", check=True).stdout


def _without_journal(base: Path) -> None:
    """Lose everything this computer keeps beside the clone."""
    shutil.rmtree(parts_of(base).state)


@pytest.mark.parametrize("name", EVERY)
def test_what_waits_is_in_git_too_and_is_grafted_without_the_journal(base: Path, name: str) -> None:
    """FAULTS 16, 19, pending ref and graft: https://github.com/dendronhq/dendron/issues/2280."""
    diverge(base)
    EVERY[name].begin(base)
    there = (base / REFUND).read_bytes()
    mine = change(there, EntryChange(answer="Ten days."))
    save(base, NEW, NEW_WORDS, save_id="one")
    save(base, REFUND, mine, there, save_id="two", person=BEN)
    assert _refs(base) == ["one", "two"]
    assert (_blob(base, "one", NEW), _blob(base, "two", REFUND)) == (NEW_WORDS, mine)
    assert git(base, "log", "-1", "--format=%an", "refs/kbtui/pending/two") == BEN.name
    _without_journal(base)
    git(base, *EVERY[name].end)
    git(base, "checkout", "-q", "--", ".")
    git(base, "clean", "-fdq")
    assert all(saved.is_committed for saved in saver_of(base).drain().values())
    assert is_kept(base, NEW, NEW_WORDS, "one")
    assert is_kept(base, REFUND, mine, "two")
    assert git(base, "log", "-1", "--format=%an", "--", REFUND) == BEN.name
    assert _refs(base) == []
    assert is_in_peace(base)


def test_whose_words_they_are_as_well_is_known_from_the_ref_alone(base: Path) -> None:
    """FAULTS 67: the credit for a version that was chosen does not hang on this computer's journal."""
    there = (base / REFUND).read_bytes()
    git(base, "checkout", "-q", "--detach")
    chosen = record(REFUND, change(there, EntryChange(answer="Ten days.")), there, save_id="one")
    saver_of(base).save(chosen._replace(with_people=(BEN, LEAD)))
    _without_journal(base)
    git(base, "checkout", "-qf", "main")
    assert saver_of(base).drain()["one"].is_committed
    named = git(base, "log", "-1", "--format=%(trailers:key=Co-authored-by,valueonly)", "--", REFUND)
    assert named.split("\n")[:2] == [str(BEN), str(LEAD)]


def test_a_waiting_save_survives_the_garbage_collector(base: Path) -> None:
    """FAULTS 22: what hangs on no branch is not thrown away; https://github.com/git-for-windows/git/issues/500."""
    git(base, "checkout", "-q", "--detach")
    save(base, NEW, NEW_WORDS, save_id="one")
    _without_journal(base)
    git(base, "gc", "-q", "--prune=now")
    git(base, "clean", "-fdq")
    git(base, "checkout", "-q", "main")
    assert repository_of(base).has_pending()
    assert saver_of(base).drain()["one"].is_committed
    assert is_kept(base, NEW, NEW_WORDS, "one")
    assert not repository_of(base).has_pending()


def test_a_graft_merges_with_what_others_did_meanwhile(base: Path) -> None:
    """FAULTS 5, 19: value by value, from a ref alone; https://github.com/gollum/gollum/pull/1349."""
    there = (base / REFUND).read_bytes()
    git(base, "checkout", "-q", "--detach")
    save(base, REFUND, change(there, EntryChange(answer="Ten days.")), there, save_id="one")
    _without_journal(base)
    git(base, "checkout", "-qf", "main")
    save(base, REFUND, change(there, EntryChange(owner="Priya Nair")), there, save_id="two", person=BEN)
    saver_of(base).drain()
    entry = read(REFUND, in_head(base, REFUND) or b"")
    assert (entry.answer, entry.owner) == ("Ten days.", "Priya Nair")
    assert sorted(save_ids(base)) == ["one", "two"]
    assert is_in_peace(base)


def test_contested_words_wait_with_their_variant(base: Path) -> None:
    """FAULTS 41: both versions stand in the ref; https://github.com/vrtmrz/obsidian-livesync/issues/994."""
    there = (base / REFUND).read_bytes()
    save(base, REFUND, change(there, EntryChange(answer="Three days.")), there, person=BEN, save_id="two")
    diverge(base)
    MERGE.begin(base)
    mine = change(there, EntryChange(answer="Ten days."))
    saved = save(base, REFUND, mine, there, save_id="one")
    assert saved.variant
    assert _blob(base, "one", saved.variant) == mine
    _without_journal(base)
    git(base, *MERGE.end)
    git(base, "clean", "-fdq")
    saver_of(base).drain()
    assert in_head(base, saved.variant) == mine
    assert read(REFUND, in_head(base, REFUND) or b"").answer == "Three days."
    assert is_in_peace(base)


def test_a_branch_that_is_locked_sends_saves_to_a_ref(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS 14: https://github.com/jesseduffield/lazygit/blob/master/pkg/commands/git_cmd_obj_runner.go."""
    monkeypatch.setattr(commits_module, "_LOCK_WAITS", (0.01, 0.01))
    lock = base / ".git" / "refs" / "heads" / "main.lock"
    lock.touch()
    assert not save(base, NEW, NEW_WORDS, save_id="one").is_committed
    assert _refs(base) == ["one"]
    lock.unlink()
    assert saver_of(base).drain()["one"].is_committed
    assert _refs(base) == []
    assert is_kept(base, NEW, NEW_WORDS, "one")


def test_a_ref_whose_save_has_arrived_by_another_way_is_dropped(base: Path) -> None:
    """FAULTS 71: nothing is sent twice; https://github.com/fluxcd/image-automation-controller/issues/450."""
    git(base, "checkout", "-q", "--detach")
    save(base, NEW, NEW_WORDS, save_id="one")
    _without_journal(base)
    git(base, "clean", "-fdq")
    git(base, "checkout", "-q", "main")
    git(base, "merge", "-q", "refs/kbtui/pending/one")
    assert saver_of(base).drain() == {}
    assert _refs(base) == []
    assert save_ids(base) == ["one"]


def test_no_ref_is_left_where_nothing_waits(base: Path) -> None:
    save(base, NEW, NEW_WORDS, save_id="one")
    assert _refs(base) == []
    assert not repository_of(base).has_pending()


# The wrong branch


def _with_remote(base: Path, tmp_path: Path) -> Path:
    """Give the base a remote whose default branch is main, as `git clone` leaves it."""
    git(tmp_path, "clone", "-q", "--bare", str(base), "remote.git")
    git(tmp_path, "clone", "-q", str(tmp_path / "remote.git"), "clone")
    return tmp_path / "clone"


def test_nothing_is_committed_on_a_branch_that_is_not_the_team_s(base: Path, tmp_path: Path) -> None:
    """FAULTS S3, 16: https://github.com/mengsig/dockmaster/issues/189."""
    clone = _with_remote(base, tmp_path)
    git(clone, "checkout", "-q", "-b", "feature-x", "--no-track", "origin/main")
    saved = save(clone, NEW, NEW_WORDS, save_id="one")
    assert not saved.is_committed
    assert saved.waiting_for == "the branch main in this folder (needs your lead, code K04)"
    assert git(clone, "rev-parse", "feature-x") == git(clone, "rev-parse", "main")
    assert [each.content for each in journal_of(clone).pending()] == [NEW_WORDS]
    with opened(clone) as knowledge:
        assert knowledge.get(NEW).answer == "Yes, ask for the list."
    git(clone, "checkout", "-q", "main")
    assert saver_of(clone).drain()["one"].is_committed
    assert git(clone, "branch", "--format=%(refname:short)", "--contains", "HEAD") == "main"
    assert is_in_peace(clone)


def test_a_branch_that_follows_the_team_s_will_do(base: Path, tmp_path: Path) -> None:
    """FAULTS S3: what is saved there goes where everybody's goes; https://github.com/mengsig/dockmaster/issues/189."""
    clone = _with_remote(base, tmp_path)
    git(clone, "checkout", "-q", "-b", "mine", "--track", "origin/main")
    assert save(clone, NEW, NEW_WORDS).is_committed


def test_a_team_may_say_which_branch_is_theirs(base: Path, tmp_path: Path) -> None:
    """FAULTS S3: https://github.com/mengsig/dockmaster/issues/189."""
    clone = _with_remote(base, tmp_path)
    git(clone, "config", "kbtui.branch", "words")
    assert not save(clone, NEW, NEW_WORDS, save_id="one").is_committed
    git(clone, "checkout", "-q", "-b", "words")
    assert saver_of(clone).drain()["one"].is_committed


def test_a_base_without_a_remote_has_no_wrong_branch(base: Path) -> None:
    git(base, "checkout", "-q", "-b", "anything")
    assert save(base, NEW, NEW_WORDS).is_committed
    assert status(base) == ""
    assert git(base, "log", "-1", "--format=%an") == ANA.name
