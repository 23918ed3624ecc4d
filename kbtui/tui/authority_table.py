"""An authority card on the screen: what its reader may do first, then the card as a small table (F26).

Two columns of text without lines or colours, which read well on 40 columns and aloud.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kbtui.entry.authority import standing
from kbtui.entry.authority_card import pairs
from kbtui.entry.decision import Asker, Decision
from kbtui.entry.model import Authority

_NAMES = 16
"""Columns for the names; longer ones are broken."""

_FOR_THE_WHOLE = ("if", "valid until")
"""What a short table leaves for the whole one."""


def authority_table(card: Authority, asker: Asker, decision: Decision | None = None) -> RenderableType:
    """Return the whole card for its reader.

    Args:
        decision: the answer to what was searched, if that was a question about this card.
    """
    return Group(_decided(card, asker, decision), _table((("action", card.action), *pairs(card, asker))))


def short_table(card: Authority, asker: Asker, decision: Decision | None = None) -> RenderableType:
    """Return the decision, which says the reader's own limit, with whom to ask above it, and the boundary."""
    own = f"you ({asker.role})"
    kept = [(name, value) for name, value in pairs(card, asker) if name != own and name not in _FOR_THE_WHOLE]
    return Group(_decided(card, asker, decision), _table(kept))


def _table(rows: Iterable[tuple[str, str]]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(max_width=_NAMES, overflow="fold")
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(Text(name, style="dim"), Text(value))
    return table


def _decided(card: Authority, asker: Asker, decision: Decision | None = None) -> Text:
    said = decision or standing(card, asker)
    because = f"\n{said.because}" if said.because else ""
    return Text.assemble((said.headline, "bold"), because)
