"""The save journal: what a rep saved, kept outside the repository until git has it.

A save is acknowledged when its record is on this disk, forced through every cache
(FAULTS 2). From then on it is replayed, in order, until it is in the base's history; a
record says enough to do so without the process that wrote it, and even without the clone.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from kbtui.entry.model import Person
from kbtui.store import atomic

_BYTES = ("base", "content", "written")


class Beside(NamedTuple):
    """Another version of the entry that a save takes away, or brings back, together with what it writes.

    Attributes:
        path: its file, POSIX, below the base's folder.
        before: its bytes before the save; None where it was not there.
        after: its bytes after it; None where it goes.
    """

    path: str
    before: bytes | None
    after: bytes | None


class SaveRecord(NamedTuple):
    """One file as somebody saved it.

    Attributes:
        save_id: names the save in the journal, in the commit and in the operation log.
        sequence: nanoseconds since 1970 on this computer's clock; orders the records.
        action: the verb of the commit, such as "ask" or "edit".
        entry_id: identity of the entry.
        path: POSIX path below the base's folder.
        base: the bytes the person had opened; None for a new file.
        content: the bytes to be saved.
        written: the bytes that were put into the working folder, merged if need be; None before that.
        guard: the kinds of personal data that the person let stay, in fixed words; empty for none.
        beside: versions kept beside the entry that go or come with the save.
        with_people: whose words these are as well, or instead (`kbtui.team.credit`).
    """

    save_id: str
    sequence: int
    action: str
    entry_id: str
    path: str
    base: bytes | None
    content: bytes
    person: Person
    written: bytes | None = None
    guard: str = ""
    beside: tuple[Beside, ...] = ()
    with_people: tuple[Person, ...] = ()


_PAIR = re.compile(r"(?P<deed>.+)-(?P<half>[ab])")


def paired(save_id: str) -> tuple[str, str]:
    """Return the ids of the two saves of a deed that changes two entries."""
    return f"{save_id}-a", f"{save_id}-b"


def other_of_pair(save_id: str) -> str:
    """Return the id of the save that belongs to the same deed, or nothing where a deed is one save."""
    found = _PAIR.fullmatch(save_id)
    if found is None:
        return ""
    first, second = paired(found["deed"])
    return second if save_id == first else first


class Journal:
    """The records of one base, one file each.

    Args:
        folder: where they are kept; made when the first record is written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, record: SaveRecord) -> None:
        """Write a record, forced to the disk.

        Raises:
            NotSavedError: the disk did not take it.
        """
        atomic.write(self._place(record), _encoded(record))

    def mark_written(self, record: SaveRecord, written: bytes) -> SaveRecord:
        """Note which bytes have reached the working folder."""
        marked = record._replace(written=written)
        self.keep(marked)
        return marked

    def is_pending(self, record: SaveRecord) -> bool:
        """Whether the record is still to be done; another process may have done it."""
        return self._place(record).exists()

    def pending(self) -> list[SaveRecord]:
        """Return the records still to be done, oldest first. Damaged ones are set aside, not lost."""
        if not self._folder.is_dir():
            return []
        names = sorted(path for path in self._folder.iterdir() if path.suffix == ".json")
        return [record for record in map(self._read, names) if record is not None]

    def after_all(self, sequence: int) -> int:
        """Return a place in the order that comes after every record, also where the clock was set back (FAULTS 57).

        Args:
            sequence: the place that the clock gives.
        """
        return max([sequence, *(record.sequence + 1 for record in self.pending())])

    def finish(self, record: SaveRecord) -> None:
        """Forget a record whose bytes are in the base's history."""
        self._place(record).unlink(missing_ok=True)

    def _place(self, record: SaveRecord) -> Path:
        return self._folder / f"{record.sequence:020d}-{record.save_id}.json"

    def _read(self, path: Path) -> SaveRecord | None:
        try:
            return _decoded(json.loads(path.read_bytes()))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):
            path.replace(path.with_suffix(".damaged"))
            return None


def _encoded(record: SaveRecord) -> bytes:
    values = record._asdict() | {name: _as_text(getattr(record, name)) for name in _BYTES}
    values["person"] = asdict(record.person)
    values["with_people"] = [*map(asdict, record.with_people)]
    values["beside"] = [
        {"path": each.path, "before": _as_text(each.before), "after": _as_text(each.after)} for each in record.beside
    ]
    return json.dumps(values, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")


def _decoded(values: Mapping[str, object]) -> SaveRecord:
    data = dict(values)
    person = data.pop("person")
    if not isinstance(person, dict) or not isinstance(data["content"], dict):
        raise TypeError("a journal record has an unknown shape")
    kept = {name: _as_bytes(data.pop(name, None)) for name in _BYTES}
    beside = tuple(map(_decoded_beside, _list(data.pop("beside", []))))
    people = tuple(Person(**each) for each in _list(data.pop("with_people", [])))
    return SaveRecord(**data, **kept, person=Person(**person), beside=beside, with_people=people)  # type: ignore[arg-type]


def _list(value: object) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise TypeError("a journal record has an unknown shape")
    return value


def _decoded_beside(values: Mapping[str, object]) -> Beside:
    return Beside(str(values["path"]), _as_bytes(values["before"]), _as_bytes(values["after"]))


def _as_text(data: bytes | None) -> dict[str, str] | None:
    """Keep text readable, for the day somebody has to read a journal by eye."""
    if data is None:
        return None
    try:
        return {"text": data.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


def _as_bytes(value: object) -> bytes | None:
    if not isinstance(value, dict):
        return None
    return value["text"].encode("utf-8") if "text" in value else base64.b64decode(value["base64"])
