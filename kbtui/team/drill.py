"""A short round of questions to oneself (F49): which ones, in which order, and when it ends. Pure.

What is asked: the entries that the team's calls need most, what one may decide oneself, and
what one has searched in vain and somebody has answered since. Of one entry there is one
card. A round ends after five minutes, or when nothing is due. Nothing counts right and wrong.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum

from kbtui.entry.amounts import Amount, number_words
from kbtui.entry.authority import decide
from kbtui.entry.authority_card import boundary_amount, own_limit, stale, unit_words
from kbtui.entry.decision import Asker
from kbtui.entry.model import Authority
from kbtui.entry.text import counted

ROUND = dt.timedelta(minutes=5)
NEW_AT_MOST = 10
"""Cards that a round brings for the first time; more would come back all at once."""


class Grade(IntEnum):
    """How well one knew it. The numbers are those of the keys, and of FSRS."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4

    @property
    def words(self) -> str:
        """What the person says with it."""
        return {1: "not yet", 2: "with effort", 3: "knew it", 4: "at once"}[self]


@dataclass(frozen=True, slots=True)
class DrillCard:
    """One question to oneself.

    Attributes:
        id: the entry's.
        why: "most used", "authority" or "missed".
        words: what the entry says now, as a digest: other words have to be learnt anew.
        due: when it comes next; None where it has never been asked.
    """

    id: str
    path: str
    why: str
    question: str
    answer: str
    words: str
    due: dt.datetime | None = None


def may_you(card: Authority, asker: Asker, turn: int) -> tuple[str, str] | None:
    """Return a question about what one may decide, and its answer; another amount each turn.

    None where the card does not hold, or gives no limit as a number: then there is nothing to learn by heart.
    """
    amounts = _amounts(card, asker)
    if not amounts or stale(card, asker.today):
        return None
    amount = amounts[turn % len(amounts)]
    decision = decide(card, Amount(amount), asker)
    question = f"{card.action[:1].upper()}{card.action[1:]}, {number_words(amount, unit_words(card))}: may you?"
    points = "\n".join(f"- {line}" for line in decision.lines)
    return question, "\n\n".join(filter(None, (decision.headline, decision.because, points)))


def _amounts(card: Authority, asker: Asker) -> list[Decimal]:
    """Return amounts at which the answer differs: one's own limit, above it, above every limit, past the boundary."""
    own = own_limit(card, asker.role)
    limits = sorted({limit.up_to for limit in card.limits if limit.up_to is not None and limit.up_to > 0})
    if not limits:
        return []
    own_most = own.up_to if own and own.up_to else None
    above = [limit for limit in limits if own_most is None or limit > own_most]
    most = boundary_amount(card)
    found = [own_most, *((_between(own_most or Decimal(0), limit)) for limit in above[:1]), _round(limits[-1] * 2)]
    found += [_round(most.value * Decimal("1.5"))] if most else []
    return list(dict.fromkeys(each for each in found if each is not None))


def _between(low: Decimal, high: Decimal) -> Decimal:
    middle = _round((low + high) / 2)
    return middle if low < middle <= high else high


def _round(value: Decimal) -> Decimal:
    """Return a value as a caller might say it: two digits that matter."""
    exponent = value.adjusted() - 1
    return Decimal(value.scaleb(-exponent).to_integral_value()).scaleb(exponent).normalize() + Decimal(0)


def in_order(cards: Iterable[DrillCard], now: dt.datetime) -> list[DrillCard]:
    """Return what a round asks: what is due, the longest overdue first, then what is new."""
    known = [card for card in cards if card.due is not None and card.due <= now]
    new = [card for card in cards if card.due is None]
    return [*sorted(known, key=lambda card: (card.due or now, card.id)), *new[:NEW_AT_MOST]]


@dataclass
class Round:
    """One round, from the first question to the end.

    Attributes:
        cards: what is left, in order.
        ends: when it is over.
        done: ids of what has been asked.
    """

    cards: Sequence[DrillCard]
    ends: dt.datetime
    done: list[str] = field(default_factory=list)

    def next(self, now: dt.datetime) -> DrillCard | None:
        """Return the next question, or None where the round is over."""
        return self.cards[0] if self.cards and now < self.ends else None

    def graded(self, card: DrillCard, due: dt.datetime) -> None:
        """Go on to the next one; what comes back before the round ends stands at its end."""
        rest = [each for each in self.cards if each.id != card.id]
        self.cards = [*rest, card] if due < self.ends else rest
        if card.id not in self.done:
            self.done.append(card.id)

    @property
    def summary(self) -> str:
        """What is said at the end."""
        if not self.done:
            return "Nothing is due. Come back another day."
        asked = counted(len(self.done), "question")
        rest = "; what is left comes next time" if self.cards else "; nothing more is due"
        return f"You went through {asked}{rest}."
