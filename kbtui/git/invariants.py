"""Six things that are true of every merge, looked at before a branch is moved to it (DESIGN section 5).

They are worked out from the objects alone and know nothing of how the merge was made, so
that a fault in it is caught here: 1. what we did not touch is as the team has it; 2. what
the team did not touch is as we have it; 3. every line that either side has written is in
the result or in a variant; 4. no conflict markers have come in; 5. what parsed still
parses; 6. entries do not vanish in masses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kbtui.entry import file_format
from kbtui.git.tree_merge import Changes, Contest, TreeMerge, TreeMerger
from kbtui.git.trees import Change, Item, Trees, ids_of

MOST_DELETED = 10
MOST_DELETED_SHARE = 0.2
_MARKER = re.compile(rb"(?m)^(?:<{7} |>{7} )")
_TOKEN = re.compile(rb"[^\s,\[\]{}\"']+")
_FENCE = b"---"
_APPROVAL = b"validated:"


@dataclass(frozen=True, slots=True)
class Broken:
    """An invariant that does not hold: its number, and the paths it is about."""

    number: int
    paths: tuple[str, ...]


class Invariants:
    """Looks at merges of one base.

    Args:
        trees: reads objects.
        merger: says which files are entries.
    """

    def __init__(self, trees: Trees, merger: TreeMerger) -> None:
        self._trees = trees
        self._merger = merger

    def broken(
        self, merged: TreeMerge, ours: Changes, theirs: Changes, from_ours: Changes, from_theirs: Changes
    ) -> Broken | None:
        """Return the first invariant of 1 to 5 that a merge breaks, or None.

        Args:
            ours: what we changed since both sides were one.
            theirs: what the team changed.
            from_ours: what differs between our tree and the result.
            from_theirs: what differs between the team's tree and the result.
        """
        new = {*merged.variants, *merged.apart, *(contest.target for contest in merged.contests)}
        looks = (
            (1, _elsewhere(from_theirs, ours, new)),
            (2, _elsewhere(from_ours, theirs, new)),
            (3, self._lost_lines(merged, ours, theirs)),
            (4, self._marked(merged)),
            (5, self._unreadable(merged)),
        )
        return next((Broken(number, tuple(paths)) for number, paths in looks if paths), None)

    def is_mass_deletion(self, changes: Changes, commit: str) -> bool:
        """Whether changes take more entries away than anybody archives in one go (FAULTS 35).

        Args:
            commit: where the changes start.
        """
        deleted = len(self._merger.deleted(changes))
        if deleted <= MOST_DELETED:
            return False
        entries = sum(map(self._merger.is_entry, self._trees.paths(commit)))
        return deleted > entries * MOST_DELETED_SHARE

    def _lost_lines(self, merged: TreeMerge, ours: Changes, theirs: Changes) -> list[str]:
        """Return the paths of which a line that somebody has written is nowhere in the result."""
        pool, words = _pool(self._trees.blobs(ids_of([*merged.changes.values()])).values())
        both = [(c, _sides(c, ours, theirs)) for c in merged.contests]
        return [c.target for c, sides in both if not self._has_all(c, sides, pool, words)]

    def _has_all(self, contest: Contest, sides: Sequence[Item], pool: set[bytes], words: set[bytes]) -> bool:
        read = self._trees.blobs(ids_of([contest.base, *sides]))
        before = read.get(contest.base.blob, b"") if contest.base else b""
        return all(has_all(before, read[side.blob], pool, words) for side in sides if side.is_plain)

    def _marked(self, merged: TreeMerge) -> list[str]:
        return [
            contest.target
            for contest, (result, *sides) in self._contested(merged)
            if _MARKER.search(result) and not any(map(_MARKER.search, sides))
        ]

    def _unreadable(self, merged: TreeMerge) -> list[str]:
        return [
            contest.target
            for contest, parts in self._contested(merged)
            if self._merger.is_entry(contest.target)
            and not file_format.read(contest.target, parts[0]).readable
            and any(file_format.read(contest.target, side).readable for side in parts[1:])
        ]

    def _contested(self, merged: TreeMerge) -> Iterator[tuple[Contest, list[bytes]]]:
        """Yield each contested file with the bytes of the result, of ours and of theirs."""
        for contest in merged.contests:
            items = [merged.changes[contest.target], contest.ours, contest.theirs]
            if all(item is not None and item.is_plain for item in items):
                read = self._trees.blobs(ids_of(items))
                yield contest, [read[item.blob] for item in items if item is not None]


def has_all(before: bytes, after: bytes, pool: set[bytes], words: set[bytes]) -> bool:
    """Whether every line that came with a version is among `pool`; of a header's line, its new words among `words`.

    A list in a header may stand in one line, of which the other side has taken a word away that was
    there before (FAULTS S14).
    """
    known = words | set(_TOKEN.findall(before))
    approval = _approval(after) if _APPROVAL in words else frozenset()
    for line, is_header in _added(before, after):
        if line in pool or (is_header and set(_TOKEN.findall(line)) <= known):
            continue
        if is_header and line in approval:
            continue  # of two people who confirmed the same words, one stands there; both are in the history
        return False
    return True


def _approval(content: bytes) -> frozenset[bytes]:
    """Return the lines of a header that say who confirmed the words: one line, or one with lines set in below it."""
    found: set[bytes] = set()
    is_in = False
    for line in content.partition(b"\n" + _FENCE)[0].split(b"\n"):
        is_in = line.startswith(_APPROVAL) or (is_in and line[:1] in (b" ", b"\t"))
        if is_in:
            found.add(line.strip())
    return frozenset(found)


def _elsewhere(differs: Changes, may: Changes, new: set[str]) -> list[str]:
    return [path for path in differs if path not in may and path not in new]


def _sides(contest: Contest, ours: Changes, theirs: Changes) -> list[Item]:
    """Return what either side has of a contested file, asked of the sides themselves."""
    found = [side.get(path) for side in (ours, theirs) for path in (contest.target, *contest.gone)]
    return [change.after for change in found if isinstance(change, Change) and change.after is not None]


def _pool(contents: Iterable[bytes]) -> tuple[set[bytes], set[bytes]]:
    lines: set[bytes] = set()
    words: set[bytes] = set()
    for content in contents:
        lines.update(line.strip() for line in content.split(b"\n"))
        words.update(_TOKEN.findall(content))
    return lines, words


def _added(before: bytes, after: bytes) -> Iterator[tuple[bytes, bool]]:
    """Yield the lines that came with a version, without blank ones, and whether each stands in the header."""
    known = {line.strip() for line in before.split(b"\n")}
    lines = [line.strip() for line in after.split(b"\n")]
    fences = [number for number, line in enumerate(lines) if line == _FENCE]
    header = fences[1] if len(fences) > 1 and fences[0] == 0 else 0
    for number, line in enumerate(lines):
        if line and line not in known:
            yield line, number < header
