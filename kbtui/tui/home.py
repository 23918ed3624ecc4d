"""The home screen: the search box, what it finds as one types, and the answer beside it.

The cursor never leaves the query line: the arrow keys move through the hits while one
types on, and enter opens the one that is marked.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.timer import Timer
from textual.widgets import Input, OptionList, Static

from kbtui import actions
from kbtui.entry.text import counted
from kbtui.tui import messages
from kbtui.tui.fields import Line
from kbtui.tui.footer import KeyFooter
from kbtui.tui.held_keys import Done
from kbtui.tui.home_deeds import HomeDeeds
from kbtui.tui.keys import binding
from kbtui.tui.literal import literal
from kbtui.tui.row_list import Row, RowList
from kbtui.tui.status import StatusLine

if TYPE_CHECKING:
    from rich.console import RenderableType

    from kbtui.entry.card import Card
    from kbtui.knowledge import SearchResult
    from kbtui.store.calls import Call

_DEBOUNCE, _FLOW = 0.03, 0.1
"""Seconds: a key that comes `_FLOW` after the last one begins a search at once, others once none follows."""

_CALM = 1.0
"""Seconds without a key after which questions are compared with each other: it takes seconds in a large base."""

_NARROW, _LOW = 100, 18

_OPENING = "Opening …"


class QueryLine(Line):
    """The query line; enter opens the marked entry, and the footer says so."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "screen.show", actions.SHOW.words)]


class HomeScreen(HomeDeeds):
    """Search, read, and from there everything else."""

    BINDINGS: ClassVar[list[BindingType]] = [
        binding(actions.NEW),
        binding(actions.ASK),
        binding(actions.DRAFTS),
        binding(actions.NEWS),
        binding(actions.NARROW),
        binding(actions.DRILL),
        binding(actions.CREDIT),
        binding(actions.REVIEW),
        binding(actions.SYNC),
        binding(actions.IDEAS),
        binding(actions.KEYS),
        binding(actions.JOIN_MARKED),
        Binding("down", "move('down')", "Next", show=False),
        Binding("up", "move('up')", "Previous", show=False),
        Binding("pagedown", "move('page_down')", "Page down", show=False),
        Binding("pageup", "move('page_up')", "Page up", show=False),
        Binding("escape", "clear", "Clear", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(_OPENING)
        self._pause: Timer | None = None
        self._calm: Timer | None = None
        self._ages: dict[str, str] = {}
        self._twins: dict[str, str] = {}
        self._typed_at = 0.0
        self._enter_for = ""
        self._found: Done = _nothing

    def compose(self) -> ComposeResult:
        """Lay out the query line, the hits, the preview and the status line."""
        yield QueryLine(placeholder="What does the caller ask?", id="query", select_on_focus=False)
        with Container(id="finds"):
            yield RowList(id="hits")
            yield Static(id="hint", markup=False)
            with VerticalScroll(id="preview", can_focus=False):
                yield Static(id="preview-text", markup=False)
        yield StatusLine(id="status", markup=False)
        yield KeyFooter()

    def on_mount(self) -> None:
        """Paint first, then look at the disk."""
        self.query_one("#finds").styles.layout = "horizontal"
        self.query_one("#hits", OptionList).can_focus = False
        self.query_one("#query", Input).focus()
        self._status.say(self._news)
        self.call_after_refresh(self._open)

    def on_screen_resume(self) -> None:
        """Be ready for the next words whenever another screen has closed."""
        self.query_one("#query", Input).focus()

    def _open(self) -> None:
        desk = self.app.desk
        desk.person(self)
        self.look()
        desk.open_base(self)

    @property
    def _status(self) -> StatusLine:
        return self.query_one("#status", StatusLine)

    def on_resize(self, event: Resize) -> None:
        """Put the preview below the hits on a narrow window, and leave it out on a low one."""
        is_narrow = event.size.width < _NARROW
        self.set_class(is_narrow, "-narrow")
        self.set_class(event.size.height < _LOW, "-low")
        self.query_one("#finds").styles.layout = "vertical" if is_narrow else "horizontal"

    @on(Input.Changed, "#query")
    def _typed_on(self, event: Input.Changed) -> None:
        if self.typed != self._enter_for:
            self._open_nothing()
        if self.typed not in ("", self._joined):
            self.next_caller()
        if self._calm is not None:
            self._calm.reset()
        self.note_miss(self.searching.typed(self.typed))
        self._news = "" if self.typed else self._news  # what was said stays until the next words
        if self._pause is not None:
            self._pause.stop()
        is_flowing = event.time - self._typed_at < _FLOW
        self._typed_at = event.time
        if is_flowing:
            self._pause = self.set_timer(_DEBOUNCE, self.look)
        else:
            self.look()

    @on(messages.Searched)
    def _show_hits(self, message: messages.Searched) -> None:
        from kbtui.tui.rows import hit_row

        result = message.result
        if message.text == self.shown_for:
            self._keeps_mark = True  # the same words once more: whoever has moved the mark meant another row
        self.shown_for = message.text
        self.searching.found(message.text, found=result.fits)
        rows = [(hit.card.path, hit) for hit in result.hits]
        self._fill(
            [
                Row(path, partial(hit_row, hit, self._ages.get(path, ""), self._twins.get(path, "")))
                for path, hit in rows
            ],
            [hit.card for hit in result.hits],
        )
        if not result.hits and not _says_something(message.text):
            self._hint("Type the caller's words, as they come.", is_searched=False)
        elif not result.hits:
            self._hint(
                f"Nobody has written about “{message.text}” yet.\n\n"
                "If you don't know this, someone else probably doesn't either.\n"
                f"  {actions.ASK.key}  asks the team: your question is visible to everybody at once\n"
                f"  {actions.NEW.key}  writes the question together with its answer"
            )
        else:
            self._status.say(self._news or _count(result))
        if self._enter_for and message.text == self.typed:
            self._open_best()

    def _open_best(self) -> None:
        """Open what enter was pressed for before it was found, unless something else has been begun meanwhile."""
        if self.is_current and self.marked:
            self._enter_for = ""
            self.action_show()
            self._found()
        else:
            self._open_nothing()

    def _open_nothing(self) -> None:
        """Open nothing for an enter; letters that were typed behind it are for the line after all."""
        if self._enter_for:
            self._give_up_enter()
            self.app.held.begin()()

    def _give_up_enter(self) -> None:
        self._enter_for = ""

    @on(messages.Suggested)
    def _show_suggestions(self, message: messages.Suggested) -> None:
        from kbtui.tui.sections import options

        self.app.desk.in_use(self)
        self.shown_for = ""
        self._keeps_mark = True
        shown = options(message.sections, self._ages, self.app.knowledge.team.template, self._twins)
        self._drafts = {draft.draft_id: draft for section in message.sections for draft in section.drafts}
        self._fill(shown, [card for section in message.sections for card, _ in section.rows])
        if not shown:
            self._hint("Type the caller's words, as they come.")
        else:
            self._status.say(self._news or "What is useful now")

    def _fill(self, rows: Sequence[Row], cards: Sequence[Card]) -> None:
        """Show rows; the mark goes to the first that is no heading, or stays."""
        marked = self.marked if self._keeps_mark else ""
        self._keeps_mark = False
        self._cards = {card.path: card for card in cards}
        names = [row.id or "" for row in rows]
        place = names.index(marked) if marked and marked in names else _first(names)
        self.query_one("#hits", RowList).show(rows, place)
        self.set_class(not names, "-nothing")
        if not names:
            self._preview(Content(""))
            self.refresh_bindings()

    def _hint(self, text: str, *, is_searched: bool = True) -> None:
        self.query_one("#hint", Static).update(literal(text))
        self._status.say("Nothing found" if self.typed and is_searched else self._news)

    @on(OptionList.OptionHighlighted, "#hits")
    def _look_closer(self, event: OptionList.OptionHighlighted) -> None:
        self.refresh_bindings()
        if draft := self._drafts.get(event.option_id or ""):
            from kbtui.tui.preview import draft_preview

            self._preview(draft_preview(draft, self.app.knowledge.team.template))
        elif event.option_id in self._cards:
            self.call_after_refresh(self.app.desk.preview, self, event.option_id)  # the rows are painted first
        else:
            self._preview(Content(""))

    @on(messages.Previewed)
    def _show_preview(self, message: messages.Previewed) -> None:
        from kbtui.tui.preview import preview

        if message.entry.path in self._cards:
            self.query_one("#preview-text", Static).update(preview(message.entry, message.asker, self.typed))
            self.query_one("#preview", VerticalScroll).scroll_home(animate=False)

    def _preview(self, content: RenderableType) -> None:
        self.query_one("#preview-text", Static).update(content)

    @on(OptionList.OptionSelected, "#hits")
    def action_show(self) -> None:
        """Open the marked entry; where the hits do not answer the words on the line yet, open the first that does.

        What is typed from then on is for that entry.
        """
        if self.typed != self.shown_for:
            self._enter_for = self.typed
            self._found = self.app.held.begin(self._give_up_enter) if self.typed else _nothing
            self.look()
        elif self.marked in self._drafts:
            self.app.finish(self._drafts[self.marked])
        elif self.marked in self._cards:
            self.searching.helped()
            self.app.open_entry(self.marked)

    def action_move(self, how: str) -> None:
        """Move the mark while the cursor stays in the query line."""
        hits = self.query_one("#hits", OptionList)
        getattr(hits, f"action_cursor_{how}" if how in ("up", "down") else f"action_{how}")()

    @on(messages.BaseReady)
    def _ready(self, message: messages.BaseReady) -> None:
        recovered = f"; {counted(message.recovered, 'interrupted save')} finished" if message.recovered else ""
        drafts = f"; unsaved: {message.drafts} to finish ({actions.DRAFTS.key})" if message.drafts else ""
        told = "" if self._news in ("", _OPENING) else f"{self._news} · "  # a trouble, which must not be wiped away
        self._news = f"{told}{counted(message.total, 'entry')}{recovered}{drafts}"
        self.look()
        self.app.base_is_open()
        self.app.using.news(self, is_asked=False)
        self.look_around()

    def look_around(self) -> None:
        """Find out what rows say beside a search: how old entries are, and which questions are there twice."""
        self.app.desk.ages(self)
        if self._calm is not None:
            self._calm.stop()
        self._calm = self.set_timer(_CALM, lambda: self.app.using.asked_twice(self))

    @on(messages.AskedTwiceFound)
    def _twins_found(self, message: messages.AskedTwiceFound) -> None:
        if message.twins != self._twins:
            self._twins = message.twins
            self.look_again()

    @on(messages.InUse)
    def _in_use(self, message: messages.InUse) -> None:
        self.app.tags, self.app.owners = message.tags, message.owners

    @on(messages.AgesFound)
    def _ages_found(self, message: messages.AgesFound) -> None:
        if message.ages != self._ages or message.is_new_standing:
            self._ages = message.ages
            self.look_again()

    def take_call(self, call: Call) -> None:
        """Search for what a phone system knows of a call."""
        self.give_up()
        self.next_caller()
        line = self.query_one("#query", Input)
        line.value = call.query
        line.cursor_position = len(call.query)
        self.tell(f"Call {call.ticket}" if call.ticket else "A call came in")
        self.app.desk.person(self)

    @on(messages.Progressed)
    def _progressed(self, message: messages.Progressed) -> None:
        self._status.say(f"Preparing search: {message.done} of {message.of}")

    @on(messages.PersonFound)
    def _person_found(self, message: messages.PersonFound) -> None:
        name = self.app.knowledge.team.name
        self.app.person_name = message.name
        ticket = f"{self.app.ticket} · " if self.app.ticket else ""
        self._status.place = ticket + (f"{message.name} · {name}" if message.name else name)

    @on(messages.Saved)
    def _saved(self, message: messages.Saved) -> None:
        self.tell(f"{message.saved.words}: {message.saved.entry.question}")
        self.look()
        self.look_around()

    def begin_anew(self) -> None:
        """Be ready for the next caller: an empty line, and the mark on the first row."""
        self.tell("Saving …")
        self.searching.helped()
        self.query_one("#hits", OptionList).highlighted = None
        self.query_one("#query", Input).value = ""

    @on(messages.Failed)
    def _failed(self, message: messages.Failed) -> None:
        self._open_nothing()
        self.next_caller()  # nothing may have come of what was to be noted
        trouble = f"{message.error.message} {message.error.hint}"
        self._news = self._news if trouble in self._news else trouble  # the same once more is no news
        self._status.say(self._news, is_trouble=True)


def _nothing() -> None:
    """Wait for nothing."""


def _says_something(text: str) -> bool:
    """Whether there is more than the first letter of a word: single letters find next to nothing, and mean nothing."""
    return any(len(word) > 1 for word in text.split())


def _first(names: Sequence[str]) -> int | None:
    """Return the place of the first row that is no heading."""
    return next((place for place, name in enumerate(names) if name), None)


def _count(result: SearchResult) -> str:
    """Return how much was found, and how much of it is not shown."""
    whole = sum(hit.has_all for hit in result.hits)
    read_as = "".join(f"{meant}, for {typed} · " for typed, meant in result.read_as)
    shown = f"{read_as}{len(result.hits)} of {result.total}"
    if whole == len(result.hits):
        return shown
    if whole:
        return f"{shown}, {whole} with all words"
    return f"{shown}, with some of these words · {actions.ASK.key} asks the team"
