"""What leads do with plain git, and what reps see of it. Case numbers: FAULTS.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui.entry.model import EntryChange, Severity
from kbtui.errors import RefusedError
from kbtui.verbs.sharing import KEPT
from tests.helpers import ANA, LEAD, PASSWORD, REFUND, found, git, run_git, status, write_files
from tests.team_of import Member, member, remote_of

MARKED = """---
id: refund22
state: not-validated
---
# How long does a refund take?

<<<<<<< HEAD
Five penguins.
=======
Seven walruses.
>>>>>>> theirs
"""


@pytest.fixture
def team(base: Path, tmp_path: Path) -> tuple[Member, Member]:
    remote = remote_of(base, tmp_path / "remote.git")
    folder = tmp_path / "team"
    folder.mkdir()
    return member(ANA, folder, remote), member(LEAD, folder, remote)


def test_markers_that_somebody_has_committed_are_never_shown_or_found(team: tuple[Member, Member]) -> None:
    """FAULTS 48: https://github.com/xwmx/nb."""
    ana, lead = team
    write_files(lead.root, {REFUND: MARKED})
    lead.commit()
    git(lead.root, "push", "-q", "origin", "HEAD:main")
    with ana.opened() as knowledge:
        knowledge.refresh()
        knowledge.sync()
        entry = knowledge.get("refund22")
        assert entry.being_mended
        assert entry.answer.startswith("Five working days"), "the last good version is shown"
        assert found(knowledge, "penguins") == []
        assert REFUND in found(knowledge, "where is my money")
        (card,) = [card for card in knowledge.cards() if card.path == REFUND]
        assert card.being_mended
        knowledge.reindex()
        assert found(knowledge, "walruses") == []
        errors = [f for f in knowledge.check() if f.severity is Severity.ERROR]
        assert [(f.path, f.line) for f in errors] == [(REFUND, 7)]
        with pytest.raises(RefusedError, match="being mended"):
            knowledge.change(REFUND, EntryChange(answer="Ten days."), knowledge.opened(REFUND)[1])
    assert (ana.root / REFUND).read_text() == MARKED, "nothing is rewritten by itself"
    write_files(lead.root, {REFUND: MARKED[: MARKED.index("<<<")] + "Seven walruses.\n"})
    lead.commit("mended")
    git(lead.root, "push", "-q", "origin", "HEAD:main")
    with ana.opened() as knowledge:
        knowledge.sync()
        assert found(knowledge, "walruses") == [REFUND]
        assert not knowledge.get("refund22").being_mended


def test_markers_without_a_good_version_show_no_words(team: tuple[Member, Member]) -> None:
    """FAULTS 48: an entry that never was any different has only its notice."""
    ana, _ = team
    write_files(ana.root, {"new/a-new-one-newone22.md": MARKED.replace("refund22", "newone22")})
    ana.commit()
    with ana.opened() as knowledge:
        knowledge.refresh()
        entry = knowledge.get("newone22")
        assert (entry.being_mended, entry.answer, entry.plain) == (True, "", "")


def test_an_edit_beats_a_deletion_and_is_flagged(team: tuple[Member, Member]) -> None:
    """FAULTS 43: https://sysdesign-wiki.pages.dev/systems/trinity/."""
    ana, lead = team
    git(lead.root, "rm", "-q", REFUND, PASSWORD)
    lead.commit()
    git(lead.root, "push", "-q", "origin", "HEAD:main")
    ana.change(REFUND, EntryChange(answer="Ten days."))
    with ana.opened() as knowledge:
        knowledge.refresh()
        knowledge.sync()
        assert (ana.root / REFUND).exists()
        assert not (ana.root / PASSWORD).exists()
        assert [flag.reason for flag in knowledge.demand(knowledge.get(REFUND)).flags] == [KEPT]
        knowledge.sync()
    lead.sync()
    with lead.opened() as knowledge:
        knowledge.refresh()
        assert [flag.reason for flag in knowledge.demand(knowledge.get(REFUND)).flags] == [KEPT]


def test_a_lead_s_unfinished_work_is_copied_and_not_touched(team: tuple[Member, Member]) -> None:
    """FAULTS 20: no stash, nothing overwritten; each state of it is kept once, beside all branches."""
    ana, lead = team
    ana.change(REFUND, EntryChange(answer="Ten days."))
    ana.sync()
    own = (lead.root / REFUND).read_bytes() + b"\nHalf a thought of the lead.\n"
    (lead.root / REFUND).write_bytes(own)
    for _ in range(3):
        assert lead.sync().in_the_way == (REFUND,)
    assert (lead.root / REFUND).read_bytes() == own
    kept = git(lead.root, "for-each-ref", "--format=%(refname)", "refs/kbtui/unfinished").split()
    assert len(kept) == 1
    assert git(lead.root, "cat-file", "blob", f"{kept[0]}:{REFUND}").encode() + b"\n" == own
    assert git(lead.root, "stash", "list") == ""
    git(lead.root, "commit", "-qam", "by hand")
    lead.sync()
    assert status(lead.root) == ""
    assert lead.has("Half a thought of the lead.")
    assert lead.has("Ten days.")
    assert git(lead.root, "for-each-ref", "refs/kbtui/unfinished") == "", "the copy goes with its reason"


def test_a_card_number_in_unfinished_work_is_not_copied(team: tuple[Member, Member]) -> None:
    """FAULTS 20 and F18: git's store gets no card number that nobody has asked it to keep; other files are copied."""
    ana, lead = team
    ana.change(REFUND, EntryChange(answer="Ten days."))
    ana.change(PASSWORD, EntryChange(answer="Ask us."))
    ana.sync()
    for path, words in ((REFUND, "Card 4111 1111 1111 1111."), (PASSWORD, "Half a thought.")):
        write_files(lead.root, {path: (lead.root / path).read_bytes() + f"\n{words}\n".encode()})
    assert set(lead.sync().in_the_way) == {REFUND, PASSWORD}
    (kept,) = git(lead.root, "for-each-ref", "--format=%(refname)", "refs/kbtui/unfinished").split()
    assert git(lead.root, "diff-tree", "-r", "--name-only", f"{kept}^", kept) == PASSWORD
    refused = git(lead.root, "hash-object", REFUND)
    assert run_git(lead.root, "cat-file", "-e", refused).returncode != 0
    git(lead.root, "checkout", "-q", "--", REFUND)
    lead.sync()
    assert git(lead.root, "for-each-ref", "refs/kbtui/unfinished"), "somebody is still working on the file"
    ana.change(REFUND, EntryChange(tags=("returns", "bank")))
    ana.sync()
    assert lead.sync().received == 1
    assert git(lead.root, "for-each-ref", "refs/kbtui/unfinished"), "another landing does not end that"


def test_a_marked_version_never_takes_the_place_of_a_good_one(team: tuple[Member, Member]) -> None:
    """FAULTS 48: somebody has improved the entry meanwhile; the good version stays, the other one is kept whole."""
    ana, lead = team
    write_files(lead.root, {REFUND: MARKED})
    lead.commit()
    git(lead.root, "push", "-q", "origin", "HEAD:main")
    ana.change(REFUND, EntryChange(answer="Ten days."))
    with ana.opened() as knowledge:
        knowledge.refresh()
        knowledge.sync()
        assert knowledge.get(REFUND).answer == "Ten days."
        assert found(knowledge, "penguins") == []
        assert len(knowledge.variants()) == 1
