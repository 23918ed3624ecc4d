"""What `kbtui edit` changes, and what it does not change by a slip of the line it was typed in."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui.errors import ExitCode
from tests.helpers import ANA, REFUND, Ran, commits, in_head, run_kbtui, status

ANAS = {"KBTUI_PERSON": str(ANA)}


def edit(base: Path, *arguments: str) -> Ran:
    """Edit the entry about refunds."""
    return run_kbtui("edit", "refund22", *arguments, cwd=base, env=ANAS)


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--answer", "", "The new answer is empty."),
        ("--answer", " \n", "The new answer is empty."),
        ("--question", "", "The new question is empty."),
    ],
)
def test_an_empty_answer_or_question_is_refused(base: Path, option: str, value: str, words: str) -> None:
    """A shell whose variable is not set says `--answer ""`."""
    before, saves = (base / REFUND).read_bytes(), commits(base)
    done = edit(base, option, value, "--owner", "Ben")
    assert (done.status, done.out) == (ExitCode.REFUSED, "")
    assert words in done.err
    assert (base / REFUND).read_bytes() == before == in_head(base, REFUND)
    assert commits(base) == saves
    assert status(base) == ""
