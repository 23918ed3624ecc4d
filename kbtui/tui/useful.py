"""What is useful before anything is typed: what waits, what is asked for, what everybody should know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kbtui.entry.card import Card
from kbtui.entry.model import State
from kbtui.store.drafts import Draft
from kbtui.team.uses import Counts, Demand

_MOST = 10
"""Entries of one section; what is not there is a search away."""

LOOKED_AT = 50
"""Open questions looked at beside those that callers wait for: pinned ones stand elsewhere."""


@dataclass(frozen=True, slots=True)
class Section:
    """Entries that are shown together, with what the team's calls say of each; or drafts to be finished."""

    title: str
    rows: tuple[tuple[Card, Demand], ...] = ()
    drafts: tuple[Draft, ...] = ()


def useful_now(cards: Sequence[Card], counts: Counts, drafts: Sequence[Draft]) -> list[Section]:
    """Return the sections of the first screen, the most urgent first; those that would be empty are left out."""
    by_id = {card.id: card for card in cards}
    open_ones = [card for card in cards if card.state is State.OPEN and not card.trouble and not card.pinned]
    open_ones.sort(key=lambda card: (-counts.joined.get(card.id, 0), card.path))
    used = [by_id[each] for each in counts.busiest if each in by_id]
    sections = [
        Section("To finish", drafts=tuple(drafts[:_MOST])),
        _section("Pinned", (card for card in cards if card.pinned and card.state is not State.ARCHIVED), counts),
        _section("Waiting for an answer", open_ones, counts),
        _section("Most used this week", (card for card in used if card.state is not State.ARCHIVED), counts),
    ]
    return _once([section for section in sections if section.rows or section.drafts])


def _section(title: str, cards: Iterable[Card], counts: Counts) -> Section:
    return Section(title, tuple((card, counts.of(card.id, card.state)) for card in [*cards][:_MOST]))


def _once(sections: Sequence[Section]) -> list[Section]:
    """Leave an entry out where it stands above already; a row is named by its path."""
    seen: set[str] = set()
    found = []
    for section in sections:
        rows = tuple(row for row in section.rows if row[0].path not in seen)
        seen |= {card.path for card, _ in rows}
        found += [Section(section.title, rows, section.drafts)] if rows or section.drafts else []
    return found
