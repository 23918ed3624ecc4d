"""A look at all files of a base that a search in line mode begins with, before it has loaded what it searches with.

Every search compares the files with the index. Of 10,000 files that takes as long as loading
half of the search does, and neither needs the other: so a copy of the process looks and compares
(`kbtui.store.ahead`), and this one goes on and asks later what has changed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from kbtui.store.ahead import Ahead
    from kbtui.store.files import EntryFiles


_MANY = 2_000
"""Names in a base up to which they are looked at in less time than a copy of the process costs."""


class Seen(NamedTuple):
    """What looking at the files and comparing them with an index has come to.

    Attributes:
        total: how many entries there are.
        changed: those that are not as they are indexed.
        gone: those that are indexed and were not there.
        passed_over: as in `kbtui.store.files.Scan`.
    """

    total: int
    changed: list[str]
    gone: list[str]
    passed_over: tuple[tuple[str, str], ...]


_Said: TypeAlias = "tuple[str, int, list[str], list[str], tuple[tuple[str, str], ...]]"
"""What the copy says: the generation that it compared with, and what it saw, as in `Seen`."""


class Glance:
    """One look, of use once.

    Args:
        files: what is looked at, from now on; None does not look, and where there are few it is not worth it.
    """

    def __init__(self, files: EntryFiles | None = None) -> None:
        self._ahead: Ahead[_Said | None] | None = None
        if files is not None and files.has_more_names(_MANY):
            from kbtui.store.ahead import Ahead  # the screen never does, and comes sooner without it

            self._ahead = Ahead(partial(_compared, files))

    def compare_with(self, index: Path) -> None:
        """Say in which folder the index is, as soon as that is known."""
        if self._ahead is not None:
            self._ahead.tell(os.fsencode(index))

    def seen(self, generation: str) -> Seen | None:
        """Return what was seen; None where nothing was, or where it was compared with another generation."""
        ahead, self._ahead = self._ahead, None
        said = ahead.said() if ahead is not None else None
        return Seen(*said[1:]) if said is not None and said[0] == generation else None

    def close(self) -> None:
        """Look no further: nobody asks any more, or what was seen is not to be trusted, since files are written now."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            ahead.end()


def _compared(files: EntryFiles, told: Callable[[], bytes]) -> _Said | None:
    scan = files.scan()
    index = told()
    if not index:
        return None
    from kbtui.search.stamps import indexed
    from kbtui.store.files import differences

    generation, known = indexed(Path(os.fsdecode(index)))
    return (generation, len(scan.stamps), *differences(known, scan.stamps), scan.passed_over)
