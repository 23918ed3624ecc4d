"""Who may know the answer to an open question (F50), worked out from tags, likeness, history, and who files name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kbtui.entry.card import Card
from kbtui.entry.model import Entry, Person, State
from kbtui.entry.text import normal, one_line
from kbtui.errors import RefusedError
from kbtui.team.credit import credit_of, steps_of
from kbtui.team.knowers import CONFIRMED, DECIDES, KEEPS, Knower, Related, knowers
from kbtui.team.shift import colleagues

if TYPE_CHECKING:
    from kbtui.parts import Parts

_FAR = 0.2
"""Closeness below which an entry that shares no tag is about something else."""

_ALIKE, _OF_TAGS = 10, 100
"""Entries that are looked at: the questions nearest to it, and those that share a tag."""


class Knowing:
    """Finds people.

    Args:
        parts: the library's parts.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def who_knows(self, entry: Entry) -> list[Knower]:
        """Return who may know, the likeliest first, with the reason in words; three at most."""
        near = [(card, closeness) for card, closeness in self._near(entry).items() if card.path != entry.path]
        paths = [entry.path, *(card.path for card, _ in near)]
        changes = self._parts.overview.changes(paths)
        behind = {path: credit_of(steps_of(commits)) for path, commits in changes.items()}
        tags = {normal(tag): tag for tag in entry.tags}
        person = self._parts.person()
        me = [person, self._parts.known_as(person)] if person else []
        called = _by_name((*me, *colleagues(self._parts.overview.people())))
        related = [
            Related(card, behind[card.path], closeness, shared, tuple(_named(card, called)))
            for card, closeness in near
            for shared in (_shared(card, tags),)
            if shared or closeness >= _FAR
        ]
        return knowers(related, {each.key for each in (*me, *behind[entry.path].asked)})

    def _near(self, entry: Entry) -> dict[Card, float]:
        """Return entries that are about the same, each with how alike the questions are."""
        index = self._parts.index
        found: dict[Card, float] = {}
        for phrasing in (entry.question, *entry.asked_as[:3]):
            for each in index.similar(phrasing, _ALIKE):
                found[each.card] = max(each.closeness, found.get(each.card, 0.0))
        for card in self._with_tags(entry):
            found.setdefault(card, 0.0)
        return {card: closeness for card, closeness in found.items() if card.state not in (State.OPEN, State.ARCHIVED)}

    def _with_tags(self, entry: Entry) -> Iterator[Card]:
        wanted = set(map(normal, entry.tags))
        cards = self._parts.index.all_cards() if wanted else []
        fitting = (card for card in cards if wanted & set(map(normal, card.tags)))
        yield from (card for card, _ in zip(fitting, range(_OF_TAGS), strict=False))

    def person_called(self, name: str) -> Person:
        """Return the colleague that a name, a part of one, or an address stands for.

        Raises:
            RefusedError: nobody of this team is called so, or several are.
        """
        wanted = normal(name)
        people = self._people() if wanted else []
        exact = [each for each in people if wanted in (normal(each.name), normal(each.email), normal(str(each)))]
        found = exact or [each for each in people if wanted in normal(each.name).split()]
        if len(found) == 1:
            return found[0]
        if not found:
            raise RefusedError(
                f"Nobody of this team is called {one_line(name)!r}.", "Give the name that stands under an entry."
            )
        some = ", ".join(str(each) for each in found[:5])
        raise RefusedError(f"Several people are called {one_line(name)!r}.", f"Give an address: {some}")

    def _people(self) -> list[Person]:
        """Return everybody of the team: those the history has, and those whom only files name, without an address."""
        people = colleagues(self._parts.overview.people())
        known = {normal(each.name) for each in people}
        index = self._parts.index
        cards = index.all_cards() if index.is_usable() else []
        names = {normal(name): name for card in cards for _, name in _names(card)}
        return [*people, *(Person(name, "") for key, name in sorted(names.items()) if key not in known)]


def _by_name(people: Sequence[Person]) -> dict[str, Person]:
    """Return people by their names; who shares a name with another one is known by the name alone."""
    found: dict[str, Person] = {}
    for each in people:
        name = normal(each.name)
        is_another = name in found and found[name].key != each.key
        found[name] = Person(each.name, "") if is_another else each
    return found


def _named(card: Card, called: Mapping[str, Person]) -> Iterator[tuple[str, Person]]:
    for part, name in _names(card):
        yield part, called.get(normal(name), Person(name, ""))


def _names(card: Card) -> Iterator[tuple[str, str]]:
    """Yield the people whom an entry's file names, each with what for."""
    limits = card.authority.limits if card.authority is not None else ()
    named = (
        (CONFIRMED, card.confirmed),
        (KEEPS, card.owner),
        *((DECIDES, name) for limit in limits for name in limit.people),
    )
    yield from ((part, one_line(name)) for part, name in named if one_line(name))


def _shared(card: Card, tags: dict[str, str]) -> tuple[str, ...]:
    of_card = set(map(normal, card.tags))
    return tuple(tag for key, tag in tags.items() if key in of_card)
