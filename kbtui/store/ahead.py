"""Work that a copy of this process does while this one goes on, for whoever will need what it comes to.

A thread would not do: it asks for the interpreter after each call of the system, and waits for it while another
thread works. A copy has an interpreter of its own, and begins with everything that is loaded.

To be begun before anything is opened: the copy then shares no file, no database and no lock with this process. It
is told one thing, says one thing, and is gone. Where a process cannot be copied (Windows), or had better not be (it
has threads, whose locks a copy would hold for ever; there is one processor), it has nothing to say.
"""

from __future__ import annotations

import marshal
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Generic, NamedTuple, TypeVar, cast

T = TypeVar("T")


class _Copy(NamedTuple):
    """The process, and the pipes to it and from it."""

    process: int
    to: int
    back: int


class Ahead(Generic[T]):
    """One piece of work, begun at once.

    Args:
        work: changes nothing. It is given what returns what it is told, and returns what `marshal` can write.
    """

    def __init__(self, work: Callable[[Callable[[], bytes]], T]) -> None:
        self._copy = _begun(work) if _may_copy() else None
        self._is_told = False

    def tell(self, something: bytes) -> None:
        """Tell the copy what it waits for, once."""
        if self._copy is not None and not self._is_told:
            self._is_told = True
            with suppress(OSError):  # it has failed; that it says nothing is noticed later
                os.write(self._copy.to, something)
            os.close(self._copy.to)

    def said(self) -> T | None:
        """Return what the work came to, once; None where the copy has nothing to say, or was cut off."""
        if self._copy is None:
            return None
        self.tell(b"")  # for one that has not been told anything, nothing will come any more
        try:
            with os.fdopen(self._copy.back, "rb", closefd=False) as pipe:
                return cast("T", marshal.loads(pipe.read()))  # noqa: S302 - written by this program a moment ago
        except (OSError, EOFError, ValueError, TypeError):
            return None
        finally:
            self.end()

    def end(self) -> None:
        """End the copy, if it has not ended: nobody wants to hear it any more."""
        if self._copy is None:
            return
        self.tell(b"")
        copy, self._copy = self._copy, None
        os.close(copy.back)
        with suppress(ProcessLookupError):
            os.kill(copy.process, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(copy.process, 0)


def _may_copy() -> bool:
    return hasattr(os, "fork") and threading.active_count() == 1 and (os.cpu_count() or 1) > 1


def _begun(work: Callable[[Callable[[], bytes]], object]) -> _Copy | None:
    """Return the copy at work; None where the system has no room for one."""
    pipes: list[int] = []
    try:
        pipes += os.pipe()
        pipes += os.pipe()
        process = os.fork()
    except OSError:
        for end in pipes:
            os.close(end)
        return None
    told, to, back, saying = pipes
    if process == 0:
        _work_and_leave(work, told, saying, (to, back))
    os.close(told)
    os.close(saying)
    return _Copy(process, to, back)


def _work_and_leave(
    work: Callable[[Callable[[], bytes]], object], told: int, saying: int, others: tuple[int, ...]
) -> None:
    """Be the copy. It leaves without what a process does at its end: that is for the other one."""
    try:
        for end in others:  # so that it is noticed here when the other one is gone
            os.close(end)
        with os.fdopen(told, "rb") as pipe:
            said = marshal.dumps(cast("Any", work(pipe.read)))
        with os.fdopen(saying, "wb") as pipe:
            pipe.write(said)
    finally:
        os._exit(0)
