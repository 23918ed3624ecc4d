"""How well a search finds what was meant, on real questions with known answers, beside SQLite FTS5 in the same run.

    python -m benchmarks.retrieval --data ../shared/data
    python -m benchmarks.retrieval --data ../shared/data --model wordllama --json figures.json

`success@k`: a right entry is among the first k rows. MRR: the mean of one over its place.
nDCG@10: likewise, by discounted gain. "No answer": how well the score of the first row
tells questions that have an answer from those that have none (AUROC; 0.5 is guessing).
`--model` adds kbtui with the semantic extra; it may be given several times.

Weights were chosen on stackfaq; see docs/performance.md for what was seen of the others.
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

from benchmarks import sets
from benchmarks.metrics import auroc, ndcg, reciprocal_rank, success
from benchmarks.sets import JudgedSet
from kbtui.entry.model import Entry
from kbtui.search import meaning
from kbtui.search.index import SearchIndex
from kbtui.search.wanted import Wanted
from kbtui.store.files import Stamp

Ranked = tuple[list[str], float]
"""Ids, best first, and the score of the first."""

Ranker = Callable[[str], Ranked]
Opened = Callable[[Sequence[Entry]], AbstractContextManager[Ranker]]

_EVERY = 200
"""Rows asked for: more than any set has entries."""

_MEASURES = ("success@1", "success@5", "success@10", "MRR", "nDCG@10")


def main() -> None:
    """Measure every set and print its rows as soon as they are there."""
    options = _options()
    figures = []
    print("| set | search | " + " | ".join(_MEASURES) + " | no answer |\n|---|---|" + "---|" * 6)
    for judged in _sets(options.data):
        for name, opened in _searches(options.model):
            with opened(judged.entries) as ranker:
                row = {"set": judged.name, "search": name} | _figures(judged, ranker)
            figures.append(row)
            print(_row(row), flush=True)
    pairs = _duplicates(options.data)
    print("\nSame question or not, by closeness (AUROC): " + ", ".join(f"{n} {v:.3f}" for n, v in pairs.items()))
    if options.json:
        options.json.write_text(json.dumps({"sets": figures, "duplicates": pairs}, indent=2) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder in which stackfaq/, support_kb/, ... are")
    parser.add_argument("--model", action="append", default=[], help="wordllama, or the folder of an ONNX model")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    return parser.parse_args()


def _sets(data: Path) -> Iterator[JudgedSet]:
    yield sets.faq(data, "stackfaq")
    yield sets.faq(data, "support_kb")
    yield from (sets.banking(data, phrasings) for phrasings in (1, 3, 5, 10))
    yield sets.clinc(data)
    yield from sets.hint(data)


def _searches(models: Sequence[str]) -> list[tuple[str, Opened]]:
    with_model = [(f"kbtui, {Path(model).name}", partial(_own, model=model)) for model in models]
    return [("kbtui", _own), *with_model, ("FTS5 porter, question x5", _fts5)]


@contextmanager
def _own(entries: Sequence[Entry], model: str = "") -> Iterator[Ranker]:
    with tempfile.TemporaryDirectory(prefix="kbtui-benchmark-") as folder:
        index = SearchIndex(Path(folder) / "index", "en")
        index.rebuild((entry, Stamp(1, 1)) for entry in entries)
        if model:
            index.use(meaning.load(model))
            index.understand()

        def rank(text: str) -> Ranked:
            found = index.search(text, Wanted(limit=_EVERY, snippets=0))
            hits = found.hits if found else ()
            return [hit.card.id for hit in hits], hits[0].score if hits else 0.0

        try:
            yield rank
        finally:
            index.close()


@contextmanager
def _fts5(entries: Sequence[Entry]) -> Iterator[Ranker]:
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE entry USING fts5(id UNINDEXED, question, answer, tokenize='porter unicode61')"
    )
    rows = [(entry.id, " \n".join((entry.question, *entry.asked_as)), entry.answer) for entry in entries]
    database.executemany("INSERT INTO entry VALUES (?, ?, ?)", rows)

    def rank(text: str) -> Ranked:
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", text))
        query = "SELECT id, bm25(entry, 0, 5, 1) AS score FROM entry WHERE entry MATCH ? ORDER BY score"
        found = database.execute(query, (words,)).fetchall() if words else []
        return [name for name, _ in found], -found[0][1] if found else 0.0

    try:
        yield rank
    finally:
        database.close()


def _figures(judged: JudgedSet, ranker: Ranker) -> dict[str, float]:
    answered: list[tuple[list[str], frozenset[str]]] = []
    scores: list[float] = []
    outside: list[float] = []
    for query in judged.queries:
        ranking, score = ranker(query.text)
        if query.relevant:
            answered.append((ranking, query.relevant))
            scores.append(score)
        else:
            outside.append(score)
    every = len(answered)
    means = {
        "success@1": sum(success(r, relevant, 1) for r, relevant in answered) / every,
        "success@5": sum(success(r, relevant, 5) for r, relevant in answered) / every,
        "success@10": sum(success(r, relevant, 10) for r, relevant in answered) / every,
        "MRR": sum(reciprocal_rank(r, relevant) for r, relevant in answered) / every,
        "nDCG@10": sum(ndcg(r, relevant) for r, relevant in answered) / every,
    }
    return means | ({"no answer": auroc(scores, outside)} if outside else {})


def _row(row: dict[str, float | str]) -> str:
    values = [f"{100 * float(row[measure]):.1f}" for measure in _MEASURES]
    no_answer = f"{float(row['no answer']):.3f}" if "no answer" in row else ""
    return f"| {row['set']} | {row['search']} | {' | '.join(values)} | {no_answer} |"


def _duplicates(data: Path) -> dict[str, float]:
    """Return how well closeness tells pairs of one question from pairs of two, in the base of all first questions."""
    pairs = sets.duplicate_pairs(data)
    firsts = {text: f"q{number}" for number, text in enumerate(dict.fromkeys(one for one, _, _ in pairs))}
    entries = [Entry(f"{name}.md", name, text) for text, name in firsts.items()]
    found: dict[str, float] = {}
    for name, opened in (("kbtui", _own), ("FTS5", _fts5)):
        with opened(entries) as ranker:
            found[name] = _pairs_told_apart(pairs, firsts, ranker)
    return found


def _pairs_told_apart(pairs: Sequence[tuple[str, str, bool]], firsts: dict[str, str], ranker: Ranker) -> float:
    same: list[float] = []
    other: list[float] = []
    for one, two, is_same in pairs[::4]:
        ranking, _ = ranker(two)
        place = ranking.index(firsts[one]) + 1 if firsts[one] in ranking else len(firsts)
        (same if is_same else other).append(1 / place)
    return auroc(same, other)


if __name__ == "__main__":
    main()
