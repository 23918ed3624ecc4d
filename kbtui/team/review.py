"""The review queue: what a lead should look at first, and why, in words (F31). Pure.

Reuse is review (KCS): one entry in five solves four calls in five, so an entry's place is how
much it is wanted times how much doubt there is about it. What nobody uses and nobody doubts
has no place: it is looked at when somebody needs it. Nothing here says who wrote what.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from kbtui.entry.card import Card, Sketch
from kbtui.entry.model import State
from kbtui.team.standing import Ground, How
from kbtui.team.uses import Counts, Demand, counted_words

POPULAR = 3
"""Uses, ever, from which an entry that nobody has checked has a place in the queue."""

_PAST = 10
"""So many uses before this week weigh as one within it."""

_MOST_VARIANTS, _MOST_TWINS = 3, 3
"""Other versions and likely twins that a reason names."""

Pair = tuple[str, str, float]
"""Paths of two entries, and how alike their questions are, 0 to 1."""


class Kind(StrEnum):
    """What raises a doubt."""

    FLAG = "flag"
    VARIANT = "variant"
    CHANGED = "changed"
    DUE = "due"
    CLAIMED = "claimed"
    NEVER_CHECKED = "never-checked"
    TWIN = "twin"
    BY_USE = "by-use"


_DOUBT = {
    Kind.FLAG: 4.0,
    Kind.VARIANT: 4.0,
    Kind.CHANGED: 2.0,
    Kind.DUE: 1.5,
    Kind.CLAIMED: 1.0,
    Kind.NEVER_CHECKED: 1.0,
    Kind.TWIN: 0.5,
    Kind.BY_USE: 0.25,
}
"""How much doubt each is: a person who says that it is wrong weighs more than the calendar, that more than nobody."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One doubt about an entry, in words; `others` are paths of what it is about: other versions, the likely twin."""

    kind: Kind
    words: str
    others: tuple[str, ...] = ()

    @property
    def doubt(self) -> float:
        """How much it weighs."""
        return _DOUBT[self.kind]


@dataclass(frozen=True, slots=True)
class Place:
    """An entry's place in the queue.

    Attributes:
        score: demand times doubt; comparable within one queue only.
        reasons: what raised it, the heaviest first.
    """

    card: Card
    demand: Demand
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Queue:
    """The review queue.

    Attributes:
        places: the first of it, what matters most first.
        total: how many entries want a look.
    """

    places: tuple[Place, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What the queue is made from.

    Attributes:
        sketches: all entries and the versions kept beside them, in the state that everybody sees.
        cards: returns the cards of paths, by path.
        counts: what the events come to.
        grounds: what history or use stands for, by path, where the file says nothing.
        twins: paths of entries that may be two of one, with their closeness.
        today: the date.
    """

    sketches: Sequence[Sketch]
    cards: Callable[[Sequence[str]], Mapping[str, Card]]
    counts: Counts
    grounds: Mapping[str, Ground]
    twins: Sequence[Pair]
    today: dt.date


@dataclass(frozen=True, slots=True)
class _Ranked:
    sketch: Sketch
    demand: Demand
    score: float
    reasons: tuple[Reason, ...]


def queue(looked: Looked, limit: int) -> Queue:
    """Return the entries that want a look, those with most demand times doubt first.

    All are ranked by what is known of them in short; only those that are shown get their cards.
    """
    ranked = sorted(_ranked(looked), key=lambda each: (-each.score, each.sketch.path))
    shown = ranked[:limit]
    others = [path for each in shown for reason in each.reasons for path in reason.others]
    cards = looked.cards([*dict.fromkeys([*(each.sketch.path for each in shown), *others])])
    places = (
        Place(replace(card, state=each.sketch.state), each.demand, each.score, _named(each.reasons, cards))
        for each in shown
        if (card := cards.get(each.sketch.path)) is not None
    )
    return Queue(tuple(places), len(ranked))


def _ranked(looked: Looked) -> Iterator[_Ranked]:
    variants, twins = _by_entry(looked.sketches), _by_path(looked.twins)
    beside = {path for paths in variants.values() for path in paths}
    for sketch in looked.sketches:
        if sketch.state is State.ARCHIVED or sketch.path in beside:
            continue
        demand = looked.counts.of(sketch.id, sketch.state)
        doubts = _doubts(sketch, demand, looked, variants.get(sketch.path, ()), twins.get(sketch.path, ()))
        if reasons := tuple(sorted(doubts, key=lambda reason: -reason.doubt)):
            yield _Ranked(sketch, demand, _score(demand, reasons), reasons)


def _named(reasons: Iterable[Reason], cards: Mapping[str, Card]) -> tuple[Reason, ...]:
    """Return reasons with the questions of the entries they name instead of their paths."""
    return tuple(
        replace(reason, words=reason.words.replace(reason.others[0], cards[reason.others[0]].question))
        if reason.kind is Kind.TWIN and reason.others[0] in cards
        else reason
        for reason in reasons
    )


def _score(demand: Demand, reasons: Iterable[Reason]) -> float:
    """Return how much an entry is wanted, times the doubt about it."""
    wanted = 1 + demand.waiting + demand.this_week + (demand.used - demand.this_week) / _PAST
    return round(wanted * sum(reason.doubt for reason in reasons), 3)


def _doubts(
    card: Sketch, demand: Demand, looked: Looked, variants: Sequence[str], twins: Sequence[Pair]
) -> Iterator[Reason]:
    for flag in demand.flags:
        yield Reason(Kind.FLAG, f"{flag.person.name} flagged it on {flag.at:%Y-%m-%d}: {flag.reason}")
    if variants:
        shown = tuple(variants[:_MOST_VARIANTS])
        yield Reason(Kind.VARIANT, f"{len(variants) + 1} versions of it are kept; choose one", shown)
    elif card.variant_of:
        yield Reason(Kind.VARIANT, f"it is another version of {card.variant_of}, which is not there")
    yield from _unchecked(card, demand, looked.grounds.get(card.path))
    if card.is_due(looked.today):
        yield Reason(Kind.DUE, f"it was to be checked by {card.check_by}{_ago(card.check_by, looked.today)}")
    for one, two, closeness in twins[:_MOST_TWINS]:
        other = two if one == card.path else one
        alike = f"{round(100 * closeness)} % alike"
        yield Reason(Kind.TWIN, f"it may be the same as “{other}” ({alike})", (other,))


def _unchecked(card: Sketch, demand: Demand, ground: Ground | None) -> Iterator[Reason]:
    """Yield whether anybody has looked at the words that are there now; only what is used is worth asking that."""
    if card.state is State.OPEN:
        return
    used = counted_words(demand.used, demand.this_week, 0, 0)
    if card.state is State.NOT_VALIDATED and card.is_claimed:
        yield Reason(Kind.CLAIMED, "its file says validated, but nobody has confirmed the words it has now")
    elif card.state is State.NOT_VALIDATED and card.confirmed:
        yield Reason(Kind.CHANGED, f"{card.confirmed} confirmed it once, but the words have changed since")
    elif demand.used < POPULAR:
        return
    elif card.state is State.NOT_VALIDATED:
        yield Reason(Kind.NEVER_CHECKED, f"{used}, and nobody has ever checked it")
    elif ground is not None and ground.how is How.USED:
        yield Reason(Kind.BY_USE, f"{used}: validated by use alone, nobody has looked at it")


def _ago(date: str, today: dt.date) -> str:
    try:
        days = (today - dt.date.fromisoformat(date)).days
    except ValueError:
        return ""
    return f", {days} days ago" if days > 1 else ", yesterday" if days else ", today"


def _by_entry(cards: Sequence[Sketch]) -> dict[str, list[str]]:
    """Return the paths of the versions kept beside each entry that is there, by its path."""
    found: dict[str, list[str]] = {}
    there = {card.path for card in cards}
    for card in cards:
        if card.variant_of in there and card.state is not State.ARCHIVED:
            found.setdefault(card.variant_of, []).append(card.path)
    return found


def _by_path(twins: Iterable[Pair]) -> dict[str, list[Pair]]:
    found: dict[str, list[Pair]] = {}
    for pair in twins:
        for path in pair[:2]:
            found.setdefault(path, []).append(pair)
    return found
