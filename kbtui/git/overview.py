"""What happened in a whole base, in one look: for the news, and for whose answers helped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence

from kbtui.entry.model import Person
from kbtui.git import versions
from kbtui.git.change import Commit
from kbtui.git.ledger import Ledger
from kbtui.git.repository import Repository
from kbtui.git.signatures import Signature, Version, Versions, last_signature

_SLOW = 120.0

Signatures = dict[str, Signature]
Known = dict[str, Version]


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

    def touched(self, commit: str) -> frozenset[str]:
        """Return the files below the base's folder that were changed since a commit, under every name they had."""
        prefix = self._repository.layout.prefix
        arguments = ("log", "--format=", "--name-only", "-z", "--no-renames", "--no-merges")
        revisions = f"{commit}..HEAD" if commit else "HEAD"
        found = self._repository.runner.run(*arguments, revisions, "--", ".", deadline=_SLOW).text.split("\0")
        names = (name.strip("\n") for name in found)
        return frozenset(name.removeprefix(prefix) for name in names if name.startswith(prefix))

    def changes(self, paths: Collection[str]) -> dict[str, list[Commit]]:
        """Return what happened to entries, by path: the oldest first, each save once."""
        return self._ledger.histories(paths)

    def changed_since(self, commit: str) -> frozenset[str] | None:
        """Return the entries whose files or makers anything since a commit has changed; None for any of them.

        That is so where HEAD has the commit no longer, and where `.mailmap` says something else of who people are.
        """
        if not self.has(commit):
            return None
        search = ("log", "--name-only", "--no-renames", "--format=", "-z", f"{commit}..HEAD")
        listed = self._repository.runner.run(*search, deadline=_SLOW).text.split("\0")
        names = {name.lstrip("\n") for name in listed}
        prefix = self._repository.layout.prefix
        return None if ".mailmap" in names else frozenset(name.removeprefix(prefix) for name in names)

    def under_review(self, revision: str) -> frozenset[str] | None:
        """Return the files below the base's folder that differ from where a revision and HEAD went apart.

        Those in the folder count as they are now, committed or not. None where there is no such revision, or
        where this clone has too little history to say.
        """
        run = self._repository.runner.run
        named = run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        fork = run("merge-base", named.text, "HEAD") if named.is_ok else named
        if not fork.is_ok or not fork.text:
            return None
        changed = run(
            "diff", "--name-only", "-z", "--no-renames", "--no-relative", fork.text, "--", ".", deadline=_SLOW
        )
        new = run("ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", ".", deadline=_SLOW)
        prefix = self._repository.layout.prefix
        names = f"{changed.text}\0{new.text}".split("\0")
        return frozenset(name.removeprefix(prefix) for name in names if name)

    def signatures(self, claimed: Collection[str], known: Mapping[str, Version]) -> tuple[Signatures, Known]:
        """Return who has signed which words with plain git last, by the entry's path, and the versions that said so.

        Args:
            claimed: entries that say they are validated, but not by whom.
            known: versions that were read before, by commit and path.
        """
        versions = self.versions(known)
        found = {}
        for path, changes in self._ledger.signable({*claimed, *self._ledger.reviewed()}).items():
            if signature := last_signature(changes, versions, is_claimed=path in claimed):
                found[path] = signature
        return found, versions.asked

    def signable(self, path: str) -> list[Commit]:
        """Return what happened to an entry, the oldest first, and among it the merges with reviewers."""
        return self._ledger.signable([path])[path]

    def versions(self, known: Mapping[str, Version]) -> Versions:
        """Return what reads versions of entries; those in `known`, by commit and path, are not read again."""
        return Versions(self._repository.blob, self._fork, known)

    def _fork(self, commits: Sequence[str]) -> str:
        """Return the commit from which several went apart, or nothing."""
        found = self._repository.runner.run("merge-base", "--octopus", *commits)
        return found.text if found.is_ok else ""

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

    def sources(self, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
        """Return files by commit and by path below git's top folder; those that are not there are left out."""
        return versions.sources(self._repository, wanted)

    def standing(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Return the files of entries as the history has them today, by path below the base's folder."""
        prefix = self._repository.layout.prefix
        found = versions.sources(self._repository, [("HEAD", prefix + path) for path in paths])
        return {path.removeprefix(prefix): data for (_, path), data in found.items()}

    def people(self) -> list[Person]:
        """Return everybody whose work the history has, as `.mailmap` knows them, by name."""
        return self._ledger.people()

    def known_as(self, people: Iterable[Person]) -> dict[Person, Person]:
        """Return people as `.mailmap` knows them."""
        return self._ledger.all_known_as(people)
