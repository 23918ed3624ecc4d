"""What a person has seen of a base, on this computer: up to which commit, when, and which notes of colleagues."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from kbtui.entry.event import stamp
from kbtui.entry.model import Person
from kbtui.store import atomic


@dataclass(frozen=True, slots=True)
class Mark:
    """Up to where somebody has seen what there is.

    Attributes:
        commit: the last commit of which they have been told; empty where that is not known.
        at: when, ISO.
        events: the ids of thank-yous, hints and questions that were for them.
    """

    commit: str = ""
    at: str = ""
    events: frozenset[str] = frozenset()


class Seen:
    """One person's mark.

    Args:
        state: the folder in which this computer keeps what is not in the base.
        person: whose it is; several people may use one computer.
    """

    def __init__(self, state: Path, person: Person | None) -> None:
        self._file = state / f"seen-{file_name(person)}.json"

    def read(self) -> Mark:
        """Return the mark; one that is missing or damaged has seen nothing."""
        try:
            values = json.loads(self._file.read_bytes())
            dt.datetime.fromisoformat(values["at"])
            return Mark(str(values["commit"]), values["at"], frozenset(map(str, values["thanks"])))
        except (OSError, ValueError, KeyError, TypeError):
            return Mark()

    def write(self, commit: str, at: dt.datetime, events: frozenset[str]) -> None:
        """Keep what has been seen now, and the events that were seen before.

        Raises:
            NotSavedError: the disk did not take it.
        """
        known = sorted(self.read().events | events)
        values = {"commit": commit, "at": stamp(at), "thanks": known}
        atomic.write(self._file, json.dumps(values).encode())


def file_name(person: Person | None) -> str:
    """Return what tells one reader of this computer from another, as part of a file's name."""
    text = person.key if person else ""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:10]
