"""What happened to an entry, read from git with GitPython: short look-ups, opened and closed at once.

GitPython's objects are not safe in two threads, and each open one holds processes and
descriptors (FAULTS 79, 80); so a `Repo` never outlives the call that needs it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kbtui.config import parse_person
from kbtui.entry.model import Person
from kbtui.entry.text import one_line
from kbtui.errors import GitTroubleError, RefusedError
from kbtui.git.repository import Layout
from kbtui.git.runner import unattended

_FIELD, _ITEM, _END = "\x1f", "\x1e", "\x1d"
_TRAILERS = ("Kb-Action", "Kb-Save-Id", "Co-authored-by", "Reviewed-by")
_FORMAT = _FIELD.join(
    ["%H", "%aN", "%aE", "%at", *(f"%(trailers:key={key},valueonly,separator=%x1e)" for key in _TRAILERS)]
)


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
    """

    commit: str
    person: Person
    at: dt.datetime
    action: str
    save_id: str
    co_authors: tuple[Person, ...]
    reviewers: tuple[Person, ...]


def of_entry(layout: Layout, path: str, environment: Mapping[str, str]) -> list[Commit]:
    """Return the changes of the entry at `path`, the oldest first, merges left out.

    A save that stands in several commits (after a rebase or a cherry-pick) is returned once.

    Raises:
        GitTroubleError: git cannot read its history.
    """
    text = _log(layout, path, environment)
    commits = [_commit(piece) for piece in text.split(_END) if piece.strip()]
    once: dict[str, Commit] = {commit.save_id or commit.commit: commit for commit in commits}
    return list(reversed(once.values()))


def _log(layout: Layout, path: str, environment: Mapping[str, str]) -> str:
    from git import Repo
    from git.exc import GitError

    try:
        with Repo(layout.top) as repository:
            repository.git.update_environment(**unattended(environment, writes=False, person=None))
            arguments = ("--no-merges", "--follow", f"--format={_FORMAT}{_END}", "--", layout.prefix + path)
            return str(repository.git.log("--use-mailmap", *arguments)) if repository.head.is_valid() else ""
    except (GitError, OSError, ValueError) as error:
        raise GitTroubleError("The history of this entry cannot be read.", "Run `kbtui doctor`.", str(error)) from error


def _commit(piece: str) -> Commit:
    commit, name, email, seconds, action, save_id, co_authors, reviewers = piece.strip("\n").split(_FIELD)
    return Commit(
        commit=commit,
        person=Person(one_line(name) or "somebody", one_line(email)),
        at=dt.datetime.fromtimestamp(int(seconds or 0), dt.UTC),
        action=one_line(action),
        save_id=one_line(save_id.split(_ITEM)[0]),
        co_authors=tuple(_people(co_authors)),
        reviewers=tuple(_people(reviewers)),
    )


def _people(text: str) -> Iterator[Person]:
    for item in text.split(_ITEM):
        try:
            yield parse_person(item)
        except RefusedError:
            continue
