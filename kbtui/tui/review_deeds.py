"""What a lead does with the entry marked in a list: one method for each action, which hands the work over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import OptionList

from kbtui import actions
from kbtui.tui import messages, review_messages, rows
from kbtui.tui.asking import ChoiceScreen, LineScreen, TextScreen
from kbtui.tui.keys import binding
from kbtui.tui.literal import in_lines, literal
from kbtui.tui.review_desk import NOBODY, ReviewDesk
from kbtui.tui.status import StatusLine

if TYPE_CHECKING:
    from kbtui.team.difference import Difference
    from kbtui.team.review import Place
    from kbtui.tui.app import KbtuiApp
    from kbtui.verbs.reuse import Noted

_OF_AN_ANSWER = frozenset((actions.CONFIRM.id, actions.THANK.id))
_OF_A_PLACE = frozenset(
    action.id
    for action in (
        actions.SHOW, actions.EDIT, actions.COACH, actions.DIFF, actions.MERGE, actions.ARCHIVE, actions.OWNER,
        actions.CHECK_BY, actions.TRUST,
    )
)  # fmt: skip
_OF_WORDS_READ = frozenset((actions.ARCHIVE.id, actions.MERGE.id))
"""What is done to an entry only while its words are shown: after a deed the mark moves to another one by itself."""

_NARROW = 100

_CHECKLIST = "Is it unique, complete, clear? Does the title say it? Is nothing personal in it?"


class ReviewDeeds(Screen[None]):
    """A list of entries, the marked one beside it, and what is done with that one."""

    app: KbtuiApp

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back"),
        binding(actions.UNDO),
        binding(actions.KEYS),
        Binding("pagedown,space", "scroll('page_down')", "Page down", show=False),
        Binding("pageup", "scroll('page_up')", "Page up", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[str, Place] = {}
        self.read: review_messages.PlaceRead | None = None
        self.found: Difference | None = None
        self.news = ""
        self.is_trouble = self.was_away = False
        self._troubled = ""
        self._set_mark = ""
        self._noted_for = ""

    def on_mount(self) -> None:
        """Paint first, then look."""
        self.say("Looking …")
        self.query_one("#queue", OptionList).focus()
        self.call_after_refresh(self.look)

    def on_screen_resume(self) -> None:
        """Look again after something was opened from here; what was done from here is told anyway."""
        if self.was_away:
            self.was_away = False
            self.look()

    def on_resize(self, event: Resize) -> None:
        """Put the entry below the list on a narrow window."""
        is_narrow = event.size.width < _NARROW
        self.set_class(is_narrow, "-narrow")
        self.query_one("#finds").styles.layout = "vertical" if is_narrow else "horizontal"

    @property
    def desk(self) -> ReviewDesk:
        """Does the work."""
        return self.app.reviewing

    @property
    def marked(self) -> str:
        """The path of the entry that is marked, or nothing."""
        option = self.query_one("#queue", OptionList).highlighted_option
        return (option.id or "") if option else ""

    def look(self) -> None:
        """Find what wants a look now."""
        self.desk.queue(self)

    def say(self, sentence: str, *, is_trouble: bool = False) -> None:
        """Say something in the status line."""
        self.query_one("#status", StatusLine).say(sentence, is_trouble=is_trouble)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's signature
        """Offer what fits the entry that is marked."""
        place = self.places.get(self.marked) if self.is_mounted else None
        if action in _OF_A_PLACE:
            return place is not None and (action not in _OF_WORDS_READ or self.is_read)
        if action == actions.CLOSE_FLAGS.id:
            return place is not None and bool(place.demand.flags) and self.is_read
        if action in _OF_AN_ANSWER:
            return self.is_read and bool(self.read and self.read.entry.answer.strip())
        return True

    @property
    def is_read(self) -> bool:
        """Whether the entry that is marked is the one whose words are shown."""
        return self.read is not None and self.read.entry.path == self.marked

    # What is done at once

    def action_confirm(self) -> None:
        """Confirm the words as they are shown."""
        if self.read is not None and self.is_read:
            self.app.desk.confirm(self.app, self.marked, self.read.source)

    def action_thank(self) -> None:
        """Thank the people behind the entry."""
        self.app.using.thank(self.app, self.marked)

    def action_close_flags(self) -> None:
        """Say that what was flagged is mended."""
        flags = self.places[self.marked].demand.flags
        self.desk.close_flags(self.marked, frozenset(flag.id for flag in flags))

    def action_archive(self) -> None:
        """Mark the entry as no longer how the team does it."""
        self.app.desk.archive(self.app, self.marked)

    def action_undo(self) -> None:
        """Take back the last change that was made from here, or of the entry that is marked."""
        path = self._noted_for or self.marked
        if path:
            self.app.desk.undo(self.app, path)

    def action_edit(self) -> None:
        """Improve the entry's words."""
        if self.read is not None and self.is_read:
            self.app.edit(self.read.entry, self.read.source, focus="answer")

    # What is looked at

    @on(OptionList.OptionSelected, "#queue")
    def action_show(self) -> None:
        """Open the marked entry."""
        if self.marked:
            self.was_away = True
            self.app.open_entry(self.marked)

    def action_scroll(self, how: str) -> None:
        """Scroll the marked entry; the arrow keys move through the list."""
        getattr(self.query_one("#about", VerticalScroll), f"scroll_{how}")(animate=False)

    def action_back(self) -> None:
        """Return to where one came from."""
        self.dismiss()

    def action_keys(self) -> None:
        """Say what every key does here."""
        self.app.show_keys(self)

    def action_diff(self) -> None:
        """Show the whole difference since the entry was last validated."""
        from kbtui.tui.review_words import difference_text

        if self.found is not None:
            self.app.push_screen(TextScreen(actions.DIFF.words, difference_text(self.found, is_whole=True)))

    def action_trust(self) -> None:
        """Say what speaks for the entry and against it."""
        self.app.desk.trust(self, self.marked)

    @on(messages.TrustFound)
    def _trust_found(self, message: messages.TrustFound) -> None:
        self.app.open_over(self, TextScreen(actions.TRUST.words, literal("\n".join(message.reasons))))

    # What needs a word

    def action_coach(self) -> None:
        """Ask for a note to whoever wrote the entry; words that could not be kept are there again."""
        self.ask_note(_CHECKLIST)

    def ask_note(self, about: str, criteria: Sequence[str] = ()) -> None:
        """Ask for a note to whoever wrote the entry.

        Args:
            about: a hint of what to say.
            criteria: the lines of the checklist it is about, which the note then names.
        """
        path = self.marked

        def given(words: str | None) -> None:
            self.desk.unsaid[path] = box.text
            if words:
                self.desk.coach(path, words, criteria)

        hint = f"One line, to whoever wrote it, in their news. {about}"
        box = LineScreen("What would make it better?", hint, self.desk.unsaid.get(path, ""))
        self.app.push_screen(box, given)

    def action_owner(self) -> None:
        """Ask who keeps the entry true."""
        path = self.marked

        def given(name: str | None) -> None:
            if name:
                self.desk.give(path, name)

        owners = ", ".join(self.app.owners[:8])
        hint = f"A name; {NOBODY} for nobody.{f' Owners now: {owners}.' if owners else ''}"
        box = LineScreen("Who keeps it true?", hint, self.places[path].card.owner, is_value=True)
        self.app.push_screen(box, given)

    def action_check_by(self) -> None:
        """Ask by when somebody is to look again."""
        path = self.marked

        def given(date: str | None) -> None:
            if date:
                self.desk.check_by(path, date)

        hint = f"A date such as 2027-03-31, or a time from today: 90d, 6m; today is due now; {NOBODY} for never."
        box = LineScreen("To be checked by when?", hint, self.places[path].card.check_by, is_value=True)
        self.app.push_screen(box, given)

    def action_merge(self) -> None:
        """Offer what the entry may be merged into."""
        self.desk.merge_targets(self, self.places[self.marked], self.app.looking_up(self))

    @on(review_messages.MergeOffered)
    def _merge_offered(self, message: review_messages.MergeOffered) -> None:
        def chosen(into: str | None) -> None:
            if into:
                self.desk.merge(message.path, into)

        title = "Merge it into which one? Callers' words, tags, links and people are kept; this one is archived."
        if message.cards:
            shown = {card.path: in_lines(rows.row(card)) for card in message.cards}
            self.app.open_over(self, ChoiceScreen(title, shown), chosen)
        else:
            hint = "No question is near to it. Give the other entry's id, as its status line says it."
            self.app.open_over(self, LineScreen(title, hint), chosen)

    # How it ended

    @on(messages.Saved)
    def _saved(self, message: messages.Saved) -> None:
        self.news = f"{message.saved.words}: {message.saved.entry.question}"
        self._noted_for = message.saved.entry.path
        self._look_after()

    def noted(self, noted: Noted) -> None:
        """Say what was noted, and look again: a flag that was closed changes the queue."""
        self.news = noted.words
        self._look_after()

    def _look_after(self) -> None:
        self.is_trouble = False
        self.say(self.news)
        self.look()

    @on(messages.Failed)
    def _failed(self, message: messages.Failed) -> None:
        """Say what went wrong until something else is done, or another entry is marked."""
        self.news = f"{message.error.message} {message.error.hint}"
        self.is_trouble, self._troubled = True, self.marked
        self.say(self.news, is_trouble=True)
