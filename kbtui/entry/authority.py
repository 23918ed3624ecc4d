"""Who may decide: an authority card, an amount and a role make a decision (F26).

In doubt nothing is guessed. A card that has expired, an amount in another currency, a
role the card does not name: each leads to somebody to ask. A role inherits nothing from
the roles below it, because a limit that nobody has written down was given to nobody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from kbtui.entry.amounts import Amount, Request, number_words, parse
from kbtui.entry.authority_card import (
    BOUNDARY,
    boundary_amount,
    is_more,
    is_within,
    limits_above,
    lines,
    own_limit,
    stale,
    unit_words,
)
from kbtui.entry.decision import Approver, Asker, Decision, Verdict, same
from kbtui.entry.model import Authority
from kbtui.entry.units import unit_of

_LEAST = Decimal("0.01")
"""More than a limit of nothing."""


_NUMBER_WORDS = re.compile(
    r"(?i)\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|dozen)\b"
)
"""They are not read: an amount that is decided on is one that nobody can take for another."""

_NOT_UNDERSTOOD = "The amount was not understood; write it in figures, such as 80."


def decide(
    card: Authority, amount: Amount | None, asker: Asker, beside: Sequence[Amount] = (), trouble: str = ""
) -> Decision:
    """Return whether the asker may, must ask, or nobody ever may.

    Args:
        amount: what is asked for; without a unit it counts in the card's.
        beside: other amounts that were named, such as the days since the payment.
        trouble: why there is no amount, as a sentence.
    """
    if reason := stale(card, asker.today):
        return _unknown(card, asker, reason)
    if past := _past_boundary(card, amount, beside):
        boundary = _sentence(re.sub(r"(?i)^never\b\W*", "", card.boundary))
        return Decision(Verdict.NEVER, f"Never: {boundary}", f"{past} is past it.", None, lines(card, asker))
    reason = _unreadable(card, amount, trouble)
    if amount is None and trouble in ("", _NOT_UNDERSTOOD):
        return _unknown(card, asker, reason, says="Say how much, or ask")
    return _by_limit(card, amount, asker) if amount and not reason else _unknown(card, asker, reason)


def _by_limit(card: Authority, amount: Amount, asker: Asker) -> Decision:
    """Decide an amount that counts in the card's unit, exactly: the limit itself is still within it."""
    own = own_limit(card, asker.role)
    if _decides_above(card, asker.role):
        return _may(card, asker, card.action, f"{_capital(asker.role)} decides above every limit of this card.")
    if own is None or own.up_to is None:
        return _without_limit(card, asker, amount)
    shown, limit = _in_unit(card, amount), number_words(own.up_to, unit_words(card))
    if is_within(amount, own.up_to, card):
        return _may(card, asker, f"{card.action} up to {limit}", f"{shown} is within your limit as {asker.role}.")
    return _ask_above(card, asker, amount, f"{shown} is above your limit as {asker.role} ({limit})")


def answer(card: Authority, request: Request, asker: Asker) -> Decision:
    """Return what a card says to a request; the amount meant is the one that counts in the card's unit."""
    unit = unit_of(card.unit)
    fitting = [amount for amount in request.amounts if amount.unit.fits(unit)]
    others = [amount for amount in request.amounts if amount not in fitting]
    rivals = [amount for amount in others if amount.unit.kind in ("", unit.kind)]
    beside = others if request.is_about_age else []
    if len(set(fitting)) == 1 and not rivals:
        return decide(card, fitting[0], asker, beside)
    return decide(card, None, asker, beside, _why_no_amount(card, request))


def standing(card: Authority, asker: Asker) -> Decision:
    """Return what a card says to its reader before any amount has been named."""
    own = own_limit(card, asker.role)
    decision = decide(card, Amount(own.up_to if own and own.up_to else _LEAST), asker)
    return decision if decision.verdict is Verdict.UNKNOWN else replace(decision, because="")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _in_unit(card: Authority, amount: Amount) -> str:
    """Return the amount in words; one without a unit, or with a sign that may mean several, in the card's."""
    unit = unit_of(card.unit)
    is_plain = not amount.unit.said or unit.kind == "money"
    return number_words(amount.value, unit.words if is_plain else amount.unit.words)


def _past_boundary(card: Authority, amount: Amount | None, beside: Sequence[Amount]) -> str:
    """Return the amount that lies beyond the boundary, in words, or nothing."""
    most = boundary_amount(card)
    if most and amount and amount.value.is_finite() and amount.unit.fits(unit_of(card.unit)):
        said = Amount(amount.value, amount.unit if amount.unit.said else unit_of(card.unit))
        return _in_unit(card, amount) if is_more(said, most) else ""
    match = BOUNDARY.search(card.boundary)
    ages = [age for age in parse(match["rest"]).amounts if age.unit.kind == "time"] if match else []
    if len(ages) != 1 or unit_of(card.unit).kind == "time":
        return ""
    return next((one.words for one in beside if one.unit.fits(ages[0].unit) and is_more(one, ages[0])), "")


def _unreadable(card: Authority, amount: Amount | None, trouble: str) -> str:
    """Return why nothing can be decided about an amount, or nothing."""
    if not any(limit.up_to is not None for limit in card.limits):
        return "This card gives no limit as a number."
    if amount is None:
        return trouble or "No amount was given."
    if not amount.value.is_finite() or amount.value < 0:
        return "That is no amount."
    if not amount.unit.fits(unit_of(card.unit)):
        return _other_unit(card, amount)
    return ""


def _other_unit(card: Authority, amount: Amount) -> str:
    if not card.unit:
        return f"This card does not say what it counts in, so {amount.words} cannot be compared."
    return f"This card counts in {unit_words(card)}, not in {amount.unit.words}."


def _why_no_amount(card: Authority, request: Request) -> str:
    amounts = request.amounts
    if not amounts and (any(map(str.isdecimal, request.text)) or _NUMBER_WORDS.search(request.text)):
        return _NOT_UNDERSTOOD
    if len(amounts) > 1:
        return f"More than one amount was given: {', '.join(amount.words for amount in amounts)}."
    return _other_unit(card, amounts[0]) if amounts else ""


def _decides_above(card: Authority, role: str) -> bool:
    return bool(role) and own_limit(card, role) is None and same(card.above, role)


def _may(card: Authority, asker: Asker, what: str, because: str) -> Decision:
    return Decision(Verdict.YOU_MAY, f"You may: {_sentence(what)}", because, None, lines(card, asker))


def _without_limit(card: Authority, asker: Asker, amount: Amount) -> Decision:
    if not asker.role:
        reason = "Nobody has said what your role is."
    elif any(same(limit.role, asker.role) for limit in card.limits):
        reason = f"This card gives no clear limit for {asker.role}."
    elif asker.rank(asker.role) is None:
        reason = f"{asker.role!r} is no role of this team ({', '.join(asker.roles)})."
    else:
        reason = f"This card gives {asker.role} no limit."
    return _unknown(card, asker, reason, _approver(card, asker, amount))


def _ask_above(card: Authority, asker: Asker, amount: Amount, reason: str) -> Decision:
    found = _approver(card, asker, amount)
    if found is None:
        return _unknown(card, asker, f"{reason}, and the card names nobody who decides above it.")
    return Decision(Verdict.ASK, f"Ask {_sentence(found.words)}", f"{reason}.", found, lines(card, asker))


def _unknown(card: Authority, asker: Asker, reason: str, ask: Approver | None = None, says: str = "Ask") -> Decision:
    whom = ask or whom_to_ask(card, asker)
    return Decision(Verdict.UNKNOWN, f"{says} {_sentence(whom.words)}", reason, whom, lines(card, asker))


def _approver(card: Authority, asker: Asker, amount: Amount) -> Approver | None:
    """Return the nearest role above the asker's that may decide the amount, or who decides above all limits."""
    able = [
        limit for limit in limits_above(card, asker) if limit.up_to is not None and is_within(amount, limit.up_to, card)
    ]
    if able:
        nearest = min(able, key=lambda limit: limit.up_to or Decimal(0))
        up_to = f"up to {number_words(nearest.up_to or Decimal(0), unit_words(card))}"
        return Approver(nearest.role, nearest.people, up_to)
    return Approver("", (card.above,)) if card.above else None


def whom_to_ask(card: Authority, asker: Asker) -> Approver:
    """Return whom to ask where the card decides nothing: who stands above it, else the team's highest role."""
    if card.above:
        return Approver("", (card.above,))
    named = [limit for limit in limits_above(card, asker) if limit.people]
    if named:
        return Approver(named[-1].role, named[-1].people)
    highest = asker.roles[-1] if asker.roles else ""
    return Approver("", (f"your {highest}" if highest and not same(highest, asker.role) else "your lead",))
