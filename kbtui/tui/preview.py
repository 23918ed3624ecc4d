"""An entry, rendered to be read: shortly, beside the hits, and whole, on a screen of its own."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from kbtui.entry.model import Entry
from kbtui.tui.literal import markdown


def preview(entry: Entry, today: str) -> RenderableType:
    """Return the say-this answer as it looks, on an ISO date, while one moves through the hits."""
    parts: list[RenderableType] = [Text(entry.question, style="bold"), Text("")]
    if entry.authority:
        limits = entry.authority.words(today)[: max(len(entry.authority.limits), 1)]
        parts += [Text("\n".join(limits)), Text("")]
    if entry.answer.strip():
        parts.append(markdown(entry.answer, is_preview=True))
    else:
        parts.append(Text("Nobody has answered this yet.", style="italic"))
    if entry.internal:
        parts += [Text(""), Text("Internal notes: open to read.", style="dim")]
    return Group(*parts)
