"""What somebody last did, with the words before and after it: what an undo takes back (F36)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kbtui.entry.model import Person
from kbtui.git.history import Commit, last_save_of, of_entry, save_called
from kbtui.git.repository import Repository
from kbtui.store.journal import Journal, SaveRecord, other_of_pair

_NOT_DONE_HERE = ("start", "import")


@dataclass(frozen=True, slots=True)
class Deed:
    """One change of one entry.

    Attributes:
        path: where the entry's file was then, below the base's folder.
        action: the tool's word for it; empty for a plain git commit.
        before: the file before it; None where it made the file.
        after: the file after it; None where it took the file away.
        save_id: the save it was; empty for a plain git commit.
    """

    path: str
    action: str
    person: Person
    at: dt.datetime
    before: bytes | None
    after: bytes | None
    save_id: str = ""


class Deeds:
    """Finds what can be taken back: saves that still wait first, then the history.

    Args:
        repository: holds the history.
        journal: the saves that are not in it yet.
        environment: the user's environment.
    """

    def __init__(self, repository: Repository, journal: Journal, environment: Mapping[str, str]) -> None:
        self._repository = repository
        self._journal = journal
        self._environment = environment

    def last_of_entry(self, path: str) -> Deed | None:
        """Return the last change of an entry's words, whoever made it; None where nobody has changed them here."""
        deeds = (deed for deed in self._of_entry(path) if deed.before != deed.after)
        last = next(deeds, None)
        return None if last is None or last.action in _NOT_DONE_HERE else last

    def last_by(self, person: Person) -> Deed | None:
        """Return the last thing a person did in this base with kbtui, or None."""
        own = [record for record in self._journal.pending() if record.person.email == person.email]
        if own:
            return _of_record(own[-1])
        commit = last_save_of(self._repository.layout, person.email, self._environment)
        return self._of_commit(commit) if commit else None

    def other_half(self, deed: Deed) -> Deed | None:
        """Return the change of the other entry that belongs to the same deed, such as a merge of two; None for none."""
        other = other_of_pair(deed.save_id)
        if not other:
            return None
        waiting = [record for record in self._journal.pending() if record.save_id == other]
        if waiting:
            return _of_record(waiting[-1])
        commit = save_called(self._repository.layout, other, self._environment)
        return self._of_commit(commit) if commit else None

    def _of_entry(self, path: str) -> Iterator[Deed]:
        """Yield the changes of an entry, the last one first."""
        waiting = [record for record in self._journal.pending() if record.path == path]
        yield from map(_of_record, reversed(waiting))
        for commit in reversed(of_entry(self._repository.layout, path, self._environment, only_standing=True)):
            yield self._of_commit(commit)

    def _of_commit(self, commit: Commit) -> Deed:
        read = self._repository.blob
        path = commit.path.removeprefix(self._repository.layout.prefix)
        before, after = read(f"{commit.commit}^", commit.path), read(commit.commit, commit.path)
        return Deed(path, commit.action, commit.person, commit.at, before, after, commit.save_id)


def _of_record(record: SaveRecord) -> Deed:
    at = dt.datetime.fromtimestamp(record.sequence / 1_000_000_000, dt.UTC)
    after = record.written or record.content
    return Deed(record.path, record.action, record.person, at, record.base, after, record.save_id)
