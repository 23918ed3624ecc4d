"""Our scorer beside Whoosh's own on the same index: the same best twenty, and how much sooner.

    python -m benchmarks.scorer --data ../shared/data --entries 10000 --queries 500

Whoosh's side is its `Searcher` with BM25F of the same parameters and the same rarity, every hit scored
(`limit=None`, since with a limit it sometimes drops a true hit). Ours is `kbtui.search.scorer.rank`.
Both get the same terms, all words of real customers' questions.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from whoosh.query import Or, Term
from whoosh.reading import IndexReader
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from benchmarks import corpus
from kbtui.entry.model import Entry
from kbtui.search.analysis import QueryWord
from kbtui.search.finder import Finder
from kbtui.search.forms import Form, Kind, Word
from kbtui.search.index import SearchIndex
from kbtui.search.postings import K1
from kbtui.search.schema import WORDS
from kbtui.search.scorer import rank, rarity
from kbtui.store.files import Stamp

Scored = list[tuple[int, float]]

_BEST = 20


class SameRarity(BM25F):  # type: ignore[misc]
    """Whoosh's BM25F with the rarity that kbtui uses."""

    def idf(self, searcher: Searcher, fieldname: str, text: bytes) -> float:
        """Return the rarity of a term."""
        return rarity(searcher.doc_count_all(), searcher.doc_frequency(fieldname, text))


def main() -> None:
    """Compare, and print how often and how fast."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kbtui-benchmark-") as folder:
        index = SearchIndex(Path(folder) / "index", "en")
        index.rebuild((_entry(each), Stamp(1, 1)) for each in corpus.documents(options.data, options.entries))
        with index._finding() as finder:  # noqa: SLF001 - the scorer has no other door
            _compare(finder, _questions(options.data, options.queries))
        index.close()


def _entry(document: corpus.Document) -> Entry:
    return Entry(f"{document.id}.md", document.id, document.question, document.answer, plain=document.answer)


def _questions(data: Path, count: int) -> list[str]:
    lines = (data / "scale" / "queries_2000.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["query"] for line in lines[:: max(len(lines) // count, 1)]][:count]


def _compare(finder: Finder, questions: list[str]) -> None:
    reader: IndexReader = finder.view.reader
    searcher = Searcher(reader, weighting=SameRarity(B=0.0, K1=K1))
    same, ours_s, theirs_s = 0, [], []
    for question in questions:
        words = finder._analyser.query(question)  # noqa: SLF001
        terms = [*dict.fromkeys(word.terms[0] for word in words)]
        ours, seconds = _timed(partial(_ours, finder, terms))
        ours_s.append(seconds)
        theirs, seconds = _timed(partial(_whooshs, searcher, terms))
        theirs_s.append(seconds)
        same += _are_same(ours, theirs)
    print(f"same best {_BEST}: {same} of {len(questions)}")
    for name, times in (("ours", ours_s), ("Whoosh's", theirs_s)):
        print(f"{name}: p50 {1000 * statistics.median(times):.2f} ms, mean {1000 * statistics.mean(times):.2f} ms")
    print(f"ratio of medians {statistics.median(theirs_s) / statistics.median(ours_s):.1f}", end=", ")
    print(f"of means {statistics.mean(theirs_s) / statistics.mean(ours_s):.1f}")


def _timed(work: Callable[[], Scored]) -> tuple[Scored, float]:
    started = time.perf_counter()
    found = work()
    return found, time.perf_counter() - started


def _ours(finder: Finder, terms: list[str]) -> Scored:
    words = [Word(QueryWord(term, (term,)), (Form((term,), Kind.WORD, 1.0),)) for term in terms]
    ranking = rank(finder.view, [*words, Word(QueryWord("?", ("?",)))], _BEST)  # no entry has all: none stands above
    return [*ranking.best] if ranking else []


def _whooshs(searcher: Searcher, terms: list[str]) -> Scored:
    found = searcher.search(Or([Term(WORDS, term) for term in terms]), limit=None)
    scores = [(found.docnum(place), found.score(place)) for place in range(min(found.scored_length(), 3 * _BEST))]
    return sorted(scores, key=lambda pair: (-pair[1], pair[0]))[:_BEST]


def _are_same(ours: Scored, theirs: Scored) -> bool:
    """Whether both found the same; entries with the same score may change places, and at the end be others."""
    if len(ours) != len(theirs):
        return False
    alike = all(abs(one - two) <= 1e-4 * max(one, 1) for (_, one), (_, two) in zip(ours, theirs, strict=True))
    last = theirs[-1][1] * 1.0001 if theirs else 0.0
    return alike and {d for d, score in theirs if score > last} <= {d for d, _ in ours}


if __name__ == "__main__":
    main()
