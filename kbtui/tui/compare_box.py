"""A near entry beside one's own words, and what to do if it is the same (F12, F16, F17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.console import RenderableType
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.screen import ModalScreen
from textual.widgets import Static

from kbtui import actions
from kbtui.entry.card import Card
from kbtui.entry.model import Entry, State
from kbtui.tui import messages
from kbtui.tui.literal import literal, markdown
from kbtui.tui.rows import STATE_STYLES

if TYPE_CHECKING:
    from kbtui.knowledge import Similar
    from kbtui.team.uses import Demand
    from kbtui.tui.form_desk import FormDesk

_NARROW = 60


@dataclass(frozen=True, slots=True)
class Same:
    """The entry at `path` is what the caller asks; `is_open` where nobody has answered it yet."""

    path: str
    is_open: bool


class CompareScreen(ModalScreen[Same | None]):
    """Shows near entries, one at a time. Ends with the one that is the same, or with None.

    Args:
        words: the question that is being typed.
        near: the nearest first; at least one.
        desk: reads them.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back"),
        Binding("s", "same_as", actions.SAME_AS.words, show=False),
        Binding("j", "join", actions.JOIN.words, show=False),
        Binding("n", "next", "Next", show=False),
        Binding("down", "scroll(1)", "Down", show=False),
        Binding("up", "scroll(-1)", "Up", show=False),
    ]

    def __init__(self, words: str, near: Sequence[Similar], desk: FormDesk) -> None:
        super().__init__()
        self._words = words
        self._cards = [each.card for each in near]
        self._place = 0
        self._desk = desk

    def compose(self) -> ComposeResult:
        """Lay out the words, the entry and the keys."""
        with Vertical(classes="box", id="compare"):
            with Container(id="both"):
                with Vertical(id="own-words"):
                    yield Static(literal("Your caller asks", "$foreground 70%"), markup=False)
                    yield Static(literal(self._words, "bold"), markup=False)
                with VerticalScroll(id="other-words", can_focus=False):
                    yield Static(id="near-head", markup=False)
                    yield Static(id="near-answer", markup=False)
            yield Static(id="keys", markup=False)

    def on_mount(self) -> None:
        """Show the nearest."""
        self._show_card()

    def on_resize(self, event: Resize) -> None:
        """Put the two below each other where there is no room side by side."""
        self.set_class(event.size.width < _NARROW, "-narrow")

    @property
    def _card(self) -> Card:
        return self._cards[self._place]

    def _show_card(self) -> None:
        """Show what is known at once, and have the entry read."""
        card = self._card
        self.query_one("#near-head", Static).update(_head(card.question, card.state))
        self.query_one("#near-answer", Static).update("")
        self.query_one("#other-words").scroll_home(animate=False)
        self.query_one("#keys", Static).update(self._keys())
        self._desk.compare(self, card.path)

    def _keys(self) -> Content:
        same = f"j  {actions.JOIN.words}" if self._is_open else "s  Same answer, add my words"
        count = len(self._cards)
        following = f"n  next, {self._place + 1} of {count} · " if count > 1 else ""
        return Content.assemble((f"{same}\n", "bold"), literal(f"{following}escape  back", "$foreground 70%"))

    @property
    def _is_open(self) -> bool:
        return self._card.state is State.OPEN

    @on(messages.Compared)
    def _was_read(self, message: messages.Compared) -> None:
        entry = message.entry
        if entry.path == self._card.path:
            self.query_one("#near-head", Static).update(_head(entry.question, entry.state, message.demand))
            self.query_one("#near-answer", Static).update(_answer(entry))

    @on(messages.Failed)
    def _failed(self, message: messages.Failed) -> None:
        self.query_one("#near-answer", Static).update(
            literal(f"{message.error.message} {message.error.hint}", "$error")
        )

    def action_next(self) -> None:
        """Show the next nearest; after the last one, the first."""
        self._place = (self._place + 1) % len(self._cards)
        self._show_card()

    def action_scroll(self, lines: int) -> None:
        """Scroll the entry."""
        self.query_one("#other-words", VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_same_as(self) -> None:
        """The entry answers the caller: their words are added to it."""
        if not self._is_open:
            self.dismiss(Same(self._card.path, is_open=False))

    def action_join(self) -> None:
        """The open question is the caller's: one more waits for its answer."""
        if self._is_open:
            self.dismiss(Same(self._card.path, is_open=True))

    def action_close(self) -> None:
        """Go back to the form."""
        self.dismiss(None)


def _head(question: str, state: State, demand: Demand | None = None) -> Content:
    style = STATE_STYLES[state]
    counted = f" · {demand.words}" if demand and demand.words else ""
    status = Content.assemble((f"{state.sign} {state.words}", style), literal(counted, "$foreground 70%"))
    return Content("\n").join(
        [literal("Already there", "$foreground 70%"), literal(question, "bold"), status, Content("")]
    )


def _answer(entry: Entry) -> RenderableType | Content:
    return markdown(entry.answer, is_preview=True) if entry.answer.strip() else literal("Nobody has answered this yet.")
