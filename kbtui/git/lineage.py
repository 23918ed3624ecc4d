"""Which commits are an entry's history, whatever its file was called. Pure.

An entry's history is every commit that changed its file under the name it has, and under
each name a commit moved it from. After such a move the old name may be given to another
file, so commits that build on the move do not count there; those beside it do: somebody
changed the entry on another branch, where it was not moved yet.

Only what is reachable decides, and what builds on what: two clones with the same commits
come to the same, in whichever order they learnt of them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet

from kbtui.git.change import Written


def lineage(
    path: str,
    touching: Callable[[str], Iterable[Written]],
    building_on: Callable[[Written, str], AbstractSet[str]],
) -> list[Written]:
    """Return the commits of an entry, each once; in the order of `touching` as long as its file was never moved.

    Args:
        path: the name of its file now.
        touching: returns the commits that changed the file of a name, the newest first.
        building_on: returns the commits that build on one that moved a file from a name; at least those
            that changed a file of that name.
    """
    found: dict[str, Written] = {}
    names: deque[tuple[str, Written | None]] = deque([(path, None)])
    seen: set[tuple[str, str]] = set()
    while names:
        name, mover = names.popleft()
        later = building_on(mover, name) if mover else frozenset()
        for change in touching(name):
            if change.commit in later:
                continue
            found.setdefault(change.commit, change)
            if change.moved_from and (change.moved_from, change.commit) not in seen:
                seen.add((change.moved_from, change.commit))
                names.append((change.moved_from, change))
    return list(found.values())
