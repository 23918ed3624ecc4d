"""The review queue: what a lead should look at first, and why, in words (F31). Pure.

Reuse is review (KCS): one entry in five solves four calls in five, so an entry's place is how
much it is wanted times how much doubt there is about it. What nobody uses and nobody doubts
has no place: it is looked at when somebody needs it. Nothing here says who wrote what.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kbtui.entry.card import Card
from kbtui.entry.model import State
from kbtui.search.result import Twins
from kbtui.team.standing import Ground, How
from kbtui.team.uses import Counts, Demand, counted_words

POPULAR = 3
"""Uses, ever, from which an entry that nobody has checked has a place in the queue."""

_PAST = 10
"""So many uses before this week weigh as one within it."""

_MOST_VARIANTS = 3


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
class Looked:
    """What the queue is made from.

    Attributes:
        cards: of all entries and of the versions kept beside them, in the state that everybody sees.
        counts: what the events come to.
        grounds: what history or use stands for, by path, where the file says nothing.
        twins: entries that may be two of one.
        today: the date.
    """

    cards: Sequence[Card]
    counts: Counts
    grounds: Mapping[str, Ground]
    twins: Sequence[Twins]
    today: dt.date


def queue(looked: Looked) -> list[Place]:
    """Return the entries that want a look, those with most demand times doubt first."""
    variants = _by_entry(looked.cards)
    twins = _by_path(looked.twins)
    places = []
    for card in looked.cards:
        is_own_version = card.variant_of and any(card.path in paths for paths in variants.values())
        if card.state is State.ARCHIVED or is_own_version:
            continue
        demand = looked.counts.of(card.id, card.state)
        doubts = _doubts(card, demand, looked, variants.get(card.path, ()), twins.get(card.path, ()))
        if reasons := tuple(sorted(doubts, key=lambda reason: -reason.doubt)):
            places.append(Place(card, demand, _score(demand, reasons), reasons))
    return sorted(places, key=lambda place: (-place.score, place.card.path))


def _score(demand: Demand, reasons: Iterable[Reason]) -> float:
    """Return how much an entry is wanted, times the doubt about it."""
    wanted = 1 + demand.waiting + demand.this_week + (demand.used - demand.this_week) / _PAST
    return round(wanted * sum(reason.doubt for reason in reasons), 3)


def _doubts(
    card: Card, demand: Demand, looked: Looked, variants: Sequence[str], twins: Sequence[Twins]
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
    for pair in twins:
        other = pair.other if pair.one.path == card.path else pair.one
        alike = f"{round(100 * pair.closeness)} % alike"
        yield Reason(Kind.TWIN, f"it may be the same as “{other.question}” ({alike})", (other.path,))


def _unchecked(card: Card, demand: Demand, ground: Ground | None) -> Iterator[Reason]:
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


def _by_entry(cards: Iterable[Card]) -> dict[str, list[str]]:
    """Return the paths of the versions kept beside each entry that is there, by its path."""
    found: dict[str, list[str]] = {}
    there = {card.path for card in cards}
    for card in cards:
        if card.variant_of in there and card.state is not State.ARCHIVED:
            found.setdefault(card.variant_of, []).append(card.path)
    return found


def _by_path(twins: Iterable[Twins]) -> dict[str, list[Twins]]:
    found: dict[str, list[Twins]] = {}
    for pair in twins:
        for card in (pair.one, pair.other):
            found.setdefault(card.path, []).append(pair)
    return found
