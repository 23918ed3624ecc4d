"""Work on the index in a process of its own beside the open window, which it could not stall even if it tried.

Whoosh sorts all postings of a base in one call that lets no other thread run; nothing that a
thread does can be kept from that. So an open window has its index built by `python -m
kbtui.indexing`: a process with the lowest priority, told over its standard input that the
window still lives, whose index another process may take over at any moment, as ever (a
generation is named once it is whole). Where no process can be started, a thread does it.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from kbtui.errors import BusyError, IndexTroubleError, KbError

_LOOK = 0.05
"""Seconds between two looks whether an answer is still wanted."""

_KINDS: Mapping[str, type[KbError]] = {each.__name__: each for each in (BusyError, IndexTroubleError)}
"""Errors that somebody looks at the kind of."""

Report = Mapping[str, Any]
"""A line of the process: how far it is (`done`, `of`), what it came to (`total` ...), or what is wrong (`message`)."""


class Beside:
    """Does work on one index, one piece after the other.

    Args:
        root: the base's folder.
        environment: the user's environment.
        python: the interpreter to start; nothing else is tried. Without one, threads do everything.
    """

    def __init__(self, root: Path, environment: Mapping[str, str], python: str = "") -> None:
        self._root = root
        self._environment = environment
        self._python = python
        self._turn = threading.RLock()
        self._starting = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._postponed: set[str] = set()
        self._ended = False

    @property
    def is_wanted(self) -> bool:
        """Whether large work is to be done in a process of its own."""
        return bool(self._python)

    @contextmanager
    def turn(self, cancelled: Callable[[], bool] = lambda: False) -> Iterator[bool]:
        """Wait until nobody else in this process works on the whole index; whether it is still wanted then.

        Args:
            cancelled: asked now and then whether nobody waits any more.
        """
        has_turn = False
        while not cancelled() and not has_turn:
            has_turn = self._turn.acquire(timeout=_LOOK)
        try:
            yield has_turn
        finally:
            if has_turn:
                self._turn.release()

    def run(self, task: str, progress: Callable[[int, int], None]) -> Report | None:
        """Have a task of `kbtui.indexing` done; return what it came to, or None where no process could do it.

        Raises:
            KbError: the process says so.
            BusyError: the window closes.
        """
        if not self._python:
            return None
        process = self._started(task)
        if process is None:
            return None
        last: Report = {}
        try:
            with process:  # which ends its input and waits for it, whatever happens
                last = _last(process, progress)
        finally:
            with self._starting:
                self._process = None
        if self._ended:
            raise BusyError("The window closes.", "The search is brought up the next time.")
        if "message" in last:
            raise _KINDS.get(str(last["kind"]), KbError)(str(last["message"]), str(last["hint"]))
        return last if process.returncode == 0 and "total" in last else None

    def postpone(self, paths: Collection[str]) -> bool:
        """Leave single entries to whoever waits for the process that has the index now; whether there is one."""
        with self._starting:
            if self._process is not None:
                self._postponed.update(paths)
            return self._process is not None

    def postponed(self) -> set[str]:
        """Take what was postponed."""
        with self._starting:
            paths, self._postponed = self._postponed, set()
            return paths

    def end(self) -> None:
        """Do no more work: the window closes. What is half built is thrown away by whoever builds next."""
        with self._starting:
            self._ended = True
            process = self._process
        if process is not None:
            process.kill()

    def _started(self, task: str) -> subprocess.Popen[bytes] | None:
        with self._starting:
            if self._ended:
                raise BusyError("The window closes.", "The search is brought up the next time.")
            with suppress(OSError, ValueError):
                self._process = subprocess.Popen(
                    [self._python, "-P", "-m", "kbtui.indexing", task, str(self._root)],
                    env=dict(self._environment),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    start_new_session=os.name != "nt",  # what a terminal sends to the window is not for it
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
            return self._process


def _last(process: subprocess.Popen[bytes], progress: Callable[[int, int], None]) -> Report:
    """Read what a process reports, pass on how far it is, and return its last report; empty where it has none."""
    last: Report = {}
    assert process.stdout is not None
    for line in process.stdout:
        try:
            report = json.loads(line)
        except ValueError:
            continue  # some library's complaint
        if not isinstance(report, dict):
            continue
        last = report
        if "done" in last:
            progress(int(last["done"]), int(last["of"]))
    return last
