"""A clone that git cannot read any more, made good without losing a word (FAULTS 3).

Nobody is asked to delete anything. A new store is made beside the damaged one: from the
remote if there is one, and from every object of the old store that still adds up. The branch
stays where it was if all it needs is there; otherwise it goes back to the newest commit
that is whole, and what the working folder has beyond that becomes saves again, merged like
anybody's. The damaged store is set aside, not removed.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kbtui.entry.model import Person
from kbtui.errors import GitTroubleError, RefusedError
from kbtui.git.commits import OWN_SETTINGS, waits_for
from kbtui.git.repository import Repository
from kbtui.git.runner import GitResult
from kbtui.store.files import EntryFiles
from kbtui.store.journal import Journal, SaveRecord

NOBODY = Person("kbtui", "kbtui@kbtui.invalid")
_NEW, _OLD = ".git-kbtui-new", ".git-kbtui-damaged"
_LONG = 300.0
_LOOK = 60.0
_COPIED = ("config", "description", "info", "hooks", "kbtui")


def damage(repository: Repository) -> str:
    """Return what is wrong with git's store, in git's words; empty where it is whole or too large to look at here.

    https://git-scm.com/docs/git-fsck
    """
    looked = repository.runner.run("fsck", "--no-dangling", "--no-reflogs", "--no-progress", deadline=_LOOK)
    lines = f"{looked.text}\n{looked.complaint}".splitlines()
    return next((line for line in lines if "K03" in waits_for(line)), "")


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What was done.

    Attributes:
        aside: where the damaged store is now.
        is_whole: whether the branch has kept every commit.
        brought_back: number of entries whose words only the working folder still had.
    """

    aside: Path
    is_whole: bool
    brought_back: int


class Salvage:
    """Replaces the damaged store of one repository.

    Args:
        repository: the damaged one.
        files: the base's working files.
        journal: gets a record for what only the working folder still has.
        shelf: folder for the damaged store.
    """

    def __init__(self, repository: Repository, files: EntryFiles, journal: Journal, shelf: Path) -> None:
        self._repository = repository
        self._files = files
        self._journal = journal
        self._shelf = shelf
        self._old = repository.layout.common
        self._new = self._old.with_name(_NEW)

    def run(self) -> Salvaged:
        """Do it. The caller holds the base's lock, and brings the journal into the history afterwards.

        Raises:
            RefusedError: several work trees share the store, or it belongs to a repository around this one.
            GitTroubleError: no new store can be made here.
        """
        self._refuse_shared()
        branch = self._repository.branch() or "main"
        self._make(branch)
        old_refs = self._refs()
        theirs, shared = self._theirs(branch, old_refs)
        tip, is_whole = self._tip(branch, old_refs, theirs)
        for ref, commit in old_refs.items():
            is_own = ref != f"refs/heads/{branch}" and not ref.startswith("refs/remotes/")
            if is_own and self._has_all(commit):
                self._in_new("update-ref", ref, commit)
        if tip:
            self._in_new("update-ref", f"refs/heads/{branch}", tip)
        aside = self._swap()
        if not tip:
            self._begin_anew()
        brought_back = 0 if is_whole else self._bring_back(shared if tip == theirs else "")
        return Salvaged(aside, is_whole, brought_back)

    def _refuse_shared(self) -> None:
        worktrees = self._old / "worktrees"
        if self._old != self._repository.layout.top / ".git" or (worktrees.is_dir() and any(worktrees.iterdir())):
            raise RefusedError(
                f"git's store in {self._old} is damaged, and more than this folder needs it.",
                "Needs your lead (code K03); saves wait on this computer meanwhile.",
            )

    # The new store

    def _make(self, branch: str) -> None:
        shutil.rmtree(self._new, ignore_errors=True)
        run = self._repository.runner.run
        made = run(
            "init", "--quiet", "--bare", "--template=", f"--initial-branch={branch}", str(self._new), writes=True
        )
        if not made.is_ok:
            raise GitTroubleError("No new store can be made here.", "Needs your lead (code K03).", made.complaint)
        for name in _COPIED:
            with suppress(OSError):
                source = self._old / name
                shutil.copytree(source, self._new / name) if source.is_dir() else shutil.copy2(source, self._new)
        self._in_new("config", "core.bare", "false")
        self._in_new("fetch", "--quiet", "--no-recurse-submodules", "--all", deadline=_LONG)
        self._copy_objects()

    def _copy_objects(self) -> None:
        """Copy every object that still adds up."""
        for source in _sound_objects(self._old / "objects"):
            target = self._new / "objects" / source.parent.name / source.name
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
        for pack in (self._old / "objects" / "pack").glob("*.pack"):
            with suppress(OSError):
                self._copy_pack(pack)
        with suppress(OSError):
            shutil.copy2(self._old / "objects" / "info" / "alternates", self._new / "objects" / "info")

    def _copy_pack(self, pack: Path) -> None:
        """Copy a pack that is whole; of another one, take what can be read."""
        if self._repository.runner.run("verify-pack", str(pack.with_suffix(".idx")), deadline=_LONG).is_ok:
            for file in (pack, pack.with_suffix(".idx")):
                shutil.copy2(file, self._new / "objects" / "pack")
        else:
            self._in_new("unpack-objects", "-q", "-r", given=pack.read_bytes(), deadline=_LONG)

    def _refs(self) -> dict[str, str]:
        listed = self._repository.runner.run("for-each-ref", "--format=%(refname) %(objectname)").text
        return dict(line.split(" ") for line in listed.splitlines())

    def _theirs(self, branch: str, old_refs: dict[str, str]) -> tuple[str, str]:
        """Return the remote's commit of the branch, and the last one that this clone shared; empty for none.

        A remote whose history began elsewhere is as good as none: two histories are not joined (FAULTS 18).
        Where no commit of one's own can be read, what was seen of the remote last counts as shared.
        """
        ref = f"refs/remotes/origin/{branch}"
        shown = self._in_new("rev-parse", "--verify", "--quiet", ref)
        now, seen = shown.text if shown.is_ok else "", old_refs.get(ref, "")
        for own in (old_refs.get(f"refs/heads/{branch}", ""), *self._reflog(branch)):
            common = self._in_new("merge-base", own or "none", now or seen or "none")
            if common.is_ok:
                return now, common.text.partition("\n")[0]
            if common.status == 1:  # every commit was looked at; one that is missing gives another status
                return "", ""
        return now, seen

    def _tip(self, branch: str, old_refs: dict[str, str], remote: str) -> tuple[str, bool]:
        """Return the newest commit of the branch that is whole, and whether it is the one that was there."""
        tip = old_refs.get(f"refs/heads/{branch}", "")
        if tip and self._has_all(tip):
            return tip, True
        earlier = next((commit for commit in self._reflog(branch) if self._has_all(commit)), "")
        is_behind = not earlier or self._in_new("merge-base", "--is-ancestor", earlier, remote or "none").is_ok
        return (remote if remote and is_behind else earlier), False

    def _reflog(self, branch: str) -> Iterator[str]:
        """Yield where the branch has been, the latest first, as git has written it down."""
        with suppress(OSError):
            lines = (self._old / "logs" / "refs" / "heads" / branch).read_text("utf-8", "replace").splitlines()
            for line in reversed(lines):
                if found := re.match(r"([0-9a-f]{40,64}) ([0-9a-f]{40,64}) ", line):
                    yield from (found[2], found[1])

    def _has_all(self, commit: str) -> bool:
        """Whether the new store has everything that a commit needs."""
        return self._in_new("rev-list", "--objects", "--quiet", commit, deadline=_LONG).is_ok

    def _in_new(self, *arguments: str, given: bytes | None = None, deadline: float = _LOOK) -> GitResult:
        own = f"--git-dir={self._new}"
        run = self._repository.runner.run
        return run(own, *arguments, writes=True, given=given, deadline=deadline, settings=OWN_SETTINGS)

    def _swap(self) -> Path:
        """Let the new store take the place of the old one, and put that one on the shelf."""
        old = self._old.with_name(_OLD)
        self._old.rename(old)
        self._new.rename(self._old)
        run = self._repository.runner.run
        run("read-tree", "HEAD" if self._repository.head() else "--empty", writes=True)
        run("update-index", "-q", "--refresh", writes=True)
        self._shelf.mkdir(parents=True, exist_ok=True)
        aside = self._shelf / f"git-{time.strftime('%Y%m%d-%H%M%S')}"
        shutil.move(old, aside)
        return aside

    # What only the working folder has

    def _begin_anew(self) -> None:
        """Begin the branch with the settings of the base, where nothing of its history is whole."""
        run = self._repository.runner.run
        there = [name for name in ("kb.toml", ".gitattributes") if (self._repository.root / name).is_file()]
        run("add", "--force", "--", *there, writes=True, settings=OWN_SETTINGS)
        words = ("-m", "Begin anew after git's store was damaged", "-m", "Kb-Action: start")
        run("commit", "--quiet", "--no-verify", *words, "--", *there, writes=True, person=NOBODY, settings=OWN_SETTINGS)

    def _bring_back(self, known: str) -> int:
        """Make saves of what the working folder has beyond the branch; return of how many entries.

        Args:
            known: the commit that what is in the folder was made from; empty where that is the branch itself.
        """
        prefix = self._repository.layout.prefix
        brought_back = 0
        for number, path in enumerate(sorted(self._files.scan().stamps)):
            mine, kept = self._files.read(path), self._repository.committed(path)
            seen = self._repository.blob(known, prefix + path) if known else kept
            if mine == kept:
                continue
            if mine != seen:
                self._journal.keep(_record(path, seen, mine, number))
                brought_back += 1
            if kept is not None:
                self._files.write(path, kept)
        self._repository.runner.run("checkout-index", "--all", "--quiet", writes=True)  # only what is missing
        return brought_back


def _record(path: str, base: bytes | None, content: bytes, number: int) -> SaveRecord:
    digest = hashlib.sha256(path.encode("utf-8", "surrogateescape") + content).hexdigest()[:16]
    return SaveRecord(digest, time.time_ns() + number, "salvage", "", path, base, content, NOBODY)


def _sound_objects(folder: Path) -> Iterator[Path]:
    """Yield the loose objects whose bytes are what their name says (https://git-scm.com/docs/gitrepository-layout)."""
    for file in folder.glob("[0-9a-f][0-9a-f]/*"):
        name = file.parent.name + file.name
        digest = hashlib.sha1(usedforsecurity=False) if len(name) == 40 else hashlib.sha256()
        with suppress(OSError, zlib.error):
            digest.update(zlib.decompress(file.read_bytes()))
            if digest.hexdigest() == name:
                yield file
