"""New or known: a sample of what callers wanted to know, and what share of it the base had an answer to (F44)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content

from kbtui import actions
from kbtui.entry.card import Card
from kbtui.entry.text import counted
from kbtui.team.bars import bar
from kbtui.team.period import Period
from kbtui.team.sampling import Kind, Question, Sample, Verdict
from kbtui.tui import learning_messages
from kbtui.tui.keys import binding
from kbtui.tui.list_screen import Named
from kbtui.tui.literal import literal
from kbtui.tui.since import SinceScreen

_DIM = "$foreground 70%"
_USUAL = "28d"
_BAR = 20
_MARKING = (actions.MARK_KNOWN, actions.MARK_NEW, actions.UNDO)
_STYLES = {Verdict.KNOWN: "$success", Verdict.NEW: "$warning"}
_KINDS = {
    Kind.USED: "an entry answered the call",
    Kind.ASKED: "somebody wrote it down",
    Kind.JOINED: "one caller more for an open question",
    Kind.MISS: "searched in vain",
}


class SampleScreen(SinceScreen):
    """Lists the sample; what was searched in vain is marked by whoever looks."""

    BINDINGS: ClassVar[list[BindingType]] = [binding(each) for each in _MARKING]

    def __init__(self) -> None:
        super().__init__(actions.SAMPLE.words, _USUAL)
        self._questions: dict[str, Question] = {}
        self._about: dict[str, Card] = {}
        self._period: Period | None = None

    def look(self) -> None:
        """Have the sample drawn."""
        self.app.learning.sample(self, self.since)

    @on(learning_messages.SampleDrawn)
    def _show(self, message: learning_messages.SampleDrawn) -> None:
        self._questions = {each.id: each for each in message.sample.questions}
        self._about, self._period = message.about, message.period
        self.fill(_headline(message.sample, message.period), [*self._rows()])

    def _rows(self) -> Iterator[Named]:
        """Yield what was searched in vain first: that is what somebody has to look at."""
        for each in sorted(self._questions.values(), key=lambda each: each.kind is not Kind.MISS):
            word = "?" if each.is_unsure else each.verdict.value
            first = Content.assemble(
                literal(f"{word:<6}", "bold $warning" if each.is_unsure else _STYLES[each.verdict]),
                literal(each.words, "bold"),
            )
            yield each.id, Content("\n").join([first, literal(f"      {self._why(each)}", _DIM)])

    def _why(self, question: Question) -> str:
        parts = [_KINDS[question.kind], f"says {question.marked_by}" if question.marked_by else ""]
        about = self._about.get(question.id)
        if about and question.kind is Kind.MISS:
            parts.append(f"nearest: {about.question}")
        return " · ".join(filter(None, parts))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's signature
        """Offer to mark a question, and to open the entry it is about."""
        if action in {each.id for each in _MARKING}:
            return self.marked in self._questions
        return action != actions.SHOW.id or self.marked in self._about

    def path_of(self, name: str) -> str:
        """Return the path of the entry that a question is about, or of the nearest one."""
        return self._about[name].path if name in self._about else ""

    def action_mark_known(self) -> None:
        """Say that the base had the answer."""
        self._mark(Verdict.KNOWN)

    def action_mark_new(self) -> None:
        """Say that it had none."""
        self._mark(Verdict.NEW)

    def action_undo(self) -> None:
        """Take back one's own mark of the marked question; once more brings it back."""
        if self._period is not None:
            self.app.learning.unmark_question(self._period, self.marked)

    def _mark(self, verdict: Verdict) -> None:
        if self._period is not None:
            self.app.learning.mark_question(self._period, self.marked, verdict)


def _headline(sample: Sample, period: Period) -> Content:
    """Return the share and between which shares it lies, then where that comes from."""
    size, (low, high) = len(sample.questions), sample.interval
    if not size:
        return literal(f"No question was noted, {period.words}: nothing was used, asked, joined or missed.", _DIM)
    share = Content.assemble(
        literal(f"{sample.known / size:.0%} were known", "bold $success"),
        literal(f", between {low:.0%} and {high:.0%} at 95 %  "),
        literal(bar(sample.known, size, _BAR), "$accent"),
    )
    drawn = f"{sample.known} of {size}, drawn from {counted(sample.population, 'question')}, {period.words}"
    waiting = counted(sample.unsure, "with “?” counts", "with “?” count")
    unsure = f" · {waiting} as new until somebody looks" if sample.unsure else ""
    return Content("\n").join([share, literal(f"{drawn}{unsure}", _DIM)])
