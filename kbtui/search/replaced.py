"""Which entry says now what an archived one said (F9, F34)."""

from __future__ import annotations

from kbtui.entry.card import Card
from kbtui.entry.model import State
from kbtui.search.catalogue import Catalogue

_LONGEST_CHAIN = 5


def replacements(catalogue: Catalogue, old: Card) -> list[str]:
    """Return the paths of the entries that took an archived one's place, the nearest first.

    Those that were archived themselves are followed on; a chain that leads back to itself ends after five.
    """
    paths: list[str] = []
    name = old.replaced_by
    for _ in range(_LONGEST_CHAIN):
        found = catalogue.called(name) if name else []
        paths += found
        card = catalogue.cards(found).get(found[0]) if found else None
        name = card.replaced_by if card is not None and card.state is State.ARCHIVED else ""
    return paths
