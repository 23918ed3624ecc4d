"""Reading "refund €80.50" or "extend 10 days": the words of an action and the amounts beside them.

Nothing is guessed (F26). A text that may be read in two ways gives both amounts or none,
never the smaller one: "1.200" and "1 200" are a thousand and two hundred, "5-10" is no
amount, "-80" is none either, and neither are codes such as ERR-4012.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal

from kbtui.entry.text import one_line
from kbtui.entry.units import NO_UNIT, Unit, known_unit

_LONGEST_TEXT, _MOST_DIGITS = 1_000, 15
_GROUPED = re.compile(r"(?<![\w.,'’-])\d{1,3}(?: \d{3})+(?!\d)")
"""Thousands apart by spaces, as ISO 80000-1 writes them."""

_PER_CENT = re.compile(r"(?i)\bper cent\b")
_TOKEN = re.compile(r"(?P<before>\D*?)(?P<number>\d+(?:[.,'’]\d+)*)(?:[.,][-–—]+)?(?P<after>\D*)")
_GROUPS = re.compile(r"\d+|\d{1,3}(?P<mark>[.,'])\d{3}(?:(?P=mark)\d{3})*")
_WORD = re.compile(r"[^\W\d_]+")
_MAYBE_UNIT = re.compile(r"[^\W\d_]\D*")
_AROUND = "\"'“”„‚‘’()[]{}?!;:…*`"
_MAY_FOLLOW = frozenset(("back", "max", "maximum", "now", "ok", "only", "please", "pls", "thanks", "today"))
"""Words that may stand last, right behind an amount, without being its unit."""

_ELAPSED = frozenset(("after", "ago", "late", "later", "old", "older", "over", "past", "since"))


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of something, never negative."""

    value: Decimal
    unit: Unit = NO_UNIT

    @property
    def words(self) -> str:
        """The amount as a person reads it."""
        return number_words(self.value, self.unit.words)


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants to know whether they may do.

    Attributes:
        text: the words as they came, on one line.
        words: what is neither an amount nor its unit, in lower case.
        before: those of the words that stand before the first amount.
        amounts: every amount, in the order they stand in.
    """

    text: str
    words: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    amounts: tuple[Amount, ...] = ()

    @property
    def is_about_age(self) -> bool:
        """Whether a length of time in it may be how long ago something was."""
        return not _ELAPSED.isdisjoint(self.words)


def number_words(value: Decimal, unit: str) -> str:
    """Return a number with its unit, without exponents; one day is no "1 days"."""
    is_one = value == 1 and known_unit(unit) and known_unit(unit[:-1]) and unit.endswith("s")
    space = "" if unit == "%" else " "
    return f"{value:f}{space}{unit[:-1] if is_one else unit}".rstrip()


def parse(text: str) -> Request:
    """Return what `text` asks for. Never raises; a text too long to be a question has no amounts."""
    line = one_line(unicodedata.normalize("NFKC", one_line(text)))
    if len(line) > _LONGEST_TEXT:
        return Request(line, words_in(line[:_LONGEST_TEXT]))
    joined = _GROUPED.sub(lambda match: match[0].replace(" ", ""), _PER_CENT.sub("percent", line))
    return _read(line, [_bare(token) for token in joined.split()])


def words_in(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case, without numbers."""
    return tuple(_WORD.findall(text.casefold()))


def _bare(token: str) -> str:
    return token.strip(_AROUND).rstrip(".,").strip(_AROUND)


def _read(line: str, tokens: Sequence[str]) -> Request:
    amounts: dict[int, Amount] = {}
    taken: set[int] = set()
    for place in range(len(tokens)):
        if found := _amount_at(tokens, place, taken):
            amounts[place], beside = found
            taken |= {place, *beside}
    kept = ["" if place in taken else token for place, token in enumerate(tokens)]
    first = min(amounts, default=len(tokens))
    return Request(line, words_in(" ".join(kept)), words_in(" ".join(kept[:first])), tuple(amounts.values()))


def _amount_at(tokens: Sequence[str], place: int, taken: AbstractSet[int]) -> tuple[Amount, list[int]] | None:
    """Return the amount that stands at a place, and the places beside it that name its unit."""
    match = _TOKEN.fullmatch(tokens[place])
    value = _number(match["number"]) if match and _is_no_code(match["before"]) else None
    if match is None or value is None:
        return None
    ahead = [place - 1] if place and place - 1 not in taken and _money(tokens[place - 1]) else []
    behind = [place + 1] if not match["after"] and _may_be_unit(tokens, place + 1) else []
    texts = [*(tokens[at] for at in ahead), match["before"], match["after"], *(tokens[at] for at in behind)]
    known = [at for at in (*ahead, *behind) if known_unit(tokens[at])]
    return Amount(value, _together([unit for unit in map(_named, texts) if unit])), known


def _is_no_code(before: str) -> bool:
    """Whether what stands right before a number leaves it an amount: nothing, or a sign of money."""
    return not before or _money(before)


def _money(text: str) -> bool:
    unit = known_unit(text)
    return unit is not None and unit.kind in ("money", "")


def _may_be_unit(tokens: Sequence[str], place: int) -> bool:
    """Whether a word names the unit of the number before it; the last word of a text may be one nobody knows."""
    if place >= len(tokens):
        return False
    if known_unit(tokens[place]):
        return True
    word = tokens[place].casefold()
    return place == len(tokens) - 1 and word not in _MAY_FOLLOW and _MAYBE_UNIT.fullmatch(word) is not None


def _named(text: str) -> Unit | None:
    bare = text.lstrip("-")
    return (known_unit(bare) or Unit(bare)) if bare else None


def _together(named: Sequence[Unit]) -> Unit:
    """Return the one unit that all of those named may be; where they contradict each other, one that fits nothing."""
    if not named:
        return NO_UNIT
    common = [name for name in named[0].means if all(name in unit.means for unit in named)]
    if len(named) == 1 or common:
        return Unit(named[-1].said, tuple(common), named[-1].factor)
    return Unit(" and ".join(unit.said for unit in named))


def _number(text: str) -> Decimal | None:
    """Return the number that a text of digits and marks stands for, or None where it is not written as one.

    The last mark is the decimal one, unless it stands more than once, is an apostrophe,
    or has exactly three digits behind it: then the marks part the thousands.
    """
    plain = text.replace("’", "'")
    whole, mark, part = plain, "", ""
    if marks := [character for character in plain if character in ".,'"]:
        whole, mark, part = plain.rpartition(marks[-1])
        is_thousands = len(part) == 3 and not whole.startswith("0")
        if mark == "'" or marks.count(mark) > 1 or is_thousands:
            whole, part = plain, ""
    digits = "".join(filter(str.isdecimal, whole))
    if not _GROUPS.fullmatch(whole) or len(digits + part) > _MOST_DIGITS:
        return None
    return Decimal(f"{digits}.{part}" if part else digits)
