"""How sharing stands, in the words a rep may see (PRODUCT, F51): one honest line, and an explanation of it. Pure.

The line comes in several lengths, the longest first, so that a narrow window can show one
that fits; each of them is true by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kbtui.entry.text import counted

if TYPE_CHECKING:
    from kbtui.verbs.sharing import SharingStatus

_TROUBLED = ("waiting", "sign-in", "lead")


@dataclass(frozen=True, slots=True)
class Standing:
    """How sharing stands.

    Attributes:
        forms: the line in several lengths, the longest first; none where there is nothing to say.
        is_trouble: whether the team does not get what is written here for now.
    """

    forms: tuple[str, ...] = ()
    is_trouble: bool = False


def standing(status: SharingStatus, now: dt.datetime) -> Standing:
    """Return the line for a status; a base that nobody else has says nothing.

    Args:
        now: in UTC.
    """
    number = f"{status.waiting} waiting" if status.waiting else ""
    if status.outcome == "alone":
        return Standing()
    if status.outcome in _TROUBLED:
        short = status.words.partition(",")[0]
        return Standing(_lengths(_dotted(number, status.words), _dotted(number, short), number or short), True)
    when = f"last shared {ago(status.last_shared, now)}" if status.last_shared else ""
    if status.outcome == "review":
        return Standing(_lengths(_dotted(status.words, when), status.words))
    if number:
        return Standing(_lengths(_dotted(number, when), number))
    return Standing(_lengths(_dotted(status.words, when), when or status.words, status.words.partition(",")[0]))


def _lengths(*forms: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sorted(forms, key=len, reverse=True)))


def _dotted(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def ago(then: dt.datetime, now: dt.datetime) -> str:
    """Return how long ago something was, as one says it: "just now", "2 min ago", "3 h ago", "4 days ago"."""
    seconds = max(int((now - then).total_seconds()), 0)
    if seconds < 60:
        return "just now"
    if seconds < 3600:
        return f"{seconds // 60} min ago"
    if seconds < 48 * 3600:
        return f"{seconds // 3600} h ago"
    return f"{seconds // 86400} days ago"


def explained(status: SharingStatus, now: dt.datetime) -> Iterator[str]:
    """Yield how sharing stands, a sentence each: what waits, since when, why, and what to do."""
    if status.outcome == "alone":
        yield "Saved on this computer. Nobody else has this base yet."
        yield "A lead can put it where the team reaches it; then it is shared by itself."
        return
    yield status.words
    last = status.last_shared
    yield f"Last shared {ago(last, now)}, {last.astimezone():%A %H:%M}" if last else "Not shared yet"
    yield _waiting(status)
    yield from _why(status)


def noticed(status: SharingStatus) -> Iterator[str]:
    """Yield what is said once about trouble that only a lead can end, a sentence each."""
    yield f"{status.words}. Nothing is lost: go on working."
    yield f"For your lead: {status.hint}"


def _waiting(status: SharingStatus) -> str:
    if status.outcome == "review":
        return "A lead looks at what you wrote; the team has it after that."
    if not status.waiting:
        return "Nothing waits: the team has all that was saved here."
    these = counted(status.waiting, "save waits", "saves wait")
    return f"{these} on this computer. Nothing is lost."


def _why(status: SharingStatus) -> Iterator[str]:
    if status.outcome == "waiting":
        why = status.reason or "The team's copy does not answer."
        yield f"{why} There is nothing else to do: it is tried again by itself."
    elif status.outcome == "sign-in":
        yield "The team's copy does not let this computer in. Go on working, and tell your lead."
        yield f"For your lead: {status.hint}"
    elif status.outcome == "lead":
        yield f"Go on working, and tell your lead the code {status.code}."
        yield "For your lead: `kbtui sync --status` says what it means and what to do."
    elif status.reason:
        yield from held_up(status)


def held_up(status: SharingStatus) -> Iterator[str]:
    """Yield what is said, once a file, of what the team wrote and somebody's work keeps out, a sentence each."""
    yield status.reason
    yield "Nothing is lost. For your lead: `kbtui sync --status` says what to do."
