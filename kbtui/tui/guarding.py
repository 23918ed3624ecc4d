"""The guard in the form: what it says of the words on the screen, and masking them where they stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from textual.widgets import Input, TextArea

from kbtui import actions
from kbtui.entry import guard, guarded
from kbtui.entry.alarm import Verdict
from kbtui.entry.guard_rules import GuardRules
from kbtui.entry.guarded import Sighting
from kbtui.entry.text import printable
from kbtui.store.drafts import Draft


def personal_data(draft: Draft, rules: GuardRules) -> list[Sighting]:
    """Return what does not belong into an entry: card numbers, or else what was not in it before."""
    fields = {
        "the question": draft.question,
        "the answer": draft.answer,
        "the internal notes": draft.internal,
        "the tags": draft.tags,
        "“also asked as”": draft.asked_as,
        "the authority card": draft.authority,
        "the ticket": draft.ticket,
    }
    return guarded.in_form(fields, draft.path, draft.opened.encode("utf-8", "surrogateescape"), rules)


def has_cards(found: Sequence[Sighting]) -> bool:
    """Whether there is something that cannot be saved at all."""
    return any(each.alarm.verdict is Verdict.REFUSED for each in found)


def warning(found: Sequence[Sighting]) -> str:
    """Say, while it is being typed, what was found; nothing for nothing."""
    if not found:
        return ""
    words = guarded.sentence(found)
    return f"{words[0].upper()}{words[1:]}. {actions.MASK.key} masks it."


def question(found: Sequence[Sighting], again: str) -> str:
    """Say why a save has not happened, and what to do.

    Args:
        again: what saves the words as they are.
    """
    if has_cards(found):
        return f"Not saved: {guarded.sentence(found)}. {actions.MASK.key} masks it; card numbers are never kept."
    keys = f"{actions.MASK.key} masks it; {again} all the same, and the history says so."
    return f"Not saved: {guarded.sentence(found)}. {keys}"


def mask(field: Input | TextArea, rules: GuardRules, said: Collection[str]) -> None:
    """Mask in a field what was found; in a text, as edits that can be undone, with the cursor staying where it is.

    Args:
        said: the characters that were found, as they stand in the fields.
    """
    text = field.value if isinstance(field, Input) else field.text
    found = [each for each in guard.alarms(text, rules) if printable(text[each.start : each.end]) in said]
    if isinstance(field, TextArea):
        for each in reversed(found):
            field.replace(each.masked, _location(text, each.start), _location(text, each.end))
    elif found:
        field.value = guard.masked(text, found)


def _location(text: str, place: int) -> tuple[int, int]:
    """Return the row and the column of a place in a text."""
    return text.count("\n", 0, place), place - text.rfind("\n", 0, place) - 1
