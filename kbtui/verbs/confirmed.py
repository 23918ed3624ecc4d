"""Who confirmed the words of an entry before its last confirmation, where only its header named them (F36, F37).

A confirmation holds until the words change. Whoever confirms the same words once more writes their own
name into the header; the one that stood there before counts on, as the history has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from kbtui.entry import file_format

if TYPE_CHECKING:
    from kbtui.entry.model import Entry
    from kbtui.git.change import Commit
    from kbtui.parts import Parts

_NAMED = b"validated:"
"""Stands in a header that names who confirmed the words."""


def versions_before(parts: Parts, changes: Mapping[str, Sequence[Commit]]) -> dict[str, list[bytes]]:
    """Return the files of entries as they were before each confirmation, by path, as far as they name somebody.

    Args:
        changes: what happened to the entries, the oldest first.

    Raises:
        GitTroubleError: the history cannot be read.
    """
    before = {
        path: [(was.commit, was.path) for was, now in pairwise(of) if now.action == "confirm"]
        for path, of in changes.items()
    }
    sources = parts.overview.sources({each for of in before.values() for each in of})
    return {path: [sources[each] for each in of if _NAMED in sources.get(each, b"")] for path, of in before.items()}


def confirmed_before(entry: Entry, versions: Iterable[bytes]) -> tuple[str, ...]:
    """Return the names in earlier headers that stand for the words that an entry has now, the earliest first.

    Args:
        versions: the entry's file before each confirmation.
    """
    if entry.approval is None or not entry.approval_holds:
        return ()
    approvals = (file_format.read(entry.path, data).approval for data in versions)
    same = (each.by for each in approvals if each is not None and each.text == entry.approval.text)
    return tuple(dict.fromkeys(same))
