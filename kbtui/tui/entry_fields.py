"""The fields in which an entry is written, in the order in which they are filled in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, TextArea

from kbtui import actions
from kbtui.entry.text import printable
from kbtui.store.drafts import Draft
from kbtui.tui.already_asked import AlreadyAsked
from kbtui.tui.area import Area
from kbtui.tui.card_field import CardField
from kbtui.tui.fields import Fields, Line
from kbtui.tui.form_desk import FormDesk
from kbtui.tui.tags import TagLine

Field = TypeVar("Field", Input, TextArea)

_LONG = "longer than one screen: shorter is easier to say"


@dataclass(frozen=True, slots=True)
class Help:
    """What a team has that helps with writing.

    Attributes:
        tags: in use, the most used first.
        roles: the lowest first.
        soft_length: characters of an answer beyond which the form says that shorter is better (F14).
    """

    tags: list[str]
    roles: tuple[str, ...]
    soft_length: int


class EntryFields(Fields):
    """Shows a draft to be written on; the caller's phrasings only where there is an entry already.

    Args:
        draft: what is written so far.
        helps: what the team has.
        desk: finds what has been asked already.
    """

    def __init__(self, draft: Draft, helps: Help, desk: FormDesk) -> None:
        super().__init__(id="form")
        self._draft = draft
        self._help = helps
        self._desk = desk

    def compose(self) -> ComposeResult:
        """Lay out the fields."""
        draft = self._draft
        yield _titled(Line(draft.question, id="question", select_on_focus=False), "Question, in the caller's words")
        if not draft.path:
            yield AlreadyAsked(self._desk)
        yield _titled(Area(draft.answer, id="answer"), "Say this to the caller")
        yield _titled(Area(draft.internal, id="internal-notes"), "Internal, not for the caller")
        yield CardField(draft.authority, self._help.roles)
        with Horizontal(id="short-fields"):
            yield _titled(TagLine(draft.tags, self._help.tags, id="tags"), "Tags, with commas")
            yield _titled(Line(draft.ticket, id="ticket", select_on_focus=False), "Ticket, if any")
        if draft.path:
            yield _titled(Area(draft.asked_as, id="asked-as"), "Also asked as, one a line")

    def on_mount(self) -> None:
        """Put the cursor behind the first words of a template, and say how a card is written down."""
        if self._draft.answer and not self._draft.path and not self._draft.changed_at:
            self.query_one("#answer", TextArea).action_cursor_line_end()
        if not self.card.display:
            self.query_one("#internal-notes").border_subtitle = f"{actions.AUTHORITY.key} says who may decide"

    @property
    def question(self) -> str:
        """The question as it stands there."""
        return printable(self.query_one("#question", Input).value)

    @property
    def answer(self) -> TextArea:
        """The field of the answer."""
        return self.query_one("#answer", TextArea)

    @property
    def card(self) -> CardField:
        """The field of the authority card."""
        return self.query_one(CardField)

    @property
    def asked(self) -> AlreadyAsked | None:
        """What has been asked already; None where an entry is changed."""
        return next(iter(self.query(AlreadyAsked)), None)

    def written_into(self, draft: Draft) -> Draft:
        """Return a draft with what stands in the fields now."""
        asked_as = self.query_one("#asked-as", TextArea).text if draft.path else draft.asked_as
        return replace(
            draft,
            question=self.question,
            answer=printable(self.answer.text),
            internal=printable(self.query_one("#internal-notes", TextArea).text),
            asked_as=printable(asked_as),
            tags=printable(self.query_one("#tags", Input).value),
            ticket=printable(self.query_one("#ticket", Input).value),
            authority=self.card.lines,
        )

    def unfold_card(self) -> None:
        """Show the field of the authority card, and go there."""
        self.query_one("#internal-notes").border_subtitle = ""
        self.card.unfold()

    @on(TextArea.Changed, "#answer")
    def _hint_at_length(self) -> None:
        self.answer.border_subtitle = _LONG if len(self.answer.text) > self._help.soft_length else ""

    @on(Input.Changed, "#question")
    def _look_whether_asked(self) -> None:
        if self.asked:
            self.asked.look(self.question)

    @on(AlreadyAsked.Shown)
    def _say_key(self, message: AlreadyAsked.Shown) -> None:
        subtitle = f"already asked? {actions.SIMILAR.key} compares" if message.is_asked else ""
        self.query_one("#question").border_subtitle = subtitle


def _titled(field: Field, title: str) -> Field:
    field.border_title = title
    return field
