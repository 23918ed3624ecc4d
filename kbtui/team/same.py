"""Open questions that were joined into one, because they ask the same (F12). Pure.

The one that was joined is archived, has no answer, and names the one that stands for it. All
that follows, callers and credit, is worked out from that each time: nothing is counted twice
where two computers join the same questions, and an undo takes everything back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kbtui.entry.card import Card
from kbtui.entry.model import State


def united(cards: Iterable[Card]) -> dict[str, str]:
    """Return which question stands for each of those that were joined into another, both by id.

    Chains are followed to their end; one that leads back to itself has none.
    """
    following = {card.id: card.replaced_by for card in cards if _is_joined(card)}
    found = {}
    for each in following:
        seen, last = {each}, following[each]
        while last in following and last not in seen:
            seen.add(last)
            last = following[last]
        if last not in seen:
            found[each] = last
    return found


def _is_joined(card: Card) -> bool:
    is_unanswered = not card.excerpt and card.authority is None
    return card.state is State.ARCHIVED and is_unanswered and bool(card.replaced_by) and not card.variant_of


def joined_paths(cards: Iterable[Card]) -> dict[str, list[str]]:
    """Return the files of the questions that were joined into another, by the id of that one."""
    cards = list(cards)
    stands_for = united(cards)
    found: dict[str, list[str]] = {}
    for card in cards:
        if card.id in stands_for and not card.variant_of:
            found.setdefault(stands_for[card.id], []).append(card.path)
    return found


def callers(joined: Mapping[str, int], stands_for: Mapping[str, str]) -> dict[str, int]:
    """Return how many callers joined each question, those counted in who asked or joined what was joined into it.

    Args:
        joined: as events say, by id.
        stands_for: as `united` says.
    """
    found = dict(joined)
    for each, other in stands_for.items():
        found[other] = found.get(other, 0) + 1 + joined.get(each, 0)
    return found
