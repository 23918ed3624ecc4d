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


def tags_of(base: Path) -> list[str]:
    """Return the tags of the entry about refunds."""
    tags: list[str] = run_kbtui("show", "refund22", "--json", cwd=base).json["entry"]["tags"]
    return tags


def test_a_tag_is_added_to_those_that_are_there(base: Path) -> None:
    assert edit(base, "--tag", "card", "--tag", "Refunds").status == 0
    assert tags_of(base) == ["refunds", "returns", "card"]
    assert edit(base, "--tag", "card").out.startswith("Nothing changed")


def test_a_tag_is_taken_away_and_another_put_in_its_place(base: Path) -> None:
    assert edit(base, "--untag", "RETURNS", "--tag", "card").status == 0
    assert tags_of(base) == ["refunds", "card"]
    assert edit(base, "--untag", "refunds", "--untag", "card").status == 0
    assert tags_of(base) == []


def test_a_tag_that_is_not_there_is_not_taken_away(base: Path) -> None:
    before = (base / REFUND).read_bytes()
    done = edit(base, "--untag", "billing", "--owner", "Ben")
    assert done.status == ExitCode.REFUSED
    assert "This entry has no tag 'billing'." in done.err
    assert "Its tags are: refunds, returns." in done.err
    assert (base / REFUND).read_bytes() == before


def test_without_a_terminal_and_without_words_there_is_nothing_to_change(base: Path) -> None:
    done = run_kbtui("edit", "refund22", cwd=base, env=ANAS | {"EDITOR": "true"})
    assert done.status == ExitCode.REFUSED
    assert "there is no terminal to open an editor in" in done.err
    assert "kbtui edit refund22 --answer TEXT" in done.err


def test_an_empty_file_is_still_called_one(base: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.md").write_text("")
    done = edit(base, "--file", str(tmp_path / "empty.md"))
    assert done.status == ExitCode.REFUSED
    assert "The file is empty." in done.err
