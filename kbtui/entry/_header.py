"""An entry's header (front matter) in its file: where it stands, what it says, how one key is changed.

Reading is forgiving: a header that strict YAML refuses, nearly always for an unquoted
colon, is read line by line and the mistake is reported. Writing is narrow: only the lines
of the keys that changed are replaced; every other byte, comments and unknown keys
included, stays as it was (FAULTS 50).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kbtui.entry import _yaml
from kbtui.entry._yaml import Value
from kbtui.entry.model import Problem, Severity
from kbtui.errors import RefusedError

MAX_HEADER_BYTES = 16 * 1024

_OPENING = re.compile(r"---[ \t]*")
_CLOSING = re.compile(r"(?:---|\.\.\.)[ \t]*")
_NO_KEY = ("#", "-", "[", "{", "}", "]", "|", ">", "*", "&", "%", "@", "`", ",", "?", ":")
_QUOTED = re.compile(r"""(["'])(?P<inside>.*)\1""")


@dataclass(frozen=True)
class HeaderBlock:
    """A header as found in a file.

    Attributes:
        values: what it says, by key.
        spans: 0-based lines [first, last), in the file, on which each top-level key stands.
        start: line of the opening `---`; end: line of the closing one. Both None without a header.
        body: 0-based line on which the body begins.
        problems: what a person should mend.
        indent: what every key is indented by.
        is_editable: whether single keys can be replaced.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    spans: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    start: int | None = None
    end: int | None = None
    body: int = 0
    problems: tuple[Problem, ...] = ()
    indent: str = ""
    is_editable: bool = True

    @property
    def is_broken(self) -> bool:
        """Whether the header could not be understood at all."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def read(lines: Sequence[str]) -> HeaderBlock:
    """Return the header that `lines` (printable, without line ends) begin with.

    Blank lines before the opening `---` are forgiven if a whole header follows.
    """
    start = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    if start == len(lines) or not _OPENING.fullmatch(lines[start]):
        return HeaderBlock()
    end = _closing_line(lines, start)
    if end is None:
        return _unclosed(lines, start)
    inner = lines[start + 1 : end]
    if sum(len(line.encode()) + 1 for line in inner) > MAX_HEADER_BYTES:
        return _broken(start, end, 0, f"the header is larger than {MAX_HEADER_BYTES // 1024} KiB")
    return _understood(inner, start, end)


def _closing_line(lines: Sequence[str], start: int) -> int | None:
    return next((n for n in range(start + 1, len(lines)) if _CLOSING.fullmatch(lines[n])), None)


def _unclosed(lines: Sequence[str], start: int) -> HeaderBlock:
    """A `---` that nothing closes: a header if a key follows it, otherwise a rule in the text."""
    following = lines[start + 1] if start + 1 < len(lines) else ""
    indent = following[: len(following) - len(following.lstrip())]
    if start > 0 or not _key_and_value(following.strip()):
        return HeaderBlock()
    inner = [line.removeprefix(indent) for line in lines[start + 1 : start + 61]]
    blank = next((number for number, line in enumerate(inner) if not line.strip()), len(inner))
    guessed, _ = _line_by_line(inner[:blank])
    problem = Problem(start + 1, "the header is opened with --- but never closed")
    return HeaderBlock(values=guessed, problems=(problem,), is_editable=False)


def _understood(inner: Sequence[str], start: int, end: int) -> HeaderBlock:
    try:
        header = _yaml.read("\n".join(inner) + "\n")
    except _yaml.HeaderError as error:
        return _forgiven(inner, start, end, error)
    if start > 0 and not header.values:
        return HeaderBlock()
    first = start + 1
    tails = {key: _without_tail(inner, *span, within=header.indent) for key, span in header.spans.items()}
    spans = {key: (first + begin, first + tails[key]) for key, (begin, _) in header.spans.items()}
    problems = tuple(_said_twice(key, spans[key][0] + 1) for key in header.repeated)
    indent = " " * header.indent
    return HeaderBlock(header.values, spans, start, end, end + 1, problems, indent, is_editable=header.is_block)


def _said_twice(key: str, line: int) -> Problem:
    reason = f"the key {key!r} is there more than once; the last one counts"
    return Problem(line, reason, Severity.NOTE)


def _forgiven(inner: Sequence[str], start: int, end: int, error: _yaml.HeaderError) -> HeaderBlock:
    values, found = ({}, {}) if error.is_limit else _line_by_line(inner)
    if not values and start > 0:
        return HeaderBlock()
    if not values:
        return _broken(start, end, error.line, error.reason)
    line = start + 2 + min(error.line, len(inner) - 1)
    reason = f"the header is not strict YAML ({error.reason}); it was read line by line"
    spans = {key: (start + 1 + begin, start + 1 + last) for key, (begin, last) in found.items()}
    return HeaderBlock(values, spans, start, end, end + 1, (Problem(line, reason, Severity.NOTE),))


def _broken(start: int, end: int, at: int, reason: str) -> HeaderBlock:
    problem = Problem(min(start + 2 + at, end + 1), f"the header cannot be read: {reason}")
    return HeaderBlock({}, {}, start, end, end + 1, (problem,), is_editable=False)


def _line_by_line(inner: Sequence[str]) -> tuple[dict[str, Value], dict[str, tuple[int, int]]]:
    """Read each key with the lines below it by itself; what is no YAML even then is taken as typed."""
    starts = [number for number, line in enumerate(inner) if _key_and_value(line)]
    values: dict[str, Value] = {}
    spans: dict[str, tuple[int, int]] = {}
    for first, following in pairwise([*starts, len(inner)]):
        last = _without_tail(inner, first, following)
        key, value = _one_key(inner[first:last])
        values[key], spans[key] = value, (first, last)
    return values, spans


def _key_and_value(line: str) -> tuple[str, str] | None:
    """Return the two sides of a `key: value` line that begins in the first column, or None."""
    key, colon, value = line.partition(":")
    if not colon or not key or key[0].isspace() or key.startswith(_NO_KEY) or (value and not value[0].isspace()):
        return None
    return _typed(key.strip()), value.strip()


def _one_key(chunk: Sequence[str]) -> tuple[str, Value]:
    key, value = _key_and_value(chunk[0]) or ("", "")
    try:
        return key, _yaml.read("\n".join(chunk)).values[key]
    except (_yaml.HeaderError, KeyError):
        rows = (line.strip() for line in chunk[1:])
        items: list[Value] = [_typed(row[1:].strip()) for row in rows if row.startswith("- ")]
        return key, items or _typed(value)


def _without_tail(lines: Sequence[str], first: int, last: int, within: int | None = None) -> int:
    """Leave out the blank lines and comments at the end, which belong to the next key.

    Args:
        within: a comment that is indented further than this may be text; None where none can be.
    """
    while last > first + 1 and _is_tail(lines[last - 1], within):
        last -= 1
    return last


def _is_tail(line: str, within: int | None) -> bool:
    text = line.lstrip()
    return not text or (text.startswith("#") and (within is None or len(line) - len(text) <= within))


def _typed(text: str) -> str:
    quoted = _QUOTED.fullmatch(text)
    return quoted["inside"] if quoted else text


def with_values(lines: list[str], header: HeaderBlock, changes: Mapping[str, Value], line_end: str) -> list[str]:
    """Return `lines` (with their line ends) with the header's keys changed as told.

    An empty value removes its key. A file without a header gets one.

    Raises:
        RefusedError: the header is written in a way in which single keys cannot be changed.
    """
    if not header.is_editable:
        raise RefusedError(
            "The header of this entry is written in a way kbtui cannot change safely.",
            "Mend the header in a text editor first; `kbtui check` names the line.",
        )
    if header.start is None or header.end is None:
        return _with_new_header(lines, changes, line_end)
    spans = header.spans
    added = {key: value for key, value in changes.items() if key not in spans}
    result = list(lines)
    result[header.end : header.end] = _rendered(added, header.indent, line_end)
    for key in sorted(changes.keys() & spans.keys(), key=lambda key: spans[key], reverse=True):
        first, last = spans[key]
        result[first:last] = _rendered({key: changes[key]}, header.indent, line_end)
    return result


def _rendered(values: Mapping[str, Value], indent: str, line_end: str) -> list[str]:
    said = {key: value for key, value in values.items() if value not in ("", [], {})}
    return [indent + line + line_end for key, value in said.items() for line in _yaml.render(key, value)]


def _with_new_header(lines: list[str], changes: Mapping[str, Value], line_end: str) -> list[str]:
    rendered = _rendered(changes, "", line_end)
    return [f"---{line_end}", *rendered, f"---{line_end}", *lines] if rendered else lines
