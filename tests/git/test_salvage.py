"""A clone whose store is damaged: nobody deletes anything, and no word is lost (FAULTS 3)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kbtui.entry.file_format import change, read
from kbtui.entry.model import EntryChange
from kbtui.errors import RefusedError
from kbtui.git.salvage import Salvage, damage
from kbtui.mending import mend
from tests.git.saves import NEW, NEW_WORDS, is_in_peace, save, saver_of
from tests.helpers import (
    ANA,
    BEN,
    PASSWORD,
    REFUND,
    environment,
    git,
    in_head,
    parts_of,
    repository_of,
    run_git,
    run_kbtui,
    save_ids,
    status,
)


def _loose(base: Path, name: str) -> Path:
    commit = git(base, "rev-parse", name)
    return base / ".git" / "objects" / commit[:2] / commit[2:]


def _damage(file: Path, how: str) -> None:
    file.chmod(0o644)
    if how == "gone":
        file.unlink()
    else:
        file.write_bytes(b"" if how == "empty" else file.read_bytes()[:-4] + b"oops")


def _with_remote(base: Path, tmp_path: Path) -> Path:
    git(tmp_path, "clone", "-q", "--bare", str(base), "remote.git")
    git(tmp_path, "clone", "-q", "--no-hardlinks", str(tmp_path / "remote.git"), "clone")
    return tmp_path / "clone"


def _is_sound(base: Path) -> bool:
    assert run_git(base, "fsck", "--strict").returncode == 0
    assert damage(repository_of(base)) == ""
    return True


@pytest.mark.parametrize("how", ["empty", "corrupt", "gone"])
@pytest.mark.parametrize("what", ["HEAD", "HEAD^{tree}", f"HEAD:{NEW}"])
def test_a_damaged_clone_is_set_aside_and_made_anew_from_the_remote(
    base: Path, tmp_path: Path, what: str, how: str
) -> None:
    """FAULTS 3: https://github.com/Vinzent03/obsidian-git/issues/567, https://github.com/Staubgeborener/Klipper-Backup/issues/126.

    The save is in no other clone, and the journal has forgotten it: only the working folder still has its words.
    """
    clone = _with_remote(base, tmp_path)
    save(clone, NEW, NEW_WORDS, save_id="one")
    _damage(_loose(clone, what), how)
    assert damage(repository_of(clone))
    done = mend(clone, environment())
    assert any("damaged" in words for words in done), done
    assert in_head(clone, NEW) == NEW_WORDS
    assert _is_sound(clone)
    assert is_in_peace(clone)
    assert git(clone, "rev-parse", "--abbrev-ref", "HEAD") == "main"
    assert git(clone, "config", "remote.origin.url").endswith("remote.git")
    (aside,) = (parts_of(clone).state / "damaged").iterdir()
    assert (aside / "HEAD").exists()
    assert save(clone, REFUND, b"# Other words\n", (clone / REFUND).read_bytes()).is_committed


@pytest.mark.parametrize("how", ["empty", "corrupt"])
def test_without_a_remote_the_newest_whole_commit_and_the_folder_are_put_together(base: Path, how: str) -> None:
    """FAULTS 3, salvage: https://github.com/Vinzent03/obsidian-git/issues/567."""
    save(base, NEW, NEW_WORDS, save_id="one")
    there = (base / REFUND).read_bytes()
    mine = change(there, EntryChange(answer="Ten days."))
    save(base, REFUND, mine, there, save_id="two")
    _damage(_loose(base, "HEAD"), how)
    mend(base, environment())
    assert (in_head(base, NEW), in_head(base, REFUND)) == (NEW_WORDS, mine)
    assert save_ids(base).count("one") == 1, "the history before the damage is kept"
    assert git(base, "log", "-1", "--format=%an") == "kbtui", "nobody is credited with what kbtui brought back"
    assert _is_sound(base)
    assert is_in_peace(base)


def test_what_the_remote_has_can_be_had_again_and_no_commit_is_lost(base: Path, tmp_path: Path) -> None:
    clone = _with_remote(base, tmp_path)
    head = git(clone, "rev-parse", "HEAD")
    git(clone, "unpack-objects", "-q", given=_unpacked(clone), check=False)
    _damage(_loose(clone, "HEAD^{tree}"), "empty")
    done = mend(clone, environment())
    assert any("no commit was lost" in words for words in done), done
    assert git(clone, "rev-parse", "HEAD") == head
    assert _is_sound(clone)


def _unpacked(clone: Path) -> bytes:
    """Take the packs of a clone out of its store; return the bytes of the one there was, if there was one."""
    packs = list((clone / ".git" / "objects" / "pack").glob("*.pack"))
    data = packs[0].read_bytes() if packs else b""
    for file in (clone / ".git" / "objects" / "pack").iterdir():
        file.unlink()
    return data


def test_an_object_that_holds_another_one_s_bytes_is_not_believed(base: Path) -> None:
    """FAULTS 3, after a crash a disk may hand out somebody else's blocks: https://git-scm.com/docs/git-fsck."""
    save(base, NEW, NEW_WORDS, save_id="one")
    victim = _loose(base, f"HEAD:{NEW}")
    victim.chmod(0o644)
    victim.write_bytes(_loose(base, f"HEAD:{REFUND}").read_bytes())
    assert damage(repository_of(base))
    mend(base, environment())
    assert in_head(base, NEW) == NEW_WORDS
    assert _is_sound(base)


def test_saves_that_wait_and_pending_refs_survive(base: Path) -> None:
    """FAULTS 3, replays the journal and refs/kbtui/*: https://github.com/Staubgeborener/Klipper-Backup/issues/126."""
    _damage(_loose(base, f"HEAD:{REFUND}"), "empty")
    _damage(_loose(base, "HEAD"), "empty")
    saved = save(base, NEW, NEW_WORDS, save_id="one")
    assert not saved.is_committed
    assert (base / NEW).read_bytes() == NEW_WORDS
    mend(base, environment())
    assert in_head(base, NEW) == NEW_WORDS
    assert in_head(base, REFUND) == (base / REFUND).read_bytes()
    assert git(base, "log", "-1", "--format=%an", "--", NEW) == ANA.name
    assert _is_sound(base)


def test_what_the_team_did_meanwhile_is_merged_not_rolled_back(base: Path, tmp_path: Path) -> None:
    """FAULTS 3, 36: https://github.com/GitJournal/GitJournal/issues/241."""
    clone = _with_remote(base, tmp_path)
    other = tmp_path / "other"
    git(tmp_path, "clone", "-q", str(tmp_path / "remote.git"), "other")
    there = (base / REFUND).read_bytes()
    save(other, REFUND, change(there, EntryChange(owner="Priya Nair")), there, person=BEN)
    save(other, PASSWORD, b"# Ben's words\n", (base / PASSWORD).read_bytes(), person=BEN)
    git(other, "push", "-q", "origin", "main")
    save(clone, REFUND, change(there, EntryChange(answer="Ten days.")), there)
    _damage(_loose(clone, "HEAD"), "empty")
    shutil.rmtree(clone / ".git" / "logs")
    mend(clone, environment())
    entry = read(REFUND, in_head(clone, REFUND) or b"")
    assert (entry.answer, entry.owner) == ("Ten days.", "Priya Nair")
    assert in_head(clone, PASSWORD) == (clone / PASSWORD).read_bytes() == b"# Ben's words\n"
    assert is_in_peace(clone)


def test_what_was_fetched_and_not_merged_yet_is_not_rolled_back(base: Path, tmp_path: Path) -> None:
    """FAULTS 3, 36: what the folder is compared with is what it came from; https://github.com/GitJournal/GitJournal/issues/241."""
    clone = _with_remote(base, tmp_path)
    git(tmp_path, "clone", "-q", str(tmp_path / "remote.git"), "other")
    other = tmp_path / "other"
    there = (base / REFUND).read_bytes()
    theirs = change(there, EntryChange(answer="Ten days."))
    save(other, REFUND, theirs, there, person=BEN)
    git(other, "push", "-q", "origin", "main")
    git(clone, "fetch", "-q")
    save(clone, NEW, NEW_WORDS, save_id="one")
    _damage(_loose(clone, "HEAD"), "empty")
    mend(clone, environment())
    assert in_head(clone, REFUND) == (clone / REFUND).read_bytes() == theirs
    assert in_head(clone, NEW) == NEW_WORDS
    assert is_in_peace(clone)


def test_the_last_of_several_saves_of_the_same_words_stays_alone(base: Path, tmp_path: Path) -> None:
    """FAULTS 3: nobody conflicts with themselves; https://github.com/Staubgeborener/Klipper-Backup/issues/126."""
    clone = _with_remote(base, tmp_path)
    words = (base / REFUND).read_bytes()
    for number, answer in enumerate(("Ten days.", "Twelve days.")):
        before, words = words, change(words, EntryChange(answer=answer))
        save(clone, REFUND, words, before, save_id=f"save{number}")
    _damage(_loose(clone, "HEAD"), "empty")
    mend(clone, environment())
    assert in_head(clone, REFUND) == (clone / REFUND).read_bytes() == words
    assert list(clone.rglob("*.variant.md")) == []
    assert is_in_peace(clone)


def test_a_store_that_others_need_is_left_alone(base: Path, tmp_path: Path) -> None:
    """FAULTS S4: a linked work tree shares it; https://github.com/j178/prek/issues/2505."""
    git(base, "worktree", "add", "-q", "-b", "other", str(tmp_path / "tree"))
    parts = parts_of(base)
    with pytest.raises(RefusedError, match="more than this folder needs it"):
        Salvage(parts.repository, parts.files, parts.journal, tmp_path / "shelf").run()


def test_a_whole_store_is_not_touched(base: Path) -> None:
    before = sorted(path for path in (base / ".git" / "objects").rglob("*"))
    assert not any("store" in words for words in mend(base, environment()))
    assert sorted(path for path in (base / ".git" / "objects").rglob("*")) == before


def test_a_rep_is_told_that_the_work_is_safe_and_doctor_mends_it(base: Path) -> None:
    """FAULTS 3: "Needs your lead (K03), your work is safe"; https://github.com/Vinzent03/obsidian-git/issues/567."""
    env = {"KBTUI_PERSON": str(ANA)}
    _damage(_loose(base, "HEAD^{tree}"), "empty")
    ran = run_kbtui("ask", "Do you sell spare parts?", cwd=base, env=env)
    assert ran.status == 8
    assert "code K03" in ran.out
    assert "safe" in ran.err
    ran = run_kbtui("doctor", cwd=base, env=env)
    assert "git's store is damaged (code K03); your work is safe." in ran.out
    ran = run_kbtui("doctor", "--fix", cwd=base, env=env)
    assert (ran.status, "made anew" in ran.out) == (0, True), ran.out
    assert "Do you sell spare parts?" in git(base, "grep", "-h", "spare", "HEAD")
    assert saver_of(base).drain() == {}
    assert status(base) == ""
