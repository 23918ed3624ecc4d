"""What one person has learnt by heart: kept on this computer only, never in a base.

One JSON file for each reader of this computer. A file that is missing or damaged knows
nothing: the worst that happens is that something is asked again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from kbtui.entry.model import Person
from kbtui.store import atomic
from kbtui.store.seen import file_name


class Scores:
    """The scores of one person.

    Args:
        state: the folder in which this computer keeps what is not in the base.
        person: whose they are.
    """

    def __init__(self, state: Path, person: Person | None) -> None:
        self._file = state / f"drill-{file_name(person)}.json"

    def read(self) -> dict[str, Mapping[str, object]]:
        """Return what was kept, by card; what is no score is left out."""
        try:
            values = json.loads(self._file.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        kept = values if isinstance(values, dict) else {}
        return {card: score for card, score in kept.items() if isinstance(score, dict)}

    def keep(self, card: str, score: Mapping[str, object]) -> None:
        """Keep what is known of one card now.

        Raises:
            NotSavedError: the disk did not take it; what was known before is still there.
        """
        atomic.write(self._file, json.dumps(self.read() | {card: score}).encode())
