"""Whether a folder is as it was when it was last looked at, without looking through it again.

A folder has another time whenever something in it is made, renamed or removed. But clocks of file
systems are coarse: what happens within one tick of the look does not show. So a time counts only
once it is well past, as it does for files that git has just written ("racy git" in its documents).
"""

from __future__ import annotations

import time
from pathlib import Path

State = tuple[int, float]

_TICK_NS = 2_000_000_000
"""The coarsest clock there is, that of FAT."""

_AGAIN_S = 10
"""Seconds after which a folder is looked through in any case: some file systems tell times of their own making."""

NEVER: State = -1, -1


def settled(folder: Path) -> State:
    """Return what stays the same for some seconds if the folder does; `NEVER` where that is not certain yet."""
    try:
        changed = folder.stat().st_mtime_ns
    except OSError:
        return NEVER
    if abs(time.time_ns() - changed) <= _TICK_NS:
        return NEVER
    return changed, time.monotonic() // _AGAIN_S
