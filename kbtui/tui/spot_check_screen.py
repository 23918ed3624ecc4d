"""The sample for coaching (F31, F32): each entry beside the checklist; it is good, or its writers get a note.

Nobody chooses whom it draws, nothing is rejected, and what comes of it is of the entry: no
number is kept of any person.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from kbtui import actions
from kbtui.entry.approval import digest
from kbtui.entry.event import EventKind
from kbtui.team.coaching import CHECKLIST, Criterion, Sampled
from kbtui.tui import review_messages
from kbtui.tui.footer import KeyFooter
from kbtui.tui.keys import binding
from kbtui.tui.list_screen import Rows
from kbtui.tui.literal import literal
from kbtui.tui.review_deeds import ReviewDeeds
from kbtui.tui.review_words import answer_text
from kbtui.tui.rows import STATE_STYLES
from kbtui.tui.status import StatusLine

if TYPE_CHECKING:
    from kbtui.verbs.reuse import Noted

_DIM = "$foreground 70%"
_INDENT, _LEAST = 9, 20
"""Columns before a line of the checklist, and those that it has at least."""

_NO_NUMBER = "A number marks what could be better, n writes the note. Nothing could: g."
_OF_ONE = frozenset(action.id for action in (actions.SHOW, actions.COACH))
_OF_ONE_READ = frozenset(action.id for action in (actions.EDIT, actions.THANK, actions.GOOD))


class SpotCheckScreen(ReviewDeeds):
    """Shows the sample, and the marked entry beside it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        binding(actions.SHOW),
        binding(actions.GOOD),
        binding(actions.COACH),
        binding(actions.EDIT),
        binding(actions.THANK),
        *(
            Binding(str(place), f"doubt({place - 1})", f"Could be better: {each.id}", show=False)
            for place, each in enumerate(CHECKLIST, 1)
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._drawn: dict[str, Sampled] = {}
        self._doubts: dict[str, set[str]] = {}
        self._seed = ""
        self._good: set[str] = set()

    def compose(self) -> ComposeResult:
        """Lay out the sample, the checklist, the marked entry and the status line."""
        with Container(id="finds"):
            yield Rows(id="queue", markup=False)
            with VerticalScroll(id="about", can_focus=False):
                yield Static(id="checklist", markup=False)
                yield Static(id="entry-now", markup=False)
        yield StatusLine(id="status", markup=False)
        yield KeyFooter()

    def look(self) -> None:
        """Draw the sample."""
        self.desk.sample(self)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's signature
        """Offer what this screen does; the rest of a lead's deeds is for the queue and the open entry."""
        is_marked = self.is_mounted and self.marked in self._drawn
        if action in _OF_ONE:
            return is_marked
        if action in _OF_ONE_READ:
            return is_marked and self.is_read
        return action in ("back", "scroll", "doubt", actions.KEYS.id, actions.UNDO.id) or not _is_declared(action)

    @on(review_messages.Drawn)
    def _show(self, message: review_messages.Drawn) -> None:
        """Fill the list; the mark stays on its entry."""
        self._seed = message.seed
        queue = self.query_one("#queue", OptionList)
        marked = self.marked
        self._drawn = {each.card.path: each for each in message.entries}
        queue.clear_options()
        queue.add_options([Option(_row(each), id=path) for path, each in self._drawn.items()])
        paths = [*self._drawn]
        if paths:
            queue.highlighted = paths.index(marked) if marked in paths else 0
        else:
            self.query_one("#checklist", Static).update(literal("No entry has an answer yet.", _DIM))
        self.say(self._said, is_trouble=self.is_trouble)
        self.refresh_bindings()

    @property
    def _said(self) -> str:
        if self.is_trouble:
            return self.news
        looked = sum(bool(each.looked) for each in self._drawn.values())
        counted = f"{looked} of {len(self._drawn)} looked at · drawn with {self._seed}"
        return f"{self.news} · {counted}" if self.news else counted

    @on(OptionList.OptionHighlighted, "#queue")
    def _look_closer(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_id in self._drawn:
            self._show_checklist()
            self.desk.look(self, event.option_id, compares=False)
        self.refresh_bindings()

    @on(review_messages.PlaceRead)
    def _show_entry(self, message: review_messages.PlaceRead) -> None:
        if message.entry.path != self.marked:
            return
        if self.read is None or self.read.entry.path != message.entry.path:
            self.query_one("#about", VerticalScroll).scroll_home(animate=False)
        self.read = message
        self.query_one("#entry-now", Static).update(answer_text(message.entry, message.asker))
        self.refresh_bindings()

    def on_resize(self, event: Resize) -> None:
        """Break the lines of the checklist anew."""
        super().on_resize(event)
        self.call_after_refresh(self._show_checklist)

    def _show_checklist(self) -> None:
        if drawn := self._drawn.get(self.marked):
            width = self.query_one("#about").scrollable_content_region.width
            doubts = self._doubts.get(self.marked, set())
            self.query_one("#checklist", Static).update(_checklist(drawn, doubts, width))

    def action_doubt(self, place: int) -> None:
        """Mark, or mark no longer, a line of the checklist as what could be better."""
        if self.marked in self._drawn:
            self._doubts.setdefault(self.marked, set()).symmetric_difference_update({CHECKLIST[place].id})
            self._show_checklist()

    def action_good(self) -> None:
        """Say that one would change nothing in the words that are shown."""
        if self.read is not None and self.is_read:
            entry = self.read.entry
            self.desk.found_good(entry.path, digest(entry.question, entry.answer))
            self._good.add(entry.path)

    def action_undo(self) -> None:
        """Take back what was done here with the marked entry last: that it is good, else a change of its words."""
        if self.marked in self._good:
            self._good.discard(self.marked)
            self.desk.not_good(self.marked)
        else:
            super().action_undo()

    def action_edit(self) -> None:
        """Improve the entry's words; an undo is of these from then on."""
        self._good.discard(self.marked)
        super().action_edit()

    def action_coach(self) -> None:
        """Ask for a note to whoever wrote the entry, about the lines that are marked."""
        doubts = self._doubts.get(self.marked, set())
        about = [each.id for each in CHECKLIST if each.id in doubts]
        self.ask_note(f"About: {', '.join(about)}." if about else "What would help whoever reads it next?", about)

    def noted(self, noted: Noted) -> None:
        """Say what was noted; the lines that a note was about are marked no longer."""
        if noted.kind == EventKind.COACHED:
            for path, each in self._drawn.items():
                if each.card.id == noted.entry:
                    self._doubts.pop(path, None)
        super().noted(noted)


def _is_declared(action: str) -> bool:
    return any(each.id == action for each in actions.ALL)


def _row(drawn: Sampled) -> Content:
    """Return the line of an entry: what came of looking at it, its state, its question."""
    outcome = ("good", "$success") if drawn.looked and drawn.looked[-1].is_good else ("note", "$accent")
    word, style = outcome if drawn.looked else ("", "")
    card = drawn.card
    return Content.assemble(
        literal(f"{word:<5}", style), (f"{card.state.sign} ", STATE_STYLES[card.state]), literal(card.question, "bold")
    )


def _checklist(drawn: Sampled, doubts: set[str], width: int) -> Content:
    """Return the checklist with what the tool noticed, in lines that begin one below the other."""
    room = max(width - _INDENT, _LEAST)
    looked = [literal(each.words, "$success" if each.is_good else "$accent") for each in drawn.looked]
    lines = [line for place, each in enumerate(CHECKLIST, 1) for line in _criterion(place, each, drawn, doubts, room)]
    return Content("\n").join([*looked, *lines, literal(_NO_NUMBER, _DIM)])


def _criterion(place: int, criterion: Criterion, drawn: Sampled, doubts: set[str], room: int) -> Iterator[Content]:
    is_doubted = criterion.id in doubts
    head = f"{place} better" if is_doubted else f"{place}"
    style = "bold" if is_doubted else ""
    for line in wrap(criterion.question, room):
        yield Content.assemble(literal(f"{head:<{_INDENT}}", "bold $warning"), literal(line, style))
        head = ""
    if hint := drawn.hints.get(criterion.id):
        yield from (literal(" " * _INDENT + line, "$warning") for line in wrap(f"kbtui noticed: {hint}", room))
