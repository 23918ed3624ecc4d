"""Two people have asked the same, each without seeing the other's question: the two become one (F12).

Which of the two stays does not depend on who joins them or where: the one asked first. So two
computers that do it at once do the same, and nobody ends up with two questions that each
name the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from kbtui.entry import file_format
from kbtui.entry.card import Card, is_asked_as
from kbtui.entry.model import Entry, EntryChange, State
from kbtui.entry.text import counted
from kbtui.errors import RefusedError
from kbtui.verbs.capture import Capture, Rewrite, SavedEntry, as_one

if TYPE_CHECKING:
    from kbtui.parts import Parts

ACTION = "same-question"
_NEAREST = 5
_MOST = 200
"""Open questions that are compared with each other; those with most callers first."""

Opened = tuple[Entry, bytes]
"""An entry and the bytes it was read from."""


class SameQuestion:
    """The verbs about open questions that ask the same.

    Args:
        parts: the library's parts.
        capture: saves.
    """

    def __init__(self, parts: Parts, capture: Capture) -> None:
        self._parts = parts
        self._capture = capture

    # Finding

    def near(self, card: Entry | Card) -> list[Card]:
        """Return the open questions that ask nearly the same as one, the nearest first.

        Two are near when each is closer to the other than different questions of this base are to each other.
        """
        if card.state is not State.OPEN:
            return []
        return [other for other in self._close(card) if card.path in {each.path for each in self._close(other)}]

    def pairs(self, cards: Collection[Card]) -> list[tuple[Card, Card]]:
        """Return the pairs of open questions among these that ask nearly the same, by path."""
        waiting = self._parts.tally.counts().joined
        open_ones = [card for card in cards if card.state is State.OPEN and not card.variant_of]
        open_ones.sort(key=lambda card: (-waiting.get(card.id, 0), card.path))
        if len(open_ones) < 2:
            return []
        close = {card.path: {each.path: each for each in self._close(card)} for card in open_ones[:_MOST]}
        return [
            (card, other)
            for card in sorted(open_ones[:_MOST], key=lambda card: card.path)
            for other in close[card.path].values()
            if card.path < other.path and card.path in close.get(other.path, {})
        ]

    def _close(self, card: Entry | Card) -> list[Card]:
        near = self._parts.index.similar(card.question, _NEAREST, state=State.OPEN)
        return [each.card for each in near if each.is_close and each.card.id != card.id]

    # Joining

    def join(self, one: Opened, other: Opened) -> SavedEntry:
        """Make two open questions one, as one deed that one undo takes back; callers, words and credit are kept.

        Returns:
            the one that stays. The other is archived and names it, and is found no more as a question that waits.

        Raises:
            RefusedError: they are no two open questions.
        """
        for entry, _ in (one, other):
            if entry.state is not State.OPEN:
                raise RefusedError(
                    f"“{entry.question}” is no open question any more.",
                    f"To say which entry replaces it: kbtui archive {entry.id} --replaced-by ENTRY",
                )
        if one[0].id == other[0].id:
            raise RefusedError("A question cannot be joined with itself.", "Name two different ones.")
        (stays, opened), (goes, opened_too) = sorted((one, other), key=lambda each: self._asked_at(each[0]))
        wanted = _with_words_of(stays, goes)
        kept = Rewrite(stays.path, opened, file_format.change(opened, wanted))
        archived = EntryChange(state=State.ARCHIVED, replaced_by=stays.id)
        gone = Rewrite(goes.path, opened_too, file_format.change(opened_too, archived))
        saved = as_one(*self._capture.keep_both(ACTION, kept, gone))
        self._parts.tally.forget()
        return self._told(saved)

    def _asked_at(self, entry: Entry) -> tuple[float, str]:
        """Return what puts questions in the order in which they were asked, the same on every computer."""
        steps = self._parts.history(entry.path)
        return steps[0].at.timestamp() if steps else float("inf"), entry.id

    def _told(self, saved: SavedEntry) -> SavedEntry:
        waiting = self._parts.tally.counts().of(saved.entry.id, saved.entry.state).waiting
        words = f"One question now: {counted(waiting, 'caller')} waiting"
        return SavedEntry(
            saved.entry,
            words if saved.words == "Saved" else f"{words}. {saved.words}",
            saved.is_committed,
            saved.variant,
        )


def _with_words_of(stays: Entry, goes: Entry) -> EntryChange:
    """Return what an entry gets from another that asks the same."""
    notes = [text for text in (stays.internal, goes.internal) if text.strip()]
    return EntryChange(
        asked_as=(*stays.asked_as, *_new_words(stays, goes)),
        tags=tuple(dict.fromkeys((*stays.tags, *goes.tags))),
        owner=stays.owner or goes.owner,
        internal="\n\n".join(dict.fromkeys(notes)),
    )


def _new_words(stays: Entry, goes: Entry) -> Iterator[str]:
    """Yield the phrasings of an entry that another does not know yet, each once."""
    said: set[str] = set()
    for words in (goes.question, *goes.asked_as):
        if not is_asked_as(stays, words) and words not in said:
            said.add(words)
            yield words
