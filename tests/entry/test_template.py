"""A team's template, and telling it from what somebody has typed (F14)."""

from __future__ import annotations

import pytest

from kbtui.entry.model import NewEntry
from kbtui.entry.template import NO_TEMPLATE, Template

TEMPLATE = Template(answer="**Say:**\n\n**Then:**", internal="Written in:")


@pytest.mark.parametrize(
    "text", ["**Say:**\n\n**Then:**", "**Say:**  \n**Then:**\n\n", "\n **Say:**\r\n\r\n**Then:**", ""]
)
def test_nothing_but_the_template_says_nothing(text: str) -> None:
    assert TEMPLATE.typed(NewEntry("cash?", answer=text, internal="Written in: ")) == NewEntry("cash?")


@pytest.mark.parametrize("text", ["**Say:** yes\n\n**Then:**", "**Say:**", "**Then:**\n\n**Say:**", "Written in:"])
def test_everything_else_stays_as_it_was_typed(text: str) -> None:
    assert TEMPLATE.typed(NewEntry("cash?", answer=text)).answer == text


def test_without_a_template_everything_is_typed() -> None:
    words = NewEntry("cash?", answer=" x ", internal="y\n")
    assert NO_TEMPLATE.typed(words) == words
