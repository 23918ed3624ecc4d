"""The facade's verbs that note events and count them: one half of `kbtui.knowledge.Knowledge`.

A verb returns once its event is safe on this computer. Whoever calls several brings them
into the history together with `settle_events`, which runs git and so has no place on the
thread of an interface; the next save and the next start do it, too.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING

from kbtui.entry.model import Entry
from kbtui.errors import RefusedError
from kbtui.parts import Parts
from kbtui.verbs.standing_verbs import StandingVerbs

if TYPE_CHECKING:  # what the first picture can do without comes behind it
    from kbtui.entry.alarm import Consent
    from kbtui.entry.card import Card
    from kbtui.entry.decision import Asker
    from kbtui.git.event_saver import Settled
    from kbtui.search.result import SearchResult
    from kbtui.team.credit import Credit, Step
    from kbtui.team.uses import Counts, Demand
    from kbtui.verbs.capture import Capture, SavedEntry
    from kbtui.verbs.news import News, Reader
    from kbtui.verbs.reuse import Noted, Reuse


class EventVerbs(StandingVerbs, ABC):
    """The verbs, over what the facade knows of entries."""

    _parts: Parts
    _consent: Consent

    @abstractmethod
    def opened(self, name: str) -> tuple[Entry, bytes]:
        """Return an entry and the bytes it was read from."""

    @abstractmethod
    def credit(self, name: str) -> tuple[Entry, Credit]:
        """Return an entry and the people behind it."""

    @abstractmethod
    def behind(self, name: str) -> tuple[Entry, list[Step], Credit]:
        """Return an entry, what happened to it, the oldest first, and the people behind it."""

    @abstractmethod
    def asker(self, role: str = "") -> Asker:
        """Return who wants to know what they may decide."""

    @abstractmethod
    def card(self, entry: Entry) -> Card:
        """Return what a list shows of an entry."""

    @abstractmethod
    def _path(self, name: str) -> str: ...

    @property
    @abstractmethod
    def _capture(self) -> Capture: ...

    def counts(self) -> Counts:
        """Return what the events come to; read once and kept in memory until something is noted or refreshed."""
        return self._parts.tally.counts()

    def recount(self) -> None:
        """Have the events read again when their counts are next asked for: others write them, too."""
        self._parts.tally.forget()

    def count_anew(self) -> Counts:
        """Read the events again and return what they come to, waiting for that."""
        self._parts.tally.forget()
        return self._parts.tally.settled()

    def demand(self, entry: Entry | Card) -> Demand:
        """Return how often an entry was used, how many callers wait for it, and what is flagged."""
        return self.counts().of(entry.id, entry.state)

    def used(self, name: str, query: str = "", ticket: str = "", words: str = "") -> Noted:
        """Note that an entry answered a call (F23).

        Args:
            words: digest of the words that were read, if they are not those that are there now.
        """
        return self._reuse.used(self._card_called(name), query, ticket, words)

    def flag(self, name: str, reason: str) -> Noted:
        """Say in one line that an entry did not help or is wrong (F24, F27)."""
        return self._reuse.flag(self._card_called(name), reason)

    def close_flags(self, name: str, seen: frozenset[str] | None = None) -> Noted:
        """Say that what was flagged is mended.

        Args:
            seen: ids of the flags that were shown; None closes every one.
        """
        return self._reuse.close_flags(self._card_called(name), seen)

    def thank(self, name: str, words: str = "") -> Noted:
        """Thank those whose words an entry is made of (F39)."""
        _, steps, credit = self.behind(name)
        return self._reuse.thank(self._card_called(name), credit, words, steps)

    def join(self, name: str, words: str = "", ticket: str = "") -> Noted:
        """Note that one caller more waits for an open question, with their words (F12)."""
        entry, opened = self.opened(name)
        return self._reuse.join(entry, self.card(entry), opened, words, ticket)

    def same_as(self, name: str, words: str, ticket: str = "") -> SavedEntry:
        """Add a caller's words to the phrasings of an entry (F17)."""
        entry, opened = self.opened(name)
        return self._reuse.capturing(ticket, lambda: self._reuse.same_as(entry, opened, words))

    def for_ticket(self, ticket: str, save: Callable[[], SavedEntry]) -> SavedEntry:
        """Save, and note the ticket it was written for, if there is one (F20).

        Args:
            save: one of the saving verbs with its words.
        """
        return self._reuse.capturing(ticket, save)

    def missed(self, words: str, *, found: bool = False) -> Noted | None:
        """Note words that found nothing, or with `found` nothing that was used (F43); None where none were kept."""
        return self._reuse.missed(words, found=found)

    def news(self) -> News:
        """Return what is new since the person last looked (F48)."""
        return self._reader.news()

    def mark_seen(self, seen: News) -> None:
        """Remember, on this computer, that the person has seen the news."""
        self._reader.mark_seen(seen)

    def acknowledge(self, name: str, shown: str = "") -> Noted:
        """Note that the person has read an entry that everybody must read, in the words it has now (F48).

        Args:
            shown: what stands for the words that were on the screen (`kbtui.entry.reading`), if any were.

        Raises:
            RefusedError: nobody has to read it, or it says something else by now.
        """
        from kbtui.team.shift import is_must_read

        card = self._card_called(name)
        if not is_must_read(card.tags, card.state):
            raise RefusedError("Nobody has to read this entry.", "What everybody must read has the tag must-read.")
        now = self._reader.digest(card.path)
        if shown and shown != now:
            raise RefusedError("It has changed since you opened it.", "Read it as it is now, then say so.")
        return self._reuse.acknowledge(card, now)

    def settle_events(self) -> Settled:
        """Bring the events noted so far into the history together; where git is not ready, they wait."""
        settled = self._parts.event_saver.settle()
        if settled.done:
            self.bring_up_standing(only_if_quick=not self._parts.team.validate_after)
        return settled

    def _card_called(self, name: str) -> Card:
        path = self._path(name)
        return self._parts.index.cards([path]).get(path) or self.card(self.opened(path)[0])

    @property
    def _reuse(self) -> Reuse:
        from kbtui.verbs.reuse import Reuse

        return Reuse(self._parts, lambda: self._capture, self._consent)

    @property
    def _reader(self) -> Reader:
        from kbtui.verbs.news import Reader

        return Reader(self._parts, self.asker())

    def _with_demand(self, found: SearchResult) -> SearchResult:
        """Say on every row how often it was used, how many callers wait and what is flagged (F6, F7)."""
        counts = self.counts()
        hits = [(hit, counts.of(hit.card.id, hit.card.state)) for hit in found.hits]
        rows = (
            hit._replace(
                card=self.lifted(hit.card),
                used=of.used,
                used_this_week=of.this_week,
                waiting=of.waiting,
                flags=len(of.flags),
            )
            for hit, of in hits
        )
        return found._replace(hits=tuple(rows))
