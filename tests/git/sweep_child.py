"""A process that does one thing and is killed at a chosen moment: `python -m tests.git.sweep_child ROOT DEED WHAT N`.

DEED is "save", "undo", "archive" or "sync"; WHAT is "git" (killed after the N-th call of git) or "file" (killed
before the N-th change of a file or folder, forcing to the disk included). With N = 0 nothing
is killed, and the number of such moments is printed.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kbtui.entry.model import EntryChange
from kbtui.git.runner import GitResult, GitRunner
from kbtui.knowledge import Knowledge
from tests.helpers import REFUND, parts_of

DEEDS: dict[str, Callable[[Knowledge], object]] = {
    "save": lambda knowledge: knowledge.change(REFUND, EntryChange(answer="Twelve days."), knowledge.opened(REFUND)[1]),
    "undo": lambda knowledge: knowledge.undo(),
    "archive": lambda knowledge: knowledge.archive(REFUND, reason="Nobody asks."),
}
SHARING: dict[str, Callable[[Knowledge], object]] = {"sync": lambda knowledge: knowledge.sync()}
_CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.utime", "os.truncate", "os.chmod", "os.link")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Moments:
    """Counts moments, and ends the process at one of them.

    Args:
        last: at which one, counted from 1; 0 for none.
    """

    def __init__(self, last: int) -> None:
        self.count = 0
        self._last = last

    def one(self) -> None:
        """Count one more."""
        self.count += 1
        if self.count == self._last:
            os.kill(os.getpid(), signal.SIGKILL)


def _watch_git(moments: Moments) -> None:
    real = GitRunner.run

    def run(self: GitRunner, *arguments: str, **options: object) -> GitResult:
        result = real(self, *arguments, **options)  # type: ignore[arg-type]
        moments.one()
        return result

    GitRunner.run = run  # type: ignore[method-assign]


def _watch_files(moments: Moments, *places: str) -> None:
    real = os.fsync

    def fsync(descriptor: int) -> None:
        moments.one()
        real(descriptor)

    def seen(event: str, arguments: tuple[Any, ...]) -> None:
        is_change = event in _CHANGES or (event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITES)
        if is_change and str(arguments[0]).startswith(places):
            moments.one()

    os.fsync = fsync  # type: ignore[assignment]
    sys.addaudithook(seen)


def main(root: Path, deed: str, what: str, last: int) -> None:
    """Do it."""
    knowledge = Knowledge(parts_of(root))
    knowledge.refresh()
    moments = Moments(last)
    if what == "git":
        _watch_git(moments)
    else:
        _watch_files(moments, str(root), os.environ["KBTUI_HOME"])
    (DEEDS | SHARING)[deed](knowledge)
    print(moments.count, flush=True)  # noqa: T201
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3], int(sys.argv[4]))
