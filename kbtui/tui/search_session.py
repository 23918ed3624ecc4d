"""When a search did not help (F43): decided once, at its end, never for each key.

A search begins with the first letter on an empty line and ends when the line is emptied or
another call comes. It counts for its last settled words: those whose hits stood there for a
second, or stood there when somebody gave up with escape. So neither beginnings of words
nor what is left over while a line is deleted letter by letter are ever noted.

It did help when an entry was opened (whatever is copied or used is opened first), when a
caller joined a question, or when something was saved: what is asked or written down is no
miss, it stands there. Words typed after that are another search. What was only read in the
preview nobody can know; it counts as found and not used, which the report tells apart.
A search that is left when the program ends is not noted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

SETTLED = 1.0
"""Seconds for which words stand on the line before they are what somebody meant."""


@dataclass(frozen=True, slots=True)
class Missed:
    """Words that did not help; `found` where there was something with all of them, which nobody opened."""

    words: str
    found: bool


class SearchSession:
    """Follows the query line.

    Args:
        now: returns seconds that only grow.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._text = ""
        self._since = 0.0
        self._shown: Missed | None = None
        self._last: Missed | None = None
        self._helped = False

    def typed(self, text: str) -> Missed | None:
        """Follow a change of the line; return what did not help, if that ends a search."""
        if text == self._text:
            return None
        if self._now() - self._since >= SETTLED:
            self._settle()
        missed = None
        if not text:
            missed = self._outcome()
        if not text or self._helped:
            self._forget()
        self._text, self._since = text, self._now()
        return missed

    def found(self, text: str, *, found: bool) -> None:
        """Note whether something has all the words on the line (`SearchResult.fits`)."""
        if text == self._text:
            self._shown = Missed(text, found)

    def helped(self) -> None:
        """Note that the search led to something."""
        self._helped = True

    def give_up(self) -> Missed | None:
        """End the search with what stands on the line now; return what did not help."""
        self._settle()
        missed = self._outcome()
        self._forget()
        self._text = ""
        return missed

    def _settle(self) -> None:
        if self._shown is not None and self._shown.words == self._text:
            self._last = self._shown

    def _outcome(self) -> Missed | None:
        return None if self._helped else self._last

    def _forget(self) -> None:
        self._shown = self._last = None
        self._helped = False
