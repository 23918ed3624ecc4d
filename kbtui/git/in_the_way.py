"""Which files of a working folder are in the way of what the team wrote (FAULTS S2, 20).

A file is in the way where the team's version differs from the one here and the folder, or
git's index, holds something else than the last commit does: somebody is working on it, or git
was never told of it. What holds just what comes is in nobody's way.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from kbtui.git.repository import Repository
from kbtui.git.runner import GitResult
from kbtui.git.trees import Change, Item

_AT_ONCE = 200


class Folder:
    """The working folder and git's index of it, as they are now.

    Args:
        repository: whose they are. Its index has just been refreshed.
    """

    def __init__(self, repository: Repository) -> None:
        self._top = repository.layout.top
        self._runner = repository.runner.at(self._top)

    def in_the_way(self, changes: Mapping[str, Change]) -> dict[str, bool]:
        """Return the paths that cannot be brought to what comes, each with whether git's index has work there too.

        Args:
            changes: from the last commit to what comes.

        Raises:
            GitTroubleError: git does not say. Were that taken for nothing, files would be left as they were.
        """
        index = self.indexed()
        listed = self._must("diff-files", "--name-only", "-z", "--ignore-submodules=all").text
        dirty = set(listed.split("\0"))
        found = {}
        for path, change in changes.items():
            known = index.get(path)
            is_staged = known not in (change.before, change.after)
            is_edited = path in dirty and os.path.lexists(self._top / path)
            is_unknown = known is None and self._is_taken(path, change, changes)
            if is_staged or is_edited or is_unknown or self._is_below_a_file(path, changes):
                found[path] = is_staged
        return found

    def indexed(self) -> dict[str, Item]:
        """Return what git's index has.

        Raises:
            GitTroubleError: git does not say.
        """
        listed = self._must("ls-files", "-z", "--stage").text
        parts = (line.partition("\t") for line in listed.split("\0") if line)
        return {path: Item(*words.split(" ")[:2]) for words, _, path in parts}

    def same(self, wanted: Mapping[str, Item | None]) -> dict[str, Item | None]:
        """Return those of some paths at which the folder has what is wanted, None for nothing."""
        found: dict[str, Item | None] = {
            path: None for path, item in wanted.items() if item is None and not os.path.lexists(self._top / path)
        }
        plain = {path: item for path, item in wanted.items() if item is not None and item.is_plain}
        there = [path for path in plain if (self._top / path).is_file() and not (self._top / path).is_symlink()]
        for start in range(0, len(there), _AT_ONCE):
            some = there[start : start + _AT_ONCE]
            ids = self._runner.run("hash-object", "--", *some).text.split("\n")
            found |= {path: plain[path] for path, each in zip(some, ids, strict=False) if plain[path].blob == each}
        return found

    def _must(self, *arguments: str) -> GitResult:
        return self._runner.must(*arguments, trouble="git does not say what is in the working folder.")

    def _is_taken(self, path: str, change: Change, changes: Mapping[str, Change]) -> bool:
        """Whether something that git does not know stands where a file is to come."""
        place = self._top / path
        if change.after is None or not os.path.lexists(place):
            return False
        if place.is_dir() and not place.is_symlink():
            return any(file not in changes or changes[file].after is not None for file in self._files_below(place))
        return True

    def _files_below(self, folder: Path) -> Iterator[str]:
        for parent, _, names in os.walk(folder):
            yield from ((Path(parent) / name).relative_to(self._top).as_posix() for name in names)

    def _is_below_a_file(self, path: str, changes: Mapping[str, Change]) -> bool:
        """Whether a file that stays stands where a folder of the path is to be."""
        for parent in [*PurePosixPath(path).parents][:-1]:
            place = self._top / parent
            going = changes.get(parent.as_posix())
            is_going = going is not None and going.after is None
            if os.path.lexists(place) and (place.is_symlink() or not place.is_dir()) and not is_going:
                return True
        return False
