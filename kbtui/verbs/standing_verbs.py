"""The facade's verbs about what history and use stand for: one part of `kbtui.knowledge.Knowledge`.

Every card and entry that leaves the facade has the state that everybody sees, with grounds
counted in (`kbtui.team.standing`); what is saved is worked out from files alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from kbtui.entry.model import Entry
from kbtui.errors import KbError
from kbtui.parts import Parts

if TYPE_CHECKING:  # what the first picture can do without comes behind it
    from kbtui.entry.card import Card
    from kbtui.team.standing import Ground
    from kbtui.verbs.standing import Standings


_NOTHING: Mapping[str, str] = {}


class StandingVerbs:
    """The verbs, over the library's parts."""

    _parts: Parts
    _proven: tuple[object, object, Mapping[str, str]] = (None, None, {})

    def proven(self) -> Mapping[str, str]:
        """Return the digests of the words that history or use stands for, by the path of their entry.

        The same mapping is returned as long as nothing has changed: a search asks with every key.
        """
        grounds = self._standings.known()
        if not grounds:
            return _NOTHING
        flags = self._parts.tally.counts().flags
        if not self._parts.tally.is_known:
            return _NOTHING  # another thread is reading them: a flag may speak against any of these
        known, counted, proven = self._proven
        if known is not grounds or counted is not flags:
            from kbtui.verbs.standing import in_force

            proven = in_force(grounds, flags.keys(), self._parts.team.validate_after)
            self._proven = grounds, flags, proven
        return proven

    def lifted(self, card: Card) -> Card:
        """Return a card with the state that everybody sees."""
        from kbtui.verbs.standing import lifted

        return lifted(card, self.proven())

    def _as_proven(self, entry: Entry) -> Entry:
        """Return an entry with the state that everybody sees."""
        if self.ground(entry) is None:
            return entry
        return replace(entry, is_proven=True)

    def ground(self, entry: Entry) -> Ground | None:
        """Return what stands for the words of an entry beside its file, as far as that is known; None for nothing."""
        from kbtui.entry.approval import digest

        if self.proven().get(entry.path) != digest(entry.question, entry.answer) or entry.variant_of:
            return None
        return self._standings.known().get(entry.path)

    def bring_up_standing(self, *, only_if_quick: bool = False) -> bool:
        """Work out what history and use stand for now; whether it is something else than before.

        Args:
            only_if_quick: not where the whole history would have to be read first.
        """
        standings = self._standings
        if only_if_quick and not standings.is_kept():
            return False
        with suppress(KbError):  # what was known before stays
            return standings.bring_up()
        return False

    @property
    def _standings(self) -> Standings:
        from kbtui.verbs.standing import Standings

        return Standings(self._parts)
