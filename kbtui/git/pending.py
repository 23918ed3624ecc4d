"""Saves that the branch cannot take yet, as commits of their own: `refs/kbtui/pending/<save id>`.

While a lead has a merge or a rebase open, has checked out another branch, or a crash has
left a lock on the branch, a save is put here beside its journal record. It is then safe in
git too, is found by whoever looks into git without kbtui, and can be grafted onto the
branch by another kbtui even if this computer's journal is gone (FAULTS 14, 16, 19, S3).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from kbtui.entry.identity import variant_of
from kbtui.entry.merge import Merged, merge
from kbtui.entry.model import Person
from kbtui.git.commits import Commits
from kbtui.git.people import People
from kbtui.git.repository import PENDING_REFS, Repository
from kbtui.store.journal import Beside, SaveRecord

_FIELDS = (
    "%an",
    "%ae",
    "%ct",
    *(f"%(trailers:key={key},valueonly,separator=)" for key in ("Kb-Action", "Kb-Entry")),
    "%(trailers:key=Co-authored-by,valueonly,unfold,separator=%x0A)",
)


class Pending:
    """The pending refs of one repository.

    Args:
        repository: where they are.
        commits: makes the commits they show.
    """

    def __init__(self, repository: Repository, commits: Commits) -> None:
        self._repository = repository
        self._commits = commits

    def keep(self, record: SaveRecord, variant: str) -> bool:
        """Put a save into a ref of its own, as the commit it would be on the branch; whether git has taken it.

        Args:
            variant: path of the version kept beside the entry, or empty.
        """
        ref = PENDING_REFS + record.save_id
        if self._repository.runner.run("rev-parse", "--verify", "--quiet", ref).is_ok:
            return True
        there = self._repository.committed(record.path)
        merged = Merged(record.content) if there is None else merge(record.base, there, record.content)
        contents: dict[str, bytes | None] = {record.path: merged.content}
        contents |= {each.path: each.after for each in record.beside}
        if variant or merged.variant is not None:
            contents[variant or record.path] = record.content
        commit = self._commits.make(record, self._repository.head(), contents)
        return bool(commit) and self._commits.run("update-ref", ref, commit).is_ok

    def forget(self, save_id: str) -> None:
        """Drop the ref of a save that the branch has."""
        if self._repository.has_pending():
            self._commits.run("update-ref", "-d", PENDING_REFS + save_id)

    def orphans(self, known: Collection[str]) -> list[SaveRecord]:
        """Return, as journal records, the saves that only a ref holds, the oldest first.

        Args:
            known: ids of the saves that the journal holds.
        """
        if not self._repository.has_pending():
            return []
        refs = self._repository.runner.run("for-each-ref", "--format=%(refname)", PENDING_REFS).text.split()
        ids = [ref.removeprefix(PENDING_REFS) for ref in refs]
        records = [record for save_id in ids if save_id not in known for record in self._records(save_id)]
        return sorted(records, key=lambda record: record.sequence)

    def _records(self, save_id: str) -> Iterator[SaveRecord]:
        """Yield a record for each entry that the commit of a ref changes; none where the branch has the save."""
        run = self._repository.runner.run
        commit = PENDING_REFS + save_id
        if run("log", "-1", "--format=%H", "--fixed-strings", f"--grep=Kb-Save-Id: {save_id}", "HEAD").text:
            self.forget(save_id)
            return
        said = run("log", "-1", "--encoding=UTF-8", f"--format={'%x00'.join(_FIELDS)}", commit)
        changed = run("diff-tree", "--root", "-r", "-z", "--no-commit-id", "--name-only", "--relative", commit)
        if not (said.is_ok and changed.is_ok):
            return
        prefix = self._repository.layout.prefix
        name, email, seconds, action, entry_id, with_them = said.text.split("\0")
        with_people = tuple(People(lambda _: "").named(with_them.splitlines()))
        paths = [*filter(None, changed.text.split("\0"))]
        gone = [path for path in paths if self._repository.blob(commit, prefix + path) is None]
        beside = tuple(Beside(path, self._repository.blob(f"{commit}^", prefix + path), None) for path in gone)
        written = [path for path in paths if path not in gone] or [variant_of(path) for path in gone[:1]]
        for number, path in enumerate(filter(None, written)):
            yield SaveRecord(
                save_id=f"{save_id}-{number}" if number else save_id,
                sequence=int(seconds) * 1_000_000_000 + number,
                action=action,
                entry_id=entry_id,
                path=path,
                base=self._repository.blob(f"{commit}^", prefix + path),
                content=self._repository.blob(commit, prefix + path) or b"",
                person=Person(name, email),
                beside=() if number else beside,
                with_people=with_people,
            )
