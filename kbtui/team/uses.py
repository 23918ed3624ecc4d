"""What the events say of entries: how often used, who waits, what did not help, who is thanked. Pure.

The counts are of entries, never of people's writing (F41): a person only learns how many
calls their answers helped (F38), their own use left out. The same events give the same
counts on every computer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kbtui.entry.event import Event, EventKind
from kbtui.entry.model import Person, State
from kbtui.team.credit import Credit

WEEK = dt.timedelta(days=7)
"""What "this week" means: the seven days up to now, the same length on a Monday and on a Sunday."""

FEW_KINDS = (EventKind.FLAG, EventKind.FLAG_CLOSED, EventKind.THANKS, EventKind.ACKNOWLEDGED)
"""Kinds of which every event is looked at; of the others, only how many there are, or the last week's."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One complaint of one person that nobody has closed: "did not help", "wrong" (F24, F27)."""

    id: str
    reason: str
    person: Person
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Demand:
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
        f"used {_times(used)}{week}" if used else "",
        f"{_many(waiting, 'caller')} waiting" if waiting else "",
        _many(flags, "open flag") if flags else "",
        f"thanked {_times(thanks)}" if thanks else "",
    )
    return ", ".join(filter(None, said))


def _many(number: int, of: str) -> str:
    return f"{number} {of}" if number == 1 else f"{number} {of}s"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


@dataclass(frozen=True)
class Counts:
    """The counts of one base at one moment; all by an entry's id.

    Attributes:
        used: the most used first.
        this_week: uses within the last seven days, by entry and by the address of who used it, the most used first.
        joined: callers who joined an open question after the one who asked it.
        flags: open ones, the oldest first.
        thanks: every thank-you, the oldest first.
        thanked: how many there are.
        acknowledged: who (their address) has read which entry (its id) in which words (their digest).
    """

    used: Mapping[str, int] = field(default_factory=dict)
    this_week: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    joined: Mapping[str, int] = field(default_factory=dict)
    flags: Mapping[str, tuple[Flag, ...]] = field(default_factory=dict)
    thanks: tuple[Event, ...] = ()
    thanked: Mapping[str, int] = field(default_factory=dict)
    acknowledged: frozenset[tuple[str, str, str]] = frozenset()

    def of(self, entry_id: str, state: State) -> Demand:
        """Return what is known of one entry; only an open question has callers who wait."""
        return Demand(
            used=self.used.get(entry_id, 0),
            this_week=sum(self.this_week.get(entry_id, {}).values()),
            waiting=1 + self.joined.get(entry_id, 0) if state is State.OPEN else 0,
            flags=self.flags.get(entry_id, ()),
            thanks=self.thanked.get(entry_id, 0),
        )

    def thanks_to(self, person: Person) -> list[Event]:
        """Return the thank-yous for one person, the oldest first; their own to themselves left out."""
        key = _key(person)
        return [each for each in self.thanks if key in map(str.casefold, each.refs) and _key(each.person) != key]

    def has_acknowledged(self, person: Person, entry_id: str, digest: str) -> bool:
        """Whether a person has read an entry in these very words (F48)."""
        return (_key(person), entry_id, digest) in self.acknowledged


def counted(totals: Mapping[str, Mapping[str, int]], few: Sequence[Event], recent: Iterable[Event]) -> Counts:
    """Return the counts.

    Args:
        totals: by kind, how many events each entry has, the most first.
        few: all events of `FEW_KINDS`, the oldest first.
        recent: the uses within the last seven days.
    """
    thanks = tuple(each for each in few if each.kind == EventKind.THANKS)
    return Counts(
        used=totals.get(EventKind.USED, {}),
        this_week=_by_entry_and_person(recent),
        joined=totals.get(EventKind.JOINED, {}),
        flags=open_flags(few),
        thanks=thanks,
        thanked=totals.get(EventKind.THANKS, {}),
        acknowledged=frozenset(
            (_key(each.person), each.entry, ref)
            for each in few
            if each.kind == EventKind.ACKNOWLEDGED
            for ref in each.refs
        ),
    )


def open_flags(events: Sequence[Event]) -> dict[str, tuple[Flag, ...]]:
    """Return the flags that nobody has closed, by entry. A closing names the flags it closes, so no clock matters."""
    closed = {ref for each in events if each.kind == EventKind.FLAG_CLOSED for ref in each.refs}
    found: dict[str, tuple[Flag, ...]] = {}
    for each in events:
        if each.kind == EventKind.FLAG and each.id not in closed:
            flag = Flag(each.id, each.words, each.person, each.at)
            found[each.entry] = (*found.get(each.entry, ()), flag)
    return found


def within_week(events: Iterable[Event], now: dt.datetime) -> list[Event]:
    """Return the events of the seven days up to `now`; a time to come is a clock that is wrong, and waits its turn."""
    return [each for each in events if now - WEEK <= each.at <= now]


def helped(counts: Counts, person: Person, credits_of: Mapping[str, Credit]) -> int:
    """Return how many calls a person's words helped this week, on somebody else's telephone (F38).

    Args:
        credits_of: by an entry's id, whose words it is made of. Asking alone helps nobody's call.
    """
    key = _key(person)
    return sum(
        number
        for entry_id, users in counts.this_week.items()
        if entry_id in credits_of and key in _keys(_behind(credits_of[entry_id]))
        for user, number in users.items()
        if user != key
    )


def to_thank(credit: Credit, thanking: Person) -> list[Person]:
    """Return whom a thank-you for an entry is for: those who answered, improved or confirmed it, never oneself."""
    return [each for each in _behind(credit) if _key(each) != _key(thanking)]


def _behind(credit: Credit) -> list[Person]:
    people = [*credit.answered, *credit.improved, *credit.confirmed]
    return list({_key(each): each for each in people}.values())


def _by_entry_and_person(recent: Iterable[Event]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for each in recent:
        users = found.setdefault(each.entry, {})
        users[_key(each.person)] = users.get(_key(each.person), 0) + 1
    return dict(sorted(found.items(), key=lambda pair: (-sum(pair[1].values()), pair[0])))


def _keys(people: Collection[Person]) -> set[str]:
    return {_key(each) for each in people}


def _key(person: Person) -> str:
    """Return what tells one person from another: the address, in whatever case it was typed."""
    return person.email.casefold() or person.name
