"""git's own lock files that a crash has left behind (FAULTS 13).

One is removed only when it is old, has not changed while kbtui waited for it, and no
process has it open. A lock of a git that is at work is never touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from kbtui.git.repository import Layout

OLD_SECONDS = 600.0
_OF_WORK_TREE = ("index.lock", "HEAD.lock")
_SHARED = ("packed-refs.lock", "config.lock")


def look(layout: Layout) -> dict[Path, float]:
    """Return the locks there are, of the index, of branches and of settings, with the time each was last written."""
    places = [layout.git / name for name in _OF_WORK_TREE] + [layout.common / name for name in _SHARED]
    found: dict[Path, float] = {}
    for place in (*places, *(layout.common / "refs").rglob("*.lock")):
        with suppress(OSError):
            found[place] = place.stat().st_mtime
    return found


def remove_stale(seen: Mapping[Path, float], now: float) -> list[Path]:
    """Remove the locks in `seen` that nobody holds any more; return which.

    Args:
        seen: what `look` returned before kbtui waited.
        now: seconds since 1970.
    """
    removed = []
    for lock, written in seen.items():
        with suppress(OSError):
            if lock.stat().st_mtime == written and now - written > OLD_SECONDS and not _is_open(lock):
                lock.unlink()
                removed.append(lock)
    return removed


def _is_open(file: Path) -> bool:
    """Whether a process has the file open; where the platform cannot say, its age has to do."""
    processes = Path("/proc")
    if not processes.is_dir():
        return False
    wanted = file.stat()
    for descriptor in processes.glob("[0-9]*/fd/*"):
        with suppress(OSError):
            status = descriptor.stat()
            if (status.st_dev, status.st_ino) == (wanted.st_dev, wanted.st_ino):
                return True
    return False
