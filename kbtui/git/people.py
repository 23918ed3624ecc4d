"""Under which name and address `.mailmap` knows somebody, asked of git for many people at once.

git knows which files count (`.mailmap`, `mailmap.file`, `mailmap.blob`) and what they mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from kbtui.config import parse_person
from kbtui.entry.model import Person
from kbtui.entry.text import one_line
from kbtui.errors import RefusedError

_AT_ONCE = 200
_LONGEST = 300
_NO_BRACKETS = str.maketrans("<>", "  ")

Ask = Callable[[Sequence[str]], str]
"""Returns what `git check-mailmap` answers to contacts, one line for each."""


class People:
    """Says who somebody is.

    Args:
        ask: asks git.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._known: dict[Person, Person] = {}
        self._parsed: dict[str, Person | None] = {}

    def learn(self, people: Iterable[Person]) -> None:
        """Look these up together; `known` then needs no git for them."""
        new = [person for person in dict.fromkeys(people) if person not in self._known]
        for start in range(0, len(new), _AT_ONCE):
            some = new[start : start + _AT_ONCE]
            answers = self._ask([_contact(person) for person in some]).split("\n")
            self._known |= {person: _person(answer) for person, answer in zip(some, answers, strict=False)}

    def known(self, person: Person) -> Person:
        """Return somebody as `.mailmap` knows them."""
        if person not in self._known:
            self.learn([person])
        return self._known.get(person, person)

    def named(self, values: Iterable[str]) -> list[Person]:
        """Return the people that trailers name, as they stand there; a value without a name is nobody."""
        return [person for value in values if (person := self._parse(value)) is not None]

    def _parse(self, value: str) -> Person | None:
        if value not in self._parsed:
            try:
                self._parsed[value] = parse_person(value)
            except RefusedError:
                self._parsed[value] = None
        return self._parsed[value]


def _contact(person: Person) -> str:
    """Return somebody in the one form that git reads, whatever stands in their commits."""
    name, email = (one_line(text.translate(_NO_BRACKETS))[:_LONGEST].strip() for text in (person.name, person.email))
    return f"{name} <{email}>".lstrip()


def _person(answer: str) -> Person:
    name, _, rest = answer.rpartition("<")
    return Person(one_line(name) or "somebody", one_line(rest.partition(">")[0]))
