"""The operation log: what kbtui did to the history on this computer, a JSON line each, and never anybody's words.

Saves are found in it by their id, by whoever waits for one (`kbtui.git.saver`); a lead reads the rest.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from kbtui.git.repository import Repository


def log_of(repository: Repository) -> Path:
    """Return the file of the log."""
    return repository.own_folder / "operations.jsonl"


def line_of(repository: Repository, save_id: str) -> dict[str, object] | None:
    """Return the last line about a save; None where this computer has not done it, or its log is gone."""
    try:
        text = log_of(repository).read_text("utf-8", "replace")
    except OSError:
        return None
    for line in reversed(text.splitlines()):
        if f'"save": "{save_id}"' in line:
            with suppress(ValueError):
                found = json.loads(line)
                return found if isinstance(found, dict) else None
    return None


def note(repository: Repository, line: Mapping[str, object]) -> None:
    """Add a line. A log that cannot be written holds nothing up."""
    with suppress(OSError), log_of(repository).open("a", encoding="utf-8") as log:
        log.write(json.dumps(line) + "\n")
