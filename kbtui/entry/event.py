"""What people did with entries: one event, and the line of JSON it is kept as (DESIGN section 2).

Pure. Lines come from a repository that anybody may write into, so reading one never raises:
what is no event is None, texts are made printable and cut, and a kind that this version does
not know is kept as it is and counted by nobody.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kbtui.entry.identity import EVENTS_FOLDER, is_safe_id, slug
from kbtui.entry.model import Person
from kbtui.entry.text import clipped, one_line

LONGEST_LINE = 16 * 1024
"""Bytes of one line; a longer one is no event."""

_LONGEST_WORDS, _LONGEST_NAME = 500, 200
_MOST_REFS = 200
_KIND = re.compile(r"[a-z][a-z-]{0,31}")
_NO_WORDS = ("id", "at", "kind", "entry", "guard")
"""Keys of a line whose values are made by the tool: no words of a person stand there."""


class EventKind(StrEnum):
    """What happened. The values stand in the repository and never change."""

    USED = "used"
    FLAG = "flag"
    FLAG_CLOSED = "flag-closed"
    THANKS = "thanks"
    JOINED = "joined"
    MISS = "miss"
    ACKNOWLEDGED = "acknowledged"
    CAPTURED = "captured"
    COACHED = "coached"
    FOUND_GOOD = "found-good"
    IDEA_RAISED = "idea-raised"
    IDEA_TRYING = "idea-trying"
    IDEA_IN_PRACTICE = "idea-in-practice"
    IDEA_DROPPED = "idea-dropped"
    SAMPLED = "sampled"
    SENT = "sent"
    TAKEN_BACK = "taken-back"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that somebody did with an entry.

    Attributes:
        id: identity; the same event in two files is one event.
        at: when, in UTC, by that computer's clock; earlier versions of kbtui noted whole seconds.
        kind: a value of `EventKind`, or one of a later version.
        entry: the entry's id; empty for a miss.
        words: the words searched, the reason of a flag, a thank-you, a caller's words; one line.
        ticket: the ticket it belongs to, or empty (F20).
        refs: the addresses that a thank-you, a coaching note or a question sent is for, the ids of flags closed, the
            digest of the words acknowledged, used or found good; for what is taken back, the event's id; for a question
            joined and for what is taken back, the save that went with it.
        guard: kinds of personal data that somebody let stay in the words, in fixed words.
    """

    id: str
    at: dt.datetime
    person: Person
    kind: str
    entry: str = ""
    words: str = ""
    ticket: str = ""
    refs: tuple[str, ...] = ()
    guard: str = ""

    @property
    def line(self) -> str:
        """The event as one line of JSON, without the line end; what is empty is left out."""
        values: dict[str, object] = {"id": self.id, "at": _written(self.at), "kind": str(self.kind)}
        values |= {
            "entry": self.entry,
            "by": {"name": self.person.name, "email": self.person.email},
            "words": self.words,
        }
        values |= {"ticket": self.ticket, "refs": list(self.refs), "guard": self.guard}
        return json.dumps({key: value for key, value in values.items() if value}, ensure_ascii=False)


def stamp(at: dt.datetime) -> str:
    """Return a time to be compared as text: ISO 8601 in UTC, always to the microsecond, so text order is time order."""
    return f"{at.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _written(at: dt.datetime) -> str:
    """Return a time as a line has it; a whole second has no fraction, so an earlier version's line stays as it is."""
    return f"{at.astimezone(dt.UTC).replace(tzinfo=None).isoformat()}Z"


def file_of(event: Event, machine: str) -> str:
    """Return the path, below the base's folder, of the file that one person on one computer appends to in a month."""
    return f"{EVENTS_FOLDER}/{slug(event.person.name)}-{machine}/{stamp(event.at)[:7]}.jsonl"


def read(line: bytes) -> Event | None:
    """Return the event in a line; None where it is none. Never raises."""
    values = _values(line)
    if values is None:
        return None
    try:
        return _event(values)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def texts(line: bytes) -> tuple[str, list[str]]:
    """Return what the guard should look at in a line: the words of a person, and every other text in it.

    A line that is no JSON object is one text of the second kind.
    """
    values = _values(line)
    if values is None:
        return "", [line.decode("utf-8", "replace")]
    words = "\n".join(str(values[key]) for key in ("words", "ticket") if key in values)
    rest = {key: value for key, value in values.items() if key not in ("words", "ticket", *_NO_WORDS)}
    return words, [*_strings(rest)]


def _values(line: bytes) -> Mapping[str, object] | None:
    if len(line) > LONGEST_LINE:
        return None
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key)
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif value is not None:
        yield str(value)


def _event(values: Mapping[str, object]) -> Event:
    """Return the event that the values of a line make.

    Raises:
        KeyError, TypeError, ValueError: they make none.
    """
    by = values["by"]
    if not isinstance(by, Mapping):
        raise TypeError("nobody did it")
    refs = values.get("refs", [])
    if not isinstance(refs, list):
        raise TypeError("refs is no list")
    return Event(
        id=_safe(values["id"]),
        at=_time(values["at"]),
        person=Person(_text(by["name"], _LONGEST_NAME) or "somebody", _text(by["email"], _LONGEST_NAME)),
        kind=_kind(values["kind"]),
        entry=_safe(values["entry"]) if values.get("entry") else "",
        words=_text(values.get("words", ""), _LONGEST_WORDS),
        ticket=_text(values.get("ticket", ""), _LONGEST_NAME),
        refs=tuple(_text(ref, _LONGEST_NAME) for ref in refs[:_MOST_REFS]),
        guard=_text(values.get("guard", ""), _LONGEST_NAME),
    )


def _text(value: object, longest: int) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is something else")
    return clipped(one_line(value), longest)


def _safe(value: object) -> str:
    if not isinstance(value, str) or not is_safe_id(value):
        raise ValueError("that is no id")
    return value


def _kind(value: object) -> str:
    if not isinstance(value, str) or not _KIND.fullmatch(value):
        raise ValueError("that is no kind")
    return value


def _time(value: object) -> dt.datetime:
    if not isinstance(value, str):
        raise TypeError("the time is no text")
    at = dt.datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError("the time says no zone")
    return at.astimezone(dt.UTC)
