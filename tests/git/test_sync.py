"""Syncing with a remote that is a folder: what comes, what goes, and what waits. Case numbers: FAULTS.md."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from kbtui.entry.model import TWO_VERSIONS, EntryChange, Person
from kbtui.git.exchange import SHARED_REFS
from kbtui.git.outcome import Options, Outcome
from kbtui.git.runner import GitResult, GitRunner
from kbtui.git.sync import ATTEMPTS, Syncer
from kbtui.store.files import EntryFiles
from kbtui.verbs.sharing import WAITING
from tests.helpers import (
    ANA,
    BEN,
    LEAD,
    PASSWORD,
    REFUND,
    found,
    git,
    in_head,
    repository_of,
    run_git,
    save_ids,
    status,
    write_files,
)
from tests.team_of import Member, in_order, member, protect, unprotect

CARA = Person("Cara Silva", "cara@example.com")


@pytest.fixture
def team(remote: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "team"
    folder.mkdir()
    return folder


@pytest.fixture
def ana(team: Path, remote: Path) -> Member:
    return member(ANA, team, remote)


@pytest.fixture
def ben(team: Path, remote: Path) -> Member:
    return member(BEN, team, remote)


@pytest.fixture
def lead(team: Path, remote: Path) -> Member:
    return member(LEAD, team, remote)


def main_of(remote: Path) -> str:
    return git(remote, "rev-parse", "main")


def lead_pushes(lead: Member, files: dict[str, str | bytes]) -> None:
    """Change files and push them, as a lead does with plain git."""
    git(lead.root, "pull", "-q", "--rebase", by=LEAD)
    write_files(lead.root, files)
    lead.commit()
    git(lead.root, "push", "-q", "origin", "HEAD:main")


def test_what_one_saves_the_other_finds(ana: Member, ben: Member, remote: Path) -> None:
    path = ana.ask("Do you ship to the islands?")
    shared = ana.sync()
    assert (shared.words, shared.sent, shared.received, shared.waiting) == ("Shared", 1, 0, 0)
    assert main_of(remote) == ana.head()
    with ben.opened() as knowledge:
        knowledge.refresh()
        assert path not in found(knowledge, "islands")
        came = knowledge.sync()
        assert (came.sent, came.received, came.changed) == (0, 1, (path,))
        assert found(knowledge, "islands")[0] == path
    in_order(ben.root)
    assert ana.tree() == ben.tree()


def test_what_the_team_has_taken_away_is_found_no_more(ana: Member, lead: Member) -> None:
    git(lead.root, "rm", "-q", REFUND)
    lead.commit()
    git(lead.root, "push", "-q", "origin", "HEAD:main")
    with ana.opened() as knowledge:
        knowledge.refresh()
        assert REFUND in found(knowledge, "how long does a refund take")
        assert knowledge.sync().changed == (REFUND,)
        assert REFUND not in found(knowledge, "how long does a refund take")
    in_order(ana.root)


def test_another_sync_does_nothing(ana: Member, ben: Member, remote: Path) -> None:
    """FAULTS 40: syncing both clones twice more makes no commit.

    https://github.com/genealogix/glx/issues/703
    """
    ana.change(REFUND, EntryChange(answer="Seven working days."))
    ben.change(REFUND, EntryChange(internal="Look in Admin, Payments."))
    for each in (ana, ben, ana):
        each.sync()
    tip = main_of(remote)
    for each in (ben, ana, ben, ana):
        again = each.sync()
        assert (again.sent, again.received) == (0, 0)
    assert {ana.head(), ben.head(), main_of(remote)} == {tip}
    text = (ana.root / REFUND).read_text()
    assert "Seven working days." in text
    assert "Look in Admin, Payments." in text
    assert not list(ana.root.rglob("*.variant.md"))
    in_order(ana.root)


def test_two_answers_are_both_kept(ana: Member, ben: Member) -> None:
    """FAULTS 41: both edit the same answer line; one stays, the other is whole in a variant.

    https://github.com/vrtmrz/obsidian-livesync/issues/994
    """
    ana.change(REFUND, EntryChange(answer="Three days."))
    ben.change(REFUND, EntryChange(answer="Seven days."))
    ana.sync()
    shared = ben.sync()
    assert shared.words == TWO_VERSIONS
    assert len(shared.variants) == 1
    ana.sync()
    for each in (ana, ben):
        shown = (each.root / REFUND).read_text()
        beside = (each.root / shared.variants[0]).read_text()
        assert ("Three days." in shown) != ("Seven days." in shown)
        assert ("Three days." in beside) != ("Three days." in shown)
        in_order(each.root)
    assert ana.tree() == ben.tree()


def test_the_same_conflict_gives_the_same_tree_on_either_machine(ana: Member, ben: Member, team: Path) -> None:
    """FAULTS 46: whoever of two people merges, the result is the same.

    https://hackage.haskell.org/package/git-annex-8.20201127/src/Annex/AutoMerge.hs
    """
    ana.change(REFUND, EntryChange(answer="Three days."))
    ben.change(REFUND, EntryChange(answer="Seven days.", tags=("refunds", "money")))
    trees = set()
    for first, second in ((ana, ben), (ben, ana)):
        for each in (ana, ben):
            git(each.root, "branch", "-f", "keep", "main")
        own = team / f"{first.person.name[:3]}.git"
        git(team, "clone", "-q", "--bare", str(team.parent / "remote.git"), str(own))
        for each in (first, second):
            git(each.root, "remote", "set-url", "origin", str(own))
            each.sync()
        trees.add(second.tree())
        for each in (ana, ben):
            git(each.root, "reset", "-q", "--hard", "keep")
            for ref in ("refs/kbtui/shared/main", "refs/remotes/origin/main"):
                git(each.root, "update-ref", "-d", ref)
    assert len(trees) == 1


def test_both_add_the_same_key(ana: Member, ben: Member) -> None:
    """FAULTS 42: one value in the file, the other in the variant; never two keys.

    https://github.com/Eyevinn/mp4ff/pull/583
    """
    ana.change(PASSWORD, EntryChange(owner="Ana"))
    ben.change(PASSWORD, EntryChange(owner="Ben"))
    ana.sync()
    shared = ben.sync()
    text = (ben.root / PASSWORD).read_text()
    assert text.count("owner:") == 1
    assert (ben.root / shared.variants[0]).read_text().count("owner:") == 1
    in_order(ben.root)


def test_an_edit_beats_a_delete(ana: Member, lead: Member) -> None:
    """FAULTS 43, in both directions.

    https://sysdesign-wiki.pages.dev/systems/trinity/
    """
    git(lead.root, "rm", "-q", REFUND)
    lead.commit()
    git(lead.root, "push", "-q", "origin", "HEAD:main")
    ana.change(REFUND, EntryChange(answer="Three days."))
    ana.sync()
    assert "Three days." in (ana.root / REFUND).read_text()
    git(ana.root, "rm", "-q", REFUND)
    ana.commit()
    git(lead.root, "pull", "-q", "--rebase", by=LEAD)
    lead_pushes(lead, {REFUND: (lead.root / REFUND).read_text().replace("Three days.", "Four days.")})
    ana.sync()
    assert "Four days." in (ana.root / REFUND).read_text()
    in_order(ana.root)


def test_both_create_the_same_path(ana: Member, lead: Member) -> None:
    """FAULTS 44: as one entry, such as one that two people have copied from elsewhere.

    https://github.com/Kiln-AI/Kiln/tree/main/app/desktop/git_sync/integration_tests
    """
    path = "questions/same.md"
    write_files(ana.root, {path: "---\nid: same2222\n---\n# One?\n\nOne answer.\n"})
    ana.commit()
    lead_pushes(lead, {path: "---\nid: same2222\n---\n# Two?\n\nTwo answers.\n"})
    shared = ana.sync()
    texts = (ana.root / path).read_text() + (ana.root / shared.variants[0]).read_text()
    assert "One answer." in texts
    assert "Two answers." in texts
    in_order(ana.root)


def test_a_move_is_followed(ana: Member, lead: Member) -> None:
    """FAULTS 45: a lead's plain `git mv` merges by id.

    https://git-scm.com/docs/git-merge-tree
    """
    moved = "money/refund.md"
    (lead.root / "money").mkdir()
    git(lead.root, "mv", REFUND, moved)
    write_files(lead.root, {moved: (lead.root / moved).read_text().replace("owner: Mateo Ruiz", "owner: Lena")})
    lead.commit()
    git(lead.root, "push", "-q", "origin", "HEAD:main")
    ana.change(REFUND, EntryChange(answer="Three days."))
    shared = ana.sync()
    assert shared.variants == ()
    assert not (ana.root / REFUND).exists()
    assert "Three days." in (ana.root / moved).read_text()
    assert "owner: Lena" in (ana.root / moved).read_text()
    in_order(ana.root)


def test_two_moves_end_in_one_place(ana: Member, lead: Member) -> None:
    """FAULTS 45: rename against rename."""
    for each, folder in ((ana, "aaa"), (lead, "bbb")):
        (each.root / folder).mkdir()
        git(each.root, "mv", REFUND, f"{folder}/refund.md")
        each.commit()
    git(lead.root, "push", "-q", "origin", "HEAD:main")
    ana.sync()
    places = [path.parent.name for path in ana.root.rglob("refund.md")]
    assert places == ["aaa"]
    in_order(ana.root)


def test_a_stale_clone_rolls_nobody_back(ana: Member, lead: Member, remote: Path) -> None:
    """FAULTS 36: the merge differs from the team's in exactly the path that was saved.

    https://github.com/GitJournal/GitJournal/issues/241
    """
    for number in range(3):
        files: dict[str, str | bytes] = {f"bulk/e{n}.md": f"# Bulk {n}?\n\nRound {number}.\n" for n in range(40)}
        lead_pushes(lead, files)
    before = main_of(remote)
    path = ana.ask("Is the old clone safe?")
    ana.sync()
    assert git(remote, "diff", "--name-only", before, "main").splitlines() == [path]


def test_a_team_s_own_keys_and_comments_stay(ana: Member, lead: Member) -> None:
    """FAULTS 50, when two versions are joined.

    https://github.com/estruyf/vscode-front-matter/issues/384
    """
    lead_pushes(lead, {REFUND: (lead.root / REFUND).read_text().replace("state:", "# ours\nteam_key: 007\nstate:")})
    ana.change(REFUND, EntryChange(tags=("refunds", "returns", "no")))
    shared = ana.sync()
    text = (ana.root / REFUND).read_text()
    assert "# ours\nteam_key: 007\n" in text
    assert shared.variants == ()
    with ana.opened() as knowledge:
        knowledge.refresh()
        assert knowledge.get("refund22").tags == ("refunds", "returns", "no")  # FAULTS 51: still text


def test_events_of_two_machines_are_all_there(ana: Member, lead: Member) -> None:
    """FAULTS 65: a file that only grows takes the lines of both.

    https://github.com/three-types/three-ts-types/issues/325
    """
    path = "events/ana-aaaaaaaa/2026-11.jsonl"
    lead_pushes(lead, {path: "{}\n"})
    ana.sync()
    write_files(ana.root, {path: '{}\n{"a": 1}\n'})
    ana.commit()
    lead_pushes(lead, {path: '{}\n{"b": 2}\n'})
    ana.sync()
    assert (ana.root / path).read_text().splitlines() == ["{}", '{"a": 1}', '{"b": 2}']


def test_other_files_are_merged_by_lines_or_kept_beside(ana: Member, lead: Member) -> None:
    start = (ana.root / "kb.toml").read_text()
    lead_pushes(lead, {"notes.txt": "one\ntwo\nthree\nfour\nfive\n", "kb.toml": start + '\nlanguage = "en"\n'})
    ana.sync()
    write_files(ana.root, {"notes.txt": "ONE\ntwo\nthree\nfour\nfive\n", "kb.toml": start + '\nlanguage = "de"\n'})
    ana.commit()
    lead_pushes(lead, {"notes.txt": "one\ntwo\nthree\nfour\nFIVE\n", "kb.toml": start + '\nlanguage = "fr"\n'})
    ana.sync()
    assert (ana.root / "notes.txt").read_text() == "ONE\ntwo\nthree\nfour\nFIVE\n"
    versions = [path.read_text() for path in ana.root.glob("kb.toml*")]
    assert len(versions) == 2
    assert all("<<<<" not in text for text in versions)
    assert {'"de"' in text for text in versions} == {True, False}


# What is in the way


def test_a_lead_s_uncommitted_work_is_never_touched(ana: Member, lead: Member, remote: Path) -> None:
    """FAULTS 20: what came waits, in one sentence; what was saved here is shared all the same.

    https://github.com/abhinav/git-spice/pull/703
    """
    ana.change(REFUND, EntryChange(answer="Three days."))
    ana.sync()
    unfinished = (lead.root / REFUND).read_bytes() + b"\nhalf a sentence"
    (lead.root / REFUND).write_bytes(unfinished)
    path = lead.ask("Is the till open on Sunday?")
    shared = lead.sync()
    assert shared.words == "Shared"
    assert REFUND in shared.reason
    assert (lead.root / REFUND).read_bytes() == unfinished
    assert in_head(remote, path) is not None
    git(lead.root, "checkout", "-q", "--", REFUND)
    assert lead.sync().reason == ""
    assert "Three days." in (lead.root / REFUND).read_text()
    in_order(lead.root)


def test_work_elsewhere_is_carried_over(ana: Member, lead: Member) -> None:
    ana.change(REFUND, EntryChange(answer="Three days."))
    ana.sync()
    (lead.root / PASSWORD).write_bytes((lead.root / PASSWORD).read_bytes() + b"\nmore\n")
    git(lead.root, "add", PASSWORD)
    assert lead.sync().reason == ""
    assert "Three days." in (lead.root / REFUND).read_text()
    assert status(lead.root) == f"M  {PASSWORD}"


def test_an_untracked_file_where_an_entry_would_land(ana: Member, lead: Member) -> None:
    """FAULTS S2.

    https://github.com/gitgitgadget/git/issues/759
    """
    path = ana.ask("Where is the lost parcel?")
    ana.sync()
    write_files(lead.root, {path: "mine\n"})
    assert path in lead.sync().reason
    assert (lead.root / path).read_text() == "mine\n"


def test_somebody_s_merge_or_detached_head_is_waited_for(ana: Member, lead: Member, remote: Path) -> None:
    """FAULTS 16, 19: a sync neither goes on with it nor ends it.

    https://github.com/dendronhq/dendron/issues/2280
    """
    tip = lead.head()
    git(lead.root, "checkout", "-q", "--detach")
    shared = lead.sync()
    assert shared.words == "Needs your lead (code K04)"
    assert lead.head() == tip
    git(lead.root, "checkout", "-q", "main")
    git(lead.root, "checkout", "-q", "-b", "feature-x")
    write_files(lead.root, {REFUND: "# Other?\n\nOther.\n"})
    lead.commit()
    before = main_of(remote)
    assert lead.sync().code == "K04"
    assert main_of(remote) == before


# The team's branch


def test_a_retry_piles_up_no_merges(ana: Member, lead: Member, remote: Path) -> None:
    """FAULTS 29, 30: rejected three times, a share is one merge all the same.

    https://github.com/fluxcd/flux/issues/1124
    """
    ana.ask("Do merges pile up?")
    left = [3]

    def faster(step: str) -> None:
        if step == "united" and left[0]:
            left[0] -= 1
            lead_pushes(lead, {f"race/e{left[0]}.md": f"# Race {left[0]}?\n\nYes.\n"})

    assert ana.raw_sync(faster).outcome is Outcome.SHARED
    assert left == [0]
    assert git(remote, "rev-list", "--count", "--merges", "main") == "1"
    assert ana.has("Race 0?")
    in_order(ana.root)


def test_a_team_that_is_always_faster_is_given_up_on_for_now(ana: Member, lead: Member) -> None:
    ana.ask("Who is faster?")
    numbers = iter(range(100))

    def faster(step: str) -> None:
        if step == "united":
            lead_pushes(lead, {f"race/f{next(numbers)}.md": "# Race?\n\nYes.\n"})

    synced = ana.raw_sync(faster)
    assert synced.outcome is Outcome.WAITING
    assert next(numbers) == ATTEMPTS
    assert ana.raw_sync().outcome is Outcome.SHARED


def test_a_save_during_a_sync_is_shared_too(ana: Member, lead: Member, remote: Path) -> None:
    lead_pushes(lead, {"other.md": "# Other?\n\nYes.\n"})
    ana.ask("Before?")
    late: list[str] = []

    def saves(step: str) -> None:
        if step == "pushed" and not late:
            late.append(ana.ask("Meanwhile?"))

    ana.raw_sync(saves)
    assert in_head(remote, late[0]) is not None
    assert ana.head() == main_of(remote)
    in_order(ana.root)


def test_a_protected_branch(ana: Member, lead: Member, remote: Path) -> None:
    """FAULTS 31, 32, 71: sent for review once, never shown as shared; emptied once a lead has taken it over.

    https://github.com/fluxcd/terraform-provider-flux/issues/606
    https://github.com/fluxcd/image-automation-controller/issues/194
    https://github.com/fluxcd/image-automation-controller/issues/450
    """
    before = main_of(remote)
    protect(remote)
    path = ana.ask("Is it protected?")
    assert ana.sync().words == "Sent for review"
    assert main_of(remote) == before
    inbox = git(remote, "for-each-ref", "--format=%(refname:short)", "refs/heads/kb-inbox")
    assert inbox.startswith("kb-inbox/ana-kovacs-")
    again = ana.sync()
    assert (again.words, again.sent) == ("Sent for review", 0)
    unprotect(remote)
    git(lead.root, "fetch", "-q", "origin")
    git(lead.root, "merge", "-q", "--squash", f"origin/{inbox}")
    lead.commit("Squash")
    git(lead.root, "push", "-q", "origin", "HEAD:main")
    tip = main_of(remote)
    shared = ana.sync()
    assert shared.words == "Shared"
    assert main_of(remote) == tip == ana.head()
    assert git(remote, "for-each-ref", "refs/heads/kb-inbox") == ""
    assert ana.has("Is it protected?")
    assert (ana.root / path).exists()


def test_a_push_that_only_says_it_worked_is_not_believed(ana: Member, remote: Path, tmp_path: Path) -> None:
    """FAULTS 32: what counts is the remote's branch.

    https://github.com/abapGit/abapGit/issues/2791
    """
    ana.ask("Do you believe it?")
    git(ana.root, "config", "remote.origin.pushurl", str(tmp_path / "elsewhere.git"))
    git(tmp_path, "clone", "-q", "--bare", str(remote), str(tmp_path / "elsewhere.git"))
    before = main_of(remote)
    synced = ana.raw_sync()
    assert synced.outcome is Outcome.WAITING
    assert main_of(remote) == before


def test_a_rewritten_remote(ana: Member, lead: Member, remote: Path) -> None:
    """FAULTS 33: unshared saves are put on the new tip; the old history is not put back.

    https://github.com/floccusaddon/floccus/issues/2000 , https://github.com/Kiln-AI/Kiln/pull/1252
    """
    start = main_of(remote)
    lost = ana.ask("Will this vanish?")
    ana.sync()
    old = main_of(remote)
    mine = ana.ask("Will this stay?")
    ids = save_ids(ana.root)
    git(lead.root, "commit", "-q", "--allow-empty", "-m", "anew")
    git(lead.root, "push", "-q", "--force", "origin", "HEAD:main")
    shared = ana.sync()
    assert shared.vanished == (lost,)
    assert shared.words == "Shared"
    assert in_head(remote, mine) is not None
    assert run_git(remote, "merge-base", "--is-ancestor", old, "main").returncode == 1
    assert git(remote, "rev-list", "--count", f"{start}..main") == "2"
    assert ids[0] in git(remote, "log", "--format=%B", "main")
    assert git(remote, "log", "-1", "--format=%an", "main") == ANA.name
    assert old in git(ana.root, "for-each-ref", "--format=%(objectname)", "refs/kbtui/backup")
    in_order(ana.root)


def test_what_git_does_not_say_is_not_taken_for_nothing(
    ana: Member, lead: Member, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAULTS 33: a history that was taken back is not given back because git was late with one answer."""
    lost = ana.ask("Will this vanish?")
    ana.sync()
    git(lead.root, "push", "-q", "--force", "origin", "HEAD:main")
    usual = GitRunner.run

    def late(runner: GitRunner, *arguments: str, **how: object) -> GitResult:
        if any(word.startswith(SHARED_REFS) for word in arguments):
            return GitResult(-1, b"", "git did not answer within 30 seconds")
        return usual(runner, *arguments, **how)  # type: ignore[arg-type]

    with monkeypatch.context() as trouble:
        trouble.setattr(GitRunner, "run", late)
        assert ana.raw_sync().outcome is Outcome.LEAD
    assert in_head(remote, lost) is None
    assert ana.sync().vanished == (lost,)


def test_a_shared_branch_is_never_forced(ana: Member, lead: Member, remote: Path) -> None:
    """FAULTS 34: over every push of a rewritten remote, a protected branch and a review that was taken over.

    https://github.com/floccusaddon/floccus/issues/2000
    """
    test_a_rewritten_remote(ana, lead, remote)
    git(lead.root, "fetch", "-q", "origin")
    git(lead.root, "reset", "-q", "--hard", "origin/main")
    test_a_protected_branch(ana, lead, remote)
    lines = (ana.parts().state / "git.log").read_text().splitlines()
    pushes = [words for words in (json.loads(line)["git"] for line in lines) if words[0] == "push"]
    assert len(pushes) > 3
    for words in pushes:
        forced = [word for word in words if word.startswith(("--force", "-f", "+", "--mirror", "--delete", ":"))]
        assert not forced or words[-1].startswith(":refs/heads/kb-inbox/"), words


def test_a_mass_deletion_is_held_back(ana: Member, lead: Member, remote: Path) -> None:
    """FAULTS 35: search goes on over the old copy until a lead has looked.

    https://github.com/dendronhq/dendron/issues/2280
    """
    lead_pushes(lead, {f"bulk/e{n}.md": f"# Bulk {n}?\n\nYes.\n" for n in range(11)})
    ana.sync()
    git(lead.root, "rm", "-q", "-r", "bulk")
    lead.commit()
    git(lead.root, "push", "-q", "origin", "HEAD:main")
    path = ana.ask("Still there?")
    shared = ana.sync()
    assert shared.words == "Needs your lead (code K05)"
    assert ana.has("Bulk 7?")
    assert git(remote, "for-each-ref", "refs/heads/kb-inbox") != "", "what was saved here is nowhere else"
    assert ana.sync(may_delete=True).words == "Shared"
    assert not ana.has("Bulk 7?")
    assert in_head(remote, path) is not None


def test_a_few_deletions_and_many_moves_pass(ana: Member, lead: Member) -> None:
    lead_pushes(lead, {f"bulk/e{n}.md": f"---\nid: bulk{n:04}\n---\n# Bulk {n}?\n\nYes.\n" for n in range(12)})
    ana.sync()
    git(lead.root, "mv", "bulk", "heap")
    git(lead.root, "rm", "-q", REFUND)
    lead.commit()
    git(lead.root, "push", "-q", "origin", "HEAD:main")
    assert ana.sync().words == "Shared"
    assert (ana.root / "heap" / "e7.md").exists()


# Odd repositories


def test_an_empty_remote_gets_its_first_branch(base: Path, tmp_path: Path) -> None:
    """FAULTS 17.

    https://github.com/requarks/wiki/issues/1286
    """
    git(tmp_path, "init", "-q", "--bare", str(tmp_path / "empty.git"))
    git(base, "remote", "add", "origin", str(tmp_path / "empty.git"))
    ana = Member(ANA, base, tmp_path / "home-a")
    assert ana.sync().words == "Shared"
    assert git(tmp_path / "empty.git", "rev-parse", "main") == ana.head()


def test_a_branch_without_commits_takes_the_team_s(remote: Path, tmp_path: Path) -> None:
    """FAULTS 17: the other way round."""
    root = tmp_path / "unborn"
    git(tmp_path, "init", "-q", "-b", "main", str(root))
    git(root, "remote", "add", "origin", str(remote))
    syncer = Syncer(repository_of(root), EntryFiles(root), ANA, lambda _: None)
    assert syncer.sync(Options("ana")).outcome is Outcome.SHARED
    assert (root / REFUND).exists()
    in_order(root)


def test_two_beginnings_are_never_joined(ana: Member, remote: Path, tmp_path: Path) -> None:
    """FAULTS 18: local work goes to an inbox branch.

    https://github.com/max-sixty/tend/pull/60
    """
    git(ana.root, "checkout", "-q", "--orphan", "anew")
    write_files(ana.root, {"mine.md": "# Mine?\n\nYes.\n"})
    ana.commit()
    git(ana.root, "branch", "-q", "-M", "anew", "main")
    before = main_of(remote)
    shared = ana.sync()
    assert shared.words == "Needs your lead (code K06)"
    assert main_of(remote) == before
    assert ana.head() in git(remote, "for-each-ref", "--format=%(objectname)", "refs/heads/kb-inbox")
    assert (ana.root / "mine.md").exists()


def test_a_shallow_clone_gets_the_rest_when_it_has_to_merge(remote: Path, lead: Member, team: Path) -> None:
    """FAULTS 38.

    https://github.com/metamath/set.mm/pull/1501
    """
    lead_pushes(lead, {"one.md": "# One?\n\nYes.\n"})
    ana = member(ANA, team, f"file://{remote}", None, "--depth=1")
    lead_pushes(lead, {"two.md": "# Two?\n\nYes.\n"})
    ana.ask("Is it shallow?")
    assert git(ana.root, "rev-parse", "--is-shallow-repository") == "true"
    assert ana.sync().words == "Shared"
    assert git(ana.root, "rev-parse", "--is-shallow-repository") == "false"
    assert ana.has("Two?")
    in_order(ana.root)


def test_a_renamed_default_branch_is_followed(ana: Member, lead: Member, remote: Path) -> None:
    """FAULTS S13.

    https://github.com/charliie-dev/Logseq-Git-Sync-101/pull/54
    """
    ana.ask("Before the new name?")
    ana.sync()
    git(remote, "branch", "-m", "main", "trunk")
    git(remote, "symbolic-ref", "HEAD", "refs/heads/trunk")
    path = ana.ask("After the new name?")
    assert ana.sync().words == "Shared"
    assert git(remote, "cat-file", "-t", f"trunk:{path}") == "blob"
    assert git(remote, "for-each-ref", "--format=%(refname:short)", "refs/heads") == "trunk"
    assert ana.sync().words == "Shared"


def test_a_submodule_is_left_alone(ana: Member, ben: Member, remote: Path) -> None:
    """FAULTS 39.

    https://github.com/damionx7/Zettel-Notes-Documentation/issues/29
    """
    for each, digit in ((ana, "1"), (ben, "2")):
        git(each.root, "update-index", "--add", "--cacheinfo", f"160000,{digit * 40},theirs")
        git(each.root, "commit", "-q", "-m", "module")
    git(ana.root, "push", "-q", "origin", "HEAD:main")
    ben.sync()
    assert "1" * 40 in git(remote, "ls-tree", "main", "theirs")


def test_a_wrong_clock_changes_nothing(ana: Member, ben: Member, remote: Path) -> None:
    """FAULTS 57: what is new follows the history.

    https://github.com/elfshaker/elfshaker/issues/89
    """
    write_files(ana.root, {"old.md": "# Old clock?\n\nYes.\n"})
    git(ana.root, "add", "-A")
    past = "2001-01-01T00:00:00Z"
    git(ana.root, "commit", "-q", "-m", "x", env={"GIT_AUTHOR_DATE": past, "GIT_COMMITTER_DATE": past})
    ben.ask("New clock?")
    ben.sync()
    assert ana.sync().words == "Shared"
    ben.sync()
    assert ben.has("Old clock?")


def test_without_a_name_and_with_signing_on(lead: Member, ana: Member, remote: Path) -> None:
    """FAULTS 58, 59: a merge is made though git knows nobody and would like a signature.

    https://github.com/tpope/vim-fugitive/issues/113 , https://github.com/gitbutlerapp/gitbutler/issues/8345
    """
    git(ana.root, "config", "commit.gpgSign", "true")
    git(ana.root, "config", "gpg.program", "/bin/false")
    write_files(ana.root, {"mine.md": "# Mine?\n\nYes.\n"})
    git(ana.root, "add", "-A")
    git(ana.root, "commit", "-q", "--no-gpg-sign", "-m", "x")
    lead_pushes(lead, {"theirs.md": "# Theirs?\n\nYes.\n"})
    nobody = Member(ANA, ana.root, ana.home, {"KBTUI_PERSON": None})
    assert nobody.sync().words == "Shared"
    assert git(remote, "log", "-1", "--format=%an", "main") == "kbtui"


def test_merges_earn_nobody_anything(ana: Member, ben: Member) -> None:
    """FAULTS 66, 67: each save counts once, a sync not at all.

    https://github.com/authelia/authelia/pull/11612
    """
    ana.change(REFUND, EntryChange(answer="Three days."))
    ben.change(REFUND, EntryChange(internal="Ask the bank."))
    for each in (ana, ben, ana):
        each.sync()
    told = []
    for each in (ana, ben):
        with each.opened() as knowledge:
            knowledge.refresh()
            told.append([(step.person.name, step.action) for step in knowledge.history("refund22")[1]])
    assert told[0] == told[1]
    assert [what for _, what in told[0]].count("edit") == 2
    assert all(action != "sync" for _, action in told[0])


def test_offline_for_a_week(ana: Member, ben: Member, remote: Path, tmp_path: Path) -> None:
    """FAULTS 28.

    Contrast https://github.com/Kiln-AI/Kiln/tree/main/app/desktop/git_sync
    """
    away = tmp_path / "away.git"
    remote.rename(away)
    paths = [ana.ask(f"Offline number {number}?") for number in range(6)]
    with ana.opened() as knowledge:
        knowledge.refresh()
        assert knowledge.sync().words == WAITING
        assert found(knowledge, "Offline number 3?")[0] == paths[3]
        assert knowledge.sync_status().waiting == 6
    away.rename(remote)
    assert ana.sync().sent == 6
    ben.sync()
    assert all((ben.root / path).exists() for path in paths)
    with ana.opened() as knowledge:
        assert knowledge.sync_status().waiting == 0
        assert knowledge.sync_status().last_shared is not None


@pytest.mark.parametrize("way", ["path", "url", "relative"])
@pytest.mark.parametrize("leaves", ["nothing", "an empty folder"])
def test_a_folder_that_is_gone_for_the_moment(ana: Member, remote: Path, tmp_path: Path, way: str, leaves: str) -> None:
    """A stick that was pulled out, a place in the network that is not connected: like being offline (FAULTS 28)."""
    where = {"path": str(remote), "url": f"file://{remote}", "relative": os.path.relpath(remote, ana.root)}[way]
    git(ana.root, "remote", "set-url", "origin", where)
    away = remote.rename(tmp_path / "away.git")
    if leaves == "an empty folder":
        remote.mkdir()
    path = ana.ask("Is the stick in?")
    shared = ana.sync()
    assert (shared.words, shared.code, shared.waiting) == (WAITING, "", 1)
    assert str(remote) in shared.reason
    assert "set-url" in shared.hint
    with ana.opened() as knowledge:
        told = knowledge.sync_status()
    assert (told.words, told.reason, told.hint) == (WAITING, shared.reason, shared.hint)
    if leaves == "an empty folder":
        remote.rmdir()
    away.rename(remote)
    shared = ana.sync()
    assert (shared.words, shared.reason, shared.hint) == ("Shared", "", "")
    assert in_head(remote, path) is not None


def test_a_folder_that_is_something_else_now(ana: Member, remote: Path, tmp_path: Path) -> None:
    """FAULTS S10. Compare https://github.com/dendronhq/dendron/pull/2273 ."""
    remote.rename(tmp_path / "away.git")
    write_files(remote, {"holiday.txt": "sand\n"})
    assert ana.sync().code == "K08"


def test_a_base_nobody_shares(base: Path, tmp_path: Path) -> None:
    shared = Member(ANA, base, tmp_path / "home").sync()
    assert (shared.words, shared.outcome) == ("Saved", "alone")
    assert WAITING not in shared.words
