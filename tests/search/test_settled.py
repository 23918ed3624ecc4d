"""`kbtui.search.settled`: a folder is looked through again only when something in it may have changed."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from kbtui.search.index import SearchIndex
from kbtui.search.settled import NEVER, settled
from tests.search.entries import STAMP, entry, hits, indexed

LONG_AGO = time.time() - 3_600


def _age(folder: Path) -> None:
    """Have a folder have been left alone for an hour."""
    os.utime(folder, (LONG_AGO, LONG_AGO))


def test_what_has_just_changed_is_never_settled(tmp_path: Path) -> None:
    """Another change within the same tick of the file system's clock would not show."""
    (tmp_path / "a").touch()
    assert settled(tmp_path) == NEVER


def test_a_folder_left_alone_stays_as_it_is_until_something_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 1_000.0)
    _age(tmp_path)
    state = settled(tmp_path)
    assert settled(tmp_path) == state != NEVER
    for change in ((tmp_path / "a").touch, lambda: (tmp_path / "a").rename(tmp_path / "b"), (tmp_path / "b").unlink):
        change()
        assert settled(tmp_path) != state
        _age(tmp_path)
        assert settled(tmp_path) == state


def test_a_folder_is_looked_through_again_now_and_then_whatever_its_time_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _age(tmp_path)
    monkeypatch.setattr(time, "monotonic", lambda: 1_000.0)
    state = settled(tmp_path)
    monkeypatch.setattr(time, "monotonic", lambda: 1_011.0)
    assert settled(tmp_path) != state


def test_a_folder_that_is_gone_is_never_settled(tmp_path: Path) -> None:
    assert settled(tmp_path / "none") == NEVER


def test_a_search_of_an_old_index_sees_what_another_program_commits(tmp_path: Path) -> None:
    with indexed(tmp_path, [entry("a.md", "Where is my refund?", "Wait."), entry("b.md", "Else")]) as index:
        folders = [tmp_path / "index", *tmp_path.rglob("gen-*")]
        [*map(_age, folders)]
        assert hits(index, "refund")
        other = SearchIndex(tmp_path / "index", "en")
        other.apply([(entry("c.md", "Another refund?", "Wait."), STAMP)], [])
        assert len(hits(index, "refund")) == 2
        [*map(_age, folders)]
        other.apply([], ["a.md", "c.md"])
        assert not hits(index, "refund")
        [*map(_age, folders)]
        other.rebuild([(entry("d.md", "My refund?", "Wait."), STAMP)])
        assert hits(index, "refund") == ["d.md"]
        other.close()


def test_who_rebuilds_searches_what_was_built_whatever_time_the_file_system_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Folders of some file systems keep their times; the index that was searched before is not there any more."""
    monkeypatch.setattr("kbtui.search.generations.settled", lambda _: (1, 1.0))
    with indexed(tmp_path, [entry("a.md", "Where is my refund?")]) as index:
        assert hits(index, "refund") == ["a.md"]
        index.rebuild([(entry("b.md", "Where is my refund?"), STAMP)])
        assert hits(index, "refund") == ["b.md"]
        other = SearchIndex(tmp_path / "index", "en")
        assert hits(other, "refund") == ["b.md"]
        index.rebuild([(entry("c.md", "Where is my refund?"), STAMP)])
        other.apply([(entry("d.md", "Where is my refund?"), STAMP)], [])
        assert sorted(hits(index, "refund")) == ["c.md", "d.md"]
        other.close()
