"""The history of a whole base, read once and kept: what every credit is worked out from.

The ledger is a cache of what commits say, which never changes, and of which commits HEAD has,
which does. It stands in git's own folder, is never committed and never conflicts (FAULTS 65),
and may be thrown away at any time. Bringing it up reads only commits it does not know; those
that HEAD has no longer (rebase, amend, another branch) are dropped (FAULTS 66). So it says
the same whenever and however often it is brought up (FAULTS 64), and the same in two clones.

Names and addresses are kept as they stand in the commits. `.mailmap` is asked when something
is read, so that a change of it counts at once and for everything.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

from kbtui.entry.model import Person
from kbtui.errors import BusyError, GitTroubleError
from kbtui.git.change import Commit, Written, everybody, signing, told
from kbtui.git.counting import UNREADABLE, bring_up
from kbtui.git.ledger_tables import Tables
from kbtui.git.lineage import lineage
from kbtui.git.log import Progress
from kbtui.git.merges import Merged, places
from kbtui.git.people import People
from kbtui.git.repository import Repository

T = TypeVar("T")

_MEMORY = ":memory:"


class Ledger:
    """The ledger of one work tree.

    Args:
        file: where it is kept; made if it is not there.
        repository: the history.
    """

    def __init__(self, file: Path, repository: Repository) -> None:
        self._file = file
        self._repository = repository
        self._placed: tuple[tuple[frozenset[str], str], dict[str, int]] = ((frozenset(), ""), {})

    def bring_up(self, progress: Progress = lambda _done, _of: None) -> int:
        """Read what is new in the history; return how many commits were read.

        Raises:
            GitTroubleError: the history cannot be read.
            BusyError: another kbtui is reading it for longer than it is sensible to wait.
        """
        return self._with(lambda tables: bring_up(tables, self._repository, progress))

    def histories(self, paths: Collection[str]) -> dict[str, list[Commit]]:
        """Return the changes of entries, by path below the base's folder: for each what `history.of_entry` returns.

        Raises:
            GitTroubleError: the history cannot be read.
            BusyError: as in `bring_up`.
        """

        def read(tables: Tables) -> dict[str, list[Commit]]:
            bring_up(tables, self._repository)
            return _Reader(tables, self._repository).histories(paths, People(self._mailmap))

        return self._with(read)

    def reviewed(self) -> set[str]:
        """Return the paths of entries that a commit with a reviewer has changed, whatever they are called since.

        Raises:
            GitTroubleError: the history cannot be read.
            BusyError: as in `bring_up`.
        """
        prefix = self._repository.layout.prefix

        def read(tables: Tables) -> set[str]:
            bring_up(tables, self._repository)
            return {path.removeprefix(prefix) for path in tables.reviewed() if path.startswith(prefix)}

        return self._with(read)

    def signable(self, paths: Collection[str]) -> dict[str, list[Commit]]:
        """Return the changes of entries as `histories` does, and among them the merges with reviewers.

        Such a merge stands where it stands in the history; whether it brought in the entry's words is not said.

        Raises:
            GitTroubleError: the history cannot be read.
            BusyError: as in `bring_up`.
        """

        def read(tables: Tables) -> dict[str, list[Commit]]:
            bring_up(tables, self._repository)
            people = People(self._mailmap)
            found = _Reader(tables, self._repository).histories(paths, people)
            return self._with_merges(found, tables.merges(), people, tables.read_up_to[0])

        return self._with(read)

    def _with_merges(
        self, histories: dict[str, list[Commit]], merges: Sequence[Merged], people: People, tip: str
    ) -> dict[str, list[Commit]]:
        brought: dict[str, list[Merged]] = {}
        for merged in merges:
            for path in merged.paths:
                brought.setdefault(path, []).append(merged)
        signed = {
            path: [
                signing(each, name, people)
                for name in {change.path for change in done}
                for each in brought.get(name, ())
            ]
            for path, done in histories.items()
        }
        if not any(signed.values()):
            return histories
        wanted = {each.commit for path, some in signed.items() if some for each in (*some, *histories[path])}
        place = self._places(frozenset(wanted), tip)
        return {
            path: sorted([*done, *signed[path]], key=lambda each: place.get(each.commit, -1)) if signed[path] else done
            for path, done in histories.items()
        }

    def _places(self, wanted: frozenset[str], tip: str) -> dict[str, int]:
        """Return where commits stand in the order of the history, which takes a walk through all of it only once."""
        if self._placed[0] != (wanted, tip):
            self._placed = (wanted, tip), places(self._repository, wanted, tip)
        return self._placed[1]

    def last_changes(self) -> dict[str, int]:
        """Return when each entry was last changed, by its path: seconds since 1970 by its author's clock.

        Raises:
            GitTroubleError: the history cannot be read.
            BusyError: as in `bring_up`.
        """
        prefix = self._repository.layout.prefix

        def read(tables: Tables) -> dict[str, int]:
            bring_up(tables, self._repository)
            return {path.removeprefix(prefix): at for path, at in tables.latest() if path.startswith(prefix)}

        return self._with(read)

    def known_as(self, person: Person) -> Person:
        """Return somebody as `.mailmap` knows them."""
        return People(self._mailmap).known(person)

    def all_known_as(self, people: Iterable[Person]) -> dict[Person, Person]:
        """Return people as `.mailmap` knows them, each by who was asked for."""
        found, known = [*people], People(self._mailmap)
        known.learn(found)
        return {person: known.known(person) for person in found}

    def people(self) -> list[Person]:
        """Return everybody who wrote a commit that HEAD has, once, as `.mailmap` knows them, by name.

        Raises:
            GitTroubleError: the history cannot be read.
            BusyError: as in `bring_up`.
        """

        def read(tables: Tables) -> list[Person]:
            bring_up(tables, self._repository)
            return tables.people()

        once = {person.key: person for person in self.all_known_as(self._with(read)).values()}
        return sorted(once.values(), key=lambda person: (person.name.casefold(), person.key))

    def _mailmap(self, contacts: Sequence[str]) -> str:
        return self._repository.runner.must("check-mailmap", "--", *contacts, trouble="git cannot read .mailmap.").text

    def _with(self, work: Callable[[Tables], T]) -> T:
        """Do some work on the ledger; on a new one where it is damaged, and on one in memory where none can be kept."""
        for place in (str(self._file), str(self._file), _MEMORY):
            try:
                with closing(Tables(place)) as tables:
                    return work(tables)
            except sqlite3.DatabaseError as error:
                if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                    raise BusyError("Another kbtui is reading the history.", "Try again in a minute.") from error
                trouble = error
            self._drop()
        raise GitTroubleError("The history cannot be counted.", "Run `kbtui doctor`.", str(trouble)) from trouble

    def _drop(self) -> None:
        for ending in ("", "-journal"):
            with suppress(OSError):
                self._file.with_name(self._file.name + ending).unlink()


class _Reader:
    """Reads the histories of entries from a ledger that is up to date."""

    def __init__(self, tables: Tables, repository: Repository) -> None:
        self._tables = tables
        self._repository = repository
        self._descendants: dict[str, frozenset[str]] = {}

    def histories(self, paths: Collection[str], people: People) -> dict[str, list[Commit]]:
        prefix = self._repository.layout.prefix
        written = {path: self._written(prefix + path) for path in paths}
        people.learn(person for each in written.values() for person in everybody(each, people))
        return {path: told(each, people) for path, each in written.items()}

    def _written(self, path: str) -> list[Written]:
        found = lineage(path, self._tables.touching, self._building_on)
        return sorted(found, key=lambda change: change.place)

    def _building_on(self, mover: Written, path: str) -> frozenset[str]:
        """Ask git what builds on a commit, but only where something of that name comes after it at all."""
        if not any(change.place > mover.place for change in self._tables.touching(path)):
            return frozenset()
        if mover.commit not in self._descendants:
            question = ("rev-list", "--ancestry-path", f"{mover.commit}..{self._tables.read_up_to[0]}")
            with self._repository.runner.stream(*question, trouble=UNREADABLE) as pieces:
                self._descendants[mover.commit] = frozenset(b"".join(pieces).decode().split())
        return self._descendants[mover.commit]
