"""What `kbtui ask` makes of a question that somebody has asked before."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui.errors import ExitCode
from tests.helpers import ANA, commits, run_kbtui, status

ANAS = {"KBTUI_PERSON": str(ANA)}


@pytest.mark.parametrize(
    ("typed", "question", "more"),
    [
        (
            ("can I pay with a", "VOUCHER from another shop"),
            "Can I pay with a voucher from another shop?",
            "One caller more waits: kbtui join-question openqu22",
        ),
        (("How long does a refund  take?!",), "How long does a refund take?", "Its answer: kbtui show refund22"),
    ],
)
def test_the_very_same_question_is_not_saved_a_second_time(
    base: Path, typed: tuple[str, ...], question: str, more: str
) -> None:
    before = commits(base)
    asked = run_kbtui("ask", *typed, cwd=base, env=ANAS)
    assert (asked.status, asked.out) == (ExitCode.REFUSED, "")
    assert f"This has been asked already, in these words: {question}" in asked.err
    assert more in asked.err
    assert commits(base) == before
    assert status(base) == ""


@pytest.mark.parametrize("question", ["How do I fax my order?", "Can I pay with two vouchers from another shop?"])
def test_what_is_archived_and_what_is_only_close_may_be_asked(base: Path, question: str) -> None:
    asked = run_kbtui("ask", question, cwd=base, env=ANAS)
    assert asked.status == 0, asked.err
    assert asked.out.startswith(f"Saved: {question}")
