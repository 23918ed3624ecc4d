"""Where the base needs care (F45): bars first, then entry by entry what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content

from kbtui import actions
from kbtui.entry.text import counted
from kbtui.team.bars import bar
from kbtui.team.health import Measure
from kbtui.tui import learning_messages
from kbtui.tui.keys import binding
from kbtui.tui.list_screen import ListScreen, Named
from kbtui.tui.literal import literal

_DIM = "$foreground 70%"
_BAR, _OF_EACH = 20, 7


class HealthScreen(ListScreen):
    """Lists what needs care; enter opens the entry."""

    BINDINGS: ClassVar[list[BindingType]] = [binding(actions.SAMPLE), binding(actions.MEETING)]

    def __init__(self) -> None:
        super().__init__(actions.HEALTH.words)
        self._paths: dict[str, str] = {}

    def look(self) -> None:
        """Have the base examined."""
        self.app.learning.health(self)

    @on(learning_messages.HealthFound)
    def _show(self, message: learning_messages.HealthFound) -> None:
        busy = "" if message.is_whole else " · looking for duplicates and broken links …"
        self._paths = {}
        self.fill(literal(f"{counted(message.entries, 'entry')}{busy}", _DIM), [*self._rows(message.measures)])

    def _rows(self, measures: Sequence[Measure]) -> Iterator[Named]:
        most = max((each.number for each in measures), default=0)
        for measure in measures:
            head = literal(f"{measure.number:>5}  {measure.words:<24}", "bold $foreground")
            yield "", Content.assemble(head, literal(bar(measure.number, most, _BAR), "$accent"))
        for measure in (each for each in measures if each.number):
            shown = measure.concerns[:_OF_EACH]
            more = f", {len(shown)} of {measure.number}" if len(shown) < measure.number else ""
            yield "", literal(f"\n{measure.words}{more}", "bold $accent")
            for place, concern in enumerate(shown):
                name = f"{measure.name} {concern.path}"
                name = f"{name} {place}" if name in self._paths else name
                self._paths[name] = concern.path
                about = f" · {concern.about}" if concern.about else ""
                yield name, Content.assemble(literal(f"  {concern.question}"), literal(about, _DIM))

    def path_of(self, name: str) -> str:
        """Return the path of the entry that needs care."""
        return self._paths.get(name, "")
