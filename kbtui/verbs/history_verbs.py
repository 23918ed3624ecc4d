"""The facade's verbs that say who and why: what happened to an entry, whose words it is made of, why it can be trusted.

One part of `kbtui.knowledge.Knowledge`; it stands on the verbs about events, since credit follows use.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kbtui.entry.model import Entry
from kbtui.entry.text import age
from kbtui.freshness import Progress, quietly
from kbtui.verbs.event_verbs import EventVerbs

if TYPE_CHECKING:  # what the first picture can do without comes behind it
    from kbtui.entry.card import Card
    from kbtui.team.credit import Credit, EntryCredit, Step
    from kbtui.team.trust import Trust
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
        from kbtui.team.credit import (
            as_it_stands,
            credit_of,
            has_confirmation,
            merged,
            together,
            with_approval,
            with_signers,
        )
        from kbtui.team.same import joined_paths
        from kbtui.verbs.confirmed import confirmed_before

        entry, steps = self.history(name)
        if entry.variant_of and not steps:
            steps = self._typed(entry)
        index = self._parts.index
        cards = index.cards_with_successor() if index.is_usable() else []
        others = [credit_of(self._parts.history(path)) for path in joined_paths(cards).get(entry.id, [])]
        others += [merged(each) for each in self._merged_into(entry, cards)]
        ground = self.ground(entry)
        versions = self._before_confirmations(entry) if has_confirmation(steps) else []
        before = confirmed_before(entry, versions)
        confirmed = with_signers(with_approval(entry, steps, before), ground.signers if ground else ())
        return entry, steps, as_it_stands(together([credit_of(confirmed), *others]), entry.state)

    def _before_confirmations(self, entry: Entry) -> list[bytes]:
        from kbtui.verbs.confirmed import versions_before

        return versions_before(self._parts, self._parts.overview.changes([entry.path]))[entry.path]

    def _merged_into(self, entry: Entry, cards: Iterable[Card]) -> list[list[Step]]:
        """Return the histories of the answers that were merged into an entry (F35)."""
        from kbtui.team.credit import was_merged

        gone = [card.path for card in cards if card.replaced_by == entry.id and card.excerpt and not card.variant_of]
        return [steps for path in gone if was_merged(steps := self._parts.history(path))]

    def _typed(self, variant: Entry) -> list[Step]:
        """Return who typed a version that a sync has kept, and that no commit of anybody's brings (FAULTS 67)."""
        from kbtui.git.origins import Origins
        from kbtui.team.credit import Step

        content = self._parts.files.read(variant.path)
        typed = Origins(self._parts.repository, self._parts.journal).typed(variant.variant_of, content, variant.path)
        return [Step(self._parts.known_as(typed.person), typed.at, "edit")] if typed else []

    def credits(self) -> list[EntryCredit]:
        """Return the people behind every entry that has some, the entries that helped most first (F37)."""
        return self._crediting.of_all(self.cards(), self.counts().used)

    def own_credits(self) -> list[EntryCredit]:
        """Return the entries that hold words of whoever is asking, and which part is theirs.

        Raises:
            NoPersonError: nobody has said who that is.
        """
        return self._crediting.of_writer(self.cards(), self.counts().used)

    def trust(self, name: str) -> tuple[Entry, Trust]:
        """Return an entry and what speaks for it and against it, with the commits and events behind it (F29, F30)."""
        from kbtui.entry.approval import digest
        from kbtui.team.trust import Known, trust

        self.bring_up_standing()
        entry, steps, credit = self.behind(name)
        uses = self._parts.tally.uses_of_words(entry.id, digest(entry.question, entry.answer))
        known = Known(self.demand(entry), credit, steps, self.ground(entry), uses, self._parts.team.validate_after)
        return entry, trust(entry, known)

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
