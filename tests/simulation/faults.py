"""A git that does not always work, by chance that can be repeated.

Every call of kbtui's runner passes here. While trouble is made, one call or several of them
fail, are late (before or after git has done its work), find the disk full, or are the last
thing the process does. A death here still runs the `finally` of the code it ends; deaths
that run nothing are tried in `tests/git/test_sync_swept.py`.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from kbtui.git.runner import GitResult, GitRunner
from kbtui.store import atomic

KINDS = ("fails", "killed before", "killed after", "late", "late after all", "disk full", "killed at")
STEPS = (
    "fetched",
    "united",
    "pushed",
    "noted",
    "folder partly moved",
    "folder moved",
    "branch moved",
    "journalled",
    "written",
    "committed",
)
_NETWORK = ("fetch", "push", "ls-remote")
_MOST_CALLS = 45


class KilledError(BaseException):
    """What a process is to itself when it is killed."""


@dataclass
class Plan:
    """One trouble: its kind, how many calls go well before it, and how likely each later call has it too."""

    kind: str
    calls: int
    again: float
    step: str

    def __str__(self) -> str:
        return f"{self.kind} {self.step}" if self.kind == "killed at" else f"{self.kind} at call {self.calls}"


class Faults:
    """Decides call by call whether git works.

    Args:
        dice: decides.
    """

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._plan: Plan | None = None
        self._left = 0
        self.offline: set[Path] = set()

    def put_into(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Have every runner and every atomic write ask here."""
        run, write = GitRunner.run, atomic._write_through

        def asked(runner: GitRunner, *arguments: str, **how: object) -> GitResult:
            if runner.folder in self.offline and arguments[0] in _NETWORK:
                return GitResult(128, b"", "fatal: unable to access the remote: Could not resolve host")
            return self._call(arguments[0], bool(how.get("writes")), lambda: run(runner, *arguments, **how))  # type: ignore[arg-type]

        def written(temporary: Path, data: bytes) -> None:
            if self._plan and self._plan.kind == "disk full" and self._left <= 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            write(temporary, data)

        monkeypatch.setattr(GitRunner, "run", asked)
        monkeypatch.setattr(atomic, "_write_through", written)

    @contextmanager
    def trouble(self) -> Iterator[Plan]:
        """Make trouble of one kind meanwhile."""
        again = self._dice.choice((0.0, 0.0, 0.3, 1.0))
        self._plan = Plan(self._dice.choice(KINDS), self._dice.randint(1, _MOST_CALLS), again, self._dice.choice(STEPS))
        self._left = self._plan.calls
        try:
            yield self._plan
        finally:
            self._plan = None

    @contextmanager
    def peace(self) -> Iterator[None]:
        """Let everything work meanwhile."""
        plan, self._plan = self._plan, None
        try:
            yield
        finally:
            self._plan = plan

    def step(self, name: str) -> None:
        """Let a process end at a step that it names."""
        if self._plan and self._plan.kind == "killed at" and self._plan.step == name:
            raise KilledError(name)

    def _call(self, name: str, writes: bool, work: Callable[[], GitResult]) -> GitResult:
        plan = self._plan
        if plan is None or plan.kind == "killed at" or not self._is_hit(plan, writes=writes):
            return work()
        if plan.kind == "killed before":
            raise KilledError(name)
        if plan.kind in ("killed after", "late after all"):
            work()
        if plan.kind == "killed after":
            raise KilledError(name)
        complaint = {"fails": "fatal: made to fail", "disk full": "fatal: write error: No space left on device"}
        status = 128 if plan.kind in complaint else -1
        return GitResult(status, b"", complaint.get(plan.kind, "git did not answer within 30 seconds"))

    def _is_hit(self, plan: Plan, *, writes: bool) -> bool:
        self._left -= 1
        if plan.kind == "disk full":
            return writes and self._left <= 0
        return self._left == 0 or (self._left < 0 and self._dice.random() < plan.again)
