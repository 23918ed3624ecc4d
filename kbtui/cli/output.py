"""The one module that writes standard output: data, as text for people or JSON for programs.

Everything printed is already printable (it was made so when it was loaded); what comes
from elsewhere goes through `printable` here.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from pathlib import PurePath

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
    _write(json.dumps(_plain(value), ensure_ascii=False, indent=2))


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


def _plain(value: object) -> object:
    """Turn frozen values into what JSON knows."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, Decimal | PurePath):
        return str(value)
    if isinstance(value, Fraction):
        return round(float(value), 4)
    if isinstance(value, tuple) and (names := getattr(value, "_fields", ())):
        return {name: _plain(item) for name, item in zip(names, value, strict=True)}
    if isinstance(value, Mapping):
        return {printable(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
