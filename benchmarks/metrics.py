"""Measures of a ranking, as the field defines them, all as shares of one."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence


def place(ranking: Sequence[str], relevant: Collection[str]) -> int:
    """Return the 1-based place of the first relevant entry, 0 where there is none."""
    return next((number for number, name in enumerate(ranking, 1) if name in relevant), 0)


def reciprocal_rank(ranking: Sequence[str], relevant: Collection[str]) -> float:
    """Return one over the place of the first relevant entry (MRR is its mean)."""
    first = place(ranking, relevant)
    return 1 / first if first else 0.0


def success(ranking: Sequence[str], relevant: Collection[str], among: int) -> float:
    """Return whether a relevant entry is among the first so many."""
    return float(0 < place(ranking, relevant) <= among)


def ndcg(ranking: Sequence[str], relevant: Collection[str], among: int = 10) -> float:
    """Return the normalised discounted cumulative gain of the first ten, each relevant entry worth one."""
    gain = sum(1 / math.log2(n + 1) for n, name in enumerate(ranking[:among], 1) if name in relevant)
    best = sum(1 / math.log2(n + 1) for n in range(1, min(len(relevant), among) + 1))
    return gain / best if best else 0.0


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return how often a positive case scores above a negative one, ties as a half (Mann and Whitney)."""
    ordered = sorted([(score, 1) for score in positive] + [(score, 0) for score in negative])
    wins, below, start = 0.0, 0, 0
    while start < len(ordered):
        end = start
        while end < len(ordered) and ordered[end][0] == ordered[start][0]:
            end += 1
        ups = sum(kind for _, kind in ordered[start:end])
        downs = end - start - ups
        wins += ups * (below + downs / 2)
        below += downs
        start = end
    return wins / (len(positive) * len(negative)) if positive and negative else 0.0
