"""Entries in whose file somebody has committed two versions side by side, with git's conflict markers (FAULTS 48).

Until a person has mended such a file, its last good version is shown and searched, with a
notice; the markers never are. Nothing is rewritten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kbtui.entry import file_format
from kbtui.entry.model import Entry

LastGood = Callable[[str], bytes | None]
"""Returns the last version without markers that the history has of the entry at a path, or None."""


def shown(path: str, data: bytes, last_good: LastGood) -> Entry:
    """Return the entry at `path` as it is shown: where its file holds markers, in its last good version."""
    entry = file_format.read(path, data)
    good = last_good(path) if entry.being_mended else None
    if good is None:
        return entry
    return replace(file_format.read(path, good), problems=entry.problems, being_mended=True)
