"""What is looked at of entries that may become rows, kept by their numbers: the same ones come with every key."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from kbtui.entry.card import Card
from kbtui.entry.model import State
from kbtui.search.catalogue import Catalogue
from kbtui.search.closeness import Grams, grams
from kbtui.search.passage import Passage, passage
from kbtui.search.postings import View
from kbtui.search.recent import Recent

_MOST = 5_000
"""Entries of half of what is kept."""


class Candidate(NamedTuple):
    """An entry that may become a row, with what is asked of all of these for a few to be shown.

    Attributes:
        path, is_archived: as its card says.
        is_trusted: whether its file makes it count for more: it is validated, or pinned.
        question: its question, to be looked through for words.
        spelt: how its question and each other phrasing is spelt.
    """

    card: Card
    path: str
    is_archived: bool
    is_trusted: bool
    question: Passage
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
        return {document: self._candidate(cards[path]) for document, path in paths.items() if path in cards}

    def _candidate(self, card: Card) -> Candidate:
        return Candidate(
            card,
            card.path,
            card.state is State.ARCHIVED,
            card.state is State.VALIDATED or card.pinned,
            passage(card.question),
            tuple(grams(text, self._language) for text in (card.question, *card.asked_as)),
        )
