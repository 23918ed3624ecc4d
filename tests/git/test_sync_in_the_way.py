"""Somebody's work is in the way of what the team wrote: it stays, the rest comes, and nothing is ever taken back.

FAULTS S2: https://github.com/gitgitgadget/git/issues/759. FAULTS 20: https://github.com/abhinav/git-spice/pull/703
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kbtui.entry.model import EntryChange
from kbtui.git.outcome import Outcome
from kbtui.git.runner import GitResult, GitRunner
from kbtui.verbs.sharing import KEPT
from tests.git.in_the_way import HALF, MINE, STEPS, asked, converged, holds, works_on
from tests.helpers import ERROR_CODE, PASSWORD, REFUND, git, in_head, status, write_files
from tests.team_of import Member, killed_at


def test_only_the_path_is_held_up(ana: Member, lead: Member, remote: Path) -> None:
    path = asked(ana)
    write_files(lead.root, {path: MINE})
    mine = lead.ask("Is the till open on Sunday?")
    shared = lead.sync()
    assert (shared.words, shared.waiting) == ("Shared", 0)
    assert shared.reason == (
        f"What the team wrote in {path} is not in this folder yet: "
        "somebody is working on the file here, so it stays as it is."
    )
    assert shared.hint.startswith("Commit the file with git")
    assert shared.in_the_way == (path,)
    assert (lead.root / path).read_text() == MINE
    assert shared.changed == (PASSWORD,)
    assert "Ask us." in (lead.root / PASSWORD).read_text()
    assert in_head(remote, mine) is not None
    assert lead.head() == git(remote, "rev-parse", "main")
    assert status(lead.root) == f" M {path}", "nothing else looks changed, and what is changed does"
    with lead.opened() as knowledge:
        told = knowledge.sync_status()
    assert (told.reason, told.hint) == (shared.reason, shared.hint)


def test_nothing_is_taken_back_meanwhile(ana: Member, lead: Member, remote: Path) -> None:
    """Saves and syncs beside the file never share what it holds, nor that the team's version should go."""
    path = asked(ana)
    write_files(lead.root, {path: MINE})
    for number in range(3):
        theirs = in_head(remote, path)
        assert path in lead.sync().reason
        lead.ask(f"Question number {number}?")
        assert path in lead.sync().reason
        ana.change(REFUND, EntryChange(answer=f"{number} days."))
        ana.change(path, EntryChange(internal=f"Shelf {number}."))
        assert in_head(remote, path) == theirs
        ana.sync()
    git(lead.root, "commit", "-q", "--allow-empty", "-m", "by hand, without the file")
    lead.sync()
    assert (lead.root / path).read_text() == MINE
    assert "Shelf 2." in (in_head(remote, path) or b"").decode()
    assert in_head(lead.root, path) == in_head(remote, path)
    tip = git(remote, "rev-parse", "main")
    assert lead.sync().reason
    assert git(remote, "rev-parse", "main") == tip, "a sync that brings nothing makes no commit"
    (lead.root / path).unlink()
    converged(remote, lead, ana)
    assert (lead.root / path).read_bytes() == in_head(remote, path)


def test_it_heals_once_the_file_is_gone(ana: Member, lead: Member, remote: Path) -> None:
    path = asked(ana)
    write_files(lead.root, {path: MINE})
    lead.sync()
    (lead.root / path).rename(lead.root / "mine.txt")
    assert lead.sync().reason == ""
    assert (lead.root / path).read_bytes() == in_head(remote, path)
    assert status(lead.root) == "?? mine.txt"
    assert holds(lead) == ""


def test_it_heals_once_the_file_is_the_same(ana: Member, lead: Member, remote: Path) -> None:
    path = asked(ana)
    write_files(lead.root, {path: MINE})
    lead.sync()
    (lead.root / path).write_bytes(in_head(remote, path) or b"")
    converged(remote, lead, ana)


def test_a_lead_who_gives_up_their_work(ana: Member, lead: Member, remote: Path) -> None:
    ana.change(REFUND, EntryChange(answer="Ten days."))
    ana.sync()
    works_on(lead, REFUND)
    assert lead.sync().in_the_way == (REFUND,)
    git(lead.root, "checkout", "-q", "--", REFUND)
    assert "Ten days." in (lead.root / REFUND).read_text()
    converged(remote, lead, ana)


@pytest.mark.parametrize("pushes", [False, True])
@pytest.mark.parametrize("more", [False, True])
def test_work_that_is_committed_is_merged_with_what_the_team_wrote(
    ana: Member, ben: Member, lead: Member, remote: Path, pushes: bool, more: bool
) -> None:
    """The file was made from an older version than HEAD has: committed, it must not take the team's words back."""
    ana.change(REFUND, EntryChange(answer="Ten days."))
    ana.sync()
    works_on(lead, REFUND)
    assert lead.sync().in_the_way == (REFUND,)
    if more:
        ana.change(REFUND, EntryChange(tags=("returns", "bank")))
        ana.sync()
        assert lead.sync().in_the_way == (REFUND,)
    lead.commit()
    if pushes:
        git(lead.root, "push", "-q", "origin", "HEAD:main")
        ben.change(REFUND, EntryChange(owner="Ben"))
        ben.sync()
    assert lead.sync().reason == ""
    text = (in_head(remote, REFUND) or b"").decode()
    for words in ("Ten days.", HALF.decode(), *(("bank",) if more else ()), *(("owner: Ben",) if pushes else ())):
        assert words in text
    assert "Five working days" not in text
    converged(remote, ben, ana, lead)
    assert not list(lead.root.rglob("*.variant.md"))


def test_committed_and_put_on_top_of_a_merge(ana: Member, lead: Member, remote: Path) -> None:
    """Seed 600 of the simulation: a merge further down shows the team's version as one that our side has had."""
    lead.change(REFUND, EntryChange(owner="Lena"))
    ana.change(REFUND, EntryChange(answer="Ten days."))
    ana.sync()
    works_on(lead, REFUND)
    assert lead.sync().in_the_way == (REFUND,)
    ana.change(PASSWORD, EntryChange(answer="Ask us."))
    ana.sync()
    lead.commit()
    git(lead.root, "fetch", "-q", "origin")
    git(lead.root, "rebase", "-q", "origin/main")
    lead.sync()
    converged(remote, ana, lead)
    for words in ("Ten days.", "Half a thought", "owner: Lena"):
        assert ana.has(words)


def test_both_changed_the_same_words(ana: Member, ben: Member, lead: Member, remote: Path) -> None:
    ana.change(REFUND, EntryChange(answer="Ten days."))
    ana.sync()
    text = (lead.root / REFUND).read_text().replace("Five working days", "Nine fine days")
    write_files(lead.root, {REFUND: text})
    assert lead.sync().in_the_way == (REFUND,)
    lead.commit()
    assert lead.sync().words == "Two versions kept, a lead will choose"
    converged(remote, ana, ben, lead)
    for each in (ana, ben, lead):
        assert each.has("Ten days.")
        assert each.has("Nine fine days")
    assert len(list(lead.root.rglob("*.variant.md"))) == 1


def test_a_file_git_did_not_know_is_committed(ana: Member, ben: Member, lead: Member, remote: Path) -> None:
    path = asked(ana)
    write_files(lead.root, {path: MINE})
    lead.sync()
    lead.commit()
    lead.sync()
    converged(remote, ana, ben, lead)
    for each in (ana, ben, lead):
        assert each.has("Only for walruses.")
        assert each.has("Yes, ask for the list.")


def test_a_save_of_the_very_entry(ana: Member, ben: Member, lead: Member, remote: Path) -> None:
    """Saved with kbtui, the words of all three are there: the team's, the unfinished ones, and those just typed."""
    ana.change(REFUND, EntryChange(answer="Ten days."))
    ana.sync()
    works_on(lead, REFUND)
    lead.sync()
    lead.change(REFUND, EntryChange(tags=("returns", "bank")))
    assert lead.sync().reason == ""
    converged(remote, ana, ben, lead)
    for words in ("Ten days.", "Half a thought", "bank"):
        assert ben.has(words)


def test_what_is_staged_stays_staged(ana: Member, lead: Member, remote: Path) -> None:
    path = asked(ana)
    ana.change(REFUND, EntryChange(answer="Ten days."))
    ana.sync()
    write_files(lead.root, {path: MINE})
    works_on(lead, REFUND)
    git(lead.root, "add", path, REFUND)
    write_files(lead.root, {path: MINE + "\nMore.\n"})
    assert set(lead.sync().in_the_way) == {path, REFUND}
    assert set(status(lead.root).split("\n")) == {f"M  {REFUND}", f"MM {path}"}
    assert git(lead.root, "show", f":{path}") + "\n" == MINE
    lead.ask("Is the till open on Sunday?")
    lead.sync()
    assert set(status(lead.root).split("\n")) == {f"M  {REFUND}", f"MM {path}"}
    lead.commit()
    lead.sync()
    converged(remote, ana, lead)
    for words in ("Ten days.", "Half a thought", "Only for walruses.", "Yes, ask for the list."):
        assert ana.has(words)


def test_what_the_team_has_deleted(ana: Member, lead: Member, remote: Path) -> None:
    """FAULTS 43: an edit beats a delete, also one that was in the way."""
    git(ana.root, "rm", "-q", REFUND)
    ana.change(PASSWORD, EntryChange(answer="Ask us."))
    ana.commit()
    ana.sync()
    own = works_on(lead, REFUND)
    assert lead.sync().in_the_way == (REFUND,)
    assert (lead.root / REFUND).read_bytes() == own
    assert status(lead.root) == f"?? {REFUND}"
    assert "Ask us." in (lead.root / PASSWORD).read_text()
    lead.commit()
    lead.sync()
    converged(remote, ana, lead)
    assert ana.has("Half a thought")
    with ana.opened() as knowledge:
        knowledge.refresh()
        assert [flag.reason for flag in knowledge.demand(knowledge.get(REFUND)).flags] == [KEPT]


def test_what_the_team_has_deleted_and_the_lead_as_well(ana: Member, lead: Member, remote: Path) -> None:
    git(ana.root, "rm", "-q", REFUND)
    ana.commit()
    ana.sync()
    works_on(lead, REFUND)
    assert lead.sync().in_the_way == (REFUND,)
    (lead.root / REFUND).unlink()
    converged(remote, ana, lead)
    assert in_head(remote, REFUND) is None


def test_a_file_where_a_folder_would_be_and_a_folder_where_a_file_would_be(
    ana: Member, lead: Member, remote: Path
) -> None:
    write_files(ana.root, {"parts/spare.md": "# Spare parts?\n\nYes.\n", "notes": "of the team\n"})
    ana.change(PASSWORD, EntryChange(answer="Ask us."))
    ana.commit()
    ana.sync()
    write_files(lead.root, {"parts": "my list\n", "notes/mine.txt": "mine\n"})
    assert set(lead.sync().in_the_way) == {"parts/spare.md", "notes"}
    assert (lead.root / "parts").read_text() == "my list\n"
    assert (lead.root / "notes" / "mine.txt").read_text() == "mine\n"
    assert "Ask us." in (lead.root / PASSWORD).read_text()
    lead.ask("Is the till open on Sunday?")
    lead.sync()
    assert in_head(remote, "parts/spare.md") is not None
    (lead.root / "parts").unlink()
    (lead.root / "notes" / "mine.txt").unlink()
    (lead.root / "notes").rmdir()
    converged(remote, ana, lead)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_where_an_entry_would_land_is_not_followed(ana: Member, lead: Member, tmp_path: Path) -> None:
    """FAULTS 73: https://github.com/shiv-source/thoth/issues/38."""
    path = asked(ana)
    elsewhere = tmp_path / "private.txt"
    elsewhere.write_text("private\n")
    (lead.root / path).parent.mkdir(exist_ok=True)
    (lead.root / path).symlink_to(elsewhere)
    assert lead.sync().in_the_way == (path,)
    assert elsewhere.read_text() == "private\n"
    assert (lead.root / path).is_symlink()
    assert "Ask us." in (lead.root / PASSWORD).read_text()


def test_many_files_at_once_are_named_by_one(ana: Member, lead: Member) -> None:
    for path in (REFUND, PASSWORD, ERROR_CODE):
        ana.change(path, EntryChange(answer="Ask us."))
        works_on(lead, path)
    ana.sync()
    assert "(and 2 more) is not in this folder yet" in lead.sync().reason


def test_on_a_protected_branch_too(ana: Member, lead: Member, remote: Path) -> None:
    """FAULTS 31: what is sent for review is one thing, what comes another."""
    from tests.team_of import protect, unprotect

    ana.change(REFUND, EntryChange(answer="Ten days."))
    ana.change(PASSWORD, EntryChange(answer="Ask us."))
    ana.sync()
    protect(remote)
    lead.change(REFUND, EntryChange(tags=("returns", "bank")))
    works_on(lead, REFUND)
    mine = lead.ask("Is the till open on Sunday?")
    shared = lead.sync()
    assert (shared.words, shared.in_the_way) == ("Sent for review", (REFUND,))
    assert "Ask us." in (lead.root / PASSWORD).read_text()
    lead.commit()
    assert lead.sync().words == "Sent for review"
    unprotect(remote)
    lead.ask("And on Monday?")
    lead.sync()
    converged(remote, ana, lead)
    text = (in_head(remote, REFUND) or b"").decode()
    assert all(words in text for words in ("Ten days.", "bank", "Half a thought"))
    assert in_head(remote, mine) is not None


@pytest.mark.parametrize("more", [False, True])
def test_put_aside_with_git_stash_and_taken_out_again(ana: Member, lead: Member, remote: Path, more: bool) -> None:
    """What many do whose file is in the way: it is still made from the version before, also when more has come."""
    ana.change(REFUND, EntryChange(answer="Ten days."))
    ana.sync()
    works_on(lead, REFUND)
    assert lead.sync().in_the_way == (REFUND,)
    git(lead.root, "stash")
    assert "Ten days." in (lead.root / REFUND).read_text()
    for _ in range(2):
        assert lead.sync().reason == ""
    if more:
        ana.change(REFUND, EntryChange(tags=("returns", "bank")))
        ana.sync()
        assert lead.sync().received == 1
    git(lead.root, "stash", "pop")
    assert "Ten days." not in (lead.root / REFUND).read_text(), "git takes back what it was not made from"
    assert lead.sync().in_the_way == (REFUND,)
    lead.commit()
    assert lead.sync().reason == ""
    converged(remote, ana, lead)
    for words in ("Ten days.", "Half a thought", *(("bank",) if more else ())):
        assert ana.has(words)
    assert not list(ana.root.rglob("*.variant.md"))


def test_put_aside_and_thrown_away(ana: Member, lead: Member, remote: Path) -> None:
    ana.change(REFUND, EntryChange(answer="Ten days."))
    ana.sync()
    works_on(lead, REFUND)
    lead.sync()
    git(lead.root, "stash")
    lead.sync()
    git(lead.root, "stash", "drop")
    lead.sync()
    assert holds(lead) == ""
    lead.change(REFUND, EntryChange(answer="Twelve days."))
    converged(remote, lead, ana)
    assert not list(ana.root.rglob("*.variant.md"))


@pytest.mark.parametrize("commits", ["", "by hand", "with kbtui"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_in_the_middle(ana: Member, ben: Member, lead: Member, remote: Path, step: str, commits: str) -> None:
    path = asked(ana)
    ana.change(REFUND, EntryChange(answer="Ten days."))
    ana.sync()
    write_files(lead.root, {path: MINE})
    own = works_on(lead, REFUND)
    killed_at(lead, step)
    assert ((lead.root / path).read_text(), (lead.root / REFUND).read_bytes()) == (MINE, own)
    if commits == "with kbtui":
        lead.change(REFUND, EntryChange(tags=("returns", "bank")))
    elif commits:
        git(lead.root, "add", path, REFUND)
        git(lead.root, "commit", "-q", "-m", "by hand", "--", path, REFUND)
    synced = lead.raw_sync()
    assert synced.outcome is Outcome.SHARED
    assert "Ask us." in (lead.root / PASSWORD).read_text()
    if not commits:
        assert set(synced.in_the_way) == {path, REFUND}
        assert ((lead.root / path).read_text(), (lead.root / REFUND).read_bytes()) == (MINE, own)
        assert set(status(lead.root).split("\n")) == {f" M {REFUND}", f" M {path}"}
    if status(lead.root):
        lead.commit()
    lead.sync()
    converged(remote, ana, ben, lead)
    for each in (ana, ben, lead):
        assert each.has("Ten days.")
        assert each.has("Half a thought")
        assert each.has("Only for walruses.")
        assert each.has("Yes, ask for the list.")


@pytest.mark.parametrize("command", ["ls-files", "diff-files", "read-tree", "update-index", "commit-tree", "status"])
def test_a_git_that_says_nothing_is_not_believed(
    ana: Member, lead: Member, remote: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """From some call on git fails: nothing of the lead's is touched, nothing is taken back, and it goes on later."""
    path = asked(ana)
    ana.change(REFUND, EntryChange(answer="Ten days."))
    ana.sync()
    write_files(lead.root, {path: MINE})
    own = works_on(lead, REFUND)
    run = GitRunner.run

    def failing(runner: GitRunner, *arguments: str, **how: object) -> GitResult:
        if arguments[0] == command and "-q" not in arguments:
            return GitResult(128, b"", "fatal: made to fail")
        return run(runner, *arguments, **how)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(GitRunner, "run", failing)
        lead.raw_sync()
    assert ((lead.root / path).read_text(), (lead.root / REFUND).read_bytes()) == (MINE, own)
    assert set(lead.sync().in_the_way) == {path, REFUND}
    assert set(status(lead.root).split("\n")) == {f" M {REFUND}", f" M {path}"}
    lead.commit()
    lead.sync()
    converged(remote, ana, lead)
    assert ana.has("Half a thought")
    assert ana.has("Ten days.")
