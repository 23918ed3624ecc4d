"""What `git log` says of commits, read as bytes come: who, when, which trailers, which files.

Trailers are what git itself takes for trailers: the last paragraph of a message, and only if
it is one. Words in the middle of a message are nobody's trailers (FAULTS 69).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from kbtui.entry.text import one_line

FORMAT = "--format=%x00%H%x00%an%x00%ae%x00%at%x00%(trailers:only=true,unfold=true)%x00"
"""Names and addresses as they stand in the commit: `.mailmap` may change at any time, a commit does not."""

SETTINGS = ("log.showRoot=true", "log.follow=false", "trailer.separators=:")
"""Settings of a user under which git would answer otherwise."""

OPTIONS = ("--no-show-signature", "--encoding=UTF-8", "-z", "--name-status", "--no-relative", FORMAT)
IN_ORDER = ("--no-merges", "--topo-order")
"""Ordered by which commit builds on which, never by anybody's clock (FAULTS 57)."""

ACTION, SAVE, CO_AUTHOR, REVIEWER = "kb-action", "kb-save-id", "co-authored-by", "reviewed-by"
_TELLING = frozenset((ACTION, SAVE, CO_AUTHOR, REVIEWER))

MOVES = ("-M50%", "-l1000")
"""A file that is gone and one that is new in one commit are the same if they share half of their text: git's rule."""

Progress = Callable[[int, int], None]
"""Told now and then how many commits of how many have been read."""

_LAST_SECOND = 253_402_300_799
"""The end of the year 9999, after which Python knows no date."""


@dataclass(frozen=True, slots=True)
class Touch:
    """One file in one commit.

    Attributes:
        path: the file's name after it, below git's top folder; a file that is gone has its last name.
        moved_from: the name it had before, where the commit moved it.
        is_new: whether no file had this name before.
    """

    path: str
    moved_from: str = ""
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Logged:
    """One commit as the log has it.

    Attributes:
        commit: its id.
        name: the author's, as it stands there, printable.
        at: seconds since 1970 by the author's clock.
        trailers: one a line.
    """

    commit: str
    name: str
    email: str
    at: int
    trailers: str
    touches: tuple[Touch, ...]


def logged(chunks: Iterable[bytes]) -> Iterator[Logged]:
    """Yield the commits in what `git log` writes with `OPTIONS`, in its order; chunks may end anywhere."""
    tokens = _tokens(chunks)
    next(tokens, "")
    while commit := next(tokens, ""):
        name, email, at, trailers, _ = (next(tokens, "") for _ in range(5))
        touches = tuple(_touches(takewhile(bool, tokens)))  # the empty one that ends them begins the next commit
        yield Logged(commit, one_line(name), one_line(email), seconds(at), trailers, touches)


def trailers_of(text: str) -> dict[str, list[str]]:
    """Return the values of the trailers that tell of a change, printable, by the trailer's name in small letters."""
    values: dict[str, list[str]] = {}
    for line in text.split("\n"):
        key, _, value = line.partition(":")
        kind = key.strip().casefold()
        if kind in _TELLING and (clean := one_line(value)):
            values.setdefault(kind, []).append(clean)
    return values


def _tokens(chunks: Iterable[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\0")
        for token in whole:
            yield token.decode("utf-8", "surrogateescape")


def _touches(words: Iterable[str]) -> Iterator[Touch]:
    """Read `M`, name and `R100`, name before, name after; the first one stands on a line of its own."""
    each = iter(words)
    for status in each:
        kind = status.lstrip("\n")[:1]
        path = next(each, "")
        if kind in ("R", "C"):
            before, path = path, next(each, "")
            yield Touch(path, before if kind == "R" else "", is_new=True)
            if kind == "R":
                yield Touch(before)
        else:
            yield Touch(path, is_new=kind == "A")


def seconds(text: str) -> int:
    """Return a commit's time, which may be any text; what Python knows no date for is the last one it knows."""
    digits = text.strip()
    return min(int(digits), _LAST_SECOND) if digits.isdecimal() else 0
