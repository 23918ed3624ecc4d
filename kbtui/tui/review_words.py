"""How the review queue looks: one row a place, and beside it why it is there and what has changed."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text
from textual.content import Content

from kbtui import actions
from kbtui.entry.decision import Asker
from kbtui.entry.model import Entry
from kbtui.team.difference import Change, Difference, Kept
from kbtui.team.review import Kind, Place
from kbtui.tui.literal import literal
from kbtui.tui.preview import preview
from kbtui.tui.rows import STATE_STYLES

_DIM = "$foreground 70%"
_SIGNS = {Kept.SAME: ("", ""), Kept.REMOVED: ("[-", "-]"), Kept.ADDED: ("{+", "+}")}
_STYLES = {Kept.SAME: "", Kept.REMOVED: "$error", Kept.ADDED: "bold $success"}
_WAYS_OUT = {Kind.TWIN: f" · {actions.MERGE.key} merges them"}
_CLIPPED = 60
"""Characters of unchanged words that are shown on either side of what has changed."""


def place_row(place: Place) -> Content:
    """Return the two lines of a place: the question, then its state and the heaviest reason."""
    card = place.card
    first = Content.assemble((f"{card.state.sign} ", STATE_STYLES[card.state]), literal(card.question, "bold"))
    more = f" (and {len(place.reasons) - 1} more)" if len(place.reasons) > 1 else ""
    second = Content.assemble(
        "  ", (card.state.words, STATE_STYLES[card.state]), literal(f" · {place.reasons[0].words}{more}", _DIM)
    )
    return Content("\n").join([first, second])


def why(place: Place) -> Content:
    """Return why an entry has its place, a line each, and how much it is wanted."""
    lines = [literal(f"• {reason.words}{_WAYS_OUT.get(reason.kind, '')}") for reason in place.reasons]
    if place.demand.words and not any(place.demand.words in reason.words for reason in place.reasons):
        lines.append(literal(place.demand.words, _DIM))
    return Content("\n").join(lines)


def difference_text(difference: Difference, *, is_whole: bool = False) -> Content:
    """Return what has changed, in words, then word by word: with signs as well as colours.

    Args:
        is_whole: show all of each part, and not only what stands around the changes.
    """
    parts = [literal(difference.words, "bold")]
    for change in difference.changes:
        parts.append(literal(f"\n{change.part[:1].upper()}{change.part[1:]}", _DIM))
        parts.append(Content("").join(_pieces(change, is_whole=is_whole)))
    return Content("\n").join(parts)


def _pieces(change: Change, *, is_whole: bool) -> Iterator[Content]:
    last = len(change.pieces) - 1
    for place, piece in enumerate(change.pieces):
        before, after = _SIGNS[piece.kept]
        text = piece.text
        if piece.kept is Kept.SAME and not is_whole:
            text = _around(text, is_first=place == 0, is_last=place == last)
        yield literal(f"{before}{text}{after}", _STYLES[piece.kept])


def _around(text: str, *, is_first: bool, is_last: bool) -> str:
    """Return the beginning and the end of unchanged words, as far as they are near to what has changed."""
    if len(text) <= 2 * _CLIPPED:
        return text
    head = "" if is_first else text[:_CLIPPED]
    tail = "" if is_last else text[-_CLIPPED:]
    return f"{head} … {tail}"


def answer_text(entry: Entry, asker: Asker) -> RenderableType:
    """Return the entry as it is now."""
    return Group(Text(""), preview(entry, asker))
