"""The Markdown below an entry's header: question, say-this answer, internal notes, see-also.

markdown-it-py finds the headings; this module says which of them divide an entry:

- a heading of level 1 that the body begins with, unless the header already names the question;
- `## Internal` (or `## Internal notes`), from which on everything is for the team only;
- `## See also`.

Each part runs to the next of these headings or to the end. A code block that is never
closed cannot hide `## Internal`: from there on everything is internal, because copying an
answer must never copy internal notes (F22).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kbtui.entry.model import Link, Problem, Severity
from kbtui.entry.text import one_line, printable

_PARTS = {"internal": "internal", "internal notes": "internal", "see also": "see_also"}
_DIVIDER = re.compile(r" {0,3}##[ \t]+(internal(?: notes)?|see also)[ \t]*#*[ \t]*", re.IGNORECASE)
_UNDERLINED = re.compile(r" {0,3}(internal(?: notes)?|see also)[ \t]*", re.IGNORECASE)
_UNDERLINE = re.compile(r" {0,3}-+[ \t]*")
_LONGEST_DIVIDER = 120
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*")
_TAG = re.compile(r"<[^<>]*>")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_CLOSERS = ("```", "~~~", "-->", "</pre>", "</script>", "</style>", "</textarea>", "?>", "]]>", ">")
_MARKDOWN_LINES = 1_000
_MARKDOWN_CHARACTERS = 32 * 1024
"""How much of a body is read as Markdown: beyond, parsing takes seconds. The rest is read as lines."""


@dataclass(frozen=True)
class Span:
    """Lines [start, end) of the body; the part's own heading, if it has one, is the line(s) before `text`."""

    start: int
    text: int
    end: int


@dataclass(frozen=True)
class Body:
    """Where the parts of a body stand, and what it says without Markdown.

    Attributes:
        heading: lines of the heading that is the question, or None.
        question: the words of that heading; without one, of the first heading there is.
        parts: the spans of "answer", "internal" and "see_also", in the order of the file.
    """

    heading: Span | None
    question: str
    parts: tuple[tuple[str, Span], ...]
    plain: str
    links: tuple[Link, ...]
    problems: tuple[Problem, ...]

    def spans(self, part: str) -> list[Span]:
        """Return the lines of one part; more than one span where its heading is repeated."""
        return [span for name, span in self.parts if name == part]


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"maxNesting": 20}).enable("table")


@cache
def _blocks_only() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": 20}).enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def read(lines: Sequence[str], *, question_is_known: bool) -> Body:
    """Return the parts of the body `lines` (printable, without line ends).

    Args:
        question_is_known: the header names the question, so no heading is taken for it.
    """
    size = _size_of_markdown(lines)
    tokens = _markdown().parse("\n".join(lines[:size]))
    heading = None if question_is_known else _opening_heading(tokens)
    dividers, problems = _dividers(tokens, lines[:size])
    dividers += _dividers_in_lines(lines, size)
    first = heading.end if heading else 0
    parts = tuple(_divided(first, [d for d in dividers if d[1] >= first], len(lines)))
    skipped = {start for _, start, _ in dividers} | ({heading.start} if heading else set())
    plain = "\n".join([_plain(tokens, skipped), _without_tags("\n".join(lines[size:]))]).strip()
    return Body(heading, _first_heading(tokens), parts, plain, _links(tokens), problems)


def _size_of_markdown(lines: Sequence[str]) -> int:
    """Return how many lines are read as Markdown."""
    characters = 0
    for number, line in enumerate(lines[:_MARKDOWN_LINES]):
        characters += len(line) + 1
        if characters > _MARKDOWN_CHARACTERS:
            return number
    return min(len(lines), _MARKDOWN_LINES)


def _dividers_in_lines(lines: Sequence[str], start: int) -> list[tuple[str, int, int]]:
    """Return the dividers in the lines that are not read as Markdown, by their look alone."""
    found = []
    for number in range(start, len(lines)):
        if not lines[number] or len(lines[number]) > _LONGEST_DIVIDER:
            continue
        below = lines[number + 1] if number + 1 < len(lines) else ""
        if match := _DIVIDER.fullmatch(lines[number]):
            found.append((_PARTS[match[1].casefold()], number, number + 1))
        elif _UNDERLINE.fullmatch(below) and (match := _UNDERLINED.fullmatch(lines[number])):
            found.append((_PARTS[match[1].casefold()], number, number + 2))
    return found


def _opening_heading(tokens: Sequence[Token]) -> Span | None:
    first = tokens[0] if tokens else None
    if first is None or first.type != "heading_open" or first.tag != "h1" or not first.map:
        return None
    return Span(first.map[0], first.map[1], first.map[1])


def _first_heading(tokens: Sequence[Token]) -> str:
    """Return the words of the first heading, one of level 1 if there is any."""
    headings = [
        (token.tag, _inline_text(inline))
        for token, inline in pairwise(tokens)
        if token.type == "heading_open" and token.level == 0
    ]
    return next((text for tag, text in headings if tag == "h1"), headings[0][1] if headings else "")


def _dividers(tokens: Sequence[Token], lines: Sequence[str]) -> tuple[list[tuple[str, int, int]], tuple[Problem, ...]]:
    """Return (part, first line of its heading, first line of its text), and what hides a heading."""
    found = []
    for token, inline in pairwise(tokens):
        if token.type == "heading_open" and token.tag == "h2" and token.level == 0 and token.map:
            part = _PARTS.get(inline.content.strip().casefold())
            if part:
                found.append((part, token.map[0], token.map[1]))
    hidden = _hidden_divider(tokens, lines)
    if hidden is None:
        return found, ()
    reason = "a block that is never closed hides this heading; what follows is treated as internal"
    return [*found, ("internal", hidden, hidden + 1)], (Problem(hidden + 1, reason, Severity.NOTE),)


def _hidden_divider(tokens: Sequence[Token], lines: Sequence[str]) -> int | None:
    """Return the line of a `## Internal` inside a code or HTML block that runs to the end."""
    last = next((t for t in reversed(tokens) if t.level == 0 and t.nesting >= 0 and t.map), None)
    if last is None or last.type not in ("fence", "html_block") or not last.map or _is_closed(last, lines):
        return None
    inside = range(last.map[0] + 1, min(last.map[1], len(lines)))
    return next((n for n in inside if (m := _DIVIDER.fullmatch(lines[n])) and "internal" in m[1].lower()), None)


def _is_closed(token: Token, lines: Sequence[str]) -> bool:
    """Whether a code block ends with its fence. An HTML block that runs to the end never counts as closed."""
    assert token.map is not None
    start, end = token.map[0], min(token.map[1], len(lines))
    closing = _FENCE.fullmatch(lines[end - 1])
    return token.type == "fence" and end - start > 1 and closing is not None and closing[1].startswith(token.markup)


def _divided(first: int, dividers: Sequence[tuple[str, int, int]], end: int) -> Iterator[tuple[str, Span]]:
    """Cut the lines from `first` on at the dividers; nothing after `## Internal` becomes the answer."""
    starts = [("answer", first, first), *dividers]
    ends = [start for _, start, _ in dividers] + [end]
    for (part, start, text), last in zip(starts, ends, strict=True):
        yield part, Span(start, min(text, last), last)


def _plain(tokens: Sequence[Token], skipped: AbstractSet[int]) -> str:
    """Return the words of the body, one block a line, without the headings on the lines `skipped`."""
    pieces = []
    for token in tokens:
        if token.map and token.map[0] in skipped:
            continue
        if token.type == "inline":
            pieces.append(_inline_text(token))
        elif token.type in ("fence", "code_block"):
            pieces.append(token.content.strip())
        elif token.type == "html_block":
            pieces.append(_without_tags(token.content))
    return "\n".join(piece for piece in pieces if piece)


def _inline_text(token: Token) -> str:
    return printable("".join(_inline_pieces(token))).strip()


def _inline_pieces(token: Token) -> Iterator[str]:
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            yield child.content
        elif child.type in ("softbreak", "hardbreak", "html_inline"):
            yield " "
        elif child.type == "image":
            yield child.content


def _without_tags(source: str) -> str:
    return one_line(html.unescape(_TAG.sub(" ", _COMMENT.sub(" ", source))))


def _links(tokens: Sequence[Token]) -> tuple[Link, ...]:
    return tuple(link for token in tokens if token.type == "inline" for link in _links_of(token))


def _links_of(token: Token) -> Iterator[Link]:
    children = token.children or []
    for place, child in enumerate(children):
        if child.type != "link_open":
            continue
        close = next((n for n in range(place, len(children)) if children[n].type == "link_close"), len(children))
        words = "".join(inner.content for inner in children[place:close])
        yield Link(one_line(words), printable(str(child.attrGet("href") or "")), (token.map or [0])[0] + 1)


def words(text: str) -> str:
    """Return a short Markdown text without its Markdown, one block a line."""
    return _plain(_markdown().parse(text), frozenset())


def closed(text: str) -> str | None:
    """Return `text` so that a heading written after it is a heading, or None where that cannot be.

    What a rep types into one box may end inside a code block or a comment; written as it
    is, it would swallow the part that follows. The missing end is added.
    """
    for closer in ("", *_CLOSERS):
        candidate = f"{text}\n{closer}" if closer else text
        tokens = _blocks_only().parse(f"{candidate}\n\n## Internal\n")
        if len(tokens) >= 3 and tokens[-3].type == "heading_open" and tokens[-3].level == 0:
            return candidate
    return None
