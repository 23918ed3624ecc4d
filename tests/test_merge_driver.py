"""A lead's plain git merges entries value by value, where that was installed; nothing depends on it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kbtui.doctor import examine
from kbtui.entry.file_format import change, read
from kbtui.entry.model import EntryChange
from kbtui.git import merge_driver
from tests.helpers import BEN, REFUND, environment, git, repository_of, run_git, run_kbtui, status, write_files

pytestmark = pytest.mark.skipif(os.name == "nt", reason="leads' merges run through a shell")


@pytest.fixture
def installed(base: Path) -> Path:
    assert "value by value in plain git: live" in run_kbtui("--kb", base, "hooks", "install").out
    return base


def _two_sides(base: Path, one: EntryChange, other: EntryChange) -> bytes:
    """Change the entry on main and on a branch called side; return what both began with."""
    there = (base / REFUND).read_bytes()
    git(base, "switch", "-qc", "side")
    write_files(base, {REFUND: change(there, other)})
    git(base, "commit", "-qam", "other", by=BEN)
    git(base, "switch", "-q", "main")
    write_files(base, {REFUND: change(there, one)})
    git(base, "commit", "-qam", "one")
    return there


ONE, OTHER = EntryChange(tags=("refunds", "one"), owner="Ana"), EntryChange(tags=("refunds", "returns", "two"))


@pytest.mark.parametrize("how", [("merge", "-q", "side"), ("rebase", "-q", "side"), ("cherry-pick", "side")])
def test_two_changes_of_one_entry_merge_by_value(installed: Path, how: tuple[str, ...]) -> None:
    """Both have changed the line of the tags: git alone would stop."""
    _two_sides(installed, ONE, OTHER)
    git(installed, *how)
    entry = read(REFUND, (installed / REFUND).read_bytes())
    assert (set(entry.tags), entry.owner) == ({"refunds", "one", "two"}, "Ana")
    assert status(installed) == ""


def test_without_it_plain_git_stops(base: Path) -> None:
    _two_sides(base, ONE, OTHER)
    assert run_git(base, "merge", "-q", "side").returncode == 1


def test_words_that_both_have_changed_are_git_s_usual_conflict(installed: Path) -> None:
    _two_sides(installed, EntryChange(answer="Three days."), EntryChange(answer="Seven days."))
    assert run_git(installed, "merge", "-q", "side").returncode == 1
    text = (installed / REFUND).read_text()
    assert text.count("<<<<<<< ours\nThree days.\n=======\nSeven days.\n>>>>>>> theirs") == 1, text
    assert status(installed).startswith("UU ")


def test_a_text_merge_that_does_not_parse_is_a_conflict(installed: Path) -> None:
    """FAULTS 42: both sides add the same key in different places, and its values differ."""
    there = (installed / REFUND).read_text()
    git(installed, "switch", "-qc", "side")
    write_files(installed, {REFUND: there.replace("id: refund22\n", "id: refund22\ncheck_by: 2027-01-01\n")})
    git(installed, "commit", "-qam", "other")
    git(installed, "switch", "-q", "main")
    write_files(installed, {REFUND: there.replace("owner: Mateo Ruiz\n", "owner: Mateo Ruiz\ncheck_by: 2027-02-02\n")})
    git(installed, "commit", "-qam", "one")
    assert run_git(installed, "merge", "-q", "side").returncode == 1
    text = (installed / REFUND).read_text()
    assert text.startswith("<<<<<<< ours\n---\n")
    assert text.endswith(">>>>>>> theirs\n")


@pytest.mark.parametrize("broken", ["/no/such/python", "/bin/false"])
def test_a_driver_that_breaks_leaves_git_s_usual_merge(installed: Path, broken: str) -> None:
    git(installed, "config", "kbtui.python", broken)
    _two_sides(installed, EntryChange(answer="Three days."), EntryChange(answer="Seven days."))
    assert run_git(installed, "merge", "-q", "side").returncode == 1
    assert "<<<<<<< ours\nThree days.\n=======\nSeven days.\n>>>>>>> theirs" in (installed / REFUND).read_text()
    git(installed, "merge", "--abort")
    git(installed, "reset", "-q", "--hard", "HEAD~1")
    there = (installed / REFUND).read_text()
    write_files(installed, {REFUND: there.replace("where is my money", "where is my refund")})
    git(installed, "commit", "-qam", "elsewhere")
    git(installed, "merge", "-q", "-m", "merged", "side")
    assert "Seven days." in (installed / REFUND).read_text()


def test_other_files_are_merged_as_text(installed: Path) -> None:
    write_files(installed, {".gitattributes": "*.txt merge=kbtui\n", "notes.txt": "1\n2\n3\n4\n5\n6\n7\n"})
    git(installed, "add", "-A")
    git(installed, "commit", "-qm", "notes")
    git(installed, "switch", "-qc", "side")
    write_files(installed, {"notes.txt": "one\n2\n3\n4\n5\n6\n7\n"})
    git(installed, "commit", "-qam", "first")
    git(installed, "switch", "-q", "main")
    write_files(installed, {"notes.txt": "1\n2\n3\n4\n5\n6\nseven\n"})
    git(installed, "commit", "-qam", "last")
    git(installed, "merge", "-q", "-m", "merged", "side")
    assert (installed / "notes.txt").read_text() == "one\n2\n3\n4\n5\n6\nseven\n"


def test_it_stands_in_this_clone_alone_and_can_be_taken_out(base: Path) -> None:
    place = base / ".git" / "info" / "attributes"
    place.parent.mkdir(exist_ok=True)
    place.write_text("*.pdf binary")
    run_kbtui("--kb", base, "hooks", "install")
    run_kbtui("--kb", base, "hooks", "install")
    assert place.read_text().count("merge=kbtui") == 1
    assert status(base) == ""
    assert _doctor(base).startswith("A merge by hand merges entries value by value")
    run_kbtui("--kb", base, "hooks", "remove")
    assert place.read_text() == "*.pdf binary\n"
    assert run_git(base, "config", "--get-regexp", "^merge[.]kbtui").stdout == b""
    assert _doctor(base).startswith("A merge by hand merges entries as text")


def _doctor(base: Path) -> str:
    return next(each.words for each in examine(base, environment()) if each.name == "plain git")


def test_a_base_in_a_folder_has_its_own_files_merged_only(base: Path) -> None:
    folder = base / "a kb [1]"
    write_files(folder, {"kb.toml": 'name = "Inner"\n'})
    merge_driver.install(repository_of(folder))
    asked = git(base, "check-attr", "merge", "--", "a kb [1]/x/y.md", "a kb [1]/y.md", REFUND)
    assert [line.rpartition(": ")[2] for line in asked.splitlines()] == ["kbtui", "kbtui", "unspecified"]
