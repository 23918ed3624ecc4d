"""What happened in a whole base, in one look: for the news, and for whose answers helped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from kbtui.git.change import Commit
from kbtui.git.ledger import Ledger
from kbtui.git.repository import Repository

_SLOW = 120.0


class Overview:
    """Looks over the history of one base.

    Args:
        repository: where it is.
        ledger: what has been read of it.
    """

    def __init__(self, repository: Repository, ledger: Ledger) -> None:
        self._repository = repository
        self._ledger = ledger

    def head(self) -> str:
        """Return the commit that HEAD shows, or nothing on a branch without commits."""
        return self._repository.head()

    def has(self, commit: str) -> bool:
        """Whether HEAD still builds on a commit; a rewritten history may not."""
        run = self._repository.runner.run
        return bool(commit) and run("merge-base", "--is-ancestor", commit, "HEAD").is_ok

    def before(self, at: dt.datetime) -> str:
        """Return the last commit older than a time, or nothing."""
        return self._repository.runner.run("rev-list", "-1", f"--before={at.isoformat()}", "HEAD").text

    def since(self, commit: str) -> frozenset[str]:
        """Return the commits that HEAD has and `commit` has not; all of them without one."""
        revisions = (f"{commit}..HEAD",) if commit else ("HEAD",)
        return frozenset(self._repository.runner.run("rev-list", *revisions, deadline=_SLOW).text.split())

    def changes(self, paths: Collection[str]) -> dict[str, list[Commit]]:
        """Return what happened to entries, by path: the oldest first, each save once."""
        return self._ledger.histories(paths)

    def with_authority(self, commit: str) -> frozenset[str]:
        """Return the paths of the entries that said who may decide when `commit` was made."""
        if not commit:
            return frozenset()
        search = ("grep", "-l", "-z", "-e", "^authority", commit, "--", ".")
        names = self._repository.runner.run(*search).text.split("\0")
        return frozenset(name.partition(":")[2] for name in names if name)

    def version(self, change: Commit) -> bytes | None:
        """Return an entry's file as a change left it, or None where it took the file away."""
        return self._repository.blob(change.commit, change.path)

    def bytes_at(self, commit: str, path: str) -> bytes | None:
        """Return an entry's file as a commit has it, or None."""
        return self._repository.blob(commit, self._repository.layout.prefix + path) if commit else None
