"""The one honest line at the bottom: what just happened, how sharing stands, on which base, as whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from kbtui.tui.literal import literal
from kbtui.verbs.sharing_line import Standing

if TYPE_CHECKING:
    from kbtui.tui.app import KbtuiApp

_DIM, _TROUBLE = "$foreground 70%", "bold $warning"
_GAP = 2
_LEAST = 8
"""Letters of a sentence below which what is left of it says nothing."""


class StatusLine(Static):
    """Shows a sentence on the left and where and who one is on the right."""

    app: KbtuiApp

    sentence: reactive[str] = reactive("", layout=False)
    style_name: reactive[str] = reactive("", layout=False)
    place: reactive[str] = reactive("", layout=False)
    sharing: reactive[Standing] = reactive(Standing(), layout=False)

    def on_mount(self) -> None:
        """Say at once how sharing stands."""
        self.sharing = self.app.sharing.standing

    def say(self, sentence: str, *, is_trouble: bool = False) -> None:
        """Show a sentence until the next one."""
        self.style_name = "bold $error" if is_trouble else ""
        self.sentence = sentence

    def render(self) -> Content:
        """Return the line. Without room for all, the place goes first, then words about sharing.

        Where the team does not get what is written, that is said whatever the sentence is.
        """
        width = self.content_size.width
        left = literal(self.sentence, self.style_name)
        for right in self._rights():
            room = width - left.cell_length - right.cell_length
            if room >= _GAP or (room >= 0 and not left.cell_length):
                return Content.assemble(left, " " * room, right)
        if not (self.sharing.is_trouble and self.sharing.forms):
            return left
        right = literal(self.sharing.forms[-1], _TROUBLE)
        room = width - right.cell_length - _GAP
        if room < _LEAST:
            return left
        return Content.assemble(left.truncate(room, ellipsis=True), " " * _GAP, right)

    def _rights(self) -> Iterator[Content]:
        """Yield what may stand on the right, the best first."""
        place = literal(self.place, _DIM)
        style = _TROUBLE if self.sharing.is_trouble else _DIM
        forms = [literal(form, style) for form in self.sharing.forms]
        both = [Content.assemble(form, literal(" · ", _DIM), place) for form in forms if self.place]
        if self.sharing.is_trouble:
            yield from (each for pair in zip(both or forms, forms, strict=True) for each in pair)
        else:
            yield from (*both, *forms)
        yield place
