"""What somebody else changes while the program runs: an editor, a pull, another window (FAULTS 5).

A look costs one `stat` a folder. Whoever writes a file anew, as git and most editors do,
changes its folder; what is written in place is found in the entry that is open at once,
and elsewhere by the full comparison that every thirtieth look makes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kbtui.freshness import Freshness
    from kbtui.store.files import EntryFiles, Stamps

_FULL_EVERY = 30


class Outside:
    """Watches the files of one base. To be used from one thread.

    Args:
        files: the entries.
        freshness: brings what has changed into the index.
    """

    def __init__(self, files: EntryFiles, freshness: Freshness) -> None:
        self._files = files
        self._freshness = freshness
        self._known: Stamps | None = None
        self._pulse: tuple[int, ...] = ()
        self._looks = 0

    def look(self, opened: str = "") -> frozenset[str]:
        """Return the paths of entries that have changed, come or gone since the last look; the search knows them now.

        Whoever changed them, another kbtui or this one, may have told the search already.

        Args:
            opened: the path of the entry on the screen, if there is one.
        """
        self._looks += 1
        if self._known is not None and self._is_as_before(opened) and self._looks % _FULL_EVERY:
            return frozenset()
        before, self._pulse = self._known, self._files.pulse()
        now = self._known = self._files.scan().stamps
        if before is None:
            return frozenset()
        changed = {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}
        if changed:
            self._freshness.refresh()
        return frozenset(changed)

    def _is_as_before(self, opened: str) -> bool:
        known = (self._known or {}).get(opened)
        return self._files.pulse() == self._pulse and (not opened or self._files.stamp(opened) == known)
