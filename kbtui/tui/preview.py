"""An entry, rendered to be read: shortly, beside the hits, and whole, on a screen of its own."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from kbtui.actions import JOIN_MARKED
from kbtui.entry.card import card_of
from kbtui.entry.decision import Asker
from kbtui.entry.model import Entry
from kbtui.entry.template import Template
from kbtui.entry.text import printable
from kbtui.entry.which_card import worked_out
from kbtui.store.drafts import Draft
from kbtui.tui.authority_table import short_table
from kbtui.tui.literal import markdown

_BEGINNING = 2_000
"""Letters of a draft that are shown: more than any preview has room for."""


def preview(entry: Entry, asker: Asker, typed: str = "") -> RenderableType:
    """Return the say-this answer as it looks while one moves through the hits.

    Args:
        asker: whose authority is shown.
        typed: the search; one like "refund 80" is answered from the card.
    """
    parts: list[RenderableType] = [Text(entry.question, style="bold")]
    if entry.authority:
        asked = worked_out(typed, [card_of(entry)], asker)
        parts.append(short_table(entry.authority, asker, asked[1] if asked else None))
    parts.append(Text(""))
    if entry.answer.strip():
        parts.append(markdown(entry.answer, is_preview=True))
    else:
        parts.append(Text(f"Nobody has answered this yet. {JOIN_MARKED.key}: my caller asks it too.", style="italic"))
    if entry.authority and entry.authority.conditions:
        parts += [Text(""), Text(f"Only if: {'; '.join(entry.authority.conditions)}.")]
    if entry.internal:
        parts += [Text(""), Text("Internal notes: open to read.", style="dim")]
    return Group(*parts)


def draft_preview(draft: Draft, template: Template) -> RenderableType:
    """Return what has been written in a draft, as it was typed; no more of it than can be seen."""
    typed = draft.without(template)
    parts: list[RenderableType] = [Text(typed.question.strip() or "No question yet.", style="bold"), Text("")]
    parts.append(
        Text(
            printable(typed.answer.strip()[:_BEGINNING]) or "No answer yet.",
            style="" if typed.answer.strip() else "italic",
        )
    )
    if internal := typed.internal.strip():
        parts += [Text(""), Text("Internal, not for the caller", style="dim"), Text(printable(internal[:_BEGINNING]))]
    return Group(*parts)
