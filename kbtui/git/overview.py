"""What happened in a whole base, read in one look: for the news, and for whose answers helped.

One `git log` over all entries instead of one for each. An entry that was moved is followed
to the name it has now.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from kbtui.config import parse_person
from kbtui.entry.model import Person
from kbtui.errors import RefusedError
from kbtui.git.history import FIELDS, LOG, Commit, commits_of, items
from kbtui.git.repository import Repository

_SLOW = 120.0


class Overview:
    """Looks over the history of one base.

    Args:
        repository: where it is.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

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

    def changes(self) -> dict[str, list[Commit]]:
        """Return what happened to every entry that is there now, by its path: the oldest first, each save once."""
        layout = self._repository.layout
        if not self.head():
            return {}
        names = ("-M", "--name-status", "--format=" + "%x00" + "".join(f"{field}%x00" for field in FIELDS))
        log = [option for option in LOG if not option.startswith("--format=")]
        run = self._repository.runner.run("log", *log, *names, "HEAD", "--", layout.prefix or ".", deadline=_SLOW)
        found: dict[str, dict[str, Commit]] = {}
        for commit in self._commits(run.text, layout.prefix):
            found.setdefault(commit.path, {})[commit.save_id or commit.commit] = commit
        return {path: list(reversed(once.values())) for path, once in found.items()}

    def with_authority(self, commit: str) -> frozenset[str]:
        """Return the paths of the entries that said who may decide when `commit` was made."""
        if not commit:
            return frozenset()
        search = ("grep", "-l", "-z", "-e", "^authority", commit, "--", ".")
        names = self._repository.runner.run(*search).text.split("\0")
        return frozenset(name.partition(":")[2] for name in names if name)

    def bytes_at(self, commit: str, path: str) -> bytes | None:
        """Return an entry's file as a commit has it, or None."""
        return self._repository.blob(commit, self._repository.layout.prefix + path) if commit else None

    def _commits(self, text: str, prefix: str) -> Iterator[Commit]:
        """Yield the commits of a log, the newest first, once for each entry they changed, under its present name."""
        fields = text.split("\0")[1:]
        size = len(FIELDS) + 1
        records = [fields[at : at + size] for at in range(0, len(fields) - size + 1, size)]
        mailmap = _AllAtOnce(self._repository, (part for record in records for part in record[-3:-1]))
        present: dict[str, str] = {}
        for *commit, names in records:
            for path in _changed(names, present):
                if path.startswith(prefix) and path.endswith(".md"):
                    yield from commits_of(commit, path.removeprefix(prefix), mailmap)


def _changed(names: str, present: dict[str, str]) -> Iterator[str]:
    """Yield the present names of what `git log --name-status` lists, and remember what was moved.

    A name that git has to put into quotes holds a character that no entry's name has.
    """
    for line in names.split("\n"):
        status, *paths = line.split("\t")
        if paths and not any(path.startswith('"') for path in paths):
            now = present.get(paths[-1], paths[-1])
            if status.startswith("R"):
                present[paths[0]] = now
            yield now


class _AllAtOnce:
    """What `.mailmap` says of everybody in some trailers, asked of git in one call."""

    def __init__(self, repository: Repository, trailers: Iterable[str]) -> None:
        people = [*dict.fromkeys(person for text in trailers for person in _people(text))]
        given = "".join(f"{person}\n" for person in people).encode("utf-8", "replace")
        asked = repository.runner.run("check-mailmap", "--stdin", given=given).text.splitlines() if people else []
        known = [next(_people(line), person) for line, person in zip(asked, people, strict=False)]
        self._known = dict(zip(people, known, strict=False))

    def people(self, text: str) -> Iterator[Person]:
        """Yield the people in a trailer's values."""
        return (self._known.get(person, person) for person in _people(text))


def _people(text: str) -> Iterator[Person]:
    for item in items(text):
        try:
            yield parse_person(item)
        except RefusedError:
            continue
