"""What is new since one's last shift, as a list (F48): enter opens an entry, k says that a must-read has been read.

The list shows questions only, and nobody says of words that they have read them before they had
them on the screen: k opens a must-read that was not open yet, and says it of the words that were.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from kbtui import actions
from kbtui.entry.event import EventKind
from kbtui.entry.text import counted
from kbtui.team.shift import News, Note
from kbtui.tui import messages
from kbtui.tui.keys import binding
from kbtui.tui.literal import literal

if TYPE_CHECKING:
    from kbtui.tui.app import KbtuiApp
    from kbtui.verbs.reuse import Noted

_DIM = "$foreground 70%"
_MOST = 60
"""Rows; whoever was away for a month reads the rest in the entries."""


@dataclass(frozen=True, slots=True)
class _Row:
    shown: Content
    path: str = ""
    entry: str = ""
    is_must_read: bool = False


class NewsScreen(ModalScreen[None]):
    """Shows the news.

    Args:
        news: what is new.
    """

    app: KbtuiApp

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close"),
        binding(actions.ACKNOWLEDGE),
    ]

    def __init__(self, news: News) -> None:
        super().__init__()
        self._news = news
        self._rows = [*_rows(news)]

    def compose(self) -> ComposeResult:
        """Lay out the list and the keys."""
        with Vertical(classes="box", id="news"):
            yield Static(literal(f"Since {self._news.since.astimezone():%A %H:%M, %d %B}", "bold"), markup=False)
            if self._rows:
                yield OptionList(*(self._option(place) for place in range(len(self._rows))), markup=False)
            else:
                yield Static(literal("\nNothing is new since you last looked."), markup=False)
            yield Static(literal(self._keys, _DIM), id="news-hint", markup=False)

    @property
    def _keys(self) -> str:
        read = f" · {actions.ACKNOWLEDGE.key} I have read it" if any(row.is_must_read for row in self._rows) else ""
        opens = "enter opens it" if any(row.path for row in self._rows) else ""
        return " · ".join(filter(None, (f"{opens}{read}", "escape closes")))

    def _option(self, place: int) -> Option:
        row = self._rows[place]
        return Option(row.shown, id=str(place), disabled=not row.path)

    @property
    def _marked(self) -> _Row | None:
        place = self.query_one(OptionList).highlighted if self._rows else None
        return self._rows[place] if place is not None else None

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.app.open_entry(self._rows[event.option_index].path)

    def action_acknowledge(self) -> None:
        """Say that one has read the must-read that is marked, as it was on the screen; show it if it was not."""
        row = self._marked
        if row is not None and row.is_must_read:
            if shown := self.app.shift.shown.get(row.path):
                self.app.shift.acknowledge(self.app, row.path, shown)
            else:
                self.app.open_entry(row.path)
        elif any(each.is_must_read for each in self._rows):
            self._say("Mark what you have read, below “Must read”.")

    def noted(self, noted: Noted) -> None:
        """Mark a must-read as read, in its row."""
        for place, row in enumerate(self._rows):
            if noted.kind == EventKind.ACKNOWLEDGED and row.is_must_read and row.entry == noted.entry:
                read = Content.assemble(row.shown, literal(" ✓ read", "$success"))
                self._rows[place] = _Row(read, row.path, row.entry)
                self.query_one(OptionList).replace_option_prompt_at_index(place, read)
        self._say(noted.words)

    @on(messages.Failed)
    def _failed(self, message: messages.Failed) -> None:
        self._say(f"{message.error.message} {message.error.hint}", "$error")

    def _say(self, words: str, style: str = _DIM) -> None:
        self.query_one("#news-hint", Static).update(literal(words, style))

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)


def _rows(news: News) -> Iterator[_Row]:
    """Yield the rows, what concerns the person first; headings have no entry."""
    if news.helped:
        calls = counted(news.helped, "call")
        yield _Row(literal(f"Your answers helped {calls} of your colleagues this week.", "bold $success"))
    yield from _notes("Thank you", news.thanks)
    yield from _notes("For you", news.notes)
    yield from _notes("You may know", news.sent)
    for title, items in (
        ("Answers to your questions", news.answers_to_me),
        ("Must read", news.must_reads),
        ("What you may decide has changed", news.limits),
        ("New answers", news.answers),
    ):
        if items:
            yield _heading(title, len(items))
        for item in items[:_MOST]:
            change = f"\n    {item.change}" if item.change else ""
            shown = Content.assemble(literal(f"  {item.question}"), literal(change, _DIM))
            yield _Row(shown, item.path, item.id, is_must_read=items is news.must_reads)


def _notes(title: str, notes: tuple[Note, ...]) -> Iterator[_Row]:
    if notes:
        yield _heading(title, len(notes))
    for note in notes[:_MOST]:
        words = f": {note.words}" if note.words else ""
        shown = Content.assemble(literal(f"  {note.question}"), literal(f"\n    {note.person.name}{words}", _DIM))
        yield _Row(shown, note.path, note.id)


def _heading(title: str, number: int) -> _Row:
    more = f" ({_MOST} of {number})" if number > _MOST else ""
    return _Row(literal(f"{title}{more}", "bold $accent"))
