"""What can be done with an open entry: one method for each action, which hands the work over and returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.content import Content

from kbtui import actions
from kbtui.actions import Action
from kbtui.entry.approval import digest
from kbtui.entry.card import is_asked_as
from kbtui.entry.event import EventKind
from kbtui.entry.model import Entry, State
from kbtui.tui import learning_messages, messages, review_messages, rows
from kbtui.tui.asked_too import AskedToo
from kbtui.tui.asking import ChoiceScreen, TextScreen
from kbtui.tui.boxes import history_lines
from kbtui.tui.entry_shift import EntryShift
from kbtui.tui.literal import in_lines, literal
from kbtui.tui.status import StatusLine

if TYPE_CHECKING:
    from kbtui.entry.card import Card
    from kbtui.verbs.reuse import Noted

_HAS_ANSWER = frozenset((actions.CONFIRM.id, actions.COPY.id, actions.USED.id, actions.THANK.id))


class EntryDeeds(EntryShift):
    """An entry, and what a person does with it.

    Args:
        entry: the one that is open.
        source: the bytes it was read from.
        typed: the words it was found by.
    """

    def __init__(self, entry: Entry, source: bytes, typed: str) -> None:
        super().__init__()
        self._entry = entry
        self._source = source
        self._typed = typed
        self._noting: set[str] = set()
        self._is_old = False
        self._asked_to_archive = False
        self._news = ""
        self._people: messages.PeopleFound | None = None
        self._steps_read = 0

    @property
    def _offer(self) -> str:
        """The words searched, where the entry answers them and does not know them yet."""
        is_new = self._typed and self._entry.answer.strip() and not is_asked_as(self._entry, self._typed)
        return self._typed if is_new else ""

    def say(self, sentence: str, *, is_trouble: bool = False) -> None:
        """Say something in the status line."""
        self.query_one("#status", StatusLine).say(sentence, is_trouble=is_trouble)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's signature
        """Offer what fits the entry: to answer or join what has no answer, to use what has one, and so on."""
        has_answer = bool(self._entry.answer.strip())
        is_archived = self._entry.state is State.ARCHIVED
        fits = {
            actions.ARCHIVE.id: not is_archived,
            actions.RESTORE.id: is_archived,
            actions.ANSWER.id: not has_answer,
            actions.JOIN.id: self._entry.state is State.OPEN,
            actions.SAME_AS.id: bool(self._offer),
            actions.SAME_QUESTION.id: bool(self._near),
            actions.RELOAD.id: self._is_old,
            actions.LINKS.id: bool(self._entry.links or self._entry.replaced_by),
            actions.HISTORY.id: self._people is not None,
            actions.RESOLVE.id: self._people is not None and self._people.is_contested,
        }
        if (is_offered := self.offers(action)) is not None:
            return is_offered
        return has_answer if action in _HAS_ANSWER else fits.get(action, True)

    # Use

    def action_copy_answer(self) -> None:
        """Copy what to say to the caller."""
        self.app.using.copy(self, self._entry)

    @on(messages.Copied)
    def _copied(self, message: messages.Copied) -> None:
        self.app.hand_to_terminal(message.copied.sequence, message.text)
        self.say(f"{message.copied.words} · {actions.USED.key}: it helped · {actions.FLAG.key}: it did not")

    def action_used(self) -> None:
        """Note that the entry answered the call; once, however often the key is pressed."""
        if self._begins(actions.USED):
            words = digest(self._entry.question, self._entry.answer)
            self.app.using.used(self.app, self.path, self._typed, self.app.ticket, words)

    def action_flag(self) -> None:
        """Ask what was wrong, and note it."""
        self.app.ask_flag(self.path)

    def action_thank(self) -> None:
        """Thank the people behind the entry; once."""
        if self._begins(actions.THANK):
            self.app.using.thank(self.app, self.path)

    def action_join(self) -> None:
        """Count one caller more who asks it, in the words searched, if they are not the entry's own; once."""
        if self._begins(actions.JOIN):
            words = "" if is_asked_as(self._entry, self._typed) else self._typed
            self.app.using.join(self.app, self.path, words)

    def _begins(self, action: Action) -> bool:
        """Whether this is noted for the first time since the entry was opened: one call counts once."""
        if action.id in self._noting:
            self.say("Noted already for this call; open the entry again for the next one")
            return False
        self._noting.add(action.id)
        return True

    def noted(self, noted: Noted) -> None:
        """Say what has been noted of an entry, if it is this one."""
        if noted.entry != self._entry.id:
            return
        offered = f" · {actions.SAME_AS.key} adds “{self._offer}” to it" if self._offer else ""
        self.say(f"{noted.words}{offered}")
        if noted.kind == EventKind.ACKNOWLEDGED:
            self.look_who_reads()
        if noted.kind == EventKind.JOINED:  # it may have got the caller's words
            self.shows_next(noted.words)
        self.app.desk.people(self, self.path)

    def could_not(self) -> None:
        """Nothing came of what was to be noted: the key may be pressed again."""
        self._noting.clear()

    def action_same_as(self) -> None:
        """Add the searched words to the entry's phrasings."""
        self.app.using.same_as(self.app, self.path, self._offer)

    @property
    def _near(self) -> list[Card]:
        """The open questions that ask nearly the same, the nearest first."""
        return [card for shown in self.query(AskedToo) for card in shown.near]

    def action_same_question(self) -> None:
        """Make this question and the nearest one that asks the same one question."""
        if self._begins(actions.SAME_QUESTION):
            self.app.using.same_question(self.app, self, self.path, self._near[0].path)

    def action_idea(self) -> None:
        """Raise an idea that starts from the entry."""
        self.app.learning.raise_idea(self._entry.id)

    @on(learning_messages.IdeaMoved)
    def _idea_raised(self, message: learning_messages.IdeaMoved) -> None:
        self.say(f"{message.moved.words} ({actions.IDEAS.key} on the query line)")

    # Understand

    def action_history(self) -> None:
        """Show what happened to the entry."""
        if self._people is not None:
            lines = "\n".join(history_lines(self._people.steps)) or "Nothing yet."
            self.app.push_screen(TextScreen(self._entry.question, literal(lines)))

    def action_trust(self) -> None:
        """Say what speaks for the entry and against it."""
        self.app.desk.trust(self, self.path)

    @on(messages.TrustFound)
    def _trust_found(self, message: messages.TrustFound) -> None:
        lines = [literal(reason) for reason in message.reasons]
        self.app.open_over(self, TextScreen(actions.TRUST.words, Content("\n").join(lines)))

    def action_links(self) -> None:
        """Go to an entry that this one names."""
        self.app.desk.linked(self, self._entry, self.app.looking_up(self))

    @on(messages.LinksFound)
    def _links_found(self, message: messages.LinksFound) -> None:
        def chosen(path: str | None) -> None:
            if path:
                self.app.open_entry(path)

        if message.cards:
            shown = {card.path: in_lines(rows.row(card)) for card in message.cards}
            self.app.open_over(self, ChoiceScreen(actions.LINKS.words, shown), chosen)
        else:
            self.say("The entries it names are not in this base.")

    def shows_next(self, news: str) -> None:
        """Show the entry as it is now, with a sentence about what has happened."""
        self._news = news
        self.app.desk.open_entry(self, self.path)

    def action_reload(self) -> None:
        """Show the entry as it is now."""
        self.app.desk.open_entry(self, self.path)

    def changed_outside(self) -> None:
        """The entry's file has changed: look whether it was somebody else."""
        self.app.desk.compare(self, self.path, self._source)

    @on(messages.Aged)
    def _aged(self, message: messages.Aged) -> None:
        """Say who has changed the entry, and offer to show it; what is being read aloud stays as it is."""
        if (message.path, message.shown) != (self.path, self._source):
            return  # it has been shown anew meanwhile
        self._is_old = True
        self.refresh_bindings()
        self.app.desk.people(self, self.path)

    # Change

    def action_resolve(self) -> None:
        """Show both versions of the entry, to choose from."""
        self.app.desk.versions(self, self.path)

    @on(review_messages.VersionsFound)
    def _versions_found(self, message: review_messages.VersionsFound) -> None:
        from kbtui.tui.choosing import offer

        offer(self.app, self, message.found)

    def action_edit(self) -> None:
        """Change the entry's words."""
        self.app.edit(self._entry, self._source, focus="answer")

    def action_answer(self) -> None:
        """Answer the question."""
        self.app.edit(self._entry, self._source, focus="answer")

    def action_confirm(self) -> None:
        """Confirm the words as they stand."""
        self.app.desk.confirm(self.app, self.path, self._source)

    def action_undo(self) -> None:
        """Take back the last change of the entry."""
        self.app.desk.undo(self.app, self.path)

    def action_archive(self) -> None:
        """Mark the entry as no longer how the team does it: a second press does it."""
        if not self._asked_to_archive:
            self._asked_to_archive = True
            self.say("Press x again to archive this entry; any other key leaves it as it is.")
            return
        self._asked_to_archive = False
        self.app.desk.archive(self.app, self.path)

    def before_key(self, key: str) -> None:
        """Any other key takes back the wish to archive: words typed here by mistake archive nothing."""
        if self._asked_to_archive and key != actions.ARCHIVE.key:
            self._asked_to_archive = False
            self.say("")

    def action_restore(self) -> None:
        """Bring the entry back from the archive."""
        self.app.desk.restore(self.app, self.path)
