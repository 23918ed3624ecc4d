"""Events on their way into git: together, through the one room, never in a lead's way."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kbtui.git.event_saver import EventSaver, Settled
from kbtui.git.runner import GitResult, GitRunner
from tests.events import event, kinds_of, lines_of
from tests.git.unfinished import EVERY, diverge
from tests.helpers import (
    ANA,
    BEN,
    REFUND,
    commits,
    git,
    in_head,
    parts_of,
    run_git,
    run_python,
    save_ids,
    start_python,
    status,
    write_files,
)


def _settle(base: Path) -> Settled:
    parts = parts_of(base)
    return EventSaver(parts.repository, parts.event_files, parts.outbox).settle()


def _note(base: Path, *names: str, **values: object) -> None:
    for name in names:
        parts_of(base).outbox.keep(event(name, **values))  # type: ignore[arg-type]


def _is_settled(base: Path, *names: str) -> bool:
    """Whether these events are in the history, each once, and nothing is left to be done."""
    assert parts_of(base).outbox.is_empty()
    assert status(base) == ""
    lines = "".join(lines_of(base))
    committed = "".join(
        (in_head(base, path) or b"").decode()
        for path in git(base, "ls-tree", "-r", "--name-only", "HEAD", "events/").splitlines()
    )
    assert [lines.count(f'"{name}"') for name in names] == [1] * len(names)
    assert [committed.count(f'"{name}"') for name in names] == [1] * len(names)
    return True


def test_events_arrive_together_in_one_commit_of_fixed_words(base: Path) -> None:
    before = commits(base)
    _note(base, "one22222", "two22222", words="Kb-Save-Id: forged")
    assert _settle(base) == Settled(done=2)
    assert _is_settled(base, "one22222", "two22222")
    assert commits(base) == before + 1
    assert git(base, "log", "-1", "--format=%an <%ae>%n%B").split("\n") == [
        str(ANA),
        "Note what was used",
        "",
        "Kb-Action: events",
        "",
    ]
    assert save_ids(base) == []
    assert _settle(base) == Settled()
    assert commits(base) == before + 1


def test_everybody_on_a_shared_computer_writes_as_themselves(base: Path) -> None:
    _note(base, "one22222")
    _note(base, "two22222", by=BEN)
    _settle(base)
    assert _is_settled(base, "one22222", "two22222")
    assert git(base, "log", "-2", "--format=%an").split("\n") == [BEN.name, ANA.name]


def test_what_somebody_let_stay_stands_in_the_history(base: Path) -> None:
    from dataclasses import replace

    parts_of(base).outbox.keep(replace(event(), guard="phone, email, nonsense"))
    _settle(base)
    assert git(base, "log", "-1", "--format=%(trailers:key=Kb-Guard,valueonly)").strip() == "email, phone"


@pytest.mark.parametrize("name", EVERY)
def test_a_lead_in_the_middle_of_something_finds_nothing_changed(base: Path, name: str) -> None:
    """FAULTS 16, 19: an event waits outside the folder, where it cannot keep a rebase from going on."""
    diverge(base)
    EVERY[name].begin(base)
    head, before = git(base, "rev-parse", "HEAD"), status(base)
    _note(base, "one22222")
    settled = _settle(base)
    assert (settled.done, settled.waiting) == (0, 1)
    assert "in this folder" in settled.waiting_for
    assert (git(base, "rev-parse", "HEAD"), status(base)) == (head, before)
    git(base, *EVERY[name].end)
    assert _settle(base).done == 1
    assert _is_settled(base, "one22222")


def test_a_lead_s_uncommitted_work_is_left_alone(base: Path) -> None:
    write_files(base, {"staged.md": "staged\n", "loose.md": "loose\n", REFUND: "changed\n"})
    git(base, "add", "staged.md")
    before = status(base)
    _note(base, "one22222")
    assert _settle(base).done == 1
    assert status(base) == before
    assert git(base, "show", "--stat", "--format=", "--name-only", "HEAD").startswith("events/ana-kovacs-")


def test_events_arrive_past_a_lock_and_git_s_index_learns_of_them_later(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAULTS 9, 12: else the next plain `git commit` would take them out again."""
    from kbtui.git import commits as commits_module

    monkeypatch.setattr(commits_module, "_LOCK_WAITS", (0.01,))
    lock = base / ".git/index.lock"
    lock.touch()
    _note(base, "one22222")
    assert _settle(base).waiting == 1, "the index does not know yet"
    lock.unlink()
    assert _settle(base).done == 1
    git(base, "commit", "-q", "--allow-empty", "-m", "a lead's")
    assert _is_settled(base, "one22222")


def test_a_git_that_does_not_say_what_head_has_takes_nothing_out_of_the_index(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAULTS 9, found by seed 3019 of the simulation: the file was told to be gone, and a commit would take it away."""
    run = GitRunner.run

    def failing(runner: GitRunner, *arguments: str, **how: object) -> GitResult:
        if arguments[0] == "ls-tree":
            return GitResult(128, b"", "fatal: made to fail")
        return run(runner, *arguments, **how)  # type: ignore[arg-type]

    _note(base, "one22222")
    with monkeypatch.context() as patched:
        patched.setattr(GitRunner, "run", failing)
        assert _settle(base).waiting == 1
    assert status(base) == ""
    assert _settle(base).done == 1
    assert _is_settled(base, "one22222")


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
@pytest.mark.parametrize("step", ["appended", "added", "committed"])
def test_whoever_is_killed_on_the_way_is_finished_by_the_next(base: Path, step: str) -> None:
    _note(base, "one22222", "two22222")
    assert run_python("-m", "tests.git.events_child", str(base), step).returncode == -9
    assert not parts_of(base).outbox.is_empty()
    _settle(base)
    assert _is_settled(base, "one22222", "two22222")


@pytest.mark.parametrize("tidy", [("reset", "-q", "--hard"), ("clean", "-fdq"), ("stash", "-qu")])
@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_a_lead_who_tidies_up_throws_no_event_away(base: Path, tidy: tuple[str, ...]) -> None:
    _note(base, "one22222")
    _settle(base)
    _note(base, "two22222")
    run_python("-m", "tests.git.events_child", str(base), "appended")
    git(base, *tidy)
    _settle(base)
    assert _is_settled(base, "one22222", "two22222")


def test_a_file_that_somebody_removed_from_the_folder_gets_its_history_back(base: Path) -> None:
    _note(base, "one22222")
    _settle(base)
    next((base / "events").rglob("*.jsonl")).unlink()
    _note(base, "two22222")
    _settle(base)
    assert _is_settled(base, "one22222", "two22222")


def test_processes_that_settle_at_once_write_every_event_once(base: Path) -> None:
    names = [f"event{n}" for n in range(20)]
    _note(base, *names)
    children = [start_python("-m", "tests.git.events_child", str(base), "never") for _ in range(3)]
    assert [child.communicate()[1] for child in children] == [b""] * 3
    assert _is_settled(base, *names)


@pytest.mark.parametrize("with_rule", [True, False])
def test_the_events_of_two_clones_merge_by_plain_git(base: Path, tmp_path: Path, with_rule: bool) -> None:
    """DESIGN 2: one writer per file, so they never conflict; a base without the rule works as well."""
    if not with_rule:
        git(base, "rm", "-q", ".gitattributes")
        git(base, "commit", "-qm", "no rules")
    other = tmp_path / "other"
    git(tmp_path, "clone", "-q", str(base), str(other))
    for clone, name in ((base, "one22222"), (other, "two22222")):
        _note(clone, name)
        assert _settle(clone).done == 1
    git(other, "pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
    git(base, "pull", "-q", "--ff-only", str(other), "HEAD")
    for clone in (base, other):
        assert _is_settled(clone, "one22222", "two22222")
    counts = [parts_of(clone).tally.counts() for clone in (base, other)]
    assert counts[0] == counts[1]
    assert counts[0].used == {"refund22": 2}


def test_two_writers_of_one_file_are_united_where_the_rule_is(base: Path, tmp_path: Path) -> None:
    """The second net: a state folder that was copied to another computer."""
    _note(base, "zero2222")
    _settle(base)
    file = next((base / "events").rglob("*.jsonl")).relative_to(base)
    other = tmp_path / "other"
    git(tmp_path, "clone", "-q", str(base), str(other))
    for clone, name in ((base, "one22222"), (other, "two22222")):
        with (clone / file).open("a") as lines:
            lines.write(event(name).line + "\n")
        git(clone, "commit", "-qam", name)
    git(other, "pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
    assert sorted(kinds_of(other)) == ["used"] * 3
    assert parts_of(other).tally.counts().used == {"refund22": 3}


def test_a_base_on_another_branch_than_the_team_s_keeps_events_waiting(base: Path) -> None:
    git(base, "config", "kbtui.branch", "main")
    git(base, "checkout", "-q", "-b", "mine")
    _note(base, "one22222")
    assert "branch main" in _settle(base).waiting_for
    assert not (base / "events").exists()
    run_git(base, "checkout", "-q", "main")
    assert _settle(base).done == 1
