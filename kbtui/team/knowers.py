"""Who may know the answer to an open question (F50): by what they answered, confirmed, improved about the same. Pure.

Names and the reason in words, the nearest first, three at most; no number that would put
people beside one another. How much somebody has written counts little: what is nearest to
the question counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from kbtui.entry.card import Card
from kbtui.entry.model import Person
from kbtui.team.credit import Credit

MOST = 3

_KEEPS = "keeps"
_WEIGHT = {"answered": 1.0, "confirmed": 0.8, "improved": 0.6, _KEEPS: 0.5}
_OF_A_TAG = 0.4
_OF_THE_REST = 0.2
"""How much each further entry of a person adds to their nearest one, of which four count."""


@dataclass(frozen=True, slots=True)
class Related:
    """An entry that is about the same as a question.

    Attributes:
        closeness: how alike the two questions are, 0 to 1.
        tags: that both have.
        owner: who keeps it true, where the team knows them.
    """

    card: Card
    credit: Credit
    closeness: float
    tags: tuple[str, ...]
    owner: Person | None = None

    @property
    def people(self) -> Iterator[tuple[str, Person]]:
        """Who has to do with it, each with what they did."""
        yield from ((part, person) for part in _WEIGHT for person in getattr(self.credit, part, ()))
        if self.owner is not None:
            yield _KEEPS, self.owner

    @property
    def nearness(self) -> float:
        """How near it is to the question, by its words and by its tags."""
        return self.closeness + _OF_A_TAG * min(len(self.tags), 2)


@dataclass(frozen=True, slots=True)
class Knower:
    """Somebody who may know.

    Attributes:
        because: why, to be read after their name.
        entry: id of the entry that says so.
    """

    person: Person
    because: str
    entry: str


def knowers(related: Iterable[Related], without: Collection[str] = ()) -> list[Knower]:
    """Return who may know, the likeliest first.

    Args:
        without: who is not meant (`Person.key`): who asks, who asked.
    """
    evidence: dict[str, list[tuple[float, str, Related, Person]]] = {}
    for each in related:
        for part, person in each.people:
            if person.key not in without:
                evidence.setdefault(person.key, []).append((each.nearness * _WEIGHT[part], part, each, person))
    weighed = []
    for key, found in evidence.items():
        found.sort(key=lambda one: (-one[0], one[2].card.path))
        others = {one[2].card.path: one[0] for one in found[::-1] if one[2] is not found[0][2]}
        score = found[0][0] + _OF_THE_REST * sum(sorted(others.values())[-4:])
        _, part, nearest, person = found[0]
        weighed.append((-score, key, Knower(person, _because(part, nearest), nearest.card.id)))
    return [knower for _, _, knower in sorted(weighed, key=lambda one: one[:2])[:MOST]]


def _because(part: str, nearest: Related) -> str:
    about = f", about {' and '.join(nearest.tags[:2])} too" if nearest.tags else ""
    return f"{part} “{nearest.card.question}”{about}"
