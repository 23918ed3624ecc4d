"""Each kind of trouble has an exit code and a sentence on standard error; nothing that failed ends with 0."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui.errors import ExitCode
from tests.helpers import ANA, journal_of, run_kbtui, status, write_files

TROUBLES: dict[str, tuple[tuple[str, ...], ExitCode, str]] = {
    "no such entry": (("show", "nothing2"), ExitCode.NOT_FOUND, "No entry is called"),
    "no such file": (("show", "no/such.md"), ExitCode.NOT_FOUND, "No entry is called"),
    "history of nothing": (("history", "nothing2"), ExitCode.NOT_FOUND, "No entry is called"),
    "credit of nothing": (("credit", "nothing2"), ExitCode.NOT_FOUND, "No entry is called"),
    "confirm nothing": (("confirm", "nothing2"), ExitCode.NOT_FOUND, "No entry is called"),
    "several": (("show", "same"), ExitCode.NOT_FOUND, "2 entries are called"),
    "bad state": (("list", "--state", "done"), ExitCode.USAGE, "no state"),
    "bad date": (("edit", "refund22", "--check-by", "soon"), ExitCode.USAGE, "no date"),
    "empty answer": (("answer", "openqu22"), ExitCode.REFUSED, "empty"),
    "answered already": (("answer", "refund22", "Yes."), ExitCode.REFUSED, "answer already"),
    "answer twice": (("answer", "openqu22", "Yes.", "--file", "x"), ExitCode.USAGE, "twice"),
    "confirm an open question": (("confirm", "openqu22"), ExitCode.REFUSED, "no answer to confirm"),
    "empty question": (("ask", " "), ExitCode.REFUSED, "needs a question"),
    "no such command": (("fly",), ExitCode.USAGE, "fly"),
    "no such option": (("show", "--fly"), ExitCode.USAGE, "fly"),
    "no words": (("search",), ExitCode.USAGE, "WORDS"),
    "nothing to look for": (("search", ""), ExitCode.USAGE, "nothing to look for"),
    "nothing to look for, for a program": (("search", " ", "--json"), ExitCode.USAGE, "nothing to look for"),
    "limit of none": (("search", "x", "--limit", "0"), ExitCode.USAGE, "limit"),
    "day that is over": (("edit", "refund22", "--check-by", "2020-01-31"), ExitCode.REFUSED, "2020-01-31 is over"),
    "check by no day": (("check-by", "refund22"), ExitCode.USAGE, "--never"),
    "check by a bad day": (("check-by", "refund22", "soon"), ExitCode.USAGE, "no date"),
    "check by a day that is over": (("check-by", "refund22", "2020-01-31"), ExitCode.REFUSED, "today says"),
    "give to whom": (("owner", "refund22"), ExitCode.USAGE, "--nobody"),
    "flag without a word": (("flag", "refund22"), ExitCode.USAGE, "Give a reason"),
    "flag with nothing in it": (("flag", "refund22", " "), ExitCode.REFUSED, "needs a reason"),
    "resolve without a choice": (("resolve", "refund22"), ExitCode.USAGE, "--keep"),
    "nothing to purge": (("purge",), ExitCode.USAGE, "--file PATH"),
    "bad day of a report": (("misses", "--since", "someday"), ExitCode.USAGE, "no day"),
    "a period that ends first": (("misses", "--since", "2026-02-01", "--until", "2026-01-01"), ExitCode.USAGE, "round"),
    "bad criterion": (("coach", "refund22", "--about", "handsome", "x"), ExitCode.USAGE, "checklist"),
    "bad host": (("check", "--annotate", "myhost"), ExitCode.USAGE, "no host"),
    "nothing to do with hooks": (("hooks", "dance"), ExitCode.USAGE, "install"),
    "deletions for ever": (("sync", "--watch", "--accept-deletions"), ExitCode.USAGE, "by one sync"),
    "deletions and nothing shared": (("sync", "--status", "--accept-deletions"), ExitCode.USAGE, "by one sync"),
    "no such hook": (("hook", "pre-push"), ExitCode.USAGE, "pre-push"),
    "outside the base": (("show", "../secret.md"), ExitCode.REFUSED, "no path of an entry"),
    "no text at all": (("show", "\udcff"), ExitCode.NOT_FOUND, "No entry is called"),
    "init a file": (("init", "kb.toml"), ExitCode.REFUSED, "is a file"),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_the_exit_code_and_the_sentence(base: Path, name: str) -> None:
    arguments, code, words = TROUBLES[name]
    write_files(base, {"x.md": "---\nid: same2222\n---\n# X\n", "y.md": "---\nid: same3333\n---\n# Y\n"})
    before = status(base)
    ran = run_kbtui(*arguments, cwd=base, env={"KBTUI_PERSON": str(ANA)})
    assert ran.status == code, ran.err
    assert words in ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert (status(base), journal_of(base).pending()) == (before, [])


def test_nobody_there_to_be_asked_for_a_name(base: Path) -> None:
    """FAULTS 58: https://github.com/akonwi/git-plus/issues/198."""
    ran = run_kbtui("ask", "Do you sell parts?", cwd=base)
    assert ran.status == ExitCode.NO_PERSON
    assert "kbtui me" in ran.err
    assert status(base) == ""


def test_a_name_is_said_once(base: Path) -> None:
    assert "Nobody yet" in run_kbtui("me", cwd=base).out
    assert run_kbtui("me", "Ana", "Kovacs").out.strip() == "Ana Kovacs <ana-kovacs@kbtui.invalid>"
    assert "Ana Kovacs" in run_kbtui("me").out
    assert run_kbtui("ask", "Do you sell parts?", cwd=base).status == 0
    assert run_kbtui("me", "<x@y>").status == ExitCode.REFUSED


def test_settings_of_the_team_that_cannot_be_read(base: Path) -> None:
    (base / "kb.toml").write_text("name = \n")
    ran = run_kbtui("search", "x", cwd=base)
    assert ran.status == ExitCode.NO_BASE
    assert "kb.toml" in ran.err


def test_no_git(base: Path, tmp_path: Path) -> None:
    ran = run_kbtui("search", "x", cwd=base, env={"PATH": str(tmp_path)})
    assert ran.status == ExitCode.GIT
    assert ran.err.splitlines()[0] == "kbtui: git is not installed on this computer."


def test_a_folder_of_somebody_else(base: Path) -> None:
    """FAULTS 21: a plain sentence and one command for the lead, https://github.com/jonassaa/platypusgit/issues/83."""
    ran = run_kbtui("ask", "x", cwd=base, env={"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1", "KBTUI_PERSON": "Ana"})
    assert ran.status == ExitCode.GIT
    assert "belongs to another user" in ran.err
    assert "safe.directory" in ran.err
    assert "*" not in ran.err


def test_too_much_input(base: Path) -> None:
    """FAULTS 75: bounded memory."""
    ran = run_kbtui("answer", "openqu22", cwd=base, env={"KBTUI_PERSON": "Ana"}, input="x" * (2 * 1024 * 1024 + 1))
    assert ran.status == ExitCode.REFUSED
    assert "too much text" in ran.err


def test_doctor_says_what_is_wrong(base: Path) -> None:
    well = run_kbtui("doctor", cwd=base, env={"KBTUI_PERSON": "Ana"})
    run_kbtui("reindex", cwd=base)
    well = run_kbtui("doctor", cwd=base, env={"KBTUI_PERSON": "Ana"})
    assert well.status == 0, well.out
    assert all(line.startswith(("ok  ", "    ")) for line in well.out.splitlines())  # what is well may have a hint
    write_files(base, {"broken.md": "---\na: b\n"})
    ill = run_kbtui("doctor", cwd=base)
    assert ill.status == ExitCode.PROBLEMS
    assert "TROUBLE  your name" in ill.out
    assert "TROUBLE  entries" in ill.out
    assert "kbtui check" in ill.out
