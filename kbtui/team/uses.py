"""What the events say of entries: how often used, who waits, what did not help, who is thanked. Pure.

The counts are of entries, never of people's writing (F41). The same events give the same
counts on every computer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from kbtui.entry.model import Person, State
from kbtui.entry.text import counted

if TYPE_CHECKING:  # a screen needs only the counts before it is shown
    from kbtui.entry.event import Event
    from kbtui.team.credit import Credit

WEEK = dt.timedelta(days=7)
"""What "this week" means: the seven days up to now, the same length on a Monday and on a Sunday."""


class Flag(NamedTuple):
    """One complaint of one person that nobody has closed: "did not help", "wrong" (F24, F27)."""

    id: str
    reason: str
    person: Person
    at: dt.datetime


class Demand(NamedTuple):
    """What the team's calls say of one entry.

    Attributes:
        used: how often it was used, ever.
        this_week: how often within the last seven days.
        waiting: callers who wait for an answer; the one whose call asked it included.
        flags: complaints that nobody has closed.
        thanks: how often somebody said thank you for it.
    """

    used: int = 0
    this_week: int = 0
    waiting: int = 0
    flags: tuple[Flag, ...] = ()
    thanks: int = 0

    @property
    def words(self) -> str:
        """The counts as a person reads them, those that are nothing left out; empty where all are."""
        return counted_words(self.used, self.this_week, self.waiting, len(self.flags), self.thanks)


def counted_words(used: int, this_week: int, waiting: int, flags: int, thanks: int = 0) -> str:
    """Return counts as a person reads them, those that are nothing left out; empty where all are."""
    week = f" ({this_week} this week)" if this_week else ""
    said = (
        f"used {times(used)}{week}" if used else "",
        f"{counted(waiting, 'caller')} waiting" if waiting else "",
        counted(flags, "open flag") if flags else "",
        f"thanked {times(thanks)}" if thanks else "",
    )
    return ", ".join(filter(None, said))


def times(number: int) -> str:
    """Return how often something was: once, or 3 times."""
    return "once" if number == 1 else f"{number} times"


_NOTHING: Mapping[str, Any] = {}


class Counts(NamedTuple):
    """The counts of one base at one moment; all by an entry's id.

    Attributes:
        used: how often, ever; the most used first.
        this_week: uses within the last seven days, by entry and by who used it (`Person.key`).
        joined: callers who joined an open question after the one who asked it.
        thanked: how many thank-yous there are.
        flags: open ones, the oldest first.
    """

    used: Mapping[str, int] = _NOTHING
    this_week: Mapping[str, Mapping[str, int]] = _NOTHING
    joined: Mapping[str, int] = _NOTHING
    thanked: Mapping[str, int] = _NOTHING
    flags: Mapping[str, tuple[Flag, ...]] = _NOTHING

    def of(self, entry_id: str, state: State) -> Demand:
        """Return what is known of one entry; only an open question has callers who wait."""
        return Demand(
            used=self.used.get(entry_id, 0),
            this_week=sum(self.this_week.get(entry_id, {}).values()),
            waiting=1 + self.joined.get(entry_id, 0) if state is State.OPEN else 0,
            flags=self.flags.get(entry_id, ()),
            thanks=self.thanked.get(entry_id, 0),
        )

    @property
    def busiest(self) -> list[str]:
        """The entries used this week, by id, the most used first."""
        return sorted(self.this_week, key=lambda entry_id: (-sum(self.this_week[entry_id].values()), entry_id))


def flags_of(events: Iterable[Event]) -> dict[str, tuple[Flag, ...]]:
    """Return the flags of each entry, from the events of those that nobody has closed, the oldest first."""
    found: dict[str, tuple[Flag, ...]] = {}
    for each in events:
        flag = Flag(each.id, each.words, each.person, each.at)
        found[each.entry] = (*found.get(each.entry, ()), flag)
    return found


def to_thank(credit: Credit, thanking: Person) -> list[Person]:
    """Return whom a thank-you for an entry is for: those who answered, improved or confirmed it, never oneself."""
    return [each for each in _behind(credit) if each.key != thanking.key]


def writers(credit: Credit, coaching: Person) -> list[Person]:
    """Return whom a coaching note for an entry is for: those who wrote its answer, else its question; never oneself."""
    people = [*credit.answered, *credit.improved] or [*credit.asked]
    return [each for each in {each.key: each for each in people}.values() if each.key != coaching.key]


def _behind(credit: Credit) -> list[Person]:
    people = [*credit.answered, *credit.improved, *credit.confirmed]
    return list({each.key: each for each in people}.values())
