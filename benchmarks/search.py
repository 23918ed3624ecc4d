"""How fast kbtui finds, builds and updates, beside what else one could use, in the same run.

Measured beside kbtui: SQLite FTS5 in two variants, tantivy, ripgrep, and, if asked for,
Whoosh as its quick start uses it. The module of each engine in `benchmarks/engines` says
how it is set up; `benchmarks/measure.py` says what cold, warm and gap mean. Read the
ratios, not the milliseconds.

    python -m benchmarks.search --data ../shared/data
    python -m benchmarks.search --data ../shared/data --sizes 100000 --json figures.json

Needs the optional dependencies `bench`, and `rg` on the path; what is missing is said and
left out. Everything is made in a temporary folder, which needs about 1.5 GB for 100,000 entries.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks import corpus, measure, memory, report
from benchmarks.corpus import Document, Kind, Query
from benchmarks.engines import NAMES, OWN, kind_of
from benchmarks.engines.base import Engine
from benchmarks.engines.own import Own
from benchmarks.figures import SizeResult

_FOR_MEMORY = 100
"""Queries of each kind after which the memory is looked at."""

_STOCK = "stock Whoosh"


def main() -> None:
    """Measure every size asked for and print its table as soon as it is there."""
    options = _options()
    left_out = _left_out(options)
    names = [name for name in NAMES if name not in left_out]
    for sentence in left_out.values():
        print(sentence)
    print(report.heading(names), flush=True)
    queries = corpus.queries(options.data, options.queries)
    results = []
    for size in options.sizes:
        with tempfile.TemporaryDirectory(prefix="kbtui-benchmark-", dir=options.temporary) as folder:
            results.append(_measured(size, names, queries, Path(folder), options))
        print("\n" + report.table(results[-1], names), flush=True)
        if options.json:
            text = json.dumps(report.as_json(results, names, list(left_out.values())), indent=2)
            options.json.write_text(text + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder in which scale/generate.py is")
    parser.add_argument("--sizes", type=_sizes, default=[1_000, 10_000], help="entries, such as 1000,10000,100000")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    parser.add_argument("--queries", type=int, default=200, help="queries of each kind")
    parser.add_argument("--repeats", type=int, default=3, help="touches after the first that are measured")
    parser.add_argument("--cold-batch", type=int, default=1, help="queries between two openings of the index")
    parser.add_argument("--budget", type=float, default=30, help="seconds for each kind, cold and warm, at each size")
    parser.add_argument("--updates", type=int, default=60, help="entries updated, one after the other")
    parser.add_argument("--storm", type=float, default=6, help="seconds of searching without a pause")
    parser.add_argument("--without", type=_names, default=(), help="engines to leave out, separated by commas")
    parser.add_argument("--stock-whoosh", action="store_true", help="also Whoosh used naively, up to 10,000 entries")
    parser.add_argument("--temporary", type=Path, help="where the temporary folders are made")
    return parser.parse_args()


def _sizes(text: str) -> list[int]:
    return [int(size) for size in text.split(",")]


def _names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if unknown := set(names) - set(NAMES[1:]):
        raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: there are {', '.join(NAMES[1:])}")
    return names


def _left_out(options: argparse.Namespace) -> dict[str, str]:
    """Return the engines not measured, each with the reason."""
    reasons = {name: kind_of(name).missing() for name in NAMES}
    reasons |= {name: f"{name} was left out, as asked." for name in options.without}
    if not options.stock_whoosh:
        reasons[_STOCK] = f"{_STOCK} is measured with --stock-whoosh only."
    return {name: reason for name, reason in reasons.items() if reason}


def _measured(
    size: int, names: Sequence[str], queries: dict[Kind, list[Query]], place: Path, options: argparse.Namespace
) -> SizeResult:
    """Return all figures of one size. Updates come last: they change the indexes."""
    base, documents = place / "base", corpus.documents(options.data, size)
    corpus.write_base(options.data, size, base)
    result = SizeResult(size, sum(file.stat().st_size for file in base.glob("*/*.md")))
    own = Own(place)
    engines: dict[str, Engine] = {name: own if name == OWN else kind_of(name)(place) for name in _fitting(names, size)}
    _build(result, engines, own, documents)
    _look_at_memory(result, engines, queries, place)
    gc.collect()
    gc.freeze()  # the corpus held here is no load for the engines
    _search(result, engines, queries, frozenset(item.id for item in documents), options)
    _storm(result, own, queries, options.storm)
    _tell(f"{size:,}: updates")
    result.updates = measure.updates(engines, documents, options.updates)
    for engine in engines.values():
        engine.close()
    gc.unfreeze()
    return result


def _fitting(names: Sequence[str], size: int) -> list[str]:
    """Return the engines that are tried with so many entries."""
    largest = {name: kind_of(name).largest for name in names}
    return [name for name, most in largest.items() if most is None or size <= most]


def _build(result: SizeResult, engines: dict[str, Engine], own: Own, documents: Sequence[Document]) -> None:
    for name, engine in engines.items():
        _tell(f"{result.size:,}: build, {name}")
        seconds = measure.timed(partial(engine.build, documents))
        if engine.has_index:
            result.build[name], result.disk[name] = seconds, engine.size()
    _tell(f"{result.size:,}: build from memory")
    result.build_from_memory = own.build_from_memory()


def _look_at_memory(
    result: SizeResult, engines: dict[str, Engine], queries: dict[Kind, list[Query]], place: Path
) -> None:
    if sentence := memory.missing():
        print(sentence)
        return
    some = [query for kind in queries.values() for query in kind[:_FOR_MEMORY]]
    for name, engine in engines.items():
        if engine.has_index:
            _tell(f"{result.size:,}: memory, {name}")
            result.memory[name] = memory.of_engine(
                name, place, [q for n, q in enumerate(some) if n % engine.every == 0]
            )


def _search(
    result: SizeResult,
    engines: dict[str, Engine],
    queries: dict[Kind, list[Query]],
    ids: frozenset[str],
    options: argparse.Namespace,
) -> None:
    for kind, some in queries.items():
        _tell(f"{result.size:,}: {kind}, first touch")
        result.cold[kind] = measure.cold(engines, some, options.cold_batch, options.budget)
    measure.reopen(engines)
    for kind, some in queries.items():
        _tell(f"{result.size:,}: {kind}, warm")
        result.warm[kind], result.tallies[kind] = measure.warm(engines, some, ids, options.repeats, options.budget)


def _storm(result: SizeResult, own: Own, queries: dict[Kind, list[Query]], seconds: float) -> None:
    _tell(f"{result.size:,}: storm")
    mixed = [query for together in zip(*queries.values(), strict=False) for query in together]
    result.gap_storm, result.gap_counting, result.storm_searches = measure.gaps(own, mixed, seconds)


def _tell(words: str) -> None:
    """Say on standard error what is going on."""
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
