"""What somebody else changes while the program runs: an editor, a pull, another window (FAULTS 5).

A look costs one `stat` a folder. Whoever writes a file anew, as git and most editors do,
changes its folder; what is written in place is found in the entry that is open at once,
and elsewhere by the full comparison that every thirtieth look makes.
"""

from __future__ import annotations

from dataclasses import dataclass

from kbtui.freshness import Freshness
from kbtui.store.files import EntryFiles, Stamp

_FULL_EVERY = 30


@dataclass(frozen=True, slots=True)
class _Pulse:
    folders: tuple[int, ...]
    opened: Stamp | None


class Outside:
    """Watches the files of one base. To be used from one thread.

    Args:
        files: the entries.
        freshness: brings what has changed into the index.
    """

    def __init__(self, files: EntryFiles, freshness: Freshness) -> None:
        self._files = files
        self._freshness = freshness
        self._last: _Pulse | None = None
        self._opened = ""
        self._looks = 0

    def look(self, opened: str = "") -> frozenset[str]:
        """Return the paths of entries that have changed or gone since the last look; they are indexed now.

        Args:
            opened: the path of the entry on the screen, if there is one.
        """
        self._looks += 1
        pulse = _Pulse(self._files.pulse(), self._files.stamp(opened) if opened else None)
        is_same = self._last is not None and self._last.folders == pulse.folders
        is_same = is_same and (opened != self._opened or (self._last is not None and self._last.opened == pulse.opened))
        self._last, self._opened = pulse, opened
        if is_same and self._looks % _FULL_EVERY:
            return frozenset()
        return frozenset(self._freshness.refresh().paths)
