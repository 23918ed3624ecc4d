"""`kbtui unread`, `acknowledge`, `who-knows`, `send`, `drill`, and the names under an entry, as a person types them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kbtui.errors import ExitCode
from tests.helpers import ANA, BEN, OPEN_QUESTION, PASSWORD, Ran, environment, git, run_kbtui, write_files

LIMITS = (
    "---\nid: limits22\nauthority:\n  action: refund\n  limits: {rep: 50, lead: 250}\n---\n# May I refund?\n\nYes.\n"
)


def _kbtui(base: Path, *arguments: str, by: object = ANA) -> Ran:
    return run_kbtui(*arguments, cwd=base, env={"KBTUI_PERSON": str(by)})


def test_names_stand_under_an_entry_in_line_mode_and_json(base: Path) -> None:
    """F37."""
    _kbtui(base, "answer", OPEN_QUESTION, "No, only with ours.", by=BEN)
    assert _kbtui(base, "show", "openqu22").out.endswith("\n\nAnswered by: Ben Okoro\n")
    assert _kbtui(base, "show", "openqu22", "--json").json["credit"]["answered"] == [
        {"name": BEN.name, "email": BEN.email}
    ]


def test_an_answer_is_shown_where_the_history_cannot_be_read(base: Path) -> None:
    assert _kbtui(base, "show", "passwd22").status == 0
    head = git(base, "rev-parse", "HEAD")
    (base / ".git" / "objects" / head[:2] / head[2:]).unlink()
    ran = _kbtui(base, "show", PASSWORD)
    assert "Choose" in ran.out


def test_what_everybody_must_read_and_who_has_not(base: Path) -> None:
    """F48."""
    assert _kbtui(base, "unread").out == "There is nothing that everybody must read (tag must-read).\n"
    _kbtui(base, "edit", "passwd22", "--tag", "must-read", by=BEN)
    question = "How do I reset my password? · passwd22\n"
    assert _kbtui(base, "unread").out == f"{question}    Not read yet: Ben Okoro\n"
    said = _kbtui(base, "acknowledge", "passwd22", by=BEN).out
    assert said.startswith("How do I reset my password?\n")
    assert 'Choose "Forgot it?" on the sign-in page.\n' in said, "what is noted as read is printed"
    assert said.endswith("\nNoted: you have read it\n")
    refused = _kbtui(base, "acknowledge", "refund22", by=BEN)
    assert (refused.out, "Nobody has to read" in refused.err) == ("", True)
    assert _kbtui(base, "unread").out == f"{question}    Everybody has read it.\n"
    assert _kbtui(base, "show", "passwd22", "--json").json["unread"] == []
    assert "unread" not in _kbtui(base, "show", "refund22", "--json").json
    assert _kbtui(base, "unread", "nope").status == ExitCode.NOT_FOUND


def test_who_knows_and_send(base: Path) -> None:
    """F50."""
    _kbtui(base, "new", "Can I pay with a voucher from this shop?", "--answer", "Yes.", by=BEN)
    assert _kbtui(base, "who-knows", "openqu22").out.splitlines() == [
        "Can I pay with a voucher from another shop?",
        "  Ben Okoro: answered “Can I pay with a voucher from this shop?”",
        "Send it: kbtui send openqu22 'Ben Okoro'",
    ]
    assert _kbtui(base, "send", "openqu22", "Ben", "do", "you", "-", "perhaps?").out == "Sent to Ben Okoro\n"
    said = (
        "Ana Kovacs thinks you may know: Can I pay with a voucher from another shop? (“do you - perhaps?”) · openqu22"
    )
    assert said in _kbtui(base, "news", by=BEN).out.splitlines()
    refused = _kbtui(base, "send", "openqu22", "Ben", "his card is 4111 1111 1111 1111")
    assert (refused.status, "card" in refused.err) == (ExitCode.REFUSED, True)


def test_me_says_how_ones_words_helped(base: Path) -> None:
    """F38."""
    _kbtui(base, "edit", "passwd22", "--answer", "Press it and wait for our mail.")
    assert _kbtui(base, "me").out == f"{ANA}\n"
    _kbtui(base, "used", "passwd22", by=BEN)
    assert _kbtui(base, "me").out.splitlines()[1:] == ["Your answers helped 1 call this week. More: kbtui credit --me"]


def test_the_drill_for_programs_and_pipes(base: Path) -> None:
    """F49, F57."""
    assert _kbtui(base, "drill").out == "Nothing is due. Come back another day.\n"
    write_files(base, {"may.md": LIMITS})
    (card,) = _kbtui(base, "drill", "--json").json["due"]
    assert (card["id"], card["why"], card["due"]) == ("limits22", "authority", None)
    assert card["question"].startswith("Refund, ")
    listed = _kbtui(base, "drill").out.splitlines()
    assert listed[0] == f"{card['question']} · limits22"
    graded = _kbtui(base, "drill", "--grade", "limits22", "easy", "--json").json
    assert (graded["id"], graded["grade"]) == ("limits22", "easy")
    assert _kbtui(base, "drill", "--json").json["due"] == []


@pytest.mark.parametrize("words", [("--grade", "limits22"), ("--grade", "limits22", "perfect"), ("good",)])
def test_a_grade_needs_an_entry_and_one_of_four_words(base: Path, words: tuple[str, ...]) -> None:
    write_files(base, {"may.md": LIMITS})
    ran = _kbtui(base, "drill", *words)
    assert (ran.status, ran.out) == (ExitCode.USAGE, "")
    assert "again, hard, good, easy" in ran.err
    assert len(_kbtui(base, "drill", "--json").json["due"]) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal there")
def test_a_round_on_a_terminal(base: Path) -> None:
    """F49: a question, enter, the answer, one digit."""
    import pexpect

    write_files(base, {"may.md": LIMITS})
    env = environment({"KBTUI_PERSON": str(ANA), "TERM": "dumb"})
    it = pexpect.spawn(
        sys.executable, ["-m", "kbtui", "--kb", str(base), "drill"], env=env, encoding="utf-8", timeout=60
    )
    it.expect_exact("may you?")
    it.expect_exact("enter shows the answer")
    it.sendline("")
    it.expect("You may|Ask|Never")
    it.expect_exact("q ends")
    it.sendline("7")
    it.expect_exact("One of 1, 2, 3, 4.")
    it.sendline("4")
    it.expect_exact("You went through 1 question; nothing more is due.")
    it.expect(pexpect.EOF)
    it.close()
    assert it.exitstatus == 0
    assert _kbtui(base, "drill", "--json").json["due"] == []
