"""Where a base needs care (F45): what is unanswered, due, unowned, flagged, doubled, or leads nowhere. Pure.

Each measure is a list of entries, what matters most to callers first, never only a number:
behind every number is what to do next.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kbtui.entry.card import Card
from kbtui.entry.model import State
from kbtui.entry.text import counted
from kbtui.team.checks import Finding
from kbtui.team.uses import Counts, times


@dataclass(frozen=True, slots=True)
class Concern:
    """One entry that needs care.

    Attributes:
        about: why, in a few words.
        heat: what it is ordered by: callers waiting, uses, flags.
    """

    path: str
    id: str
    question: str
    about: str
    heat: int = 0


@dataclass(frozen=True, slots=True)
class Measure:
    """One kind of care, with the entries that need it, the most wanted first.

    Attributes:
        name: in code and JSON.
        words: as a person reads it.
        todo: the command that helps.
    """

    name: str
    words: str
    todo: str
    concerns: tuple[Concern, ...]

    @property
    def number(self) -> int:
        """How many entries need it."""
        return len(self.concerns)


def measures(cards: Iterable[Card], counts: Counts, today: dt.date) -> list[Measure]:
    """Return what can be said from the cards of a base and its counts: unanswered, flagged, due, unowned."""
    living = [card for card in cards if card.state is not State.ARCHIVED and not card.variant_of]
    answered = [card for card in living if card.state is not State.OPEN]
    flagged = [card for card in living if counts.flags.get(card.id)]
    due = [card for card in living if card.is_due(today)]
    return [
        _measure("unanswered", "Unanswered", "kbtui answer ID", [_unanswered(card, counts) for card in living]),
        _measure(
            "flagged", "Flagged", "kbtui edit ID, then kbtui flag ID --close", [_flag(c, counts) for c in flagged]
        ),
        _measure("due", "Due for a check", "kbtui confirm ID", [_used(c, counts, f"by {c.check_by}") for c in due]),
        _measure(
            "unowned",
            "Without an owner",
            "kbtui edit ID --owner NAME",
            [_used(c, counts) for c in answered if not c.owner],
        ),
    ]


def doubled(pairs: Iterable[tuple[Card, Card, float]]) -> Measure:
    """Return the measure of entries that may be two of one, from pairs with how close they are, 0 to 1."""
    found = [_concern(one, f"and: {other.question} ({other.id})", round(close * 100)) for one, other, close in pairs]
    return _measure("duplicates", "Perhaps two of one", "kbtui merge ID OTHER", found)


def leading_nowhere(findings: Iterable[Finding], cards: Sequence[Card]) -> Measure:
    """Return the measure of links that lead nowhere."""
    by_path = {card.path: card for card in cards}
    found = [
        _concern(by_path[each.path], f"line {each.line}: {each.reason}") for each in findings if each.path in by_path
    ]
    return _measure("broken_links", "Links that lead nowhere", "kbtui edit ID", found)


def _measure(name: str, words: str, todo: str, concerns: Iterable[Concern | None]) -> Measure:
    there = [each for each in concerns if each is not None]
    return Measure(name, words, todo, tuple(sorted(there, key=lambda each: (-each.heat, each.path, each.about))))


def _unanswered(card: Card, counts: Counts) -> Concern | None:
    waiting = counts.of(card.id, card.state).waiting
    if not waiting:
        return None
    return _concern(card, counted(waiting, "caller waits", "callers wait"), waiting)


def _flag(card: Card, counts: Counts) -> Concern:
    flags = counts.flags[card.id]
    more = f" (and {len(flags) - 1} more)" if len(flags) > 1 else ""
    return _concern(card, f"{flags[-1].reason}{more}", len(flags))


def _used(card: Card, counts: Counts, about: str = "") -> Concern:
    used = counts.used.get(card.id, 0)
    often = f"used {times(used)}" if used else ""
    return _concern(card, ", ".join(filter(None, (about, often))), used)


def _concern(card: Card, about: str, heat: int = 0) -> Concern:
    return Concern(card.path, card.id, card.question, about, heat)
