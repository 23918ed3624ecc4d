"""One entry, whole: what to say first, what is internal visibly apart, then who and what happened."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from kbtui import actions
from kbtui.entry.card import card_of
from kbtui.entry.decision import Asker
from kbtui.entry.model import TWO_VERSIONS, Entry, State
from kbtui.entry.which_card import worked_out
from kbtui.tui import messages, rows
from kbtui.tui.asked_too import AskedToo
from kbtui.tui.authority_table import authority_table
from kbtui.tui.entry_deeds import EntryDeeds
from kbtui.tui.footer import KeyFooter
from kbtui.tui.keys import binding
from kbtui.tui.literal import literal, markdown
from kbtui.tui.status import StatusLine

_DIM = "$foreground 70%"


class EntryScreen(EntryDeeds):
    """Shows an entry.

    Args:
        entry: what to show.
        source: the bytes it was read from.
        asker: whose authority is shown.
        typed: the search it was found by; one like "refund 80" is answered from the card.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back"),
        binding(actions.RELOAD),
        binding(actions.COPY),
        binding(actions.USED),
        binding(actions.SAME_AS),
        binding(actions.FLAG),
        binding(actions.JOIN),
        binding(actions.SAME_QUESTION),
        binding(actions.ANSWER),
        binding(actions.EDIT),
        binding(actions.CONFIRM),
        binding(actions.RESOLVE),
        binding(actions.THANK),
        binding(actions.TRUST),
        binding(actions.ACKNOWLEDGE),
        binding(actions.WHO_KNOWS),
        binding(actions.LINKS),
        binding(actions.IDEA),
        binding(actions.UNDO),
        binding(actions.ARCHIVE),
        binding(actions.RESTORE),
        binding(actions.HISTORY),
        binding(actions.SEARCH),
        binding(actions.SYNC),
        binding(actions.KEYS),
        Binding("down", "scroll('down')", "Down", show=False),
        Binding("up", "scroll('up')", "Up", show=False),
        Binding("pagedown,space", "scroll('page_down')", "Page down", show=False),
        Binding("pageup", "scroll('page_up')", "Page up", show=False),
    ]

    def __init__(self, entry: Entry, source: bytes, asker: Asker, typed: str = "") -> None:
        super().__init__(entry, source, typed)
        self._asker = asker

    def compose(self) -> ComposeResult:
        """Lay out the entry."""
        with VerticalScroll(id="entry"):
            yield from self._parts()
        yield StatusLine(id="status", markup=False)
        yield KeyFooter()

    def _parts(self) -> ComposeResult:
        """Yield every part that the entry has."""
        entry = self._entry
        yield Static(rows.heading(entry), markup=False)
        yield Static(id="demand", markup=False)
        yield Static(id="reading", markup=False)
        if entry.state is State.OPEN:
            yield AskedToo(entry)
        if entry.authority:
            asked = worked_out(self._typed, [card_of(entry)], self._asker)
            table = authority_table(entry.authority, self._asker, asked[1] if asked else None)
            yield _boxed("authority", "Who may decide", Static(table, markup=False))
        yield Static(markdown(entry.answer or "*Nobody has answered this yet.*"), classes="part", markup=False)
        if entry.asked_as:
            words = "\n".join(f"“{line}”" for line in entry.asked_as)
            yield Static(literal(f"Also asked as\n{words}", _DIM), classes="part", markup=False)
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
        self.app.desk.people(self, self.path)
        self.look_who_reads()

    @on(messages.PeopleFound)
    def _show_people(self, message: messages.PeopleFound) -> None:
        self._people = message
        self._steps_read = self._steps_read or len(message.steps)
        self.refresh_bindings()
        self._show_demand(message)
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
        self.query_one("#people", Static).update(literal(" · ".join(parts), _DIM))
        if self._is_old:
            is_known = len(message.steps) > self._steps_read
            last = message.steps[-1].person.name if is_known else "Somebody"
            self.say(f"{last} has changed this entry: {actions.RELOAD.key} shows it as it is now")

    def _show_demand(self, message: messages.PeopleFound) -> None:
        """Say how often the entry was used, who waits, and what was flagged, in the words of those who did."""
        lines = [literal(message.demand.words, _DIM)] if message.demand.words else []
        if message.is_contested and not self._entry.variant_of:
            lines.append(literal(f"{TWO_VERSIONS} · {actions.RESOLVE.key} shows both", "$warning"))
        lines += [literal(f"! {flag.person.name}: {flag.reason}", "$warning") for flag in message.demand.flags]
        shown = self.query_one("#demand", Static)
        shown.update(literal("\n").join(lines))
        shown.display = bool(lines)

    def action_scroll(self, how: str) -> None:
        """Scroll the entry."""
        getattr(self.query_one("#entry", VerticalScroll), f"scroll_{how}")(animate=False)

    def action_back(self) -> None:
        """Return to the search."""
        self.dismiss()

    def action_search(self) -> None:
        """Return to the search."""
        self.dismiss()

    def action_sync(self) -> None:
        """Share now, and say how sharing stands."""
        self.app.sharing.show()

    def action_keys(self) -> None:
        """Say what every key does here."""
        self.app.show_keys(self)

    @on(messages.Saved)
    def _saved(self, message: messages.Saved) -> None:
        self._news = message.saved.words
        self.app.desk.open_entry(self, message.saved.entry.path)

    @on(messages.Opened)
    async def _show_again(self, message: messages.Opened) -> None:
        """Show the entry as it is now, in place: a form or a box that lies over it meanwhile stays."""
        self._entry, self._source = message.entry, message.source
        self._is_old = False
        self._steps_read = 0
        self._noting.discard(actions.SAME_QUESTION.id)
        parts = self.query_one("#entry", VerticalScroll)
        async with self.batch():
            await parts.remove_children()
            await parts.mount_all(self._parts())
        parts.scroll_home(animate=False)
        self.say(self._news)
        self.refresh_bindings()
        self._look_around()

    @on(messages.Failed)
    def _failed(self, message: messages.Failed) -> None:
        self.could_not()
        self.say(f"{message.error.message} {message.error.hint}", is_trouble=True)


def _boxed(name: str, title: str, content: Static) -> Static:
    """Give a part a frame that says what it is."""
    content.id = name
    content.add_class("part")
    content.border_title = title
    return content
