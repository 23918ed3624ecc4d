"""Gathers what the staff meeting hears (F47): from the commits HEAD has, the events, and the entries as they are.

A change belongs to the day that the clock of whoever made it said; git's own `--since`, which
stops at the first commit with an old date, is not used (FAULTS 57).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kbtui.entry import file_format
from kbtui.entry.card import Card
from kbtui.entry.card_text import written
from kbtui.entry.event import Event, EventKind
from kbtui.entry.model import Person, State
from kbtui.team import meeting
from kbtui.team.credit import NOBODY_S, Step
from kbtui.team.ideas import KINDS, ideas_of
from kbtui.team.meeting import Pack, Row, Section
from kbtui.team.period import Period

if TYPE_CHECKING:
    from kbtui.git.change import Commit
    from kbtui.parts import Parts
    from kbtui.verbs.asked import MissReport

_UNNAMED = "somebody"
_BEGINNING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Meeting:
    """Makes the pack of some days.

    Args:
        parts: the library's parts.
        period: the days.
    """

    def __init__(self, parts: Parts, period: Period) -> None:
        self._parts = parts
        self._period = period
        index = parts.index
        cards = [card for card in (index.all_cards() if index.is_usable() else []) if not card.variant_of]
        self._cards = {card.id: card for card in reversed(cards)}  # of two with one id, the first path counts
        self._histories = parts.overview.changes([card.path for card in cards])
        self._people: dict[Person, Person] = {}

    def pack(self, missed: MissReport) -> Pack:
        """Return the pack.

        Args:
            missed: what was searched in vain in these days.
        """
        rows = [meeting.miss_row(place, each.misses, each.nearest) for place, each in enumerate(missed.groups, 1)]
        sections = (
            self._ideas(),
            meeting.counted_section(meeting.QUESTIONS, self._questions()),
            meeting.counted_section(meeting.REUSED, self._reused()),
            meeting.counted_section(meeting.MISSED, rows),
            meeting.listed_section(meeting.CHANGED, [*self._changed()]),
            meeting.listed_section(meeting.AUTHORITY, [*self._authority()]),
            meeting.listed_section(meeting.THANKS, [*self._thanks()], is_counted=False),
        )
        return Pack(self._parts.team.name, self._period, sections)

    def _ideas(self) -> Section:
        events = (each for each in self._parts.tally.of_kinds(*KINDS) if each.at <= self._period.end)
        ideas = ideas_of(replace(each, person=self._known(each.person)) for each in events)
        return meeting.ideas_section(ideas, self._cards, self._period)

    def _questions(self) -> Iterator[Row]:
        """Yield the questions that are open now, with who asked and who joined up to the last day."""
        joined = self._days(EventKind.JOINED, _BEGINNING)
        for card in self._cards.values():
            if card.state is State.OPEN:
                asked = [_asked(each) for each in self._histories[card.path][:1]] or ["asked; not in the history yet"]
                yield meeting.counted_row("open", card, joined.get(card.id, []), "joined", asked)

    def _reused(self) -> Iterator[Row]:
        for entry, days in self._days(EventKind.USED, self._period.start).items():
            if entry in self._cards:
                yield meeting.counted_row("used", self._cards[entry], days, "used")

    def _days(self, kind: str, since: dt.datetime) -> dict[str, list[str]]:
        """Return the days on which something happened to each entry, by its id, each as often as it did."""
        days: dict[str, list[str]] = {}
        for _, entry, at in self._parts.tally.within(kind, since, self._period.end):
            days.setdefault(entry, []).append(at[:10])
        return days

    def _changed(self) -> Iterator[Row]:
        """Yield the entries that somebody changed, those used most in these days first."""
        used = self._days(EventKind.USED, self._period.start)
        for card in sorted(self._cards.values(), key=lambda card: (-len(used.get(card.id, [])), card.path)):
            history = self._histories[card.path]
            deeds = [said for change in self._own(history) for said in _deeds(change, is_first=change is history[0])]
            if deeds:
                yield Row(meeting.anchor("changed", card), card.question, None, (*dict.fromkeys(deeds),), _named(card))

    def _own(self, history: Sequence[Commit]) -> list[Commit]:
        """Return the changes of these days; what a starter base or an import brings is nobody's."""
        return [each for each in history if each.action not in NOBODY_S and self._period.has(each.at)]

    def _authority(self) -> Iterator[Row]:
        for card in sorted(self._cards.values(), key=lambda card: card.path):
            history = self._histories[card.path]
            if own := self._own(history):
                first, last = history.index(own[0]), history.index(own[-1])
                before = self._card_lines(history[first - 1]) if first else []
                after = self._card_lines(history[last]) if last + 1 < len(history) else _lines_now(card)
                if details := _differences(before, after):
                    yield Row(meeting.anchor("may", card), card.question, None, details, _named(card))

    def _card_lines(self, change: Commit) -> list[str]:
        """Return the lines of the authority card that a change left; most changes have none, and need not be parsed."""
        data = self._parts.overview.version(change) or b""
        if b"authority" not in data:
            return []
        entry = file_format.read(change.path, data)
        return [] if entry.state is State.ARCHIVED else written(entry.authority).splitlines()

    def _thanks(self) -> Iterator[Row]:
        """Yield who thanked whom for what, as it was said; nobody's are counted."""
        said = [each for each in self._parts.tally.of_kinds(EventKind.THANKS) if self._period.has(each.at)]
        for place, each in enumerate(said, 1):
            card = self._cards.get(each.entry)
            names = ", ".join(self._thanked(each, card)) or "the people behind it"
            about = card.question if card else "an entry that is no longer there"
            words = (f"“{each.words}”",) if each.words else ()
            text = f"{self._known(each.person).name} thanks {names}"
            yield Row(f"thanks-{place}", text, None, (about, *words), _named(card) if card else ("", ""))

    def _thanked(self, thanks: Event, card: Card | None) -> list[str]:
        """Return the names of those thanked; an address alone is nobody's name and is not shown."""
        steps = self._histories[card.path] if card else []
        behind = [person for step in steps for person in (step.person, *step.co_authors, *step.reviewers)]
        names = {person.key: person.name for person in reversed(behind)}
        found = []
        for address in thanks.refs:
            known = self._known(Person(_UNNAMED, address))
            found.append(names.get(known.key, known.name))
        return [name for name in dict.fromkeys(found) if name != _UNNAMED]

    def _known(self, person: Person) -> Person:
        if person not in self._people:
            self._people[person] = self._parts.known_as(person)
        return self._people[person]


def _asked(first: Commit) -> str:
    if first.action in NOBODY_S:
        return "came with the starter base or an import"
    return f"asked by {first.person.name}, {_day(first.at)}"


def _deeds(change: Commit, *, is_first: bool) -> Iterator[str]:
    step = Step(change.person, change.at, change.action, change.co_authors, change.reviewers)
    names = " and ".join(person.name for person in (change.person, *change.co_authors))
    yield f"{_day(change.at)}: {names} {step.words(is_first=is_first)}"
    for person in change.reviewers:
        yield f"{_day(change.at)}: {person.name} confirmed it"


def _lines_now(card: Card) -> list[str]:
    return [] if card.state is State.ARCHIVED else written(card.authority).splitlines()


def _differences(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """Return what a card says now, and what it says no longer, a line each."""
    now = [f"now: {line}" for line in after if line not in before]
    return (*now, *(f"no longer: {line}" for line in before if line not in after))


def _named(card: Card) -> tuple[str, str]:
    return card.id, card.path


def _day(at: dt.datetime) -> str:
    return at.date().isoformat()
