"""Whose words an entry is made of (F37): asked, answered, improved, confirmed.

Credit is read from the history each time and is never stored, so it cannot conflict and
is the same on every computer. It names people on one entry; it never counts what anybody
wrote (F41). Starter entries and imports credit nobody: no caller asked them here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kbtui.entry.model import Person

_PARTS = {
    "ask": ("asked",),
    "new": ("asked", "answered"),
    "answer": ("answered",),
    "edit": ("improved",),
    "confirm": ("confirmed",),
    "undo": (),
    "archive": (),
    "restore": (),
    "salvage": (),
}
_NOBODY = ("start", "import")
_WORDS = {
    "ask": "asked this question",
    "new": "wrote this entry",
    "answer": "answered it",
    "edit": "improved it",
    "confirm": "confirmed it",
    "undo": "undid the last change of it",
    "archive": "archived it",
    "restore": "brought it back from the archive",
    "salvage": "brought it back from a damaged clone",
    "start": "put it into the starter base",
    "import": "brought it in",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to an entry.

    Attributes:
        action: the tool's word for it; empty where somebody used plain git.
        with_people: who took part besides `person`.
    """

    person: Person
    at: dt.datetime
    action: str
    with_people: tuple[Person, ...] = ()
    confirmed_by: tuple[Person, ...] = ()

    def words(self, *, is_first: bool) -> str:
        """Return what happened, to be read after the person's name."""
        return _WORDS.get(self.action, "wrote this entry" if is_first else "changed it")


@dataclass(frozen=True, slots=True)
class Credit:
    """The people behind one entry, each part in the order in which they came."""

    asked: tuple[Person, ...]
    answered: tuple[Person, ...]
    improved: tuple[Person, ...]
    confirmed: tuple[Person, ...]

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody, once."""
        return _once([*self.asked, *self.answered, *self.improved, *self.confirmed])


def credit_of(steps: Sequence[Step]) -> Credit:
    """Return whose words an entry is made of.

    Args:
        steps: its history, the oldest first.
    """
    parts: dict[str, list[Person]] = {"asked": [], "answered": [], "improved": [], "confirmed": []}
    for place, step in enumerate(steps):
        parts["confirmed"] += step.confirmed_by
        if step.action in _NOBODY:
            continue
        default = ("asked", "answered") if place == 0 else ("improved",)
        for part in _PARTS.get(step.action, default):
            parts[part] += [step.person, *step.with_people]
    return Credit(**{part: _once(people) for part, people in parts.items()})


def _once(people: Iterable[Person]) -> tuple[Person, ...]:
    """Drop repetitions; one address is one person, under the first name they used here."""
    seen: dict[str, Person] = {}
    for person in people:
        seen.setdefault(person.email.casefold() or person.name, person)
    return tuple(seen.values())
