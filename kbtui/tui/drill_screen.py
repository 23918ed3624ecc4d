"""Five minutes of questions to oneself (F49): the question, the answer on space, a grade, the next one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from kbtui import actions
from kbtui.team.drill import ROUND, DrillCard, Grade, Round
from kbtui.tui import messages
from kbtui.tui.footer import KeyFooter
from kbtui.tui.literal import literal, markdown
from kbtui.tui.shift_messages import Graded
from kbtui.tui.status import StatusLine

if TYPE_CHECKING:
    from kbtui.tui.app import KbtuiApp

_DIM = "$foreground 70%"
_WHY = {
    "most used": "Many calls need it",
    "authority": "What you may decide",
    "missed": "You searched for it once and found nothing",
}


class DrillScreen(Screen[None]):
    """One round.

    Args:
        cards: what is asked, in order; at least one.
        now: returns the time, in UTC.
    """

    app: KbtuiApp

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "reveal", "Show the answer"),
        *(Binding(str(grade.value), f"grade({grade.value})", grade.words.capitalize()) for grade in Grade),
        Binding("escape", "end", "End"),
        Binding("enter", "open", "Open the entry", show=False),
        Binding("down", "scroll('down')", "Down", show=False),
        Binding("up", "scroll('up')", "Up", show=False),
    ]

    def __init__(self, cards: Sequence[DrillCard], now: Callable[[], dt.datetime]) -> None:
        super().__init__()
        self._now = now
        self._round = Round(cards, now() + ROUND)
        self._card: DrillCard | None = None
        self._is_revealed = False

    def compose(self) -> ComposeResult:
        """Lay out the question and the answer."""
        with VerticalScroll(id="drill", can_focus=False):
            yield Static(id="drill-why", markup=False)
            yield Static(id="drill-question", markup=False)
            yield Static(id="drill-answer", markup=False)
        yield StatusLine(id="status", markup=False)
        yield KeyFooter()

    def on_mount(self) -> None:
        """Ask the first question, unless escape has closed the screen while it was being laid out."""
        if not self.query("#drill-why"):
            return
        self.query_one(StatusLine).place = actions.DRILL.words
        self._ask()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's signature
        """Offer a grade once the answer is shown."""
        if action in ("grade", "open"):
            return self._is_revealed and self._card is not None
        return not self._is_revealed and self._card is not None if action == "reveal" else True

    def _ask(self) -> None:
        """Ask the next question, or say that the round is over."""
        self._card = self._round.next(self._now())
        self._is_revealed = False
        over = f"{self._round.summary}\n\nNobody else sees how it went."
        why = _WHY.get(self._card.why, "") if self._card else ""
        self.query_one("#drill-why", Static).update(literal(why, _DIM))
        self.query_one("#drill-question", Static).update(literal(self._card.question if self._card else over, "bold"))
        self.query_one("#drill-answer", Static).update(literal("Think, then press space." if self._card else "", _DIM))
        self.query_one("#drill").scroll_home(animate=False)
        left = len(self._round.cards)
        self._say(f"{left} left" if self._card else "escape goes back to the search")
        self.refresh_bindings()

    def action_reveal(self) -> None:
        """Show the answer."""
        if self._card is not None:
            self._is_revealed = True
            self.query_one("#drill-answer", Static).update(markdown(self._card.answer))
            self._say("Did you know it?")
            self.refresh_bindings()

    def action_grade(self, grade: int) -> None:
        """Keep how well one knew it, and go on once it is kept."""
        if self._card is not None and self._is_revealed:
            self._is_revealed = False  # a second key is for the next question
            self.app.shift.grade(self, self._card.id, Grade(grade))

    @on(Graded)
    def _graded(self, message: Graded) -> None:
        if self._card is not None:
            self._round.graded(self._card, message.card.due or self._round.ends)
        self._ask()

    @on(messages.Failed)
    def _failed(self, message: messages.Failed) -> None:
        """Say what went wrong, and leave the question out of this round: it comes back the next time."""
        if self._card is not None:
            self._round.cards = [card for card in self._round.cards if card.id != self._card.id]
        self._ask()
        self._say(f"{message.error.message} {message.error.hint}", is_trouble=True)

    def _say(self, sentence: str, *, is_trouble: bool = False) -> None:
        self.query_one(StatusLine).say(sentence, is_trouble=is_trouble)

    def action_open(self) -> None:
        """Look at the whole entry."""
        if self._card is not None:
            self.app.open_entry(self._card.path)

    def action_scroll(self, how: str) -> None:
        """Scroll the answer."""
        getattr(self.query_one("#drill", VerticalScroll), f"scroll_{how}")(animate=False)

    def action_end(self) -> None:
        """End the round; on the way out its summary stays in the status line of the home screen."""
        if self._card is not None and self._round.done:
            self.app.home.tell(self._round.summary)
        self.dismiss(None)
