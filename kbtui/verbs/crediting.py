"""Whose words helped, entry by entry (F37): the history of the whole base, joined with its entries.

Entries are looked at one by one and ordered by how often they helped. Nothing here counts
what a person wrote, and nothing puts people in an order (F41).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from kbtui.entry.card import Card
from kbtui.entry.model import Person, State
from kbtui.errors import KbError, NoPersonError
from kbtui.team.credit import (
    Credit,
    EntryCredit,
    Step,
    as_it_stands,
    credit_of,
    has_confirmation,
    merged,
    most_used_first,
    together,
    was_merged,
    with_approval,
    with_signers,
)
from kbtui.team.same import joined_paths
from kbtui.verbs.standing import Standings

if TYPE_CHECKING:
    from kbtui.parts import Parts


class Crediting:
    """Works credits out.

    Args:
        parts: the library's parts.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._standings = Standings(parts)
        self._before: Mapping[str, Sequence[bytes]] = {}

    def of_all(self, cards: Sequence[Card], uses: Mapping[str, int]) -> list[EntryCredit]:
        """Return the people behind the entries of these cards, those that helped most first.

        Entries without people are left out: starter entries, imports, files that are not committed.

        Args:
            cards: of the entries.
            uses: how often an entry helped, by its id.
        """
        histories, others = self._read(cards)
        found = (self._credited(card, histories, others, uses) for card in cards)
        return most_used_first(each for each in found if each.credit.people)

    def of_writer(self, cards: Sequence[Card], uses: Mapping[str, int]) -> list[EntryCredit]:
        """Return the entries that hold words of whoever is asking, and which part is theirs.

        Raises:
            NoPersonError: nobody has said who that is.
        """
        person = self._writer()
        histories, others = self._read(cards)
        found = (self._credited(card, histories, others, uses, person) for card in cards)
        return most_used_first(each for each in found if each.yours)

    def _read(self, cards: Sequence[Card]) -> tuple[dict[str, list[Step]], dict[str, list[Credit]]]:
        """Return the histories of entries, and whose words became part of others, by the id of the one that stays."""
        histories = self._parts.histories([card.path for card in cards])
        confirmed = [path for path, steps in histories.items() if has_confirmation(steps)]
        self._before = self._before_confirmations(confirmed) if confirmed else {}
        others = _merged(cards, histories)
        for entry_id, paths in joined_paths(cards).items():
            others.setdefault(entry_id, []).extend(credit_of(histories[path]) for path in paths)
        return histories, others

    def _before_confirmations(self, paths: Sequence[str]) -> Mapping[str, Sequence[bytes]]:
        from kbtui.verbs.confirmed import versions_before

        return versions_before(self._parts, self._parts.overview.changes(paths))

    def _writer(self) -> Person:
        person = self._parts.person()
        if person is None:
            raise NoPersonError("kbtui does not know your name yet.", 'Say it once: kbtui me "Your Name"')
        return self._parts.known_as(person)

    def _credited(
        self,
        card: Card,
        histories: Mapping[str, Sequence[Step]],
        others: Mapping[str, Sequence[Credit]],
        uses: Mapping[str, int],
        person: Person | None = None,
    ) -> EntryCredit:
        taken_in = others.get(card.id, ()) if not card.variant_of else ()
        credit = as_it_stands(together([self._credit(card, histories[card.path]), *taken_in]), card.state)
        yours = credit.parts_of(person) if person else ()
        used = uses.get(card.id, 0)
        return EntryCredit(card.path, card.id, card.question, used, credit, yours)

    def _credit(self, card: Card, steps: Sequence[Step]) -> Credit:
        """Return the credit of an entry; its file is read only where it says who confirmed it."""
        if card.state is State.VALIDATED:
            from kbtui.entry import file_format  # Markdown and YAML are slow to load
            from kbtui.verbs.confirmed import confirmed_before

            with suppress(KbError):  # it may be gone by now
                entry = file_format.read(card.path, self._parts.files.read(card.path))
                steps = with_approval(entry, steps, confirmed_before(entry, self._before.get(card.path, ())))
        return credit_of(with_signers(steps, self._standings.signers(card)))


def _merged(cards: Sequence[Card], histories: Mapping[str, Sequence[Step]]) -> dict[str, list[Credit]]:
    """Return the people of the answers that were merged into others, by the id of the one that stays (F35)."""
    found: dict[str, list[Credit]] = {}
    for card in cards:
        is_gone = card.state is State.ARCHIVED and bool(card.replaced_by) and bool(card.excerpt)
        if is_gone and not card.variant_of and was_merged(histories[card.path]):
            found.setdefault(card.replaced_by, []).append(merged(histories[card.path]))
    return found
