"""YAML as text only: the one place that imports PyYAML.

Every scalar stays the text that was typed (`no`, `12:30`, `007`, `~`; FAULTS 51). There
are no aliases, no tags, and limits on depth and size, so that a header cannot become
larger in memory than it is on disk (FAULTS 75). The reading works on YAML's events, which
also say on which lines each top-level key stands: saving replaces those lines alone.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import yaml

Value = str | list["Value"] | dict[str, "Value"]
"""What a header holds: text, lists and maps of text."""

MAX_DEPTH = 8
MAX_NODES = 4_000

_Loader: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class HeaderError(Exception):
    """A header that is not YAML as kbtui takes it.

    Args:
        reason: what is wrong, as half a sentence.
        line: 0-based line within the header.
        is_limit: whether it goes beyond a limit, rather than being badly written.
    """

    def __init__(self, reason: str, line: int, *, is_limit: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.is_limit = is_limit


@dataclass(frozen=True)
class Header:
    """The values of a header and, for each top-level key, the 0-based lines [first, last) it stands on.

    Attributes:
        repeated: keys that stand there more than once; the last one counts.
        indent: columns by which every key is indented.
        is_block: whether each key stands on lines of its own, so that one can be replaced.
    """

    values: dict[str, Value]
    spans: dict[str, tuple[int, int]]
    repeated: tuple[str, ...] = ()
    indent: int = 0
    is_block: bool = True


def read(text: str) -> Header:
    """Return what the header `text` holds.

    Raises:
        HeaderError: the text is no YAML map, or goes beyond the limits.
    """
    composer = _Composer(text)
    try:
        return composer.header()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise HeaderError(error.problem or error.context or "it is not YAML", mark.line if mark else 0) from error
    except yaml.reader.ReaderError as error:
        raise HeaderError("it has a character that YAML does not allow", 0) from error


def _line(event: yaml.Event) -> int:
    return event.start_mark.line if event.start_mark else 0


def _line_of_end(event: yaml.Event) -> int:
    """Return the last line an event stands on: a mark at the start of a line belongs to the line before."""
    mark = event.end_mark
    if mark is None:
        return 0
    return mark.line - 1 if mark.column == 0 and mark.line > _line(event) else mark.line


class _Composer:
    """Builds values from YAML's events, without recursion on what a stranger wrote beyond MAX_DEPTH."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=_Loader))
        self._lines = text.split("\n")
        self._nodes = 0
        self._last_line = 0

    def header(self) -> Header:
        event = self._next()
        while isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            event = self._next()
        if isinstance(event, yaml.StreamEndEvent | yaml.DocumentEndEvent):
            return Header({}, {})
        if not isinstance(event, yaml.MappingStartEvent):
            raise HeaderError("it is not a list of `key: value` lines", _line(event))
        header = self._top_level(is_block=not event.flow_style)
        self._expect_the_end()
        return header

    def _top_level(self, *, is_block: bool) -> Header:
        values: dict[str, Value] = {}
        spans: dict[str, tuple[int, int]] = {}
        columns: set[int] = set()
        repeated: list[str] = []
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event)
            if key in values:
                repeated.append(key)
            first, column = self._where(event)
            self._last_line = _line(event)
            values[key] = self._value(self._next(), 1)
            spans[key] = (first, self._last_line + 1)
            columns.add(column)
        return Header(values, spans, tuple(repeated), min(columns, default=0), is_block and len(columns) < 2)

    def _where(self, key: yaml.Event) -> tuple[int, int]:
        """Return the line and column a key begins at, which is the `?` in YAML's long form."""
        line, column = _line(key), key.start_mark.column if key.start_mark else 0
        before = self._lines[line][:column]
        if not before.strip() and line > 0 and self._lines[line - 1].strip() == "?":
            line, before = line - 1, self._lines[line - 1]
        return (line, before.index("?")) if before.strip() == "?" else (line, column)

    def _expect_the_end(self) -> None:
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                raise HeaderError("it holds more than one document", _line(event))

    def _next(self) -> yaml.Event:
        event = next(self._events)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise HeaderError("anchors and aliases (& and *) are not read", _line(event))
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise HeaderError(f"it holds more than {MAX_NODES} values", _line(event), is_limit=True)
        return event

    def _key(self, event: yaml.Event) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise HeaderError("a key must be a word", _line(event))
        return str(event.value)

    def _value(self, event: yaml.Event, depth: int) -> Value:
        if depth > MAX_DEPTH:
            raise HeaderError(f"it is nested more than {MAX_DEPTH} deep", _line(event), is_limit=True)
        if isinstance(event, yaml.ScalarEvent):
            self._last_line = max(self._last_line, _line_of_end(event))
            return self._text(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(depth, is_flow=bool(event.flow_style))
        return self._mapping(depth, is_flow=bool(getattr(event, "flow_style", False)))

    def _text(self, event: yaml.ScalarEvent) -> str:
        """Return a scalar as typed; `!word` is a type to YAML, but a word to the person who typed it."""
        if event.tag:
            raise HeaderError("types (!) are not read", _line(event))
        return str(event.value)

    def _sequence(self, depth: int, *, is_flow: bool) -> list[Value]:
        items: list[Value] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._value(event, depth + 1))
        self._close(event, is_flow=is_flow)
        return items

    def _mapping(self, depth: int, *, is_flow: bool) -> dict[str, Value]:
        values: dict[str, Value] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event)
            self._last_line = max(self._last_line, _line_of_end(event))
            values[key] = self._value(self._next(), depth + 1)
        self._close(event, is_flow=is_flow)
        return values

    def _close(self, event: yaml.Event, *, is_flow: bool) -> None:
        """Note the line of a closing bracket; what closes a block is only where the next thing begins."""
        if is_flow:
            self._last_line = max(self._last_line, _line_of_end(event))


_PLAIN = re.compile(r"[^\W_][\w .,/()+%€$£?!;@'’–—…-]*(?<! )")
_READ_OTHERWISE = re.compile(r"(?i:y|n|yes|no|on|off|true|false|null|nan|inf)|[-+.]?[0-9][\w.,:+-]*")
"""Words and numbers that other YAML readers would turn into something else than was typed."""

_NUMBER = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


def _is_date(text: str) -> bool:
    try:
        return len(text) == 10 and dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def scalar(text: str) -> str:
    """Return `text` as a YAML scalar on one line that reads back as typed.

    ISO dates and simple numbers stay bare, as people write them.
    """
    if _is_date(text) or _NUMBER.fullmatch(text):
        return text
    if _PLAIN.fullmatch(text) and not _READ_OTHERWISE.fullmatch(text):
        return text
    if "\n" in text or "\t" in text or "\x7f" <= text[:1] <= "\x9f":
        return json.dumps(text, ensure_ascii=False)
    return "'" + text.replace("'", "''") + "'"


def render(key: str, value: Value) -> list[str]:
    """Return the header lines, without line ends, that say `key` is `value`."""
    if isinstance(value, str):
        return [f"{scalar(key)}: {scalar(value)}"]
    if isinstance(value, list) and _fits_one_line(value):
        return [f"{scalar(key)}: [{', '.join(scalar(str(item)) for item in value)}]"]
    return [f"{scalar(key)}:", *_block(value, "  ")]


def _fits_one_line(items: Sequence[Value]) -> bool:
    words = all(isinstance(item, str) and re.fullmatch(r"[\w-]+(?: [\w-]+){0,2}", item) for item in items)
    return words and sum(len(str(item)) + 2 for item in items) < 90


def _block(value: Value, indent: str) -> list[str]:
    if isinstance(value, str):
        return [f"{indent}{scalar(value)}"]
    if isinstance(value, Mapping):
        return [line for key, item in value.items() for line in _pair(key, item, indent)]
    return [line for item in value for line in _item(item, indent)]


def _pair(key: str, value: Value, indent: str) -> list[str]:
    return [indent + line for line in render(key, value)]


def _item(value: Value, indent: str) -> list[str]:
    if isinstance(value, str):
        return [f"{indent}- {scalar(value)}"]
    first, *rest = _block(value, "")
    return [f"{indent}- {first}", *(f"{indent}  {line}" for line in rest)]
