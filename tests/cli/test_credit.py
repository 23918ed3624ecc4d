"""`kbtui credit`: one entry, all of them, one's own."""

from __future__ import annotations

from pathlib import Path

from kbtui.errors import ExitCode
from tests.helpers import ANA, BEN, PASSWORD, REFUND, git, run_kbtui, write_files


def _improve(base: Path, path: str, by: object = ANA) -> None:
    write_files(base, {path: (base / path).read_text() + "\nMore.\n"})
    git(base, "commit", "-qam", "better", by=ANA if by is ANA else BEN)


def test_whose_words_helped_entry_by_entry(base: Path) -> None:
    assert run_kbtui("credit", cwd=base).out == "Nobody on this team has written here yet.\n"
    _improve(base, REFUND)
    _improve(base, REFUND, BEN)
    _improve(base, PASSWORD)
    assert run_kbtui("credit", cwd=base).out.splitlines() == [
        "How long does a refund take? · refund22",
        "    Improved by: Ana Kovacs, Ben Okoro",
        "How do I reset my password? · passwd22",
        "    Improved by: Ana Kovacs",
        "2 of 2 entries",
    ]


def test_what_is_cut_short_says_so_and_all_is_all(base: Path) -> None:
    _improve(base, REFUND)
    _improve(base, PASSWORD)
    short = run_kbtui("credit", "--limit", "1", cwd=base).out.splitlines()
    assert short[0].startswith("How long")
    assert short[-1] == "1 of 2 entries; all of them with --all"
    assert run_kbtui("credit", "--limit", "1", "--all", cwd=base).out.endswith("\n2 of 2 entries\n")
    data = run_kbtui("credit", "--limit", "1", "--json", cwd=base).json
    assert (data["total"], [entry["path"] for entry in data["entries"]]) == (2, [REFUND])


def test_one_s_own_words_are_listed_and_not_counted(base: Path) -> None:
    """F41: no number of what somebody wrote, in text or JSON; what is counted are uses by others."""
    env = {"KBTUI_PERSON": str(ANA)}
    assert run_kbtui("credit", "--me", cwd=base, env=env).out.startswith("No entry holds your words yet.")
    _improve(base, REFUND)
    _improve(base, PASSWORD, BEN)
    assert run_kbtui("credit", "--me", cwd=base, env=env).out.splitlines() == [
        "How long does a refund take? · refund22",
        "    You improved it.",
    ]
    data = run_kbtui("credit", "--me", "--json", cwd=base, env=env).json
    assert set(data) == {"entries", "helped_this_week", "shares", "thanks"}
    assert [(entry["path"], entry["yours"]) for entry in data["entries"]] == [(REFUND, ["improved"])]


def test_without_a_name_one_s_own_words_are_not_known(base: Path) -> None:
    ran = run_kbtui("credit", "--me", cwd=base)
    assert (ran.status, ran.out) == (ExitCode.NO_PERSON, "")
    assert "kbtui me" in ran.err


def test_an_entry_and_me_are_two_questions(base: Path) -> None:
    assert run_kbtui("credit", "refund22", "--me", cwd=base).status == ExitCode.USAGE
