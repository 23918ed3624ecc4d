"""Postings are decoded by blocks, as Whoosh's own matchers would give them, and kept within bounds."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kbtui.search import postings
from kbtui.search.index import SearchIndex
from kbtui.search.postings import Decoder, PostingsCache, View, by_blocks, walked
from kbtui.search.schema import BEGINNINGS, WORDS
from tests.search.entries import STAMP, entries, entry, hits, indexed

MANY = 3_000
"""Enough entries for posting lists of several blocks."""


@contextmanager
def _many(folder: Path) -> Iterator[SearchIndex]:
    questions = [f"Refund number {n}" + " late" * (n % 3) for n in range(MANY)]
    with indexed(folder, entries(questions)) as index:
        yield index


def _leaves(index: SearchIndex) -> list[tuple[Any, int]]:
    with index._finding() as finder:
        return [*finder.view.reader.leaf_readers()]


@pytest.mark.parametrize(("field", "term"), [(WORDS, b"refund"), (WORDS, b"late"), (WORDS, b"7"), (BEGINNINGS, b"re")])
def test_blocks_say_what_the_matcher_says(tmp_path: Path, field: str, term: bytes) -> None:
    """SEARCH.md, "Pointers": the private names of Whoosh are what they were taken for."""
    with _many(tmp_path) as index:
        for leaf, _ in _leaves(index):
            assert by_blocks(leaf, field, term) == walked(leaf, field, term)


def test_lists_of_several_segments_are_one_list(tmp_path: Path) -> None:
    every = entries([f"Refund {n}" for n in range(60)])
    with indexed(tmp_path, every[:20]) as index:
        for place in range(20, 60, 10):
            index.apply([(each, STAMP) for each in every[place : place + 10]], [])
        with index._finding() as finder:
            assert len(finder.view.segments) > 1, "one segment proves nothing"
            found = finder.view.postings(WORDS, "refund").documents
            assert {finder.view.path(document) for document in found} == {each.path for each in every}
            assert sorted(found) == list(found)


def test_a_whoosh_that_says_something_else_is_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SEARCH.md, "Pointers": a self-check compares, and falls back."""
    monkeypatch.setattr(postings, "by_blocks", lambda *_: (array("I", [0, 1]), array("f", [1.0, 1.0])))
    monkeypatch.setattr(postings, "DECODER", decoder := Decoder())
    with indexed(tmp_path, entries(["Refund?", "Parcel?", "Refund, late?"])) as index:
        assert set(hits(index, "refund")) == {"a0.md", "a2.md"}
    assert not decoder.by_blocks


def _shorter(found: postings.Decoded) -> postings.Decoded:
    return found[0][:-1], found[1][:-1]


def _elsewhere(found: postings.Decoded) -> postings.Decoded:
    """Return a list in which what follows the first block is another one."""
    return found[0][:1_100] + array("I", [number + 1 for number in found[0][1_100:]]), found[1]


def _heavier(found: postings.Decoded) -> postings.Decoded:
    return found[0], array("f", [2 * weight for weight in found[1]])


@pytest.mark.parametrize("wrong", [_shorter, _elsewhere, _heavier])
def test_a_long_list_that_is_wrong_anywhere_is_noticed_by_its_beginning_or_its_length(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: Callable[[postings.Decoded], postings.Decoded]
) -> None:
    with _many(tmp_path) as index:
        ((leaf, _),) = _leaves(index)
        right = walked(leaf, WORDS, b"refund")
        assert len(right[0]) == MANY
        assert Decoder().read(leaf, WORDS, b"refund") == right
        monkeypatch.setattr(postings, "by_blocks", lambda *which: wrong(by_blocks(*which)))
        decoder = Decoder()
        assert decoder.read(leaf, WORDS, b"refund") == right
        assert not decoder.by_blocks


@pytest.mark.parametrize("trouble", [AttributeError, TypeError, ValueError, KeyError])
def test_a_whoosh_with_other_names_is_walked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: type[Exception]
) -> None:
    def raises(*_: object) -> None:
        raise trouble

    monkeypatch.setattr(postings, "by_blocks", raises)
    monkeypatch.setattr(postings, "DECODER", decoder := Decoder())
    with indexed(tmp_path, entries(["Refund?", "Parcel?"])) as index:
        assert hits(index, "refund") == ["a0.md"]
        index.apply([(entry("a0.md", "Voucher?"), STAMP)], [])
        assert hits(index, "refund") == []
        assert hits(index, "voucher") == ["a0.md"]
    assert not decoder.by_blocks


def test_deleted_entries_do_not_make_blocks_look_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with indexed(tmp_path, entries([f"Refund {n}" for n in range(50)])) as index:
        index.apply([], [f"a{n}.md" for n in range(0, 50, 7)])
        monkeypatch.setattr(postings, "DECODER", decoder := Decoder())
        index.close()
        assert len(hits(index, "refund", 100)) == 50 - 8
    assert decoder.by_blocks


def test_what_is_kept_is_capped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SEARCH.md, "Pointers": a cache capped by postings; uncapped it grew to a gigabyte."""
    monkeypatch.setattr(postings, "CACHED_POSTINGS", 5_000)
    with _many(tmp_path) as index:
        cache = PostingsCache()
        for leaf, offset in _leaves(index):
            for term in leaf.lexicon(WORDS):
                cache.get(leaf, offset, "segment", WORDS, term)
        kept = sum(len(each) + 8 for each in cache._lists.values())
        assert 0 < kept == cache._count <= 5_000


def test_a_segment_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    with indexed(tmp_path, entries(["Refund?"])) as index:
        cache = PostingsCache()
        ((leaf, offset),) = _leaves(index)
        cache.get(leaf, offset, "old", WORDS, b"refund")
        cache.keep({"new"})
        assert (len(cache._lists), cache._count) == (0, 0)


def test_a_view_stays_as_it_was(tmp_path: Path) -> None:
    """SEARCH.md R5: a reader keeps its state while others commit."""
    with indexed(tmp_path, entries(["Refund?", "Parcel?"])) as index:
        with index._finding() as finder:
            view: View = finder.view
        before = view.documents(WORDS, "refund")
        own, index._open = index._open, None  # what another process does: this one does not know
        assert own is not None
        index.apply([(entry("b.md", "Refund, refund"), STAMP)], ["a0.md"])
        assert view.documents(WORDS, "refund") == before
        assert hits(index, "refund") == ["b.md"]
        own.close()
