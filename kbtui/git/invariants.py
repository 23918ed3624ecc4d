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
_TOP_KEY = re.compile(rb"[\"']?([^\s\"'#:-][^\s\"':]*)[\"']?\s*:(?:\s|$)")
_KEY = re.compile(rb"([^\s,{}\"':]+)[\"']?\s*:(?=\s|$)")
_DIGEST = re.compile(rb"text[\"']?\s*:\s+[\"']?([^\s,{}\"']+)")
_LISTS = frozenset((b"tags", b"asked_as"))
_APPROVAL = b"validated"
_APPROVAL_KEYS = frozenset((b"by", b"on", b"text"))


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
    """Whether every line that came with a version is in the result, or what a line of a header says is.

    A list may stand in one line, of which the other side has taken a word away that was there
    before (FAULTS S14); a value may be quoted or spaced in another way, and of two people who
    confirmed the same words one stands there, both being in the history.

    Args:
        pool: the lines of the result and of the versions beside it.
        words: the words of their headers.
    """
    in_lists = words | {word for line, key in _header(before) if _is_list(line, key) for word in _TOKEN.findall(line)}
    approval = _approval(after, words)
    keys = dict(_header(after))
    for line, is_header in _added(before, after):
        if line in pool:
            continue
        if not is_header:
            return False
        if _is_list(line, keys[line]):
            if not set(_TOKEN.findall(line)) <= in_lists:
                return False
        elif line not in approval and not _is_said(line, before, pool):
            return False
    return True


def _is_list(line: bytes, key: bytes) -> bool:
    return key in _LISTS or line.startswith(b"- ")


def _is_said(line: bytes, before: bytes, pool: set[bytes]) -> bool:
    """Whether a line of the result gives a key the same value; a remark after it may be an old one that is gone."""
    value, _, remark = line.partition(b" #")
    said = _words(value)
    old = {word for each, _ in _header(before) if _words(each)[:1] == said[:1] for word in _words(each)}
    same_key = (there for each in pool if said and (there := _words(each))[:1] == said[:1])
    return any({*said} <= {*there} and {*_words(remark)} <= {*there, *old} for there in same_key)


def _words(line: bytes) -> list[bytes]:
    """Return the words of a line without the signs of YAML about them; its key comes first."""
    return [word for each in _TOKEN.findall(line) if (word := each.rstrip(b":"))]


def _approval(content: bytes, words: set[bytes]) -> frozenset[bytes]:
    """Return the lines of a header that say who confirmed the words, and nothing else.

    There are none where the result, of which `words` are, has no confirmation of the same words.
    """
    lines = [line for line, key in _header(content) if key == _APPROVAL]
    plain = [line for line in lines if set(_KEY.findall(line.removeprefix(_APPROVAL + b":"))) <= _APPROVAL_KEYS]
    digests = [found[1] for line in plain if (found := _DIGEST.search(line))]
    is_there = bool(digests) and all(digest in words for digest in digests)
    return frozenset(line for line in plain if _KEY.search(line) and b"#" not in line) if is_there else frozenset()


def _elsewhere(differs: Changes, may: Changes, new: set[str]) -> list[str]:
    return [path for path in differs if path not in may and path not in new]


def _sides(contest: Contest, ours: Changes, theirs: Changes) -> list[Item]:
    """Return what either side has of a contested file, asked of the sides themselves."""
    found = [side.get(path) for side in (ours, theirs) for path in (contest.target, *contest.gone)]
    return [change.after for change in found if isinstance(change, Change) and change.after is not None]


def _pool(contents: Iterable[bytes]) -> tuple[set[bytes], set[bytes]]:
    """Return the lines of some files, and the words of their headers."""
    lines: set[bytes] = set()
    words: set[bytes] = set()
    for content in contents:
        lines.update(line.strip() for line in content.split(b"\n"))
        words.update(word for line, _ in _header(content) for word in _TOKEN.findall(line))
    return lines, words


def _header(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the lines of a header, and the key at its left edge that each stands under."""
    lines = content.split(b"\n")
    lines = lines[1 : _end_of_header(lines)]
    edge = next((len(line) - len(line.lstrip()) for line in lines if line.strip()[:1] not in (b"", b"#")), 0)
    key = b""
    for line in lines:
        if found := _TOP_KEY.match(line, edge):
            key = found[1]
        yield line.strip(), key


def _end_of_header(lines: Sequence[bytes]) -> int:
    """Return the number of the line that ends a header; 0 where there is none."""
    fences = [number for number, line in enumerate(lines) if line.strip() == _FENCE]
    return fences[1] if len(fences) > 1 and fences[0] == 0 else 0


def _added(before: bytes, after: bytes) -> Iterator[tuple[bytes, bool]]:
    """Yield the lines that came with a version, without blank ones, and whether each stands in the header."""
    known = {line.strip() for line in before.split(b"\n")}
    lines = [line.strip() for line in after.split(b"\n")]
    end = _end_of_header(lines)
    for number, line in enumerate(lines):
        if line and line not in known:
            yield line, number < end
