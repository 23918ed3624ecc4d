"""Card numbers in running text: spaced, dashed, dotted, split over lines, in any script's digits.

A number is made of groups of digits with little between them. A group that has the length
of a card is looked at alone. Several groups are a card where they are printed as cards are
(4-4-4-4, 4-6-5, ...), or where they stand for themselves: a number cut anywhere by spaces
or a line's end. Lists, columns and longer numbers have groups too, and are left alone.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from kbtui.entry._schemes import LONGEST, SHORTEST, is_issued, passes_luhn, truncated
from kbtui.entry.alarm import Alarm, Kind

_GROUP = re.compile(r"\d+")
_UNSEEN = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e3\u3164"
_UNSEEN += "\ufe00-\ufe0f\ufeff\uffa0\u0300-\u036f\U000e0000-\U000e01ef"
_MARKS = r"*`\\"
"""Characters that nobody sees, and marks that Markdown makes nothing of: digits on both sides belong together."""

_TO_FLATTEN = re.compile(
    rf"[{_UNSEEN}{_MARKS}]+|[\u2460-\u2468\u24ea\u24f5-\u24fd\u2776-\u277e\u2780-\u2788\u278a-\u2792]"
    r"|&(?:[a-z]{0,4}sp|[a-z]{0,4}dash|hyphen|shy|period|#\d{1,7}|#x[0-9a-f]{1,6});|<br ?/?>",
    re.IGNORECASE,
)
_LAYOUTS = frozenset(
    {
        (4, 4, 4, 4),
        (4, 6, 5),
        (4, 4, 4, 3),
        (5, 5, 5),
        (4, 6, 4),
        (4, 4, 4, 2),
        (4, 3, 3, 3),
        (4, 4, 4, 4, 1),
        (4, 4, 4, 4, 2),
        (4, 4, 4, 4, 3),
        (6, 13),
        (6, 10),
        (4, 4, 4),
        (4, 4, 4, 1),
        (4, 4, 5),
        (8, 4, 4),
        (4, 4, 8),
        (4, 8, 4),
        (4, 12),
        (6, 6, 4),
    }
)
"""Sizes of the groups in which cards and forms print their numbers."""

_USUAL = frozenset(" -.")
_LINE_END = re.compile(r"[ \t]*[-.]?[ \t\r]*\n[ \t\r]*(?:\n[ \t]*)?(?:[>|-][ \t]*)?")
_LONGEST_GAP = 8
_CARD_WORD = re.compile(
    r"card|visa|master|maestro|amex|american express|discover|diners|jcb|unionpay|\bpan\b|\bcc\b|credit|debit"
    r"|kart[ea]|carte|tarjeta|cart[aã]|kort|kaart|карт|卡|カード",
    re.IGNORECASE,
)
_WORD_BEFORE = 32
_ID_BEFORE = re.compile(r"""(?:/|(?:\b|_)id["']?[ ]?[:=][ ]?["']?)\Z""", re.IGNORECASE)
_TAIL = 7
"""Digits that may follow a number that stands for itself: month, year and card code."""

_READ_BACK = 60
_GUESSABLE = 10
"""Truncation leaves ten digits; more than these of an unfinished number are as good as the number."""

_PARCEL = re.compile(r"(?<!\d)9[1-5]\d{2}(?: \d{4}){4}(?: \d{2})?(?!\d)")
"""Tracking numbers of the US post in print: 20 or 22 digits in fours (USPS Publication 199)."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Digits without anything between them; `before` is what joins them to the group before, or empty."""

    digits: str
    start: int
    end: int
    before: str


@dataclass(frozen=True, slots=True)
class _Flat:
    """A text without what is unseen; `starts` and `ends` say where its characters came from, None if nowhere else."""

    text: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where characters [start, end) stand in the text as it came."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def cards(text: str) -> Iterator[Alarm]:
    """Yield every card number in a text, in order, none overlapping."""
    if len(text) < SHORTEST:
        return
    flat = _flattened(text)
    groups = _groups(flat.text)
    parcels = [match.span() for match in _PARCEL.finditer(flat.text)]
    place = 0
    while place < len(groups):
        after = _card_from(groups, place, flat.text)
        if after is None or any(a <= groups[place].start < b for a, b in parcels):
            place += 1
            continue
        found = groups[place:after]
        start, end = flat.span(found[0].start, found[-1].end)
        yield Alarm(Kind.CARD, start, end, Kind.CARD.words, truncated("".join(group.digits for group in found)))
        place = after


def beginning(text: str) -> Alarm | None:
    """Return the card number that somebody is in the middle of typing at the end of a text, if they seem to be."""
    from_here = max(0, len(text) - _READ_BACK)
    flat = _flattened(text[from_here:].rstrip(" -."))
    groups = _groups(flat.text)
    if not groups or groups[-1].end != len(flat.text):
        return None
    digits, found = "", None
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        digits = group.digits + digits
        is_begin = not group.before or len(group.digits) == 4
        if is_begin and flat.text[group.start - 1 : group.start] != "+" and _may_become_card(digits):
            start, end = flat.span(group.start, len(flat.text))
            found = Alarm(Kind.CARD, start + from_here, end + from_here, Kind.CARD.words, truncated(digits))
        if not group.before:
            break
    return found


def _may_become_card(digits: str) -> bool:
    """Whether so many digits of a card are there that the rest could be guessed."""
    lengths = range(max(len(digits) + 1, 14), LONGEST + 1)
    return len(digits) > _GUESSABLE and any(is_issued(digits.ljust(size, "0"), is_sure=True) for size in lengths)


def _flattened(text: str) -> _Flat:
    """Return the text without unseen characters, with HTML's spaces and circled digits as what they stand for."""
    if _TO_FLATTEN.search(text) is None:
        return _Flat(text)
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for match in _TO_FLATTEN.finditer(text):
        pieces.append(text[at : match.start()])
        starts += range(at, match.start())
        ends += range(at + 1, match.start() + 1)
        if stands_for := _meaning(match[0]):
            pieces.append(stands_for)
            starts.append(match.start())
            ends.append(match.end())
        at = match.end()
    pieces.append(text[at:])
    starts += range(at, len(text))
    ends += range(at + 1, len(text) + 1)
    return _Flat("".join(pieces), starts, ends)


def _meaning(piece: str) -> str:
    """Return the one character that a reference, a tag or a circled digit stands for; nothing for what is unseen."""
    if piece[0] == "<":
        return "\n"
    if piece[0] == "&":
        meant = html.unescape(piece.lower())
        return meant if len(meant) == 1 and not re.match(f"[{_UNSEEN}{_MARKS}]", meant) else ""
    value = unicodedata.digit(piece, None) if len(piece) == 1 else None
    return "" if value is None else str(value)


def _groups(text: str) -> list[_Group]:
    groups: list[_Group] = []
    end = -_LONGEST_GAP - 1
    for match in _GROUP.finditer(text):
        gap = text[end : match.start()] if 0 < match.start() - end <= _LONGEST_GAP else ""
        digits = match[0] if match[0].isascii() else "".join(str(unicodedata.decimal(digit)) for digit in match[0])
        groups.append(_Group(digits, match.start(), match.end(), _link(gap)))
        end = match.end()
    return groups


@lru_cache(maxsize=1024)
def _link(gap: str) -> str:
    """Return what kind of join stands between two groups: a space, a newline, one sign, or nothing that joins."""
    if "\n" in gap:
        return "\n" if _LINE_END.fullmatch(gap) else ""
    if not gap.strip():
        return " " if 0 < len(gap) <= 3 else ""
    sign = gap.strip() if len(gap) <= 3 else ""
    if len(sign) != 1 or sign.isalnum():
        return ""
    if unicodedata.category(sign) == "Pd" or sign in "\u2212\u00af\u02d7":
        return "-"
    if sign in ".\u00b7\u2022\u30fb\u3002\uff0e":
        return "." if len(gap) == 1 else ""
    return sign if len(gap) == 1 else ""


def _card_from(groups: Sequence[_Group], place: int, text: str) -> int | None:
    """Return the place after the last group of the longest card that begins at `place`, or None."""
    first = groups[place]
    longest = place + 1 if len(first.digits) >= SHORTEST and _is_whole(first, text) else None
    if not _begins_run(groups, place) and len(first.digits) not in (4, 5, 6, 8):
        return longest
    digits = first.digits
    for after in range(place + 1, len(groups)):
        group = groups[after]
        digits += group.digits
        if not group.before or len(digits) > LONGEST:
            break
        if len(digits) >= SHORTEST and _is_issued_card(groups, place, after + 1, digits, text):
            longest = after + 1
    return longest


def _is_whole(group: _Group, text: str) -> bool:
    """Whether digits without anything between them are a card. After a plus sign they are a phone number."""
    is_long = len(group.digits) > LONGEST
    if is_long or (text[max(0, group.start - 1) : group.start] == "+" and len(group.digits) < 16):
        return False
    is_sure = is_issued(group.digits, is_sure=True) and not _is_machines_id(group, text)
    is_sure = is_sure or _has_card_word(text, group.start)
    return is_sure and is_issued(group.digits, is_sure=False) and passes_luhn(group.digits)


def _is_machines_id(group: _Group, text: str) -> bool:
    """Whether 14 digits stand in a link or behind "id": help desks number their articles like Diners Club its cards."""
    return len(group.digits) == 14 and _ID_BEFORE.search(text[max(0, group.start - 12) : group.start]) is not None


def _has_card_word(text: str, place: int) -> bool:
    before = text[max(0, place - _WORD_BEFORE) : place]
    return "/" not in before and _CARD_WORD.search(before) is not None


def _is_issued_card(groups: Sequence[_Group], start: int, end: int, digits: str, text: str) -> bool:
    """Whether the groups [start, end) are one card number; the cheap questions come first."""
    if not is_issued(digits, is_sure=False) or not passes_luhn(digits):
        return False
    found = groups[start:end]
    if _is_in_column(groups, start, end) or _is_counting(found):
        return False
    links = {group.before for group in found[1:]} - {"\n"}
    if _is_printed_so(found, links):
        in_fours = all(len(group.digits) == 4 for group in found) and len(digits) == 16
        return in_fours or is_issued(digits, is_sure=True) or _has_card_word(text, found[0].start)
    return is_issued(digits, is_sure=True) and _stands_for_itself(groups, start, end, links)


def _is_printed_so(found: Sequence[_Group], links: set[str]) -> bool:
    """Whether the groups have the sizes of a printed card; other signs than the usual only between fours."""
    sizes = tuple(len(group.digits) for group in found)
    if not links <= _USUAL:
        return len(links) == 1 and sizes == (4, 4, 4, 4)
    return sizes in _LAYOUTS or _joined_over_lines(found) in _LAYOUTS


def _joined_over_lines(found: Sequence[_Group]) -> tuple[int, ...]:
    """Return the sizes of the groups as they are once the lines are put together."""
    sizes: list[int] = []
    for number, group in enumerate(found):
        if number and group.before == "\n":
            sizes[-1] += len(group.digits)
        else:
            sizes.append(len(group.digits))
    return tuple(sizes)


def _begins_run(groups: Sequence[_Group], place: int) -> bool:
    """Whether no group of the same run stands before this one; a few digits begin nothing behind other digits."""
    before = groups[place].before
    if before and len(groups[place].digits) < 4:
        return False
    after = groups[place + 1].before if place + 1 < len(groups) else ""
    return before != after or not after


def _stands_for_itself(groups: Sequence[_Group], start: int, end: int, links: set[str]) -> bool:
    """Whether the groups are a whole run, joined by one usual sign, with nothing behind but what follows a card."""
    if len(links) > 1 or not links <= _USUAL or not _begins_run(groups, start):
        return False
    if links and groups[start].before in links:
        return False
    if links == {"."} and end - start < 3:  # a decimal number
        return False
    tail = 0
    while end < len(groups) and groups[end].before in (links or {"\n"}):
        tail += len(groups[end].digits)
        if tail > _TAIL:
            return False
        end += 1
    return True


def _is_in_column(groups: Sequence[_Group], start: int, end: int) -> bool:
    """Whether the groups are lines of a column of equally long numbers, which goes on above or below."""
    if any(group.before != "\n" for group in groups[start + 1 : end]):
        return False
    size = len(groups[start].digits)
    others = 0
    place = start
    while place and groups[place].before == "\n" and len(groups[place - 1].digits) == size and others < 2:
        others, place = others + 1, place - 1
    while end < len(groups) and groups[end].before == "\n" and len(groups[end].digits) == size and others < 2:
        others, end = others + 1, end + 1
    return others >= (2 if size == 4 else 1)


def _is_counting(found: Sequence[_Group]) -> bool:
    """Whether the groups count up in small steps, as a list of codes or years does."""
    numbers = [int(group.digits) for group in found]
    return all(0 < after - before <= 20 for before, after in pairwise(numbers))
