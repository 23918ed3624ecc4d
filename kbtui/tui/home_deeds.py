"""What can be done from the query line beside searching: ask, join, what is new, narrow; one method for each action."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on
from textual.screen import Screen
from textual.widgets import Input, OptionList

from kbtui import actions
from kbtui.entry.model import State
from kbtui.tui import messages, review_messages
from kbtui.tui.search_session import Missed, SearchSession
from kbtui.tui.shift_messages import DrillReady, OwnFound
from kbtui.tui.status import StatusLine

if TYPE_CHECKING:
    from kbtui.entry.card import Card
    from kbtui.store.drafts import Draft
    from kbtui.tui.app import KbtuiApp
    from kbtui.tui.open_screens import Answer


class HomeDeeds(Screen[None]):
    """The query line, and what a person does from it.

    Args:
        news: what is said first.
    """

    app: KbtuiApp

    def __init__(self, news: str) -> None:
        super().__init__()
        self._news = news
        self._joined = self._wished_at = ""
        self._joined_for_call: set[str] = set()
        self.searching = SearchSession(time.monotonic)
        self.shown_for: str | None = None
        self._keeps_mark = False
        self._cards: dict[str, Card] = {}
        self._drafts: dict[str, Draft] = {}

    @property
    def typed(self) -> str:
        """What stands in the query line."""
        return self.query_one("#query", Input).value.strip()

    @property
    def spoken(self) -> str:
        """The words that stand there, without the signs that narrow a search."""
        return self.app.knowledge.spoken(self.typed)

    def look_again(self) -> None:
        """Show what the search finds now; the mark stays where it is."""
        self._keeps_mark = True
        self.look()

    def look(self) -> None:
        """Search for what stands in the line; with nothing there, show what is useful now."""
        if self.typed:
            self.app.desk.search(self, self.typed)
        else:
            self.app.desk.suggest(self)

    def forget(self, draft_id: str) -> None:
        """Open a draft no more that is being thrown away; its row goes once the disk has done it."""
        self._drafts.pop(draft_id, None)

    @property
    def marked(self) -> str:
        """The name of the row that is marked: an entry's path, or a draft's id; empty where there is none."""
        option = self.query_one("#hits", OptionList).highlighted_option
        return (option.id or "") if option else ""

    def tell(self, news: str) -> None:
        """Say what has happened elsewhere, until the next words are typed."""
        self._news = news
        self.query_one("#status", StatusLine).say(news)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's signature
        """Offer to join where an open question is marked."""
        if action != actions.JOIN_MARKED.id:
            return True
        card = self._cards.get(self.marked)
        return card is not None and card.state is State.OPEN

    def action_join_marked(self) -> None:
        """Count one caller more for the open question that is marked, in the words searched; each caller once."""
        if self.typed != self.shown_for:  # the mark is still on what other words have found
            self.tell(f"Not joined: the list was still of other words. Once more: {actions.JOIN_MARKED.key}")
            return
        if self.marked in self._joined_for_call:
            self.tell(f"Noted already for this call; for the next one: escape, then {actions.JOIN_MARKED.key}")
            return
        self._joined_for_call.add(self.marked)
        self._joined = self.typed
        self.app.using.join(self, self.marked, self.spoken)

    def next_caller(self) -> None:
        """Whoever asks from now on is somebody else: may be counted for what the last one was counted for."""
        self._joined_for_call.clear()

    @on(messages.Noted)
    def _noted(self, message: messages.Noted) -> None:
        if self.typed == self._joined:  # what has been typed since then is the next caller's
            self.searching.helped()
            self.query_one("#query", Input).value = ""
        self.app.sharing.background.saved()
        self.tell(message.noted.words)
        self.look_again()

    def _wish(self) -> None:
        """Remember what stands in the line when a screen is asked for."""
        self._wished_at = self.typed

    def open_wished(self, screen: Screen[Answer], told: Callable[[Answer | None], None] | None = None) -> None:
        """Open a screen that was asked for here, unless something else has been begun or typed meanwhile."""
        if self.typed == self._wished_at:
            self.app.open_over(self, screen, told)

    def action_news(self) -> None:
        """Say what is new since the last shift."""
        self._wish()
        self.app.using.news(self, is_asked=True)

    @on(messages.NewsFound)
    def _news_found(self, message: messages.NewsFound) -> None:
        from kbtui.tui.news_screen import NewsScreen

        def read(_: None) -> None:
            self.app.using.mark_seen(self, message.news)

        if message.is_asked:
            self.open_wished(NewsScreen(message.news), read)
        elif short := message.news.words:
            self.tell(f"{self._news} · new: {short} ({actions.NEWS.key})".removeprefix(" · "))

    def action_credit(self) -> None:
        """Say how one's own words helped."""
        self._wish()
        self.app.shift.own(self)

    @on(OwnFound)
    def _own_found(self, message: OwnFound) -> None:
        from kbtui.tui.asking import TextScreen
        from kbtui.tui.telling import own_words

        self.open_wished(TextScreen(actions.CREDIT.words, own_words(message.own)))

    def action_drill(self) -> None:
        """Ask oneself what is asked most, for five minutes."""
        self._wish()
        self.app.shift.drill(self)

    @on(DrillReady)
    def _drill_ready(self, message: DrillReady) -> None:
        from kbtui.tui.drill_screen import DrillScreen

        if message.cards:
            self.open_wished(DrillScreen(message.cards, self.app.knowledge.now))
        else:
            self.tell("Nothing is due. Come back another day.")

    def action_review(self) -> None:
        """Show what wants a look, what matters most first."""
        from kbtui.tui.review_screen import ReviewScreen

        self.app.push_screen(ReviewScreen())

    def action_spot_check(self) -> None:
        """Show the sample that is drawn for coaching."""
        from kbtui.tui.spot_check_screen import SpotCheckScreen

        self.app.push_screen(SpotCheckScreen())

    def action_narrow(self) -> None:
        """Choose a state, a tag or an owner; the words for it are added to the line, where they can be seen."""
        from kbtui.tui.asking import ChoiceScreen
        from kbtui.tui.sections import narrowings

        def chosen(words: str | None) -> None:
            if words:
                line = self.query_one("#query", Input)
                line.value = f"{line.value.strip()} {words} ".lstrip()
                line.cursor_position = len(line.value)

        me = self.app.person_name
        self.app.push_screen(ChoiceScreen(actions.NARROW.help, narrowings(self.app.tags, self.app.owners, me)), chosen)

    def action_sync(self) -> None:
        """Share now, and say how sharing stands."""
        self.app.sharing.show()

    def action_keys(self) -> None:
        """Say what every key does here."""
        self.app.show_keys(self)

    def action_clear(self) -> None:
        """Empty the query line; an empty one is left as it is. The call whose ticket stood here is over."""
        self.give_up()
        self.next_caller()
        self.app.end_call()
        self.query_one("#query", Input).value = ""

    def give_up(self) -> None:
        """End the search that stands in the line; where it led to nothing, that is noted (F43)."""
        self.note_miss(self.searching.give_up())

    def note_miss(self, missed: Missed | None) -> None:
        """Note words that did not help, on a thread; signs that narrow are no words."""
        if missed is not None and (words := self.app.knowledge.spoken(missed.words)):
            self.app.using.missed(self, words, found=missed.found)

    def action_new(self) -> None:
        """Write an entry that begins with the words searched."""
        self.app.capture(self.spoken, focus="answer" if self.typed else "question")

    def action_ask(self) -> None:
        """Ask the team what the words searched did not find."""
        self.app.capture(self.spoken, focus="question")

    def action_variants(self) -> None:
        """Show the entries of which two versions are kept."""
        self.app.desk.variants(self)

    @on(review_messages.VersionsFound)
    def _versions_found(self, message: review_messages.VersionsFound) -> None:
        from kbtui.tui.choosing import offer

        if self.typed == self._wished_at:
            offer(self.app, self, message.found)

    def action_ideas(self) -> None:
        """Show the ideas of the floor, and what became of them."""
        self.app.learning.show_ideas()

    def action_misses(self) -> None:
        """Show the searches that did not help."""
        self.app.learning.show_misses()

    def action_health(self) -> None:
        """Show where the base needs care."""
        self.app.learning.show_health()

    def action_sample(self) -> None:
        """Show what share of the calls' questions the base knew."""
        self.app.learning.show_sample()

    def action_meeting(self) -> None:
        """Show what the staff meeting hears."""
        self.app.learning.show_meeting()

    def action_drafts(self) -> None:
        """Show what has been begun and not saved."""
        self._wish()
        self.app.show_drafts()
