"""Merging what a team has and what this computer has, as trees: never in the working folder, never with markers.

A path that one side has changed is taken from that side as it is. A path that both have
changed is joined by what it is: an entry value by value (`kbtui.entry.joining`), an event
file line by line, any other file by git's own text merge or with the other version kept
beside it. An edit beats a delete (FAULTS 43), and a move is followed by the entry's id
(FAULTS 45). The result is the same whichever side is "ours" (FAULTS 46).
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kbtui.entry import file_format
from kbtui.entry.identity import VARIANT_SUFFIX
from kbtui.entry.joining import join_entries, join_lines, kept_beside, set_apart
from kbtui.git.trees import Change, Item, Trees, ids_of
from kbtui.store.events import is_event_file
from kbtui.store.files import EntryFiles

Changes = Mapping[str, Change]


@dataclass(frozen=True, slots=True)
class Contest:
    """One file that both sides have, with the paths it has on each: they differ where one has moved it.

    Attributes:
        target: where the result goes.
        base: what both were made from, or None.
    """

    target: str
    base: Item | None
    ours: Item
    theirs: Item
    gone: tuple[str, ...] = ()


@dataclass(slots=True)
class TreeMerge:
    """What a merge comes to.

    Attributes:
        changes: what is to be done to the team's tree, by path; None takes a path away.
        contests: the files that both sides have changed.
        variants: paths of the versions kept beside what they contest.
        apart: paths of entries that have gone elsewhere because another one has theirs.
        kept: paths that one side deleted and the other edited.
    """

    changes: dict[str, Item | None] = field(default_factory=dict)
    contests: list[Contest] = field(default_factory=list)
    variants: list[str] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


class TreeMerger:
    """Merges trees of one base.

    Args:
        trees: reads and stores objects.
        files: says which files are entries.
        prefix: path of the base below git's top folder, empty or ending in a slash.
    """

    def __init__(self, trees: Trees, files: EntryFiles, prefix: str) -> None:
        self._trees = trees
        self._files = files
        self._prefix = prefix

    def merge(self, ours: Changes, theirs: Changes) -> TreeMerge:
        """Return what to do to the team's tree, from what each side has changed since both were one."""
        result = TreeMerge()
        moved = list(self._moves(ours, theirs))
        followed = {path for contest in moved for path in (contest.target, *contest.gone)}
        for contest in moved:
            result.changes |= dict.fromkeys(contest.gone)
            self._contested(contest, result)
        for path, change in ours.items():
            if path not in followed:
                self._one_path(path, change, theirs.get(path), result)
        return result

    def _one_path(self, path: str, ours: Change, theirs: Change | None, result: TreeMerge) -> None:
        if theirs is None:
            result.changes[path] = ours.after
        elif ours.after == theirs.after:
            return
        elif ours.after is None or theirs.after is None:
            result.kept.append(path)
            result.changes[path] = ours.after or theirs.after
        else:
            self._contested(Contest(path, ours.before, ours.after, theirs.after), result)

    def _contested(self, contest: Contest, result: TreeMerge) -> None:
        result.contests.append(contest)
        ours, theirs = contest.ours, contest.theirs
        if not (ours.is_plain and theirs.is_plain):
            result.changes[contest.target] = theirs  # links and other repositories stay as the team has them
            return
        mode = theirs.mode if contest.base and ours.mode == contest.base.mode else ours.mode
        content, beside = self._joined(contest)
        result.changes[contest.target] = Item(mode, self._trees.store(content))
        if beside is not None:
            name, variant = beside
            result.changes[name] = Item("100644", self._trees.store(variant))
            is_apart = self.is_entry(name) and not name.endswith(VARIANT_SUFFIX)
            (result.apart if is_apart else result.variants).append(name)

    def _joined(self, contest: Contest) -> tuple[bytes, tuple[str, bytes] | None]:
        """Return what the file holds, and name and bytes of the version beside it."""
        read = self._trees.blobs(ids_of([contest.base, contest.ours, contest.theirs]))
        base = read[contest.base.blob] if contest.base and contest.base.is_plain else None
        one, other = read[contest.ours.blob], read[contest.theirs.blob]
        if is_event_file(contest.target.removeprefix(self._prefix)):
            return join_lines(base or b"", one, other), None
        if self.is_entry(contest.target):
            if two := set_apart(contest.target, base, one, other):
                return two[0], two[1:]
            joined = join_entries(base, one, other)
            if joined.variant is None:
                return joined.content, None
            return joined.content, (kept_beside(contest.target, joined.variant), joined.variant)
        return self._joined_text(contest.target, base, one, other)

    def _joined_text(
        self, path: str, base: bytes | None, one: bytes, other: bytes
    ) -> tuple[bytes, tuple[str, bytes] | None]:
        """Join a file that is no entry, such as kb.toml: by lines, or with the other version beside it."""
        first, second = sorted((one, other), key=lambda version: (not _parses(path, version), _digest(version)))
        merged = self._trees.text_merge(base or b"", first, second)
        if merged is not None and (_parses(path, merged) or not _parses(path, first)):
            return merged, None
        return first, (f"{path}.{_digest(second)[:12]}.variant", second)

    # Moves

    def _moves(self, ours: Changes, theirs: Changes) -> Iterator[Contest]:
        """Yield the entries that one side has moved while the other has changed or moved them too."""
        our_moves, their_moves = self.moved(ours), self.moved(theirs)
        for old in sorted({*our_moves, *their_moves}):
            here, there = our_moves.get(old, old), their_moves.get(old, old)
            ours_now, theirs_now = ours.get(here), theirs.get(there)
            if not (ours_now and theirs_now and ours_now.after and theirs_now.after):
                continue  # the other side has left it alone, or deleted it
            target = here if there == old else there if here == old else min(here, there)
            other_here = here not in (old, there) and here in theirs and theirs[here].after != ours_now.after
            other_there = there not in (old, here) and there in ours and ours[there].after != theirs_now.after
            if other_here or other_there:
                continue  # something else has come to where it went
            gone = tuple(sorted({old, here, there} - {target}))
            yield Contest(
                target, ours.get(old, theirs.get(old, ours_now)).before, ours_now.after, theirs_now.after, gone
            )

    def moved(self, changes: Changes) -> dict[str, str]:
        """Return where entries went that are gone from one path and have come to another, by their id."""
        gone = {p: c.before for p, c in changes.items() if c.after is None and c.before and self.is_entry(p)}
        come = {p: c.after for p, c in changes.items() if c.before is None and c.after and self.is_entry(p)}
        if not gone or not come:
            return {}
        read = self._trees.blobs(ids_of([*gone.values(), *come.values()]))
        places: dict[str, list[str]] = {}
        for path, item in come.items():
            places.setdefault(_id(path, read.get(item.blob, b"")), []).append(path)
        found = {path: places.get(_id(path, read.get(item.blob, b"")), []) for path, item in gone.items()}
        return {path: names[0] for path, names in found.items() if len(names) == 1}

    def deleted(self, changes: Changes) -> list[str]:
        """Return the entries that changes take away, those that only move left out."""
        moved = self.moved(changes)
        return [p for p, c in changes.items() if c.after is None and self.is_entry(p) and p not in moved]

    def is_entry(self, path: str) -> bool:
        """Whether a path below git's top folder is one of an entry of this base."""
        return path.startswith(self._prefix) and self._files.is_entry(path.removeprefix(self._prefix))


def _id(path: str, content: bytes) -> str:
    return file_format.read(path, content).id


def _parses(path: str, content: bytes) -> bool:
    if not path.endswith(".toml"):
        return True
    try:
        tomllib.loads(content.decode("utf-8"))
    except ValueError:
        return False
    return True


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
