"""What is looked at of entries that may become rows, kept by their numbers: the same ones come with every key."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from kbtui.entry.card import Card
from kbtui.search.catalogue import Catalogue
from kbtui.search.closeness import Grams, grams
from kbtui.search.postings import View
from kbtui.search.recent import Recent

_MOST = 5_000
"""Entries of half of what is kept."""


class Candidate(NamedTuple):
    """An entry that may become a row, and how each of its questions is spelt."""

    card: Card
    spelt: tuple[Grams, ...]


class Candidates:
    """The entries of one state of an index.

    Args:
        view: the postings.
        catalogue: the cards; a card may change while the postings stay.
        language: of entries that name none.
    """

    def __init__(self, view: View, catalogue: Catalogue, language: str) -> None:
        self._view = view
        self._catalogue = catalogue
        self._language = language
        self._state: object = None
        self._known: Recent[int, Candidate] = Recent(_MOST)

    def of(self, documents: Collection[int]) -> dict[int, Candidate]:
        """Return the entries with these numbers; one that the catalogue has no card of any more is left out."""
        if self._state != self._catalogue.state:
            self._state, self._known = self._catalogue.state, Recent(_MOST)
        return self._known.get(documents, self._read)

    def _read(self, documents: Collection[int]) -> dict[int, Candidate]:
        paths = {document: self._view.path(document) for document in documents}
        cards = self._catalogue.cards([*paths.values()])
        found = {document: cards[path] for document, path in paths.items() if path in cards}
        return {document: Candidate(card, self._spelt(card)) for document, card in found.items()}

    def _spelt(self, card: Card) -> tuple[Grams, ...]:
        return tuple(grams(text, self._language) for text in (card.question, *card.asked_as))
