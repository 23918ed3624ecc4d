"""Bringing together what two computers made of one file, the same on whichever computer it is done.

Unlike a save (`kbtui.entry.merge.merge`), a sync has no "mine": every computer must come to
the same bytes (FAULTS 46). So the two sides are put into an order that depends on their
bytes alone, and one is applied to the other, value by value. Where both changed the same
words, the side that comes first stays and the other one is kept whole as a variant.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from kbtui.entry import file_format, identity
from kbtui.entry.merge import Merged, is_by_value, merge


@dataclass(frozen=True, slots=True)
class Joined:
    """The outcome: what the file holds, and the version kept beside it, if one had to be."""

    content: bytes
    variant: bytes | None = None


def join_entries(base: bytes | None, one: bytes, other: bytes) -> Joined:
    """Return one entry out of two versions of it; which is `one` and which `other` makes no difference.

    Args:
        base: the version that both were made from; None where both are new.
    """
    if one == other or other == base:
        return Joined(one)
    if one == base:
        return Joined(other)
    first, second = sorted((one, other), key=lambda version: _rank(base, version))
    merged = _merged(base, first, second)
    return Joined(merged.content, merged.variant)


def set_apart(path: str, base: bytes | None, one: bytes, other: bytes) -> tuple[bytes, str, bytes] | None:
    """Tell two entries that have come to one path from two versions of one entry (FAULTS 44).

    Returns:
        The entry that stays at the path, and path and bytes of the other one; None for two versions of one.
    """
    if base is not None:
        return None
    first, second = sorted((one, other), key=lambda version: _rank(None, version))
    stays, goes = (file_format.read(path, version) for version in (first, second))
    if not (stays.readable and goes.readable) or stays.id == goes.id:
        return None
    return first, identity.path_apart(path, second, goes.id), second


def _merged(base: bytes | None, first: bytes, second: bytes) -> Merged:
    """Apply `second` to `first`; whatever goes wrong, both versions are kept."""
    try:
        return merge(base, first, second)
    except (ValueError, RecursionError):
        return Merged(first, second)


def _rank(base: bytes | None, version: bytes) -> tuple[bool, bool, bool, bool, bytes]:
    """Return what puts versions in order: the one that should stay comes first.

    One that parses beats one that does not; one whose changes are no single values (a
    comment, a key of the team's own) has the other applied to it; a confirmed answer beats
    an unconfirmed one, any answer beats none; and then the bytes decide.
    """
    entry = file_format.read("join.md", version)
    is_free = base is None or not is_by_value(base, version)
    digest = hashlib.sha256(version).digest()
    return not entry.readable, not is_free, not entry.approval_holds, not entry.answer.strip(), digest


def join_lines(base: bytes, one: bytes, other: bytes) -> bytes:
    """Return the lines of two versions of an event file, which only ever grows: every line of either, once.

    What the base had comes first, then what is new, in the order of the bytes.
    """
    known = dict.fromkeys(_lines(base))
    new = sorted({*_lines(one), *_lines(other)} - known.keys())
    return b"".join(line + b"\n" for line in (*known, *new))


def _lines(data: bytes) -> list[bytes]:
    return [line for line in data.split(b"\n") if line]


def kept_beside(path: str, content: bytes) -> str:
    """Return where the other version of the entry at `path` is kept; one of a variant stands beside its entry."""
    return identity.variant_path(identity.variant_of(path) or path, content)
