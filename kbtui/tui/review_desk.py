"""The work behind the review screen: the queue, the difference, and what a lead does, each on a thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump

from kbtui.entry.card import Card
from kbtui.tui import messages, review_messages
from kbtui.tui.desk import ROWS

if TYPE_CHECKING:
    from kbtui.knowledge import Knowledge
    from kbtui.team.review import Place
    from kbtui.tui.desk import Desk, Then
    from kbtui.verbs.capture import SavedEntry
    from kbtui.verbs.reuse import Noted

_NEAR, _SAMPLE = 8, 5
NOBODY = "-"
"""What is typed for nobody, or for no date."""


class ReviewDesk:
    """Hands a lead's work to threads.

    Args:
        desk: does the work.
        knowledge: the base.
        app: opens screens, and is told how a deed ended: it outlives the screen.
    """

    def __init__(self, desk: Desk, knowledge: Knowledge, app: App[None]) -> None:
        self._desk = desk
        self._knowledge = knowledge
        self._app = app
        self._latest_look = self._latest_queue = 0
        self.unsaid: dict[str, str] = {}
        """Notes that are not safe yet, by the path of their entry."""

    def queue(self, asker: MessagePump) -> None:
        """Find what wants a look: what is known at once, then, once everything is brought up, what is true now.

        What an older question finds is thrown away.
        """
        self._latest_queue += 1
        serial = self._latest_queue

        def tell(message: Message) -> None:
            if serial == self._latest_queue:
                asker.post_message(message)

        def work() -> None:
            tell(review_messages.QueueFound(self._knowledge.review(ROWS), is_final=False))
            self._knowledge.bring_up_review(lambda done, of: tell(messages.Progressed(done, of)))
            if serial == self._latest_queue:
                tell(review_messages.QueueFound(self._knowledge.review(ROWS), is_final=True))

        self._desk.start("queue", asker, work)

    def look(self, asker: MessagePump, path: str, *, compares: bool = True) -> None:
        """Read the entry that is marked, and with `compares` what has changed in it since somebody validated it."""
        self._latest_look += 1
        serial = self._latest_look

        def work() -> Message | None:
            if serial != self._latest_look:
                return None
            entry, source = self._knowledge.opened(path)
            asker.post_message(review_messages.PlaceRead(entry, source, self._knowledge.asker()))
            if serial != self._latest_look or not compares:
                return None
            return review_messages.DifferenceFound(path, self._knowledge.difference(path)[1])

        self._desk.start("look", asker, work)

    def sample(self, asker: MessagePump) -> None:
        """Draw this week's sample for coaching: the same for everybody."""
        self._desk.start("sample", asker, lambda: review_messages.Drawn(*self._knowledge.spot_check(_SAMPLE)))

    def found_good(self, path: str, words: str) -> None:
        """Note that an entry of the sample is good in the words that were read."""
        self._note(lambda: self._knowledge.found_good(path, words))

    def not_good(self, path: str) -> None:
        """Take back that an entry of the sample is good."""
        self._note(lambda: self._knowledge.not_good(path))

    def merge_targets(self, asker: MessagePump, place: Place, then: Then) -> None:
        """Find the entries that another one may be merged into: its likely twins first, then what is nearest to it."""

        def work() -> Message:
            likely = {path for reason in place.reasons for path in reason.others}
            cards: Sequence[Card] = [each.card for each in self._knowledge.similar(place.card.question, _NEAR)]
            fit = [card for card in cards if card.path != place.card.path and not card.variant_of]
            return review_messages.MergeOffered(place.card.path, sorted(fit, key=lambda card: card.path not in likely))

        self._desk.start("similar", asker, work, then=then)

    def merge(self, path: str, into: str) -> None:
        """Merge an entry into another one."""
        self._save(lambda: self._knowledge.merge(path, into))

    def give(self, path: str, owner: str) -> None:
        """Give an entry to somebody, or to nobody."""
        self._save(lambda: self._knowledge.give(path, "" if owner == NOBODY else owner))

    def check_by(self, path: str, date: str) -> None:
        """Say by when an entry is to be checked, or that it need not be."""
        self._save(lambda: self._knowledge.check_by(path, "" if date == NOBODY else date))

    def coach(self, path: str, words: str, about: Sequence[str] = ()) -> None:
        """Leave a note for the writers of an entry.

        Args:
            about: the lines of the checklist it is about.
        """

        def deed() -> Noted:
            from kbtui.team.coaching import note

            noted = self._knowledge.coach(path, note(about, words))
            if self.unsaid.get(path) == words:  # what has been written since then is another note
                self.unsaid.pop(path, None)
            return noted

        self._note(deed)

    def close_flags(self, path: str, seen: frozenset[str]) -> None:
        """Say that what was flagged is mended; flags that nobody has seen stay open."""
        self._note(lambda: self._knowledge.close_flags(path, seen))

    def _save(self, deed: Callable[[], SavedEntry]) -> None:
        self._desk.unless_unnamed("save", self._app, lambda: messages.Saved(deed()))

    def _note(self, deed: Callable[[], Noted]) -> None:
        self._desk.unless_unnamed("events", self._app, lambda: messages.Noted(deed()))
