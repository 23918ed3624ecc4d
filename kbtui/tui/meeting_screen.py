"""The pack for the staff meeting (F47): its numbers, behind each what it counts, and both forms as files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content

from kbtui import actions
from kbtui.team.bars import bar
from kbtui.team.meeting import Pack, Row, Section
from kbtui.tui import learning_messages
from kbtui.tui.asking import LineScreen, TextScreen
from kbtui.tui.keys import binding
from kbtui.tui.list_screen import ListScreen, Named
from kbtui.tui.literal import literal
from kbtui.tui.since import SinceScreen

_DIM = "$foreground 70%"
_USUAL = "monday"
_BAR = 10


class MeetingScreen(SinceScreen):
    """Lists the sections with their numbers; enter opens what is behind one."""

    BINDINGS: ClassVar[list[BindingType]] = [binding(actions.WRITE_PACK)]

    def __init__(self) -> None:
        super().__init__(actions.MEETING.words, _USUAL)
        self._pack: Pack | None = None
        self._folder = ""

    def look(self) -> None:
        """Have the pack gathered."""
        self.app.learning.meeting(self, self.since)

    @on(learning_messages.PackFound)
    def _show(self, message: learning_messages.PackFound) -> None:
        self._pack, self._folder = message.pack, self._folder or message.folder
        headline = f"{message.pack.team}, {message.pack.period.words}"
        self.fill(literal(headline, _DIM), [*map(_section_row, message.pack.sections)])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's signature
        """Offer to write the pack once it is there."""
        return action != actions.WRITE_PACK.id or self._pack is not None

    def open(self, name: str) -> None:
        """Show what is behind a number."""
        found = [each for each in (self._pack.sections if self._pack else ()) if each.anchor == name]
        for section in found:
            self.app.push_screen(SectionScreen(section))

    def action_write_pack(self) -> None:
        """Ask where the pack is to be put, and write both forms of it."""
        self._ask_where()

    def _ask_where(self, trouble: str = "") -> None:
        pack = self._pack
        if pack is None:
            return

        def given(folder: str | None) -> None:
            if folder:
                self._folder = folder
                self.app.learning.write_pack(self, pack, folder)

        hint = "A folder of this computer; the page and the Markdown get the name of the days. Nothing is written over."
        self.app.push_screen(LineScreen("Where shall it be put?", hint, self._folder, trouble), given)

    @on(learning_messages.PackRefused)
    def _refused(self, message: learning_messages.PackRefused) -> None:
        self.ask_again(message.error, self._ask_where)

    @on(learning_messages.PackWritten)
    def _written(self, message: learning_messages.PackWritten) -> None:
        self.say(f"Written: {message.files[0]}")
        text = "\n\n".join([*message.files, "The page opens in any browser and prints; it needs nothing else."])
        self.app.open_over(self, TextScreen("The pack is written.", literal(text)))


class SectionScreen(ListScreen):
    """What is behind one number of the pack.

    Args:
        section: the part of the pack.
    """

    DEFAULT_CSS = """
    SectionScreen #rows { text-wrap: wrap; }
    """

    def __init__(self, section: Section) -> None:
        super().__init__(section.title)
        self._section = section
        self._rows = {each.anchor: each for each in section.rows}

    def look(self) -> None:
        """Show the rows; they are those of the pack, whatever has happened since."""
        section = self._section
        more = f" · {len(section.rows)} of {section.of} shown" if len(section.rows) < section.of else ""
        number = "" if section.number is None else f"{section.number} {section.unit}"
        said = f"{number}{more}".removeprefix(" · ") if section.rows else section.empty
        most = max((row.number or 0 for row in section.rows), default=0)
        self.fill(literal(said, _DIM), [(row.anchor, _row(row, most)) for row in section.rows])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's signature
        """Offer to open the entry where there is one."""
        return action != actions.SHOW.id or bool(self.path_of(self.marked))

    def path_of(self, name: str) -> str:
        """Return the path of the entry that a row is about."""
        row = self._rows.get(name)
        return row.entry[1] if row else ""


def _section_row(section: Section) -> Named:
    """Return the two lines of a section: its number, then what stands first in it."""
    if section.number is None:
        first = literal(f"      {section.title}", "bold")
    else:
        counted = f"{section.number:>5} {section.unit}"
        first = Content.assemble(literal(counted, "bold"), literal(f" · {section.title}", _DIM))
    return section.anchor, Content("\n").join([first, literal(f"      {'; '.join(_some(section))}", _DIM)])


def _some(section: Section) -> Iterator[str]:
    if not section.rows:
        yield section.empty
    for row in section.rows[:3]:
        yield row.text if row.number is None else f"{row.text} ({row.number})"


def _row(row: Row, most: int) -> Content:
    """Return what a row counts, then what is behind it, a line each."""
    number = "" if row.number is None else f"{row.number:>4} "
    bars = "" if row.number is None else f"{bar(row.number, most, _BAR):<{_BAR}} "
    first = Content.assemble(literal(number), literal(bars, "$accent"), literal(row.text, "bold"))
    return Content("\n").join([first, *(literal(f"     {each}", _DIM) for each in row.details)])
