"""The lead's commands: what they print, what they refuse, and what hosts show on a pull request (F31-F36, F57)."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from kbtui.cli.annotations import github_lines, gitlab_report
from kbtui.entry.model import Severity
from kbtui.team.checks import Finding
from tests.helpers import ANA, LEAD, OPEN_QUESTION, PASSWORD, REFUND, git, run_kbtui, status, write_files

AS_ANA, AS_LEAD = {"KBTUI_PERSON": str(ANA)}, {"KBTUI_PERSON": str(LEAD)}


@pytest.fixture
def base(base: Path) -> Path:
    """Return a base with an answer that Ana has improved since Lena confirmed it."""
    assert run_kbtui("confirm", REFUND, cwd=base, env=AS_LEAD).status == 0
    assert run_kbtui("edit", REFUND, "--answer", "Ten working days.", cwd=base, env=AS_ANA).status == 0
    return base


def test_a_difference_is_said_in_words_with_signs_and_without_colour_in_a_pipe(base: Path) -> None:
    ran = run_kbtui("diff", REFUND, cwd=base)
    assert "Since Lena Lead validated it on" in ran.out
    assert "[-Five-]{+Ten+} working days" in ran.out
    assert "\x1b" not in ran.out
    found = run_kbtui("diff", REFUND, "--json", cwd=base).json["difference"]
    assert found["by"] == "Lena Lead"
    assert found["commit"] in git(base, "log", "--format=%H")
    assert [piece["kept"] for piece in found["changes"][0]["pieces"]][:2] == ["removed", "added"]
    assert "Nobody has validated this yet" in run_kbtui("diff", PASSWORD, cwd=base).out


def test_what_was_not_named_is_refused_and_nothing_is_changed(base: Path) -> None:
    before = git(base, "rev-parse", "HEAD")
    for arguments, said in (
        (("owner", REFUND), "Give a name, or --nobody"),
        (("owner", REFUND, "Priya", "--nobody"), "Give a name, or --nobody"),
        (("check-by", REFUND, "soon"), "'soon' is no date"),
        (("check-by", REFUND), "--never"),
        (("merge", REFUND, REFUND), "into itself"),
        (("merge", REFUND, OPEN_QUESTION), "Merge the other way round: kbtui merge openqu22 refund22"),
        (("coach", PASSWORD, "x"), "nobody else has written here"),
        (("coach", REFUND, "--about", "handsome", "x"), "'handsome' is not in the checklist"),
        (("coach", REFUND, "his card is 4111 1111 1111 1111"), "looks like a card number"),
        (("close-flags", REFUND), "There is no open flag"),
        (("check", "--annotate", "myhost"), "'myhost' is no host"),
    ):
        ran = run_kbtui(*arguments, cwd=base, env=AS_LEAD)
        assert ran.status != 0, arguments
        assert said in ran.err.replace("\n       ", " "), (arguments, ran.err)
        assert "Traceback" not in ran.err
    assert (git(base, "rev-parse", "HEAD"), status(base)) == (before, "")


def test_who_keeps_an_entry_and_until_when_earns_nobody_credit(base: Path) -> None:
    before = run_kbtui("credit", REFUND, cwd=base).out
    for arguments in (("owner", REFUND, "Priya", "Nair"), ("check-by", REFUND, "2031-05-01")):
        assert run_kbtui(*arguments, cwd=base, env={"KBTUI_PERSON": "Dan <dan@example.com>"}).status == 0
    shown = run_kbtui("show", REFUND, "--json", cwd=base).json["entry"]
    assert (shown["owner"], shown["check_by"]) == ("Priya Nair", "2031-05-01")
    assert run_kbtui("credit", REFUND, cwd=base).out == before
    told = run_kbtui("history", REFUND, cwd=base).out
    assert "Dan said who keeps it true" in told
    assert "Dan said by when it is to be checked" in told
    for arguments in (("owner", REFUND, "--nobody"), ("check-by", REFUND, "--never")):
        assert run_kbtui(*arguments, cwd=base, env=AS_LEAD).status == 0
    shown = run_kbtui("show", REFUND, "--json", cwd=base).json["entry"]
    assert (shown["owner"], shown["check_by"]) == ("", "")


def test_the_same_seed_draws_the_same_for_everybody(base: Path) -> None:
    one, other = (run_kbtui("spot-check", "--seed", "x", "--json", cwd=base, env=env).json for env in (AS_ANA, AS_LEAD))
    assert one == other
    assert [criterion["id"] for criterion in one["checklist"]] == ["unique", "complete", "clear", "title", "personal"]
    assert OPEN_QUESTION not in [each["card"]["path"] for each in one["entries"]]


def test_a_merge_keeps_the_people_and_its_undo_takes_all_of_it_back(base: Path) -> None:
    made = run_kbtui("new", "Lost my password", "--answer", "Ask.", "--tag", "keys", "--json", cwd=base, env=AS_ANA)
    name = made.json["id"]
    before = git(base, "rev-parse", "HEAD^{tree}")
    assert run_kbtui("merge", name, PASSWORD, cwd=base, env=AS_LEAD).status == 0
    assert run_kbtui("show", name, "--json", cwd=base).json["entry"]["replaced_by"] == "passwd22"
    assert "Ana Kovacs" in run_kbtui("credit", PASSWORD, cwd=base).out
    people = {entry["id"]: entry["credit"] for entry in run_kbtui("credit", "--json", cwd=base).json["entries"]}
    assert [person["name"] for person in people["passwd22"]["answered"]] == ["Ana Kovacs"]
    assert run_kbtui("undo", PASSWORD, cwd=base, env=AS_LEAD).status == 0
    assert git(base, "rev-parse", "HEAD^{tree}") == before
    assert "Ana Kovacs" not in run_kbtui("credit", PASSWORD, cwd=base).out


@pytest.mark.parametrize(
    ("option", "is_there", "trailer"), [("--mask", False, ""), ("--allow-personal", True, "email")]
)
def test_personal_data_in_what_is_merged_is_masked_or_let_stay(
    base: Path, option: str, is_there: bool, trailer: str
) -> None:
    words = ("new", "Who reads jo.bloggs@gmail.com?", "--answer", "Ask.", "--allow-personal", "--json")
    name = run_kbtui(*words, cwd=base, env=AS_ANA).json["id"]
    refused = run_kbtui("merge", name, PASSWORD, cwd=base, env=AS_LEAD)
    assert refused.status != 0
    assert option in refused.err
    assert run_kbtui("merge", name, PASSWORD, option, cwd=base, env=AS_LEAD).status == 0
    assert ("jo.bloggs@gmail.com" in (base / PASSWORD).read_text()) is is_there
    assert git(base, "log", "-1", "--format=%(trailers:key=Kb-Guard,valueonly)", "--", PASSWORD).strip() == trailer
    assert status(base) == ""


# Annotations


ODD = Finding("a,b:c/100%.md", 3, "50% of it\r\nis: odd, ::error::", Severity.ERROR)


def test_github_s_escapes_keep_a_finding_one_command() -> None:
    """https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts."""
    (line,) = github_lines([ODD], "kb/")
    place = "file=kb/a%2Cb%3Ac/100%25.md,line=3,title=kbtui check"
    assert line == f"::error {place}::50%25 of it%0D%0Ais: odd, ::error::"


def test_gitlab_s_fingerprints_are_one_for_each_finding_and_do_not_move_with_its_line() -> None:
    moved = Finding(ODD.path, 9, ODD.reason, ODD.severity)
    one, two = gitlab_report([ODD, moved], "")
    (alone,) = gitlab_report([moved], "")
    assert one["fingerprint"] == alone["fingerprint"] != two["fingerprint"]
    assert one["location"] == {"path": "a,b:c/100%.md", "lines": {"begin": 3}}


@pytest.mark.parametrize("host", ["github", "gitlab"])
def test_annotations_name_files_from_the_top_of_the_repository(base: Path, host: str) -> None:
    folder = base / "sub"
    folder.mkdir()
    for name in ("refunds", "kb.toml"):
        git(base, "mv", name, f"sub/{name}")
    text = (folder / REFUND).read_text("utf-8")
    write_files(folder, {REFUND: f"{text}\n[gone](nowhere.md)\n"})
    ran = run_kbtui("check", "--annotate", host, cwd=folder)
    assert f"sub/{REFUND}" in ran.out
    assert "Lena Lead confirmed other words" in ran.out
    assert "the link to nowhere.md leads nowhere" in ran.out
    if host == "gitlab":
        assert {entry["severity"] for entry in json.loads(ran.out)} == {"minor"}


def test_two_of_one_are_to_be_merged_whatever_names_them(base: Path) -> None:
    """`kbtui health` said archive, the review queue merge."""
    twin = "---\nid: twinno2{0}\n---\n# How do I cancel my subscription?\n\nOnline.\n"
    write_files(base, {f"two of one/t{n}.md": twin.format(n) for n in (2, 3)})
    assert "Perhaps two of one: kbtui merge ID OTHER" in run_kbtui("health", cwd=base).out
    assert "If they are one: kbtui merge twinno22 twinno23" in run_kbtui("duplicates", cwd=base).out
    queue = run_kbtui("review", cwd=base).out.splitlines()
    line = next(line for line in queue if "kbtui merge" in line)
    name, into = shlex.split(line.partition("kbtui merge ")[2])
    merged = run_kbtui("merge", name, into, cwd=base, env=AS_LEAD)
    assert (merged.status, merged.out.startswith("Merged “How do I cancel")) == (0, True), merged.err
