"""The line of tags: lines part them as commas do, and they are completed from those in use."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.suggester import Suggester

from kbtui.tui.fields import Line

_BREAK = re.compile(r"[ \t,]*\n[\s,]*")


class TagLine(Line):
    """A line of tags in lower case with commas between them, also where a list of one a line is pasted.

    Args:
        text: the tags that stand there already, as they are written.
        tags: in use, the most used first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete_or_leave", show=False)]

    def __init__(self, text: str, tags: Collection[str], id: str) -> None:  # noqa: A002 - Textual's word
        self._offered = TagSuggester(tags)
        super().__init__(text, id=id, select_on_focus=False, suggester=self._offered)

    def joined(self, text: str) -> str:
        """Return text in lower case, with a comma for every run of line ends."""
        return _BREAK.sub(", ", text.strip("\n")).casefold()

    def action_complete_or_leave(self) -> None:
        """Take the tag that is offered, whether it has been painted yet or not; without one, go to the next field."""
        offered = self._offered.completed(self.value) if self.cursor_at_end else None
        if offered is None:
            self.screen.focus_next()
        else:
            self.value = offered
            self.cursor_position = len(offered)


class TagSuggester(Suggester):
    """Offers the most used tag that begins like the last word of a line such as "billing, ref".

    Args:
        tags: in use, the most used first.
    """

    def __init__(self, tags: Collection[str]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._tags = tags

    async def get_suggestion(self, value: str) -> str | None:
        """Return the line with the last tag completed, or None."""
        return self.completed(value)

    def completed(self, value: str) -> str | None:
        """Return the line with the last tag completed; None where it is a tag already, or the beginning of none."""
        before, comma, last = value.rpartition(",")
        begun = last.lstrip()
        typed = begun.casefold()
        if not begun or typed in self._tags:
            return None
        used = {tag.strip().casefold() for tag in before.split(",")}
        found = next((tag for tag in self._tags if tag.startswith(typed) and tag not in used), None)
        return f"{before}{comma}{last[: len(last) - len(begun)]}{found}" if found else None
