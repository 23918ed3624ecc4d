"""From an acknowledged save to the base's history, whatever happens in between.

`Saver.drain` takes the journal's records in order, under a lock that every kbtui on this
computer shares: it compares the file with the version the person opened, merges if it has
changed, writes it, commits that one path with git itself, and reads the bytes back from
the commit before the record is forgotten. Each step may be repeated: a process that died
is finished by the next one that saves or starts (DESIGN section 5).

Where git is in a state in which nothing should be committed, the save is put into a ref of
its own as well (`kbtui.git.pending`) and its record waits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from kbtui.entry import identity
from kbtui.entry.merge import Merged, merge
from kbtui.errors import BusyError, KbError, NotSavedError
from kbtui.git import operations
from kbtui.git.commits import Attempt, Commits
from kbtui.git.pending import Pending
from kbtui.git.repository import Repository
from kbtui.store.files import EntryFiles
from kbtui.store.journal import Journal, SaveRecord

LOCK_SECONDS = 60.0


@dataclass(frozen=True)
class Saved:
    """What became of one save.

    Attributes:
        path: the entry's file.
        is_committed: whether it is in the base's history.
        variant: path of the version kept beside it, or empty.
        waiting_for: why it is not in the history yet, in plain words, or empty.
    """

    path: str
    is_committed: bool
    variant: str = ""
    waiting_for: str = ""


class Saver:
    """Brings journalled saves into git.

    Args:
        repository: where they go.
        files: the base's working files.
        journal: the saves not yet done.
        checkpoint: called with the name of each step; tests end the process there.
    """

    def __init__(
        self,
        repository: Repository,
        files: EntryFiles,
        journal: Journal,
        checkpoint: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._repository = repository
        self._files = files
        self._journal = journal
        self._checkpoint = checkpoint
        self._commits = Commits(repository, files, checkpoint)
        self._pending = Pending(repository, self._commits)

    def save(self, record: SaveRecord) -> Saved:
        """Keep a record and bring it into the history. Once this returns, the words are safe.

        Raises:
            NotSavedError: the disk did not take it; nothing has changed.
            BusyError: it is safe in the journal, but another kbtui holds the base.
        """
        self._journal.keep(record)
        self._checkpoint("journalled")
        done = self._drained(record.save_id)
        return done.get(record.save_id) or self._done_by_another(record)

    def save_both(self, one: SaveRecord, two: SaveRecord) -> tuple[Saved, Saved]:
        """Keep the two records of one deed and bring them into the history, the first one first.

        Both are kept before anybody can do either. A process that dies in between has kept the first one only.

        Raises:
            NotSavedError: the disk did not take the first one, or the records; nothing has changed.
            BusyError: both are safe in the journal, but another kbtui holds the base.
        """
        with ExitStack() as held:
            try:
                held.enter_context(self._lock())
            except BusyError:
                self._keep_both(one, two)
                raise
            self._keep_both(one, two)
            self._checkpoint("journalled")
            try:
                done = self._done(one.save_id)
            except NotSavedError:
                self._journal.finish(two)
                raise
        first, second = (done.get(each.save_id) or self._done_by_another(each) for each in (one, two))
        return first, second

    def _keep_both(self, one: SaveRecord, two: SaveRecord) -> None:
        self._journal.keep(one)
        self._checkpoint("half journalled")
        try:
            self._journal.keep(two)
        except NotSavedError:
            self._journal.finish(one)
            raise

    def drain(self) -> dict[str, Saved]:
        """Do every record that is still to be done, oldest first; return the outcomes by save id.

        Raises:
            BusyError: another kbtui holds the base.
        """
        return self._drained("") if self._journal.pending() or self._repository.has_pending() else {}

    def _drained(self, own: str) -> dict[str, Saved]:
        with self._lock():
            return self._done(own)

    def _done(self, own: str) -> dict[str, Saved]:
        """Do every record; a full disk takes back the acknowledgement of one's own, while one is still there."""
        self._commits.sweep()
        self._take_up_orphans()
        pending = self._journal.pending()
        return {record.save_id: self._tried(record, pending, own) for record in pending}

    def _take_up_orphans(self) -> None:
        """Give a journal record to each save that only a ref holds."""
        if not self._repository.has_pending() or self._repository.hindrance():
            return
        for record in self._pending.orphans({known.save_id for known in self._journal.pending()}):
            self._journal.keep(record)

    def _tried(self, record: SaveRecord, pending: Sequence[SaveRecord], own: str) -> Saved:
        """Do one record; one that cannot be done now waits, and does not hold up the others."""
        try:
            return self._do(record, pending)
        except KbError as error:
            if isinstance(error, NotSavedError) and record.save_id == own:
                self._journal.finish(record)
                raise
            return Saved(record.path, is_committed=False, waiting_for=error.message)

    def _lock(self) -> BaseLock:
        return BaseLock(self._repository.own_folder / "lock")

    def _do(self, record: SaveRecord, pending: Sequence[SaveRecord]) -> Saved:
        path = record.path
        variant = self._written(record, {other.written for other in pending if other.path == path})
        self._checkpoint("written")
        if hindrance := self._repository.hindrance():
            return self._waiting(record, variant, hindrance)
        paths = [path, *filter(None, (variant,)), *self._put_beside(record)]
        is_superseded = self._is_superseded(record, pending)
        attempt = Attempt(is_index_current=False)
        if not self._is_in_head(record, paths, is_superseded=is_superseded):
            attempt = self._committed(record, paths, is_superseded=is_superseded)
            self._checkpoint("committed")
            if not self._is_in_head(record, paths, is_superseded=is_superseded):
                return self._waiting(record, variant, attempt.complaint)
        is_index_told = attempt.is_index_current or self._commits.repair([*paths, *_going(record)])
        if not attempt.is_index_current and not self._is_in_head(record, paths, is_superseded=is_superseded):
            return self._waiting(record, variant, "git to be ready")  # a lead has committed the index as it was before
        if is_index_told:
            self._finish(record, variant)
        return Saved(path, is_committed=True, variant=variant)

    def _is_superseded(self, record: SaveRecord, pending: Sequence[SaveRecord]) -> bool:
        """Whether a later save that waits as well has put other words into the file; both belong into the history."""
        later = {other.written for other in pending if other.path == record.path and other.sequence > record.sequence}
        there = self._files.read_if_there(record.path)
        return record.written is not None and there != record.written and there in later

    def _committed(self, record: SaveRecord, paths: Sequence[str], *, is_superseded: bool) -> Attempt:
        if not is_superseded or record.written is None:
            return self._commits.commit(record, paths)
        contents = {path: self._files.read_if_there(path) for path in paths}
        return self._commits.commit_bytes(record, contents | {record.path: record.written})

    def _waiting(self, record: SaveRecord, variant: str, waiting_for: str) -> Saved:
        """Leave a record for later, and put it into a ref of its own meanwhile."""
        self._pending.keep(record, variant)
        self._checkpoint("pending")
        return Saved(record.path, is_committed=False, variant=variant, waiting_for=waiting_for or "git to be ready")

    def _finish(self, record: SaveRecord, variant: str) -> None:
        """Forget a save that the branch and the index have; until both have it, its record stays."""
        self._note(record, record.path, variant)
        self._pending.forget(record.save_id)
        self._journal.finish(record)
        self._checkpoint("finished")

    def _written(self, record: SaveRecord, known: AbstractSet[bytes | None]) -> str:
        """Bring the bytes into the working folder; return the variant's path, or nothing.

        Args:
            known: what this record and others that wait have put there before.
        """
        self._files.sweep(record.path)
        there = self._files.read_if_there(record.path)
        variant = identity.variant_path(record.path, record.content)
        if record.written is not None and not self._was_tidied_up(record, there, known):
            self._files.touch(record.path)  # git looks again, even if it has taken these bytes for others before
            return variant if self._files.stamp(variant) else ""
        merged = merge(record.base, there, record.content) if there is not None else Merged(record.content)
        if merged.variant is not None:
            self._files.write(variant, merged.variant)
            self._checkpoint("variant written")
        if merged.content != there:
            self._write_or_take_back(record.path, merged.content, variant if merged.variant is not None else "")
        with suppress(NotSavedError):  # the mark only saves work; the words are in the folder
            self._journal.mark_written(record, merged.content)
        return variant if merged.variant is not None else ""

    def _put_beside(self, record: SaveRecord) -> list[str]:
        """Take away, or bring back, the versions that were chosen from; return those that git has to be told of.

        One that somebody has written anew since is nobody's to take away, nor is one whose words the history has not.
        """
        told = []
        for each in record.beside:
            there = self._files.read_if_there(each.path)
            if (
                each.after is None
                and is_same(each.before, there)
                and is_same(self._repository.committed(each.path), there)
            ):
                self._files.take_back(each.path)
            elif each.after is not None and there is None:
                self._files.write(each.path, each.after)
            is_there = self._files.stamp(each.path) is not None
            is_as_wanted = is_there == (each.after is not None)
            if is_as_wanted and (is_there or self._repository.committed(each.path) is not None):
                told.append(each.path)
        return told

    def _write_or_take_back(self, path: str, content: bytes, variant: str) -> None:
        try:
            self._files.write(path, content)
        except NotSavedError:
            if variant:
                self._files.take_back(variant)
            raise

    def _was_tidied_up(self, record: SaveRecord, there: bytes | None, known: AbstractSet[bytes | None]) -> bool:
        """Whether a lead has thrown written words out of the folder with their own (`git checkout .`, `git clean`).

        A file that is neither as it was before nor as it is in the history has been worked
        on since, from the words that were there; those are left as somebody made them.
        """
        if there is None:
            return True
        return there not in known and there in (record.base, self._repository.committed(record.path))

    def _is_in_head(self, record: SaveRecord, paths: Sequence[str], *, is_superseded: bool) -> bool:
        """Whether HEAD has what the working folder has, or what was put there: git's exit code is not believed."""
        contents = {path: self._repository.committed(path) for path in paths}
        going = [path for path in _going(record) if path in contents]
        if any(contents.pop(path) is not None for path in going):
            return False
        if record.written is not None and is_same(contents[record.path], record.written):
            return all(content is not None for content in contents.values())
        if is_superseded:
            return False
        return all(is_same(content, self._files.read_if_there(path)) for path, content in contents.items())

    def _note(self, record: SaveRecord, path: str, variant: str) -> None:
        """Write the operation log: what was saved under which id, for whoever waits and for undo."""
        line: dict[str, object] = {"save": record.save_id, "action": record.action, "path": path, "variant": variant}
        line |= {"chosen_from": [each.path for each in record.beside]} if record.beside else {}
        operations.note(self._repository, line | {"by": str(record.person), "at": record.sequence})

    def _done_by_another(self, record: SaveRecord) -> Saved:
        """Return the outcome of a record that another process took up while this one waited."""
        done = operations.line_of(self._repository, record.save_id) or {}
        if "path" in done and "variant" in done:
            return Saved(str(done["path"]), is_committed=True, variant=str(done["variant"]))
        return Saved(record.path, is_committed=False, waiting_for="git to be ready")

    @property
    def _operations(self) -> Path:
        return operations.log_of(self._repository)


class BaseLock:
    """The lock that every kbtui on this computer shares while it changes one base.

    Raises, on entering:
        BusyError: another one held it for a minute.
    """

    def __init__(self, file: Path, seconds: float = LOCK_SECONDS) -> None:
        from filelock import FileLock

        self._lock = FileLock(file, timeout=seconds)

    def __enter__(self) -> None:
        from filelock import Timeout

        try:
            self._lock.acquire()
        except Timeout as error:
            raise BusyError(
                "Saved on this computer. Another kbtui is busy with this base.", "It will be finished by itself."
            ) from error

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def _going(record: SaveRecord) -> list[str]:
    """Return the paths of the versions that a save takes away."""
    return [each.path for each in record.beside if each.after is None]


def is_same(committed: bytes | None, there: bytes | None) -> bool:
    """Whether two versions are the same to git, which may have turned CRLF into LF (FAULTS 10, 56)."""
    if committed is None or there is None:
        return False
    return committed.replace(b"\r\n", b"\n") == there.replace(b"\r\n", b"\n")
