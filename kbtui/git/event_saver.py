"""From noted events to the base's history: in batches, through the room in which entries are saved.

`EventSaver.settle` takes what waits in the outbox, under the lock that every kbtui on this
computer shares: it appends the lines that the files lack, commits those files alone, and
forgets an event once the branch and git's index have it. Each step may be repeated. Where
git is in a state in which nothing should be committed, the folder is not touched at all:
a changed file would keep a lead from rebasing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kbtui.entry import event
from kbtui.entry.alarm import as_trailer, from_trailer
from kbtui.entry.event import Event
from kbtui.entry.model import Person
from kbtui.errors import BusyError, KbError
from kbtui.git.commits import EVENTS_ACTION, Attempt, Commits
from kbtui.git.repository import Repository
from kbtui.git.saver import BaseLock
from kbtui.store.events import EventFiles, whole_lines
from kbtui.store.journal import SaveRecord
from kbtui.store.outbox import Outbox

_LOCK_SECONDS = 3.0
"""How long events wait for another kbtui; they are safe, and the next save or start takes them along."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the events that waited.

    Attributes:
        done: how many are in the history now.
        waiting: how many are not.
        waiting_for: why, in plain words, or empty.
    """

    done: int = 0
    waiting: int = 0
    waiting_for: str = ""


class EventSaver:
    """Brings noted events into git.

    Args:
        repository: where they go.
        files: the base's event files.
        outbox: the events that wait.
        checkpoint: called with the name of each step; tests end the process there.
    """

    def __init__(
        self,
        repository: Repository,
        files: EventFiles,
        outbox: Outbox,
        checkpoint: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._repository = repository
        self._files = files
        self._outbox = outbox
        self._checkpoint = checkpoint
        self._commits = Commits(repository, files, checkpoint)

    def settle(self) -> Settled:
        """Bring everything that waits into the history, if git is ready. Never raises a KbError: what waits is safe."""
        if self._outbox.is_empty():
            return Settled()
        try:
            with BaseLock(self._repository.own_folder / "lock", _LOCK_SECONDS):
                return self._settled(self._outbox.pending())
        except BusyError:
            return self._waiting("another kbtui, which is busy with this base")
        except KbError as error:
            return self._waiting(error.message)

    def _waiting(self, waiting_for: str) -> Settled:
        return Settled(0, len(self._outbox.pending()), waiting_for)

    def _settled(self, pending: Sequence[Event]) -> Settled:
        if hindrance := self._repository.hindrance():
            return self._waiting(hindrance)
        complaint, done = "", 0
        for batch in _batches(pending):
            attempt = self._committed(batch)
            arrived = self._arrived(batch)
            self._outbox.forget(arrived)
            done += len(arrived)
            complaint = complaint or attempt.complaint
        waiting = len(pending) - done
        return Settled(done, waiting, (complaint or "git to be ready") if waiting else "")

    def _committed(self, batch: Sequence[Event]) -> Attempt:
        """Append what the files of one person lack, and commit these files."""
        by_file = self._by_file(batch)
        for path, events in by_file.items():
            self._append(path, events)
        self._checkpoint("appended")
        if all(self._has(path, events) for path, events in by_file.items()):
            return Attempt(is_index_current=False)
        return self._commits.commit(_record(batch), [*by_file])

    def _append(self, path: str, events: Iterable[Event]) -> None:
        """Append the events that a file lacks; one that somebody has taken out of the folder gets its history back."""
        there = self._files.read(path)
        lost = [] if there else whole_lines(self._repository.committed(path) or b"")
        known = _ids(there) | {found.id for found in map(event.read, lost) if found is not None}
        missing = [each.line for each in events if each.id not in known]
        if missing or lost:
            self._files.append(path, [*(line.decode("utf-8", "surrogateescape") for line in lost), *missing])

    def _arrived(self, batch: Sequence[Event]) -> list[Event]:
        """Return the events that HEAD has; those of a file that git's index does not know yet wait a little longer."""
        by_file = self._by_file(batch)
        there = {path: events for path, events in by_file.items() if self._has(path, events)}
        if there and not self._commits.repair([*there]):
            return []
        self._checkpoint("committed")
        return [each for events in there.values() for each in events]

    def _has(self, path: str, events: Iterable[Event]) -> bool:
        """Whether HEAD has these events: git's exit code is not believed."""
        return {each.id for each in events} <= _ids(self._repository.committed(path) or b"")

    def _by_file(self, events: Iterable[Event]) -> dict[str, list[Event]]:
        machine = self._outbox.machine()
        files: dict[str, list[Event]] = {}
        for each in events:
            files.setdefault(event.file_of(each, machine), []).append(each)
        return files


def _batches(events: Iterable[Event]) -> list[list[Event]]:
    """Return the events of each person, who is the author of their commit."""
    batches: dict[Person, list[Event]] = {}
    for each in events:
        batches.setdefault(each.person, []).append(each)
    return [*batches.values()]


def _ids(data: bytes) -> set[str]:
    return {found.id for line in whole_lines(data) if (found := event.read(line)) is not None}


def _record(batch: Sequence[Event]) -> SaveRecord:
    """Return what the commit of a batch is made from: who, and fixed words."""
    kinds = frozenset().union(*(from_trailer(each.guard) for each in batch))
    return SaveRecord(
        save_id=f"events-{batch[0].id}",
        sequence=0,
        action=EVENTS_ACTION,
        entry_id="",
        path="",
        base=None,
        content=b"",
        person=batch[0].person,
        guard=as_trailer(kinds),
    )
