"""What search was promised to reach, and whether it does (the targets of the project's search notes).

Most are ratios between two engines of one run. A target is stated for one size or two; at
other sizes the verdict is given all the same, and says for which size it was meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.corpus import Kind
from benchmarks.engines import FAST_RIVAL, OWN, YARDSTICK
from benchmarks.figures import Figures, SizeResult, ratio

_TEN, _HUNDRED = 10_000, 100_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """One target at one size.

    Attributes:
        what: the target in words.
        unit: x, ms or s.
        limit: what may not be exceeded, or with `is_least` must be reached.
        stated_for: the sizes it was meant for.
        measured: None where it was not measured.
        why_not: a sentence where it was not.
    """

    what: str
    unit: str
    limit: float
    stated_for: tuple[int, ...]
    measured: float | None
    why_not: str = ""
    is_least: bool = False

    @property
    def is_met(self) -> bool | None:
        """Whether the target is reached; None where nothing was measured."""
        if self.measured is None:
            return None
        return self.measured >= self.limit if self.is_least else self.measured <= self.limit


def verdicts(result: SizeResult) -> list[Verdict]:
    """Return the verdict on every target, in the order of the notes."""
    return [*_against_others(result), *_alone(result), *_elsewhere()]


def _against_others(result: SizeResult) -> Iterator[Verdict]:
    rules = (
        (Kind.QUESTION, False, "p50", YARDSTICK, 0.6),
        (Kind.QUESTION, True, "p50", YARDSTICK, 1.1),
        (Kind.KEYWORD, False, "p50", YARDSTICK, 0.8),
        (Kind.PREFIX, False, "p50", YARDSTICK, 0.8),
        (Kind.QUESTION, False, "p95", FAST_RIVAL, 2.5),
    )
    for kind, is_cold, quantile, rival, limit in rules:
        times = result.timed(is_cold=is_cold).get(kind, {})
        measured = ratio(times.get(OWN), times.get(rival)).get(quantile)
        why_not = "" if measured is not None else f"{rival} was left out"
        what = f"{kind} {quantile}, {'first touch' if is_cold else 'warm'}, against {rival}"
        yield Verdict(what, "x", limit, (_TEN,), measured, why_not)


def _alone(result: SizeResult) -> Iterator[Verdict]:
    is_large = result.size > _TEN
    sized = (_HUNDRED if is_large else _TEN,)
    prefix = _quantile(result.warm.get(Kind.PREFIX, {}).get(OWN), lambda found: found.p95)
    update = _quantile(result.updates.get(OWN), lambda found: found.p95)
    gap = _quantile(result.gap_storm, lambda found: found.p99)
    yield Verdict("prefix p95, warm", "ms", 10 if is_large else 5, sized, prefix)
    yield Verdict("one entry updated until visible, p95", "ms", 80, (_TEN,), update)
    yield Verdict("full build from Markdown, 2 cores", "s", 300 if is_large else 30, sized, result.build.get(OWN))
    yield Verdict("interface gap p99 in a storm of queries", "ms", 12, (_HUNDRED,), gap)


def _elsewhere() -> Iterator[Verdict]:
    scorer = "our scorer against Whoosh's, same index, so many times as fast"
    yield Verdict(scorer, "x", 8, (_TEN,), None, "not part of this run", is_least=True)
    yield Verdict("cold `kbtui search` against `import typer`", "x", 2.5, (), None, "see benchmarks.startup")


def _quantile(found: Figures | None, pick: Callable[[Figures], float]) -> float | None:
    return None if found is None else pick(found)
