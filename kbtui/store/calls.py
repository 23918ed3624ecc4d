"""Calls that a phone system announces: handed from the program it starts to the window that is open (F10).

One file a call, in the state folder. The window that is open holds a lock, which the
operating system lets go of when the window ends, however it ends; so a call is never left
for a window that is gone.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kbtui.entry.text import clipped, one_line
from kbtui.errors import NotSavedError
from kbtui.store import atomic

if TYPE_CHECKING:
    from filelock import FileLock

_SUFFIX = ".call"
_LONGEST_QUERY, _LONGEST_TICKET = 300, 64
_LONGEST_FILE = 16 * 1024
_PATIENCE, _STEP = 2.0, 0.02
"""Seconds that an open window has to take a call, and between two looks."""


class Call(NamedTuple):
    """What a phone system knows of a call: what to search for, and the ticket it belongs to."""

    query: str = ""
    ticket: str = ""

    def __bool__(self) -> bool:
        return bool(self.query or self.ticket)


NO_CALL = Call()


def call_of(query: str, ticket: str) -> Call:
    """Return a call from whatever another program has given: printable, short enough, and without card numbers."""
    from kbtui.entry.guard import without_cards

    words = without_cards(one_line(query)[:_LONGEST_QUERY].strip())
    return Call(words, clipped(without_cards(one_line(ticket)), _LONGEST_TICKET))


class Calls:
    """The calls of one base on this computer.

    Args:
        folder: where they are kept; made when it is needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock: FileLock | None = None

    def answer(self) -> bool:
        """Take calls from now on; False where another window does so already."""
        if self._lock is None:
            lock = self._new_lock()
            if not _is_free(lock):
                return False
            self._lock = lock
            self.take()  # what nobody took came for a window that is gone
        return True

    def stop(self) -> None:
        """Take no more calls."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def hand(self, call: Call, now_ns: int) -> bool:
        """Hand a call to the window that is open; whether there is one and it has taken it.

        Args:
            now_ns: nanoseconds since 1970; calls are taken in this order.
        """
        import json  # which a window needs only behind its first picture

        lock = self._new_lock()
        if _is_free(lock):
            lock.release()
            return False
        file = self._folder / f"{now_ns:020}{_SUFFIX}"
        try:
            atomic.write(file, json.dumps(call._asdict()).encode())
        except NotSavedError:
            return False
        give_up = time.monotonic() + _PATIENCE
        while file.exists():
            if time.monotonic() > give_up:
                file.unlink(missing_ok=True)
                return False
            time.sleep(_STEP)
        return True

    def take(self) -> list[Call]:
        """Return the calls that have come since, the oldest first; each is returned once."""
        calls = []
        for file in sorted(self._folder.glob(f"*{_SUFFIX}")):
            call = _read(file)
            file.unlink(missing_ok=True)
            calls += [call] if call else []
        return calls

    def _new_lock(self) -> FileLock:
        from filelock import FileLock

        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return FileLock(self._folder / "window.lock", timeout=0)


def _is_free(lock: FileLock) -> bool:
    """Whether nobody held a lock; it is held from now on."""
    from filelock import Timeout

    try:
        lock.acquire()
    except Timeout:
        return False
    return True


def _read(file: Path) -> Call:
    import json

    try:
        with file.open("rb") as opened:
            values = json.loads(opened.read(_LONGEST_FILE))
        return call_of(str(values["query"]), str(values["ticket"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return Call()
