"""An authority card as a few lines that a person writes, in the form and in a file (F13, F26).

    action: refund a damaged parcel
    unit: EUR
    rep: 50
    shift lead: 250 (Sam Poole, Priya Nair)
    above: Head of service
    if: there is a photograph
    boundary: never after 90 days
    valid until: 2027-12-31

Every line that is none of the named ones is a role with its limit; `ask` stands for a limit
that gives no number. A line without a value says nothing. A role or a name that could be
taken for something else stands in double quotes, as in JSON. What `written` returns is read
back as the same card by `parsed`. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from kbtui.entry.model import Authority, Limit
from kbtui.entry.text import clipped, one_line
from kbtui.errors import RefusedError

_NAMED = {
    "action": "action",
    "unit": "unit",
    "currency": "unit",
    "above": "above",
    "if": "conditions",
    "boundary": "boundary",
    "valid until": "valid_until",
}
_ASK = "ask"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_LINE = re.compile(rf"(?P<name>{_QUOTED}|[^:\"][^:]*?)\s*:(?P<value>.*)")
_LIMIT = re.compile(r"(?P<amount>[^(]*?)\s*(?:\((?P<people>.*)\))?")
_PERSON = re.compile(rf"\s*(?P<name>{_QUOTED}|[^,]+?)\s*(?:,|$)")
_PLAIN_ROLE = re.compile(r'[^:"\s](?:[^:"]*[^:"\s])?')
_PLAIN_PERSON = re.compile(r'[^,"()\s](?:[^,"()]*[^,"()\s])?')


def blank_lines(roles: Sequence[str]) -> str:
    """Return the lines of a card that says nothing yet, for a team's roles, the lowest first."""
    names = ("action", "unit", *(_quoted(role, _PLAIN_ROLE) for role in roles))
    return "\n".join(f"{name}: " for name in (*names, "above", "if", "boundary", "valid until"))


def written(card: Authority | None) -> str:
    """Return the lines of a card; nothing for none."""
    return "\n".join(_lines(card)) if card else ""


def _lines(card: Authority) -> Iterator[str]:
    yield f"action: {card.action}"
    if card.unit:
        yield f"unit: {card.unit}"
    yield from map(_limit_line, card.limits)
    if card.above:
        yield f"above: {card.above}"
    yield from (f"if: {condition}" for condition in card.conditions)
    if card.boundary:
        yield f"boundary: {card.boundary}"
    if card.valid_until:
        yield f"valid until: {card.valid_until}"


def _limit_line(limit: Limit) -> str:
    role = limit.role if limit.role.casefold() not in _NAMED else json.dumps(limit.role, ensure_ascii=False)
    amount = _ASK if limit.up_to is None else str(limit.up_to)
    people = ", ".join(_quoted(name, _PLAIN_PERSON) for name in limit.people)
    return f"{_quoted(role, _PLAIN_ROLE) if role is limit.role else role}: {amount}{f' ({people})' if people else ''}"


def _quoted(text: str, plain: re.Pattern[str]) -> str:
    return text if plain.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def parsed(text: str) -> Authority | None:
    """Return the card in a text; None where no line says anything.

    Raises:
        RefusedError: a line cannot be understood, or the action is missing; names the line.
    """
    values: dict[str, list[str]] = {}
    limits: list[Limit] = []
    for number, line in enumerate(text.split("\n"), 1):
        name, value = _pair(line, number)
        if not value:
            continue
        key = _NAMED.get(" ".join(name.casefold().split()))
        if key:
            values.setdefault(key, []).append(value)
        else:
            limits.append(_limit(name, value, number))
    if not values and not limits:
        return None
    return _card(values, limits)


def _pair(line: str, number: int) -> tuple[str, str]:
    """Return the two sides of a line; of an empty one, nothing and nothing. A name in quotes keeps them."""
    clean = one_line(line)
    if not clean:
        return "", ""
    match = _LINE.fullmatch(clean)
    if match is None:
        raise _trouble(number, clean, "is no name with a colon behind it")
    return match["name"], match["value"].strip()


def _card(values: dict[str, list[str]], limits: list[Limit]) -> Authority:
    conditions = tuple(dict.fromkeys(values.pop("conditions", [])))
    for key, said in values.items():
        if len(said) > 1:
            raise RefusedError(f"The authority card says “{key.replace('_', ' ')}” twice.", "Leave one of them out.")
    one = {key: said[0] for key, said in values.items()}
    if "action" not in one:
        raise RefusedError("The authority card names no action.", "Write what is decided, such as “action: refund”.")
    return Authority(
        one["action"], one.get("unit", ""), tuple(limits), one.get("above", ""), conditions, one.get("boundary", ""),
        one.get("valid_until", ""),
    )  # fmt: skip


def _limit(name: str, value: str, number: int) -> Limit:
    match = _LIMIT.fullmatch(value)
    amount = match["amount"].strip() if match else value
    if match is None or not (amount.casefold() == _ASK or _is_amount(amount)):
        raise _trouble(number, value, "gives no number for a limit")
    up_to = None if amount.casefold() == _ASK else Decimal(amount)
    people = tuple(_bare(found["name"], number) for found in _PERSON.finditer(match["people"] or ""))
    return Limit(_bare(name, number), up_to, tuple(dict.fromkeys(filter(None, people))))


def _is_amount(text: str) -> bool:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return False
    return amount.is_finite() and amount >= 0


def _bare(name: str, number: int) -> str:
    """Return a role or a name without its quotes."""
    if not name.startswith('"'):
        return name
    try:
        return one_line(str(json.loads(name)))
    except ValueError as error:
        raise _trouble(number, name, "is not quoted rightly") from error


def _trouble(number: int, text: str, what: str) -> RefusedError:
    return RefusedError(
        f"Line {number} of the authority card, “{clipped(text, 40)}”, {what}.",
        "Write it as “action: refund”, or “shift lead: 250 (Sam Poole, Priya Nair)”.",
    )
