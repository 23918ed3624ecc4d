"""Merges with reviewers: what a lead signs who merges a pull request with plain git. Read from git, once each.

Everything else about the history leaves merges out, since they write nothing. These few are
kept in the ledger beside it, with the files in which each differs from its first parent: what
the merge brought in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kbtui.entry.text import one_line
from kbtui.git import log
from kbtui.git.log import REVIEWER, trailers_of
from kbtui.git.repository import Repository

_FORMAT = "--format=%H%x00%P%x00%an%x00%ae%x00%at%x00%(trailers:only=true,unfold=true)%x00"
_FIELDS = 6
_WHICH = ("--merges", "--fixed-strings", "--regexp-ignore-case", f"--grep={REVIEWER}:")
_UNREADABLE = "The history cannot be read."


@dataclass(frozen=True, slots=True)
class Merged:
    """One merge with reviewers, as it stands in the history.

    Attributes:
        parents: the line that something was merged into first.
        name: of whoever merged, before `.mailmap`.
        at: seconds since 1970 by their clock.
        trailers: one a line.
        paths: the files it brought in or changed, below git's top folder.
    """

    commit: str
    parents: tuple[str, ...]
    name: str
    email: str
    at: int
    trailers: str
    paths: tuple[str, ...] = ()


def read(repository: Repository, tip: str, known: str = "") -> list[Merged]:
    """Return the merges with reviewers that one commit has and another has not.

    Args:
        known: whatever this one has is left out.

    Raises:
        GitTroubleError: git cannot read the history.
    """
    arguments = ("log", "--no-show-signature", "--encoding=UTF-8", "-z", *_WHICH, _FORMAT, tip)
    without = (f"^{known}",) if known else ()
    with repository.runner.stream(*arguments, *without, trouble=_UNREADABLE, settings=log.SETTINGS) as pieces:
        found = [each for each in _told(b"".join(pieces)) if trailers_of(each.trailers).get(REVIEWER)]
    brought = dict(_brought(repository, found)) if found else {}
    return [replace(each, paths=tuple(brought.get(each.commit, ()))) for each in found]


def places(repository: Repository, commits: Iterable[str], tip: str) -> dict[str, int]:
    """Return where commits stand in the order of the history, the oldest first, merges counted."""
    wanted = frozenset(commits)
    arguments = ("rev-list", "--topo-order", "--reverse", tip)
    with repository.runner.stream(*arguments, trouble=_UNREADABLE) as pieces:
        order = b"".join(pieces).decode().split()
    return {commit: place for place, commit in enumerate(order) if commit in wanted}


def _told(data: bytes) -> Iterator[Merged]:
    tokens = data.decode("utf-8", "surrogateescape").split("\0")
    step = _FIELDS + 1  # what ends the format, and what `-z` puts between two commits
    for start in range(0, len(tokens) - _FIELDS, step):
        commit, parents, name, email, at, trailers = tokens[start : start + _FIELDS]
        yield Merged(commit, tuple(parents.split()), one_line(name), one_line(email), log.seconds(at), trailers)


def _brought(repository: Repository, merges: Sequence[Merged]) -> Iterator[tuple[str, list[str]]]:
    """Yield for each merge the files in which it differs from its first parent; those that it took away left out."""
    asked = "".join(f"{each.commit} {each.parents[0]}\n" for each in merges)
    arguments = ("diff-tree", "--stdin", "-r", "-z", "--name-only", "--no-renames", "--diff-filter=d")
    with repository.runner.stream(*arguments, trouble=_UNREADABLE, given=asked.encode()) as pieces:
        words = b"".join(pieces).decode("utf-8", "surrogateescape").split("\0")
    commits = {each.commit for each in merges}
    names: list[str] = []
    for word in filter(None, words):
        if word in commits:
            names = []
            yield word, names
        else:
            names.append(word)
