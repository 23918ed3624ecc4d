"""Segments: few are left, few are written again, and an open index sees exactly what is there now."""

from __future__ import annotations

import random
from pathlib import Path
from unittest.mock import patch

from whoosh.reading import SegmentReader

from kbtui.search import segments
from kbtui.search.index import SearchIndex
from tests.search.entries import STAMP, entries, entry, hits, indexed


def test_an_open_index_sees_what_another_has_changed_and_merged(tmp_path: Path) -> None:
    """Whoosh's own way to take over open readers went on finding what was deleted, and segments that were merged."""
    with indexed(tmp_path, entries([f"Question {number} about refunds" for number in range(30)])) as open_one:
        other = SearchIndex(tmp_path / "index", "en")
        assert len(hits(open_one, "refunds", 50)) == 30
        for number in range(30):
            other.apply([(entry(f"a{number}.md", f"Something else {number}"), STAMP)], [])
            found = open_one.search("refunds")
            assert found is not None
            assert (found.total, len(hits(open_one, "refunds", 50))) == (29 - number, 29 - number)
            assert len(hits(open_one, "something else", 50)) == number + 1
        other.close()


def test_after_many_changes_the_index_finds_what_one_built_anew_finds(tmp_path: Path) -> None:
    chance = random.Random(3)
    texts = {f"a{number}.md": f"word{number % 7} again" for number in range(40)}
    with indexed(tmp_path, [entry(path, text) for path, text in texts.items()]) as index:
        for turn in range(90):
            path = f"a{chance.randrange(60)}.md"
            if chance.random() < 0.2:
                texts.pop(path, None)
                index.apply([], [path])
            else:
                texts[path] = f"word{turn % 7} again"
                index.apply([(entry(path, texts[path]), STAMP)], [])
        with index._finding() as finder:
            assert finder.view.live == len(texts)
            assert len(finder.view.segments) < 3 * segments._ALIKE
        for number in range(7):
            wanted = {path for path, text in texts.items() if text.startswith(f"word{number} ")}
            assert {*hits(index, f'"word{number} again"', 100)} == wanted


def test_an_entry_is_written_again_a_few_times_only(tmp_path: Path) -> None:
    """The merging that saves pay for: all in all, each of n entries once for each power of eight up to n."""
    merged: list[int] = []
    built = indexed(tmp_path, entries(["How are refunds made?"] * 100))
    with built as index, patch.object(segments, "SegmentReader", _counting(merged)):
        for number in range(72):
            index.apply([(entry(f"b{number}.md", f"Question {number}"), STAMP)], [])
    assert sum(merged) <= 72 * 3
    assert merged, "nothing was merged"


def _counting(merged: list[int]) -> type:
    class Counting(SegmentReader):  # type: ignore[misc]
        def iter_docs(self) -> object:
            merged.append(self.doc_count())
            return super().iter_docs()

    return Counting


def test_a_path_that_is_deleted_and_written_in_one_change_is_there_once(tmp_path: Path) -> None:
    with indexed(tmp_path, entries(["How are refunds made?"])) as index:
        index.apply([(entry("a0.md", "How are refunds paid?"), STAMP)], ["a0.md", "a0.md", "never.md"])
        found = index.search("refunds")
        assert found is not None
        assert (found.total, [hit.card.question for hit in found.hits]) == (1, ["How are refunds paid?"])
