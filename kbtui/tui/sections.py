"""The first screen's rows under their headings, and what the hits can be narrowed by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from textual.content import Content

from kbtui.entry.model import State
from kbtui.entry.template import Template
from kbtui.tui.boxes import draft_row
from kbtui.tui.literal import Pieces, literal
from kbtui.tui.row_list import Row
from kbtui.tui.rows import STATE_STYLES, row
from kbtui.tui.useful import Section

_MOST_TAGS, _MOST_OWNERS = 25, 15


def options(
    sections: Sequence[Section], ages: Mapping[str, str], template: Template, twins: Mapping[str, str]
) -> list[Row]:
    """Return the rows of all sections under their headings.

    Args:
        ages: how long ago each entry was last changed, by path; empty as long as nobody knows.
        template: with which new entries begin.
        twins: an open question that asks nearly the same, by path.
    """
    shown: list[Row] = []
    for section in sections:
        shown.append(Row("", partial(_heading, section.title)))
        shown += [Row(draft.draft_id, partial(draft_row, draft, template)) for draft in section.drafts]
        shown += [
            Row(card.path, partial(row, card, (), "", demand.words, ages.get(card.path, ""), twins.get(card.path, "")))
            for card, demand in section.rows
        ]
    return shown


def _heading(title: str) -> list[Pieces]:
    return [[(title, "bold $accent")]]


def narrowings(tags: Sequence[str], owners: Sequence[str], me: str) -> dict[str, Content]:
    """Return what a search can be narrowed by: how it looks, by the words that do it in the query line.

    Args:
        tags: the most used first.
        owners: who owns most first.
        me: the person's own name, or empty.
    """
    choices = {"owner:me": literal("mine", "bold")} if me else {}
    choices["due:now"] = literal("due for a check", "bold")
    for state in State:
        choices[f"state:{state}"] = Content.assemble((f"{state.sign} ", STATE_STYLES[state]), literal(state.words))
    choices |= {f"tag:{_quoted(tag)}": literal(f"tag {tag}") for tag in tags[:_MOST_TAGS]}
    others = {f"owner:{_quoted(owner)}": literal(f"owner {owner}") for owner in owners[:_MOST_OWNERS]}
    return choices | {words: shown for words, shown in others.items() if words not in choices}


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
