"""Under which stamps the files of a base are indexed, read without loading what searches them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from kbtui.search.generations import CATALOGUE, Generations


def indexed(folder: Path) -> tuple[str, dict[str, tuple[int, int]]]:
    """Return the name of the generation that is searched, and the stamps in its catalogue, by path.

    Args:
        folder: that of the index.

    Raises:
        IndexTroubleError: the folder belongs to another user.
        Error: (of SQLite) there is no catalogue, or it is damaged.
    """
    name = Generations(folder).current()
    with closing(sqlite3.connect(f"{(folder / name / CATALOGUE).as_uri()}?mode=rw", timeout=30, uri=True)) as catalogue:
        rows = catalogue.execute("SELECT path, size, mtime_ns FROM card")
        return name, {path: (size, time) for path, size, time in rows}
