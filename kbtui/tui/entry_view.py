"""One entry, whole: what to say first, what is internal visibly apart, then who and what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, Static

from kbtui import actions
from kbtui.entry.card import card_of
from kbtui.entry.decision import Asker
from kbtui.entry.model import Entry, State
from kbtui.entry.which_card import worked_out
from kbtui.tui import messages, rows
from kbtui.tui.authority_table import authority_table
from kbtui.tui.keys import binding
from kbtui.tui.literal import literal, markdown
from kbtui.tui.status import StatusLine

if TYPE_CHECKING:
    from kbtui.tui.app import KbtuiApp


class EntryScreen(Screen[None]):
    """Shows an entry.

    Args:
        entry: what to show.
        source: the bytes it was read from.
        asker: whose authority is shown.
        typed: the search it was found by; one like "refund 80" is answered from the card.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back"),
        binding(actions.EDIT),
        binding(actions.ANSWER),
        binding(actions.CONFIRM),
        binding(actions.UNDO),
        binding(actions.ARCHIVE),
        binding(actions.RESTORE),
        binding(actions.HISTORY),
        binding(actions.SEARCH),
        Binding("down", "scroll('down')", "Down", show=False),
        Binding("up", "scroll('up')", "Up", show=False),
        Binding("pagedown,space", "scroll('page_down')", "Page down", show=False),
        Binding("pageup", "scroll('page_up')", "Page up", show=False),
    ]

    app: KbtuiApp

    def __init__(self, entry: Entry, source: bytes, asker: Asker, typed: str = "") -> None:
        super().__init__()
        self._news = ""
        self._entry = entry
        self._source = source
        self._asker = asker
        self._typed = typed
        self._people: messages.PeopleFound | None = None

    def compose(self) -> ComposeResult:
        """Lay out the entry."""
        with VerticalScroll(id="entry"):
            yield from self._parts()
        yield StatusLine(id="status", markup=False)
        yield Footer(compact=True)

    @property
    def path(self) -> str:
        """The file of the entry that is shown."""
        return self._entry.path

    def _parts(self) -> ComposeResult:
        """Yield every part that the entry has."""
        entry = self._entry
        yield Static(rows.heading(entry), markup=False)
        if entry.authority:
            asked = worked_out(self._typed, [card_of(entry)], self._asker)
            table = authority_table(entry.authority, self._asker, asked[1] if asked else None)
            yield _boxed("authority", "Who may decide", Static(table, markup=False))
        yield Static(markdown(entry.answer or "*Nobody has answered this yet.*"), classes="part", markup=False)
        if entry.asked_as:
            words = "\n".join(f"“{line}”" for line in entry.asked_as)
            yield Static(literal(f"Also asked as\n{words}", "$foreground 70%"), classes="part", markup=False)
        if entry.internal:
            title = "Internal, not for the caller"
            yield _boxed("internal", title, Static(markdown(entry.internal), markup=False))
        if entry.see_also:
            yield Static(markdown(f"**See also**\n\n{entry.see_also}"), classes="part", markup=False)
        yield Static(id="people", classes="part", markup=False)

    def on_mount(self) -> None:
        """Read the history once the entry is on the screen."""
        self._look_around()

    def _look_around(self) -> None:
        """Say where the entry is, and have those looked up whose words it is made of."""
        self.query_one("#status", StatusLine).place = f"{self._entry.id} · {self._entry.path}"
        self.app.desk.people(self, self._entry.path)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's signature
        """Offer to answer what has no answer, to confirm what has one, and to bring back what is archived."""
        has_answer = bool(self._entry.answer.strip())
        is_archived = self._entry.state is State.ARCHIVED
        if action in (actions.ARCHIVE.id, actions.RESTORE.id):
            return is_archived == (action == actions.RESTORE.id)
        if action == actions.ANSWER.id:
            return not has_answer
        return has_answer if action == actions.CONFIRM.id else True

    @on(messages.PeopleFound)
    def _show_people(self, message: messages.PeopleFound) -> None:
        self._people = message
        credit = message.credit
        parts = [
            f"{title} {', '.join(person.name for person in people)}"
            for title, people in (
                ("Asked by", credit.asked),
                ("Answered by", credit.answered),
                ("Improved by", credit.improved),
                ("Confirmed by", credit.confirmed),
            )
            if people
        ]
        self.query_one("#people", Static).update(literal(" · ".join(parts), "$foreground 70%"))

    def action_scroll(self, how: str) -> None:
        """Scroll the entry."""
        getattr(self.query_one("#entry", VerticalScroll), f"scroll_{how}")(animate=False)

    def action_back(self) -> None:
        """Return to the search."""
        self.dismiss()

    def action_search(self) -> None:
        """Return to the search."""
        self.dismiss()

    def action_edit(self) -> None:
        """Change the entry's words."""
        self.app.edit(self._entry, self._source, focus="answer")

    def action_answer(self) -> None:
        """Answer the question."""
        self.app.edit(self._entry, self._source, focus="answer")

    def action_confirm(self) -> None:
        """Confirm the words as they stand."""
        self.app.desk.confirm(self.app, self._entry.path, self._source)

    def action_undo(self) -> None:
        """Take back the last change of the entry."""
        self.app.desk.undo(self.app, self._entry.path)

    def action_archive(self) -> None:
        """Mark the entry as no longer how the team does it."""
        self.app.desk.archive(self.app, self._entry.path)

    def action_restore(self) -> None:
        """Bring the entry back from the archive."""
        self.app.desk.restore(self.app, self._entry.path)

    def action_history(self) -> None:
        """Show what happened to the entry."""
        if self._people is not None:
            self.app.show_history(self._entry, self._people.steps)

    @on(messages.Saved)
    def _saved(self, message: messages.Saved) -> None:
        self._news = message.saved.words
        self.app.desk.open_entry(self, message.saved.entry.path)

    @on(messages.Opened)
    async def _show_again(self, message: messages.Opened) -> None:
        """Show the entry as it is now, in place: a form or a box that lies over it meanwhile stays."""
        self._entry, self._source = message.entry, message.source
        parts = self.query_one("#entry", VerticalScroll)
        async with self.batch():
            await parts.remove_children()
            await parts.mount_all(self._parts())
        parts.scroll_home(animate=False)
        self.query_one("#status", StatusLine).say(self._news)
        self.refresh_bindings()
        self._look_around()

    @on(messages.Failed)
    def _failed(self, message: messages.Failed) -> None:
        line = self.query_one("#status", StatusLine)
        line.say(f"{message.error.message} {message.error.hint}", is_trouble=True)


def _boxed(name: str, title: str, content: Static) -> Static:
    """Give a part a frame that says what it is."""
    content.id = name
    content.add_class("part")
    content.border_title = title
    return content
