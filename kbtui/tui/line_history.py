"""What stood in a line before: undo and redo for fields of one line, of which Textual has none. Pure."""

from __future__ import annotations

_STEPS = 200
"""Steps kept; more than anybody goes back."""


class LineHistory:
    """The texts a line has had. Letters typed one after the other are one step, up to the end of a word."""

    def __init__(self) -> None:
        self._past: list[str] = []
        self._future: list[str] = []
        self._ends_at: int | None = None

    def note(self, before: str, after: str) -> None:
        """Remember that a line has changed."""
        first, removed, added = difference(before, after)
        is_next_letter = not removed and len(added) == 1 and first == self._ends_at
        if not is_next_letter:
            self._past = [*self._past, before][-_STEPS:]
        self._ends_at = first + 1 if not removed and len(added) == 1 and not added.isspace() else None
        self._future.clear()

    def undo(self, now: str) -> str | None:
        """Return the text before the last step; None where there is none."""
        return self._moved(now, self._past, self._future)

    def redo(self, now: str) -> str | None:
        """Return the text that the last undo took back; None where there is none."""
        return self._moved(now, self._future, self._past)

    def _moved(self, now: str, source: list[str], target: list[str]) -> str | None:
        self._ends_at = None
        if not source:
            return None
        target.append(now)
        return source.pop()


def difference(before: str, after: str) -> tuple[int, str, str]:
    """Return where two texts begin to differ, what the first has there, and what the second has instead."""
    shorter = min(len(before), len(after))
    first = next((place for place in range(shorter) if before[place] != after[place]), shorter)
    rest = shorter - first
    tail = next((count for count in range(rest) if before[-1 - count] != after[-1 - count]), rest)
    return first, before[first : len(before) - tail], after[first : len(after) - tail]
