"""Which digits make a card number: issuer, length and check digit.

The issuer identification numbers and lengths are those of ISO/IEC 7812-1 as the schemes
publish them; the check digit is that of its annex B (Luhn). `is_sure` numbers are told by
their digits alone. The others share their beginnings with too much that is no card: they
count where a word such as "card" stands before them, or where they are printed in fours.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

SHORTEST, LONGEST = 12, 19
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


@dataclass(frozen=True, slots=True)
class Scheme:
    """Cards of one kind.

    Attributes:
        beginnings: first digits, as ranges of equal width ("2221-2720") or single ones.
        lengths: numbers of digits.
        is_sure: whether the digits alone tell.
    """

    name: str
    beginnings: tuple[str, ...]
    lengths: tuple[int, ...]
    is_sure: bool = True


SCHEMES = (
    Scheme("Visa", ("4",), (16, 19)),
    Scheme("Visa", ("4",), (13,), is_sure=False),
    Scheme("Mastercard", ("51-55", "2221-2720"), (16,)),
    Scheme("American Express", ("34", "37"), (15,)),
    Scheme("Discover", ("6011", "644-649", "65"), (16, 17, 18, 19)),
    Scheme("Diners Club", ("300-305", "3095", "36", "38-39"), (14,)),
    Scheme("Diners Club", ("300-305", "3095", "36", "38-39"), (16, 17, 18, 19), is_sure=False),
    Scheme("JCB", ("3528-3589",), (16, 17, 18, 19)),
    Scheme("UnionPay", ("62",), (16, 17, 18, 19)),
    Scheme("Maestro", ("5018", "5020", "5038", "5893", "6304", "6759", "6761-6763"), tuple(range(12, 20))),
    Scheme("Maestro", ("50", "56-58", "60-69"), tuple(range(12, 20)), is_sure=False),
    Scheme("RuPay", ("508", "60", "81-82", "353", "356"), (16,)),
    Scheme("Mir", ("2200-2204",), (16, 17, 18, 19)),
    Scheme("Troy", ("9792",), (16,)),
    Scheme("Elo", ("506699-506778", "509000-509999", "636297", "636368"), (16,)),
    Scheme("Hipercard", ("606282",), (16,)),
    Scheme("Verve", ("506099-506198",), (16, 18, 19)),
    Scheme("InterPayment", ("636",), (16, 17, 18, 19)),
    Scheme("InstaPayment", ("637-639",), (16,)),
    Scheme("Uzcard and Humo", ("8600", "5614", "9860"), (16,)),
    Scheme("UATP", ("1",), (15,), is_sure=False),
)
_WIDTH = 6


@cache
def _ranges(length: int, *, is_sure: bool) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the beginnings of cards of one length, in six digits: where each range begins and ends, merged."""
    found: list[tuple[int, int]] = []
    for scheme in SCHEMES:
        if length in scheme.lengths and scheme.is_sure >= is_sure:
            found += [_in_six_digits(beginning) for beginning in scheme.beginnings]
    merged: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(first for first, _ in merged), tuple(last for _, last in merged)


def _in_six_digits(beginning: str) -> tuple[int, int]:
    first, _, last = beginning.partition("-")
    return int(first.ljust(_WIDTH, "0")), int((last or first).ljust(_WIDTH, "9"))


def is_issued(digits: str, *, is_sure: bool) -> bool:
    """Whether a scheme issues numbers of this length with this beginning.

    Args:
        digits: ASCII digits, six or more.
        is_sure: ask only for schemes that are told by their digits alone.
    """
    firsts, lasts = _ranges(len(digits), is_sure=is_sure)
    beginning = int(digits[:_WIDTH])
    place = bisect_right(firsts, beginning) - 1
    return place >= 0 and beginning <= lasts[place]


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    plain = sum(map(int, digits[-1::-2]))
    return (plain + sum(_DOUBLED[int(digit)] for digit in digits[-2::-2])) % 10 == 0


def truncated(digits: str) -> str:
    """Return the digits that PCI DSS lets stand (requirement 3.5.1, truncation): the first six and the last four."""
    return f"{digits[:6]}{'x' * (len(digits) - 10)}{digits[-4:]}"
