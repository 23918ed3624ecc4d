"""A team whose branch is protected: what was sent for review is changed there, taken over, or left.

Case numbers: FAULTS.md.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui.entry import file_format
from kbtui.entry.model import EntryChange
from kbtui.git import review
from tests.helpers import LEAD, REFUND, found, git, save_ids, write_files
from tests.team_of import Member, in_order, protect, remote_of, unprotect


@pytest.fixture
def remote(base: Path, tmp_path: Path) -> Path:
    place = remote_of(base, tmp_path / "remote.git")
    protect(place)
    return place


def inboxes(remote: Path) -> list[str]:
    return git(remote, "for-each-ref", "--format=%(refname:short)", "refs/heads/kb-inbox").split()


def takes_over(lead: Member, remote: Path, *, how: str = "squash", drop: bool = False) -> str:
    """Do what the button of a host does: squash, merge or rebase a pull request of the one inbox there is."""
    (inbox,) = inboxes(remote)
    git(lead.root, "fetch", "-q", "--prune", "origin")
    git(lead.root, "reset", "-q", "--hard", "origin/main")
    if how == "squash":
        git(lead.root, "merge", "-q", "--squash", f"origin/{inbox}")
        lead.commit("Squash")
    elif how == "merge":
        git(lead.root, "merge", "-q", "--no-ff", "-m", "Merge pull request", f"origin/{inbox}")
    else:
        git(lead.root, "reset", "-q", "--hard", f"origin/{inbox}")
        git(lead.root, "rebase", "-q", "origin/main")
    unprotect(remote)
    git(lead.root, "push", "-q", "origin", "HEAD:main")
    if drop:
        git(lead.root, "push", "-q", "origin", f":{inbox}")
    protect(remote)
    return git(remote, "rev-parse", "main")


def edits_there(lead: Member, remote: Path, path: str, old: str, new: str) -> None:
    """Change an entry in a pull request, as a lead does: a commit on its branch."""
    (inbox,) = inboxes(remote)
    git(lead.root, "fetch", "-q", "--prune", "origin")
    git(lead.root, "checkout", "-q", "--detach", f"origin/{inbox}")
    text = (lead.root / path).read_text()
    assert old in text
    write_files(lead.root, {path: text.replace(old, new)})
    lead.commit("Say it better")
    git(lead.root, "push", "-q", "origin", f"HEAD:{inbox}")
    git(lead.root, "checkout", "-q", "main")


@pytest.mark.parametrize("drop", [False, True])
@pytest.mark.parametrize("how", ["squash", "merge", "rebase"])
def test_whatever_button_was_pressed(
    ana: Member, ben: Member, lead: Member, remote: Path, how: str, drop: bool
) -> None:
    """FAULTS 71: taken over once, nothing is sent twice, and the inbox is empty.

    https://github.com/fluxcd/image-automation-controller/issues/450
    """
    path = ana.ask("Is it taken over?", "Yes.")
    ana.change(REFUND, EntryChange(answer="Three days."))
    assert ana.sync().words == "Sent for review"
    tip = takes_over(lead, remote, how=how, drop=drop)
    shared = ana.sync()
    assert (shared.words, shared.sent, shared.variants, shared.waiting) == ("Shared", 0, (), 0)
    assert git(remote, "rev-parse", "main") == tip == ana.head()
    assert inboxes(remote) == []
    assert ben.sync().words == "Shared"
    assert ana.tree() == ben.tree()
    assert (ana.root / path).exists()
    in_order(ana.root)


@pytest.mark.parametrize("how", ["squash", "merge", "rebase"])
def test_more_was_written_meanwhile(ana: Member, lead: Member, remote: Path, how: str) -> None:
    """FAULTS 71: only what is new is sent the next time."""
    first = ana.ask("Is it the first?")
    ana.sync()
    takes_over(lead, remote, how=how)
    ana.change(first, EntryChange(answer="It was."))
    second = ana.ask("Is it the second?")
    shared = ana.sync()
    assert (shared.words, shared.variants) == ("Sent for review", ())
    (inbox,) = inboxes(remote)
    assert git(remote, "diff", "--name-only", "main", inbox).split() == sorted([first, second])
    takes_over(lead, remote, how=how)
    assert ana.sync().words == "Shared"
    assert inboxes(remote) == []
    assert "It was." in (ana.root / first).read_text()
    in_order(ana.root)


@pytest.mark.parametrize("how", ["squash", "merge", "rebase"])
@pytest.mark.parametrize("seen", [True, False])
def test_a_lead_edits_what_waits_for_review(ana: Member, lead: Member, remote: Path, how: str, seen: bool) -> None:
    """FAULTS S20: what was changed there and what is changed here are one entry, without a second version.

    https://github.com/decaporg/decap-cms/issues/1500
    """
    path = ana.ask("Is it right?", "Well, perhaps.")
    ana.sync()
    edits_there(lead, remote, path, "Well, perhaps.", "Yes, by law.")
    if seen:
        ana.sync()
        assert "Yes, by law." in (ana.root / path).read_text()
    ana.change(path, EntryChange(tags=("law",)))
    shared = ana.sync()
    assert (shared.words, shared.variants) == ("Sent for review", ())
    takes_over(lead, remote, how=how)
    shared = ana.sync()
    assert (shared.words, shared.variants) == ("Shared", ())
    entry = file_format.read(path, (ana.root / path).read_bytes())
    assert (entry.answer, entry.tags) == ("Yes, by law.", ("law",))
    assert inboxes(remote) == []
    in_order(ana.root)


def test_both_edit_the_same_words(ana: Member, lead: Member, remote: Path) -> None:
    """FAULTS S20, 41: one stays, the other is a variant; both are in the review."""
    path = ana.ask("Is it right?", "Well, perhaps.")
    ana.sync()
    edits_there(lead, remote, path, "Well, perhaps.", "Yes, by law.")
    ana.change(path, EntryChange(answer="No, by custom."))
    shared = ana.sync()
    assert len(shared.variants) == 1
    (inbox,) = inboxes(remote)
    there = git(remote, "grep", "-h", "-e", "by law", "-e", "by custom", inbox)
    assert "Yes, by law." in there
    assert "No, by custom." in there


def test_a_review_that_is_closed(ana: Member, lead: Member, remote: Path) -> None:
    """FAULTS S19: a branch that a lead has dropped without taking it over; the text stays findable by its author."""
    path = ana.ask("Will it be wanted?", "Who knows.")
    ana.sync()
    (inbox,) = inboxes(remote)
    git(remote, "update-ref", "-d", f"refs/heads/{inbox}")
    assert ana.sync().words == "Sent for review"
    assert inboxes(remote) == [], "what a lead has dropped is not put back"
    with ana.opened() as knowledge:
        knowledge.refresh()
        assert found(knowledge, "will it be wanted")[0] == path
    later = ana.ask("And this?")
    assert ana.sync().words == "Sent for review"
    assert set(git(remote, "diff", "--name-only", "main", inbox).split()) == {path, later}


def test_the_team_goes_on_meanwhile(ana: Member, lead: Member, remote: Path) -> None:
    """Every review shows what is new against the team's branch and nothing else, however long it waits."""
    path = ana.ask("Is it slow?")
    ana.sync()
    for number in range(3):
        unprotect(remote)
        git(lead.root, "pull", "-q", "--rebase", by=LEAD)
        write_files(lead.root, {f"topic/e{number}.md": f"# Number {number}?\n\nYes.\n"})
        lead.commit()
        git(lead.root, "push", "-q", "origin", "HEAD:main")
        protect(remote)
        assert ana.sync().words == "Sent for review"
    (inbox,) = inboxes(remote)
    assert git(remote, "diff", "--name-only", "main", inbox) == path
    assert len(set(save_ids(remote))) == 1


@pytest.mark.parametrize("way", ["asked", "later"])
def test_a_refusal_that_was_for_the_moment(
    ana: Member, ben: Member, remote: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """Nobody has taken it over and nothing was saved since; once the host takes it, it is shared, and said to be."""
    path = ana.ask("Is it for the moment?")
    assert ana.sync().words == "Sent for review"
    unprotect(remote)
    assert ana.sync().words == "Sent for review", "a host that refuses is left in peace for a while (FAULTS 31)"
    with ana.opened() as knowledge:
        if way == "later":
            monkeypatch.setattr(review, "OFFERED_AGAIN", -1.0)
        shared = knowledge.sync(is_asked=way == "asked")
        assert (shared.words, shared.sent, shared.waiting) == ("Shared", 1, 0)
        assert knowledge.sync_status().words == "Shared"
    assert inboxes(remote) == []
    assert git(remote, "rev-parse", "main") == ana.head()
    ben.sync()
    assert (ben.root / path).exists()


def test_a_refusal_that_stays(ana: Member, remote: Path) -> None:
    """Offered again, refused again: nothing is sent twice."""
    ana.ask("Is it for ever?")
    ana.sync()
    before = git(remote, "for-each-ref")
    with ana.opened() as knowledge:
        shared = knowledge.sync(is_asked=True)
    assert (shared.words, shared.sent) == ("Sent for review", 0)
    assert git(remote, "for-each-ref") == before
    assert ana.sync().words == "Sent for review"


def test_a_lead_pushes_what_was_sent_with_plain_git(ana: Member, remote: Path) -> None:
    """As soon as the team has it, it is said to be shared."""
    ana.ask("Does a lead push it?")
    ana.sync()
    (inbox,) = inboxes(remote)
    git(remote, "update-ref", "refs/heads/main", f"refs/heads/{inbox}")
    shared = ana.sync()
    assert (shared.words, shared.waiting) == ("Shared", 0)
    assert inboxes(remote) == []
