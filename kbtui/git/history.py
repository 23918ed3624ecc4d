"""What happened to an entry, read from git with GitPython: short look-ups, opened and closed at once.

GitPython's objects are not safe in two threads, and each open one holds processes and
descriptors (FAULTS 79, 80); so a `Repo` never outlives the call that needs it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kbtui.entry.identity import variant_of
from kbtui.errors import GitTroubleError
from kbtui.git import log
from kbtui.git.change import Commit, Written, everybody, told
from kbtui.git.lineage import lineage
from kbtui.git.log import Logged, logged
from kbtui.git.people import People
from kbtui.git.repository import Layout
from kbtui.git.runner import unattended

if TYPE_CHECKING:
    from git import Repo

__all__ = ["Commit", "last_save_of", "of_entry", "save_called"]


def of_entry(layout: Layout, path: str, environment: Mapping[str, str], *, only_standing: bool = False) -> list[Commit]:
    """Return the changes of the entry at `path`, the oldest first, merges left out (`kbtui.git.lineage`).

    Args:
        layout: where the base is.
        path: the entry's file, below the base's folder.
        environment: the user's environment.
        only_standing: leave out what a merge has thrown away, or had twice: what an undo must not look at.

    Raises:
        GitTroubleError: git cannot read its history.
    """
    with _opened(layout, environment) as repository:
        if _is_unborn(repository):
            return []
        reader = _Reader(repository, () if only_standing else ("--full-history",))
        return _told(repository, reader.changes(layout.prefix + path))


def last_save_of(layout: Layout, email: str, environment: Mapping[str, str]) -> Commit | None:
    """Return the last save of the person with this address in the whole base, or None.

    Raises:
        GitTroubleError: git cannot read its history.
    """
    with _opened(layout, environment) as repository:
        if _is_unborn(repository):
            return None
        by = ("--fixed-strings", "--regexp-ignore-case", f"--author=<{email}>", "--grep=Kb-Save-Id: ", "--all-match")
        return _last(repository, layout, "--use-mailmap", *by)


def save_called(layout: Layout, save_id: str, environment: Mapping[str, str]) -> Commit | None:
    """Return the save with this id, or None.

    Raises:
        GitTroubleError: git cannot read its history.
    """
    with _opened(layout, environment) as repository:
        found = _last(repository, layout, "--fixed-strings", f"--grep=Kb-Save-Id: {save_id}")
        return found if found is not None and found.save_id == save_id else None


def _last(repository: Repo, layout: Layout, *which: str) -> Commit | None:
    """Return the last save in a base that fits."""
    found = _log(repository, "-1", *which, "--no-renames", "HEAD", "--", layout.prefix or ".")
    names = [touch.path for last in found for touch in last.touches if touch.path.startswith(layout.prefix)]
    entries = sorted(names, key=lambda name: bool(variant_of(name)))
    return _told(repository, [_written(found[0], entries[0], "")])[-1] if entries else None


@contextmanager
def _opened(layout: Layout, environment: Mapping[str, str]) -> Iterator[Repo]:
    """Open the repository for one look, in an environment in which git never asks."""
    from git import Repo
    from git.exc import GitError

    try:
        with Repo(layout.top) as repository:
            repository.git.update_environment(**unattended(environment, writes=False, person=None))
            yield repository
    except (GitError, OSError, ValueError) as error:
        raise GitTroubleError("The history of this entry cannot be read.", "Run `kbtui doctor`.", str(error)) from error


def _is_unborn(repository: Repo) -> bool:
    """Whether nothing has been committed yet; a HEAD that is no branch and no commit raises."""
    commit = repository.git.rev_parse("--verify", "--quiet", "HEAD", with_exceptions=False)
    return not commit and bool(repository.git.symbolic_ref("HEAD"))


def _log(repository: Repo, *arguments: str) -> list[Logged]:
    text = _git(repository).log(*log.OPTIONS, *log.IN_ORDER, *arguments)
    return list(logged([str(text).encode("utf-8", "surrogateescape")]))


def _written(commit: Logged, path: str, moved_from: str) -> Written:
    return Written(commit.commit, path, moved_from, commit.name, commit.email, commit.at, commit.trailers)


def _git(repository: Repo) -> Any:  # noqa: ANN401 - GitPython makes its commands as they are asked for
    return repository.git(c=list(log.SETTINGS))


def _told(repository: Repo, written: Sequence[Written]) -> list[Commit]:
    people = People(lambda contacts: str(repository.git.check_mailmap("--", *contacts)))
    people.learn(everybody(written, people))
    return told(written, people)


class _Reader:
    """Reads one entry's history.

    `git log --follow` would take any older file that looks alike for the same one, and entries look
    alike when they begin; here only a real move counts.
    """

    def __init__(self, repository: Repo, extent: Sequence[str]) -> None:
        self._repository = repository
        self._extent = extent

    def changes(self, path: str) -> list[Written]:
        """Return the changes of the entry whose file is called `path` now, the oldest first."""
        found = lineage(path, self._touching, self._building_on)
        names = {change.path for change in found}
        if len(names) > 1:
            order = {commit: place for place, commit in enumerate(self._order(names))}
            found.sort(key=lambda change: order.get(change.commit, -1))
        return found[::-1]

    def _touching(self, path: str) -> list[Written]:
        commits = _log(self._repository, *self._extent, "--no-renames", "HEAD", "--", path)
        return [_written(each, path, self._moved_from(each, path)) for each in commits]

    def _moved_from(self, commit: Logged, path: str) -> str:
        """Return the name that a commit moved the file from, or nothing."""
        if not any(touch.is_new and touch.path == path for touch in commit.touches):
            return ""
        (whole,) = _log(self._repository, "-1", *log.MOVES, commit.commit)
        return next((touch.moved_from for touch in whole.touches if touch.path == path), "")

    def _building_on(self, mover: Written, _path: str) -> frozenset[str]:
        return frozenset(str(self._repository.git.rev_list("--ancestry-path", f"{mover.commit}..HEAD")).split())

    def _order(self, paths: set[str]) -> list[str]:
        arguments = (*log.IN_ORDER, *self._extent, "HEAD", "--", *sorted(paths))
        return str(self._repository.git.rev_list(*arguments)).split()
