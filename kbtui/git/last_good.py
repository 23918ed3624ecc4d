"""The last version of an entry in which nobody had left conflict markers (FAULTS 48)."""

from __future__ import annotations

from kbtui.entry import file_format
from kbtui.git.repository import Repository

_MOST_LOOKED_AT = 100
"""Commits of an entry that are looked at, the latest first."""


def last_good(repository: Repository, path: str) -> bytes | None:
    """Return the latest bytes without markers that HEAD's history has of the entry at `path`, or None."""
    full = repository.layout.prefix + path
    words = ("log", f"-{_MOST_LOOKED_AT}", "--no-show-signature", "--topo-order", "--format=%H", "HEAD", "--", path)
    for commit in repository.runner.run(*words).text.split():
        content = repository.blob(commit, full)
        if content is not None and not file_format.read(path, content).being_mended:
            return content
    return None
