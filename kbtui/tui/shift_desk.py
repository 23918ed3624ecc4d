"""The work behind one's own shift: must-reads, one's own words, who knows, the drill; each on a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message
from textual.message_pump import MessagePump

from kbtui.tui import messages
from kbtui.tui.shift_messages import DrillReady, Graded, KnowersFound, OwnFound, ReadingFound

if TYPE_CHECKING:
    from kbtui.knowledge import Knowledge
    from kbtui.team.drill import Grade
    from kbtui.tui.desk import Desk, Then


class ShiftDesk:
    """Hands the work about one's own shift to threads.

    Args:
        desk: does the work.
        knowledge: the base.
    """

    def __init__(self, desk: Desk, knowledge: Knowledge) -> None:
        self._desk = desk
        self._knowledge = knowledge
        self.shown: dict[str, str] = {}
        """What stands for the words of each must-read that was on the screen last, by its path."""

    def own(self, asker: MessagePump) -> None:
        """Find out how one's own words helped (F38)."""
        self._desk.unless_unnamed("own", asker, lambda: OwnFound(self._knowledge.own()))

    def acknowledge(self, asker: MessagePump, path: str, shown: str) -> None:
        """Note that one has read what everybody must read, in the words that were shown (F48).

        Args:
            shown: what stands for them (`kbtui.entry.reading`); other words that are there by now are not read.
        """
        self._desk.unless_unnamed("events", asker, lambda: messages.Noted(self._knowledge.acknowledge(path, shown)))

    def reading(self, asker: MessagePump, path: str) -> None:
        """Find out who has read an entry that everybody must read."""

        def work() -> Message:
            people = self._knowledge.unread(path)[0].people
            return ReadingFound(self._knowledge.has_read(path), [person.name for person in people])

        self._desk.start("reading", asker, work)

    def who_knows(self, asker: MessagePump, path: str, then: Then) -> None:
        """Find out who may know the answer to a question (F50)."""
        self._desk.start("who knows", asker, lambda: KnowersFound(self._knowledge.who_knows(path)), then=then)

    def send(self, asker: MessagePump, path: str, person: str) -> None:
        """Send a question to the colleague with this address."""
        self._desk.unless_unnamed("events", asker, lambda: messages.Noted(self._knowledge.send(path, person)))

    def drill(self, asker: MessagePump) -> None:
        """Find out what a round of questions would ask (F49)."""
        self._desk.start("drill", asker, lambda: DrillReady(self._knowledge.drill()))

    def grade(self, asker: MessagePump, entry: str, grade: Grade) -> None:
        """Keep how well one knew an entry, on this computer."""
        self._desk.start("grade", asker, lambda: Graded(self._knowledge.grade(entry, grade)))
