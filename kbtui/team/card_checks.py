"""Contradictions and gaps between authority cards: what, where, and what to do (F26).

Two cards that disagree are an error, since a rep would act on whichever is found first.
What a card leaves open is a note: whoever asks it is sent to somebody.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from kbtui.entry.amounts import Amount, number_words, words_in
from kbtui.entry.authority_card import boundary_amount, expires, is_more, unit_words
from kbtui.entry.decision import same
from kbtui.entry.model import Authority, Entry, Limit, Severity, State
from kbtui.entry.text import normal
from kbtui.entry.units import unit_of
from kbtui.team.checks import Finding

SOON = dt.timedelta(days=30)
"""How long before its last day a card is named, so that a lead can renew it in time."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A card, the entry it stands in, and its limits that are numbers."""

    entry: Entry
    card: Authority
    limits: tuple[tuple[Limit, Decimal], ...]

    def finding(self, reason: str, severity: Severity = Severity.NOTE) -> Finding:
        return Finding(
            self.entry.path, max(self.card.line, 1), f"authority card {self.card.action!r}: {reason}", severity
        )

    def words(self, amount: Decimal) -> str:
        """Return an amount in the card's unit."""
        return number_words(amount, unit_words(self.card))

    def holds_on(self, today: dt.date) -> bool:
        """Whether the card has not expired."""
        last = expires(self.card)
        return not self.card.valid_until or (last is not None and last >= today)


def card_findings(entries: Sequence[Entry], roles: Sequence[str], today: dt.date) -> list[Finding]:
    """Return everything to mend in the authority cards. Archived entries and second versions count for nothing.

    Args:
        entries: all entries of the base.
        roles: the team's, lowest first.
    """
    cards = [
        _Placed(entry, entry.authority, _numbers(entry.authority))
        for entry in sorted(entries, key=lambda entry: entry.path)
        if entry.authority and entry.state is not State.ARCHIVED and not entry.variant_of
    ]
    found = [finding for placed in cards for finding in _single(placed, roles, today)]
    return [*found, *_between([placed for placed in cards if placed.holds_on(today)])]


def _numbers(card: Authority) -> tuple[tuple[Limit, Decimal], ...]:
    return tuple((limit, limit.up_to) for limit in card.limits if limit.up_to is not None)


def _single(placed: _Placed, roles: Sequence[str], today: dt.date) -> Iterator[Finding]:
    yield from _age(placed, today)
    yield from _roles(placed, roles)
    yield from _gaps(placed)
    yield from _own_contradictions(placed, roles)


def _age(placed: _Placed, today: dt.date) -> Iterator[Finding]:
    last = expires(placed.card)
    if last is None:
        return
    if last < today:
        yield placed.finding(f"it expired on {last}; renew valid_until, or archive the entry")
    elif last - today <= SOON:
        yield placed.finding(f"it expires on {last}; look whether it still holds and renew valid_until")


def _roles(placed: _Placed, roles: Sequence[str]) -> Iterator[Finding]:
    for limit in placed.card.limits:
        if not any(same(limit.role, role) for role in roles):
            known = ", ".join(roles) or "none"
            yield placed.finding(f"kb.toml knows no role {limit.role!r}; use one of {known}, or add it there")


def _gaps(placed: _Placed) -> Iterator[Finding]:
    card = placed.card
    if not card.above:
        highest = max((amount for _, amount in placed.limits), default=None)
        over = f" above {placed.words(highest)}" if highest is not None else ""
        yield placed.finding(f"nobody is named who decides{over}; add `above:` with a name")
    if not card.boundary:
        yield placed.finding("no boundary says what nobody may ever do; add `boundary:`, such as: never after 90 days")
    if not card.unit:
        yield placed.finding("it does not say what it counts in; add `currency:` or `unit:`")


def _own_contradictions(placed: _Placed, roles: Sequence[str]) -> Iterator[Finding]:
    most = boundary_amount(placed.card)
    unit = unit_of(placed.card.unit)
    for limit, amount in placed.limits:
        if most and is_more(Amount(amount, unit), most):
            reason = f"{limit.role} may up to {placed.words(amount)}, beyond the boundary ({placed.card.boundary})"
            yield placed.finding(f"{reason}; correct one of them", Severity.ERROR)
    for (one, first), (other, second) in combinations(_lowest_first(placed, roles), 2):
        if same(one.role, other.role):
            if first != second:
                both = f"{placed.words(first)} and {placed.words(second)}"
                yield placed.finding(f"{one.role} has two limits, {both}; keep one", Severity.ERROR)
        elif first > second:
            reason = f"{one.role} may more ({placed.words(first)}) than {other.role} ({placed.words(second)})"
            yield placed.finding(f"{reason}, who stands above; correct one of them", Severity.ERROR)


def _lowest_first(placed: _Placed, roles: Sequence[str]) -> list[tuple[Limit, Decimal]]:
    """Return the limits of the team's roles, lowest role first; nothing is known of how others stand."""
    ranks = {normal(role): rank for rank, role in enumerate(roles)}
    known = [pair for pair in placed.limits if normal(pair[0].role) in ranks]
    return sorted(known, key=lambda pair: ranks[normal(pair[0].role)])


def _between(cards: Sequence[_Placed]) -> Iterator[Finding]:
    """Yield what two cards for the same action say differently, at the later one."""
    by_action: dict[str, list[_Placed]] = defaultdict(list)
    for placed in cards:
        by_action[_action(placed.card)].append(placed)
    for alike in by_action.values():
        for one, other in combinations(alike, 2):
            if not (one.card.unit and other.card.unit):
                continue  # each has been told to say what it counts in
            if unit_of(one.card.unit).fits(unit_of(other.card.unit)):
                yield from _different_limits(one, other)
            else:
                units = f"{unit_words(other.card)} here and {unit_words(one.card)} in {one.entry.path}"
                yield other.finding(f"it counts in {units}; use one unit for one action, or name the actions apart")


def _action(card: Authority) -> str:
    """Return the form in which two actions are compared: the same words in any order, one or many."""
    return " ".join(sorted(word.removesuffix("s") for word in words_in(card.action))) or normal(card.action)


def _different_limits(one: _Placed, other: _Placed) -> Iterator[Finding]:
    for limit, mine in other.limits:
        for amount in (theirs for each, theirs in one.limits if same(each.role, limit.role)):
            here, there = Amount(mine, unit_of(other.card.unit)), Amount(amount, unit_of(one.card.unit))
            if is_more(here, there) or is_more(there, here):
                both = f"up to {other.words(mine)} here, but up to {one.words(amount)} in {one.entry.path}"
                yield other.finding(f"{limit.role} may {both}; keep one card, or correct one of them", Severity.ERROR)
