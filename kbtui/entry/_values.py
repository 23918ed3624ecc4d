"""Between a header's texts and an entry's values. Reading forgives; writing is exact."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from kbtui.entry._yaml import Value
from kbtui.entry.model import Approval, Authority, EntryChange, Limit, State
from kbtui.entry.text import one_line

_TAG_KEYS = ("tags", "labels", "categories", "category", "keywords")
_TRUE = ("true", "yes", "on", "1")


def as_text(value: Value) -> str:
    """Return a scalar as it stands; of a list or map nothing is taken."""
    return value if isinstance(value, str) else ""


def as_question(value: Value) -> str:
    """Return a title; the nulls that other bases leave where a title is missing are none."""
    text = one_line(as_text(value))
    return "" if text in ("~", "null") else text


def as_list(value: Value) -> tuple[str, ...]:
    """Return the items of a list; a single text is a list of one."""
    items = value if isinstance(value, list) else [value]
    lines = (one_line(as_text(item)) for item in items)
    return tuple(dict.fromkeys(line for line in lines if line))


def tags_of(values: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the tags, from whatever key another base keeps them under; `a, b` is two tags."""
    for key in _TAG_KEYS:
        value = values.get(key, "")
        if isinstance(value, str):
            value = [*value.split(",")]
        if tags := as_list(value):
            return tags
    return ()


def as_bool(value: Value) -> bool:
    """Return whether a text says yes, in any of YAML's ways."""
    return as_text(value).casefold() in _TRUE


def as_state(value: Value, default: State) -> State:
    """Return the state named, or `default` where none of kbtui's four is."""
    text = as_text(value)
    return State(text) if text in list(State) else default


def as_date(value: Value) -> str:
    """Return an ISO date, or nothing where the text is none."""
    text = as_text(value).strip()
    try:
        return dt.date.fromisoformat(text).isoformat() if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else ""
    except ValueError:
        return ""


def as_language(value: Value) -> str:
    """Return an ISO 639-1 code, in lower case; `es-MX` is es."""
    code = as_text(value).strip().lower().partition("-")[0]
    return code if re.fullmatch(r"[a-z]{2}", code) else ""


def read_approval(value: Value) -> Approval | None:
    """Return who approved which words, if the header says so completely."""
    if not isinstance(value, dict):
        return None
    by, on, text = (one_line(as_text(value.get(key, ""))) for key in ("by", "on", "text"))
    return Approval(by, on, text) if by and text else None


def read_authority(value: Value) -> Authority | None:
    """Return an authority card, or None where there is none or its action is missing."""
    if not isinstance(value, dict) or not as_text(value.get("action", "")).strip():
        return None
    limits = value.get("limits", [])
    return Authority(
        action=one_line(as_text(value["action"])),
        unit=one_line(as_text(value.get("currency", "")) or as_text(value.get("unit", ""))),
        limits=tuple(_limits(limits)),
        above=", ".join(as_list(value.get("above", ""))),
        conditions=as_list(value.get("conditions", "")),
        boundary=one_line(as_text(value.get("boundary", ""))),
        valid_until=_last_day(value.get("valid_until", "")),
    )


def _last_day(value: Value) -> str:
    """Return a date; what is none stays, so that nobody takes the card for one that never expires (F26)."""
    return as_date(value) or one_line(as_text(value)) or ("no date" if value else "")


def _limits(value: Value) -> list[Limit]:
    if isinstance(value, dict):
        return [Limit(one_line(role), _amount(as_text(amount))) for role, amount in value.items()]
    if not isinstance(value, list):
        return []
    maps = [item for item in value if isinstance(item, dict) and as_text(item.get("role", "")).strip()]
    return [
        Limit(
            one_line(as_text(item["role"])),
            _amount(as_text(item.get("up_to", ""))),
            as_list(item.get("people", "")),
        )
        for item in maps
    ]


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount >= 0 else None


def authority_problems(value: Value) -> list[str]:
    """Return what keeps an authority card from saying who may decide what."""
    if value == "":
        return []
    card = read_authority(value)
    if card is None or not isinstance(value, dict):
        return ["the authority card names no action"]
    found = [] if card.limits else ["the authority card gives no limit for any role"]
    found += [f"the limit of {limit.role!r} is no number" for limit in card.limits if limit.up_to is None]
    if value.get("valid_until") and not as_date(value["valid_until"]):
        found.append("valid_until is no date; write it as 2027-03-31")
    return found


def header_values(wanted: EntryChange, question_key: str) -> dict[str, Value]:
    """Return the header keys that say what is wanted; an empty value removes its key."""
    values: dict[str, Value] = {}
    if question_key and wanted.question is not None:
        values[question_key] = wanted.question
    for key in ("state", "tags", "asked_as", "owner", "check_by", "replaced_by"):
        value = getattr(wanted, key)
        if value is not None:
            values[key] = list(value) if isinstance(value, tuple) else str(value)
    if wanted.pinned is not None:
        values["pinned"] = "true" if wanted.pinned else ""
    if wanted.approval is not None:
        values["validated"] = {
            "by": wanted.approval.by,
            "on": wanted.approval.on,
            "text": wanted.approval.text,
        }
    if wanted.authority is not None:
        values["authority"] = _authority_value(wanted.authority)
    return values


def _authority_value(card: Authority) -> dict[str, Value]:
    unit_key = "currency" if re.fullmatch(r"[A-Z]{3}", card.unit) else "unit"
    value: dict[str, Value] = {
        "action": card.action,
        unit_key: card.unit,
        "limits": [_limit_value(limit) for limit in card.limits],
        "above": card.above,
        "conditions": list(card.conditions),
        "boundary": card.boundary,
        "valid_until": card.valid_until,
    }
    return {key: item for key, item in value.items() if item}


def _limit_value(limit: Limit) -> dict[str, Value]:
    value: dict[str, Value] = {"role": limit.role}
    if limit.up_to is not None:
        value["up_to"] = str(limit.up_to)
    if limit.people:
        value["people"] = list(limit.people)
    return value
