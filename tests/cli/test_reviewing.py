"""The lead's commands: what they print, what they refuse, and what hosts show on a pull request (F31-F36, F57)."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path

import pytest

from kbtui.cli.annotations import github_lines, gitlab_report
from kbtui.entry.model import Person, Severity
from kbtui.team.checks import Finding
from tests.helpers import ANA, ERROR_CODE, LEAD, OPEN_QUESTION, PASSWORD, REFUND, git, run_kbtui, status, write_files

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
        (("check", "--since", "nowhere"), "There is no 'nowhere' in this clone"),
        (("check", "--annotate", "github", "--since", "--all"), "There is no '--all' in this clone"),
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


HOST_SAYS_NOTHING = {"GITHUB_BASE_REF": "", "CI_MERGE_REQUEST_DIFF_BASE_SHA": ""}
"""Whatever runs these tests may itself be checking a pull request."""

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


def _void(base: Path, path: str, person: Person = LEAD) -> None:
    """Confirm an entry, then change its words."""
    assert run_kbtui("confirm", path, cwd=base, env={"KBTUI_PERSON": str(person)}).status == 0
    _reword(base, path)
    git(base, "commit", "-qam", "other words", by=ANA)


def _reword(base: Path, path: str) -> None:
    write_files(base, {path: (base / path).read_text("utf-8").replace("\n# ", "\n# And ", 1)})


def _named(base: Path, *arguments: str, env: Mapping[str, str] = HOST_SAYS_NOTHING) -> set[str]:
    """Return the entries of which confirmations are named that no longer hold."""
    ran = run_kbtui("check", *arguments, cwd=base, env={**HOST_SAYS_NOTHING, **env})
    return {path for path in (REFUND, PASSWORD, ERROR_CODE) for line in ran.out.splitlines() if _is_void(line, path)}


def _is_void(line: str, path: str) -> bool:
    return path in line and "confirmed other words" in line


def test_confirmations_are_named_in_the_change_under_review_only(base: Path) -> None:
    """One that was void before is for the review queue; one that is made void here is for this pull request."""
    _void(base, PASSWORD)
    git(base, "checkout", "-q", "-b", "pull")
    _void(base, REFUND)
    git(base, "checkout", "-q", "main")
    _void(base, ERROR_CODE)  # after the pull request was begun: no part of it
    git(base, "checkout", "-q", "pull")
    for commit in ("main", git(base, "rev-parse", "main")):
        assert _named(base, "--annotate", "github", "--since", commit) == {REFUND}
    assert _named(base, "--since", "main") == {REFUND}
    assert PASSWORD in _named(base, "--annotate", "github"), "outside a pull request every one is named"
    assert _named(base) == set(), "who only looks what is broken hears of no confirmation"


def test_a_host_says_what_the_change_is_for(base: Path) -> None:
    _void(base, PASSWORD)
    fork = git(base, "rev-parse", "HEAD")
    git(base, "update-ref", "refs/remotes/origin/main", fork)
    _void(base, REFUND)
    assert _named(base, "--annotate", "github", env={"GITHUB_BASE_REF": "main"}) == {REFUND}
    gitlab = run_kbtui(
        *("check", "--annotate", "gitlab"), cwd=base, env=HOST_SAYS_NOTHING | {"CI_MERGE_REQUEST_DIFF_BASE_SHA": fork}
    )
    void = [each["location"]["path"] for each in json.loads(gitlab.out) if "other words" in each["description"]]
    assert void == [REFUND]
    _reword(base, ERROR_CODE)
    assert run_kbtui("check", "--since", fork, cwd=base).status == 0, "what is not committed yet counts as it is"


def test_a_clone_with_too_little_history_names_every_one_and_says_so(base: Path, tmp_path: Path) -> None:
    """What hosts check out unless told otherwise: one commit."""
    _void(base, PASSWORD)
    git(tmp_path, "clone", "-q", "--depth", "1", base.as_uri(), "shallow")
    env = HOST_SAYS_NOTHING | {"GITHUB_BASE_REF": "release"}
    ran = run_kbtui("check", "--annotate", "github", cwd=tmp_path / "shallow", env=env)
    assert "every confirmation that no longer holds is named" in ran.err.replace("\n       ", " ")
    assert any(_is_void(line, PASSWORD) for line in ran.out.splitlines())


def test_words_that_are_not_committed_are_under_review_in_a_folder_of_the_repository(base: Path) -> None:
    (base / "sub").mkdir()
    for name in ("refunds", "sign-in", "kb.toml"):
        git(base, "mv", name, f"sub/{name}")
    git(base, "commit", "-qm", "into a folder")
    for path in (REFUND, PASSWORD):
        assert run_kbtui("confirm", path, cwd=base / "sub", env=AS_LEAD).status == 0
    _reword(base, f"sub/{REFUND}")
    assert _named(base / "sub", "--since", "HEAD") == {REFUND}
