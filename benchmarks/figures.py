"""What a measurement leaves behind: figures, for one engine or for one size, ready to be printed or written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.corpus import Kind


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds that half, 95 % and 99 % of `count` measurements did not exceed (nearest rank)."""

    p50: float
    p95: float
    p99: float
    count: int


def figures(seconds: Sequence[float]) -> Figures:
    """Return the figures of measurements in seconds, of which there is at least one."""
    ordered = sorted(seconds)
    ranks = (max(math.ceil(share * len(ordered)) - 1, 0) for share in (0.5, 0.95, 0.99))
    p50, p95, p99 = (ordered[rank] * 1000 for rank in ranks)
    return Figures(p50, p95, p99, len(ordered))


@dataclass(slots=True)
class Tally:
    """What an engine answered: a guard against one that is fast because it finds nothing.

    Attributes:
        queries: how many it was asked.
        rows: how many rows it returned in all.
        known: the queries of which an answer is known and in the corpus.
        found: those of them with that answer among the rows.
    """

    queries: int = 0
    rows: int = 0
    known: int = 0
    found: int = 0


@dataclass(frozen=True, slots=True)
class Memory:
    """What a process of its own took more than before it loaded the engine, in bytes.

    Attributes:
        opened: resident after opening and one search without hits.
        used: resident after the queries.
        private: as `used`, without pages of files, which the system may drop.
    """

    opened: int
    used: int
    private: int


Timed = dict[Kind, dict[str, Figures]]


@dataclass(slots=True)
class SizeResult:
    """All figures of one size; mappings go by engine, seconds and bytes where nothing else is said."""

    size: int
    markdown: int
    build: dict[str, float] = field(default_factory=dict)
    build_from_memory: float = 0.0
    disk: dict[str, int] = field(default_factory=dict)
    memory: dict[str, Memory] = field(default_factory=dict)
    cold: Timed = field(default_factory=dict)
    warm: Timed = field(default_factory=dict)
    tallies: dict[Kind, dict[str, Tally]] = field(default_factory=dict)
    updates: dict[str, Figures] = field(default_factory=dict)
    gap_storm: Figures | None = None
    gap_counting: Figures | None = None
    storm_searches: int = 0

    def timed(self, *, is_cold: bool) -> Timed:
        """Return the latencies of first or of later touches."""
        return self.cold if is_cold else self.warm


def ratio(ours: Figures | None, theirs: Figures | None) -> dict[str, float]:
    """Return how many times theirs ours is, by quantile; empty where one of the two is missing."""
    if ours is None or theirs is None:
        return {}
    return {name: getattr(ours, name) / getattr(theirs, name) for name in ("p50", "p95", "p99")}
