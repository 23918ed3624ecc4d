"""A program in a real pseudo-terminal, watched from outside: keys go in, and what is painted is read with its time.

What the program writes is only put down with the moment at which it came; the terminal
(pyte) draws it afterwards, when nothing is being measured, chunk by chunk, so that the
moment can be told at which the screen first showed something.
"""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pexpect
import pyte

COLUMNS, LINES = 120, 40
_CHUNK = 65_536


class Chunk(NamedTuple):
    """Bytes that the program has written, and when they were there, on the clock of `time.perf_counter`."""

    at: float
    data: bytes


class Watched:
    """A program that is being watched.

    Args:
        command: the program and its arguments.
        environment: its variables.

    Attributes:
        started: when it was started, on the clock of `time.perf_counter`.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        self._undrawn: list[Chunk] = []
        self.started = time.perf_counter()
        self._child: Any = pexpect.spawn(
            command[0], [*command[1:]], env=dict(environment), dimensions=(LINES, COLUMNS), timeout=None
        )

    @property
    def lines(self) -> list[str]:
        """The screen as it is drawn, line by line."""
        return list(self._screen.display)

    @property
    def memory(self) -> float:
        """Resident MiB of the program's process."""
        pages = int(Path(f"/proc/{self._child.pid}/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def press(self, keys: str) -> float:
        """Send keys as a terminal does; return when."""
        now = time.perf_counter()
        os.write(self._child.child_fd, keys.encode())
        return now

    def listen(self, until: float) -> None:
        """Put down what the program writes up to a moment."""
        while (left := until - time.perf_counter()) > 0:
            if select.select([self._child.child_fd], [], [], left)[0]:
                self._undrawn.append(Chunk(time.perf_counter(), os.read(self._child.child_fd, _CHUNK)))

    def draw(self, *wanted: Callable[[list[str]], bool]) -> list[float | None]:
        """Draw what has been put down; return when each thing wanted was first to be seen, None where it was not."""
        seen: list[float | None] = [None] * len(wanted)
        for chunk in self._undrawn:
            self._stream.feed(chunk.data)
            lines = self.lines
            seen = [
                when or (chunk.at if is_there(lines) else None) for when, is_there in zip(seen, wanted, strict=True)
            ]
        self._undrawn.clear()
        return seen

    def wait_for(self, wanted: Callable[[list[str]], bool], seconds: float = 30.0) -> float:
        """Read until something is to be seen; return when it was.

        Raises:
            TimeoutError: it is not there after so many seconds.
        """
        give_up = time.perf_counter() + seconds
        while time.perf_counter() < give_up:
            self.listen(time.perf_counter() + 0.02)
            if (at := self.draw(wanted)[0]) is not None:
                return at
        raise TimeoutError("\n".join(self.lines))

    def close(self) -> None:
        """End the program, whatever it does."""
        self._child.close(force=True)


def shows(words: str) -> Callable[[list[str]], bool]:
    """Return what tells whether words are to be seen."""
    return lambda lines: any(words in line for line in lines)
