"""The home screen: the search box, what it finds as one types, and the answer beside it.

The cursor never leaves the query line: the arrow keys move through the hits while one
types on, and enter opens the one that is marked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from kbtui import actions
from kbtui.tui import messages
from kbtui.tui.fields import Line
from kbtui.tui.keys import binding
from kbtui.tui.literal import literal
from kbtui.tui.status import StatusLine

if TYPE_CHECKING:
    from kbtui.entry.card import Card
    from kbtui.knowledge import Hit, SearchResult
    from kbtui.tui.app import KbtuiApp

_DEBOUNCE = 0.03
"""Seconds without a key after which a search begins."""

_NARROW, _LOW = 100, 18

_OPENING = "Opening …"


class QueryLine(Line):
    """The query line; enter opens the marked entry, and the footer says so."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "screen.show", actions.SHOW.words)]


class HomeScreen(Screen[None]):
    """Search, read, and from there everything else."""

    BINDINGS: ClassVar[list[BindingType]] = [
        binding(actions.NEW),
        binding(actions.ASK),
        binding(actions.DRAFTS),
        Binding("down", "move('down')", "Next", show=False),
        Binding("up", "move('up')", "Previous", show=False),
        Binding("pagedown", "move('page_down')", "Page down", show=False),
        Binding("pageup", "move('page_up')", "Page up", show=False),
        Binding("escape", "clear", "Clear", show=False),
    ]

    app: KbtuiApp

    def __init__(self) -> None:
        super().__init__()
        self._pause: Timer | None = None
        self._cards: dict[str, Card] = {}
        self._news = _OPENING
        self._shown_for: str | None = None
        self._opens_next = False

    def compose(self) -> ComposeResult:
        """Lay out the query line, the hits, the preview and the status line."""
        yield QueryLine(placeholder="What does the caller ask?", id="query", select_on_focus=False)
        with Container(id="finds"):
            yield OptionList(id="hits", markup=False)
            yield Static(id="hint", markup=False)
            with VerticalScroll(id="preview", can_focus=False):
                yield Static(id="preview-text", markup=False)
        yield StatusLine(id="status", markup=False)
        yield Footer(compact=True)

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
        self._look()
        desk.open_base(self)

    @property
    def _status(self) -> StatusLine:
        return self.query_one("#status", StatusLine)

    @property
    def typed(self) -> str:
        """What stands in the query line."""
        return self.query_one("#query", Input).value.strip()

    def on_resize(self, event: Resize) -> None:
        """Put the preview below the hits on a narrow window, and leave it out on a low one."""
        is_narrow = event.size.width < _NARROW
        self.set_class(is_narrow, "-narrow")
        self.set_class(event.size.height < _LOW, "-low")
        self.query_one("#finds").styles.layout = "vertical" if is_narrow else "horizontal"

    @on(Input.Changed, "#query")
    def _typed_on(self) -> None:
        self._opens_next = False
        self._news = "" if self.typed else self._news  # what was said stays until the next words
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(_DEBOUNCE, self._look)

    def _look(self) -> None:
        if self.typed:
            self.app.desk.search(self, self.typed)
        else:
            self.app.desk.suggest(self)

    @on(messages.Searched)
    def _show_hits(self, message: messages.Searched) -> None:
        result = message.result
        self._shown_for = message.text
        self._fill([hit.card for hit in result.hits], result.hits)
        if not result.hits:
            self._hint(
                f"Nobody has written about “{message.text}” yet.\n\n"
                "If you don't know this, someone else probably doesn't either.\n"
                f"  {actions.ASK.key}  asks the team: your question is visible to everybody at once\n"
                f"  {actions.NEW.key}  writes the question together with its answer"
            )
        else:
            self._status.say(self._news or _count(result))
        if self._opens_next and message.text == self.typed:
            self.action_show()

    @on(messages.Suggested)
    def _show_suggestions(self, message: messages.Suggested) -> None:
        self.app.tags = message.tags
        self._shown_for = ""
        self._fill(message.cards)
        if not message.cards:
            self._hint("Type the caller's words, as they come.")
        else:
            self._status.say(self._news or "Pinned, and questions waiting for an answer")

    def _fill(self, cards: list[Card], found: Sequence[Hit] = ()) -> None:
        from kbtui.tui.rows import hit_row, row

        hits = self.query_one("#hits", OptionList)
        marked = hits.highlighted_option.id if hits.highlighted_option and not found else None
        self._cards = {card.path: card for card in cards}
        hits.clear_options()
        rows = [hit_row(hit) for hit in found] or [row(card) for card in cards]
        hits.add_options([Option(shown, id=card.path) for shown, card in zip(rows, cards, strict=True)])
        self.set_class(not cards, "-nothing")
        if cards:
            paths = list(self._cards)
            hits.highlighted = paths.index(marked) if marked in self._cards else 0
        else:
            self._preview(Content(""))

    def _hint(self, text: str) -> None:
        self.query_one("#hint", Static).update(literal(text))
        self._status.say("Nothing found" if self.typed else self._news)

    @on(OptionList.OptionHighlighted, "#hits")
    def _look_closer(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_id:
            self.app.desk.preview(self, event.option_id)

    @on(messages.Previewed)
    def _show_preview(self, message: messages.Previewed) -> None:
        from kbtui.tui.preview import preview

        if message.entry.path in self._cards:
            self.query_one("#preview-text", Static).update(preview(message.entry, message.asker, self.typed))
            self.query_one("#preview", VerticalScroll).scroll_home(animate=False)

    def _preview(self, content: Content) -> None:
        self.query_one("#preview-text", Static).update(content)

    @on(OptionList.OptionSelected, "#hits")
    def action_show(self) -> None:
        """Open the marked entry; where the hits do not answer the words on the line yet, open the first that does."""
        self._opens_next = self.typed != self._shown_for
        if self._opens_next:
            self._look()
            return
        marked = self.query_one("#hits", OptionList).highlighted_option
        if marked is not None and marked.id:
            self.app.open_entry(marked.id)

    def action_move(self, how: str) -> None:
        """Move the mark while the cursor stays in the query line."""
        hits = self.query_one("#hits", OptionList)
        getattr(hits, f"action_cursor_{how}" if how in ("up", "down") else f"action_{how}")()

    def action_clear(self) -> None:
        """Empty the query line; an empty one is left as it is."""
        self.query_one("#query", Input).value = ""

    def action_new(self) -> None:
        """Write an entry that begins with the words searched."""
        self.app.capture(self.typed, focus="answer" if self.typed else "question")

    def action_ask(self) -> None:
        """Ask the team what the words searched did not find."""
        self.app.capture(self.typed, focus="question")

    def action_drafts(self) -> None:
        """Show what has been begun and not saved."""
        self.app.show_drafts()

    @on(messages.BaseReady)
    def _ready(self, message: messages.BaseReady) -> None:
        recovered = f"; {message.recovered} interrupted saves finished" if message.recovered else ""
        drafts = f"; unsaved: {message.drafts} to finish ({actions.DRAFTS.key})" if message.drafts else ""
        told = "" if self._news in ("", _OPENING) else f"{self._news} · "  # a trouble, which must not be wiped away
        self._news = f"{told}{message.total} entries{recovered}{drafts}"
        self._look()

    @on(messages.Progressed)
    def _progressed(self, message: messages.Progressed) -> None:
        self._status.say(f"Preparing search: {message.done} of {message.of}")

    @on(messages.PersonFound)
    def _person_found(self, message: messages.PersonFound) -> None:
        name = self.app.knowledge.team.name
        self._status.place = f"{message.name} · {name}" if message.name else name

    @on(messages.Saved)
    def _saved(self, message: messages.Saved) -> None:
        self.tell(f"{message.saved.words}: {message.saved.entry.question}")
        self._look()

    def tell(self, news: str) -> None:
        """Say what has happened elsewhere, until the next words are typed."""
        self._news = news
        self._status.say(news)

    def begin_anew(self) -> None:
        """Be ready for the next caller: an empty line, and the mark on the first row."""
        self.tell("Saving …")
        self.query_one("#hits", OptionList).highlighted = None
        self.query_one("#query", Input).value = ""

    @on(messages.Failed)
    def _failed(self, message: messages.Failed) -> None:
        trouble = f"{message.error.message} {message.error.hint}"
        self._news = self._news if trouble in self._news else trouble  # the same once more is no news
        self._status.say(self._news, is_trouble=True)


def _count(result: SearchResult) -> str:
    """Return how much was found, and how much of it is not shown."""
    whole = sum(hit.has_all for hit in result.hits)
    read_as = "".join(f"{meant}, for {typed} · " for typed, meant in result.read_as)
    shown = f"{read_as}{len(result.hits)} of {result.total}"
    if whole == len(result.hits):
        return shown
    return f"{shown}, {whole} with all words" if whole else f"{shown}, with some of these words"
