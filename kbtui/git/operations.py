"""The operation log: what kbtui did to the history on this computer, a JSON line each, and never anybody's words.

Saves are found in it by their id, by whoever waits for one (`kbtui.git.saver`); a lead reads the rest.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

from kbtui.git.repository import Repository


def log_of(repository: Repository) -> Path:
    """Return the file of the log."""
    return repository.own_folder / "operations.jsonl"


def line_of(repository: Repository, save_id: str) -> dict[str, object] | None:
    """Return the last line about a save; None where this computer has not done it, or its log is gone."""
    return lines_of(repository, [save_id]).get(save_id)


def lines_of(repository: Repository, save_ids: Collection[str]) -> dict[str, dict[str, object]]:
    """Return the last line about each save that this computer has done, by its id."""
    try:
        text = log_of(repository).read_text("utf-8", "replace") if save_ids else ""
    except OSError:
        return {}
    found: dict[str, dict[str, object]] = {}
    for line in reversed(text.splitlines()):
        wanted = next((each for each in save_ids if each not in found and f'"save": "{each}"' in line), "")
        if not wanted:
            continue
        said = None
        with suppress(ValueError):
            said = json.loads(line)
        if isinstance(said, dict):
            found[wanted] = said
            if len(found) == len(save_ids):
                break
    return found


def note(repository: Repository, line: Mapping[str, object]) -> None:
    """Add a line. A log that cannot be written holds nothing up."""
    with suppress(OSError), log_of(repository).open("a", encoding="utf-8") as log:
        log.write(json.dumps(line) + "\n")
