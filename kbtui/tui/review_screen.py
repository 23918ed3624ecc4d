"""The review queue: what matters most first, why, what has changed, and one key for whatever a lead does (F31-F36).

Nothing here rejects: an entry is thanked for, coached, improved, confirmed, merged or archived.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from kbtui import actions
from kbtui.tui import messages, review_messages
from kbtui.tui.footer import KeyFooter
from kbtui.tui.keys import binding
from kbtui.tui.review_deeds import ReviewDeeds
from kbtui.tui.review_words import answer_text, difference_text, place_row, why
from kbtui.tui.status import StatusLine

if TYPE_CHECKING:
    from kbtui.team.review import Queue

_LOW = 18


class ReviewScreen(ReviewDeeds):
    """Shows the queue, and the marked entry beside it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        binding(actions.SHOW),
        binding(actions.EDIT),
        binding(actions.CONFIRM),
        binding(actions.COACH),
        binding(actions.DIFF),
        binding(actions.THANK),
        binding(actions.CLOSE_FLAGS),
        binding(actions.MERGE),
        binding(actions.ARCHIVE),
        binding(actions.OWNER),
        binding(actions.CHECK_BY),
        binding(actions.TRUST),
        binding(actions.SPOT_CHECK),
    ]

    def compose(self) -> ComposeResult:
        """Lay out the queue, the marked entry and the status line."""
        with Container(id="finds"):
            yield OptionList(id="queue", markup=False)
            with VerticalScroll(id="about", can_focus=False):
                yield Static(id="why", markup=False)
                yield Static(id="difference", markup=False)
                yield Static(id="entry-now", markup=False)
        yield StatusLine(id="status", markup=False)
        yield KeyFooter()

    def on_resize(self, event: Resize) -> None:
        """Leave the entry out on a low window."""
        super().on_resize(event)
        self.set_class(event.size.height < _LOW, "-low")

    @on(review_messages.QueueFound)
    def _show_queue(self, message: review_messages.QueueFound) -> None:
        """Fill the list; the mark stays on its entry, or where it was if that has gone."""
        self.say(self._said(message.queue, is_final=message.is_final), is_trouble=self.is_trouble)
        if message.queue.places == tuple(self.places.values()):
            return
        queue = self.query_one("#queue", OptionList)
        marked, row = self.marked, queue.highlighted or 0
        self.places = {place.card.path: place for place in message.queue.places}
        queue.clear_options()
        queue.add_options([Option(place_row(place), id=path) for path, place in self.places.items()])
        paths = [*self.places]
        if paths:
            self._set_mark = marked if marked in paths else paths[min(row, len(paths) - 1)]
            queue.highlighted = paths.index(marked) if marked in paths else min(row, len(paths) - 1)
        else:
            self._clear()
        self.refresh_bindings()

    def _said(self, queue: Queue, *, is_final: bool) -> str:
        if self.is_trouble:
            return self.news
        if not is_final and not queue.total:
            return "Looking …"
        counted = f"{len(queue.places)} of {queue.total} to look at" if queue.total else "Nothing wants a look"
        return f"{counted} · {self.news}" if self.news else counted

    @on(messages.Progressed)
    def _progressed(self, message: messages.Progressed) -> None:
        if not self.news:
            self.say(f"{len(self.places)} to look at · comparing entries: {message.done} of {message.of}")

    @on(OptionList.OptionHighlighted, "#queue")
    def _look_closer(self, event: OptionList.OptionHighlighted) -> None:
        self.refresh_bindings()
        if event.option_id in self.places:
            if event.option_id != self._set_mark:  # somebody has moved it: an undo is of what is marked
                self._noted_for = self._set_mark = ""
            if self.is_trouble and event.option_id != self._troubled:
                self.is_trouble, self.news = False, ""
            self.query_one("#why", Static).update(why(self.places[event.option_id]))
            self.desk.look(self, event.option_id)

    @on(review_messages.PlaceRead)
    def _show_entry(self, message: review_messages.PlaceRead) -> None:
        if message.entry.path != self.marked:
            return
        is_another = self.read is None or self.read.entry.path != message.entry.path
        self.read = message
        if is_another:
            self.found = None
            self.query_one("#difference", Static).update(Content("\nLooking for what has changed …"))
            self.query_one("#about", VerticalScroll).scroll_home(animate=False)
        self.query_one("#entry-now", Static).update(answer_text(message.entry, message.asker))
        self.refresh_bindings()

    @on(review_messages.DifferenceFound)
    def _show_difference(self, message: review_messages.DifferenceFound) -> None:
        if message.path == self.marked:
            self.found = message.difference
            shown = difference_text(message.difference)
            self.query_one("#difference", Static).update(Content.assemble("\n", shown))

    def _clear(self) -> None:
        self.read = self.found = None
        for name in ("#why", "#difference", "#entry-now"):
            self.query_one(name, Static).update(Content(""))

    def action_spot_check(self) -> None:
        """Show the sample that is drawn for coaching."""
        from kbtui.tui.spot_check_screen import SpotCheckScreen

        self.was_away = True
        self.app.push_screen(SpotCheckScreen())
