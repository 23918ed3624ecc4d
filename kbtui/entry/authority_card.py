"""What an authority card says by itself: its limits, how long it holds, its boundary, and all of it in words (F26)."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Context, Decimal

from kbtui.entry.amounts import Amount, number_words, parse
from kbtui.entry.decision import Asker, same
from kbtui.entry.model import Authority, Limit
from kbtui.entry.units import Unit, unit_of

BOUNDARY = re.compile(r"(?i)\bnever (?:(?P<more>more than|above|over|beyond)|after|later than|past)\b(?P<rest>.*)")
"""A boundary that says an amount: beyond it, nobody may ever decide."""

_EXACT = Context(prec=200)


def own_limit(card: Authority, role: str) -> Limit | None:
    """Return the limit that a card gives a role; None where it gives none, or two that differ."""
    own = [limit for limit in card.limits if same(limit.role, role)]
    return own[0] if own and len({limit.up_to for limit in own}) == 1 else None


def expires(card: Authority) -> dt.date | None:
    """Return the last day on which a card holds, or None where it gives none that can be read."""
    try:
        return dt.date.fromisoformat(card.valid_until)
    except ValueError:
        return None


def boundary_amount(card: Authority) -> Amount | None:
    """Return the amount beyond which nobody may ever decide, if the boundary says one in the card's unit.

    Understood are "never more than N", "never above N" and the like; every other boundary
    is for people to read.
    """
    match = BOUNDARY.search(card.boundary)
    amounts = parse(match["rest"]).amounts if match and match["more"] else ()
    is_one = len(amounts) == 1 and bool(amounts[0].unit.said) and amounts[0].unit.fits(unit_of(card.unit))
    return amounts[0] if is_one else None


def limits_above(card: Authority, asker: Asker) -> list[Limit]:
    """Return the limits of the roles above the asker's; where the team does not know one, the card's order counts."""
    own = [place for place, limit in enumerate(card.limits) if same(limit.role, asker.role)]
    rank = asker.rank(asker.role)
    found = []
    for place, limit in enumerate(card.limits):
        other = asker.rank(limit.role)
        is_higher = other > rank if other is not None and rank is not None else bool(own) and place > own[-1]
        if is_higher and place not in own:
            found.append(limit)
    return found


def stale(card: Authority, today: str) -> str:
    """Return why a card does not hold on a day, or nothing. It holds on its last day."""
    if not card.valid_until:
        return ""
    last = expires(card)
    if last is None:
        return f"This card says it is valid until {card.valid_until!r}, which is no date."
    return f"This card expired on {card.valid_until}." if last.isoformat() < today else ""


def is_more(one: Amount, other: Amount) -> bool:
    """Whether one amount is more than another of the same measure: two weeks are more than 13 days."""
    return _measured(one.value, one.unit) > _measured(other.value, other.unit)


def _measured(value: Decimal, unit: Unit) -> Decimal:
    return value if unit.factor == 1 else _EXACT.multiply(value, unit.factor)


def is_within(amount: Amount, limit: Decimal, card: Authority) -> bool:
    """Whether an amount is not above a limit of a card, exactly; without a unit it counts in the card's."""
    unit = unit_of(card.unit)
    said = amount.unit if amount.unit.said else unit
    return _measured(amount.value, said) <= _measured(limit, unit)


def unit_words(card: Authority) -> str:
    """Return what a card counts in, as a person reads it."""
    return unit_of(card.unit).words


def pairs(card: Authority, asker: Asker) -> tuple[tuple[str, str], ...]:
    """Return the whole card as names and values, in the order they are read; one that has expired shows no limits."""
    reason = stale(card, asker.today)
    limits = [("not valid", reason)] if reason else _limit_pairs(card, asker, f"you ({asker.role})")
    return (
        *limits,
        *((("above that", card.above),) if card.above else ()),
        *(("if", condition) for condition in card.conditions),
        *((("boundary", card.boundary),) if card.boundary else ()),
        *((("valid until", card.valid_until),) if card.valid_until and not reason else ()),
    )


def _limit_pairs(card: Authority, asker: Asker, you: str) -> list[tuple[str, str]]:
    own = any(same(limit.role, asker.role) for limit in card.limits)
    found = [] if own or not asker.role else [(you, "no limit given: ask")]
    for limit in card.limits:
        words = "no limit given: ask" if limit.up_to is None else f"up to {number_words(limit.up_to, unit_words(card))}"
        people = f" ({', '.join(limit.people)})" if limit.people else ""
        found.append((you if same(limit.role, asker.role) else limit.role, words + people))
    return found


def lines(card: Authority, asker: Asker) -> tuple[str, ...]:
    """Return the card in short: each role's limit, who decides above, the boundary."""
    if reason := stale(card, asker.today):
        return (reason,)
    above = (f"above that: {card.above}",) if card.above else ()
    boundary = (card.boundary,) if card.boundary else ()
    return (*(f"{name}: {value}" for name, value in _limit_pairs(card, asker, "you")), *above, *boundary)
