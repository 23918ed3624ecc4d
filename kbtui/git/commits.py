"""One save as one commit, whatever else is going on in git.

The usual way is git's own `commit --only` of the entry's path. While another git holds the
index for longer than a person waits, the commit is made through an index of kbtui's own and
the branch is moved only if nobody else has moved it meanwhile. Then the real index must
learn of it, or the next plain `git commit` would take the entry out again (FAULTS 9, 12).

The message is made of fixed words and trailers. No word a person typed ever stands in it,
so nobody can write a trailer into it (FAULTS 69).
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kbtui.entry.alarm import as_trailer, from_trailer
from kbtui.entry.model import Person
from kbtui.entry.text import one_line
from kbtui.errors import NoSuchEntryError
from kbtui.git import locks
from kbtui.git.repository import Repository
from kbtui.git.runner import GitResult, GitRunner
from kbtui.store.journal import SaveRecord

OWN_SETTINGS = ("core.hooksPath=" + os.devnull, "core.safecrlf=false")
"""A person's words must not wait for, or fail with, somebody's hook (FAULTS 61) or line ends (FAULTS 56)."""

_LOCK_WAITS = (0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28)
"""Seconds between tries while another git holds its lock (lazygit's numbers, FAULTS 12)."""

_NO_BRACKETS = str.maketrans("<>", "  ")
_RACES = 5
"""How often a branch may be moved by somebody else while kbtui moves it."""

_SUBJECTS = {
    "ask": "Ask a question",
    "new": "Write an entry",
    "answer": "Answer a question",
    "edit": "Improve an entry",
    "confirm": "Confirm an entry",
    "undo": "Undo a change of an entry",
    "archive": "Archive an entry",
    "merge": "Merge two entries",
    "owner": "Say who keeps an entry",
    "check-by": "Say by when an entry is to be checked",
    "restore": "Bring an entry back from the archive",
    "same-question": "Join two questions that ask the same",
    "salvage": "Bring an entry back from a damaged clone",
    "resolve": "Choose between two versions",
    "combine": "Combine two versions",
    "events": "Note what was used",
}
EVENTS_ACTION = "events"
"""The action of a commit of events. It is no save of an entry: nobody's words, nothing to undo, no credit."""

_DAMAGE = re.compile(
    r"loose object|object file .* is empty|is corrupt|bad object|bad tree|unable to read (tree|sha1)|"
    r"could not parse|missing (blob|tree|commit)|object directory .* does not exist|not a valid object|inflate|"
    r"invalid sha1 pointer|broken link|hash.* mismatch"
)


Contents = Mapping[str, bytes | None]
"""What files are to hold, by path below the base's folder; None takes a file away."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one attempt to commit.

    Attributes:
        complaint: what the save waits for, in plain words; empty where git says that it worked.
        is_index_current: whether git has brought its own index up to date by itself.
    """

    complaint: str = ""
    is_index_current: bool = True


class Readable(Protocol):
    """The working files that are committed."""

    def read(self, path: str) -> bytes:
        """Return the bytes of one file below the base's folder."""


class Commits:
    """Makes commits of saves.

    Args:
        repository: where they go.
        files: the base's working files.
        checkpoint: called with the name of each step; tests end the process there.
    """

    def __init__(self, repository: Repository, files: Readable, checkpoint: Callable[[str], None]) -> None:
        self._repository = repository
        self._files = files
        self._checkpoint = checkpoint

    def commit(self, record: SaveRecord, paths: Sequence[str]) -> Attempt:
        """Commit what the working folder has at `paths`, on the branch that is checked out."""
        result = self._staged(paths)
        if not result.is_ok and self.mend_index():
            result = self._staged(paths)
        if result.is_ok:
            self._checkpoint("added")
            flags = ("--quiet", "--no-verify", "--only")
            words = ("-m", _subject(record), "-m", _trailers(record))
            result = self._patiently("commit", *flags, *words, "--", *paths, record=record)
        if result.is_ok:
            return Attempt()
        if ".lock" in result.complaint:
            return self.commit_bytes(record, {path: self._there(path) for path in paths})
        return Attempt(waits_for(result.complaint))

    def _staged(self, paths: Sequence[str]) -> GitResult:
        """Tell git's index what the folder has; what is gone from both already is no matter."""
        gone = [path for path in paths if self._there(path) is None]
        result = self._patiently("add", "--force", "--", *(path for path in paths if path not in gone))
        if result.is_ok and gone:
            return self._patiently("rm", "--cached", "--quiet", "--ignore-unmatch", "--", *gone)
        return result

    def _there(self, path: str) -> bytes | None:
        try:
            return self._files.read(path)
        except NoSuchEntryError:
            return None

    def commit_bytes(self, record: SaveRecord, contents: Contents) -> Attempt:
        """Commit bytes past the real index and whatever the working folder has, on the branch that is checked out."""
        moved = self._moved(record, contents)
        return Attempt("" if moved else "git to be ready", is_index_current=False)

    def _moved(self, record: SaveRecord, contents: Contents) -> bool:
        """Move the branch to a commit of these bytes; whether it has taken it."""
        for _ in range(_RACES):
            parent = self._repository.head()
            commit = self.make(record, parent, contents)
            self._checkpoint("made")
            expected = parent or "0" * len(commit)
            moved = commit and self.run("update-ref", "-m", "kbtui: save", "HEAD", commit, expected).is_ok
            if moved or not commit or self._repository.head() == parent:
                return bool(moved)
        return False

    def make(self, record: SaveRecord, parent: str, contents: Contents) -> str:
        """Make a commit that no branch shows yet: `parent` with these files changed; return its id, or nothing."""
        own_index = self._repository.own_folder / f"index-{record.save_id}.tmp"
        runner = self._repository.runner.with_index(own_index)
        try:
            read = self._run(runner, "read-tree", parent) if parent else None
            entries = [self._index_line(path, content, parent) for path, content in contents.items()]
            added = self._run(runner, "update-index", "-z", "--add", "--index-info", given="".join(entries).encode())
            tree = self._run(runner, "write-tree")
            if not all((read is None or read.is_ok, all(entries), added.is_ok, tree.is_ok)):
                return ""
            message = f"{_subject(record)}\n\n{_trailers(record)}\n".encode()
            parents = ("-p", parent) if parent else ()
            made = self._run(runner, "commit-tree", tree.text, *parents, "-F", "-", given=message, record=record)
            return made.text if made.is_ok else ""
        finally:
            with suppress(OSError):
                own_index.unlink(missing_ok=True)

    def _index_line(self, path: str, content: bytes | None, parent: str) -> str:
        """Put the bytes into git's store and return the line that names them in an index; empty if git would not."""
        full = self._repository.layout.prefix + path
        if content is None:
            return f"0 {'0' * (len(parent) or 40)}\t{full}\0"
        stored = self.run("hash-object", "-w", f"--path={full}", "--stdin", given=content)
        known = self._repository.runner.run("ls-tree", "--full-tree", parent, "--", full) if parent else None
        mode = "100755" if known and known.text.startswith("100755") else "100644"
        return f"{mode} {stored.text}\t{full}\0" if stored.is_ok else ""

    def sweep(self) -> None:
        """Remove private indexes that a process which died has left. Nobody may be committing."""
        for leftover in self._repository.own_folder.glob("index-*.tmp*"):
            leftover.unlink(missing_ok=True)

    # git's own index

    def repair(self, paths: Sequence[str]) -> bool:
        """Tell git's index what HEAD has of these paths (FAULTS 9); whether it knows now.

        A git that does not say what HEAD has is not taken to say that it has nothing.
        """
        full = [self._repository.layout.prefix + path for path in paths]
        wanted = self._repository.runner.run("ls-tree", "-z", "--full-tree", "HEAD", "--", *full)
        if not wanted.is_ok:
            return False
        known = self._repository.runner.run("ls-files", "-z", "--stage", "--full-name", "--", *paths)
        if known.is_ok and _blobs(wanted.text, 2) == _blobs(known.text, 1):
            return True
        held = {path for path, _ in _blobs(wanted.text, 2)}
        null = "0" * len(self._repository.head() or "0" * 40)
        gone = "".join(f"0 {null}\t{path}\0" for path in full if path not in held).encode("utf-8", "surrogateescape")
        result = self._patiently("update-index", "-z", "--add", "--index-info", given=gone + wanted.output, waits=())
        return result.is_ok or self.mend_index()

    def mend_index(self) -> bool:
        """Build an index that git cannot read anew from HEAD (FAULTS S6); whether that was needed and worked.

        The damaged one is set aside; what a lead had staged is still in the working folder.
        """
        git = self._repository.layout.git
        if (git / "index.lock").exists() or index_is_sound(git / "index"):
            return False
        with suppress(OSError):
            (git / "index").replace(self._repository.own_folder / f"index-damaged-{time.time_ns()}")
        rebuilt = self.run("read-tree", "HEAD") if self._repository.head() else self.run("read-tree", "--empty")
        self.run("update-index", "-q", "--refresh")
        return rebuilt.is_ok

    # Running git

    def run(self, *arguments: str, given: bytes | None = None) -> GitResult:
        """Run a git that writes, past everybody's hooks."""
        return self._run(self._repository.runner, *arguments, given=given)

    def _run(
        self, runner: GitRunner, *arguments: str, given: bytes | None = None, record: SaveRecord | None = None
    ) -> GitResult:
        person = record.person if record else None
        return runner.run(*arguments, writes=True, person=person, settings=OWN_SETTINGS, given=given)

    def _patiently(
        self,
        *arguments: str,
        record: SaveRecord | None = None,
        given: bytes | None = None,
        waits: Sequence[float] | None = None,
    ) -> GitResult:
        """Run git, trying again while another git holds a lock; one left by a crash is removed (FAULTS 13)."""
        runner = self._repository.runner
        first_seen = locks.look(self._repository.layout)
        for wait in _LOCK_WAITS if waits is None else waits:
            result = self._run(runner, *arguments, record=record, given=given)
            if result.is_ok or ".lock" not in result.complaint:
                return result
            time.sleep(wait)
        locks.remove_stale(first_seen, time.time())
        return self._run(runner, *arguments, record=record, given=given)


def index_is_sound(index: Path) -> bool:
    """Whether the bytes of an index add up; git itself only looks at what it needs.

    https://git-scm.com/docs/index-format: a hash of everything before it ends the file; zeros where a
    user has asked git to leave it out.
    """
    try:
        data = index.read_bytes()
    except OSError:
        return not index.exists()
    ends = [(hashlib.sha1(data[:-20], usedforsecurity=False).digest(), 20), (hashlib.sha256(data[:-32]).digest(), 32)]
    return data.startswith(b"DIRC") and any(data[-size:] in (digest, bytes(size)) for digest, size in ends)


def waits_for(complaint: str) -> str:
    """Return what a save waits for, from what git complained of."""
    return "your lead (code K03: git's store is damaged)" if _DAMAGE.search(complaint) else "git to be ready"


def _subject(record: SaveRecord) -> str:
    return _SUBJECTS.get(record.action, "Change an entry")


def _trailers(record: SaveRecord) -> str:
    if record.action == EVENTS_ACTION:
        return "\n".join([f"Kb-Action: {EVENTS_ACTION}", *_guard_trailer(record)])
    trailers = f"Kb-Action: {record.action}\nKb-Entry: {record.entry_id}\nKb-Save-Id: {record.save_id}"
    return "\n".join([trailers, *_guard_trailer(record), *map(_co_author, record.with_people)])


def _co_author(person: Person) -> str:
    """Return the trailer that names somebody, in characters that cannot begin another one."""
    name, email = (one_line(text.translate(_NO_BRACKETS)).strip() for text in (person.name, person.email))
    return f"Co-authored-by: {name} <{email}>"


def _guard_trailer(record: SaveRecord) -> list[str]:
    return [f"Kb-Guard: {as_trailer(from_trailer(record.guard))}"] if record.guard else []


def _blobs(lines: str, column: int) -> set[tuple[str, str]]:
    """Return path and blob of each line of `ls-tree` or `ls-files --stage`."""
    parts = [line.partition("\t") for line in lines.split("\0") if line]
    return {(path, words.split(" ")[column]) for words, _, path in parts}
