"""Whose share every use of an entry is, worked out from the history (F37-F41); and what that comes to for one person.

The rule stands in `kbtui.team.shares`, what tricks cannot raise in `kbtui.team.worth`. Only
commits, events and `.mailmap` go in: anybody with a clone comes to the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from kbtui.entry.card import Card
from kbtui.entry.model import Person, State
from kbtui.errors import KbError
from kbtui.team.credit import Step, credit_of, steps_of, with_approval, with_signers
from kbtui.team.same import joined_paths
from kbtui.team.shares import Share, Version, shares_of
from kbtui.team.worth import Used, calls_helped, own_parts, worth
from kbtui.verbs.standing import Standings

if TYPE_CHECKING:
    from kbtui.git.change import Commit
    from kbtui.parts import Parts

_Told = list[tuple["Commit", Step]]


class Shares:
    """Works shares out.

    Args:
        parts: the library's parts.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._standings = Standings(parts)

    def of(self, cards: Sequence[Card]) -> dict[str, tuple[Share, ...]]:
        """Return everybody's share of a use of each entry, by the entry's id."""
        overview = self._parts.overview
        told = dict(self._all_told(cards))
        sources = overview.sources({(commit.commit, commit.path) for of in told.values() for commit, _ in of})
        now = overview.standing(card.path for card in cards)
        asked_too = self._asked_too(cards)
        return {
            card.id: shares_of([*_versions(of, sources)], _text(now.get(card.path, b"")), asked_too.get(card.id, ()))
            for card, of in told.items()
        }

    def _asked_too(self, cards: Iterable[Card]) -> dict[str, tuple[Person, ...]]:
        """Return who asked the questions that were joined into others, by the id of the other."""
        index = self._parts.index
        joined = joined_paths(index.cards_with_successor() if index.is_usable() else [])
        wanted = {card.id: joined[card.id] for card in cards if card.id in joined and not card.variant_of}
        changes = self._parts.overview.changes([path for paths in wanted.values() for path in paths])
        return {
            entry: tuple(person for path in paths for person in credit_of(steps_of(changes[path])).asked)
            for entry, paths in wanted.items()
        }

    def _changes(self, cards: Sequence[Card]) -> list[list[Commit]]:
        found = self._parts.overview.changes([card.path for card in cards])
        return [found[card.path] for card in cards]

    def _all_told(self, cards: Sequence[Card]) -> Iterator[tuple[Card, _Told]]:
        """Yield what happened to entries, and whom each step credits."""
        from kbtui.verbs.confirmed import versions_before

        changes = self._changes(cards)
        before = versions_before(self._parts, {card.path: of for card, of in zip(cards, changes, strict=True)})
        for card, of in zip(cards, changes, strict=True):
            yield card, self._told(card, of, before[card.path])

    def _told(self, card: Card, commits: Sequence[Commit], before: Sequence[bytes]) -> _Told:
        steps = steps_of(commits)
        if card.state is State.VALIDATED:
            from kbtui.entry import file_format  # Markdown and YAML are slow to load
            from kbtui.verbs.confirmed import confirmed_before

            with suppress(KbError):  # it may be gone by now
                entry = file_format.read(card.path, self._parts.files.read(card.path))
                steps = with_approval(entry, steps, confirmed_before(entry, before))
        return list(zip(commits, with_signers(steps, self._standings.signers(card)), strict=True))

    def helped(self, person: Person) -> int:
        """Return how many calls of colleagues a person's words helped this week (F38)."""
        this_week = self._known(self._parts.tally.counts().this_week)
        parts = own_parts(person.key, self.of(self._own(person, this_week)), asking=False)
        return calls_helped(person.key, parts, this_week)

    def worth(self, person: Person) -> tuple[float, float]:
        """Return what a person's shares of others' uses come to, in uses: in this calendar week, and ever."""
        rows = self._parts.tally.uses_by_week()
        names = self._names({who for _, who, _, _ in rows})
        uses = [Used(entry, names[who], week, number) for entry, who, week, number in rows]
        users: dict[str, set[str]] = {}
        for each in uses:
            users.setdefault(each.entry, set()).add(each.who)
        parts = own_parts(person.key, self.of(self._own(person, users)))
        this_week = self._monday()
        recent = [each for each in uses if each.week == this_week]
        return worth(person.key, parts, recent, users), worth(person.key, parts, uses, users)

    def _monday(self) -> str:
        today = self._parts.now().date()
        return (today - timedelta(days=today.weekday())).isoformat()

    def _own(self, person: Person, users: Mapping[str, Iterable[str]]) -> list[Card]:
        """Return the cards of entries that others have used and that hold something of a person's."""
        index = self._parts.index
        used = [entry for entry, of in users.items() if {*of} - {person.key}]
        by_id = {card.id: card for card in (index.cards_with_ids(used) if index.is_usable() else [])}
        cards = [*by_id.values()]
        asked_too = self._asked_too(cards)
        found = []
        for card, told in self._all_told(cards):
            people = credit_of([step for _, step in told]).people
            if person.key in {each.key for each in (*people, *asked_too.get(card.id, ()))}:
                found.append(card)
        return found

    def _known(self, this_week: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
        """Return counts by entry and person, as `.mailmap` knows people: one's own old address is no colleague."""
        names = self._names({who for users in this_week.values() for who in users})
        found: dict[str, dict[str, int]] = {}
        for entry, users in this_week.items():
            of_entry = found.setdefault(entry, {})
            for who, number in users.items():
                of_entry[names[who]] = of_entry.get(names[who], 0) + number
        return found

    def _names(self, keys: Iterable[str]) -> dict[str, str]:
        known = self._parts.overview.known_as(Person("", key) for key in keys)
        return {person.email: found.key for person, found in known.items()}


def _versions(told: _Told, sources: Mapping[tuple[str, str], bytes]) -> Iterator[Version]:
    """Yield an entry's versions; a commit in which its file has no such name changed no word: it moved it."""
    source = b""
    for commit, step in told:
        source = sources.get((commit.commit, commit.path), source)
        yield Version(step, commit.commit, _text(source))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
