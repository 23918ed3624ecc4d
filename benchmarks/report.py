"""The figures as Markdown tables for people and as one JSON object for programs."""

from __future__ import annotations

import datetime as dt
import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TypeVar

from benchmarks.corpus import Kind
from benchmarks.engines import OWN, kind_of
from benchmarks.figures import Figures, SizeResult, Tally, ratio
from benchmarks.targets import Verdict, verdicts

T = TypeVar("T")

_NONE = "–"
_MEGABYTE = 1_000_000


def heading(names: Sequence[str]) -> str:
    """Return what was measured, with which versions, and where."""
    versions = "; ".join(f"{name}: {kind_of(name).version()}" for name in names)
    return f"Python {platform.python_version()}, {_cores()} cores, {_today()}. {versions}"


def table(result: SizeResult, names: Sequence[str]) -> str:
    """Return one Markdown table, a column for each engine, then the verdicts."""
    title = f"### {result.size:,} entries ({result.markdown / _MEGABYTE:.1f} MB of Markdown)"
    head = [["", *names], ["---"] * (len(names) + 1)]
    lines = ["| " + " | ".join(row) + " |" for row in [*head, *_rows(result, names)]]
    return "\n".join([title, "", *lines, "", *_gap_lines(result), "", *_verdict_lines(result)])


def as_json(results: Sequence[SizeResult], names: Sequence[str], left_out: Sequence[str]) -> dict[str, object]:
    """Return everything, machine-readable: milliseconds for latencies, seconds for builds, bytes."""
    return {
        "date": _today(),
        "python": platform.python_version(),
        "cores": _cores(),
        "versions": {name: kind_of(name).version() for name in names},
        "left_out": list(left_out),
        "sizes": [asdict(result) | {"ratios": _ratios(result), "targets": _judged(result)} for result in results],
    }


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _today() -> str:
    return dt.datetime.now(dt.UTC).date().isoformat()


def _rows(result: SizeResult, names: Sequence[str]) -> Iterator[list[str]]:
    yield ["build, s", *_cells(names, result.build, _number)]
    yield ["build from entries in memory, s", *_cells(names, {OWN: result.build_from_memory}, _number)]
    yield ["index on disk, MB", *_cells(names, result.disk, lambda size: f"{size / _MEGABYTE:.1f}")]
    yield [
        "memory, MB: opened / after queries (private)",
        *_cells(names, result.memory, lambda m: f"{_mega(m.opened)} / {_mega(m.used)} ({_mega(m.private)})"),
    ]
    yield ["update until visible, ms p50 / p95 / p99", *_cells(names, result.updates, _triple)]
    for is_cold in (True, False):
        for kind, times in result.timed(is_cold=is_cold).items():
            yield [
                f"{kind}, {'first touch' if is_cold else 'warm'}, ms p50 / p95 / p99",
                *_cells(names, times, _triple),
            ]
            yield ["… kbtui is so many times as slow", *_cells(names, _ratio_figures(times), _times)]
    for kind, tallies in result.tallies.items():
        yield [f"{kind}, rows a query", *_cells(names, tallies, lambda tally: f"{tally.rows / tally.queries:.1f}")]
    yield ["question, known answer among 20", *_cells(names, result.tallies.get(Kind.QUESTION, {}), _share)]


def _cells(names: Sequence[str], values: Mapping[str, T], show: Callable[[T], str]) -> list[str]:
    return [show(values[name]) if name in values else _NONE for name in names]


def _ratio_figures(times: Mapping[str, Figures]) -> dict[str, dict[str, float]]:
    """Return how many times as slow kbtui is, by engine and quantile."""
    return {name: found for name in times if name != OWN and (found := ratio(times.get(OWN), times[name]))}


def _ratios(result: SizeResult) -> dict[str, object]:
    return {
        "cold": {kind: _ratio_figures(times) for kind, times in result.cold.items()},
        "warm": {kind: _ratio_figures(times) for kind, times in result.warm.items()},
    }


def _judged(result: SizeResult) -> list[dict[str, object]]:
    return [asdict(verdict) | {"is_met": verdict.is_met} for verdict in verdicts(result)]


def _gap_lines(result: SizeResult) -> Iterator[str]:
    if result.gap_storm is None or result.gap_counting is None:
        return
    counts = [
        figures.count for kinds in (result.cold, result.warm) for kind in kinds.values() for figures in kind.values()
    ]
    yield (
        f"A thread that wakes every 5 ms is late by {_triple(result.gap_storm)} ms (p50 / p95 / p99) in a storm of "
        f"{result.storm_searches} searches, by {_triple(result.gap_counting)} ms beside a thread that only counts. "
        f"Each latency rests on {min(counts)} to {max(counts)} measurements."
    )


def _verdict_lines(result: SizeResult) -> Iterator[str]:
    yield "| target | limit | measured | verdict |"
    yield "| --- | --- | --- | --- |"
    for verdict in verdicts(result):
        measured = _NONE if verdict.measured is None else f"{_number(verdict.measured)} {verdict.unit}"
        limit = f"{'at least' if verdict.is_least else 'at most'} {_number(verdict.limit)} {verdict.unit}"
        yield f"| {verdict.what} | {limit} | {measured} | {_words(verdict, result.size)} |"


def _words(verdict: Verdict, size: int) -> str:
    if verdict.is_met is None:
        return f"not measured: {verdict.why_not}"
    meant = " and ".join(f"{number:,}" for number in verdict.stated_for)
    other = "" if size in verdict.stated_for else f" (stated for {meant})"
    return ("met" if verdict.is_met else "**not met**") + other


def _triple(found: Figures) -> str:
    return " / ".join(map(_number, (found.p50, found.p95, found.p99)))


def _times(found: Mapping[str, float]) -> str:
    return " / ".join(map(_number, found.values()))


def _share(tally: Tally) -> str:
    return f"{tally.found} of {tally.known}"


def _mega(size: int) -> str:
    return f"{size / _MEGABYTE:.0f}"


def _number(value: float) -> str:
    """Return a number with the three digits that mean something."""
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"
