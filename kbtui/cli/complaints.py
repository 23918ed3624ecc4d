"""The one module that writes standard error: words for the person, never data; and the exit codes."""

from __future__ import annotations

import sys

from kbtui.entry.text import printable
from kbtui.errors import ExitCode, KbError, PersonalDataError


def tell(text: str) -> None:
    """Write a line to standard error, after everything that standard output holds."""
    if sys.stdout is not None:
        sys.stdout.flush()
    if sys.stderr is None:
        return
    encoding = sys.stderr.encoding or "utf-8"
    sys.stderr.write(printable(text).encode(encoding, "replace").decode(encoding) + "\n")
    sys.stderr.flush()


def complain(error: KbError) -> ExitCode:
    """Tell a person what is wrong and what to do, and return the exit code that says the same."""
    tell(f"kbtui: {error.message}")
    if isinstance(error, PersonalDataError):
        tell(f"       {_way_out(error)}")
    elif error.hint:
        tell(f"       {error.hint}")
    return error.code


def _way_out(error: PersonalDataError) -> str:
    """Say which options help where words were not saved."""
    if error.can_stay:
        return "Leave it out, or add --mask; --allow-personal saves it as it is, and the history says so."
    return "Leave it out, or add --mask: the first six and the last four digits stay."


class ProgressLine:
    """A line that counts while the index is built, on a terminal only."""

    def __init__(self, words: str) -> None:
        self._words = words
        self._is_shown = False

    def __call__(self, done: int, of: int = 0) -> None:
        """Show how far it is; `of` is zero where nobody knows."""
        if sys.stderr is not None and sys.stderr.isatty():
            self._is_shown = True
            sys.stderr.write(f"\r{self._words} {done} of {of} " if of else f"\r{self._words} {done} ")
            sys.stderr.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._is_shown:
            self._is_shown = False
            sys.stderr.write("\n")
