"""Taking words out of a repository for good (F60): every ref, stash, reflog, the index, the working files, the store.

The order makes a crash harmless: new objects first, which nothing shows; then all refs in one
step; then index and files; then git forgets what is old. Done again, it finds what is left.
Nothing here talks to a network, so nothing is ever pushed (FAULTS 34).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from kbtui.errors import GitTroubleError, RefusedError
from kbtui.git.commits import OWN_SETTINGS
from kbtui.git.repository import Repository
from kbtui.git.rewriting import Read, Rewriter, Rewriting, Wanted, objects_holding, write
from kbtui.git.runner import LONG, GitResult
from kbtui.store import atomic

HOLD = "purged"
"""In kbtui's own folder: until the host has the new history, nothing is shared (`kbtui.git.purging.is_held`)."""

_STASH = "refs/stash"
_KEPT_STASHES = "refs/kbtui/purge-stash/"
"""Where stashes are between the end of their reflog and their coming back, by number; 000 is the latest."""
_LEFTOVERS = ("ORIG_HEAD", "FETCH_HEAD", "COMMIT_EDITMSG", "MERGE_MSG", "SQUASH_MSG", "TAG_EDITMSG", "gitk.cache")
_OURS_ANYWAY = frozenset(("objects", "kbtui", "logs", "index", "modules", "worktrees", "refs", "packed-refs"))


@dataclass
class Traces:
    """Where what must go stands.

    Attributes:
        objects: how many objects of git's store hold it.
        unreachable: how many of them no ref shows; those of deleted branches and old saves.
        commits: commits that are made anew, the oldest first: those that hold it and all that build on them.
        refs: new and old id of what refs show, by name.
        staged: paths in git's index.
        files: working files, below git's top folder.
        leftovers: files in git's folder that are thrown away.
        by_hand: what somebody has to see to.
        done: the history as it will be.
    """

    objects: int = 0
    unreachable: int = 0
    commits: list[str] = field(default_factory=list)
    refs: dict[str, tuple[str, str]] = field(default_factory=dict)
    staged: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    leftovers: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    done: Rewriting = field(default_factory=Rewriting)

    @property
    def is_nothing(self) -> bool:
        """Whether it stands nowhere in this repository."""
        return not (self.objects or self.commits or self.staged or self.files or self.leftovers)


class Purge:
    """Finds and takes out what must go. The caller holds the locks.

    Args:
        repository: where it stands.
        wanted: what must go.
    """

    def __init__(self, repository: Repository, wanted: Wanted) -> None:
        self._repository = repository
        self._wanted = wanted

    def look(self) -> Traces:
        """Return where it stands. Changes nothing.

        Raises:
            RefusedError: something is open in git, or the repository has several work trees.
            GitTroubleError: git cannot read its store.
        """
        self._require_peace()
        found = Traces()
        holding = list(objects_holding(self._repository, self._wanted))
        with self._reader() as read:
            head = self._repository.head()
            rewriter = Rewriter(self._wanted, read, len(head) or 40)
            for name, kind, data in holding:
                if kind == "blob":
                    rewriter.clean_blob(name, data)
            tips = self._tips()
            order = self._must("rev-list", "--topo-order", "--reverse", "--stdin", given=_lines(tips.values())).split()
            for commit in order:
                if rewriter.commit(commit) != commit:
                    found.commits.append(commit)
            for old in tips.values():
                if read(old)[0] == "tag":
                    rewriter.tag(old)
            found.done = rewriter.done
            found.refs = {n: (rewriter.done.ids[o], o) for n, o in tips.items() if o in rewriter.done.ids}
        listed = self._must("rev-list", "--objects", "--stdin", given=_lines(tips.values())).splitlines()
        reachable = {line.partition(" ")[0] for line in listed}
        gone = {name for name, _, _ in holding} | found.done.gone
        found.objects, found.unreachable = len(gone), len(gone - reachable)
        self._look_at_files(found)
        return found

    def carry_out(self, found: Traces) -> None:
        """Take it out of everything that `look` has found.

        Raises:
            GitTroubleError: git does not do a step; what was done stays done, and can be done again.
        """
        if found.refs and self._has_remote():
            atomic.write(self._repository.own_folder / HOLD, b"the host's history is to be replaced\n")
        stashes = self._stashes()
        write(self._repository, found.done.objects)
        self._move_refs(found)
        self._clean_index(found)
        self._clean_files(found)
        self._forget(stashes, found.done.ids)

    def left(self, found: Traces) -> int:
        """Return how many objects in git's store still hold it."""
        gone = found.done.gone - set(found.done.ids.values())
        there = self._must("cat-file", "--batch-check", "--batch-all-objects", "--unordered").splitlines()
        kept = sum(line.partition(" ")[0] in gone for line in there)
        return kept + sum(1 for _ in objects_holding(self._repository, self._wanted))

    # Looking

    def _require_peace(self) -> None:
        if (unfinished := self._repository.unfinished()) and unfinished != "a detached HEAD":
            raise RefusedError(f"Somebody has {unfinished} open in this folder.", "End it first with plain git.")
        trees = self._must("worktree", "list", "--porcelain").count("\nworktree ")
        if trees:
            raise RefusedError(
                "This repository has several work trees, each with files of its own.",
                "Remove the others first: git worktree list, git worktree remove FOLDER",
            )

    def _tips(self) -> dict[str, str]:
        """Return what every ref shows, HEAD where it is on no branch, and every stash."""
        tips = {}
        for line in self._must("for-each-ref", "--format=%(refname)%00%(objectname)%00%(symref)").splitlines():
            name, shown, symbolic = line.split("\0")
            if not symbolic:
                tips[name] = shown
        if self._repository.head() and not self._repository.branch():
            tips["HEAD"] = self._repository.head()
        return tips | {f"stash {number}": commit for number, (commit, _) in enumerate(self._stashes())}

    def _stashes(self) -> list[tuple[str, str]]:
        """Return commit and words of every stash, the latest first."""
        if not self._repository.runner.run("rev-parse", "--verify", "--quiet", _STASH).is_ok:
            return []
        text = self._must("reflog", "show", "--format=%H%x00%gs", _STASH)
        return [(line.partition("\0")[0], line.partition("\0")[2]) for line in text.splitlines()]

    def _look_at_files(self, found: Traces) -> None:
        top, ids = self._repository.layout.top, found.done.ids
        for _, blob, path in self._staged():
            if blob in ids or self._wanted.is_gone(path) or self._wanted.cleaned_path(path) != path:
                found.staged.append(_text(path))
        known = {path for _, _, path in self._staged()}
        for place in _plain_files(top):
            path = os.fsencode(place.relative_to(top).as_posix())
            if self._wanted.is_gone(path) or self._wanted.is_in(_bytes(place)) or self._wanted.is_in(path):
                if path in known or place.suffix in (".md", ".jsonl", ".toml"):
                    found.files.append(_text(path))
                else:
                    found.by_hand.append(f"the file {self._wanted.shown(_text(path))}, which git does not know")
        git = self._repository.layout.common
        for place in _plain_files(git):
            name = place.relative_to(git)
            if name.parts[0] in _OURS_ANYWAY or not self._wanted.is_in(_bytes(place)):
                continue
            if name.parts[0] == "rr-cache" or name.as_posix() in _LEFTOVERS:
                found.leftovers.append(name.as_posix())
            else:
                found.by_hand.append(f"the file {place}")
        if (git / "objects" / "info" / "alternates").exists():
            found.by_hand.append("the store that objects/info/alternates names, which other repositories share")
        found.by_hand += [f"the name of {self._wanted.shown(ref)}" for ref in self._odd_names()]

    def _odd_names(self) -> list[str]:
        refs = self._must("for-each-ref", "--format=%(refname)").splitlines()
        return [ref for ref in refs if self._wanted.is_in(ref.encode("utf-8", "surrogateescape"))]

    def _staged(self) -> list[tuple[str, str, bytes]]:
        """Return mode, blob and path of everything in git's index; the path is below the top folder."""
        run = self._repository.runner.at(self._repository.layout.top).run
        lines = run("ls-files", "--stage", "-z", deadline=LONG).output.split(b"\0")
        parts = [line.partition(b"\t") for line in lines if line]
        return [(head.split(b" ")[0].decode(), head.split(b" ")[1].decode(), path) for head, _, path in parts]

    @contextmanager
    def _reader(self) -> Iterator[Read]:
        """Yield what reads one object after the other from a git that stays."""
        from git import Repo

        with Repo(self._repository.layout.top) as repo:

            def read(name: str) -> tuple[str, bytes]:
                _, kind, _, data = repo.git.get_object_data(name)
                return os.fsdecode(kind), bytes(data)

            yield read

    # Taking out

    def _move_refs(self, found: Traces) -> None:
        """Move all refs in one step, each only from where it was."""
        lines = [f"update {name} {new} {old}" for name, (new, old) in found.refs.items() if name.startswith("refs/")]
        if lines:
            self._must("update-ref", "--no-deref", "--stdin", given=_lines(lines), writes=True)
        if "HEAD" in found.refs:
            new, old = found.refs["HEAD"]
            self._must("update-ref", "--no-deref", "HEAD", new, old, writes=True)

    def _clean_index(self, found: Traces) -> None:
        null, lines = "0" * (len(self._repository.head()) or 40), list[bytes]()
        for mode, blob, path in self._staged():
            new_path = self._wanted.cleaned_path(path)
            is_gone = self._wanted.is_gone(path)
            if is_gone or new_path != path:
                lines.append(f"0 {null}\t".encode() + path + b"\0")
            if not is_gone and (new_path != path or blob in found.done.ids):
                lines.append(f"{mode} {found.done.ids.get(blob, blob)}\t".encode() + new_path + b"\0")
        run = self._repository.runner.at(self._repository.layout.top).run
        told = run("update-index", "-z", "--add", "--index-info", writes=True, given=b"".join(lines))
        if not told.is_ok:
            raise GitTroubleError("git's index cannot be changed.", "Do it again once git is free.", told.complaint)
        run("update-index", "--clear-resolve-undo", writes=True)

    def _clean_files(self, found: Traces) -> None:
        top = self._repository.layout.top
        for name in found.files:
            path = os.fsencode(name)
            place = top / os.fsdecode(path)
            if self._wanted.is_gone(path):
                place.unlink(missing_ok=True)
                continue
            data = _bytes(place)
            if self._wanted.is_in(data):
                atomic.write(place, self._wanted.cleaned(data))
            new = top / os.fsdecode(self._wanted.cleaned_path(path))
            if new != place:
                new.parent.mkdir(parents=True, exist_ok=True)
                place.rename(new)
        self._repository.runner.run("update-index", "-q", "--refresh", writes=True)

    def _forget(self, stashes: list[tuple[str, str]], ids: dict[str, str]) -> None:
        """Let git forget what no ref shows any more: reflogs, leftovers, objects."""
        for name in _LEFTOVERS:
            with suppress(OSError):
                (self._repository.layout.git / name).unlink(missing_ok=True)
        for place in (self._repository.layout.common / "rr-cache").rglob("*"):
            if place.is_file() and self._wanted.is_in(_bytes(place)):
                place.unlink()
        kept = [(ids.get(commit, commit), self._wanted.shown(words)) for commit, words in stashes]
        self._keep_stashes(kept)
        self._must("reflog", "expire", "--expire=now", "--expire-unreachable=now", "--all", writes=True)
        self._store_stashes(kept)
        self._must("gc", "--prune=now", "--quiet", writes=True)
        self._git("prune", "--expire=now")

    def _keep_stashes(self, stashes: list[tuple[str, str]]) -> None:
        """Keep every stash under a ref of its own: stashes stand in a reflog, and a crash after its end loses them."""
        lines = [f"update {_KEPT_STASHES}{number:03} {commit}" for number, (commit, _) in enumerate(stashes)]
        if lines:
            self._must("update-ref", "--stdin", given=_lines(lines), writes=True)

    def _store_stashes(self, stashes: list[tuple[str, str]]) -> None:
        """Make these the stashes, the latest first; then the refs that kept them go."""
        if not stashes:
            return
        self._git("update-ref", "-d", _STASH)
        for commit, words in reversed(stashes):
            self._must("stash", "store", "--quiet", "-m", words, commit, writes=True)
        self._must(
            "update-ref", "--stdin", given=_lines(f"delete {ref}" for ref, _ in self._kept_stashes()), writes=True
        )

    def _kept_stashes(self) -> list[tuple[str, str]]:
        """Return ref and commit of what a purge that was interrupted has kept, the latest first."""
        listed = self._must("for-each-ref", "--format=%(refname) %(objectname)", _KEPT_STASHES).splitlines()
        return [(line.partition(" ")[0], line.partition(" ")[2]) for line in listed]

    def take_up(self) -> None:
        """Bring back the stashes that a purge which was interrupted has not; those made since come first.

        Raises:
            GitTroubleError: git does not do it; they stay under their refs.
        """
        kept = [commit for _, commit in self._kept_stashes()]
        there = [(commit, words) for commit, words in self._stashes() if commit not in kept]
        if kept:
            words = self._must("show", "-s", "--format=%s", *kept).splitlines()
            again = [*there, *zip(kept, words, strict=True)]
            self._keep_stashes(again)
            self._store_stashes(again)

    def _has_remote(self) -> bool:
        return bool(self._repository.runner.run("remote").text)

    def _git(self, *arguments: str) -> GitResult:
        return self._repository.runner.run(*arguments, writes=True, settings=OWN_SETTINGS, deadline=LONG)

    def _must(self, *arguments: str, given: bytes | None = None, writes: bool = False) -> str:
        run = self._repository.runner.run
        result = run(*arguments, writes=writes, given=given, settings=OWN_SETTINGS, deadline=LONG)
        if not result.is_ok:
            hint = "Run `kbtui doctor`, then do it again."
            raise GitTroubleError(f"git does not do a step of it ({arguments[0]}).", hint)
        return result.text


def is_held(repository: Repository) -> bool:
    """Whether nothing may be shared, because the host still has what was purged here."""
    return (repository.own_folder / HOLD).exists()


def let_go(repository: Repository) -> None:
    """Share again: the host has the new history."""
    (repository.own_folder / HOLD).unlink(missing_ok=True)


def _lines(texts: Iterable[str]) -> bytes:
    return "".join(f"{each}\n" for each in texts).encode("utf-8", "surrogateescape")


def _plain_files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, git's own folder and links left out."""
    for here, folders, names in os.walk(folder):
        if Path(here) == folder:
            folders[:] = [name for name in folders if name != ".git"]
        yield from (place for name in names if not (place := Path(here, name)).is_symlink() and place.is_file())


def _bytes(place: Path) -> bytes:
    try:
        return place.read_bytes()
    except OSError:
        return b""


def _text(path: bytes) -> str:
    return os.fsdecode(path)
