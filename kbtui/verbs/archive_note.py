"""The line that archiving writes into the internal notes, and how it goes again with the archiving (F34)."""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING

from kbtui.entry import file_format
from kbtui.errors import KbError

if TYPE_CHECKING:
    from kbtui.entry.model import Entry
    from kbtui.parts import Parts

_START = "Archived on "


def with_reason(internal: str, day: str, name: str, reason: str) -> str:
    """Return internal notes with why an entry is archived."""
    line = f"{_START}{day} by {name}: {reason.strip()}"
    return f"{internal}\n\n{line}" if internal.strip() else line


def without_reasons(parts: Parts, entry: Entry) -> str | None:
    """Return an entry's internal notes without what archiving wrote there; None where nothing of it is there.

    A line that somebody has changed since is theirs, and stays.
    """
    internal = entry.internal
    if _START not in internal:
        return None
    with suppress(KbError):  # a history that cannot be read keeps no entry in the archive
        for line in _written(parts, entry.path):
            internal = re.sub(rf"(?:\A|\n\n){re.escape(line)}(?=\n\n|\Z)", "", internal, count=1).removeprefix("\n\n")
    return internal if internal != entry.internal else None


def _written(parts: Parts, path: str) -> list[str]:
    """Return what each archiving of an entry has added to its internal notes."""
    changes = parts.overview.changes([path])[path]
    found = []
    for before, change in pairwise(changes):
        if change.action == "archive":
            was, now = (
                file_format.read(path, parts.overview.version(each) or b"").internal for each in (before, change)
            )
            found.append(now.removeprefix(was).strip())
    return [line for line in found if line.startswith(_START)]
