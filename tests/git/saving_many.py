"""A process that saves many entries: `python -m tests.git.saving_many ROOT NAME COUNT [PATH OPENED]`.

With PATH it adds a phrasing to that one entry each time, always from the version in the file OPENED;
without, it saves a new entry each time. It prints a JSON list of [path, saved, variant].
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from kbtui.entry.model import EntryChange, NewEntry
from kbtui.git.saver import BaseLock
from kbtui.knowledge import Knowledge
from tests.helpers import parts_of

_PATIENCE = 600.0
"""Seconds for which one waits for the others: on a crowded computer, a minute is not enough for all of them."""


def main(root: Path, name: str, count: int, path: str = "", opened: str = "") -> None:
    """Save, and print what became of each."""
    BaseLock.__init__.__defaults__ = (_PATIENCE,)  # a lock hands nobody a number to wait with
    knowledge = Knowledge(parts_of(root, {"KBTUI_PERSON": f"{name} <{name}@example.com>"}))
    known = Path(opened).read_bytes() if path else b""
    done = []
    for number in range(count):
        if path:
            asked_as = ("where is my money", f"phrasing {number} of {name}")
            saved = knowledge.change(path, EntryChange(asked_as=asked_as), known)
        else:
            saved = knowledge.new(NewEntry(f"Question {number} of {name}?", f"Answer {number} of {name}."))
        done.append([saved.entry.path, saved.is_committed, saved.variant])
    sys.stdout.write(json.dumps(done))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), *sys.argv[4:])
