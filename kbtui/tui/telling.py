"""What the boxes say: how one's own words helped, and which keys there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from kbtui.entry.text import counted
from kbtui.team.uses import times
from kbtui.tui.literal import literal

if TYPE_CHECKING:
    from kbtui.verbs.shift_verbs import Own

_DIM = "$foreground 70%"
_MOST = 50


def own_words(own: Own) -> Content:
    """Return how somebody's words helped others, who thanked them, and which entries hold them (F38, F39)."""
    parts: list[Content] = []
    if own.helped:
        calls = counted(own.helped, "call")
        parts.append(literal(f"Your answers helped {calls} of your colleagues this week.", "bold $success"))
    if own.thanks:
        parts.append(literal("\nThank you", "bold"))
        parts += [literal(f"  {each.person.name}: {each.words or each.question}") for each in own.thanks[:_MOST]]
    if own.entries:
        parts.append(literal("\nWith your words", "bold"))
    for entry in own.entries[:_MOST]:
        used = f" · helped {times(entry.used)}" if entry.used else ""
        about = literal(f"\n    you {' and '.join(entry.yours)} it{used}", _DIM)
        parts.append(Content.assemble(literal(f"  {entry.question}"), about))
    if len(own.entries) > _MOST:
        parts.append(literal(f"  {_MOST} of {len(own.entries)}; all of them: kbtui credit --me", _DIM))
    if not own.entries:
        parts.append(literal("\nNo entry holds your words yet. Ask a question, answer one, or fix what is wrong."))
    return Content("\n").join(parts)


_PLAIN = {"Focus Next": "Next part of the screen", "Focus Previous": "Part before"}
"""Words of Textual's own that say nothing to a rep."""


def keys(bound: Sequence[tuple[str, str]]) -> Content:
    """Return what keys do, a line each: (key, what it does), each deed once."""
    once = {_PLAIN.get(words, words): key for key, words in reversed(bound)}
    lines = [Content.assemble(literal(f"{key:>9}  ", "bold"), literal(words)) for words, key in reversed(once.items())]
    return Content("\n").join(lines)
