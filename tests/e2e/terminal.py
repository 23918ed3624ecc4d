"""kbtui in a real pseudo-terminal: what a person types goes in, what they see comes out.

pexpect runs the program, pyte is the terminal. Nothing sleeps: every wait reads what the
program writes until the screen says something, with a deadline.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyte
import pytest

from tests.helpers import environment

pexpect: Any = pytest.importorskip("pexpect", reason="a pseudo-terminal is needed")
if os.name == "nt":
    pytest.skip("Windows has no pseudo-terminal that pexpect can use", allow_module_level=True)

PATIENCE = 60.0
COLUMNS, LINES = 80, 24

ENTER, ESCAPE, TAB, RIGHT, DOWN = "\r", "\x1b", "\t", "\x1b[C", "\x1b[B"
ALTERNATE_SCREEN_OFF, CURSOR_ON, PASTE_OFF = b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?2004l"

_SEQUENCE = re.compile(
    rb"\x1b\[(?P<csi>[0-?]*[ -/]*[@-~])"
    rb"|\x1b(?P<string>[\]PX^_])"
    rb"|\x1b(?P<short>[ -/]*[0-~])"
    rb"|(?P<lone>\x1b)",
)
_POINTER_SHAPE = re.compile(rb"\x1b\]22;[a-z-]*\x07")
"""Textual's own: what the mouse pointer looks like."""


def ctrl(letter: str) -> str:
    """Return what a terminal sends for ctrl and a letter."""
    return chr(ord(letter) - ord("a") + 1)


class Terminal:
    """A terminal of 80 by 24 with kbtui in it.

    Args:
        arguments: what is typed after `kbtui`.
        folder: the current folder.
        env: variables beside those of the test; None removes one.
        program: what Python is told to run.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        folder: Path,
        env: Mapping[str, str | None],
        program: Sequence[str] = ("-m", "kbtui"),
    ) -> None:
        self.written = b""
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        self._child = pexpect.spawn(
            sys.executable,
            [*program, *arguments],
            cwd=str(folder),
            env=environment({"TERM": "xterm-256color", **env}),
            dimensions=(LINES, COLUMNS),
            timeout=PATIENCE,
            echo=True,
        )
        self.modes = os.get_terminal_size(self._child.child_fd), _modes(self._child.child_fd)

    # What is to be seen

    @property
    def pid(self) -> int:
        """The number of the program's process."""
        return int(self._child.pid)

    @property
    def lines(self) -> list[str]:
        """The screen, line by line."""
        return list(self._screen.display)

    @property
    def picture(self) -> str:
        """The screen."""
        return "\n".join(self.lines)

    @property
    def words(self) -> str:
        """The screen without line breaks and frames, for sentences that may be wrapped."""
        frames = str.maketrans(dict.fromkeys("│╭╮╰╯─▏▎▔▁┃", " "))
        return " ".join(self.picture.translate(frames).split())

    @property
    def status_line(self) -> str:
        """The line above the footer."""
        return self.lines[-2].strip()

    # What a person does

    def send(self, keys: str) -> None:
        """Type keys, as bytes that a terminal sends."""
        self._child.send(keys)

    def type(self, text: str, seen: str = "") -> None:
        """Type text, and wait until it (or `seen`) is on the screen."""
        self.send(text)
        self.see(seen or text)

    def paste(self, text: str) -> None:
        """Paste text, as a terminal does that brackets it."""
        self.send(f"\x1b[200~{text}\x1b[201~")

    def resize(self, columns: int, lines: int) -> None:
        """Give the window another size."""
        self._screen.resize(lines, columns)
        self._child.setwinsize(lines, columns)

    def kill(self) -> None:
        """End the program as a power cut does."""
        os.kill(self._child.pid, signal.SIGKILL)
        self._child.wait()

    def end_by(self, number: int) -> None:
        """Send the program a signal."""
        os.kill(self._child.pid, number)

    def hang_up(self) -> int:
        """Close the window, as its frame's button does; return the exit code of the program."""
        self._child.ptyproc.fileobj.close()
        give_up = time.monotonic() + PATIENCE
        while self._child.ptyproc.isalive():
            if time.monotonic() > give_up:
                self._child.ptyproc.kill(signal.SIGKILL)
                raise AssertionError("it does not end with its window")
            time.sleep(0.05)
        self._child.wait()
        code = self._child.exitstatus if self._child.exitstatus is not None else -self._child.signalstatus
        return int(code)

    # Waiting

    def read(self) -> None:
        """Take in what the program has written."""
        try:
            data: bytes = self._child.read_nonblocking(65_536, timeout=0.05)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return
        self.written += data
        self._stream.feed(data)

    def until(self, is_so: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
        """Read until something is so."""
        give_up = time.monotonic() + seconds
        self.read()
        while not is_so():
            assert time.monotonic() < give_up, f"still waiting for {what}; on the screen:\n{self.picture}"
            self.read()

    def see(self, words: str) -> None:
        """Read until words are on the screen."""
        self.until(lambda: words in self.words, repr(words))

    def gone(self, words: str) -> None:
        """Read until words are no longer on the screen."""
        self.until(lambda: words not in self.words, f"{words!r} to go")

    def quiet(self, seconds: float = 0.3) -> None:
        """Read until nothing new has come for a while; a cursor that blinks is no news."""
        picture, since, began = self.picture, time.monotonic(), time.monotonic()
        while time.monotonic() - since < seconds and time.monotonic() - began < PATIENCE:
            self.read()
            if self.picture != picture:
                picture, since = self.picture, time.monotonic()

    def end(self) -> int:
        """Read to the program's end, and return its exit code."""
        give_up = time.monotonic() + PATIENCE
        while self._child.isalive():
            assert time.monotonic() < give_up, f"it does not end; on the screen:\n{self.picture}"
            self.read()
        while True:
            length = len(self.written)
            self.read()
            if len(self.written) == length:
                break
        self._child.close()
        return int(self._child.exitstatus if self._child.exitstatus is not None else -self._child.signalstatus)

    def is_sane(self) -> bool:
        """Whether the terminal is as it was: cooked, with its cursor, on its usual screen, without bracketed pastes."""
        ends_plainly = all(
            self.written.rfind(off) >= self.written.rfind(off[:-1] + (b"h" if off.endswith(b"l") else b"l"))
            for off in (ALTERNATE_SCREEN_OFF, CURSOR_ON, PASTE_OFF)
        )
        return ends_plainly and (self._child.closed or _modes(self._child.child_fd) == self.modes[1])

    def close(self) -> None:
        """End the program, whatever it does."""
        self._child.close(force=True)


def _modes(descriptor: int) -> list[Any]:
    import termios

    return termios.tcgetattr(descriptor)[:4]


@contextmanager
def terminal(
    root: Path | None,
    *,
    folder: Path | None = None,
    env: Mapping[str, str | None] | None = None,
    program: Sequence[str] = ("-m", "kbtui"),
) -> Iterator[Terminal]:
    """Start kbtui on a base in a terminal of its own; it is ended with the test.

    Args:
        root: the base, or None for none.
        folder: the current folder; the user's home otherwise.
        env: variables beside those of the test; None removes one.
        program: what Python is told to run.
    """
    named = ["--kb", str(root)] if root else []
    it = Terminal(named, folder or Path.home(), env or {}, program)
    try:
        yield it
    finally:
        it.close()


def without_textuals_own(data: bytes) -> bytes:
    """Return what a program wrote without the one string sequence that Textual itself writes."""
    return _POINTER_SHAPE.sub(b"", data)


def commands_in(data: bytes) -> list[bytes]:
    """Return the beginnings of all sequences in what a program wrote that are more than colours and the cursor."""
    return [data[m.start() : m.start() + 12] for m in _SEQUENCE.finditer(data) if m["csi"] is None]
