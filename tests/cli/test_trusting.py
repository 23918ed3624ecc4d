"""copy, trust, links: what stands on an entry, for scripts and screen readers (F9, F21, F22, F57)."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui.__main__ import _screen_options
from tests.helpers import ANA, BEN, OPEN_QUESTION, REFUND, run_kbtui, write_files
from tests.tui.entries import DAMAGED, MORE

FAR = {"SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22"}


def test_copy_prints_what_to_say_and_nothing_internal(base: Path) -> None:
    ran = run_kbtui("copy", REFUND, cwd=base, env=FAR)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == "Five working days after your parcel has reached us.\n\nShall I look where yours is?\n"


def test_copy_fills_the_clipboard_where_there_is_one(base: Path, tmp_path: Path) -> None:
    tool = tmp_path / "bin" / "xclip"
    tool.parent.mkdir()
    tool.write_text('#!/bin/sh\nPATH=/usr/bin:/bin\ncat > "$0.got"\n')
    tool.chmod(0o755)
    near = {"DISPLAY": ":7", "WAYLAND_DISPLAY": None, "SSH_CONNECTION": None, "SSH_TTY": None}
    ran = run_kbtui("copy", REFUND, cwd=base, env={"PATH": f"{tool.parent}:/usr/bin:/bin", **near})
    assert "Copied (xclip)." in ran.err
    assert (tool.parent / "xclip.got").read_text() == ran.out.rstrip("\n")


def test_an_open_question_has_nothing_to_copy(base: Path) -> None:
    ran = run_kbtui("copy", OPEN_QUESTION, cwd=base, env=FAR)
    assert ran.status != 0
    assert "nobody has answered this" in ran.err
    assert ran.out == ""


def test_trust_says_who_confirmed_who_doubts_and_who_keeps_it(base: Path) -> None:
    as_ana, as_ben = {"KBTUI_PERSON": str(ANA)}, {"KBTUI_PERSON": str(BEN)}
    assert "Nobody has confirmed these words yet." in run_kbtui("trust", REFUND, cwd=base, env=as_ana).out
    run_kbtui("confirm", REFUND, cwd=base, env=as_ben)
    run_kbtui("used", REFUND, cwd=base, env=as_ana)
    run_kbtui("flag", REFUND, "ten days since May", cwd=base, env=as_ana)
    said = run_kbtui("trust", REFUND, cwd=base, env=as_ana).out
    assert "Ben Okoro confirmed exactly these words on " in said
    assert "It was used once (1 this week), 1 open flag." in said
    assert "Ana Kovacs flagged it: ten days since May" in said
    assert "Its owner is Mateo Ruiz." in said
    run_kbtui("edit", REFUND, "--answer", "Ten days.", cwd=base, env=as_ana)
    assert "but the words have changed since" in run_kbtui("trust", REFUND, cwd=base, env=as_ana).out


def test_links_names_the_entries_that_an_entry_names(base: Path) -> None:
    write_files(base, MORE)
    ran = run_kbtui("links", DAMAGED, "--json", cwd=base)
    assert [card["path"] for card in ran.json["entries"]] == [REFUND]
    assert run_kbtui("links", REFUND, cwd=base).out == "0 entries\n"


def test_an_archived_entry_leads_to_the_one_that_replaced_it(base: Path) -> None:
    as_ana = {"KBTUI_PERSON": str(ANA)}
    run_kbtui("archive", "passwd22", "--replaced-by", "refund22", cwd=base, env=as_ana)
    ran = run_kbtui("links", "passwd22", "--json", cwd=base)
    assert [card["id"] for card in ran.json["entries"]] == ["refund22"]


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        ([], {}),
        (["--kb", "x"], {"--kb": "x"}),
        (["--query", "search", "--ticket=T 1"], {"--query": "search", "--ticket": "T 1"}),
        (["--query=a=b"], {"--query": "a=b"}),
        (["search", "--query", "x"], None),
        (["--query"], None),
        (["--help"], None),
        (["--query", "x", "search"], None),
    ],
)
def test_which_arguments_open_the_screen_at_once(typed: list[str], options: dict[str, str] | None) -> None:
    assert _screen_options(typed) == options


def test_a_call_without_words_never_opens_a_screen_where_there_is_no_terminal(base: Path) -> None:
    """A softphone that knows nothing of a call starts the command all the same."""
    ran = run_kbtui("--query", "", cwd=base)
    assert ran.status != 0
    assert "The screen needs a terminal." in ran.err
    assert ran.out == ""


def test_asking_what_is_there_already_says_so(base: Path) -> None:
    ran = run_kbtui("ask", "how long does the refund take?", cwd=base, env={"KBTUI_PERSON": str(ANA)})
    assert ran.status == 0
    assert "asked already? How long does a refund take? · kbtui same-as refund22" in ran.err
