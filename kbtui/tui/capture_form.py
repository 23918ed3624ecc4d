"""The form: one screen for a question, what to say, what is internal, and tags.

Every change is on the disk within a second as a draft. ctrl+s saves and returns to the
query line at once; escape leaves and keeps the draft. Nothing typed here can be lost by a
key.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Input, Static, TextArea

from kbtui import actions
from kbtui.entry.alarm import as_trailer
from kbtui.entry.guard import kinds
from kbtui.errors import KbError
from kbtui.store.drafts import Draft
from kbtui.tui import messages
from kbtui.tui.already_asked import AlreadyAsked
from kbtui.tui.compare_box import CompareScreen, Same
from kbtui.tui.entry_fields import EntryFields, Help
from kbtui.tui.footer import KeyFooter
from kbtui.tui.form_desk import FormDesk
from kbtui.tui.guarding import has_cards, mask, personal_data, question, warning
from kbtui.tui.keys import binding
from kbtui.tui.literal import literal
from kbtui.tui.own_editor import edit_in
from kbtui.tui.status import StatusLine
from kbtui.tui.tags import TagLine

if TYPE_CHECKING:
    from textual.timer import Timer

    from kbtui.entry.guarded import Sighting
    from kbtui.tui.app import KbtuiApp

_LOOK = 0.15
"""Seconds without a key after which the guard looks at the words."""

_AUTOSAVE = 0.5
"""Seconds between two looks whether there is something new to keep; a second is promised."""


class Ending(Enum):
    """How a form was left; the value is what is said of it."""

    SAVING = "Saving …"
    KEPT = "Kept under “To finish”"
    THROWN_AWAY = "Thrown away"
    NOTHING = ""


class CaptureScreen(Screen[Ending]):
    """Writes an entry, new or known. Ends with what became of the words.

    Args:
        draft: what is written so far.
        focus: the field to begin in: "question" or "answer".
        trouble: what went wrong when these words were saved before.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        binding(actions.SAVE, first=True),
        Binding("escape", "leave", "Leave", priority=True),
        binding(actions.DISCARD, first=True),
        binding(actions.MASK, first=True),
        binding(actions.SIMILAR, first=True),
        binding(actions.EDITOR, first=True),
        binding(actions.AUTHORITY, first=True),
        binding(actions.KEYS, first=True),
        Binding("tab", "leave_field", "Next field", show=False, priority=True),
        Binding("shift+tab", "leave_field(-1)", "Field before", show=False, priority=True),
    ]

    app: KbtuiApp

    def __init__(self, draft: Draft, focus: str, trouble: str = "") -> None:
        super().__init__()
        self._draft = self._kept = replace(draft, allowed="")
        self._start_in = focus
        self._trouble = trouble
        self._found: list[Sighting] = []
        self._asked_about: frozenset[str] = frozenset()
        self._look_timer: Timer | None = None
        self._asked_to_discard = False
        self._has_ended = False
        self._compares_next = False
        self._says_until_typed = False
        self._is_leaving = False

    @cached_property
    def _desk(self) -> FormDesk:
        return FormDesk(self.app, self.app.desk, self.app.knowledge)

    @property
    def _fields(self) -> EntryFields:
        return self.query_one(EntryFields)

    def _is_blank(self, draft: Draft) -> bool:
        """Whether nothing has been typed: what the team's template says has not been."""
        return draft.without(self.app.knowledge.team.template).is_blank

    def compose(self) -> ComposeResult:
        """Lay out what went wrong, the fields, and where they are kept."""
        yield Static(id="trouble", markup=False)
        team = self.app.knowledge.team
        yield EntryFields(self._draft, Help(self.app.tags, team.roles, self.app.soft_length), self._desk)
        yield StatusLine(id="status", markup=False)
        yield KeyFooter()

    def on_mount(self) -> None:
        """Begin in the field that is wanted, and keep what is typed from now on."""
        self.query_one(f"#{self._start_in}").focus()
        self._tell(self._trouble)
        self.query_one("#status", StatusLine).place = "kept as you type"
        self.set_interval(_AUTOSAVE, self._keep)

    def _tell(self, trouble: str, *, until_typed: bool = False) -> None:
        """Say what is wrong, above the fields; with `until_typed`, only until somebody types on."""
        self._says_until_typed = until_typed
        line = self.query_one("#trouble", Static)
        self._trouble = trouble
        said = trouble or warning(self._found)
        line.update(literal(said))
        line.display = bool(said)

    def _current(self) -> Draft:
        """Return the draft as it stands on the screen, with the time if it has changed."""
        now = self._fields.written_into(self._draft)
        return self._draft if now == self._draft else replace(now, changed_at=time.time())

    def keep_now(self) -> None:
        """Write what is typed before the program ends, waiting for the disk this once.

        Raises:
            NotSavedError: the disk did not take it.
        """
        self._draft = self._current()
        if self._draft is not self._kept and not self._is_blank(self._draft):
            self.app.knowledge.drafts.keep(self._draft)
            self._kept = self._draft

    def _keep(self) -> None:
        """Hand what has changed to the disk."""
        self._draft = self._current()
        if self._draft is not self._kept and not self._has_ended and not self._is_blank(self._draft):
            self.app.desk.keep_draft(self, self._draft)

    @on(messages.DraftKept)
    def _was_kept(self, message: messages.DraftKept) -> None:
        if message.draft is self._draft:
            self._kept = message.draft
            kept = "kept as you type, the card number masked" if message.is_masked else "kept as you type"
            self.query_one("#status", StatusLine).place = kept
            if self._is_leaving:
                self._end(Ending.KEPT)

    def _end(self, ending: Ending) -> None:
        if not self._has_ended:
            self._has_ended = True
            self.dismiss(ending)

    @on(TextArea.Changed)
    @on(Input.Changed)
    def _typed(self) -> None:
        if self._says_until_typed:
            self._tell("")
        if self._look_timer is not None:
            self._look_timer.stop()
        self._look_timer = self.set_timer(_LOOK, self._look)

    def _look(self) -> None:
        """Let the guard look at the words."""
        if not self._has_ended:
            self.app.desk.look_for_personal_data(self, self._current())

    @on(messages.Guarded)
    def _was_looked_at(self, message: messages.Guarded) -> None:
        if _words(message.draft) == _words(self._current()):
            self._now_found(message.found)

    def _now_found(self, found: list[Sighting]) -> None:
        """Say what the guard has found; what a save was refused for is not said any longer once it is gone."""
        if self._found != found:
            self._found = found
            self._tell("" if self._trouble.startswith("Not saved:") else self._trouble)
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to mask where there is something to mask, and to compare what is new."""
        if action == actions.SIMILAR.id:
            return not self._draft.path
        if action == "leave_field" and not parameters:
            return not isinstance(self.focused, TagLine)  # which first looks whether a tag is offered
        return bool(self._found) if action == actions.MASK.id else True

    def action_leave_field(self, step: int = 1) -> None:
        """Go to another field at once: letters typed right behind the key are meant for it.

        Left to the field itself, the key waits behind the letters before it, and those behind it are in the old field.
        """
        if step > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def action_mask(self) -> None:
        """Mask card numbers where there are any, else everything that was found."""
        self._after_typing(self._mask)

    def _mask(self) -> None:
        rules = self.app.knowledge.team.guard
        said = {each.said for each in personal_data(self._current(), rules)}
        for field in (*self.query(Input), *self.query(TextArea)):
            mask(field, rules, said)
        self._tell("")

    def _after_typing(self, then: Callable[[], None]) -> None:
        """Do something once the letters typed before have arrived in their field."""
        (self.focused or self).call_later(then)

    def action_save(self) -> None:
        """Save, and return to the query line at once."""
        self._after_typing(self._save)

    def _save(self) -> None:
        self._draft = replace(self._current(), changed_at=time.time())
        if not self._draft.question.strip():
            self._tell("Say in a few words what the caller asks.")
            self.query_one("#question").focus()
        elif trouble := self._fields.card.trouble:
            self._tell(trouble)
            self._fields.unfold_card()
        elif (draft := self._allowed(self._draft, self._draft, f"{actions.SAVE.key} again saves it")) is not None:
            self.app.save(draft)
            self._end(Ending.SAVING)

    def _allowed(self, draft: Draft, words: Draft, again: str) -> Draft | None:
        """Return a draft with what may stay in it; None where the person has to mask or to be asked first.

        Args:
            words: the part of the draft that leaves this computer.
            again: what goes on all the same.
        """
        found = personal_data(words, self.app.knowledge.team.guard)
        said = frozenset(each.said for each in found)
        if has_cards(found) or not said <= self._asked_about:
            self._found, self._asked_about = found, said
            self._tell(question(found, again))
            self.refresh_bindings()
            return None
        return replace(draft, allowed=as_trailer(kinds(each.alarm for each in found)))

    @on(AlreadyAsked.Shown)
    def _may_compare(self) -> None:
        if self._compares_next:
            self._compare()

    def action_similar(self) -> None:
        """Compare one's own question with those that are close to it."""
        self._after_typing(self._compare)

    def _compare(self) -> None:
        asked = self._fields.asked
        self._compares_next = asked is not None and asked.is_looking
        if self._compares_next or self._has_ended or asked is None:
            return
        if asked.near:
            self.app.push_screen(CompareScreen(self._fields.question, asked.near, self._desk), self._compared)
        else:
            self._tell("Nothing that is close to this question has been asked yet.", until_typed=True)

    def _compared(self, same: Same | None) -> None:
        """Add the question to the entry that it is the same as, and end; without one, go on."""
        if same is None:
            return
        self._draft = replace(self._current(), changed_at=time.time())
        question_only = replace(self._draft, answer="", internal="", tags="", asked_as="", authority="")
        again = f"{actions.SIMILAR.key} and the same key again add it"
        if (draft := self._allowed(self._draft, question_only, again)) is not None:
            do = self._desk.join if same.is_open else self._desk.same_answer
            do(draft, same.path)
            self._end(Ending.SAVING)

    def action_authority(self) -> None:
        """Write down who may decide."""
        self._fields.unfold_card()

    def action_keys(self) -> None:
        """Say what every key does here; the words stay as they are."""
        self.app.show_keys(self)

    def action_editor(self) -> None:
        """Write on in one's own editor: in the text that has the focus, else in the answer."""
        self._after_typing(self._edit)

    def _edit(self) -> None:
        field = self.focused if isinstance(self.focused, TextArea) else self._fields.answer
        try:
            self.keep_now()
            edit_in(self.app, field, self.app.environment, self.app.knowledge.team.guard)
        except KbError as error:
            self._tell(f"{error.message} {error.hint}", until_typed=True)

    def action_leave(self) -> None:
        """Leave; what is typed stays under "To finish". Where the disk does not take it, stay."""
        self._after_typing(self._leave)

    def _leave(self) -> None:
        self._draft = self._current()
        if self._draft is self._kept or self._is_blank(self._draft):
            self._end(Ending.KEPT if self._draft.changed_at and not self._is_blank(self._draft) else Ending.NOTHING)
            return
        if not self._has_ended:
            self._is_leaving = True
            behind = self.app.held.begin()  # what is typed behind the key is for the screen below
            self.app.desk.keep_draft(self, self._draft, behind)

    def action_discard(self) -> None:
        """Throw the draft away: a second press does it."""
        if not self._asked_to_discard and not self._is_blank(self._current()):
            self._asked_to_discard = True
            self._tell("Press ctrl+r again to throw these words away; any other key keeps them.")
            return
        self.app.home.forget(self._draft.draft_id)
        self.app.desk.discard_draft(self.app, self._draft, self.app.home.look_again)
        self._end(Ending.THROWN_AWAY)

    def before_key(self, key: str) -> None:
        """Any other key takes back the wish to throw the draft away."""
        if self._asked_to_discard and key != actions.DISCARD.key:
            self._asked_to_discard = False
            self._tell("")

    @on(messages.Failed)
    def _failed(self, message: messages.Failed) -> None:
        self._is_leaving = False
        self._tell(f"{message.error.message} {message.error.hint}")


def _words(draft: Draft) -> Draft:
    """Return a draft without the time at which it changed."""
    return replace(draft, changed_at=0.0)
