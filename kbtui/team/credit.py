"""Whose words an entry is made of (F37): asked, answered, improved, confirmed.

Credit is worked out from the history each time and is never committed, so it cannot conflict
and is the same on every computer. It names people on one entry; it never counts what anybody
wrote, and entries are ordered by how often they helped, never people (F41).
Starter entries and imports credit nobody: no caller asked them here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from kbtui.entry.model import Entry, Person, State

if TYPE_CHECKING:
    from kbtui.git.change import Commit

_PARTS = {
    "ask": ("asked",),
    "new": ("asked", "answered"),
    "answer": ("answered",),
    "edit": ("improved",),
    "confirm": ("confirmed",),
    "undo": (),
    "archive": (),
    "restore": (),
    "same-question": (),
    "salvage": (),
    "merge": (),
    "owner": (),
    "check-by": (),
    "resolve": ("improved",),
    "combine": ("improved",),
}
_FOR_OTHERS = frozenset(("resolve",))
"""Whoever does this adds no words: it credits those whose words were chosen (FAULTS 67)."""

NOBODY_S = ("start", "import")
"""What a starter base or an import brings was written elsewhere: nobody here has done it."""

_WORDS = {
    "ask": "asked this question",
    "new": "wrote this entry",
    "answer": "answered it",
    "edit": "improved it",
    "confirm": "confirmed it",
    "undo": "undid the last change of it",
    "archive": "archived it",
    "restore": "brought it back from the archive",
    "same-question": "joined it with a question that asks the same",
    "salvage": "brought it back from a damaged clone",
    "merge": "merged two entries into one",
    "owner": "said who keeps it true",
    "check-by": "said by when it is to be checked",
    "resolve": "chose between two versions of it",
    "combine": "combined two versions of it",
    "start": "put it into the starter base",
    "import": "brought it in",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to an entry.

    Attributes:
        action: the tool's word for it; empty where somebody used plain git.
        with_people: who took part besides `person`.
        commit: the commit in which it stands; empty where it is not known.
    """

    person: Person
    at: dt.datetime
    action: str
    with_people: tuple[Person, ...] = ()
    confirmed_by: tuple[Person, ...] = ()
    commit: str = ""

    def words(self, *, is_first: bool) -> str:
        """Return what happened, to be read after the person's name."""
        return _WORDS.get(self.action, "wrote this entry" if is_first else "changed it")


def steps_of(commits: Iterable[Commit]) -> list[Step]:
    """Return the changes of an entry as steps, in their order."""
    return [Step(each.person, each.at, each.action, each.co_authors, each.reviewers) for each in commits]


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

    def parts_of(self, person: Person) -> tuple[str, ...]:
        """Return which parts are somebody's: "asked", "answered", "improved", "confirmed"."""
        return tuple(
            part.name for part in fields(self) if any(_is_same(person, each) for each in getattr(self, part.name))
        )


@dataclass(frozen=True, slots=True)
class EntryCredit:
    """One entry and the people behind it.

    Attributes:
        used: how often its words helped, where somebody has counted that.
        yours: the parts that are the asking person's, where only theirs were asked for.
    """

    path: str
    id: str
    question: str
    used: int
    credit: Credit
    yours: tuple[str, ...] = ()


def most_used_first(entries: Iterable[EntryCredit]) -> list[EntryCredit]:
    """Return entries in the order in which they helped, then by path."""
    return sorted(entries, key=lambda entry: (-entry.used, entry.path))


def credit_of(steps: Sequence[Step]) -> Credit:
    """Return whose words an entry is made of.

    Args:
        steps: its history, the oldest first.
    """
    parts: dict[str, list[Person]] = {"asked": [], "answered": [], "improved": [], "confirmed": []}
    for place, step in enumerate(steps):
        parts["confirmed"] += step.confirmed_by
        if step.action in NOBODY_S:
            continue
        default = ("asked", "answered") if place == 0 else ("improved",)
        for part in _PARTS.get(step.action, default):
            own = () if step.action in _FOR_OTHERS else (step.person,)
            parts[part] += [*own, *step.with_people]
    return Credit(**{part: _once(people) for part, people in parts.items()})


def as_it_stands(credit: Credit, state: State) -> Credit:
    """Return a credit without who answered and confirmed, where no answer stands there: it was taken back."""
    return replace(credit, answered=(), confirmed=()) if state is State.OPEN else credit


def has_confirmation(steps: Sequence[Step]) -> bool:
    """Whether somebody has confirmed an entry with the tool."""
    return any(step.action == "confirm" for step in steps)


def was_merged(steps: Sequence[Step]) -> bool:
    """Whether an archived entry with this history was merged into another one, and not just replaced by it (F35)."""
    return any(step.action == "merge" for step in steps)


def merged(steps: Sequence[Step]) -> Credit:
    """Return what an entry's people are of the one it was merged into: who confirmed it confirmed other words."""
    return replace(credit_of(steps), confirmed=())


def together(credits_of: Sequence[Credit]) -> Credit:
    """Return the people behind entries that have become one."""
    names = [part.name for part in fields(Credit)]
    return Credit(**{name: _once(person for each in credits_of for person in getattr(each, name)) for name in names})


def with_approval(entry: Entry, steps: Sequence[Step], before: Sequence[str] = ()) -> list[Step]:
    """Add the people who validated the text that stands there now.

    Args:
        before: the names of those who did before the one whom the entry names.
    """
    is_confirmed = entry.approval_holds and entry.declared is State.VALIDATED
    if entry.approval is None or not is_confirmed:
        return [*steps]
    known = [person for step in steps for person in (step.person, *step.confirmed_by)]
    names = (*before, entry.approval.by)
    return with_signers(steps, [next((p for p in known if p.name == name), Person(name, "")) for name in names])


def with_signers(steps: Sequence[Step], people: Sequence[Person]) -> list[Step]:
    """Add people who confirmed the text that stands there now, such as those who signed the merge that brought it."""
    if not steps:
        return []
    return [*steps[:-1], replace(steps[-1], confirmed_by=(*steps[-1].confirmed_by, *people))]


def _once(people: Iterable[Person]) -> tuple[Person, ...]:
    """Drop repetitions; one address is one person, under the first name they used here."""
    seen: dict[str, Person] = {}
    for person in people:
        seen.setdefault(_key(person), person)
    return tuple(seen.values())


def _key(person: Person) -> str:
    return person.email.casefold() or person.name


def _is_same(one: Person, other: Person) -> bool:
    """Whether two are one; an approval knows only a name."""
    return _key(one) == _key(other) or (one.name == other.name and not (one.email and other.email))
