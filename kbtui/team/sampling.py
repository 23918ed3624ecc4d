"""New or known? What share of the calls' questions the base had an answer to, by a sample (F44). Pure.

KCS calls this the new-versus-known study. The questions of a period are: uses (an entry
answered: known), callers who joined an open question and entries written because nobody
had (new), and searches that did not help. Of these last nobody knows whether an entry had
the answer: they count as new until somebody has looked and marked them.

The sample is drawn by a seed: the questions are put into the order of a hash of seed and id,
and the first ones are taken. So everybody draws the same, and a question that is added to
the period changes the sample by one at most. The interval is Wilson's for a proportion at
95 % (Wilson 1927), which holds for small samples and for shares near nothing and all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from math import sqrt

from kbtui.entry.event import Event
from kbtui.entry.taken_back import Named
from kbtui.team.marks import counting

_Z = 1.959963984540054
"""Quantile of the normal distribution for 95 %."""


class Kind(StrEnum):
    """How a question came to be known."""

    USED = "used"
    ASKED = "asked"
    JOINED = "joined"
    MISS = "miss"


class Verdict(StrEnum):
    """Whether the base had the answer."""

    KNOWN = "known"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Question:
    """What a caller wanted to know.

    Attributes:
        id: of the event; of an entry that was asked, the entry's.
        words: of the search, or the entry's question.
        entry: id of the entry it is about, or empty.
        verdict: as it follows from the kind, or as somebody has marked it.
        marked_by: the name of who looked, or empty; and `mark`, the id of what they noted.
    """

    id: str
    kind: Kind
    at: dt.datetime
    words: str
    entry: str
    verdict: Verdict
    marked_by: str = ""
    mark: str = ""

    @property
    def is_unsure(self) -> bool:
        """Whether nobody has looked at a search that did not help."""
        return self.kind is Kind.MISS and not self.marked_by


@dataclass(frozen=True, slots=True)
class Sample:
    """Questions drawn from a period, and what they say.

    Attributes:
        population: how many questions the period had.
        questions: those drawn, the oldest first.
    """

    seed: str
    population: int
    questions: tuple[Question, ...]

    @property
    def known(self) -> int:
        """How many the base had the answer to."""
        return sum(each.verdict is Verdict.KNOWN for each in self.questions)

    @property
    def unsure(self) -> int:
        """How many nobody has looked at yet; they count as new."""
        return sum(each.is_unsure for each in self.questions)

    @property
    def interval(self) -> tuple[float, float]:
        """Between which shares the share of the whole period lies, 0 to 1, at 95 %."""
        return wilson(self.known, len(self.questions))


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Return Wilson's score interval of a proportion at 95 %; everything is possible where nothing was tried."""
    if trials == 0:
        return 0.0, 1.0
    share, z2 = successes / trials, _Z * _Z
    middle = share + z2 / (2 * trials)
    width = _Z * sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials))
    low, high = ((middle - width) / (1 + z2 / trials), (middle + width) / (1 + z2 / trials))
    return (0.0 if successes == 0 else low), (1.0 if successes == trials else high)


def drawn(questions: Iterable[Question], size: int, seed: str) -> Sample:
    """Return the sample of a size that a seed draws; all where there are fewer."""
    everything = list(questions)

    def place(each: Question) -> tuple[bytes, str]:
        return sha256(f"{seed}\0{each.id}".encode("utf-8", "replace")).digest(), each.id

    chosen = sorted(everything, key=place)[:size]
    return Sample(seed, len(everything), tuple(sorted(chosen, key=lambda each: (each.at, each.id))))


def is_mark(event: Event) -> bool:
    """Whether an event of the kind says of a question what a mark says."""
    return len(event.refs) >= 2 and event.refs[1] in list(Verdict)


def marked(questions: Iterable[Question], marks: Iterable[Event], gone: Collection[Named] = ()) -> list[Question]:
    """Return questions with what people have said of them (`kbtui.team.marks`).

    Args:
        gone: what was taken back and was not brought back since.
    """
    said = counting(filter(is_mark, marks), gone)
    return [_as_marked(each, said[each.id]) if each.id in said else each for each in questions]


def _as_marked(question: Question, mark: Event) -> Question:
    return replace(question, verdict=Verdict(mark.refs[1]), marked_by=mark.person.name, mark=mark.id)
