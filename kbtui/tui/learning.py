"""Ideas, misses and health on the screen: opens their lists, and does the work on the desk's threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message
from textual.message_pump import MessagePump

from kbtui.entry.event import EventKind
from kbtui.errors import KbError, NoPersonError, RefusedError
from kbtui.knowledge import Wanted
from kbtui.paths import documents
from kbtui.team.ideas import Stage
from kbtui.tui import learning_messages, messages
from kbtui.tui.asking import LineScreen
from kbtui.verbs.reuse import Noted

if TYPE_CHECKING:
    from kbtui.entry.card import Card
    from kbtui.knowledge import Knowledge
    from kbtui.team.meeting import Pack
    from kbtui.team.period import Period
    from kbtui.team.sampling import Question, Verdict
    from kbtui.tui.app import KbtuiApp
    from kbtui.tui.desk import Desk, Then
    from kbtui.verbs.ideas import MovedIdea

_MISSED_SINCE = "28d"
_OFFERED = 8
SAMPLE = 50
"""Questions of a sample; as many as a list may have."""

_FAR = 0.2
"""Closeness below which an entry is about something else."""

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
        self.folder: Path | None = None
        """Where the last pack was put."""
        self._unsaid: dict[tuple[str, str], str] = {}

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

    def show_sample(self) -> None:
        """Open the sample of what callers wanted to know."""
        from kbtui.tui.sample_screen import SampleScreen

        self._app.push_screen(SampleScreen())

    def show_meeting(self) -> None:
        """Open the pack for the staff meeting."""
        from kbtui.tui.meeting_screen import MeetingScreen

        self._app.push_screen(MeetingScreen())

    def ideas(self, asker: MessagePump) -> None:
        """Find the ideas, and what the entries they name are called."""

        def work() -> Message:
            found = self._knowledge.ideas()
            named = {card.id: (card.path, card.question) for card in self._knowledge.cards() if not card.variant_of}
            return learning_messages.IdeasFound(found, named)

        self._desk.start("ideas", asker, work)

    def raise_idea(self, entry: str = "", trouble: str = "") -> None:
        """Ask for an idea and raise it; its words are kept until that is done, whatever happens in between.

        Args:
            entry: id of the entry it starts from, if it starts from one.
        """
        hint = "One line; everybody sees it, with your name. Nothing about a customer."
        self._ask(
            ("idea", entry),
            LineScreen("What could we do better?", hint, self._unsaid.get(("idea", entry), ""), trouble),
            lambda words: self._knowledge.raise_idea(words, entry),
            partial(self.raise_idea, entry),
        )

    def drop_idea(self, idea: str, trouble: str = "") -> None:
        """Ask why an idea is dropped, and drop it; the words are kept until that is done."""
        hint = "One line, for whoever raised it."
        self._ask(
            ("drop", idea),
            LineScreen("Why is it dropped?", hint, self._unsaid.get(("drop", idea), ""), trouble),
            lambda reason: self._knowledge.move_idea(idea, Stage.DROPPED, reason=reason),
            partial(self.drop_idea, idea),
        )

    def _ask(
        self, key: tuple[str, str], box: LineScreen, deed: Callable[[str], MovedIdea], again: Callable[[str], None]
    ) -> None:
        def given(words: str | None) -> None:
            self._unsaid[key] = box.text
            if words:
                self._do(lambda: deed(words), key, again)

        self._app.push_screen(box, given)

    def moved(self, message: learning_messages.IdeaMoved) -> None:
        """Let go of the words of an idea that is safe, and tell those who show ideas."""
        if message.key is not None:
            self._unsaid.pop(message.key, None)
        self._app.home.tell(message.moved.words)
        for screen in (*self._app.lists, *self._app.entries):
            screen.post_message(learning_messages.IdeaMoved(message.moved))

    def refused(self, message: learning_messages.IdeaRefused) -> None:
        """Give the words back; where somebody is writing something else, they are there at the next wish."""
        if self._app.is_writing:
            self._app.home.tell(f"{message.error.message} Your words are there when you say it again.")
        else:
            message.again(f"{message.error.message} {message.error.hint}")

    def move_idea(self, idea: str, stage: Stage, entry: str = "") -> None:
        """Move an idea to a stage that needs no words."""
        self._do(lambda: self._knowledge.move_idea(idea, stage, entry=entry))

    def offer_entries(self, asker: MessagePump, idea: str, words: str, then: Then) -> None:
        """Find the entries that may be the one which an idea has changed."""

        def work() -> Message:
            result = self._knowledge.search(words, Wanted(limit=_OFFERED, snippets=0))
            return learning_messages.EntriesOffered(idea, [hit.card for hit in result.hits] if result else [])

        self._desk.start("ideas", asker, work, then=then)

    def misses(self, asker: MessagePump) -> None:
        """Find what was searched in vain."""

        def work() -> Message:
            return learning_messages.MissesFound(self._knowledge.misses(self._knowledge.period(_MISSED_SINCE)))

        self._desk.start("misses", asker, work)

    def sample(self, asker: MessagePump, since: str) -> None:
        """Draw the sample of the questions since a day, and find the entry nearest to each that is not known to be one.

        The first day is the seed, as in line mode: so everybody sees the same questions.
        """

        def work() -> Message:
            try:
                period = self._knowledge.period(since)
            except RefusedError as error:
                return learning_messages.DayRefused(error)
            drawn = self._knowledge.sample(period, SAMPLE, period.first.isoformat())
            cards = {card.id: card for card in self._knowledge.cards() if not card.variant_of}
            about = {each.id: self._about(each, cards) for each in drawn.questions}
            return learning_messages.SampleDrawn(drawn, period, {name: card for name, card in about.items() if card})

        self._desk.start("asked", asker, work)

    def _about(self, question: Question, cards: Mapping[str, Card]) -> Card | None:
        """Return the entry that a question is about; of words that were searched, the nearest one there is now."""
        if question.entry:
            return cards.get(question.entry)
        near = self._knowledge.similar(question.words, 1)
        return near[0].card if near and near[0].closeness >= _FAR else None

    def mark_question(self, period: Period, name: str, verdict: Verdict) -> None:
        """Note whether the base had the answer to a question."""

        def work() -> Message:
            question = self._knowledge.mark_question(period, name, verdict)
            return messages.Noted(Noted(f"Noted: {verdict.value}", EventKind.SAMPLED, question.entry))

        self._desk.unless_unnamed(_GROUP, self._app, work)

    def meeting(self, asker: MessagePump, since: str) -> None:
        """Gather the pack for the staff meeting, and find out where files of this person usually go."""

        def work() -> Message:
            try:
                period = self._knowledge.period(since)
            except RefusedError as error:
                return learning_messages.DayRefused(error)
            pack = self._knowledge.meeting(period)
            return learning_messages.PackFound(pack, str(self.folder or documents(self._app.environment)))

        self._desk.start("meeting", asker, work)

    def write_pack(self, asker: MessagePump, pack: Pack, folder: str) -> None:
        """Write the pack into a folder."""

        def work() -> Message:
            try:
                written = self._knowledge.write_meeting(pack, Path(folder))
            except KbError as error:
                return learning_messages.PackRefused(error)
            self.folder = written[0].parent
            return learning_messages.PackWritten([str(file) for file in written])

        self._desk.start("meeting", asker, work)

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
        self,
        deed: Callable[[], MovedIdea],
        key: tuple[str, str] | None = None,
        again: Callable[[str], None] | None = None,
    ) -> None:
        """Note something of an idea, once somebody has said who they are; the program is told how it ended."""

        def work() -> Message:
            try:
                return learning_messages.IdeaMoved(deed(), key)
            except NoPersonError:
                raise
            except KbError as error:
                if again is None:
                    raise
                return learning_messages.IdeaRefused(error, again)

        self._desk.unless_unnamed(_GROUP, self._app, work)
