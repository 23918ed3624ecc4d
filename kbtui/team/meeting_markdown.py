"""The meeting pack as Markdown that reads well on any git host. Pure.

Words of a base stand there as words: what Markdown or a host would make of them is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kbtui.entry.text import one_line
from kbtui.team.bars import bar
from kbtui.team.meeting import Pack, Row, Section

_SIGNS = re.compile(r"[\\`*_{}\[\]<>#|~!&$^]")
_BEGINNING = re.compile(r"^(?=[-+=])|^(\d+)(?=[.)])")
_AT, _COLON, _DOT = "&#64;", "&#58;", "&#46;"
_BAR = 24


def markdown(pack: Pack) -> str:
    """Return the pack as one text, which ends with a line end."""
    lines = [f"# {literal(pack.team)}: what the floor did", "", f"{pack.period.words} (days in UTC)", ""]
    lines += [f"- [{each.number}](#{each.anchor}) {each.unit}" for each in pack.sections if each.number is not None]
    for section in pack.sections:
        lines += ["", *_section(section)]
    return "\n".join(lines) + "\n"


def literal(text: str) -> str:
    """Return words as Markdown shows them: no emphasis, no link, no list, nobody mentioned."""
    safe = _SIGNS.sub(lambda sign: f"\\{sign[0]}", one_line(text))
    safe = safe.replace("@", _AT).replace("://", f"{_COLON}//").replace("www.", f"www{_DOT}")
    return _BEGINNING.sub(lambda start: f"{start[1]}\\" if start[1] else "\\", safe)


def _section(section: Section) -> Iterator[str]:
    yield f'<a id="{section.anchor}"></a>'
    yield ""
    yield f"## {section.title}"
    yield ""
    if not section.rows:
        yield section.empty
        return
    if len(section.rows) < section.of:
        yield f"{len(section.rows)} of {section.of}:"
        yield ""
    most = max((row.number or 0 for row in section.rows), default=0)
    for row in section.rows:
        yield from _row(row, most)


def _row(row: Row, most: int) -> Iterator[str]:
    number = f" — [{row.number}](#{row.anchor}) `{bar(row.number, most, _BAR)}`" if row.number else ""
    yield f"- {literal(row.text)}{number}"
    marked = f'<a id="{row.anchor}"></a>' if row.number else ""
    for detail in row.details:
        yield f"  - {marked}{literal(detail)}"
        marked = ""
    if row.entry[0]:
        yield f"  - {_code(row.entry[0])} {_code(row.entry[1])}"


def _code(text: str) -> str:
    """Return a name as code; a back quote would end it."""
    return f"`{one_line(text).replace('`', '´')}`"
