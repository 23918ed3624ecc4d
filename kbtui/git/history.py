"""What happened to an entry, read from git with GitPython: short look-ups, opened and closed at once.

GitPython's objects are not safe in two threads, and each open one holds processes and
descriptors (FAULTS 79, 80); so a `Repo` never outlives the call that needs it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Protocol

from kbtui.config import parse_person
from kbtui.entry.identity import variant_of
from kbtui.entry.model import Person
from kbtui.entry.text import one_line
from kbtui.errors import GitTroubleError, RefusedError
from kbtui.git.repository import Layout
from kbtui.git.runner import unattended

if TYPE_CHECKING:
    from git import Repo

_FIELD = "\0"
"""What no name and no message in git can hold."""

_TRAILERS = ("Kb-Action", "Kb-Save-Id", "Co-authored-by", "Reviewed-by")
_MOST_MOVES = 20
FIELDS = ("%H", "%aN", "%aE", "%at", *(f"%(trailers:key={key},valueonly,unfold,separator=%x0A)" for key in _TRAILERS))
_FORMAT = "".join(f"{field}%x00" for field in FIELDS)
LOG = (
    "--use-mailmap",
    "--no-merges",
    "--topo-order",
    "--no-show-signature",
    "--encoding=UTF-8",
    f"--format={_FORMAT}",
)
"""Ordered by which commit builds on which, never by anybody's clock (FAULTS 57)."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One change of one entry.

    Attributes:
        commit: the commit's id.
        person: who wrote it, after `.mailmap`.
        at: when, in UTC, by that computer's clock.
        action: the tool's own word for it ("ask", "answer", ...); empty for a plain git commit.
        save_id: the save it belongs to; the same save may stand in two commits (FAULTS 66).
        co_authors: who wrote it with them (FAULTS 68).
        reviewers: who confirmed it.
        path: where the entry's file was then, below git's top folder.
    """

    commit: str
    person: Person
    at: dt.datetime
    action: str
    save_id: str
    co_authors: tuple[Person, ...]
    reviewers: tuple[Person, ...]
    path: str = ""


def of_entry(layout: Layout, path: str, environment: Mapping[str, str]) -> list[Commit]:
    """Return the changes of the entry at `path`, the oldest first, merges left out.

    A save that stands in several commits (after a rebase or a cherry-pick) is returned
    once; a commit that several saves were squashed into is returned once for each.

    Raises:
        GitTroubleError: git cannot read its history.
    """
    with _opened(layout, environment) as repository:
        found = [] if _is_unborn(repository) else _following(repository, layout.prefix + path)
        commits = [commit for fields, name in found for commit in commits_of(fields, name, _Mailmap(repository))]
    once: dict[str, Commit] = {commit.save_id or commit.commit: commit for commit in commits}
    return list(reversed(once.values()))


def last_save_of(layout: Layout, email: str, environment: Mapping[str, str]) -> Commit | None:
    """Return the last save of the person with this address in the whole base, or None.

    Raises:
        GitTroubleError: git cannot read its history.
    """
    with _opened(layout, environment) as repository:
        if _is_unborn(repository):
            return None
        by = ("--fixed-strings", "--regexp-ignore-case", f"--author=<{email}>", "--grep=Kb-Save-Id: ", "--all-match")
        text = str(repository.git.log("-1", *by, *LOG, "HEAD", "--", layout.prefix or "."))
        fields = text.split(_FIELD)[: len(FIELDS)]
        if len(fields) < len(FIELDS):
            return None
        changed = repository.git.diff_tree("--root", "-r", "-z", "--no-commit-id", "--name-only", fields[0].strip())
        names = [name for name in str(changed).split("\0") if name.startswith(layout.prefix)]
        entries = sorted(names, key=lambda name: bool(variant_of(name)))
        return next(commits_of(fields, entries[0], _Mailmap(repository))) if entries else None


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


def _following(repository: Repo, path: str) -> list[tuple[list[str], str]]:
    """Return the log of a file, the newest first, each with the name it had; before it was moved, too.

    `git log --follow` would take any older file that looks alike for the same one, and
    entries look alike when they begin; here only a real move counts.
    """
    found: list[tuple[list[str], str]] = []
    start = "HEAD"
    for _ in range(_MOST_MOVES):
        fields = str(repository.git.log(*LOG, start, "--", path)).split(_FIELD)
        commits = [fields[n : n + len(FIELDS)] for n in range(0, len(fields) - 1, len(FIELDS))]
        found += [(commit, path) for commit in commits]
        oldest = commits[-1][0].strip() if commits else ""
        path = _moved_from(repository, oldest, path) if oldest else ""
        if not path:
            break
        start = f"{oldest}^"
    return found


def _moved_from(repository: Repo, commit: str, path: str) -> str:
    """Return the name that `commit` moved the file from, or nothing."""
    words = str(
        repository.git.diff_tree("-r", "-M", "-z", "--no-commit-id", "--diff-filter=R", "--name-status", commit)
    )
    fields = words.split("\0")
    moves = dict(zip(fields[2::3], fields[1::3], strict=False))
    return moves.get(path, "")


def commits_of(fields: list[str], path: str, mailmap: Mailmap) -> Iterator[Commit]:
    """Yield what one commit did, once for each save that it holds; `fields` are those of `FIELDS`."""
    commit, name, email, seconds, actions, save_ids, co_authors, reviewers = fields
    kept = Commit(
        commit=commit.strip(),
        person=Person(one_line(name) or "somebody", one_line(email)),
        at=dt.datetime.fromtimestamp(int(seconds or 0), dt.UTC),
        action="",
        save_id="",
        co_authors=tuple(mailmap.people(co_authors)),
        reviewers=tuple(mailmap.people(reviewers)),
        path=path,
    )
    saves = list(zip_longest(items(actions), items(save_ids), fillvalue="")) or [("", "")]
    for action, save_id in reversed(saves):
        yield replace(kept, action=action, save_id=save_id)


def items(text: str) -> list[str]:
    """Return the values of a trailer that stands several times, each as one line."""
    return [one_line(item) for item in text.split("\n") if item.strip()]


class Mailmap(Protocol):
    """Says under which name and address `.mailmap` knows somebody."""

    def people(self, text: str) -> Iterator[Person]:
        """Yield the people in a trailer's values."""


class _Mailmap:
    """Says under which name and address `.mailmap` knows somebody; git itself only does so for authors."""

    def __init__(self, repository: Repo) -> None:
        self._repository = repository

    def people(self, text: str) -> Iterator[Person]:
        """Yield the people in a trailer's values."""
        for item in items(text):
            try:
                person = parse_person(item)
            except RefusedError:
                continue
            yield parse_person(str(self._repository.git.check_mailmap(str(person))))
