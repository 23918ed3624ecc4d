"""Whether a folder is as it was when it was last looked at, without looking through it again.

A folder has another time whenever something in it is made, renamed or removed. But clocks of file
systems are coarse: what happens within one tick of the look does not show. So a time counts only
once it is well past, as it does for files that git has just written ("racy git" in its documents).
"""

from __future__ import annotations

import time
from pathlib import Path

_TICK_NS = 2_000_000_000
"""The coarsest clock there is, that of FAT."""

NEVER = -1


def settled(folder: Path) -> int:
    """Return a number that stays the same as long as the folder does; `NEVER` where that is not certain yet."""
    try:
        changed = folder.stat().st_mtime_ns
    except OSError:
        return NEVER
    return changed if abs(time.time_ns() - changed) > _TICK_NS else NEVER
