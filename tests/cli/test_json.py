"""Every command has --json, and it parses: for scripts, CRM buttons and screen readers (F57)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kbtui import actions
from kbtui.errors import ExitCode
from tests.helpers import ANA, BEN, LEAD, REFUND, git, run_kbtui, write_files

COMMANDS: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "search": (("search", "refund"), {"query", "total", "read_as", "hits"}),
    "similar": (("similar", "how long is a refund"), {"question", "similar"}),
    "duplicates": (("duplicates",), {"total", "pairs"}),
    "show": (("show", "refund22"), {"state", "demand", "entry"}),
    "new": (("new", "Do you sell parts?", "--answer", "Yes."), {"saved", "id", "path", "is_committed", "variant"}),
    "ask": (("ask", "Do you sell parts?"), {"saved", "id", "path", "is_committed", "variant"}),
    "answer": (("answer", "openqu22", "Yes."), {"saved", "id", "path", "is_committed", "variant"}),
    "edit": (("edit", "refund22", "--owner", "Priya"), {"saved", "id", "path", "is_committed", "variant"}),
    "confirm": (("confirm", "refund22"), {"saved", "id", "path", "is_committed", "variant"}),
    "undo": (("undo",), {"saved", "id", "path", "is_committed", "variant"}),
    "archive": (("archive", "refund22", "--reason", "old"), {"saved", "id", "path", "is_committed", "variant"}),
    "restore": (("restore", "archiv22"), {"saved", "id", "path", "is_committed", "variant"}),
    "used": (("used", "refund22", "--query", "cash back"), {"noted", "kind", "id", "offer", "demand", "is_committed"}),
    "flag": (("flag", "refund22", "too old"), {"noted", "kind", "id", "demand", "is_committed"}),
    "thank": (("thank", "refund22"), {"noted", "kind", "id", "to", "demand", "is_committed"}),
    "join-question": (
        ("join-question", "openqu22", "other voucher"),
        {"noted", "kind", "id", "demand", "is_committed"},
    ),
    "same-as": (("same-as", "refund22", "cash back"), {"saved", "id", "path", "is_committed", "variant"}),
    "news": (
        ("news", "--mark-seen"),
        {"since", "commit", "answers_to_me", "answers", "limits", "must_reads", "sent", "notes", "thanks", "helped"},
    ),
    "copy": (("copy", "refund22"), {"id", "text", "copied"}),
    "trust": (("trust", "refund22"), {"id", "state", "reasons"}),
    "links": (("links", "refund22"), {"id", "entries"}),
    "variants": (("variants",), {"contested"}),
    "purge": (("purge", "--file", "nothing.md"), {"objects", "commits", "refs", "files", "by_hand", "left", "steps"}),
    "resolve": (("resolve", "refund22", "--keep"), {"saved", "id", "path", "is_committed", "variant"}),
    "same-question": (
        ("same-question", "openqu22", "<other>"),
        {"saved", "id", "path", "is_committed", "variant"},
    ),
    "review": (("review",), {"places", "total"}),
    "diff": (("diff", "refund22"), {"id", "path", "words", "difference"}),
    "spot-check": (("spot-check",), {"seed", "checklist", "entries"}),
    "coach": (("coach", "refund22", "Say when"), {"noted", "kind", "id", "to", "is_committed"}),
    "close-flags": (("close-flags", "refund22"), {"noted", "kind", "id", "is_committed"}),
    "merge": (("merge", "archiv22", "refund22"), {"saved", "id", "path", "is_committed", "variant"}),
    "owner": (("owner", "refund22", "Priya"), {"saved", "id", "path", "is_committed", "variant"}),
    "check-by": (("check-by", "refund22", "90d"), {"saved", "id", "path", "is_committed", "variant"}),
    "history": (("history", "refund22"), {"id", "path", "steps"}),
    "credit": (("credit", "refund22"), {"id", "path", "credit", "shares"}),
    "acknowledge": (("acknowledge", "refund22"), {"noted", "kind", "id", "is_committed"}),
    "unread": (("unread", "refund22"), {"entries"}),
    "who-knows": (("who-knows", "openqu22"), {"id", "question", "people"}),
    "send": (("send", "openqu22", "Lena"), {"noted", "kind", "id", "to", "is_committed"}),
    "drill": (("drill",), {"due"}),
    "list": (("list",), {"total", "entries"}),
    "may": (("may", "refund", "80"), {"request", "role", "decision", "summary", "card", "others"}),
    "idea": (("idea", "Print the returns label"), {"noted", "idea", "is_committed"}),
    "ideas": (("ideas",), {"in_practice", "total", "ideas"}),
    "idea-move": (("idea-move", "", "--trying"), {"noted", "idea", "is_committed"}),
    "misses": (("misses",), {"since", "until", "total", "answered", "groups"}),
    "sample": (
        ("sample",),
        {"since", "until", "seed", "population", "size", "known", "unsure", "share", "low", "high", "questions"},
    ),
    "health": (("health",), {"entries", "measures"}),
    "meeting": (("meeting",), {"since", "until", "team", "sections", "written"}),
    "drafts": (("drafts",), {"drafts"}),
    "me": (("me", "Ana Kovacs"), {"person", "role"}),
    "check": (("check",), {"errors", "notes", "findings"}),
    "reindex": (("reindex",), {"total", "changed", "gone", "passed_over"}),
    "hooks": (("hooks",), {"folder", "states", "is_own_folder", "merges_entries"}),
    "doctor": (("doctor", "--fix"), {"examined", "mended"}),
    "init": (("init", "../new", "--empty"), {"root", "added", "notes", "entries", "is_new"}),
    "sync": (("sync",), {"words", "outcome", "code", "reason", "sent", "received", "variants", "waiting"}),
    "join": (("join", ".", "../joined"), {"root", "entries", "hooks", "person"}),
    "demo": (("demo", "../demo", "--no-open"), {"root"}),
}
"""Every command with the keys that its JSON has at least. A command that is missing here fails the test below."""

NOBODY_TYPES = {"hook"}
NEVER_ENDS = {"serve"}
"""Tested where it is: tests/serve."""
FIRST = {
    "send": (LEAD, "edit", "passwd22", "--owner", "Priya"),
    "undo": (ANA, "confirm", "refund22"),
    "thank": (BEN, "edit", "refund22", "--owner", "Priya"),
    "acknowledge": (LEAD, "edit", "refund22", "--tag", "must-read"),
    "coach": (BEN, "edit", "refund22", "--owner", "Priya"),
    "close-flags": (BEN, "flag", "refund22", "ten days by now"),
}
"""Who has to do what before a command has anything to do."""


def test_every_command_stands_in_the_table() -> None:
    assert set(COMMANDS) == {action.command for action in actions.ALL if action.command} - NOBODY_TYPES - NEVER_ENDS


@pytest.mark.parametrize("name", COMMANDS)
def test_the_json_of_a_command(base: Path, name: str) -> None:
    arguments, keys = COMMANDS[name]
    if name == "may":
        write_files(base, {"may.md": "---\nauthority:\n  action: refund\n  limits: {rep: 50}\n---\n# May I refund?\n"})
    if name == "resolve":
        write_files(
            base, {REFUND.replace(".md", ".aaaaaaaaaaaa.variant.md"): b"# How long does a refund take?\n\nLong.\n"}
        )
        git(base, "add", "-A")
        git(base, "commit", "-q", "-m", "Two versions")
    if name in FIRST:
        person, *deed = FIRST[name]
        run_kbtui(*map(str, deed), cwd=base, env={"KBTUI_PERSON": str(person)})
    if name == "idea-move":
        raised = run_kbtui("idea", "A label", "--json", cwd=base, env={"KBTUI_PERSON": str(ANA)}).json["idea"]["id"]
        arguments = tuple(each or raised for each in arguments)
    if name == "same-question":
        asked = run_kbtui("ask", "Is there another voucher?", "--json", cwd=base, env={"KBTUI_PERSON": str(BEN)})
        arguments = tuple(asked.json["id"] if each == "<other>" else each for each in arguments)
    ran = run_kbtui(*arguments, "--json", cwd=base, env={"KBTUI_PERSON": str(ANA)})
    assert (ran.status, ran.err) == (0, ""), ran.err
    assert keys <= set(ran.json)


@pytest.mark.parametrize("name", [*COMMANDS, *NOBODY_TYPES])
def test_every_command_says_what_it_does(name: str) -> None:
    action = next(each for each in actions.ALL if each.command == name)
    ran = run_kbtui(name, "--help")
    assert ran.status == 0
    assert action.help.split()[0] in ran.out
    if name not in NOBODY_TYPES:
        assert "--json" in ran.out


def test_the_help_names_every_command_but_the_hidden_one() -> None:
    ran = run_kbtui("--help")
    assert ran.status == 0
    for name in COMMANDS:
        assert f" {name} " in ran.out
    assert " hook " not in ran.out
    assert "KBTUI_KB" in ran.out


def test_what_a_hit_says(base: Path) -> None:
    """F7: confidence, owner, tags; enough to show without opening anything."""
    result: dict[str, Any] = run_kbtui("search", "how long does a refund take", "--json", "--limit", "1", cwd=base).json
    assert result["total"] >= 1
    (hit,) = result["hits"]
    assert hit["has_all"] is True
    assert hit["card"]["path"] == REFUND
    assert (hit["card"]["id"], hit["card"]["state"], hit["card"]["owner"]) == (
        "refund22",
        "not-validated",
        "Mateo Ruiz",
    )


def test_json_of_a_problem_has_an_exit_code_too(base: Path) -> None:
    (base / "broken.md").write_text("---\nnever closed\n")
    (base / "broken.md").write_text("---\na: b\n")
    ran = run_kbtui("check", "--json", cwd=base)
    assert ran.status == ExitCode.PROBLEMS
    assert [finding["path"] for finding in ran.json["findings"]] == ["broken.md"]
    assert ran.json["errors"] == 1
