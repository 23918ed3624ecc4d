"""How latencies, updates and interface gaps are measured.

Engines take turns query by query, and another one begins each time, so that whatever else
the machine does falls on all of them. *Warm* is the second and later touch of a query,
with all other queries in between. *Cold* is the first touch in an index opened anew, to
which no word of the query has been put before; one search for a word that no entry has
comes first, so that opening itself is not counted. Cold concerns what the engine keeps in
memory: the files are in the system's cache, as they are after any build.

Every loop ends when its budget of seconds is spent, but not before a least number of
queries; how many there were stands beside the figures.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import count, cycle

from benchmarks.corpus import Document, Kind, Query
from benchmarks.engines.base import Engine, Row
from benchmarks.figures import Figures, Tally, figures

LIMIT = 20
"""Rows asked for."""

_LEAST = 30
_TICK = 0.005
"""Seconds between two looks of the interface at the clock in a storm (SEARCH.md 4)."""

_SLICE = 1.0
_PATIENCE = 10.0
"""Seconds after which an update that no search shows is an error."""

_SETTLE = Query(Kind.KEYWORD, "zqxjkvw")

Engines = Mapping[str, Engine]


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that a piece of work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def reopen(engines: Engines) -> None:
    """Open every index anew and clear away what the earlier opening has left."""
    for engine in engines.values():
        engine.close()
        engine.open()
        engine.search(_SETTLE, LIMIT)
    gc.collect()


def cold(engines: Engines, queries: Sequence[Query], batch: int, budget: float) -> dict[str, Figures]:
    """Return the latency of first touches.

    Args:
        engines: to be measured, by name.
        queries: all of one kind.
        batch: queries between two openings; with 1, none of a query's words was ever seen before.
        budget: seconds.
    """
    times: dict[str, list[float]] = {name: [] for name in engines}
    for turn, query in _within(queries, budget):
        if turn % batch == 0:
            reopen(engines)
        for name, seconds, _ in _in_turn(engines, query, turn):
            times[name].append(seconds)
    return {name: figures(values) for name, values in times.items()}


def warm(
    engines: Engines, queries: Sequence[Query], ids: frozenset[str], repeats: int, budget: float
) -> tuple[dict[str, Figures], dict[str, Tally]]:
    """Return the latency of later touches, and what the first ones found.

    Args:
        engines: to be measured, by name; open.
        queries: all of one kind.
        ids: of the corpus, for the queries whose answers are known.
        repeats: touches after the first.
        budget: seconds for all touches.
    """
    times: dict[str, list[float]] = {name: [] for name in engines}
    tallies = {name: Tally() for name in engines}
    touched = []
    for turn, query in _within(queries, budget / (repeats + 1)):
        touched.append(query)
        for name, _, rows in _in_turn(engines, query, turn):
            _count(tallies[name], query, rows, ids)
    for _ in range(repeats):
        for turn, query in enumerate(touched):
            for name, seconds, _rows in _in_turn(engines, query, turn):
                times[name].append(seconds)
    return {name: figures(values) for name, values in times.items()}, tallies


def _within(queries: Sequence[Query], budget: float) -> Iterator[tuple[int, Query]]:
    deadline = time.monotonic() + budget
    for turn, query in enumerate(queries):
        if turn >= _LEAST and time.monotonic() > deadline:
            return
        yield turn, query


def _in_turn(engines: Engines, query: Query, turn: int) -> Iterator[tuple[str, float, list[Row]]]:
    """Put one query to every engine, another one first each time."""
    names = list(engines)
    first = turn % len(names)
    for name in names[first:] + names[:first]:
        engine = engines[name]
        if turn % engine.every:
            continue
        started = time.perf_counter()
        rows = engine.search(query, LIMIT)
        yield name, time.perf_counter() - started, rows


def _count(tally: Tally, query: Query, rows: Sequence[Row], ids: frozenset[str]) -> None:
    known = query.relevant & ids
    tally.queries += 1
    tally.rows += len(rows)
    tally.known += bool(known)
    tally.found += any(row.id in known for row in rows)


def updates(engines: Engines, documents: Sequence[Document], number: int) -> dict[str, Figures]:
    """Return how long one changed entry takes until a search for its new word shows it."""
    able = {name: engine for name, engine in engines.items() if engine.has_updates}
    times: dict[str, list[float]] = {name: [] for name in able}
    step = max(len(documents) // number, 1)
    for turn, document in enumerate(documents[::step][:number]):
        word = _new_word(turn)
        changed = replace(document, question=f"{document.question} {word}")
        for name, engine in able.items():
            times[name].append(timed(partial(_until_visible, engine, changed, word)))
    return {name: figures(values) for name, values in times.items()}


def _until_visible(engine: Engine, changed: Document, word: str) -> None:
    engine.update(changed)
    deadline = time.monotonic() + _PATIENCE
    while changed.id not in {row.id for row in engine.search(Query(Kind.KEYWORD, word), LIMIT)}:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{type(engine).__name__} does not show an update of {changed.id}")


def _new_word(number: int) -> str:
    """Return a word that no entry has, of letters only, so that no engine cuts it up."""
    return "zq" + "".join(chr(ord("a") + int(digit)) for digit in f"{number:04d}") + "xk"


def gaps(engine: Engine, queries: Sequence[Query], seconds: float) -> tuple[Figures, Figures, int]:
    """Return how late a thread wakes that wants to look every 5 ms while another one searches without a pause.

    Slices of a second take turns with slices in which the other thread only counts. Counting
    shows what Python (it changes threads every 5 ms) and the machine (a process that holds
    the interpreter may have to wait for a core) do to any worker thread.

    Returns:
        Lateness beside searches, lateness beside counting, and the number of searches.
    """
    questions = cycle(queries)
    number = count()
    beside_searches: list[float] = []
    beside_counting: list[float] = []
    searches = 0

    def search() -> None:
        nonlocal searches
        engine.search(next(questions), LIMIT)
        searches += 1

    for _ in range(max(round(seconds / _SLICE), 1)):
        beside_searches += _lateness_beside(search)
        beside_counting += _lateness_beside(lambda: next(number))
    return figures(beside_searches), figures(beside_counting), searches


def _lateness_beside(work: Callable[[], object]) -> list[float]:
    """Return how late this thread wakes in one slice while another one does some work over and over."""
    done = threading.Event()

    def work_on() -> None:
        while not done.is_set():
            work()

    worker = threading.Thread(target=work_on)
    worker.start()
    late = _lateness(_SLICE)
    done.set()
    worker.join()
    return late


def _lateness(seconds: float) -> list[float]:
    late = []
    end = time.perf_counter() + seconds
    while (now := time.perf_counter()) < end:
        time.sleep(_TICK)
        late.append(max(time.perf_counter() - now - _TICK, 0.0))
    return late
