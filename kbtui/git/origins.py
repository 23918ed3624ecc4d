"""Who typed a version of an entry, and from which earlier one: what a choice between two versions needs to know.

A version is found by its bytes. A save has a commit of its own; a version that only a sync
has put together is credited to whoever wrote last on the side it came from (FAULTS 67).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kbtui.entry.merge import changed_values
from kbtui.entry.model import Person
from kbtui.git import log
from kbtui.git.log import ACTION, Logged, logged, trailers_of
from kbtui.git.repository import Repository
from kbtui.store.journal import Journal

_TYPED_NOTHING = frozenset(("undo", "resolve", "archive", "restore", "confirm"))
"""Actions that bring no words of the one who does them."""

_TEXTS = frozenset(("question", "answer", "internal", "see_also"))
_MOST_LOOKED_AT = 50
"""Commits of an entry that are looked at, the latest first."""

_ONE_STEP = ("--no-renames", "--full-history", "--topo-order")


@dataclass(frozen=True, slots=True)
class Typed:
    """Who typed a version, and when; the name stands as it does in the history, without `.mailmap`."""

    person: Person
    at: dt.datetime


class Origins:
    """Looks versions up.

    Args:
        repository: holds the history.
        journal: the saves that are not in it yet.
    """

    def __init__(self, repository: Repository, journal: Journal) -> None:
        self._repository = repository
        self._journal = journal

    def typed(self, path: str, content: bytes, variant: str = "") -> Typed | None:
        """Return who typed a version of the entry at `path`, or None where nobody can tell.

        Args:
            content: the version.
            variant: the file in which it is kept beside the entry, if it is.
        """
        waiting = [r for r in self._journal.pending() if r.path == path and content in (r.content, r.written)]
        if waiting:
            return Typed(waiting[0].person, dt.datetime.fromtimestamp(waiting[0].sequence / 1e9, dt.UTC))
        blob = self._blob_of(variant or path, content)
        paths = [self._full(each) for each in (path, variant) if each]
        words = ("--no-merges", *_ONE_STEP, f"--find-object={blob}", "HEAD", "--", *paths)
        found = self._typing(*words) if blob else []
        if found:
            return _typed(found[-1])
        side = self._side_of(variant, blob, path) if variant else "HEAD"
        written = self._typing("--no-merges", *_ONE_STEP, side, "--", self._full(path)) if side else []
        return self._nearest(path, written[:_MOST_LOOKED_AT], content)

    def _nearest(self, path: str, written: Sequence[Logged], content: bytes) -> Typed | None:
        """Return who typed most of a version that merges have put together; of equals, the latest."""

        def distance(commit: Logged) -> int:
            version = self._repository.blob(commit.commit, self._full(path))
            values = changed_values(version, content) if version is not None else frozenset(_TEXTS)
            return len(values) + len(_TEXTS) * len(values & _TEXTS)

        nearest = min(written, key=distance, default=None)
        return _typed(nearest) if nearest else None

    def _typing(self, *arguments: str) -> list[Logged]:
        """Return the commits, the latest first, in which somebody typed and did not only take back or choose."""
        return [
            each
            for each in self._log(*arguments)
            if not _TYPED_NOTHING & set(trailers_of(each.trailers).get(ACTION, ()))
        ]

    def base_of(self, path: str, variant: str, content: bytes) -> bytes | None:
        """Return the version that both the entry and its other version were made from; None where nobody can tell.

        A sync has it as the beginning that its two sides have in common. A save does not write it
        down: there it is the earlier version from which the fewest values differ.
        """
        parents = self._made_from(variant) or ["HEAD"]
        if len(parents) > 1:
            found = self._run("merge-base", "--all", *parents[:2]).split()
            return self._repository.blob(min(found), self._full(path)) if found else None
        earlier = [version for version in self._versions(path, parents[0]) if version != content] if parents else []
        return min(earlier, key=lambda version: len(changed_values(version, content)), default=None)

    def _versions(self, path: str, tip: str) -> Iterator[bytes]:
        """Yield what the entry has been up to a commit, the latest first."""
        full = self._full(path)
        for commit in self._log_commits(*_ONE_STEP, tip, "--", full):
            content = self._repository.blob(commit, full)
            if content is not None:
                yield content

    def _side_of(self, variant: str, blob: str, path: str) -> str:
        """Return the commit of the side from which a sync has taken a version."""
        for parent in self._made_from(variant):
            if self._run("rev-parse", "--verify", "--quiet", f"{parent}:{self._full(path)}") == blob:
                return parent
        return ""

    def _made_from(self, variant: str) -> list[str]:
        """Return the parents of the commit with which a version was first kept; an undo may have brought it back."""
        made = self._log_commits("-m", "--diff-filter=A", *_ONE_STEP, "HEAD", "--", self._full(variant))
        return self._parents(made[-1]) if made else []

    def _blob_of(self, path: str, content: bytes) -> str:
        stored = self._repository.runner.run("hash-object", "--stdin", f"--path={self._full(path)}", given=content)
        return stored.text if stored.is_ok else ""

    def _parents(self, commit: str) -> list[str]:
        return self._run("rev-list", "--parents", "-1", commit).split()[1:]

    def _log(self, *arguments: str) -> Sequence[Logged]:
        result = self._repository.runner.run("log", *log.OPTIONS, *arguments, settings=log.SETTINGS)
        return list(logged([result.output])) if result.is_ok else []

    def _log_commits(self, *arguments: str) -> list[str]:
        words = ("log", "--no-show-signature", "--format=%H", *arguments)
        return [*dict.fromkeys(self._repository.runner.run(*words, settings=log.SETTINGS).text.split())]

    def _run(self, *arguments: str) -> str:
        result = self._repository.runner.run(*arguments)
        return result.text if result.is_ok else ""

    def _full(self, path: str) -> str:
        return self._repository.layout.prefix + path


def _typed(commit: Logged) -> Typed:
    return Typed(Person(commit.name, commit.email), dt.datetime.fromtimestamp(commit.at, dt.UTC))
