"""What uses come to for one person (F37-F41): reuse by others, and what a trick cannot raise. Pure.

- A use of one's own words by oneself is nobody's.
- A use counts once two different colleagues have used the entry: what only two friends pass to and fro helps nobody.
- Of one colleague's uses of one entry in one week, three count; whoever needs an answer every day knows it by then.
- What one colleague brings one person in one week, over all entries, ends at ten uses.

So what counts is how many colleagues an answer helps, and not how often a key is pressed. It is
worked out for whoever asks about themselves; nothing here puts people beside one another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from kbtui.team.shares import Share

COLLEAGUES = 2
"""How many others must have used an entry before its uses count."""

OF_ONE = 3
"""Uses of one entry by one colleague in one week that count."""

BETWEEN_TWO = 10
"""Uses by one colleague in one week that count for one person, over all entries."""

LEAST = Fraction(1, 20)
"""The share from which on one may say that one's words helped a call: a confirmation, or one word in sixteen."""


@dataclass(frozen=True, slots=True)
class Used:
    """How often one person used one entry in one week.

    Attributes:
        entry: its id.
        who: `Person.key`.
        week: the Monday it begins with, ISO, in UTC.
    """

    entry: str
    who: str
    week: str
    number: int


def own_parts(person: str, shares: Mapping[str, Iterable[Share]], *, asking: bool = True) -> dict[str, Fraction]:
    """Return what a person has of each entry's uses, by the entry's id.

    Args:
        person: `Person.key`.
        shares: everybody's, by the entry's id.
        asking: whether having asked counts; that alone helps nobody's call.
    """
    own = {
        entry: [each.share for each in of if each.person.key == person and (asking or each.part != "asked")]
        for entry, of in shares.items()
    }
    return {entry: sum(parts, Fraction(0)) for entry, parts in own.items() if parts}


def worth(
    person: str, parts: Mapping[str, Fraction], uses: Iterable[Used], users: Mapping[str, Collection[str]]
) -> float:
    """Return what uses come to for one person, in uses.

    Args:
        parts: what the person has of each entry (`own_parts`).
        uses: those of the time that is asked about.
        users: who ever used an entry, by its id.
    """
    brought: dict[tuple[str, str], Fraction] = {}
    for each in uses:
        if each.who != person and each.entry in parts and is_shared(person, users.get(each.entry, ())):
            pair = each.who, each.week
            brought[pair] = brought.get(pair, Fraction(0)) + parts[each.entry] * min(each.number, OF_ONE)
    return round(float(sum(min(each, Fraction(BETWEEN_TWO)) for each in brought.values())), 2)


def is_shared(person: str, users: Collection[str]) -> bool:
    """Whether enough colleagues have used an entry for its uses to count for a person."""
    return len({*users} - {person}) >= COLLEAGUES


def calls_helped(person: str, parts: Mapping[str, Fraction], this_week: Mapping[str, Mapping[str, int]]) -> int:
    """Return how many calls a person's words helped this week, on somebody else's telephone (F38).

    Args:
        this_week: uses, by the entry's id and by who used it.
    """
    helping = [entry for entry, part in parts.items() if part >= LEAST]
    return sum(number for entry in helping for who, number in this_week.get(entry, {}).items() if who != person)
