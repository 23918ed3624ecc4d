"""Ideas, misses and health on the screen: opens their lists, and does the work on the desk's threads."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message
from textual.message_pump import MessagePump

from kbtui.errors import KbError, NoPersonError
from kbtui.knowledge import Wanted
from kbtui.team.ideas import Stage
from kbtui.tui import learning_messages
from kbtui.tui.asking import LineScreen

if TYPE_CHECKING:
    from kbtui.knowledge import Knowledge
    from kbtui.tui.app import KbtuiApp
    from kbtui.tui.desk import Desk
    from kbtui.verbs.ideas import MovedIdea

_MISSED_SINCE = "28d"
_OFFERED = 8
_GROUP = "events"


class Learning:
    """What the lists of the lead's half are made by.

    Args:
        app: whose screens they are.
        desk: does the work.
        knowledge: the base.
    """

    def __init__(self, app: KbtuiApp, desk: Desk, knowledge: Knowledge) -> None:
        self._app = app
        self._desk = desk
        self._knowledge = knowledge
        self._latest_look = 0

    def show_ideas(self) -> None:
        """Open the list of ideas."""
        from kbtui.tui.ideas_screen import IdeasScreen

        self._app.push_screen(IdeasScreen())

    def show_misses(self) -> None:
        """Open the list of searches that did not help."""
        from kbtui.tui.misses_screen import MissesScreen

        self._app.push_screen(MissesScreen())

    def show_health(self) -> None:
        """Open the list of what needs care."""
        from kbtui.tui.health_screen import HealthScreen

        self._app.push_screen(HealthScreen())

    def ideas(self, asker: MessagePump) -> None:
        """Find the ideas, and what the entries they name are called."""

        def work() -> Message:
            found = self._knowledge.ideas()
            named = {card.id: (card.path, card.question) for card in self._knowledge.cards() if not card.variant_of}
            return learning_messages.IdeasFound(found, named)

        self._desk.start("ideas", asker, work)

    def raise_idea(self, asker: MessagePump, entry: str = "", text: str = "", trouble: str = "") -> None:
        """Ask for an idea and raise it; where that is refused, its words come back.

        Args:
            entry: id of the entry it starts from, if it starts from one.
        """

        def given(words: str | None) -> None:
            if words:
                deed = partial(self._knowledge.raise_idea, words, entry)
                self._do(asker, deed, partial(self.raise_idea, asker, entry, words))

        hint = "One line; everybody sees it, with your name. Nothing about a customer."
        self._app.push_screen(LineScreen("What could we do better?", hint, text, trouble), given)

    def drop_idea(self, asker: MessagePump, idea: str, text: str = "", trouble: str = "") -> None:
        """Ask why an idea is dropped, and drop it; where that is refused, the words come back."""

        def given(reason: str | None) -> None:
            if reason:
                deed = partial(self._knowledge.move_idea, idea, Stage.DROPPED, reason=reason)
                self._do(asker, deed, partial(self.drop_idea, asker, idea, reason))

        hint = "One line, for whoever raised it."
        self._app.push_screen(LineScreen("Why is it dropped?", hint, text, trouble), given)

    def move_idea(self, asker: MessagePump, idea: str, stage: Stage, entry: str = "") -> None:
        """Move an idea to a stage that needs no words."""
        self._do(asker, lambda: self._knowledge.move_idea(idea, stage, entry=entry))

    def offer_entries(self, asker: MessagePump, idea: str, words: str) -> None:
        """Find the entries that may be the one which an idea has changed."""

        def work() -> Message:
            result = self._knowledge.search(words, Wanted(limit=_OFFERED, snippets=0))
            return learning_messages.EntriesOffered(idea, [hit.card for hit in result.hits] if result else [])

        self._desk.start("ideas", asker, work)

    def misses(self, asker: MessagePump) -> None:
        """Find what was searched in vain."""

        def work() -> Message:
            return learning_messages.MissesFound(self._knowledge.misses(self._knowledge.period(_MISSED_SINCE)))

        self._desk.start("misses", asker, work)

    def health(self, asker: MessagePump) -> None:
        """Find what needs care: first what is known at once, then what takes a look at every entry."""
        self._latest_look += 1
        serial = self._latest_look

        def work() -> Message | None:
            entries, known = len(self._knowledge.cards()), self._knowledge.health()
            asker.post_message(learning_messages.HealthFound(known, entries, is_whole=False))
            if serial != self._latest_look:
                return None
            measures = [*known, *self._knowledge.examine()]
            return (
                learning_messages.HealthFound(measures, entries, is_whole=True) if serial == self._latest_look else None
            )

        self._desk.start("health", asker, work)

    def _do(
        self, asker: MessagePump, deed: Callable[[], MovedIdea], refused: Callable[[str], None] | None = None
    ) -> None:
        """Note something of an idea, once somebody has said who they are."""

        def work() -> Message:
            try:
                return learning_messages.IdeaMoved(deed())
            except NoPersonError:
                raise
            except KbError as error:
                if refused is None:
                    raise
                return learning_messages.IdeaRefused(partial(refused, f"{error.message} {error.hint}"))

        self._desk.unless_unnamed(_GROUP, asker, work)
