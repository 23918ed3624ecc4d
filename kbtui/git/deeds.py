"""What somebody last did, with the words before and after it: what an undo takes back (F36)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kbtui.entry import file_format
from kbtui.entry.identity import variant_of
from kbtui.entry.model import Person
from kbtui.git import operations
from kbtui.git.history import Commit, last_save_of, of_entry, save_called
from kbtui.git.repository import Repository
from kbtui.store.journal import Beside, Journal, SaveRecord, other_of_pair

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
        beside: what became of other versions of the entry with it.
    """

    path: str
    action: str
    person: Person
    at: dt.datetime
    before: bytes | None
    after: bytes | None
    beside: tuple[Beside, ...] = ()
    save_id: str = ""

    def is_after(self, at: dt.datetime) -> bool:
        """Whether it was done after a moment. Of a save of another computer only the second is known: its beginning."""
        return self.at > at


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
        deeds = (deed for deed in self._of_entry(path) if deed.before != deed.after or deed.beside)
        last = next(deeds, None)
        return None if last is None or last.action in _NOT_DONE_HERE else self._to_the_moment(last)

    def last_by(self, person: Person) -> Deed | None:
        """Return the last thing a person did in this base with kbtui, or None."""
        own = [record for record in self._journal.pending() if record.person.email == person.email]
        if own:
            return _of_record(own[-1])
        commit = last_save_of(self._repository.layout, person.email, self._environment)
        return self._to_the_moment(self._of_commit(commit)) if commit else None

    def _to_the_moment(self, deed: Deed) -> Deed:
        """Return a deed with the time at which the person did it here: a commit has a later one, in whole seconds."""
        line = operations.line_of(self._repository, deed.save_id) if deed.save_id else None
        at = line.get("at") if line else None
        return replace(deed, at=_moment(at)) if isinstance(at, int) else deed

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
        commits = of_entry(self._repository.layout, path, self._environment, only_standing=True)
        if (choice := self._last_choice(path)) is not None and self._is_later(choice, commits):
            yield self._of_commit(choice)
        for commit in reversed(commits):
            yield self._of_commit(commit)

    def _last_choice(self, path: str) -> Commit | None:
        """Return the last save of an entry, if it has changed nothing but which other versions there are."""
        entry_id = file_format.read(path, self._repository.committed(path) or b"").id
        full = self._repository.layout.prefix + path
        words = ("log", "-1", "--no-merges", "--topo-order", "--format=", "--name-only", "-z", "--fixed-strings")
        folder = full.rpartition("/")[0] or "."
        top = self._repository.runner.at(self._repository.layout.top)
        names = top.run(*words, f"--grep=Kb-Entry: {entry_id}", "HEAD", "--", folder).text.split("\0")
        variants = [name for name in names if variant_of(name) == full]
        if not variants or full in names:
            return None
        own = variants[0].removeprefix(self._repository.layout.prefix)
        return of_entry(self._repository.layout, own, self._environment)[-1]

    def _is_later(self, choice: Commit, commits: Sequence[Commit]) -> bool:
        if not commits:
            return True
        run = self._repository.runner.run
        return run("merge-base", "--is-ancestor", commits[-1].commit, choice.commit).is_ok

    def _of_commit(self, commit: Commit) -> Deed:
        read = self._repository.blob
        own = variant_of(commit.path)
        full = own if own and read(commit.commit, own) is not None else commit.path
        path = full.removeprefix(self._repository.layout.prefix)
        before, after = read(f"{commit.commit}^", full), read(commit.commit, full)
        beside = self._beside(commit.commit, full)
        return Deed(path, commit.action, commit.person, commit.at, before, after, beside, commit.save_id)

    def _beside(self, commit: str, full: str) -> tuple[Beside, ...]:
        """Return what a commit has done to other versions of an entry."""
        words = ("diff-tree", "-r", "-z", "--no-commit-id", "--name-only", "--no-renames", commit)
        names = [name for name in self._repository.runner.run(*words).text.split("\0") if variant_of(name) == full]
        prefix, read = self._repository.layout.prefix, self._repository.blob
        return tuple(Beside(n.removeprefix(prefix), read(f"{commit}^", n), read(commit, n)) for n in names)


def _of_record(record: SaveRecord) -> Deed:
    at = _moment(record.sequence)
    after = record.written or record.content
    return Deed(record.path, record.action, record.person, at, record.base, after, record.beside, record.save_id)


def _moment(sequence: int) -> dt.datetime:
    """Return the time of a record, to the microsecond as events have it."""
    return dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(microseconds=sequence // 1_000)
