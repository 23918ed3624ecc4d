"""The folder of one index: its generations, which of them is current, and who may write (SEARCH.md R2, R10, R11)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kbtui.errors import BusyError, IndexTroubleError
from kbtui.search.settled import NEVER, State, settled
from kbtui.store import atomic

CATALOGUE = "catalogue.sqlite"
"""The file of stamps, cards and texts in the folder of each."""

_CURRENT = "CURRENT"
_LOCK_SECONDS = 120.0


class Generations:
    """The generations in one folder, each in a folder of its own, named `gen-N`.

    Args:
        folder: where they are; made, for this user alone, if it is not there.

    Raises:
        IndexTroubleError: the folder belongs to another user.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: tuple[State, str] = NEVER, ""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
            raise IndexTroubleError(
                f"The search index in {folder} belongs to another user.", "Ask your lead to remove that folder."
            )

    def current(self) -> str:
        """Return the name of the one that is searched, or nothing where there is none."""
        state = settled(self._folder)
        if state == NEVER or state != self._read[0]:
            self._read = state, self._current()
        return self._read[1]

    def _current(self) -> str:
        try:
            name = (self._folder / _CURRENT).read_text("ascii").strip()
        except (OSError, ValueError):
            return ""
        return name if name.startswith("gen-") and name[4:].isdigit() else ""

    def next(self) -> Path:
        """Make the folder of the next one, empty."""
        numbers = [int(path.name[4:]) for path in self._folder.glob("gen-*") if path.name[4:].isdigit()]
        folder = self._folder / f"gen-{max(numbers, default=0) + 1}"
        _remove(folder)
        folder.mkdir(mode=0o700)
        return folder

    def switch_to(self, folder: Path) -> None:
        """Have a generation be the current one from now on, in one step."""
        atomic.write(self._folder / _CURRENT, folder.name.encode())
        self._read = NEVER, ""

    def remove_old(self, keep: str) -> None:
        """Remove the others; what is still open elsewhere is left for the next time (R13)."""
        for path in self._folder.glob("gen-*"):
            if path.name != keep:
                _remove(path)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Be the only one who writes.

        Raises:
            BusyError: another kbtui writes for longer than two minutes.
        """
        from filelock import FileLock, Timeout

        try:
            lock = FileLock(self._folder / "lock", timeout=_LOCK_SECONDS).acquire()
        except Timeout as error:
            raise BusyError("Another kbtui is rebuilding the search.", "Try again in a minute.") from error
        with lock:
            self._read = NEVER, ""  # who writes goes by what is there now, whatever time the file system tells
            yield


def _remove(folder: Path) -> None:
    """Remove a folder with what is in it, as far as that can be done."""
    import shutil  # which those who only read do without

    shutil.rmtree(folder, ignore_errors=True)
