"""How an entry looks in a list and at the head of its own screen. State is a sign and a word, then a colour."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from kbtui.entry.card import Card
from kbtui.entry.model import BEING_MENDED, TWO_VERSIONS, Entry, State
from kbtui.knowledge import Hit, Mark
from kbtui.team.uses import counted_words
from kbtui.tui.literal import Pieces, literal, marked

STATE_STYLES = {
    State.OPEN: "$warning",
    State.NOT_VALIDATED: "$foreground 80%",
    State.VALIDATED: "$success",
    State.ARCHIVED: "$foreground 70%",
}
_DIM = "$foreground 70%"


def hit_row(hit: Hit, age: str = "", twin: str = "") -> list[Pieces]:
    """Return the two lines of a hit; what its authority card says to the search, or what it replaces, comes first."""
    replaces = f"takes the place of “{hit.replaces}”" if hit.replaces else ""
    demand = counted_words(hit.used, hit.used_this_week, hit.waiting, hit.flags)
    demand = " · ".join(filter(None, (TWO_VERSIONS if hit.is_contested else "", demand)))
    return row(hit.card, hit.marks, hit.decided or replaces, demand, age, twin)


def row(
    card: Card, marks: Sequence[Mark] = (), news: str = "", demand: str = "", age: str = "", twin: str = ""
) -> list[Pieces]:
    """Return two lines: the question with what matched marked, then what kind of entry it is and how it is wanted.

    Args:
        twin: an open question that asks nearly the same.
    """
    style = STATE_STYLES[card.state]
    asked_twice = f"asked twice: “{twin}”" if twin else ""
    told = "".join(f" · {each}" for each in (news, demand, asked_twice) if each)
    first = [(f"{card.state.sign} ", style), *marked(card.question, marks, "bold")]
    return [first, [("  ", ""), (card.state.words, style), (told, "bold"), (_about(card, age), _DIM)]]


def _about(card: Card, age: str) -> str:
    parts = ["", age] if age else [""]
    if card.pinned:
        parts.append("pinned")
    if card.has_authority:
        parts.append("who may decide")
    if card.variant_of:
        parts.append("another version kept")
    if card.being_mended:
        parts.append("being mended")
    elif card.trouble:
        parts.append("shown as plain text")
    parts += [", ".join(card.tags)] if card.tags else []
    parts += [card.owner] if card.owner else []
    return " · ".join(parts)


def heading(entry: Entry) -> Content:
    """Return the head of an opened entry."""
    style = STATE_STYLES[entry.state]
    marks = [*entry.tags, *([f"owner {entry.owner}"] if entry.owner else [])]
    if entry.check_by:
        marks.append(f"check by {entry.check_by}")
    status = Content.assemble((f"{entry.state.sign} {entry.state.words}", style), literal(_dotted(marks), _DIM))
    lines = [literal(entry.question, "bold"), status, *(literal(text, "$warning") for text in _warnings(entry))]
    return Content("\n").join(lines)


def _dotted(parts: Sequence[str]) -> str:
    return "".join(f" · {part}" for part in parts)


def _warnings(entry: Entry) -> list[str]:
    found = []
    if entry.state is State.ARCHIVED:
        replacement = f" Replaced by {entry.replaced_by}." if entry.replaced_by else ""
        found.append(f"Archived: this is no longer how we do it.{replacement}")
    if entry.variant_of:
        found.append(f"{TWO_VERSIONS}: this is the other one.")
    if entry.declared is State.VALIDATED and entry.state is State.NOT_VALIDATED:
        found.append("These words have changed since somebody confirmed them.")
    if entry.being_mended:
        found.append(f"{BEING_MENDED}. {'Here is its last good version.' if entry.readable else ''}".rstrip())
    found += [f"Line {problem.line}: {problem.reason}" for problem in entry.problems]
    return found
