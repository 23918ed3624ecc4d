"""What is new for one person since they last looked (F48): the values. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from kbtui.entry.event import Event
from kbtui.entry.model import Person, State
from kbtui.entry.text import counted, normal

MUST_READ = "must-read"
"""The tag of an entry that everybody has to read and acknowledge."""


def is_must_read(tags: Iterable[str], state: State) -> bool:
    """Whether everybody has to read an entry."""
    return MUST_READ in map(normal, tags) and state is not State.ARCHIVED


@dataclass(frozen=True, slots=True)
class Item:
    """An entry that is new to somebody, and what about it: who answered, which limit has changed."""

    id: str
    path: str
    question: str
    change: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something a colleague did for one person that they have not seen yet: a thank-you, a hint, a question sent.

    Attributes:
        event: the event's id.
        person: the colleague.
        question: of the entry it is about.
        id: the entry's; and `path`, its file, empty where it is gone.
    """

    event: str
    person: Person
    question: str
    words: str
    id: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """What is new for one person.

    Attributes:
        since: from when on.
        commit: the commit up to which this is all; to be marked as seen.
        answers: what others have answered, the person's own questions left out.
        limits: authority cards that say something else now.
        must_reads: what the person has to read and has not acknowledged in its present words.
        sent: open questions that a colleague thinks the person may know.
        notes: what a lead would like them to know about their words.
        helped: calls of others that the person's words helped this week (F38).
    """

    since: dt.datetime
    commit: str
    answers_to_me: tuple[Item, ...] = ()
    answers: tuple[Item, ...] = ()
    limits: tuple[Item, ...] = ()
    must_reads: tuple[Item, ...] = ()
    sent: tuple[Note, ...] = ()
    notes: tuple[Note, ...] = ()
    thanks: tuple[Note, ...] = ()
    helped: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.words or self.helped)

    @property
    def words(self) -> str:
        """How much is new, in one line; nothing where nothing is."""
        new = (
            (len(self.answers_to_me), "answer to your questions", "answers to your questions"),
            (len(self.must_reads), "must-read", "must-reads"),
            (len(self.sent), "question you may know", "questions you may know"),
            (len(self.limits), "changed limit", "changed limits"),
            (len(self.notes), "note for you", "notes for you"),
            (len(self.answers), "new answer", "new answers"),
            (len(self.thanks), "thank-you", "thank-yous"),
        )
        return ", ".join(counted(*each) for each in new if each[0])

    @property
    def events(self) -> frozenset[str]:
        """The ids of the events that have been seen with these news."""
        return frozenset(note.event for note in (*self.sent, *self.notes, *self.thanks))


def for_person(keys: Collection[str], events: Iterable[Event], known: Mapping[str, str]) -> list[Event]:
    """Return the events that are for one person; what they noted for themselves left out.

    Args:
        keys: under which the person is known (`Person.key`).
        known: whose an address is, where that is another key: an old one is theirs, too.
    """

    def is_theirs(key: str) -> bool:
        return key in keys or known.get(key) in keys

    return [each for each in events if not is_theirs(each.person.key) and any(map(is_theirs, addresses(each)))]


def addresses(event: Event) -> list[str]:
    """Return whom an event is for (`Person.key`)."""
    return [ref.casefold() for ref in event.refs]


@dataclass(frozen=True, slots=True)
class Unread:
    """An entry that everybody has to read, and who has not said yet that they have read these words, by name."""

    id: str
    path: str
    question: str
    people: tuple[Person, ...]


_NOBODY = frozenset(("kbtui@kbtui.invalid", "starter@kbtui.invalid"))
"""Addresses under which the tool itself commits: merges, and the starter entries."""


def colleagues(people: Iterable[Person]) -> list[Person]:
    """Return those who are people."""
    return [person for person in people if person.key not in _NOBODY]


def unread_by(people: Iterable[Person], readers: Collection[str]) -> tuple[Person, ...]:
    """Return those who are not among the readers (`Person.key`), in the order in which they were given."""
    return tuple(person for person in people if person.key not in readers)
