"""The line of tags: lines part them as commas do, and they are completed from those in use."""

from __future__ import annotations

import re
from collections.abc import Collection

from textual.suggester import Suggester

from kbtui.tui.fields import Line

_BREAK = re.compile(r"[ \t,]*\n[\s,]*")


class TagLine(Line):
    """A line of tags with commas between them, also where a list of one a line is pasted."""

    def joined(self, text: str) -> str:
        """Return text with a comma for every run of line ends."""
        return _BREAK.sub(", ", text.strip("\n"))


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
        before, comma, last = value.rpartition(",")
        begun = last.lstrip()
        if not begun:
            return None
        used = {tag.strip() for tag in before.split(",")}
        found = next((tag for tag in self._tags if tag.startswith(begun.casefold()) and tag not in used), None)
        space = last[: len(last) - len(begun)]
        return f"{before}{comma}{space}{begun}{found[len(begun) :]}" if found else None
