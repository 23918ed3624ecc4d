"""What is copied: the say-this answer without Markdown (F21, F22)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.entry.say_this import say_this


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("Yes. I am **sorry** that it came _broken_.", "Yes. I am sorry that it came broken."),
        ("One.\n\nTwo.", "One.\n\nTwo."),
        ("One\ntwo.", "One two."),
        ("One  \ntwo.", "One\ntwo."),
        ("Do this:\n\n1. first\n2. second\n\nDone.", "Do this:\n\n1. first\n2. second\n\nDone."),
        ("- a\n- b\n  - c\n- d", "- a\n- b\n  - c\n- d"),
        ("3. three\n4. four", "3. three\n4. four"),
        ("See [our page](https://shop.example/help).", "See our page (https://shop.example/help)."),
        ("<https://shop.example>", "https://shop.example"),
        ("Write to [us](mailto:help@shop.example).", "Write to us (help@shop.example)."),
        ("See [refunds](../refunds/how-refund22.md).", "See refunds."),
        ("# A heading\n\nWords.", "A heading\n\nWords."),
        ("Type `KB-1` <customer name>.", "Type KB-1 <customer name>."),
        ("```\nkeep  this\n  as is\n```", "keep  this\n  as is"),
        ("- [x] done", "- [x] done"),
        ("", ""),
    ],
)
def test_markdown_becomes_what_is_said(answer: str, said: str) -> None:
    assert say_this(answer) == said


def test_a_table_is_read_line_by_line() -> None:
    assert say_this("| a | b |\n|---|---|\n| 1 | 2 |").split("\n") == ["a", "b", "1", "2"]


@given(st.text(max_size=300))
def test_no_text_is_too_odd_to_be_copied(text: str) -> None:
    assert isinstance(say_this(text), str)
