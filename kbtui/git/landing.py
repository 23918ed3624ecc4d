"""Bringing the branch and the working folder to a commit, without touching what somebody is working on.

git does it in one step for all files or for none (`read-tree -m -u`), and carries over what
somebody has changed elsewhere. A file that is in the way stays as it is, and the others come in
all the same (FAULTS S2); what it was made from is remembered (`kbtui.git.held`). The folder comes
first and the branch second: were it the other way round, a crash in between would leave a folder
that looks as if somebody wanted to take back what others wrote. What a crash has left half done
is ended by the next sync (`LANDING` names it).
https://git-scm.com/docs/git-read-tree#_two_tree_merge
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from kbtui.entry.model import Person
from kbtui.entry.text import printable
from kbtui.errors import GitTroubleError, NotSavedError
from kbtui.git import locks
from kbtui.git.commits import OWN_SETTINGS
from kbtui.git.held import Held, Hold
from kbtui.git.in_the_way import Folder
from kbtui.git.repository import Repository
from kbtui.git.runner import LONG, GitResult
from kbtui.git.tree_merge import Changes, TreeMerger
from kbtui.git.trees import Change, Item, Trees, index_line
from kbtui.store import atomic

BACKUPS = "refs/kbtui/backup/"
UNFINISHED = "refs/kbtui/unfinished/"
"""Copies of what somebody was working on where the team's words wanted to come in (FAULTS 20)."""

LANDING = "landing"
_KEPT_COPIES = 20
_UNFINISHED_MESSAGE = b"Keep a copy of what somebody is working on\n\nKb-Action: sync\n"
_NOBODY = Person("kbtui", "kbtui@kbtui.invalid")
_KEPT_BACKUPS = 50
_MOST_NAMED = 200
"""Of more files than that, git is asked about all there are: there is a limit to a command's length."""


class Landing:
    """Moves one work tree.

    Args:
        repository: the one to move.
        trees: reads its objects.
        merger: says which entries were moved.
        checkpoint: called with the name of each step; tests end the process there.
        may_copy: whether a file of these bytes may be copied into git's store unasked.
    """

    def __init__(
        self,
        repository: Repository,
        trees: Trees,
        merger: TreeMerger,
        checkpoint: Callable[[str], None],
        may_copy: Callable[[bytes], bool],
    ) -> None:
        self._repository = repository
        self._trees = trees
        self._merger = merger
        self._checkpoint = checkpoint
        self._may_copy = may_copy
        self._held = Held(repository, trees)

    @property
    def _note(self) -> Path:
        git = self._repository.layout.git
        return self._repository.own_folder / (
            LANDING if git == self._repository.layout.common else f"{LANDING}-{git.name}"
        )

    def move(self, old: str, new: str) -> str:
        """Bring folder and branch from commit `old` to `new`; return why not, or nothing. The caller holds the lock.

        Args:
            old: what HEAD shows; empty on a branch without commits.
        """
        if old == new:
            return ""
        self._end_unfinished(old)
        with suppress(NotSavedError):  # a note that cannot be written only makes a crash harder to mend
            atomic.write(self._note, f"{old}\n{new}\n".encode())
        self._checkpoint("noted")
        self._git("update-index", "-q", "--refresh")
        result = self._folder_moved(old, new)
        if not result.is_ok and old and ".lock" not in result.complaint:
            self._copy_unfinished(old, new)
            result = self._moved_around(old, new) or result
        elif result.is_ok and old:
            self._remember(old, new)
        if not result.is_ok:
            self._note.unlink(missing_ok=True)
            return self._hindrance(result)
        self._checkpoint("folder moved")
        moved = self._git("update-ref", "-m", "kbtui: sync", "HEAD", new, old or "0" * len(new))
        if not moved.is_ok and self._repository.head() != new:
            return "git to be ready"  # the note stays: the folder is ahead of the branch
        self._checkpoint("branch moved")
        self._note.unlink(missing_ok=True)
        self._forget_finished()
        return ""

    def hold(self, tip: str) -> Hold | None:
        """Return the files that stay as somebody left them, as seen from a commit (`kbtui.git.held`).

        What stood at the old place of an entry that the team has moved, and is not there any more, may have
        been put over the team's version at the new one by hand: that one counts as made from the same.
        """
        hold = self._held.seen_from(tip)
        if hold is None or not hold.moved:
            return hold
        paths = dict(hold.paths)
        for path, place in hold.moved.items():
            if path in hold.paths and place not in paths and not os.path.lexists(self._repository.layout.top / path):
                change = Change(hold.paths[path].before, self._trees.item(hold.of, place))
                paths |= {place: change} if change.after not in (None, change.before) else {}
        return replace(hold, paths=paths)

    def in_the_way(self, head: str) -> tuple[str, ...]:
        """Return the files that still stay as somebody left them, and forget the others. The caller holds the lock.

        A file that is gone is brought in now; one that is committed has been merged with what the team wrote.

        Args:
            head: what HEAD shows, which has been brought together with all that is committed here.
        """
        hold = self.hold(head)
        if hold is None:
            return ()
        committed = self._trees.changes(hold.of, head)
        waiting = {path: change for path, change in hold.paths.items() if path not in committed}
        top = self._repository.layout.top
        if gone := [path for path, change in waiting.items() if change.after and not os.path.lexists(top / path)]:
            self._git_at_top("checkout-index", "-u", "-q", "-z", "--stdin", given=_lines(gone))
        self._git("update-index", "-q", "--refresh")
        named = ("--", *waiting) if len(waiting) <= _MOST_NAMED else ()
        changed = self._git_at_top("status", "--porcelain", "-z", "-uall", "--no-renames", *named)
        if not changed.is_ok:
            return tuple(sorted(waiting))
        unclean = {line[3:] for line in changed.text.split("\0")} if waiting else set()
        still = {path for path in waiting if path in unclean}
        kept = still if still == waiting.keys() else still | (self._stashed() & waiting.keys())
        if kept != hold.paths.keys():
            moved = {path: place for path, place in hold.moved.items() if path in kept}
            self._held.keep(hold.of, {path: waiting[path].before for path in kept}, moved)
        return tuple(sorted(still))

    def back_up(self, commit: str) -> None:
        """Keep a commit findable, whatever happens to branches; only the latest fifty are kept.

        Each is named by the time, or by what comes after the latest where the clock was set back (FAULTS 57).
        """
        if not commit:
            return
        listed = self._repository.runner.run("for-each-ref", "--sort=-refname", "--format=%(refname)", BACKUPS).text
        kept = listed.split()
        if kept and self._repository.commit_of(kept[0]) == commit:
            return  # a landing that was tried again
        latest = kept[0].removeprefix(BACKUPS) if kept else ""
        name = max(time.time_ns(), int(latest) + 1 if latest.isdecimal() else 0)
        self._git("update-ref", f"{BACKUPS}{name}", commit)
        for ref in kept[_KEPT_BACKUPS - 1 :]:
            self._git("update-ref", "-d", ref)

    def _copy_unfinished(self, head: str, target: str) -> None:
        """Keep a copy of every file that somebody is working on and that the team has changed; the file stays as it is.

        The copy is a commit on top of what the file was made from, under `UNFINISHED`; the same words are kept once.
        A file that the guard would refuse (F18) is not copied: nobody has asked for it to be kept.
        """
        if not head:
            return
        with suppress(GitTroubleError):  # a copy that cannot be made changes nothing for the file itself
            dirty = {path: item for path, item in self._worked_on(head, target).items() if item is not None}
            if not dirty:
                return
            tree = self._trees.build(head, dirty)
            run = self._repository.runner.run
            kept = run("for-each-ref", "--sort=-refname", "--format=%(tree) %(refname)", UNFINISHED).text.splitlines()
            if any(line.startswith(tree) for line in kept):
                return
            commit = self._trees.commit(tree, (head,), _UNFINISHED_MESSAGE, _NOBODY)
            self._git("update-ref", f"{UNFINISHED}{time.time_ns()}", commit)
            for line in kept[_KEPT_COPIES - 1 :]:
                self._git("update-ref", "-d", line.partition(" ")[2])

    def _forget_finished(self) -> None:
        """Remove the copies of which every file is clean again: what was unfinished is in the history, or given up."""
        run = self._repository.runner.run
        with suppress(GitTroubleError):  # a copy that stays is looked at by the next landing
            for ref in run("for-each-ref", "--format=%(refname)", UNFINISHED).text.split():
                paths = self._trees.changes(f"{ref}^", ref)
                looked = self._git_at_top("status", "--porcelain", "-uall", "--", *paths)
                if looked.is_ok and not looked.text:
                    self._git("update-ref", "-d", ref)

    def _worked_on(self, head: str, target: str) -> dict[str, Item | None]:
        """Return the files that are not as `head` has them, of those in which `target` differs from it."""
        top = self._repository.layout.top
        found: dict[str, Item | None] = {}
        for path, change in self._trees.changes(head, target).items():
            place = top / path
            try:
                data = b"" if place.is_symlink() or not place.is_file() else place.read_bytes()
            except OSError:
                continue
            if not data or not self._may_copy(data):
                continue
            run = self._repository.runner.at(top).run
            stored = run("hash-object", "-w", "--stdin", f"--path={path}", writes=True, given=data)
            if stored.is_ok and (change.before is None or stored.text != change.before.blob):
                found[path] = Item("100644", stored.text)
        return found

    def _end_unfinished(self, head: str) -> None:
        """Take back what a landing that was interrupted has brought into the folder.

        git's index is told of those files first. Then git takes them for what they are: not
        somebody's work, but what the team has.
        """
        with suppress(OSError):
            target = self._note.read_text("ascii").split()[-1]
            if head:
                arrived = self._arrived(head, target)
                self._tell_index(self._left_alone(head, target, arrived) | arrived, head)
                self._git("read-tree", "-m", "-u", target, head)
            self._note.unlink(missing_ok=True)

    def _folder_moved(self, old: str, new: str) -> GitResult:
        """Let git bring the folder up; a file that is what comes already is told to its index first."""
        words = ("read-tree", "-m", "-u", *filter(None, (old, new)))
        result = self._git(*words)
        copies = self._copies(old, new) if old and not result.is_ok else {}
        if copies:
            self._tell_index(copies, new)
            result = self._git(*words)
            if not result.is_ok:
                self._tell_index(dict.fromkeys(copies), new)
        return result

    def _tell_index(self, items: Mapping[str, Item | None], commit: str) -> GitResult:
        """Let git's index have some files, and not have others; `commit` only says how long ids are."""
        given = "".join(index_line(path, item, "0" * len(commit)) for path, item in items.items())
        told = self._git("update-index", "-z", "--add", "--index-info", given=given.encode("utf-8", "surrogateescape"))
        self._git("update-index", "-q", "--refresh")
        return told

    def _moved_around(self, old: str, new: str) -> GitResult | None:
        """Bring the folder up but for the files that are in the way; None where it cannot be done.

        git's index is told of the team's version of these as well: with it, nothing that is committed
        beside them says that the team's version should go.
        """
        changes = self._trees.changes(old, new)
        refused = Folder(self._repository).in_the_way(changes)
        if not refused:
            return None
        tree = self._trees.build(new, {path: changes[path].before for path in refused})
        result = self._git("read-tree", "-m", "-u", old, tree)
        if not result.is_ok:
            return None
        self._checkpoint("folder partly moved")
        self._remember(old, new, refused)
        told = {path: changes[path].after for path, is_staged in refused.items() if not is_staged}
        return self._tell_index(told, new)

    def _remember(self, old: str, new: str, refused: Collection[str] = ()) -> None:
        """Remember what each file that is not as the branch will have it was made from (`kbtui.git.held`)."""
        hold = self.hold(old)
        if hold is None and not refused:
            return
        changes, known = self._trees.changes(old, new), hold.paths if hold else {}
        stashed = self._stashed() if hold else set()
        bases = {path: change.before for path, change in known.items() if path not in changes}
        for path in {*refused, *(stashed & known.keys() & changes.keys())}:
            before = changes[path].before
            bases[path] = known[path].before if path in known and known[path].after == before else before
        self._held.keep(new, bases, self._places(bases, changes, hold), hold)

    def _places(self, paths: Iterable[str], changes: Changes, hold: Hold | None) -> dict[str, str]:
        """Return where the entries of some paths are once changes have come in, as far as the team has moved them."""
        places = {path: hold.moved.get(path, path) if hold else path for path in paths}
        if any(place in changes and changes[place].after is None for place in places.values()):
            moved = self._merger.moved(changes)
            places = {path: moved.get(place, place) for path, place in places.items()}
        return {path: place for path, place in places.items() if place != path}

    def _stashed(self) -> set[str]:
        """Return the files that a lead has put aside with `git stash`: taken out again, they are as they were."""
        found: set[str] = set()
        for line in self._git_at_top("log", "-g", "--format=%H %P", "refs/stash", "--").text.splitlines():
            commit, parent, _, *unknown = line.split()
            found |= self._trees.changes(parent, commit).keys()
            found.update(*map(self._trees.paths, unknown))  # files that git did not know have a commit of their own
        return found

    def _left_alone(self, head: str, target: str, arrived: Mapping[str, Item | None]) -> dict[str, Item | None]:
        """Return what HEAD has of files that were in the way of a landing, where git's index has the team's version."""
        changes = self._trees.changes(head, target)
        index = Folder(self._repository).indexed()
        return {
            path: change.before
            for path, change in changes.items()
            if path not in arrived and index.get(path) == change.after
        }

    def _copies(self, old: str, new: str) -> dict[str, Item | None]:
        """Return the files git knows nothing of that are what `new` brings: they are in nobody's way (FAULTS S2)."""
        brings = {path for path, change in self._trees.changes(old, new).items() if change.before is None}
        found = {path: item for path, item in self._arrived(old, new).items() if item and path in brings}
        known = Folder(self._repository).indexed() if found else {}
        return {path: item for path, item in found.items() if path not in known}

    def _arrived(self, head: str, target: str) -> dict[str, Item | None]:
        """Return the files that stand in the folder as `target` has them, of those in which it differs from `head`."""
        wanted = {path: change.after for path, change in self._trees.changes(head, target).items()}
        return Folder(self._repository).same(wanted)

    def _hindrance(self, result: GitResult) -> str:
        """Return in words what keeps git from bringing the folder up, with the first file it names."""
        if ".lock" in result.complaint:
            return "another git, which is at work in this folder"
        named = [line.strip() for line in printable(result.complaint).splitlines() if line.startswith(("\t", " "))]
        quoted = result.complaint.partition("Entry '")[2].partition("'")[0]
        quoted = quoted or result.complaint.partition("working tree file '")[2].partition("'")[0]
        name = quoted or (named[0] if named else "")
        return f"somebody's unfinished work on {name}" if name else "somebody's unfinished work in this folder"

    def _git_at_top(self, *arguments: str, given: bytes | None = None) -> GitResult:
        """Run git where paths of trees are paths of files."""
        runner = self._repository.runner.at(self._repository.layout.top)
        return runner.run(*arguments, writes=given is not None, settings=OWN_SETTINGS, given=given)

    def _git(self, *arguments: str, given: bytes | None = None) -> GitResult:
        """Run a git that writes; a lock that a crash has left is removed first (FAULTS 13)."""
        run = self._repository.runner.run
        seen = locks.look(self._repository.layout)
        result = run(*arguments, writes=True, settings=OWN_SETTINGS, deadline=LONG, given=given)
        if ".lock" in result.complaint and locks.remove_stale(seen, time.time()):
            return run(*arguments, writes=True, settings=OWN_SETTINGS, deadline=LONG, given=given)
        return result


def _lines(paths: Iterable[str]) -> bytes:
    return "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
