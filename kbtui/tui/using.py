"""What a rep does with an answer: copies it, notes that it helped or did not, thanks, joins; and what is new.

The work is done on the desk's threads. Events are safe on this computer at once; they are
brought into the history together, now and then and at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.message import Message
from textual.message_pump import MessagePump

from kbtui.entry.alarm import Consent
from kbtui.entry.text import one_line
from kbtui.errors import KbError, NoPersonError
from kbtui.tui import messages

if TYPE_CHECKING:
    from kbtui.entry.model import Entry
    from kbtui.knowledge import Knowledge
    from kbtui.tui.desk import Desk
    from kbtui.verbs.news import News
    from kbtui.verbs.reuse import Noted

SETTLE_EVERY = 120.0
"""Seconds between two times that events are brought into the history."""

LONGEST_WORDS = 300
"""Letters of a search that are kept with a use; more is a paste, and no caller's words."""

_GROUP = "events"


class Using:
    """Hands the work about uses to threads.

    Args:
        desk: does the work.
        knowledge: the base.
        environment: the user's; it tells which clipboard there is.
    """

    def __init__(self, desk: Desk, knowledge: Knowledge, environment: Mapping[str, str]) -> None:
        self._desk = desk
        self._knowledge = knowledge
        self._environment = environment

    def copy(self, asker: MessagePump, entry: Entry) -> None:
        """Copy what to say to the caller, and nothing that is internal (F21, F22)."""

        def work() -> Message:
            from kbtui.clipboard import copy
            from kbtui.entry.say_this import say_this

            text = say_this(entry.answer)
            if not text:
                raise KbError("There is nothing to copy yet: nobody has answered this.")
            return messages.Copied(copy(text, self._environment), text)

        self._desk.start("copy", asker, work)

    def used(self, asker: MessagePump, path: str, query: str, ticket: str, words: str = "") -> None:
        """Note that an entry answered a call (F23). What was searched is kept masked: a use must not fail for it.

        Args:
            words: digest of the words that were read.
        """
        self._note(asker, lambda: self._masking.used(path, one_line(query)[:LONGEST_WORDS], ticket, words))

    def flag(self, asker: MessagePump, path: str, reason: str) -> None:
        """Note that an entry did not help (F24); where that is refused, the words come back."""

        def work() -> Message:
            try:
                return messages.Noted(self._knowledge.flag(path, reason))
            except NoPersonError:
                raise
            except KbError as error:
                return messages.FlagRefused(error, path, reason)

        self._desk.unless_unnamed(_GROUP, asker, work)

    def thank(self, asker: MessagePump, path: str) -> None:
        """Thank the people behind an entry (F39)."""
        self._note(asker, lambda: self._knowledge.thank(path))

    def join(self, asker: MessagePump, path: str, words: str) -> None:
        """Count one caller more for an open question (F12), in the words searched, masked."""
        self._note(asker, lambda: self._masking.join(path, one_line(words)[:LONGEST_WORDS]))

    def same_as(self, asker: MessagePump, path: str, words: str) -> None:
        """Add the caller's words to the phrasings of an entry (F17)."""
        self._desk.unless_unnamed("save", asker, lambda: messages.Saved(self._knowledge.same_as(path, words)))

    def count_anew(self, asker: MessagePump) -> None:
        """Count the events anew before anything is looked up again: what is shown then stays."""

        def work() -> Message:
            self._knowledge.count_anew()
            return messages.Counted()

        self._desk.start("count", asker, work)

    def same_question(self, app: MessagePump, screen: MessagePump, path: str, other: str) -> None:
        """Make two open questions one (F12); the screen that shows `path` shows the one that stays."""

        def work() -> Message:
            saved = self._masking.same_question(path, other)
            if saved.entry.path != path:
                screen.post_message(messages.Saved(saved))
            return messages.Saved(saved)

        self._desk.unless_unnamed("save", app, work)

    def asked_too(self, asker: MessagePump, entry: Entry) -> None:
        """Find the open questions that ask nearly the same as one."""
        self._desk.start("asked too", asker, lambda: messages.AskedTooFound(self._knowledge.asked_too(entry)))

    def asked_twice(self, asker: MessagePump) -> None:
        """Find which open questions ask nearly the same as another."""

        def work() -> Message:
            from kbtui.entry.model import State

            pairs = self._knowledge.asked_twice(self._knowledge.cards(state=State.OPEN))
            both = [*pairs, *((other, one) for one, other in pairs)]
            return messages.AskedTwiceFound({one.path: other.question for one, other in both})

        self._desk.start("asked twice", asker, work)

    def missed(self, asker: MessagePump, words: str, *, found: bool) -> None:
        """Note words that found nothing, or nothing that was used (F43).

        Nobody is asked for a name for that, or told that it failed.
        """

        def work() -> None:
            with suppress(KbError):
                if self._knowledge.person() is not None:
                    self._knowledge.missed(words, found=found)

        self._desk.start(_GROUP, asker, work)

    def news(self, asker: MessagePump, *, is_asked: bool) -> None:
        """Find out what is new since the person last looked (F48)."""
        self._desk.start("news", asker, lambda: messages.NewsFound(self._knowledge.news(), is_asked))

    def mark_seen(self, asker: MessagePump, news: News) -> None:
        """Remember that the news have been read."""

        def work() -> None:
            self._knowledge.mark_seen(news)

        self._desk.start("news", asker, work)

    def settle(self, asker: MessagePump) -> None:
        """Bring what was noted into the history; where git is not ready it waits, and nobody need know."""

        def work() -> None:
            with suppress(KbError):
                self._knowledge.settle_events()

        self._desk.start(_GROUP, asker, work)

    @property
    def _masking(self) -> Knowledge:
        return self._knowledge.with_consent(Consent(mask=True))

    def _note(self, asker: MessagePump, deed: Callable[[], Noted]) -> None:
        self._desk.unless_unnamed(_GROUP, asker, lambda: messages.Noted(deed()))
