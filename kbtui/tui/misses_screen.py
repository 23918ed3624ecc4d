"""Searches that did not help, the most wanted first (F43); from here to a question, or to the entry that answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content

from kbtui import actions
from kbtui.entry.text import counted
from kbtui.team.bars import bar
from kbtui.tui import learning_messages
from kbtui.tui.keys import binding
from kbtui.tui.list_screen import ListScreen, Named
from kbtui.tui.literal import literal
from kbtui.verbs.asked import MissedWords

_DIM = "$foreground 70%"
_MOST_ROWS, _BAR = 50, 10


class MissesScreen(ListScreen):
    """Lists what was searched in vain."""

    BINDINGS: ClassVar[list[BindingType]] = [binding(actions.ASK), binding(actions.SAME_AS), binding(actions.SAMPLE)]

    def __init__(self) -> None:
        super().__init__(actions.MISSES.words)
        self._missed: dict[str, MissedWords] = {}

    def look(self) -> None:
        """Have the misses looked up."""
        self.app.learning.misses(self)

    @on(learning_messages.MissesFound)
    def _show(self, message: learning_messages.MissesFound) -> None:
        report = message.report
        self._missed = {each.misses.words: each for each in report.groups[:_MOST_ROWS]}
        total, shown = len(report.groups), len(self._missed)
        part = f"{shown} of " if shown < total else ""
        answered = f" · {report.answered} more answered or asked by now" if report.answered else ""
        keys = f" · {actions.SAME_AS.key} adds the words to the nearest entry" if total else ""
        kinds = f"{counted(total, 'kind')} of words"
        self.fill(literal(f"{part}{kinds} since {report.period.first}{answered}{keys}", _DIM), [*self._rows()])

    def _rows(self) -> Iterator[Named]:
        most = max((each.misses.heat for each in self._missed.values()), default=0)
        for name, each in self._missed.items():
            found = each.misses
            heat = Content.assemble(
                literal(f"{found.heat:>3} "), literal(f"{bar(found.heat, most, _BAR):<{_BAR}} ", "$accent")
            )
            said = ((found.nothing, "found nothing"), (found.unused, "found, not used"))
            about = ", ".join(f"{number} {words}" for number, words in said if number)
            nearest = f" · nearest: {each.nearest.question}" if each.nearest else ""
            lines = [Content.assemble(heat, literal(found.words, "bold")), literal(f"    {about}{nearest}", _DIM)]
            yield name, Content("\n").join(lines)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's signature
        """Offer to ask where words are marked, and to add them where an entry is near."""
        each = self._missed.get(self.marked)
        if action == actions.ASK.id:
            return each is not None
        needs_entry = action in (actions.SAME_AS.id, actions.SHOW.id)
        return not needs_entry or (each is not None and each.nearest is not None)

    def path_of(self, name: str) -> str:
        """Return the path of the entry nearest to the words."""
        each = self._missed.get(name)
        return each.nearest.path if each and each.nearest else ""

    def action_ask(self) -> None:
        """Ask the team what these words did not find."""
        self.app.capture(self._missed[self.marked].misses.words, focus="question", is_of_call=False)

    def action_same_as(self) -> None:
        """Add the words to the nearest entry."""
        self.app.using.same_as(self.app, self.path_of(self.marked), self._missed[self.marked].misses.words)
