"""One change of one entry, and how the commits of an entry become its changes: each save once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from kbtui.entry.model import Person
from kbtui.git.log import ACTION, CO_AUTHOR, REVIEWER, SAVE, trailers_of
from kbtui.git.merges import Merged
from kbtui.git.people import People


@dataclass(frozen=True, slots=True)
class Commit:
    """One change of one entry.

    Attributes:
        commit: the commit's id.
        person: who wrote it, after `.mailmap`.
        at: when, in UTC, by that computer's clock.
        action: the tool's own word for it ("ask", "answer", ...); empty for a plain git commit.
        save_id: the save it belongs to; the same save may stand in two commits (FAULTS 66).
        co_authors: who wrote it with them (FAULTS 68).
        reviewers: who confirmed it.
        path: where the entry's file was then, below git's top folder.
    """

    commit: str
    person: Person
    at: dt.datetime
    action: str
    save_id: str
    co_authors: tuple[Person, ...]
    reviewers: tuple[Person, ...]
    path: str = ""


@dataclass(frozen=True, slots=True)
class Merge(Commit):
    """A merge with reviewers, as far as it brought something into one entry.

    Attributes:
        parents: the line that something was merged into first.
    """

    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """The file of an entry in one commit, as both stand in the history.

    Attributes:
        commit: the commit's id.
        path: the file's name after it, below git's top folder.
        moved_from: the name it had before, where the commit moved it; else empty.
        name: the author's, before `.mailmap`.
        at: seconds since 1970 by the author's clock.
        trailers: one a line.
        place: its number in the order of the whole history, the oldest first; 0 where nobody has numbered it.
    """

    commit: str
    path: str
    moved_from: str
    name: str
    email: str
    at: int
    trailers: str
    place: int = 0


def told(written: Sequence[Written], people: People) -> list[Commit]:
    """Return the changes that commits of one entry are, the oldest first.

    A save that stands in several commits (after a rebase or a cherry-pick) is told once, where it came
    first; a commit that several saves were squashed into is told once for each.

    Args:
        written: the oldest first.
        people: knows `.mailmap`.
    """
    once: dict[str, Commit] = {}
    for each in written:
        for commit in _saves(each, people):
            once.setdefault(commit.save_id or commit.commit, commit)
    return list(once.values())


def everybody(written: Iterable[Written], people: People) -> Iterator[Person]:
    """Yield whoever is named in commits, as they stand there, so that all can be looked up at once."""
    for each in written:
        yield Person(each.name, each.email)
        if "-by:" in each.trailers.casefold():
            trailers = trailers_of(each.trailers)
            yield from people.named([*trailers.get(CO_AUTHOR, ()), *trailers.get(REVIEWER, ())])


def signing(merged: Merged, path: str, people: People) -> Merge:
    """Return what a merge with reviewers is for the entry in the file of a name."""
    person = people.known(Person(merged.name, merged.email))
    at = dt.datetime.fromtimestamp(merged.at, dt.UTC)
    named = people.named(trailers_of(merged.trailers).get(REVIEWER, ()))
    reviewers = tuple(map(people.known, named))
    return Merge(merged.commit, person, at, "", "", (), reviewers, path, merged.parents)


def _saves(each: Written, people: People) -> Iterator[Commit]:
    trailers = trailers_of(each.trailers)
    person = people.known(Person(each.name, each.email))
    at = dt.datetime.fromtimestamp(each.at, dt.UTC)
    co_authors, reviewers = (
        tuple(map(people.known, people.named(trailers.get(kind, ())))) for kind in (CO_AUTHOR, REVIEWER)
    )
    saves = list(zip_longest(trailers.get(ACTION, ()), trailers.get(SAVE, ()), fillvalue=""))
    for action, save_id in saves or [("", "")]:
        yield Commit(each.commit, person, at, action, save_id, co_authors, reviewers, each.path)
