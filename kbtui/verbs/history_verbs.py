"""The facade's verbs that say who and why: what happened to an entry, whose words it is made of, why it can be trusted.

One part of `kbtui.knowledge.Knowledge`; it stands on the verbs about events, since credit follows use.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from kbtui.entry.card import Card
from kbtui.entry.model import Entry
from kbtui.entry.text import age
from kbtui.freshness import Progress, quietly
from kbtui.verbs.event_verbs import EventVerbs

if TYPE_CHECKING:
    from kbtui.team.credit import Credit, EntryCredit, Step
    from kbtui.verbs.crediting import Crediting


class HistoryVerbs(EventVerbs):
    """The verbs, over what the facade knows of entries."""

    @abstractmethod
    def get(self, name: str) -> Entry:
        """Return the entry that a name stands for."""

    @abstractmethod
    def cards(self) -> list[Card]:
        """Return the cards of all entries."""

    def history(self, name: str) -> tuple[Entry, list[Step]]:
        """Return an entry and what happened to it, the oldest first."""
        entry = self.get(name)
        return entry, self._parts.history(entry.path)

    def credit(self, name: str) -> tuple[Entry, Credit]:
        """Return an entry and the people behind it."""
        entry, _, credit = self.behind(name)
        return entry, credit

    def behind(self, name: str) -> tuple[Entry, list[Step], Credit]:
        """Return an entry, what happened to it, the oldest first, and the people behind it."""
        from kbtui.team.credit import credit_of, with_approval

        entry, steps = self.history(name)
        return entry, steps, credit_of(with_approval(entry, steps))

    def credits(self) -> list[EntryCredit]:
        """Return the people behind every entry that has some, the entries that helped most first (F37)."""
        return self._crediting.of_all(self.cards(), self.counts().used)

    def own_credits(self) -> list[EntryCredit]:
        """Return the entries that hold words of whoever is asking, and which part is theirs.

        Raises:
            NoPersonError: nobody has said who that is.
        """
        return self._crediting.of_writer(self.cards(), self.counts().used)

    def trust(self, name: str) -> tuple[Entry, list[str]]:
        """Return an entry and what speaks for it and against it."""
        from kbtui.team.trust import reasons

        entry, credit = self.credit(name)
        return entry, reasons(entry, self.demand(entry), credit)

    def ages(self) -> dict[str, str]:
        """Return how long ago each entry was last changed, by path, in a few letters: "today", "3 days" (F7)."""
        now = int(self._parts.now().timestamp())
        return {path: age(now - at) for path, at in self._parts.last_changes().items()}

    def read_history(self, progress: Progress = quietly) -> None:
        """Bring what credits are worked out from up to the history, so that the next one is quick."""
        self._parts.read_history(progress)

    @property
    def _crediting(self) -> Crediting:
        from kbtui.verbs.crediting import Crediting

        return Crediting(self._parts)
