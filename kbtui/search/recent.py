"""What was used lately is kept; what was not goes, half of all at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """A memory in two halves: what is found in the older one is taken over into the newer one.

    When the newer one is full it becomes the older one, and what nobody has asked for since is gone. A list in the
    order of use would be more exact, and would have to be written for each of the dozens that every search asks for.

    Args:
        most: the weight of one half.
        weigh: returns the weight of one thing.
    """

    def __init__(self, most: int, weigh: Callable[[V], int] = lambda _: 1) -> None:
        self._most = most
        self._weigh = weigh
        self._weight = 0
        self._newer: dict[K, V] = {}
        self._older: dict[K, V] = {}

    def get(self, keys: Collection[K], read: Callable[[list[K]], dict[K, V]]) -> dict[K, V]:
        """Return the things that some keys stand for, in the order of the keys.

        Args:
            read: returns what is not known, as far as there is such a thing.
        """
        newer = self._newer
        try:
            return {key: newer[key] for key in keys}
        except KeyError:
            self._take_in([key for key in keys if key not in newer], read)
        if self._weight > self._most:
            self._older, self._newer, self._weight = newer, {}, 0
        return {key: newer[key] for key in keys if key in newer}

    def _take_in(self, keys: list[K], read: Callable[[list[K]], dict[K, V]]) -> None:
        found = {key: self._older[key] for key in keys if key in self._older}
        if unknown := [key for key in keys if key not in found]:
            found |= read(unknown)
        self._newer |= found
        self._weight += sum(map(self._weigh, found.values()))
