"""The event files of one base: JSON lines that are only ever appended to.

`events/<person>-<machine>/<yyyy-mm>.jsonl`: one writer a file, so two people's files never
conflict. A line counts once it has its line end. What a crash has left without one is
skipped by readers, and the next append begins on a line of its own (FAULTS 2).
Links are never followed, in reading or in writing (FAULTS 73).
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import blake2b
from io import FileIO
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from kbtui.entry.identity import EVENTS_FOLDER
from kbtui.errors import NotSavedError, RefusedError
from kbtui.store.atomic import flush_folder
from kbtui.store.files import Stamp

_READ_AT_MOST = 64 * 1024 * 1024
_DIGEST_SIZE = 16
_PATH = re.compile(rf"{EVENTS_FOLDER}/(?P<folder>[A-Za-z0-9_-]{{1,120}})/[0-9]{{4}}-[0-9]{{2}}\.jsonl")
_SAFE_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_SAFE_APPEND = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class Part(NamedTuple):
    """What has been read of a file: up to which byte, and the digest of all bytes before it."""

    end: int
    digest: bytes


NOTHING_READ = Part(0, blake2b(digest_size=_DIGEST_SIZE).digest())


def is_event_file(path: str) -> bool:
    """Whether a path below the base's folder is one of an event file."""
    return _PATH.fullmatch(path) is not None


class EventFiles:
    """The event files below one base's folder.

    Args:
        root: the base's folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def stamps(self) -> dict[str, Stamp]:
        """Return the stamp of every event file, by POSIX path below the base's folder."""
        found: dict[str, Stamp] = {}
        for folder in _listed(self._root / EVENTS_FOLDER):
            if folder.is_dir(follow_symlinks=False):
                found |= dict(self._stamps_in(folder))
        return found

    def _stamps_in(self, folder: os.DirEntry[str]) -> Iterator[tuple[str, Stamp]]:
        for item in _listed(Path(folder.path)):
            path = f"{EVENTS_FOLDER}/{folder.name}/{item.name}"
            if is_event_file(path) and (stamp := self.stamp(path)) is not None:
                yield path, stamp

    def stamp(self, path: str) -> Stamp | None:
        """Return the stamp of one file now, or None where there is no such file."""
        try:
            status = os.lstat(self._root / path)
        except OSError:
            return None
        return Stamp(status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None

    def read(self, path: str) -> bytes:
        """Return the bytes of one file; none where it is not there, and of a giant one the first 64 MiB.

        Raises:
            RefusedError: the path is no event file's, goes through a link, or cannot be read.
        """
        place = self._located(path)
        try:
            with os.fdopen(os.open(place, _SAFE_READ), "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise RefusedError(f"{path} is no plain file.", "Only plain files are read.")
                return file.read(_READ_AT_MOST)
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise RefusedError(f"{path} cannot be read ({os.strerror(error.errno or 0)}).", "Ask your lead.") from error

    def since(self, path: str, part: Part) -> tuple[list[bytes], Part] | None:
        """Return the lines that a file got since a part of it was read, and what has been read now.

        None where the bytes read before are not there any more as they were: somebody has
        written the file anew, and all of it has to be read again. A file that cannot be read
        has no lines.
        """
        try:
            data = self.read(path)
        except RefusedError:
            data = b""
        digest = blake2b(data[: part.end], digest_size=_DIGEST_SIZE)
        if len(data) < part.end or digest.digest() != part.digest:
            return None
        end = data.rfind(b"\n") + 1
        new = data[part.end : end]
        digest.update(new)
        return whole_lines(new), Part(max(end, part.end), digest.digest())

    def append(self, path: str, lines: Iterable[str]) -> None:
        """Append lines in one step and force them to the disk; torn words at the end of the file are closed off first.

        Raises:
            RefusedError: the path is no event file's, or goes through a link.
            NotSavedError: the disk did not take them.
        """
        data = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")
        place = self._located(path)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            is_new = not place.exists()
            with os.fdopen(os.open(place, _SAFE_APPEND, 0o644), "r+b", buffering=0) as file:
                left = memoryview((b"\n" if _is_torn(file) else b"") + data)
                while left:
                    left = left[file.write(left) :]
                os.fsync(file.fileno())
        except OSError as error:
            reason = os.strerror(error.errno or 0)
            raise NotSavedError(f"Not noted: the disk answered with an error ({reason}).", "Ask your lead.") from error
        if is_new:
            flush_folder(place.parent)

    def _located(self, path: str) -> Path:
        if not is_event_file(path):
            raise RefusedError(f"{path!r} is no path of an event file.", "Use a path inside the knowledge base.")
        place = self._root
        for name in PurePosixPath(path).parts:
            place = place / name
            if place.is_symlink():
                raise RefusedError(f"{path!r} goes through a link.", "Ask your lead to take the link away.")
        return place


def whole_lines(data: bytes) -> list[bytes]:
    """Return the lines of what stands in an event file that have their line end; the last one may lack it."""
    return data.split(b"\n")[:-1]


def _is_torn(file: FileIO) -> bool:
    """Whether the last line of a file has no end, because a crash interrupted whoever wrote it."""
    size = file.seek(0, os.SEEK_END)
    if not size:
        return False
    file.seek(size - 1)
    return file.read(1) != b"\n"


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    """Return what is in a folder, by name; nothing where it is none, or only a link to one."""
    with suppress(OSError):
        if not folder.is_symlink():
            with os.scandir(folder) as items:
                return sorted(items, key=lambda item: item.name)
    return []
