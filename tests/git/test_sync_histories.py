"""Sharing over histories that are long, cut short, changed on the host, or hold more than entries. Cases: FAULTS.md."""

from __future__ import annotations

from pathlib import Path

from kbtui.entry import file_format
from kbtui.entry.model import EntryChange, NewEntry
from tests.helpers import ANA, BEN, LEAD, REFUND, found, git, in_head, run_git, status, write_files
from tests.team_of import Member, in_order, member


def push(lead: Member, files: dict[str, str | bytes]) -> None:
    git(lead.root, "pull", "-q", "--rebase", by=LEAD)
    write_files(lead.root, files)
    lead.commit()
    git(lead.root, "push", "-q", "origin", "HEAD:main")


def test_sixty_saves_in_a_week_offline(ana: Member, ben: Member, lead: Member, remote: Path, tmp_path: Path) -> None:
    """FAULTS 28: all sixty reach the team, search worked all week, and what the team did meanwhile is there.

    https://github.com/Kiln-AI/Kiln/tree/main/app/desktop/git_sync
    """
    away = tmp_path / "away.git"
    remote.rename(away)
    with ana.opened() as knowledge:
        knowledge.refresh()
        paths = [knowledge.new(NewEntry(f"Offline number {n}?", answer=f"Answer {n}.")).entry.path for n in range(50)]
        for number, path in enumerate(paths[:10]):
            knowledge.change(path, EntryChange(internal=f"Note {number}."), (ana.root / path).read_bytes())
        for number in (0, 24, 49):
            assert found(knowledge, f"Offline number {number}?")[0] == paths[number]
            assert knowledge.sync().words != "Shared"
    away.rename(remote)
    for number in range(10):
        push(lead, {f"topic/e{number}.md": f"# Meanwhile {number}?\n\nYes.\n"})
    shared = ana.sync()
    assert (shared.words, shared.sent, shared.received, shared.waiting) == ("Shared", 50, 10, 0)
    assert git(remote, "rev-list", "--count", "--merges", "main") == "1"
    with ben.opened() as knowledge:
        knowledge.refresh()
        knowledge.sync()
        assert found(knowledge, "Offline number 24?")[0] == paths[24]
    assert "Note 9." in (ben.root / paths[9]).read_text()
    in_order(ben.root)


def test_a_remote_set_back_by_thirty_commits(ana: Member, ben: Member, lead: Member, remote: Path) -> None:
    """FAULTS 33, 35: held until a lead has looked; then what was not shared yet stands on the new tip.

    https://github.com/ViscousPot/GitSync/issues/623 , https://github.com/floccusaddon/floccus/issues/2000
    """
    start = git(remote, "rev-parse", "main")
    for number in range(30):
        write_files(lead.root, {f"topic/e{number}.md": f"---\nid: topic{number:03}\n---\n# Number {number}?\n\nYes.\n"})
        lead.commit()
    git(lead.root, "push", "-q", "origin", "HEAD:main")
    ana.sync()
    old = git(remote, "rev-parse", "main")
    mine = ana.ask("Will this stay?")
    git(remote, "update-ref", "refs/heads/main", start)
    shared = ana.sync()
    assert shared.words == "Needs your lead (code K05)"
    assert len(shared.vanished) == 30
    assert (ana.root / "topic/e29.md").exists()
    assert git(remote, "rev-parse", "main") == start
    assert in_head(ana.root, mine) is not None
    shared = ana.sync(may_delete=True)
    assert (shared.words, len(shared.vanished)) == ("Shared", 30)
    assert git(remote, "rev-list", "--count", f"{start}..main") == "1"
    assert run_git(remote, "merge-base", "--is-ancestor", old, "main").returncode == 1
    assert old in git(ana.root, "for-each-ref", "--format=%(objectname)", "refs/kbtui/backup")
    assert ben.sync().words == "Shared"
    assert ana.tree() == ben.tree()
    assert git(remote, "for-each-ref", "refs/heads/kb-inbox") == ""
    in_order(ana.root)


def test_a_remote_with_another_beginning_after_a_leak(ana: Member, lead: Member, remote: Path) -> None:
    """FAULTS 33: the lead has rewritten everything; unshared saves move over, the old history stays away."""
    ana.ask("Something shared?")
    ana.sync()
    old = git(remote, "rev-parse", "main")
    mine = ana.ask("Something not shared?")
    git(lead.root, "pull", "-q", by=LEAD)
    git(lead.root, "checkout", "-q", "--orphan", "anew")
    lead.commit("A new beginning")
    git(lead.root, "push", "-q", "--force", "origin", "HEAD:main")
    shared = ana.sync()
    assert (shared.words, shared.vanished) == ("Shared", ())
    assert in_head(remote, mine) is not None
    assert run_git(remote, "merge-base", "--is-ancestor", old, "main").returncode == 1
    assert git(remote, "rev-list", "--count", "main") == "2"
    in_order(ana.root)


def test_credit_after_a_remote_was_rewritten(
    ana: Member, ben: Member, lead: Member, remote: Path, tmp_path: Path
) -> None:
    """FAULTS S18: what is gone from the history earns nothing; a fresh clone says the same.

    https://github.com/floccusaddon/floccus/issues/2000
    """
    start = git(remote, "rev-parse", "main")
    ana.change(REFUND, EntryChange(answer="Three days."))
    ana.sync()
    with ana.opened() as knowledge:
        knowledge.refresh()
        assert ANA.name in str(knowledge.credit("refund22"))
    git(remote, "update-ref", "refs/heads/main", start)
    ben.change(REFUND, EntryChange(internal="Ask the bank."))
    ben.sync()
    ana.sync()
    (tmp_path / "fresh").mkdir()
    fresh = member(LEAD, tmp_path / "fresh", remote)
    told = []
    for each in (ana, ben, fresh):
        with each.opened() as knowledge:
            knowledge.refresh()
            told.append(knowledge.credit("refund22"))
    assert told[0] == told[1] == told[2]
    assert ANA.name not in str(told[0])
    assert BEN.name in str(told[0])


def test_a_shallow_clone_whose_remote_gives_no_more(remote: Path, lead: Member, tmp_path: Path) -> None:
    """FAULTS 38: a merge without a common beginning is not made; what is here goes to an inbox.

    https://github.com/Lexus2016/hermes-agent-evolution/pull/831
    """
    push(lead, {"one.md": "# One?\n\nYes.\n"})
    cut = tmp_path / "cut.git"
    git(tmp_path, "clone", "-q", "--bare", "--depth=1", f"file://{remote}", str(cut))
    ana = member(ANA, tmp_path, f"file://{cut}")
    git(cut, "config", "receive.shallowUpdate", "true")
    git(lead.root, "remote", "set-url", "origin", f"file://{cut}")
    push(lead, {"two.md": "# Two?\n\nYes.\n"})
    mine = ana.ask("Is it cut?")
    tip = git(cut, "rev-parse", "main")
    assert ana.sync().words == "Needs your lead (code K06)"
    assert git(cut, "for-each-ref", "--format=%(objectname)", "refs/heads/kb-inbox") == ana.head()
    assert git(cut, "rev-parse", "main") == tip
    assert in_head(ana.root, mine) is not None


def test_a_module_that_is_checked_out(ana: Member, lead: Member, remote: Path, tmp_path: Path) -> None:
    """FAULTS 39: another repository in the team's moves only where its owner moves it.

    https://github.com/damionx7/Zettel-Notes-Documentation/issues/29
    """
    git(tmp_path, "init", "-q", "-b", "main", "module")
    write_files(tmp_path / "module", {"a.md": "# A?\n"})
    git(tmp_path / "module", "add", "-A")
    git(tmp_path / "module", "commit", "-q", "-m", "one")
    allow = ("-c", "protocol.file.allow=always")
    git(lead.root, *allow, "submodule", "--quiet", "add", str(tmp_path / "module"), "theirs")
    lead.commit()
    git(lead.root, "push", "-q", "origin", "HEAD:main")
    ana.sync()
    git(ana.root, *allow, "submodule", "--quiet", "update", "--init")
    first = git(ana.root, "rev-parse", "HEAD:theirs")
    git(lead.root / "theirs", "commit", "-q", "--allow-empty", "-m", "two")
    lead.commit()
    git(lead.root, "push", "-q", "origin", "HEAD:main")
    second = git(lead.root, "rev-parse", "HEAD:theirs")
    assert first != second
    mine = ana.ask("Does it go on?")
    assert ana.sync().reason == ""
    assert git(remote, "rev-parse", "main:theirs") == second
    assert git(ana.root / "theirs", "rev-parse", "HEAD") == first, "its work tree is its owner's"
    ana.change(mine, EntryChange(answer="Yes."))
    assert ana.sync().words == "Shared"
    assert git(remote, "rev-parse", "main:theirs") == second


def test_two_entries_at_one_path(ana: Member, ben: Member, remote: Path) -> None:
    """FAULTS 44: two different entries are two entries, found both, on every computer.

    https://github.com/Kiln-AI/Kiln/tree/main/app/desktop/git_sync/integration_tests
    """
    path = "questions/same.md"
    write_files(ana.root, {path: "---\nid: same2222\n---\n# One apple?\n\nOne answer.\n"})
    ana.commit()
    write_files(ben.root, {path: "---\nid: same3333\n---\n# Two pears?\n\nTwo answers.\n"})
    ben.commit()
    for each in (ana, ben, ana):
        assert each.sync().words == "Shared"
    for each in (ana, ben):
        with each.opened() as knowledge:
            knowledge.refresh()
            assert knowledge.get("same2222").question == "One apple?"
            assert knowledge.get("same3333").question == "Two pears?"
    assert ana.tree() == ben.tree()
    in_order(ana.root)


def test_tags_of_both(ana: Member, ben: Member) -> None:
    """FAULTS S14: the union of what both added; what one took away stays away.

    https://github.com/genealogix/glx/issues/703
    """
    ana.change(REFUND, EntryChange(tags=("returns", "bank")))
    ben.change(REFUND, EntryChange(tags=("refunds", "returns", "money")))
    for each in (ana, ben, ana):
        assert each.sync().words == "Shared"
    for each in (ana, ben):
        assert set(file_format.read(REFUND, (each.root / REFUND).read_bytes()).tags) == {"returns", "bank", "money"}


def test_an_entry_deleted_here_and_moved_there(ana: Member, lead: Member) -> None:
    """FAULTS 45, 43: a move is an edit, and beats a delete."""
    (lead.root / "money").mkdir()
    git(lead.root, "mv", REFUND, "money/refund.md")
    text = (lead.root / "money/refund.md").read_text().replace("Five", "Six")
    write_files(lead.root, {"money/refund.md": text})
    lead.commit()
    git(lead.root, "push", "-q", "origin", "HEAD:main")
    git(ana.root, "rm", "-q", REFUND)
    ana.commit()
    assert ana.sync().words == "Shared"
    assert "Six working days" in (ana.root / "money/refund.md").read_text()
    in_order(ana.root)


def test_an_untracked_file_that_is_what_comes(ana: Member, lead: Member) -> None:
    """FAULTS S2: a file that somebody has copied by hand is in nobody's way.

    https://github.com/gitgitgadget/git/issues/759
    """
    push(lead, {"topic/new.md": "# New?\n\nYes.\n", "topic/more.md": "# More?\n\nYes.\n"})
    write_files(ana.root, {"topic/new.md": "# New?\n\nYes.\n"})
    assert ana.sync().reason == ""
    assert status(ana.root) == ""
    assert (ana.root / "topic/more.md").exists()


def test_a_copy_beside_a_file_that_is_in_the_way(ana: Member, lead: Member) -> None:
    """FAULTS S2: only what differs is in the way."""
    push(lead, {"topic/new.md": "# New?\n\nYes.\n", "topic/more.md": "# More?\n\nYes.\n"})
    write_files(ana.root, {"topic/new.md": "# New?\n\nYes.\n", "topic/more.md": "mine\n"})
    assert "topic/more.md" in ana.sync().reason
    assert status(ana.root) == " M topic/more.md"
    assert (ana.root / "topic/more.md").read_text() == "mine\n"
    (ana.root / "topic/more.md").unlink()
    assert ana.sync().reason == ""
    assert status(ana.root) == ""
