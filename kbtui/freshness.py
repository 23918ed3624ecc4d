"""Files are the truth, the index is a cache: bringing it up by the difference (DESIGN section 4).

Search is right if no hook ever ran, because every start compares the files with the index.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, NamedTuple

from kbtui.entry.model import Entry
from kbtui.errors import BusyError, IndexTroubleError, KbError
from kbtui.glance import Glance, Seen

if TYPE_CHECKING:
    from kbtui.beside import Beside
    from kbtui.search.index import SearchIndex
    from kbtui.store.files import EntryFiles, Scan, Stamp

_REBUILD_ABOVE = 2_000
"""Changed files from which a rebuild is quicker than single updates."""

_REBUILT_BESIDE, _REFRESHED_BESIDE = 200, 20
"""Files from which an open window has a process of its own do it: below that, starting one would take longer."""

Progress = Callable[[int, int], None]
"""Told now and then how many files of how many have been read."""


def quietly(_done: int, _all: int) -> None:
    """Report no progress."""


class Refreshed(NamedTuple):
    """What a comparison found: entries in all, changed and gone since, and files passed over."""

    total: int
    changed: int
    gone: int
    passed_over: tuple[tuple[str, str], ...]


class Freshness:
    """Keeps the index of one base up to date.

    Args:
        files: the truth.
        index: the cache.
        last_good: the version in which an entry is searched while its file holds conflict markers.
        beside: does what is large in a process of its own.
        glance: a look at the files that has been begun, for the first `refresh`.
    """

    def __init__(
        self,
        files: EntryFiles,
        index: SearchIndex,
        last_good: Callable[[str], bytes | None] = lambda _: None,
        beside: Beside | None = None,
        glance: Glance | None = None,
    ) -> None:
        self._last_good = last_good
        self._files = files
        self._index = index
        self._beside = beside
        self._glance = glance or Glance()

    def refresh(self, progress: Progress = quietly) -> Refreshed:
        """Index what has changed; build the index anew where there is none to be trusted."""
        with self._turn():
            return self._refreshed(progress)

    def _refreshed(self, progress: Progress) -> Refreshed:
        seen = self._glance.seen(self._index.current) or self._seen()
        gone = [path for path in seen.gone if not self._has_come(path)]
        try:
            if not self._index.is_usable() or len(seen.changed) > _REBUILD_ABOVE or self._is_worn():
                self._fill(progress)
            elif not self._is_done_beside("refresh", progress, len(seen.changed) + len(gone) > _REFRESHED_BESIDE):
                self._index.apply(self.read(seen.changed), gone)
        except IndexTroubleError:
            self._fill(progress)
        return Refreshed(seen.total, len(seen.changed), len(gone), seen.passed_over)

    def _seen(self) -> Seen:
        from kbtui.store.files import differences

        known = self._index.stamps()
        scan = self._files.scan()
        return Seen(len(scan.stamps), *differences(known, scan.stamps), scan.passed_over)

    def _has_come(self, path: str) -> bool:
        """Whether an entry that was not seen is there all the same: somebody saved it meanwhile, and indexed it."""
        return self._files.is_entry(path) and self._files.stamp(path) is not None

    def _is_worn(self) -> bool:
        """Whether the index had better be built anew, and that can be done while the window goes on."""
        return self._beside is not None and self._beside.is_wanted and self._index.is_worn()

    def rebuild(self, progress: Progress = quietly) -> Refreshed:
        """Build the index anew."""
        with self._turn():
            scan = self._fill(progress)
        return Refreshed(len(scan.stamps), len(scan.stamps), 0, scan.passed_over)

    def replace(self, broken: str, cancelled: Callable[[], bool]) -> bool:
        """Build the index anew, unless somebody has done so since `broken` was the current generation.

        Returns whether it was waited for; many searches may have met the same trouble.

        Args:
            broken: `SearchIndex.current` when the trouble was met.
            cancelled: asked now and then, while somebody else is building it, whether nobody waits any more.
        """
        with self._turn(cancelled) as has_turn:
            if has_turn and self._index.current == broken:
                self._fill(quietly)
        return has_turn

    def mend(self, paths: Collection[str]) -> None:
        """Index single entries now. What fails here is found by the next `refresh`."""
        try:
            if self._index.is_usable():
                self._index.apply(self.read(paths), [])
        except (IndexTroubleError, BusyError):
            return

    def follow(self, paths: Collection[str]) -> None:
        """Index what has come, changed or gone at these paths. What fails here is found by the next `refresh`."""
        if self._beside is not None and self._beside.postpone(paths):
            return  # nobody waits for an index that is being built, to be found in it
        most = _REFRESHED_BESIDE if self._beside is not None and self._beside.is_wanted else _REBUILD_ABOVE
        try:
            if self._index.is_usable() and len(paths) <= most:
                gone = [path for path in paths if self._files.stamp(path) is None]
                self._index.apply(self.read(paths), gone)
            else:
                self.refresh()
        except (IndexTroubleError, BusyError):
            return

    def read(self, paths: Collection[str]) -> Iterator[tuple[Entry, Stamp]]:
        """Yield the entries at the paths given; one that is gone or unreadable is left out."""
        for path in paths:
            from kbtui.entry.mended import shown  # Markdown and YAML, which a search over a fresh index never needs

            stamp = self._files.stamp(path)
            if stamp is None:
                continue
            try:
                yield shown(path, self._files.read(path), self._last_good), stamp
            except KbError:
                continue

    def _fill(self, progress: Progress) -> Scan:
        """Build the index anew from what is there now."""
        scan = self._files.scan()
        total = len(scan.stamps)
        if not self._is_done_beside("rebuild", progress, total > _REBUILT_BESIDE):
            self._index.rebuild(self.read(scan.stamps), lambda done: progress(done, total))
        return scan

    def _is_done_beside(self, task: str, progress: Progress, is_large: bool) -> bool:
        """Have a process do what is large enough for one; whether it has."""
        if self._beside is None or not is_large:
            return False
        is_done = self._beside.run(task, progress) is not None
        if paths := self._beside.postponed():
            self.follow(paths)
        return is_done

    def _turn(self, cancelled: Callable[[], bool] = lambda: False) -> AbstractContextManager[bool]:
        """Wait until nobody else in this process works on the whole index."""
        return self._beside.turn(cancelled) if self._beside is not None else nullcontext(True)
