"""Which words the team must still have: everything that was acknowledged and that nobody has taken away on purpose."""

from __future__ import annotations

import re
from collections import Counter

_WORD = re.compile(r"w[0-9]+w")


def marks(text: str | bytes) -> set[str]:
    """Return the marks in a text; each stands for the words that it came with."""
    return set(_WORD.findall(text.decode("utf-8", "replace") if isinstance(text, bytes) else text))


class Words:
    """The account of one team.

    Attributes:
        uses: how often an entry was used and acknowledged so, by its id.
        perhaps: uses of which nobody knows whether they were kept, because the program died.
    """

    def __init__(self) -> None:
        self._number = 0
        self._said: dict[str, str] = {}
        self._taken: set[str] = set()
        self.uses: Counter[str] = Counter()
        self.perhaps: Counter[str] = Counter()

    def new(self) -> str:
        """Return a mark that no text has yet."""
        self._number += 1
        return f"w{self._number}w"

    def said(self, there: set[str], how: str) -> None:
        """Note marks that the team must have from now on."""
        self._said |= dict.fromkeys(there, how)

    def taken(self, there: set[str]) -> None:
        """Note marks that somebody who saw them has taken away."""
        self._taken |= there

    def is_taken(self, mark: str) -> bool:
        """Whether somebody has taken it away."""
        return mark in self._taken

    def missing(self, there: set[str]) -> dict[str, str]:
        """Return what must be there and is not, with how it was said."""
        return {mark: how for mark, how in self._said.items() if mark not in there and mark not in self._taken}
