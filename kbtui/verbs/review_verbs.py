"""The facade's verbs for a lead: the review queue and what is done from it (F31-F36).

One part of `kbtui.knowledge.Knowledge`. None of them rejects anything: an entry is thanked
for, coached, improved, confirmed, merged or archived.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from kbtui.entry.card import Card
from kbtui.entry.model import Entry
from kbtui.freshness import Progress, quietly
from kbtui.verbs.event_verbs import EventVerbs
from kbtui.verbs.standing import Standings, lifted

if TYPE_CHECKING:
    from kbtui.team.coaching import Sampled
    from kbtui.team.difference import Difference
    from kbtui.team.review import Queue
    from kbtui.verbs.capture import SavedEntry
    from kbtui.verbs.reuse import Noted
    from kbtui.verbs.reviewing import Reviewing


class ReviewVerbs(EventVerbs):
    """The verbs, over what the facade knows of entries."""

    @abstractmethod
    def get(self, name: str) -> Entry:
        """Return the entry that a name stands for."""

    @abstractmethod
    def cards(self) -> list[Card]:
        """Return the cards of all entries."""

    def review(self, limit: int) -> Queue:
        """Return what wants a look, what matters most first, from what is known now (F31).

        What history and use stand for and which entries are likely twins are those of the last
        `bring_up_review`, which may take long the first time.

        Args:
            limit: how many places.
        """
        from kbtui.team.review import Looked, queue

        index = self._parts.index
        proven = self.proven()
        found = index.sketches() if index.is_usable() else []
        sketches = [lifted(each, proven) for each in found] if proven else found
        twins = index.likely_twins() if sketches else []
        grounds = Standings(self._parts).known()
        looked = Looked(sketches, index.cards, self.counts(), grounds, twins, self._parts.now().date())
        return queue(looked, limit)

    def bring_up_review(self, progress: Progress = quietly) -> None:
        """Bring up what the queue is made from: counts, grounds, likely twins.

        Args:
            progress: told how many entries of how many have been compared.
        """
        self.bring_up_standing()
        if self._parts.index.is_usable():
            self._parts.index.likely_twins(progress)

    def difference(self, name: str) -> tuple[Entry, Difference]:
        """Return an entry and what has changed in it since somebody last validated it (F36)."""
        entry = self.get(name)
        return entry, self._reviewing.difference(entry)

    def spot_check(self, size: int, seed: str = "") -> tuple[str, list[Sampled]]:
        """Return a seed and the entries it draws for coaching, with what the tool noticed (F31, F32).

        Args:
            size: how many.
            seed: any text; the calendar week without one, so that everybody sees the same.
        """
        return self._reviewing.sample(self.cards(), seed, size)

    def coach(self, name: str, words: str) -> Noted:
        """Leave a note for those who wrote an entry; they find it in their news (F32)."""
        return self._reuse.coach(self._card_called(name), self.credit(name)[1], words)

    def found_good(self, name: str, words: str = "") -> Noted:
        """Note that one has looked at an entry of a sample and would change nothing in it (F31).

        Args:
            words: digest of the words that were read, if they are not those that are there now.
        """
        return self._reuse.found_good(self._card_called(name), words)

    def not_good(self, name: str) -> Noted:
        """Take back that one has found an entry good as it is."""
        return self._reuse.not_good(self._card_called(name))

    def merge(self, name: str, into: str) -> SavedEntry:
        """Merge an entry into another one, which keeps every phrasing, tag, link and credit (F35)."""
        return self._reviewing.merge(*self.opened(name), *self.opened(into), self._capture)

    def give(self, name: str, owner: str) -> SavedEntry:
        """Give an entry to somebody who keeps it true (F33)."""
        return self._reviewing.give(*self.opened(name), owner, self._capture)

    def check_by(self, name: str, date: str) -> SavedEntry:
        """Say by when somebody is to look whether an entry is still true (F33)."""
        return self._reviewing.check_by(*self.opened(name), date, self._capture)

    @property
    def _reviewing(self) -> Reviewing:
        from kbtui.verbs.reviewing import Reviewing

        return Reviewing(self._parts)
