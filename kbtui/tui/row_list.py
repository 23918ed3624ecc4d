"""The list of rows on the home screen: Textual's, but it paints a row only once that is to be seen.

Textual's own measures every option whenever a list is filled, makes every row in several
steps, each with objects of its own, and gives every piece of text a style object of its
own whose colours are worked out anew with every key typed. Here a row says how many lines
it has, each of them cut off where the list ends, and equal styles are one object.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len, set_cell_size
from rich.control import strip_control_codes
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.events import Click, MouseMove
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from kbtui.tui.literal import Pieces

HEADING, ROW = 1, 2
"""Lines of a heading and of a row."""

_OPTION = "option-list--option"


class Row(Option):
    """A row that is made when it is first painted; one without a name is a heading, which cannot be marked.

    Args:
        name: an entry's path, or a draft's id.
        make: makes its lines: two, or one of a heading. Their words are shown as they are, never as markup.
    """

    def __init__(self, name: str, make: Callable[[], Sequence[Pieces]]) -> None:
        super().__init__("", id=name or None, disabled=not name)
        self._make = make
        self._lines: Sequence[Pieces] | None = None
        self.height = ROW if name else HEADING

    @property
    def lines(self) -> Sequence[Pieces]:
        """The row's text, line by line."""
        if self._lines is None:
            self._lines = self._make()[: self.height]
        return self._lines


class RowList(OptionList):
    """Shows rows, without a border or padding above, below or on the left."""

    def __init__(self, id: str) -> None:  # noqa: A002 - Textual's word
        self._rows: Sequence[Row] = ()
        self._looks: dict[tuple[str, str], RichStyle] = {}
        self._made_rows: dict[tuple[int, str, int], list[Strip]] = {}
        super().__init__(id=id, markup=False)

    def show(self, rows: Sequence[Row], marked: int | None) -> None:
        """Show other rows, from the first on, with the mark on one of them."""
        self._rows = rows
        self._made_rows.clear()
        self.set_options(rows)
        self._update_lines()
        self.highlighted = marked
        self.refresh()

    def notify_style_update(self) -> None:
        """Forget what was painted in another look."""
        self._looks.clear()
        self._made_rows.clear()
        super().notify_style_update()

    def _clear_caches(self) -> None:
        self._made_rows.clear()
        super()._clear_caches()

    def _update_lines(self) -> None:
        region = self.scrollable_content_region
        if not region:
            return
        cache = self._line_cache
        for index in range(len(cache.heights), len(self._rows)):
            height = self._rows[index].height
            cache.index_to_line[index] = len(cache.lines)
            cache.heights[index] = height
            cache.lines.extend((index, line) for line in range(height))
        size = Size(region.width, len(cache.lines))
        if size != self.virtual_size:
            self._made_rows.clear()  # there may be a scrollbar now, or none any more
            self.virtual_size = size
            self._scroll_update(size)

    # Painting

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return lines of the widget, as they are painted."""
        self._update_lines()
        width = self.region.width
        filters, background = self.get_line_filters(), self.background_colors[1]
        strips = [self._painted(y, width) for y in crop.line_range]
        for each in filters:
            strips = [strip.apply_filter(each, background) for strip in strips]
        if crop.column_span != (0, width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def _painted(self, y: int, width: int) -> Strip:
        """Return a line of the widget: a row's, or an empty one below the last."""
        lines = self._line_cache.lines
        place = y + self.scroll_offset.y
        if not 0 <= place < len(lines):
            return Strip.blank(width, self._look("", ""))
        index, line = lines[place]
        state = self._state_of(index)
        key = (index, state, width)
        strips = self._made_rows.get(key)
        if strips is None:
            strips = self._made_rows[key] = self._made(self._rows[index], state, width)
        return strips[line]

    def _state_of(self, index: int) -> str:
        if self._rows[index].disabled:
            return f"{_OPTION}-disabled"
        if index == self.highlighted:
            return f"{_OPTION}-highlighted"
        return f"{_OPTION}-hover" if index == self._mouse_hovering_over else ""

    def _made(self, row: Row, state: str, width: int) -> list[Strip]:
        """Return a row's lines as they are painted in a state."""
        padding = self.get_component_styles(_OPTION).padding
        inner = self.scrollable_content_region.width
        room = max(inner - padding.width, 0)
        row_blank, list_blank = self._look(state, ""), self._look("", "")
        strips = []
        for line in row.lines:
            pieces = _cut_off(line, room)
            rest = inner - padding.left - sum(cells for _, _, cells in pieces)
            segments = [Segment(" " * padding.left, row_blank)]
            segments += [Segment(text, self._look(state, style)) for text, style, _ in pieces]
            segments += [Segment(" " * rest, row_blank), Segment(" " * (width - inner), list_blank)]
            strips.append(Strip([each for each in segments if each.text], width))
        return strips

    def _look(self, state: str, style: str) -> RichStyle:
        """Return how a piece of text looks in a row of a state."""
        found = self._looks.get((state, style))
        if found is None:
            base = self.get_visual_style(_OPTION, state) if state else self.get_visual_style(_OPTION)
            own = base + self._get_style(style) if style else base
            found = self._looks[state, style] = own.rich_style
        return found

    # The mouse

    def _row_at(self, y: int) -> int | None:
        """Return the place of the row that is painted on a line of the widget."""
        lines, place = self._line_cache.lines, y + self.scroll_offset.y
        return lines[place][0] if 0 <= place < len(lines) else None

    async def _on_click(self, event: Click) -> None:
        event.prevent_default()
        place = self._row_at(event.y)
        if place is not None and not self._rows[place].disabled:
            self.highlighted = place
            self.action_select()

    def _on_mouse_move(self, event: MouseMove) -> None:
        event.prevent_default()
        self._mouse_hovering_over = self._row_at(event.y)


def _cut_off(line: Pieces, room: int) -> list[tuple[str, str, int]]:
    """Return the pieces of a line that fit into so many cells, each with its cells; where some do not, an ellipsis."""
    shown = [(text, style) for text, style in ((strip_control_codes(text), style) for text, style in line) if text]
    measured = [(text, style, len(text) if text.isascii() else cell_len(text)) for text, style in shown]
    if sum(cells for _, _, cells in measured) <= room:
        return measured
    found: list[tuple[str, str, int]] = []
    left = room - 1
    for text, style, cells in measured:
        if left < cells:
            return [*found, (f"{set_cell_size(text, left)}…", style, left + 1)] if room else found
        found.append((text, style, cells))
        left -= cells
    return found
