"""A file that git does not know, where an entry is to land: both stay, and the others land (FAULTS S2)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kbtui.entry.file_format import change, read
from kbtui.entry.model import EntryChange
from kbtui.mending import mend
from tests.git.saves import NEW, NEW_WORDS, is_in_peace, is_kept, save, saver_of
from tests.helpers import BEN, PASSWORD, REFUND, environment, git, in_head, parts_of, save_ids, write_files

OWN = b"# How do I reset my password?\n\nAsk us.\n"
LEADS = b"# Do you sell spare parts?\n\nOnly for washing machines.\n"


def _variants(base: Path) -> list[bytes]:
    return [path.read_bytes() for path in base.rglob("*.variant.md")]


def test_a_graft_does_not_replace_a_file_that_is_in_its_way(base: Path) -> None:
    """FAULTS S2: https://github.com/gitgitgadget/git/issues/759."""
    there = (base / REFUND).read_bytes()
    mine = change(there, EntryChange(answer="Ten days."))
    git(base, "checkout", "-q", "--detach")
    save(base, NEW, NEW_WORDS, save_id="one", person=BEN)
    save(base, REFUND, mine, there, save_id="two", person=BEN)
    shutil.rmtree(parts_of(base).state)
    git(base, "checkout", "-qf", "main")
    git(base, "clean", "-fdq")
    write_files(base, {NEW: LEADS})
    assert all(saved.is_committed for saved in saver_of(base).drain().values())
    kept = [in_head(base, NEW), *_variants(base)]
    assert sorted(read(NEW, words or b"").answer for words in kept) == [
        "Only for washing machines.",
        "Yes, ask for the list.",
    ]
    assert is_kept(base, REFUND, mine, "two"), "one path in the way has held up the rest"
    assert save_ids(base).count("one") == 1
    assert is_in_peace(base)


@pytest.mark.parametrize("is_known", [False, True])
def test_what_a_remote_brings_does_not_replace_a_file_that_is_in_its_way(
    base: Path, tmp_path: Path, is_known: bool
) -> None:
    """FAULTS S2, while a damaged store is made anew: https://github.com/gitgitgadget/git/issues/759."""
    git(tmp_path, "clone", "-q", "--bare", str(base), "remote.git")
    git(tmp_path, "clone", "-q", "--no-hardlinks", "remote.git", "clone")
    git(tmp_path, "clone", "-q", "remote.git", "other")
    clone, other = tmp_path / "clone", tmp_path / "other"
    save(other, NEW, NEW_WORDS, person=BEN)
    there = (other / REFUND).read_bytes()
    theirs = change(there, EntryChange(answer="Ten days."))
    save(other, REFUND, theirs, there, person=BEN)
    git(other, "push", "-q", "origin", "main")
    if is_known:
        git(clone, "fetch", "-q")
    save(clone, PASSWORD, OWN, (clone / PASSWORD).read_bytes())
    lost = git(clone, "rev-parse", "HEAD")
    (clone / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    write_files(clone, {NEW: LEADS})
    mend(clone, environment())
    kept = [in_head(clone, NEW), *_variants(clone)]
    assert sorted(read(NEW, words or b"").answer for words in kept) == [
        "Only for washing machines.",
        "Yes, ask for the list.",
    ]
    assert in_head(clone, REFUND) == (clone / REFUND).read_bytes() == theirs
    assert in_head(clone, PASSWORD) == OWN
    assert is_in_peace(clone)
