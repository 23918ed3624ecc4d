"""The entry files of one base, as a folder sees them: which there are, their bytes, their stamps.

Links are never followed, in reading or in writing (FAULTS 73); paths that leave the base
are refused (FAULTS 74). Nothing here knows what stands inside a file.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeAlias

from kbtui.entry.identity import EVENTS_FOLDER, variant_of
from kbtui.errors import NoSuchEntryError, RefusedError
from kbtui.store import atomic

_SUFFIX = ".md"
_READ_AT_MOST = 2 * 1024 * 1024


class Stamp(NamedTuple):
    """What tells that a file may have changed: its size in bytes and its time in nanoseconds."""

    size: int
    mtime_ns: int


Stamps: TypeAlias = "Mapping[str, tuple[int, int]]"
"""The stamps of files by POSIX path below the base's folder: of thousands, so they are no more than tuples."""


class Scan(NamedTuple):
    """One look at the folder.

    Attributes:
        stamps: the stamp of every entry file.
        passed_over: names that look like entries but are not read, with the reason.
    """

    stamps: Stamps
    passed_over: tuple[tuple[str, str], ...]


def differences(known: Stamps, seen: Stamps) -> tuple[list[str], list[str]]:
    """Return which files are not as they were known, and which were known and were not seen."""
    if known == seen:
        return [], []
    return [path for path, stamp in seen.items() if known.get(path) != stamp], [*(known.keys() - seen.keys())]


class EntryFiles:
    """The Markdown files below one folder that are entries.

    Args:
        root: the base's folder, the one that holds kb.toml.
        ignore: shell patterns of paths that are no entries.
    """

    def __init__(self, root: Path, ignore: tuple[str, ...] = ()) -> None:
        self.root = root
        self._ignore = ignore
        self._folders: tuple[Path, ...] = (root,)

    def scan(self) -> Scan:
        """Look at every file. A folder that cannot be read is passed over, with the reason."""
        stamps: dict[str, tuple[int, int]] = {}
        passed_over: list[tuple[str, str]] = []
        pending = [("", self.root)]
        folders: list[Path] = []
        while pending:
            prefix, folder = pending.pop()
            folders.append(folder)
            pending += self._look_through(prefix, folder, stamps, passed_over)
        self._folders = tuple(folders)
        return Scan(stamps, tuple(passed_over))

    def has_more_names(self, than: int) -> bool:
        """Whether there are more names in the folders than this; looks no further than it must."""
        pending, names = [str(self.root)], 0
        while pending:
            with suppress(OSError), os.scandir(pending.pop()) as items:
                for item in items:
                    names += 1
                    if names > than:
                        return True
                    if not item.name.startswith(".") and item.is_dir(follow_symlinks=False):
                        pending.append(item.path)
        return False

    def pulse(self) -> tuple[int, ...]:
        """Return what changes when a file comes, goes or is written anew: the times of the folders last seen."""
        return tuple(map(_changed_at, self._folders))

    def _look_through(
        self, prefix: str, folder: Path, stamps: dict[str, tuple[int, int]], passed_over: list[tuple[str, str]]
    ) -> list[tuple[str, Path]]:
        """Look at what is in one folder; return the folders in it. Every search waits until all files are looked at."""
        try:
            items = list(os.scandir(folder))
        except OSError as error:
            passed_over.append((prefix or ".", f"the folder cannot be read ({os.strerror(error.errno or 0)})"))
            return []
        folders = []
        for item in items:
            name = item.name
            path = prefix + name
            if name[0] == "." or path == EVENTS_FOLDER:
                continue
            if name.endswith(_SUFFIX) and (stamp := _stamp_at(item.path)) is not None:
                if self._ignore and self._is_ignored(path):
                    continue
                if reason := _unreadable_name(path):
                    passed_over.append((path, reason))
                else:
                    stamps[path] = stamp
            elif item.is_dir(follow_symlinks=False):
                folders.append((f"{path}/", Path(item.path)))
            elif name.endswith(_SUFFIX) and item.is_symlink():
                passed_over.append((path, "it is a link to another file; links are not followed"))
        return folders

    def variants_of(self, path: str) -> list[str]:
        """Return the files in which other versions of the entry at `path` are kept, by name."""
        place = self.locate(path)
        folder = path.rpartition("/")[0]
        try:
            names = [f"{folder}/{each.name}" if folder else each.name for each in place.parent.iterdir()]
        except OSError:
            return []
        return sorted(name for name in names if variant_of(name) == path and self.stamp(name) is not None)

    def is_entry(self, path: str) -> bool:
        """Whether a file at this path would be an entry, by its name alone."""
        parts = PurePosixPath(path).parts
        is_hidden = any(part.startswith(".") for part in parts) or parts[:1] == (EVENTS_FOLDER,)
        return path.endswith(_SUFFIX) and not is_hidden and not self._is_ignored(path)

    def _is_ignored(self, path: str) -> bool:
        return any(fnmatchcase(path, pattern) for pattern in self._ignore)

    def stamp(self, path: str) -> Stamp | None:
        """Return the stamp of one file now, or None where there is no such file, or none at such a path ever."""
        try:
            found = _stamp_at(str(self.locate(path)))
        except RefusedError:
            return None
        return None if found is None else Stamp(*found)

    def read(self, path: str) -> bytes:
        """Return the bytes of one file; of a giant one the first 2 MiB.

        Raises:
            RefusedError: the path leaves the base, or names no plain file.
            NoSuchEntryError: there is no such file.
        """
        location = self.locate(path)
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            if not stat.S_ISREG(os.lstat(location).st_mode):
                raise RefusedError(f"{path} is no plain file.", "Only plain files are read as entries.")
            with os.fdopen(os.open(location, flags), "rb") as file:
                return file.read(_READ_AT_MOST)
        except FileNotFoundError as error:
            raise NoSuchEntryError(f"There is no file {path} any more.", "Search again.") from error
        except OSError as error:
            raise RefusedError(f"{path} cannot be read ({os.strerror(error.errno or 0)}).", "Ask your lead.") from error

    def read_if_there(self, path: str) -> bytes | None:
        """Return the bytes of one file, or None where there is no such file."""
        try:
            return self.read(path)
        except NoSuchEntryError:
            return None

    def write(self, path: str, data: bytes) -> None:
        """Write one file atomically.

        Raises:
            RefusedError: the path leaves the base.
            NotSavedError: the disk did not take the bytes.
        """
        atomic.write(self.locate(path), data)

    def touch(self, path: str) -> None:
        """Give one file the present time, so that whoever goes by times reads it again."""
        os.utime(self.locate(path))

    def take_back(self, path: str) -> None:
        """Remove a file that this process has just made and that turned out to be of no use."""
        self.locate(path).unlink(missing_ok=True)

    def sweep(self, path: str) -> None:
        """Remove what interrupted writes have left beside one file. Nobody else may be writing there."""
        atomic.sweep(self.locate(path).parent)

    def locate(self, path: str) -> Path:
        """Return where a path below the base is on this computer.

        Raises:
            RefusedError: the path is absolute, leaves the base or goes through a link.
        """
        pure = PurePosixPath(path)
        odd = pure.is_absolute() or ".." in pure.parts or "\\" in path or "\0" in path or not path.endswith(_SUFFIX)
        if odd or any(part.startswith(".") for part in pure.parts):
            raise RefusedError(f"{path!r} is no path of an entry.", "Use a path inside the knowledge base.")
        location = self.root
        for part in pure.parts[:-1]:
            location = location / part
            if location.is_symlink():
                raise RefusedError(f"{path!r} goes through a link.", "Use a path inside the knowledge base.")
        return location / pure.name


def _changed_at(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0


def _stamp_at(place: str) -> tuple[int, int] | None:
    """Return the stamp of the plain file at a place, None where there is none.

    Not with `DirEntry.stat`: what Windows lists of a file may be older than the file.
    """
    try:
        status = os.lstat(place)
    except OSError:
        return None
    return (status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None


def _unreadable_name(path: str) -> str:
    """Return why a name cannot be one everywhere, or nothing."""
    if "\\" not in path and path.isprintable():  # nearly all of them; a byte that was no UTF-8 is not printable
        return ""
    if "\\" in path:
        return "its name has a backslash, which Windows cannot hold"
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return "its name is not UTF-8"
    return "its name has characters that cannot be shown"
