"""A process that saves, and may be killed on the way: `python -m tests.git.saving_child ROOT JSON`.

The JSON says what to save and where to end:
    path, content, base: the save (text); save_id: its id.
    step: the checkpoint at which the process ends; empty for none.
    call: ends the process around the n-th call of git, counted from 1; 0 for none.
    fsync: ends the process in the n-th forcing of bytes to the disk; 0 for none.
    by: "exit" (os._exit) or "kill" (kill -9).
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kbtui.git.runner import GitResult, GitRunner
from kbtui.git.saver import Saver
from kbtui.store.journal import Journal
from tests.helpers import parts_of, record

EXITED = 77
"""The exit code of a process that ended itself on the way."""


def _end(by: str) -> None:
    if by == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(EXITED)


def _counted(limit: int, end: Callable[[], None]) -> Callable[[], None]:
    """Return what ends the process when it is called for the n-th time."""
    calls = 0

    def count() -> None:
        nonlocal calls
        calls += 1
        if calls == limit:
            end()

    return count


def _end_after_call(number: int, by: str) -> None:
    real, count = GitRunner.run, _counted(number, lambda: _end(by))

    def run(self: GitRunner, *arguments: str, **options: object) -> GitResult:
        result = real(self, *arguments, **options)  # type: ignore[arg-type]
        count()
        return result

    GitRunner.run = run  # type: ignore[method-assign]


def _end_in_fsync(number: int, by: str) -> None:
    real, count = os.fsync, _counted(number, lambda: _end(by))

    def fsync(descriptor: int) -> None:
        count()
        real(descriptor)

    os.fsync = fsync  # type: ignore[assignment]


def main(root: Path, wanted: Mapping[str, Any]) -> None:
    """Save, and print what became of it."""
    parts = parts_of(root)
    _ = parts.repository.layout, parts.files  # asked of git once, before calls are counted
    if wanted.get("call"):
        _end_after_call(wanted["call"], wanted["by"])
    if wanted.get("fsync"):
        _end_in_fsync(wanted["fsync"], wanted["by"])

    def checkpoint(name: str) -> None:
        if name == wanted.get("step"):
            _end(wanted["by"])

    saver = Saver(parts.repository, parts.files, Journal(parts.state / "journal"), checkpoint)
    base = wanted.get("base")
    save = record(
        wanted["path"],
        wanted["content"].encode(),
        None if base is None else base.encode(),
        save_id=wanted["save_id"],
    )
    saved = saver.save(save)
    sys.stdout.write(json.dumps({"is_committed": saved.is_committed, "variant": saved.variant}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))
