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
_KEY_LINE = re.compile(r"(?P<key>[^\W\d][\w.-]*)[ \t]*:(?:[ \t]+(?P<value>.*\S))?[ \t]*")
_LIST_LINE = re.compile(r"[ \t]*-[ \t]+(?P<item>.*\S)[ \t]*")
_QUOTED = re.compile(r"""(["'])(?P<inside>.*)\1""")


@dataclass(frozen=True)
class HeaderBlock:
    """A header as found in a file.

    Attributes:
        values: what it says, by key.
        lines: 0-based line, in the file, on which each top-level key starts.
        start: line of the opening `---`; end: line of the closing one. Both None without a header.
        body: 0-based line on which the body begins.
        problems: what a person should mend.
        is_editable: whether single keys can be replaced.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    start: int | None = None
    end: int | None = None
    body: int = 0
    problems: tuple[Problem, ...] = ()
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
    following = lines[start + 1 : start + 2]
    if start > 0 or not following or not _KEY_LINE.match(following[0].strip()):
        return HeaderBlock()
    guessed, _ = _line_by_line(_until_blank([line.strip() for line in lines[start + 1 :]]))
    reason = "the header is opened with --- but never closed"
    return HeaderBlock(guessed, {}, None, None, 0, (Problem(start + 1, reason),), is_editable=False)


def _until_blank(lines: Sequence[str]) -> Sequence[str]:
    blank = next((number for number, line in enumerate(lines) if not line), len(lines))
    return lines[: min(blank, 60)]


def _understood(inner: Sequence[str], start: int, end: int) -> HeaderBlock:
    try:
        header = _yaml.read("\n".join(inner) + "\n")
    except _yaml.HeaderError as error:
        return _forgiven(inner, start, end, error)
    first = start + 1
    if start > 0 and not header.values:
        return HeaderBlock()
    problems = tuple(
        Problem(
            first + header.lines[key] + 1,
            f"the key {key!r} is there more than once; the last one counts",
            Severity.NOTE,
        )
        for key in header.repeated
    )
    lines = {key: first + line for key, line in header.lines.items()}
    return HeaderBlock(header.values, lines, start, end, end + 1, problems, is_editable=header.is_block)


def _forgiven(inner: Sequence[str], start: int, end: int, error: _yaml.HeaderError) -> HeaderBlock:
    values, found = ({}, {}) if error.is_limit else _line_by_line(inner)
    if not values and start > 0:
        return HeaderBlock()
    if not values:
        return _broken(start, end, error.line, error.reason)
    line = start + 2 + min(error.line, len(inner) - 1)
    reason = f"the header is not strict YAML ({error.reason}); it was read line by line"
    lines = {key: start + 1 + number for key, number in found.items()}
    return HeaderBlock(values, lines, start, end, end + 1, (Problem(line, reason, Severity.NOTE),))


def _broken(start: int, end: int, at: int, reason: str) -> HeaderBlock:
    problem = Problem(min(start + 2 + at, end + 1), f"the header cannot be read: {reason}")
    return HeaderBlock({}, {}, start, end, end + 1, (problem,), is_editable=False)


def _line_by_line(inner: Sequence[str]) -> tuple[dict[str, Value], dict[str, int]]:
    """Read each key with the lines below it by itself; what is no YAML even then is taken as typed."""
    starts = [number for number, line in enumerate(inner) if _KEY_LINE.fullmatch(line)]
    values: dict[str, Value] = {}
    lines: dict[str, int] = {}
    for first, last in pairwise([*starts, len(inner)]):
        key, value = _one_key(inner[first:last])
        values[key], lines[key] = value, first
    return values, lines


def _one_key(chunk: Sequence[str]) -> tuple[str, Value]:
    match = _KEY_LINE.fullmatch(chunk[0])
    assert match is not None
    try:
        return match["key"], _yaml.read("\n".join(chunk)).values[match["key"]]
    except (_yaml.HeaderError, KeyError):
        items: list[Value] = [_typed(item["item"]) for line in chunk[1:] if (item := _LIST_LINE.fullmatch(line))]
        return match["key"], items or _typed(match["value"] or "")


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
    spans = _spans(lines, header)
    result = list(lines)
    result[header.end : header.end] = _rendered({k: v for k, v in changes.items() if k not in spans}, line_end)
    for key in sorted(changes.keys() & spans.keys(), key=lambda key: spans[key], reverse=True):
        first, last = spans[key]
        result[first:last] = _rendered({key: changes[key]}, line_end)
    return result


def _rendered(values: Mapping[str, Value], line_end: str) -> list[str]:
    said = {key: value for key, value in values.items() if value not in ("", [], {})}
    return [line + line_end for key, value in said.items() for line in _yaml.render(key, value)]


def _with_new_header(lines: list[str], changes: Mapping[str, Value], line_end: str) -> list[str]:
    rendered = _rendered(changes, line_end)
    return [f"---{line_end}", *rendered, f"---{line_end}", *lines] if rendered else lines


def _spans(lines: Sequence[str], header: HeaderBlock) -> dict[str, tuple[int, int]]:
    """Return the lines [first, last) of each key, without the comments that belong to the next."""
    assert header.end is not None
    starts = sorted(header.lines.values())
    following = dict(pairwise([*starts, header.end]))
    return {key: (first, _trimmed(lines, first, following[first])) for key, first in header.lines.items()}


def _trimmed(lines: Sequence[str], first: int, last: int) -> int:
    while last > first + 1 and (not lines[last - 1].strip() or lines[last - 1].startswith("#")):
        last -= 1
    return last
