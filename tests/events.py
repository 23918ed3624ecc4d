"""Events for tests, and where they are kept."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from kbtui.entry.event import Event
from kbtui.entry.model import Person
from tests.helpers import ANA

NOON = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)


def event(
    name: str = "event222",
    kind: str = "used",
    entry: str = "refund22",
    by: Person = ANA,
    at: dt.datetime = NOON,
    words: str = "",
    refs: tuple[str, ...] = (),
) -> Event:
    """Return an event of Ana's."""
    return Event(name, at, by, kind, entry, words, refs=refs)


def lines_of(base: Path) -> list[str]:
    """Return every line of every event file of a base, as a text editor shows them."""
    files = sorted((base / "events").rglob("*.jsonl"))
    return [line for file in files for line in file.read_text("utf-8").splitlines()]


def kinds_of(base: Path) -> list[str]:
    """Return the kinds of the events in a base's files."""
    return [json.loads(line)["kind"] for line in lines_of(base)]
