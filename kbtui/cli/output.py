"""The one module that writes standard output: data, as text for people or JSON for programs.

Everything printed is already printable (it was made so when it was loaded); what comes
from elsewhere goes through `printable` here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from kbtui.entry.text import printable
from kbtui.errors import ExitCode
from kbtui.knowledge import Marked


def say(text: str = "") -> None:
    """Print one line or several."""
    _write(printable(text))


def say_marked(line: Marked) -> None:
    """Print one line; on a terminal that is not told otherwise (NO_COLOR), marked words are bold."""
    if not (sys.stdout and sys.stdout.isatty()) or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        say(line.text)
        return
    text, end = "", 0
    for start, stop in line.marks:
        text += f"{printable(line.text[end:start])}\x1b[1m{printable(line.text[start:stop])}\x1b[22m"
        end = stop
    _write(text + printable(line.text[end:]))


def say_pieces(pieces: Sequence[tuple[str, str, str, str]]) -> None:
    """Print text of which some is marked: (text, sign before, sign after, colour); colour on a terminal only.

    The signs are always there, since colour alone would tell some people nothing.
    """
    is_plain = (
        not (sys.stdout and sys.stdout.isatty()) or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    )
    shown = []
    for text, before, after, colour in pieces:
        words = f"{before}{printable(text)}{after}"
        shown.append(words if is_plain or not colour else f"\x1b[{colour}m{words}\x1b[0m")
    _write("".join(shown))


def as_json(value: object) -> None:
    """Print a value as JSON, indented, in UTF-8."""
    from kbtui.cli.values import as_json_text  # which people who read have no use for

    _write(as_json_text(value))


def _write(text: str) -> None:
    """Write a line; a character that this terminal cannot show becomes a question mark."""
    if sys.stdout is None:  # started without one: `kbtui list >&-`
        return
    encoding = sys.stdout.encoding or "utf-8"
    try:
        print(text.encode(encoding, "replace").decode(encoding), flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(ExitCode.OK) from None  # the reader has gone (`| head`); nothing is left to say
