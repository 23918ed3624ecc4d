"""git's own lock files that a crash has left behind (FAULTS 13).

One is removed only when it is old, has not changed while kbtui waited for it, and no
process has it open. A lock of a git that is at work is never touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

OLD_SECONDS = 600.0
_NAMES = ("index.lock", "HEAD.lock")


def look(git_folder: Path) -> dict[Path, float]:
    """Return the locks there are, with the time each was last written."""
    found: dict[Path, float] = {}
    for name in _NAMES:
        with suppress(OSError):
            found[git_folder / name] = (git_folder / name).stat().st_mtime
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
