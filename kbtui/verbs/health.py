"""Where the base needs care (F45), read from the index, the events, and the files that name other entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from kbtui.entry.card import Card
from kbtui.errors import KbError
from kbtui.freshness import Freshness, Progress
from kbtui.team.checks import Finding, broken_links
from kbtui.team.health import Measure, doubled, leading_nowhere, measures

if TYPE_CHECKING:
    from kbtui.parts import Parts

_NAMES_OTHERS = (b".md", b"replaced_by")
"""What stands in a file that names another entry; the others need not be parsed. `kbtui check` reads all."""


class Health:
    """Examines one base.

    Args:
        parts: the library's parts.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def at_once(self) -> list[Measure]:
        """Return what is known without reading a file."""
        return measures(self._cards(), self._parts.tally.counts(), self._parts.now().date())

    def examined(self, progress: Progress) -> list[Measure]:
        """Return what takes a look at every entry: suspected duplicates, and links that lead nowhere."""
        cards = self._cards()
        pairs = self._parts.index.duplicates(progress) if cards else []
        close = ((each.one, each.other, each.closeness) for each in pairs)
        return [doubled(close), leading_nowhere(self._broken(cards), cards)]

    def _broken(self, cards: Sequence[Card]) -> Iterator[Finding]:
        paths, ids = {card.path for card in cards}, {card.id for card in cards}
        naming = [card.path for card in cards if self._names_others(card.path)]
        for entry, _ in Freshness(self._parts.files, self._parts.index).read(naming):
            yield from broken_links(entry, paths, ids)

    def _names_others(self, path: str) -> bool:
        with suppress(KbError):  # it may be gone by now, or something else than a file
            data = self._parts.files.read(path)
            return any(sign in data for sign in _NAMES_OTHERS)
        return False

    def _cards(self) -> list[Card]:
        index = self._parts.index
        return index.all_cards() if index.is_usable() else []
