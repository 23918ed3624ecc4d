"""Phone numbers, as the numbering plans of the world have them (the phonenumbers library).

A number with its country in front is told anywhere. One as it is dialled at home is told
where the team has said its region, and a row of bare digits only behind a word such as
"phone". Numbers that are nobody's own (free, shared-cost, premium) are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from kbtui.entry.alarm import Alarm, Kind, alarm

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_LOOKS_LIKE_ONE = re.compile(
    r"(?<![\w.,/#=+-])(?P<number>(?:\+|\(\+?)?\d(?:[ \t\u00a0().\u2010-\u2015/-]{0,3}\d){6,14})(?![\w=]|[-./]\d|,\d)"
)
_WORD = re.compile(
    r"\b(?:tele)?(?:phone|fon|f[oó]no|fax)|\b(?:tel|mobile?|cell|call(?:ed|er)?|ring|dial|whatsapp|text(?:ed)?|sms|handy"
    r"|m[oó]vil|portable|rufnummer|nummer|number is)\b",
    re.IGNORECASE,
)
_WORD_BEFORE = 30
_YEAR = r"(?:19|20)\d\d"
_OTHER = re.compile(
    rf"\d{{1,3}}(?:\.\d{{1,3}}){{3}}|{_YEAR}[-./ ]\d\d?[-./ ]\d\d?.*|\d\d?([-./])\d\d?\1{_YEAR}.*"
    rf"|{_YEAR} ?[-\u2013/] ?{_YEAR}"
)
"""Addresses of computers, dates and spans of years."""
_MOST = 1_000
"""How many number-like places of one text are looked at, so that a long table takes no longer than a person waits."""


def phones(text: str, region: str) -> Iterator[Alarm]:
    """Yield phone numbers that may be somebody's own.

    Args:
        region: ISO 3166-1 code of the team's country, or empty.
    """
    for match in islice(_LOOKS_LIKE_ONE.finditer(text), _MOST):
        before = text[max(0, match.start() - _WORD_BEFORE) : match.start()]
        if _is_phone(match["number"], region, has_word=_WORD.search(before) is not None):
            yield alarm(Kind.PHONE, *match.span())


def _is_phone(number: str, region: str, *, has_word: bool) -> bool:
    if _OTHER.fullmatch(number):
        return False
    is_abroad = number.lstrip("(").startswith(("+", "00"))
    if not is_abroad and not (region or has_word):
        return False
    if not is_abroad and not has_word and not _is_written_as_dialled(number, region):
        return False
    if not is_abroad and not region:
        return _is_dialled(number)
    return _is_somebodys(number, region)


def _is_written_as_dialled(number: str, region: str) -> bool:
    """Whether a number begins as people dial it at home; where that is nothing special, it must stand in groups."""
    from phonenumbers import PhoneMetadata

    plan = PhoneMetadata.metadata_for_region(region, None)
    if plan is not None and plan.national_prefix == "0":
        return number.startswith(("0", "(0"))
    return not number.isdigit()


def _is_dialled(number: str) -> bool:
    """Whether digits behind the word "phone" are one, where nobody has said in which country: 9 to 12, in groups."""
    digits = sum(character.isdigit() for character in number)
    return 9 <= digits <= 12 and (number.startswith("0") or not number.isdigit()) and not _is_free(number)


def _is_free(number: str) -> bool:
    """Whether a number begins as free and shared-cost ones do in most countries (0800, 1-800, 0900)."""
    return re.match(r"\(?(?:1[ .-]?)?\(?0?(?:800|80\d|84\d|87\d|888|877|866|855|844|833|9[01]0)\b", number) is not None


def _is_somebodys(number: str, region: str) -> bool:
    parsed = _parsed(number, region)
    if parsed is None:
        return False
    from phonenumbers import PhoneNumberType as Type
    from phonenumbers import is_valid_number, number_type

    nobodys = (Type.TOLL_FREE, Type.PREMIUM_RATE, Type.SHARED_COST, Type.UAN, Type.VOICEMAIL)
    return is_valid_number(parsed) and number_type(parsed) not in nobodys


def _parsed(number: str, region: str) -> PhoneNumber | None:
    from phonenumbers import NumberParseException, parse

    international = re.sub(r"^\(?00", "+", number)
    try:
        return parse(international, region or None)
    except NumberParseException:
        return None
