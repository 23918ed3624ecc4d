"""The form: one screen for a question, what to say, what is internal, and tags.

Every change is on the disk within a second as a draft. ctrl+s saves and returns to the
query line at once; escape leaves and keeps the draft. Nothing typed here can be lost by a
key.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Footer, Input, Static, TextArea

from kbtui.entry.text import printable
from kbtui.store.drafts import Draft
from kbtui.tui import messages
from kbtui.tui.literal import literal
from kbtui.tui.status import StatusLine
from kbtui.tui.tags import TagSuggester

if TYPE_CHECKING:
    from kbtui.tui.app import KbtuiApp

Field = TypeVar("Field", Input, TextArea)

_AUTOSAVE = 0.5
"""Seconds between two looks whether there is something new to keep; a second is promised."""


class CaptureScreen(Screen[None]):
    """Writes an entry, new or known.

    Args:
        draft: what is written so far.
        focus: the field to begin in: "question" or "answer".
        trouble: what went wrong when these words were saved before.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", priority=True),
        Binding("escape", "leave", "Leave, keep the draft", priority=True),
        Binding("ctrl+r", "discard", "Throw away", show=True, priority=True),
    ]

    app: KbtuiApp

    def __init__(self, draft: Draft, focus: str, trouble: str = "") -> None:
        super().__init__()
        self._draft = draft
        self._start_in = focus
        self._trouble = trouble
        self._is_discarding = False

    def compose(self) -> ComposeResult:
        """Lay out the fields; the caller's phrasings only where there is an entry already."""
        draft = self._draft
        with Vertical(id="form"):
            yield Static(id="trouble", markup=False)
            yield _titled(Input(draft.question, id="question"), "Question, in the caller's words")
            yield _titled(_area("answer", draft.answer), "Say this to the caller")
            yield _titled(_area("internal-notes", draft.internal), "Internal, not for the caller")
            if draft.path:
                yield _titled(_area("asked-as", draft.asked_as), "Also asked as, one a line")
            yield _titled(Input(draft.tags, id="tags"), "Tags, with commas")
        yield StatusLine(id="status", markup=False)
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Begin in the field that is wanted, and keep what is typed from now on."""
        self.query_one(f"#{self._start_in}").focus()
        self._tell(self._trouble)
        self.query_one("#status", StatusLine).place = "kept as you type"
        self.query_one("#tags", Input).suggester = TagSuggester(self.app.tags)
        self.set_interval(_AUTOSAVE, self._keep)

    def _tell(self, trouble: str) -> None:
        line = self.query_one("#trouble", Static)
        line.update(literal(trouble))
        line.display = bool(trouble)

    def _current(self) -> Draft:
        """Return the draft as it stands on the screen, with the time if it has changed."""
        asked_as = self.query_one("#asked-as", TextArea).text if self._draft.path else self._draft.asked_as
        now = replace(
            self._draft,
            question=printable(self.query_one("#question", Input).value),
            answer=printable(self.query_one("#answer", TextArea).text),
            internal=printable(self.query_one("#internal-notes", TextArea).text),
            asked_as=printable(asked_as),
            tags=printable(self.query_one("#tags", Input).value),
        )
        return self._draft if now == self._draft else replace(now, changed_at=time.time())

    def keep_now(self) -> None:
        """Write what is typed before the program ends, waiting for the disk this once."""
        self._draft = self._current()
        if not self._draft.is_blank and self._draft.changed_at:
            self.app.knowledge.drafts.keep(self._draft)

    def _keep(self) -> None:
        current = self._current()
        if current is not self._draft and not self._is_discarding:
            self._draft = current
            self.app.desk.keep_draft(self, current)

    @on(TextArea.Changed)
    @on(Input.Changed)
    def _typed(self) -> None:
        length = len(self.query_one("#answer", TextArea).text)
        is_long = length > self.app.soft_length
        self.query_one("#answer").border_subtitle = (
            "longer than one screen: shorter is easier to say" if is_long else ""
        )

    def action_save(self) -> None:
        """Save, and return to the query line at once."""
        self._draft = replace(self._current(), changed_at=time.time())
        if not self._draft.question.strip():
            self._tell("Say in a few words what the caller asks.")
            self.query_one("#question").focus()
            return
        self._is_discarding = True
        self.app.save(self._draft)
        self.dismiss()

    def action_leave(self) -> None:
        """Leave; what is typed stays under "To finish"."""
        self._keep()
        self.dismiss()

    def action_discard(self) -> None:
        """Throw the draft away: a second press does it."""
        if not self._is_discarding and not self._current().is_blank:
            self._is_discarding = True
            self._tell("Press ctrl+r again to throw these words away; any other key keeps them.")
            return
        self.app.desk.discard_draft(self, self._draft)
        self.dismiss()

    def on_key(self) -> None:
        """Any other key takes back the wish to throw the draft away."""
        if self._is_discarding:
            self._is_discarding = False
            self._tell("")

    @on(messages.Failed)
    def _failed(self, message: messages.Failed) -> None:
        self._tell(f"{message.error.message} {message.error.hint}")


def _area(name: str, text: str) -> TextArea:
    return TextArea(text, id=name, tab_behavior="focus", show_line_numbers=False, soft_wrap=True)


def _titled(field: Field, title: str) -> Field:
    field.border_title = title
    return field
