"""A folder that is to come into being as a whole or not at all.

It is made in a workshop beside its place, on the same disk, and then renamed. A lock says that
somebody is at work there; what a process that was killed has left is swept by the next one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_WORKSHOP = ".{name}.kbtui-"


class Place:
    """Where a folder is to stand.

    Args:
        target: the folder; it is not there, or empty.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self._was_there = target.is_dir()
        self._above = [folder for folder in target.parents if not folder.exists()]
        self._is_taken = False

    @contextmanager
    def workshop(self) -> Iterator[Path]:
        """Yield a path beside the place, at which nothing is yet; whatever is left there goes away in the end.

        Raises:
            OSError: nothing can be made there.
        """
        from filelock import FileLock

        self._target.parent.mkdir(parents=True, exist_ok=True)
        start = _WORKSHOP.format(name=self._target.name[:40])
        for leftover in self._target.parent.glob(f"{_literal(start)}*"):
            _sweep(leftover)
        shop = self._target.with_name(start + os.urandom(4).hex())
        shop.mkdir()
        try:
            with FileLock(shop / "lock"):
                yield shop / "made"
        finally:
            shutil.rmtree(shop, ignore_errors=True)

    def take(self, made: Path) -> None:
        """Give a folder that is finished its name.

        Raises:
            OSError: something else stands there.
        """
        if self._target.is_dir():
            self._target.rmdir()  # it is empty
        made.rename(self._target)
        self._is_taken = True

    def leave(self) -> None:
        """Let everything be as it was before."""
        if self._is_taken:
            shutil.rmtree(self._target, ignore_errors=True)
        with suppress(OSError):
            if self._was_there:
                self._target.mkdir(exist_ok=True)
            for folder in self._above:
                folder.rmdir()


def _sweep(leftover: Path) -> None:
    """Remove a workshop in which nobody is at work any more."""
    from filelock import FileLock, Timeout

    with suppress(OSError, Timeout), FileLock(leftover / "lock", timeout=0):
        shutil.rmtree(leftover, ignore_errors=True)


def _literal(name: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)
