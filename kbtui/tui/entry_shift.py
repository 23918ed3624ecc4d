"""What of one's own shift can be done with an open entry: say that it has been read, find out who knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from kbtui import actions
from kbtui.entry.model import Entry, State
from kbtui.team.shift import is_must_read
from kbtui.tui.asking import ChoiceScreen
from kbtui.tui.literal import literal
from kbtui.tui.shift_messages import KnowersFound, ReadingFound
from kbtui.tui.status import StatusLine

if TYPE_CHECKING:
    from kbtui.tui.app import KbtuiApp

_DIM = "$foreground 70%"
_MOST_NAMES = 8


class EntryShift(Screen[None]):
    """The deeds, over the entry that is open."""

    app: KbtuiApp
    _entry: Entry

    @property
    def path(self) -> str:
        """The file of the entry that is shown."""
        return self._entry.path

    @property
    def is_must_read(self) -> bool:
        """Whether everybody has to read it."""
        return is_must_read(self._entry.tags, self._entry.state)

    def offers(self, action: str) -> bool | None:
        """Whether an action of this room fits the entry; None for an action of another room."""
        fits = {
            actions.ACKNOWLEDGE.id: self.is_must_read,
            actions.WHO_KNOWS.id: self._entry.state is State.OPEN,
        }
        return fits.get(action)

    def look_who_reads(self) -> None:
        """Find out who has read what everybody must read."""
        self.query_one("#reading", Static).display = self.is_must_read
        if self.is_must_read:
            self.app.shift.shown[self.path] = self._words
            self.app.shift.reading(self, self.path)

    @on(ReadingFound)
    def _reading_found(self, message: ReadingFound) -> None:
        own = (
            "You have read it."
            if message.is_read
            else f"Everybody must read this: {actions.ACKNOWLEDGE.key} says you have."
        )
        names, more = message.unread[:_MOST_NAMES], len(message.unread) - _MOST_NAMES
        others = f" Not read yet: {', '.join(names)}{f' and {more} more' if more > 0 else ''}." if names else ""
        shown = Content.assemble(literal(own, "bold" if message.is_read else "bold $warning"), literal(others, _DIM))
        self.query_one("#reading", Static).update(shown)

    def action_acknowledge(self) -> None:
        """Say that one has read the entry in the words that are shown."""
        self.app.shift.acknowledge(self.app, self.path, self._words)

    @property
    def _words(self) -> str:
        """What stands for the words that are shown."""
        from kbtui.entry.reading import words_read

        return words_read(self._entry)

    def action_who_knows(self) -> None:
        """Find out who may know the answer."""
        self.app.shift.who_knows(self, self.path, self.app.looking_up(self))

    @on(KnowersFound)
    def _knowers_found(self, message: KnowersFound) -> None:
        def chosen(address: str | None) -> None:
            if address:
                self.app.shift.send(self.app, self.path, address)

        if not message.people:
            self.query_one(StatusLine).say("Nobody has written about anything like this yet.")
            return
        shown = {
            each.person.email or each.person.name: Content.assemble(
                literal(each.person.name, "bold"), literal(f"\n{each.because}", _DIM)
            )
            for each in message.people
        }
        self.app.open_over(
            self, ChoiceScreen("Who may know? Enter sends the question; it is in their news.", shown), chosen
        )
