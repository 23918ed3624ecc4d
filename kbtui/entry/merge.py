"""Bringing together two versions of one entry, value by value, so that no word is lost.

What a person changed is found by comparing their version with the one they opened, and is
applied to the version that is there now. Where both changed the same words, the version
that is there stays and the other one is kept whole as a variant (FAULTS 5, 40-42).
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from typing import Any

from kbtui.entry import file_format
from kbtui.entry.model import Entry, EntryChange
from kbtui.errors import RefusedError

_LISTS = ("tags", "asked_as")
_NAMES = tuple(item.name for item in fields(EntryChange) if item.name not in ("state", "approval"))


@dataclass(frozen=True)
class Merged:
    """The outcome: what the entry's file holds, and the version kept beside it, if one had to be."""

    content: bytes
    variant: bytes | None = None


def merge(base: bytes | None, there: bytes, mine: bytes) -> Merged:
    """Return `there` with what `mine` changed since `base`.

    Args:
        base: the version that `mine` was made from; None where it was a new file.
        there: the version that is in the base now.
        mine: the version somebody saved.
    """
    if mine in (there, base):
        return Merged(there)
    if there == base:
        return Merged(mine)
    if base is None:
        return Merged(there, mine)
    try:
        return _by_value(base, there, mine)
    except RefusedError:
        return Merged(there, mine)


def without(before: bytes, after: bytes, there: bytes) -> Merged:
    """Return `there` without what was changed from `before` to `after`; what was changed since stays (F36).

    Args:
        before: the version before the change that is taken back.
        after: the version after it.
        there: the version that is in the base now.

    Returns:
        the new content; with `before` as the variant where not everything could be taken back,
        because somebody has changed the same words since.
    """
    if there == after:
        return Merged(before)
    old, new, now = (file_format.read("undo.md", data) for data in (before, after, there))
    if not (old.readable and new.readable and now.readable):
        return Merged(there, before)
    wanted, is_contested = _three_way(_changes(new, old), new, now)
    try:
        return Merged(file_format.change(there, EntryChange(**wanted)), before if is_contested else None)
    except RefusedError:
        return Merged(there, before)


def chosen(base: bytes | None, there: bytes, version: bytes) -> bytes:
    """Return `there` with what `version` has changed, also where both have changed the same words.

    Args:
        base: the version that both were made from; None where nobody knows it.
        there: the version that is in the base now; what only it has changed stays.
        version: the one that somebody has chosen; it is taken whole where its changes are no single values.
    """
    if base is None or not is_by_value(base, version):
        return version
    old, other, own = (file_format.read("merge.md", data) for data in (base, there, version))
    wanted = _changes(old, own)
    for name in _LISTS:
        if name in wanted:
            wanted[name] = _three_way_list(getattr(old, name), getattr(other, name), wanted[name])
    try:
        return file_format.change(there, EntryChange(**wanted))
    except RefusedError:
        return version


def _by_value(base: bytes, there: bytes, mine: bytes) -> Merged:
    old, other, own = (file_format.read("merge.md", data) for data in (base, there, mine))
    if not (old.readable and other.readable and own.readable):
        return Merged(there, mine)
    changed = _changes(old, own)
    if not is_by_value(base, mine):
        return Merged(there, mine)
    wanted, is_contested = _three_way(changed, old, other)
    return Merged(file_format.change(there, EntryChange(**wanted)), mine if is_contested else None)


def is_by_value(base: bytes, version: bytes) -> bool:
    """Whether what was changed since `base` is values of the entry and nothing else, such as a comment."""
    old, new = (file_format.read("merge.md", data) for data in (base, version))
    if not (old.readable and new.readable):
        return False
    try:
        return file_format.change(base, EntryChange(**_changes(old, new))) == version
    except RefusedError:
        return False


def changed_values(base: bytes, version: bytes) -> frozenset[str]:
    """Return the names of the values that differ between two versions; of an unreadable one, all of them."""
    old, new = (file_format.read("merge.md", data) for data in (base, version))
    if not (old.readable and new.readable):
        return frozenset((*_NAMES, "state", "approval"))
    return frozenset(_changes(old, new))


def _changes(old: Entry, new: Entry) -> dict[str, Any]:
    changed = {name: getattr(new, name) for name in _NAMES if getattr(new, name) != getattr(old, name)}
    if new.declared != old.declared:
        changed["state"] = new.declared
    if new.approval != old.approval:
        changed["approval"] = new.approval
    return changed


def _three_way(changed: dict[str, Any], old: Entry, other: Entry) -> tuple[dict[str, Any], bool]:
    """Return the values to apply to `other`, and whether the same words were changed on both sides."""
    wanted: dict[str, Any] = {}
    is_contested = False
    theirs = _changes(old, other)
    for name, value in changed.items():
        if name in _LISTS:
            wanted[name] = _three_way_list(getattr(old, name), getattr(other, name), value)
        elif name not in theirs or theirs[name] == value:
            wanted[name] = value
        elif name == "approval" and value is not None and theirs[name] is not None and value.text == theirs[name].text:
            wanted[name] = min(value, theirs[name], key=astuple)  # two people have confirmed the same words
        else:
            is_contested = True
    return wanted, is_contested


def _three_way_list(old: tuple[str, ...], other: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
    """Return what both kept and either added, in the order of `other`, then of `own`."""
    kept = [item for item in other if item in own or item not in old]
    return tuple(dict.fromkeys([*kept, *(item for item in own if item not in old)]))
