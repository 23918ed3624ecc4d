"""Who may know the answer to an open question (F50). Pure.

By what they answered, confirmed or improved about the same, as the history tells it; and by what the
files themselves say: who keeps an entry, who confirmed its words, who may decide. So a base whose
history is young, or was brought in, names people too.

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

CONFIRMED, KEEPS, DECIDES = "confirmed", "keeps", "may decide in"
_WEIGHT = {"answered": 1.0, CONFIRMED: 0.8, "improved": 0.6, KEEPS: 0.5, DECIDES: 0.4}
_OF_A_TAG = 0.4
_OF_THE_REST = 0.2
"""How much each further entry of a person adds to their nearest one, of which four count."""


@dataclass(frozen=True, slots=True)
class Related:
    """An entry that is about the same as a question.

    Attributes:
        closeness: how alike the two questions are, 0 to 1.
        tags: that both have.
        named: who is named in its file, each with what for: `CONFIRMED`, `KEEPS` or `DECIDES`.
    """

    card: Card
    credit: Credit
    closeness: float
    tags: tuple[str, ...]
    named: tuple[tuple[str, Person], ...] = ()

    @property
    def people(self) -> Iterator[tuple[str, Person]]:
        """Who has to do with it, each with what they did."""
        yield from ((part, person) for part in _WEIGHT for person in getattr(self.credit, part, ()))
        yield from self.named

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
