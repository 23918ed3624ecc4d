"""A screen with one list: a headline, rows under headings, and what can be done with the marked one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from kbtui import actions
from kbtui.tui import messages
from kbtui.tui.footer import KeyFooter
from kbtui.tui.keys import binding
from kbtui.tui.literal import literal
from kbtui.tui.status import StatusLine

if TYPE_CHECKING:
    from kbtui.tui.app import KbtuiApp
    from kbtui.verbs.reuse import Noted

Named = tuple[str, Content]
"""A row: its name, and how it looks; one without a name is a heading."""


class Rows(OptionList):
    """The list; enter opens what is marked, and the footer says so."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "screen.show", actions.SHOW.words)]


class ListScreen(Screen[None]):
    """Shows rows that are looked up on a thread; looks again whenever one comes back to it.

    Args:
        title: what the list is.
    """

    app: KbtuiApp

    DEFAULT_CSS = """
    ListScreen #headline { height: auto; min-height: 2; max-height: 40%; padding: 0 1; }
    ListScreen #rows {
        height: 1fr; min-width: 20; border: none; background: $background; padding: 0 1 0 0;
        scrollbar-size-vertical: 1; text-wrap: nowrap; text-overflow: ellipsis;
    }
    ListScreen #rows > .option-list--option { padding: 0 0 0 1; }
    ListScreen #rows > .option-list--option-highlighted { background: $primary 20%; text-style: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back"),
        binding(actions.KEYS),
    ]

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def compose(self) -> ComposeResult:
        """Lay out the headline, the list and the status line."""
        yield Static(literal(self._title, "bold"), id="headline", markup=False)
        yield Rows(id="rows", markup=False)
        yield StatusLine(id="status", markup=False)
        yield KeyFooter()

    def on_screen_resume(self) -> None:
        """Look, now and whenever another screen has closed."""
        self.query_one("#rows", OptionList).focus()
        self.look()

    def look(self) -> None:
        """Have the rows looked up."""
        raise NotImplementedError

    @property
    def marked(self) -> str:
        """The name of the marked row; empty where there is none."""
        for rows in self.query("#rows").results(OptionList):  # there is none before the first picture
            option = rows.highlighted_option
            return (option.id or "") if option else ""
        return ""

    def fill(self, headline: Content, rows: Sequence[Named]) -> None:
        """Show rows; the mark stays on the row it was on, or at its place where that is gone."""
        shown = self.query_one("#rows", OptionList)
        marked, place = self.marked, shown.highlighted or 0
        self.query_one("#headline", Static).update(Content("\n").join([literal(self._title, "bold"), headline]))
        shown.clear_options()
        shown.add_options([Option(row, id=name or None, disabled=not name) for name, row in rows])
        names = [name for name, _ in rows]
        if marked in names and marked:
            shown.highlighted = names.index(marked)
        else:
            near = [at for at, name in enumerate(names) if name]
            shown.highlighted = min(near, key=lambda at: abs(at - place)) if near else None
        self.refresh(layout=True)  # a height that changes before the first picture is lost otherwise
        self.refresh_bindings()

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        self.refresh_bindings()

    @on(OptionList.OptionSelected)
    def action_show(self) -> None:
        """Open what the marked row is about."""
        self.open(self.marked)

    def open(self, name: str) -> None:
        """Open the entry that a row is about."""
        if path := self.path_of(name):
            self.app.open_entry(path)

    def path_of(self, name: str) -> str:  # noqa: ARG002 - the lists below know more
        """Return the path of the entry that a row is about; empty where it is about none."""
        return ""

    def say(self, sentence: str, *, is_trouble: bool = False) -> None:
        """Say something in the status line."""
        self.query_one("#status", StatusLine).say(sentence, is_trouble=is_trouble)

    def noted(self, noted: Noted) -> None:
        """Say what was noted, and look again."""
        self.say(noted.words)
        self.look()

    @on(messages.Saved)
    def _saved(self, message: messages.Saved) -> None:
        self.say(f"{message.saved.words}: {message.saved.entry.question}")
        self.look()

    @on(messages.Failed)
    def _failed(self, message: messages.Failed) -> None:
        self.say(f"{message.error.message} {message.error.hint}", is_trouble=True)

    def action_sample(self) -> None:
        """Show what share of the calls' questions the base knew."""
        self.app.learning.show_sample()

    def action_meeting(self) -> None:
        """Show what the staff meeting hears."""
        self.app.learning.show_meeting()

    def action_keys(self) -> None:
        """Say what every key does here."""
        self.app.show_keys(self)

    def action_back(self) -> None:
        """Go back to where one came from."""
        self.app.pop_screen()
