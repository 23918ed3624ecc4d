"""From an acknowledged save to the base's history, whatever happens in between.

`Saver.drain` takes the journal's records in order, under a lock that every kbtui on this
computer shares: it compares the file with the version the person opened, merges if it has
changed, writes it, commits that one path with git itself, and reads the bytes back from
the commit before the record is forgotten. Each step may be repeated: a process that died
is finished by the next one that saves or starts (DESIGN section 5).

The commit message is made of fixed words and trailers. No word a person typed ever stands
in it, so nobody can write a trailer into it (FAULTS 69).
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kbtui.entry import identity
from kbtui.entry.alarm import as_trailer, from_trailer
from kbtui.entry.merge import Merged, merge
from kbtui.errors import BusyError, KbError, NotSavedError
from kbtui.git import locks
from kbtui.git.repository import Repository
from kbtui.git.runner import GitResult
from kbtui.store.files import EntryFiles
from kbtui.store.journal import Journal, SaveRecord

LOCK_SECONDS = 60.0
_LOCK_WAITS = (0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28)
"""Seconds between tries while another git holds its lock (lazygit's numbers, FAULTS 12)."""

_SUBJECTS = {
    "ask": "Ask a question",
    "new": "Write an entry",
    "answer": "Answer a question",
    "edit": "Improve an entry",
    "confirm": "Confirm an entry",
}
_OWN_SETTINGS = ("core.hooksPath=" + os.devnull, "core.safecrlf=false")
"""A person's words must not wait for, or fail with, somebody's hook (FAULTS 61) or line ends (FAULTS 56)."""


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

    def drain(self) -> dict[str, Saved]:
        """Do every record that is still to be done, oldest first; return the outcomes by save id.

        Raises:
            BusyError: another kbtui holds the base.
        """
        return self._drained("") if self._journal.pending() else {}

    def _drained(self, own: str) -> dict[str, Saved]:
        """Do every record; a full disk takes back the acknowledgement of one's own, while one is still there."""
        with self._lock():
            pending = self._journal.pending()
            return {record.save_id: self._tried(record, pending, own) for record in pending}

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
        if waiting_for := self._repository.unfinished():
            return Saved(path, is_committed=False, variant=variant, waiting_for=f"{waiting_for} in this folder")
        paths = [path, variant] if variant else [path]
        if not self._is_in_head(paths):
            complaint = self._committed(record, paths)
            self._checkpoint("committed")
            if not self._is_in_head(paths):
                return Saved(path, is_committed=False, variant=variant, waiting_for=complaint)
        self._note(record, path, variant)
        self._journal.finish(record)
        self._checkpoint("finished")
        return Saved(path, is_committed=True, variant=variant)

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

    def _committed(self, record: SaveRecord, paths: Sequence[str]) -> str:
        """Commit the paths; return why git would not, or nothing."""
        added = self._patiently("add", "--force", "--", *paths)
        if not added.is_ok:
            return "git to be ready"
        self._checkpoint("added")
        trailers = f"Kb-Action: {record.action}\nKb-Entry: {record.entry_id}\nKb-Save-Id: {record.save_id}"
        trailers += f"\nKb-Guard: {as_trailer(from_trailer(record.guard))}" if record.guard else ""
        words = ("-m", _SUBJECTS.get(record.action, "Change an entry"), "-m", trailers)
        flags = ("--quiet", "--no-verify", "--only")
        result = self._patiently("commit", *flags, *words, "--", *paths, record=record)
        return "" if result.is_ok else "git to be ready"

    def _patiently(self, *arguments: str, record: SaveRecord | None = None) -> GitResult:
        """Run git, trying again while another git holds a lock; one left by a crash is removed (FAULTS 13)."""
        first_seen = locks.look(self._repository.layout.git)
        for wait in _LOCK_WAITS:
            result = self._run(arguments, record)
            if result.is_ok or ".lock" not in result.complaint:
                return result
            time.sleep(wait)
        locks.remove_stale(first_seen, time.time())
        return self._run(arguments, record)

    def _run(self, arguments: Sequence[str], record: SaveRecord | None) -> GitResult:
        person = record.person if record else None
        return self._repository.runner.run(*arguments, writes=True, person=person, settings=_OWN_SETTINGS)

    def _is_in_head(self, paths: Sequence[str]) -> bool:
        """Whether HEAD has exactly what the working folder has: git's exit code alone is not believed."""
        return all(_same(self._repository.committed(path), self._files.read_if_there(path)) for path in paths)

    def _note(self, record: SaveRecord, path: str, variant: str) -> None:
        """Write the operation log: what was saved under which id, for whoever waits and for undo."""
        line = {"save": record.save_id, "action": record.action, "path": path, "variant": variant}
        with self._operations.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line | {"by": str(record.person), "at": record.sequence}) + "\n")

    def _done_by_another(self, record: SaveRecord) -> Saved:
        """Return the outcome of a record that another process took up while this one waited."""
        text = self._operations.read_text("utf-8", "replace") if self._operations.exists() else ""
        for line in reversed(text.splitlines()):
            if f'"save": "{record.save_id}"' in line:
                with suppress(ValueError, KeyError):
                    entry = json.loads(line)
                    return Saved(entry["path"], is_committed=True, variant=entry["variant"])
        return Saved(record.path, is_committed=False, waiting_for="git to be ready")

    @property
    def _operations(self) -> Path:
        return self._repository.own_folder / "operations.jsonl"


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


def _same(committed: bytes | None, there: bytes | None) -> bool:
    """Whether two versions are the same to git, which may have turned CRLF into LF (FAULTS 10, 56)."""
    if committed is None or there is None:
        return False
    return committed.replace(b"\r\n", b"\n") == there.replace(b"\r\n", b"\n")
