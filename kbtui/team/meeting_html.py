"""The meeting pack as one page of HTML that needs nothing else: no script, no picture, no font, no request. Pure.

Every word is escaped; the page's own policy forbids whatever might be in it all the same,
and allows the one style sheet by its digest. It is readable by day and by night, on paper,
and without colour: every bar has its number beside it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from html import escape

from kbtui.entry.text import clipped, one_line
from kbtui.team.meeting import Pack, Row, Section

_STYLE = """
:root { color-scheme: light dark; --ink: #1c1e21; --dim: #5b6168; --line: #d7dade; --bar: #2f6fb2; --paper: #ffffff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaed; --dim: #a3a9b1; --line: #3a3f46; --bar: #6ea8e0; --paper: #17191c; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 52rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; padding-top: .75rem; border-top: 1px solid var(--line); }
p, .when { margin: .25rem 0; }
a { color: inherit; text-decoration-color: var(--bar); text-underline-offset: .15em; }
a:focus-visible { outline: 2px solid var(--bar); outline-offset: 2px; }
.when, .empty, .rest, .behind, .behind code { color: var(--dim); }
.numbers { display: flex; flex-wrap: wrap; gap: .75rem; list-style: none; margin: 1.25rem 0 0; padding: 0; }
.numbers li { flex: 1 1 7rem; border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; }
.numbers a { display: block; font-size: 1.7rem; font-weight: 600; line-height: 1.2; }
.numbers li:first-child { border-color: var(--bar); border-width: 2px; }
svg { display: block; width: 100%; height: auto; margin: .5rem 0 1rem; }
svg text { font: 14px system-ui, sans-serif; fill: var(--ink); }
svg a text { text-decoration: underline; }
svg rect { fill: var(--bar); }
svg .axis { stroke: var(--line); }
.rows { margin: .5rem 0; padding-left: 1.2rem; }
.rows > li { margin: .6rem 0; }
.behind { margin: .1rem 0 0; padding-left: 1rem; font-size: .9rem; }
:target { outline: 2px solid var(--bar); outline-offset: .3rem; }
code { font: .85em ui-monospace, monospace; }
@media print {
  :root { --ink: #000; --dim: #444; --line: #bbb; --bar: #444; --paper: #fff; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  .rows > li, .numbers li, svg { break-inside: avoid; }
  h2 { break-after: avoid; }
  svg rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
_WIDE, _TALL, _BAR_WIDTH, _LABEL = 640, 44, 560, 78


def html(pack: Pack) -> str:
    """Return the pack as one page, which ends with a line end."""
    return "\n".join(_page(pack)) + "\n"


def _page(pack: Pack) -> Iterator[str]:
    title = f"{_text(pack.team)}: {_text(pack.period.words)}"
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">'
    yield '<meta name="referrer" content="no-referrer">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{title}</title>"
    yield f"<style>{_STYLE}</style>"
    yield "</head>"
    yield "<body>"
    yield f"<h1>{_text(pack.team)}: what the floor did</h1>"
    yield f'<p class="when">{_text(pack.period.words)} (days in UTC)</p>'
    yield from _numbers(pack)
    for section in pack.sections:
        yield from _section(section)
    yield "</body>"
    yield "</html>"


def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _numbers(pack: Pack) -> Iterator[str]:
    yield '<ul class="numbers">'
    for section in pack.sections:
        if section.number is not None:
            yield f'<li><a href="#{section.anchor}">{section.number}</a> {_text(section.unit)}</li>'
    yield "</ul>"


def _section(section: Section) -> Iterator[str]:
    yield f'<section id="{section.anchor}">'
    yield f"<h2>{_text(section.title)}</h2>"
    if not section.rows:
        yield f'<p class="empty">{_text(section.empty)}</p>'
    elif len(section.rows) < section.of:
        yield f'<p class="rest">{len(section.rows)} of {section.of}</p>'
    if section.rows and section.has_chart:
        yield from _chart(section)
    if section.rows:
        yield '<ul class="rows">'
        for row in section.rows:
            yield from _row(row)
        yield "</ul>"
    yield "</section>"


def _row(row: Row) -> Iterator[str]:
    number = f' — <a href="#{row.anchor}">{row.number}</a>' if row.number else ""
    yield f"<li>{_text(row.text)}{number}"
    yield f'<ul class="behind" id="{row.anchor}">'
    yield from (f"<li>{_text(detail)}</li>" for detail in row.details)
    if row.entry[0]:
        yield f"<li><code>{_text(row.entry[0])}</code> <code>{_text(row.entry[1])}</code></li>"
    yield "</ul></li>"


def _chart(section: Section) -> Iterator[str]:
    """Yield bars, the greatest first; each number leads to what it counts."""
    most = max(row.number or 0 for row in section.rows)
    height = _TALL * len(section.rows)
    label = escape(f"{section.title}: bars, the greatest first", quote=True)
    yield f'<svg viewBox="0 0 {_WIDE} {height}" role="img" aria-label="{label}">'
    for place, row in enumerate(section.rows):
        top, number = place * _TALL, row.number or 0
        width = max(2, round(_BAR_WIDTH * number / most)) if most else 0
        yield f'<text x="0" y="{top + 15}">{_text(clipped(one_line(row.text), _LABEL))}</text>'
        yield f'<rect x="0" y="{top + 21}" width="{width}" height="14" rx="2"></rect>'
        yield f'<a href="#{row.anchor}"><text x="{width + 8}" y="{top + 33}">{number}</text></a>'
    yield f'<line class="axis" x1="0" y1="0" x2="0" y2="{height}"></line>'
    yield "</svg>"


def _text(text: str) -> str:
    return escape(one_line(text), quote=True)
