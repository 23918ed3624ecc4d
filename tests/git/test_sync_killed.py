"""A sync that ends in the middle, at every step: the next one finishes it, and nobody's words are lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui.entry.model import EntryChange
from kbtui.git.outcome import Outcome
from kbtui.git.runner import GitResult, GitRunner
from tests.helpers import PASSWORD, REFUND, git, in_head, status
from tests.team_of import Member, in_order, killed_at

STEPS = ("fetched", "united", "pushed", "noted", "folder moved", "branch moved")


def bens_words(ben: Member) -> str:
    ben.change(REFUND, EntryChange(answer="Seven days.", internal="Ben knows."))
    path = ben.ask("What is new at Ben's?")
    ben.sync()
    return path


@pytest.mark.parametrize("step", STEPS)
def test_killed_and_tried_again(ana: Member, ben: Member, remote: Path, step: str) -> None:
    """FAULTS S8 among them: the connection ends after the host has taken what was pushed.

    https://git-scm.com/docs/git-push#_output
    """
    theirs = bens_words(ben)
    ana.change(REFUND, EntryChange(tags=("refunds", "days")))
    mine = ana.ask("What is new at Ana's?")
    killed_at(ana, step)
    assert ana.raw_sync().outcome is Outcome.SHARED
    for path in (theirs, mine):
        assert in_head(ana.root, path) == in_head(remote, path) is not None
    assert git(remote, "rev-list", "--count", "--merges", "main") == "1"
    assert ana.head() == git(remote, "rev-parse", "main")
    text = (ana.root / REFUND).read_text()
    assert "Seven days." in text
    assert "days]" in text or "- days" in text
    in_order(ana.root)


@pytest.mark.parametrize("step", ["noted", "folder moved"])
def test_a_save_after_the_kill_and_more_from_the_team(ana: Member, ben: Member, remote: Path, step: str) -> None:
    bens_words(ben)
    killed_at(ana, step)
    mine = ana.ask("Saved in between?")
    ben.change(REFUND, EntryChange(answer="Eight days."))
    ben.sync()
    synced = ana.raw_sync()
    assert (synced.outcome, synced.reason) == (Outcome.SHARED, "")
    assert "Eight days." in (ana.root / REFUND).read_text()
    assert in_head(remote, mine) is not None
    in_order(ana.root)


def test_killed_while_git_brings_the_folder_up(ana: Member, ben: Member, remote: Path) -> None:
    """Some files are new already, git's index knows of none: they are not taken for somebody's work."""
    bens_words(ben)
    killed_at(ana, "noted")
    (ana.root / REFUND).write_bytes(in_head(remote, REFUND) or b"")
    assert status(ana.root) == f" M {REFUND}"
    assert ana.raw_sync().reason == ""
    assert ana.head() == git(remote, "rev-parse", "main")
    in_order(ana.root)


def test_a_lead_s_own_edit_is_no_leftover_of_a_kill(ana: Member, ben: Member) -> None:
    bens_words(ben)
    ben.change(PASSWORD, EntryChange(owner="Ben"))
    ben.sync()
    killed_at(ana, "noted")
    (ana.root / PASSWORD).write_text("half a thought\n")
    assert PASSWORD in ana.raw_sync().reason
    assert (ana.root / PASSWORD).read_text() == "half a thought\n"


def test_a_branch_that_was_moved_although_git_did_not_say_so(
    ana: Member, ben: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seed 265 of the simulation: what had come was never indexed, since the next sync found nothing new."""
    ana.change(PASSWORD, EntryChange(answer="Ask us."))
    ana.sync()
    run = GitRunner.run

    def late(runner: GitRunner, *arguments: str, **how: object) -> GitResult:
        result = run(runner, *arguments, **how)  # type: ignore[arg-type]
        is_last = arguments[0] == "update-ref" and "HEAD" in arguments
        return GitResult(-1, b"", "git did not answer within 30 seconds") if is_last else result

    with monkeypatch.context() as patched, ben.opened() as knowledge:
        patched.setattr(GitRunner, "run", late)
        knowledge.refresh()
        shared = knowledge.sync()
        assert (shared.reason, shared.received, shared.changed) == ("", 1, (PASSWORD,))
        assert {card.path: card.excerpt for card in knowledge.cards()}[PASSWORD] == "Ask us."
    assert ben.sync().received == 0
    in_order(ben.root)


def test_the_branch_is_moved_by_somebody_else_meanwhile(ana: Member, ben: Member, remote: Path) -> None:
    """The branch is moved only from where it was; the next sync takes both."""
    bens_words(ben)

    def lead(step: str) -> None:
        if step == "folder moved":
            git(ana.root, "commit", "-q", "--allow-empty", "--only", "-m", "by hand")

    ana.raw_sync(lead)
    assert ana.raw_sync().outcome is Outcome.SHARED
    assert "by hand" in git(remote, "log", "--format=%s", "main")
    assert "Seven days." in (ana.root / REFUND).read_text()
    in_order(ana.root)
