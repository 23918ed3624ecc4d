"""Has this been asked already? How close two questions are, beside how close different ones usually are.

No fixed threshold carries over from one base to another: in a base about one product all
questions are close. So the usual closeness is measured on the base itself: for a sample of
its entries, how close the nearest other entry is. A question closer than nineteen in
twenty of these is probably asked already.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kbtui.entry.card import Card
from kbtui.errors import NotSavedError
from kbtui.search.result import Twins
from kbtui.store import atomic

if TYPE_CHECKING:
    from kbtui.search.finder import Finder, Meaning

_SAMPLE = 150
_SHARE = 0.95
_FEWEST = 20
"""Entries below which a base is too small to say what is usual."""

_USUAL = 0.55
"""What is usual in a base too small to measure."""

_LEAST, _MOST = 0.35, 0.8
"""Where "close" begins at the earliest and at the latest: a base full of twins must not make them usual."""

_CHANGED = 0.2
"""Share of entries that may come or go until the usual closeness is measured anew."""

_NEIGHBOURS = 5


class Calibration:
    """Remembers what was measured, in a file that may be deleted.

    Args:
        file: JSON, beside the generations of the index.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self, entries: int, meaning: str) -> float | None:
        """Return the usual closeness, unless it was measured with another model or on a base of quite another size."""
        try:
            known = json.loads(self._file.read_bytes())
            usual, measured, model = float(known["usual"]), int(known["entries"]), known["meaning"]
        except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
            return None
        if not 0 < usual < 1:
            return None
        return usual if model == meaning and abs(entries - measured) <= _CHANGED * measured else None

    def write(self, usual: float, entries: int, meaning: str) -> None:
        """Keep it; where the disk does not take it, it is measured again next time."""
        try:
            atomic.write(self._file, json.dumps({"usual": usual, "entries": entries, "meaning": meaning}).encode())
        except NotSavedError:
            return


def usual_closeness(finder: Finder, calibration: Calibration, meaning: Meaning, model: str) -> float:
    """Return the closeness above which two questions of this base are probably one.

    Args:
        finder: searches the base.
        calibration: where it is remembered.
        meaning: how near entries are in meaning.
        model: the name of the model that says so, or empty.
    """
    entries = finder.view.live
    known = calibration.read(entries, model)
    if known is None:
        known = _measured(finder, meaning)
        calibration.write(known, entries, model)
    return known


def _measured(finder: Finder, meaning: Meaning) -> float:
    cards = finder.live()
    if len(cards) < _FEWEST:
        return _USUAL
    sample = cards[:: max(len(cards) // _SAMPLE, 1)]
    nearest = sorted(_nearest_other(finder, card, meaning) for card in sample)
    return min(max(nearest[int(len(nearest) * _SHARE)], _LEAST), _MOST)


def _nearest_other(finder: Finder, card: Card, meaning: Meaning) -> float:
    near = finder.near(card.question, 2, meaning=meaning)
    return next((score for other, score in near if other.path != card.path), 0.0)


def twins(finder: Finder, usual: float, meaning: Meaning, progress: Callable[[int, int], None]) -> list[Twins]:
    """Return pairs of live entries that are closer than usual, seen from both sides, the closest first."""
    cards = finder.live()
    found: dict[tuple[str, str], list[float]] = {}
    by_path = {card.path: card for card in cards}
    for place, card in enumerate(cards):
        for other, score in nearest_others(finder, card, meaning):
            one, two = sorted((card.path, other.path))
            found.setdefault((one, two), []).append(score)
        if place % 100 == 0:
            progress(place, len(cards))
    pairs = [
        Twins(by_path[one], by_path[two], round(both_ways(scores), 4))
        for (one, two), scores in found.items()
        if one in by_path and two in by_path and both_ways(scores) > usual
    ]
    return sorted(pairs, key=lambda pair: (-pair.closeness, pair.one.path, pair.other.path))


def nearest_others(finder: Finder, card: Card, meaning: Meaning) -> list[tuple[Card, float]]:
    """Return the entries whose questions are nearest to that of one, without itself, the nearest first."""
    near = finder.near(card.question, _NEIGHBOURS + 1, meaning=meaning)
    return [(other, score) for other, score in near if other.path != card.path]


def both_ways(scores: Sequence[float]) -> float:
    """Return how close two entries are, where only one may be among the other's nearest."""
    return sum(scores) / 2 if len(scores) > 1 else scores[0] * 0.8
