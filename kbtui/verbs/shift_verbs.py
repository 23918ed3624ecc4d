"""The facade's verbs for one's own shift: how one's words helped, who has read what, who may know, the drill.

One part of `kbtui.knowledge.Knowledge`; each verb's work is in a room of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from kbtui.entry.model import State
from kbtui.errors import RefusedError
from kbtui.parts import writer_of
from kbtui.verbs.history_verbs import HistoryVerbs

if TYPE_CHECKING:
    from kbtui.entry.card import Card
    from kbtui.team.credit import EntryCredit
    from kbtui.team.drill import DrillCard, Grade
    from kbtui.team.knowers import Knower
    from kbtui.team.shares import Share
    from kbtui.team.shift import Note, Unread
    from kbtui.verbs.drilling import Drilling
    from kbtui.verbs.knowing import Knowing
    from kbtui.verbs.reuse import Noted
    from kbtui.verbs.shares import Shares


class Own(NamedTuple):
    """How one person's words helped others; seen by nobody else.

    Attributes:
        helped: calls of colleagues this week (F38).
        thanks: every thank-you they ever got, the latest first (F39).
        entries: those that hold their words, those that helped most first; which part is theirs.
    """

    helped: int
    thanks: tuple[Note, ...]
    entries: tuple[EntryCredit, ...]


class ShiftVerbs(HistoryVerbs):
    """The verbs, over what the facade knows of entries."""

    def own(self) -> Own:
        """Return how the words of whoever is asking helped others.

        Raises:
            NoPersonError: nobody has said who that is.
        """
        return Own(self.helped(), tuple(self._reader.thanks()), tuple(self.own_credits()))

    def helped(self) -> int:
        """Return how many calls of colleagues one's words helped this week (F38).

        Raises:
            NoPersonError: nobody has said whose.
        """
        return self._shares.helped(self._parts.known_as(writer_of(self._parts)))

    def own_worth(self) -> tuple[float, float]:
        """Return what one's shares of colleagues' uses come to, in uses: this calendar week, and ever.

        Raises:
            NoPersonError: nobody has said whose.
        """
        return self._shares.worth(self._parts.known_as(writer_of(self._parts)))

    def shares(self, names: Sequence[str]) -> dict[str, tuple[Share, ...]]:
        """Return whose every use of some entries is, by how much, and what that comes from; by the entry's id."""
        return self._shares.of([self._card_called(name) for name in names])

    # What everybody must read

    def must_reads(self) -> list[Card]:
        """Return the entries that everybody has to read."""
        return self._reader.must_reads()

    def unread(self, name: str = "") -> list[Unread]:
        """Return who has not acknowledged an entry in its present words; without a name, of every must-read."""
        return self._reader.unread([self._card_called(name)] if name else self.must_reads())

    def has_read(self, name: str) -> bool:
        """Whether whoever is asking has acknowledged an entry in the words it has now."""
        return self._reader.has_read(self._card_called(name))

    # Who knows

    def who_knows(self, name: str) -> list[Knower]:
        """Return who may know the answer to a question, the likeliest first, with the reason in words (F50)."""
        return self._knowing.who_knows(self.get(name))

    def send(self, name: str, person: str, words: str = "") -> Noted:
        """Send an open question to the colleague who may know; it is in their news (F50).

        Args:
            person: their name, the part of it that is theirs alone, or their address.
            words: what one would like to say with it.

        Raises:
            RefusedError: it is no open question, or nobody or several are called so.
        """
        card = self._card_called(name)
        if card.state is not State.OPEN:
            raise RefusedError("This is no open question.", f"Its answer: kbtui show {card.id}")
        return self._reuse.send(card, self._knowing.person_called(person), words)

    # Drill

    def now(self) -> dt.datetime:
        """Return the time, in UTC."""
        return self._parts.now()

    def drill(self) -> list[DrillCard]:
        """Return what a round of questions would ask whoever is asking now, in its order (F49)."""
        return self._drilling.due()

    def grade(self, name: str, grade: Grade) -> DrillCard:
        """Keep, on this computer alone, how well one knew an entry; return when it comes back."""
        return self._drilling.grade(name, grade)

    @property
    def _drilling(self) -> Drilling:
        from kbtui.verbs.drilling import Drilling

        return Drilling(self._parts, self.asker())

    @property
    def _knowing(self) -> Knowing:
        from kbtui.verbs.knowing import Knowing

        return Knowing(self._parts)

    @property
    def _shares(self) -> Shares:
        from kbtui.verbs.shares import Shares

        return Shares(self._parts)
