"""Our scorer beside Whoosh's: the same best entries, found without looking at most of the others (SEARCH.md 1)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from whoosh.query import Or, Term
from whoosh.reading import IndexReader
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from kbtui.entry.model import Entry
from kbtui.search.analysis import QueryWord
from kbtui.search.forms import Form, Kind, Word
from kbtui.search.index import SearchIndex
from kbtui.search.postings import K1
from kbtui.search.schema import WORDS
from kbtui.search.scorer import rank, rarity
from tests.data import data_or_skip
from tests.search.entries import STAMP, indexed
from tests.search.scale import scale_entries, scale_questions

BEST = 20


class _SameRarity(BM25F):  # type: ignore[misc]
    """Whoosh's BM25F with the rarity that kbtui uses: that of the entries there are, deleted ones left out."""

    def idf(self, searcher: Searcher, fieldname: str, text: bytes) -> float:
        reader = searcher.reader()
        live = [*reader.postings(fieldname, text).all_ids()] if (fieldname, text) in reader else []
        return rarity(searcher.doc_count(), len(live))


def whooshs_best(reader: IndexReader, terms: list[str]) -> list[tuple[int, float]]:
    """Return what Whoosh's own searcher finds for any of the terms, every hit scored, the best first."""
    searcher = Searcher(reader, weighting=_SameRarity(B=0.0, K1=K1))  # closing it would close the reader
    found = searcher.search(Or([Term(WORDS, term) for term in terms]), limit=None)
    scores = [(found.docnum(place), found.score(place)) for place in range(found.scored_length())]
    return sorted(scores, key=lambda pair: (-pair[1], pair[0]))[:BEST]


def our_best(index: SearchIndex, terms: list[str]) -> list[tuple[int, float]]:
    """Return what our scorer finds for the same terms, whatever words an entry lacks."""
    words = [Word(QueryWord(term, (term,)), (Form((term,), Kind.WORD, 1.0),)) for term in terms]
    impossible = Word(QueryWord("?", ("?",)))  # no entry has all words, so none stands above for having them
    with index._finding() as finder:
        ranking = rank(finder.view, [*words, impossible], BEST)
    assert ranking is not None
    return [*ranking.best]


def assert_same(ours: list[tuple[int, float]], theirs: list[tuple[int, float]], terms: list[str]) -> None:
    """Compare two lists; entries with the same score may change places, and at the end be others."""
    assert [score for _, score in ours] == pytest.approx([score for _, score in theirs], rel=1e-4), terms
    last = theirs[-1][1] if theirs else 0.0
    certain = {document for document, score in theirs if score > last * 1.0001}
    assert certain <= {document for document, _ in ours}, terms


@pytest.fixture(scope="module")
def thousands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    scale = data_or_skip("scale")
    with indexed(tmp_path_factory.mktemp("scale"), scale_entries(scale, 2_000)) as index:
        yield index


def test_the_same_best_twenty_as_whooshs_bm25f(thousands: SearchIndex) -> None:
    """SEARCH.md 1: the same top 20, here on 500 real customers' questions."""
    with thousands._finding() as finder:
        reader = finder.view.reader
        for question in scale_questions(data_or_skip("scale"), 500):
            words = finder._analyser.query(question)
            terms = [word.terms[0] for word in words if not word.is_filler]
            if terms:
                assert_same(our_best(thousands, terms), whooshs_best(reader, terms), terms)


def test_the_same_best_over_several_segments_with_entries_gone(tmp_path: Path) -> None:
    chance = random.Random(4)
    every = [_random_entry(number, chance) for number in range(400)]
    with indexed(tmp_path, every[:150]) as index:
        for place in range(150, 400, 50):
            index.apply([(each, STAMP) for each in every[place : place + 50]], [])
        index.apply([], [each.path for each in every[::9]])
        with index._finding() as finder:
            assert len(finder.view.segments) > 1
            assert finder.view.deleted
            reader = finder.view.reader
            for _ in range(100):
                terms = chance.sample([f"w{n}x" for n in range(40)], chance.randint(1, 6))
                assert_same(our_best(index, terms), whooshs_best(reader, terms), terms)


def _random_entry(number: int, chance: random.Random) -> Entry:
    words = [f"w{min(int(chance.expovariate(0.15)), 39)}x" for _ in range(chance.randint(3, 40))]
    return Entry(f"r{number}.md", f"r{number}", " ".join(words[:4]), plain=" ".join(words[4:]))
