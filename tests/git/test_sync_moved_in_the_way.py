"""Somebody works on an entry that the team moves: the work stays, the rest comes, and both end in the new place.

FAULTS S2: https://github.com/gitgitgadget/git/issues/759. FAULTS 45: https://git-scm.com/docs/git-merge-tree
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kbtui.entry.model import EntryChange
from kbtui.git.outcome import Outcome
from tests.git.in_the_way import MINE, STEPS, converged, works_on
from tests.helpers import PASSWORD, REFUND, git, in_head, status, write_files
from tests.team_of import Member, killed_at

RESET, RENEW, REPLACE = (f"How do I {word} my password?" for word in ("reset", "renew", "replace"))
MOVED = f"money/{Path(PASSWORD).name}"


def moves(ana: Member, old: str = PASSWORD, new: str = MOVED) -> None:
    """Let the team move an entry, change a word of its question, and change another entry."""
    (ana.root / new).parent.mkdir(exist_ok=True)
    git(ana.root, "mv", old, new)
    text = (ana.root / new).read_text()
    write_files(ana.root, {new: text.replace(RESET, RENEW)})
    ana.commit()
    ana.change(REFUND, EntryChange(answer="Ten days."))
    ana.sync()


def works_on_moved(ana: Member, lead: Member) -> bytes:
    """Let the lead work on an entry that the team moves meanwhile; return what stays in the lead's folder."""
    moves(ana)
    own = works_on(lead, PASSWORD)
    assert lead.sync().in_the_way == (PASSWORD,)
    assert (lead.root / PASSWORD).read_bytes() == own
    return own


def is_one_again(*team: Member, words: tuple[str, ...] = (RENEW, "Half a thought")) -> None:
    """Assert that the entry that was moved is there once, with what everybody has typed."""
    for each in team:
        assert not (each.root / PASSWORD).exists()
        text = (each.root / MOVED).read_text()
        assert all(some in text for some in words)
        assert not list(each.root.rglob("*.variant.md"))


def test_an_entry_that_was_moved_holds_up_its_file_alone(ana: Member, lead: Member, remote: Path) -> None:
    """FAULTS 45, S2: what comes, comes, the entry in its new place as well; the work on it stays where it is."""
    own = works_on_moved(ana, lead)
    assert "Ten days." in (lead.root / REFUND).read_text()
    assert (lead.root / MOVED).read_bytes() == in_head(remote, MOVED)
    assert lead.head() == git(remote, "rev-parse", "main")
    assert status(lead.root) == f"?? {PASSWORD}"
    lead.ask("Is the till open on Sunday?")
    ana.change(MOVED, EntryChange(tags=("login",)))
    ana.sync()
    assert lead.sync().in_the_way == (PASSWORD,)
    assert in_head(remote, PASSWORD) is None
    assert (lead.root / PASSWORD).read_bytes() == own
    assert "login" in (lead.root / MOVED).read_text()
    lead.commit()
    assert lead.sync().reason == ""
    converged(remote, ana, lead)
    is_one_again(ana, lead, words=(RENEW, "Half a thought", "login"))


def _all(lead: Member) -> None:
    lead.commit()


def _alone(lead: Member) -> None:
    git(lead.root, "add", PASSWORD)
    git(lead.root, "commit", "-q", "-m", "by hand", "--", PASSWORD)


def _instead(lead: Member) -> None:
    git(lead.root, "rm", "-q", MOVED)
    lead.commit()


def _pushed(lead: Member) -> None:
    lead.commit()
    git(lead.root, "push", "-q", "origin", "HEAD:main")


def _saved(lead: Member) -> None:
    lead.change(PASSWORD, EntryChange(owner="Lena"))


def _both(lead: Member) -> None:
    lead.change(MOVED, EntryChange(owner="Lena"))
    lead.commit()


def _put_over(lead: Member) -> None:
    """What many do: the file is moved by hand to where the team has it, over the team's words."""
    (lead.root / PASSWORD).replace(lead.root / MOVED)
    lead.commit()


def _put_over_and_looked_at(lead: Member) -> None:
    (lead.root / PASSWORD).replace(lead.root / MOVED)
    for _ in range(2):
        lead.sync()
        assert RENEW not in (lead.root / MOVED).read_text()
    lead.commit()


def _put_aside(lead: Member) -> None:
    git(lead.root, "stash", "-u")
    assert lead.sync().reason == ""
    git(lead.root, "stash", "pop")
    assert lead.sync().in_the_way == (PASSWORD,)
    lead.commit()


DEEDS = (_all, _alone, _instead, _pushed, _saved, _both, _put_over, _put_over_and_looked_at, _put_aside)


@pytest.mark.parametrize("deed", DEEDS)
def test_work_on_an_entry_that_was_moved_comes_to_its_new_place(
    ana: Member, ben: Member, lead: Member, remote: Path, deed: Callable[[Member], None]
) -> None:
    works_on_moved(ana, lead)
    deed(lead)
    ben.sync()
    assert lead.sync().reason == ""
    converged(remote, ana, ben, lead)
    owner = ("owner: Lena",) if deed in (_saved, _both) else ()
    is_one_again(ana, ben, lead, words=(RENEW, "Half a thought", *owner))


def test_put_over_by_hand_and_changed_meanwhile(ana: Member, lead: Member, remote: Path) -> None:
    works_on_moved(ana, lead)
    (lead.root / PASSWORD).replace(lead.root / MOVED)
    ana.change(MOVED, EntryChange(tags=("login",)))
    ana.sync()
    assert lead.sync().in_the_way == (MOVED,)
    lead.commit()
    lead.sync()
    converged(remote, ana, lead)
    is_one_again(ana, lead, words=(RENEW, "Half a thought", "login"))


def test_moved_to_where_somebody_has_a_file_of_their_own(ana: Member, lead: Member, remote: Path) -> None:
    moves(ana)
    own = works_on(lead, PASSWORD)
    write_files(lead.root, {MOVED: MINE})
    assert set(lead.sync().in_the_way) == {MOVED, PASSWORD}
    assert (lead.root / PASSWORD).read_bytes() == own
    assert (lead.root / MOVED).read_text() == MINE
    lead.commit()
    lead.sync()
    converged(remote, ana, lead)
    assert all(map(ana.has, (RENEW, "Half a thought", "Only for walruses.")))


def test_moved_once_more_meanwhile(ana: Member, lead: Member, remote: Path) -> None:
    works_on_moved(ana, lead)
    moves(ana, MOVED, "money/again.md")
    assert lead.sync().in_the_way == (PASSWORD,)
    moves(ana, "money/again.md", MOVED)
    assert lead.sync().in_the_way == (PASSWORD,)
    lead.commit()
    lead.sync()
    converged(remote, ana, lead)
    is_one_again(ana, lead)


def test_moved_back_meanwhile(ana: Member, lead: Member, remote: Path) -> None:
    own = works_on_moved(ana, lead)
    moves(ana, MOVED, PASSWORD)
    assert lead.sync().in_the_way == (PASSWORD,)
    assert (lead.root / PASSWORD).read_bytes() == own
    assert not (lead.root / MOVED).exists()
    lead.commit()
    lead.sync()
    converged(remote, ana, lead)
    text = (ana.root / PASSWORD).read_text()
    assert RENEW in text
    assert "Half a thought" in text


def test_moved_and_deleted_meanwhile(ana: Member, lead: Member, remote: Path) -> None:
    """FAULTS 43: an edit beats a delete."""
    works_on_moved(ana, lead)
    git(ana.root, "rm", "-q", MOVED)
    ana.commit()
    ana.sync()
    assert lead.sync().in_the_way == (PASSWORD,)
    lead.commit()
    lead.sync()
    converged(remote, ana, lead)
    assert "Half a thought" in (ana.root / PASSWORD).read_text()
    assert not (ana.root / MOVED).exists()


def test_moved_and_both_changed_the_same_words(ana: Member, lead: Member, remote: Path) -> None:
    moves(ana)
    text = (lead.root / PASSWORD).read_text()
    write_files(lead.root, {PASSWORD: text.replace(RESET, REPLACE)})
    assert lead.sync().in_the_way == (PASSWORD,)
    lead.commit()
    assert lead.sync().words == "Two versions kept, a lead will choose"
    converged(remote, ana, lead)
    assert ana.has(RENEW)
    assert ana.has(REPLACE)
    assert [each.parent.name for each in ana.root.rglob("*.variant.md")] == ["money"]
    assert not (ana.root / PASSWORD).exists()


def test_moved_and_the_lead_gives_up_their_work(ana: Member, lead: Member, remote: Path) -> None:
    works_on_moved(ana, lead)
    (lead.root / PASSWORD).unlink()
    converged(remote, ana, lead)
    assert not (ana.root / PASSWORD).exists()
    assert (lead.root / MOVED).read_bytes() == in_head(remote, MOVED)


def test_moved_and_another_entry_is_written_at_its_old_place(ana: Member, lead: Member, remote: Path) -> None:
    works_on_moved(ana, lead)
    write_files(lead.root, {PASSWORD: "---\nid: walrus22\n---\n# Do you sell walruses?\n\nNo.\n"})
    lead.commit()
    lead.sync()
    converged(remote, ana, lead)
    assert "walruses" in (ana.root / PASSWORD).read_text()
    assert "walruses" not in (ana.root / MOVED).read_text()


def test_moved_and_staged(ana: Member, lead: Member, remote: Path) -> None:
    moves(ana)
    works_on(lead, PASSWORD)
    git(lead.root, "add", PASSWORD)
    assert lead.sync().in_the_way == (PASSWORD,)
    assert status(lead.root) == f"A  {PASSWORD}"
    git(lead.root, "commit", "-q", "-m", "by hand", by=lead.person)
    lead.sync()
    converged(remote, ana, lead)
    is_one_again(ana, lead)


@pytest.mark.parametrize("commits", ["", "by hand", "all", "with kbtui"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_in_the_middle_where_the_entry_was_moved(
    ana: Member, ben: Member, lead: Member, remote: Path, step: str, commits: str
) -> None:
    moves(ana)
    own = works_on(lead, PASSWORD)
    killed_at(lead, step)
    assert (lead.root / PASSWORD).read_bytes() == own
    if commits == "with kbtui":
        lead.change(PASSWORD, EntryChange(owner="Lena"))
    elif commits == "all":
        lead.commit()
    elif commits:
        git(lead.root, "add", PASSWORD)
        git(lead.root, "commit", "-q", "-m", "by hand", "--", PASSWORD)
    synced = lead.raw_sync()
    assert synced.outcome is Outcome.SHARED
    assert "Ten days." in (lead.root / REFUND).read_text()
    if not commits:
        assert synced.in_the_way == (PASSWORD,)
        assert (lead.root / PASSWORD).read_bytes() == own
        assert status(lead.root) == f"?? {PASSWORD}"
        lead.commit()
    lead.sync()
    converged(remote, ana, ben, lead)
    is_one_again(ana, ben, lead)
