"""Undo, archive, restore: earlier words as a new commit of that entry only; nothing deleted, nobody's words lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kbtui.entry.file_format import read
from kbtui.entry.model import EntryChange, NewEntry, Person, State
from kbtui.errors import NoPersonError, NoSuchEntryError, RefusedError
from kbtui.knowledge import Knowledge
from tests.helpers import (
    ANA,
    ARCHIVED,
    BEN,
    LEAD,
    OPEN_QUESTION,
    PASSWORD,
    REFUND,
    commits,
    git,
    in_head,
    journal_of,
    opened,
    status,
    write_files,
)


def _change(base: Path, path: str, wanted: EntryChange, by: Person = ANA) -> bytes:
    """Change an entry as somebody; return its bytes afterwards."""
    with opened(base, {"KBTUI_PERSON": str(by)}) as knowledge:
        _, source = knowledge.opened(path)
        knowledge.change(path, wanted, source)
    return (base / path).read_bytes()


def _actions(base: Path) -> list[str]:
    return git(base, "log", "--format=%(trailers:key=Kb-Action,valueonly,separator=)").split()


def test_an_undo_is_a_new_commit_that_restores_the_former_words_of_that_entry_only(
    base: Path, knowledge: Knowledge
) -> None:
    """FAULTS 11: https://github.com/jj-vcs/jj/blob/main/docs/operation-log.md."""
    versions = [_change(base, REFUND, EntryChange(answer=f"Answer {number}.")) for number in range(3)]
    _change(base, PASSWORD, EntryChange(owner="Priya"), by=BEN)
    before, head = commits(base), git(base, "rev-parse", "HEAD")
    saved = knowledge.undo(REFUND)
    assert in_head(base, REFUND) == (base / REFUND).read_bytes() == versions[1]
    assert git(base, "diff", "--name-only", head, "HEAD") == REFUND
    assert commits(base) == before + 1
    assert git(base, "rev-parse", "HEAD~1") == head, "history was rewritten"
    assert saved.words.startswith("Undone: the improvement by Ana Kovacs of ")
    assert saved.is_committed
    assert status(base) == ""


def test_undo_of_undo_brings_the_words_back(base: Path, knowledge: Knowledge) -> None:
    """FAULTS 11, redo: https://github.com/jj-vcs/jj/blob/main/docs/operation-log.md."""
    before = (base / REFUND).read_bytes()
    after = _change(base, REFUND, EntryChange(answer="Ten days.", tags=("ten",)))
    for wanted in (before, after, before, after):
        knowledge.undo(REFUND)
        assert in_head(base, REFUND) == wanted
    assert _actions(base)[:4] == ["undo"] * 4


def test_undo_without_a_name_takes_back_the_writer_s_own_last_action(base: Path, knowledge: Knowledge) -> None:
    before = (base / REFUND).read_bytes()
    _change(base, REFUND, EntryChange(answer="Ten days."))
    bens = _change(base, PASSWORD, EntryChange(owner="Priya"), by=BEN)
    assert knowledge.undo().entry.path == REFUND
    assert in_head(base, REFUND) == before
    assert in_head(base, PASSWORD) == bens
    with opened(base, {"KBTUI_PERSON": str(LEAD)}) as leads, pytest.raises(RefusedError, match="changed nothing"):
        leads.undo()
    with opened(base, {"KBTUI_PERSON": None}) as nobodys, pytest.raises(NoPersonError):
        nobodys.undo()


def test_what_others_changed_since_stays(base: Path, knowledge: Knowledge) -> None:
    """F36: after other people's commits an undo is merged by value."""
    _change(base, REFUND, EntryChange(answer="Ten days.", tags=("refunds", "ten")))
    _change(base, REFUND, EntryChange(owner="Priya Nair", asked_as=("where is my money", "still no money")), by=BEN)
    saved = knowledge.undo()
    entry = read(REFUND, in_head(base, REFUND) or b"")
    assert entry.answer.startswith("Five working days")
    assert entry.tags == ("refunds", "returns")
    assert (entry.owner, entry.asked_as) == ("Priya Nair", ("where is my money", "still no money"))
    assert "what others have changed since stays" in saved.words
    knowledge.undo()
    assert read(REFUND, in_head(base, REFUND) or b"").answer == "Ten days."
    assert read(REFUND, in_head(base, REFUND) or b"").owner == "Priya Nair"


def test_an_undo_never_overwrites_other_people_s_words(base: Path, knowledge: Knowledge) -> None:
    _change(base, REFUND, EntryChange(answer="Ten days."))
    bens = _change(base, REFUND, EntryChange(answer="Twelve days."), by=BEN)
    before = commits(base)
    with pytest.raises(RefusedError, match="changed again since"):
        knowledge.undo()
    assert (in_head(base, REFUND), commits(base)) == (bens, before)


def test_half_of_a_change_is_taken_back_where_the_other_half_has_been_changed_since(
    base: Path, knowledge: Knowledge
) -> None:
    _change(base, REFUND, EntryChange(answer="Ten days.", owner="Ana"))
    _change(base, REFUND, EntryChange(answer="Twelve days."), by=BEN)
    knowledge.undo()
    entry = read(REFUND, in_head(base, REFUND) or b"")
    assert (entry.answer, entry.owner) == ("Twelve days.", "Mateo Ruiz")
    assert list((base / "refunds").glob("*.variant.md")) == []


def test_the_last_change_of_an_entry_may_be_somebody_else_s_and_is_named(base: Path, knowledge: Knowledge) -> None:
    before = (base / REFUND).read_bytes()
    _change(base, REFUND, EntryChange(answer="Ten days."), by=BEN)
    assert "the improvement by Ben Okoro" in knowledge.undo(REFUND).words
    assert in_head(base, REFUND) == before


def test_making_an_entry_is_undone_by_archiving_it(base: Path, knowledge: Knowledge) -> None:
    """Nothing is ever deleted by the tool."""
    made = knowledge.new(NewEntry("Do you sell spare parts?", "Yes."))
    content = (base / made.entry.path).read_bytes()
    saved = knowledge.undo()
    assert saved.entry.state is State.ARCHIVED
    assert "undo again brings it back" in saved.words
    assert in_head(base, made.entry.path) is not None
    knowledge.undo()
    assert in_head(base, made.entry.path) == content


def test_an_entry_that_others_have_improved_is_not_taken_from_them(base: Path, knowledge: Knowledge) -> None:
    made = knowledge.new(NewEntry("Do you sell spare parts?", "Yes."))
    bens = _change(base, made.entry.path, EntryChange(owner="Ben"), by=BEN)
    with pytest.raises(RefusedError, match="worked on since"):
        knowledge.undo()
    assert in_head(base, made.entry.path) == bens


def test_what_nobody_changed_is_not_undone(base: Path, knowledge: Knowledge) -> None:
    before = commits(base)
    with pytest.raises(RefusedError, match="Nobody has changed this entry yet"):
        knowledge.undo(REFUND)
    assert commits(base) == before


def test_a_plain_commit_of_a_lead_is_undone_for_one_entry(base: Path, knowledge: Knowledge) -> None:
    before = (base / REFUND).read_bytes()
    write_files(base, {REFUND: before.replace(b"Five", b"Six"), PASSWORD: (base / PASSWORD).read_bytes() + b"More.\n"})
    git(base, "commit", "-qam", "by hand")
    assert "the change by Lena Lead" in knowledge.undo(REFUND).words
    assert in_head(base, REFUND) == before
    assert (in_head(base, PASSWORD) or b"").endswith(b"More.\n")


def test_a_file_that_was_moved_since(base: Path, knowledge: Knowledge) -> None:
    """FAULTS 45: the move itself is no change of words; https://git-scm.com/docs/git-merge-tree."""
    before = (base / REFUND).read_bytes()
    _change(base, REFUND, EntryChange(answer="Ten days."))
    git(base, "mv", REFUND, "refunds/moved.md")
    git(base, "commit", "-qm", "moved")
    knowledge.refresh()
    assert knowledge.undo().entry.path == "refunds/moved.md"
    assert in_head(base, "refunds/moved.md") == before
    knowledge.undo("refunds/moved.md")
    assert read("x.md", in_head(base, "refunds/moved.md") or b"").answer == "Ten days."


def test_a_save_that_still_waits_is_undone_too(base: Path, knowledge: Knowledge) -> None:
    """FAULTS 16, 19: in the middle of a lead's work; https://github.com/dendronhq/dendron/issues/2280."""
    before = (base / REFUND).read_bytes()
    git(base, "checkout", "-q", "--detach")
    _change(base, REFUND, EntryChange(answer="Ten days."))
    saved = knowledge.undo()
    assert not saved.is_committed
    assert "Undone: the improvement" in saved.words
    assert "waiting for a detached HEAD" in saved.words
    assert (base / REFUND).read_bytes() == before
    git(base, "checkout", "-q", "main")
    assert knowledge.recover() == 2
    assert in_head(base, REFUND) == before
    assert _actions(base)[:2] == ["undo", "edit"]
    assert journal_of(base).pending() == []


def test_a_confirmation_is_undone(base: Path, knowledge: Knowledge) -> None:
    knowledge.validate(REFUND)
    assert knowledge.get(REFUND).state is State.VALIDATED
    knowledge.undo()
    assert knowledge.get(REFUND).state is State.NOT_VALIDATED
    knowledge.undo()
    assert knowledge.get(REFUND).state is State.VALIDATED


def test_a_lead_s_uncommitted_words_survive_an_undo(base: Path, knowledge: Knowledge) -> None:
    """FAULTS 20: no stash, nothing overwritten; https://github.com/microsoft/vscode/pull/325762."""
    _change(base, REFUND, EntryChange(answer="Ten days."))
    editing = (base / REFUND).read_bytes().replace(b"Look in Admin", b"Look twice in Admin")
    write_files(base, {REFUND: editing, PASSWORD: "# Half written\n"})
    knowledge.undo()
    assert b"Look twice in Admin" in (base / REFUND).read_bytes()
    assert b"Five working days" in (base / REFUND).read_bytes()
    assert (base / PASSWORD).read_bytes() == b"# Half written\n"
    assert status(base).split() == ["M", PASSWORD]
    assert git(base, "stash", "list") == ""


# Archive and restore


def test_an_entry_is_archived_and_brought_back(base: Path, knowledge: Knowledge) -> None:
    """F34."""
    before = (base / REFUND).read_bytes()
    saved = knowledge.archive("refund22", replaced_by="passwd22", reason="Nobody asks\nthis any more.")
    entry = saved.entry
    assert (entry.state, entry.replaced_by) == (State.ARCHIVED, "passwd22")
    assert "by Ana Kovacs: Nobody asks" in entry.internal
    assert entry.internal.startswith("Look in Admin")
    assert "says it now" in saved.words
    back = knowledge.restore("refund22").entry
    assert (back.state, back.replaced_by) == (State.NOT_VALIDATED, "")
    knowledge.undo()
    knowledge.undo("refund22")
    assert _actions(base)[:4] == ["undo", "undo", "restore", "archive"]
    assert in_head(base, REFUND) == before
    assert status(base) == ""


def test_why_an_entry_was_archived_goes_with_the_archiving(knowledge: Knowledge) -> None:
    notes = knowledge.get(REFUND).internal
    for reason in ("Nobody asks\nthis any more.", "Once more.\n\nReally."):
        knowledge.archive(REFUND, reason=reason)
        assert knowledge.restore(REFUND).entry.internal == notes
    knowledge.archive(ARCHIVED, reason="Nobody has a fax.")
    assert knowledge.restore(ARCHIVED).entry.internal == ""


def test_what_was_made_of_the_line_that_says_why_stays(knowledge: Knowledge) -> None:
    """Only what archiving wrote goes, wherever in the notes it stands by then; what somebody made of it is theirs."""
    knowledge.archive(REFUND, reason="Nobody asks.")
    entry, opened_as = knowledge.opened(REFUND)
    knowledge.change(REFUND, EntryChange(internal=f"{entry.internal}\n\nAsk Ben."), opened_as)
    assert knowledge.restore(REFUND).entry.internal.endswith("\n\nAsk Ben.")
    assert "Archived on" not in knowledge.get(REFUND).internal
    knowledge.archive(REFUND, reason="Nobody asks.")
    entry, opened_as = knowledge.opened(REFUND)
    changed = entry.internal.replace("Nobody asks.", "Nobody asks, says Ben.")
    knowledge.change(REFUND, EntryChange(internal=changed), opened_as)
    assert knowledge.restore(REFUND).entry.internal == changed


def test_a_confirmation_brings_an_archived_entry_back_and_says_so(knowledge: Knowledge) -> None:
    notes = knowledge.get(REFUND).internal
    knowledge.archive(REFUND, replaced_by="passwd22", reason="Nobody asks.")
    saved = knowledge.validate(REFUND)
    assert saved.words == "Saved, and brought back from the archive"
    assert (saved.entry.state, saved.entry.replaced_by, saved.entry.internal) == (State.VALIDATED, "", notes)
    assert knowledge.validate(REFUND).words == "Nothing changed"


@pytest.mark.parametrize("state", [State.OPEN, State.VALIDATED, State.NOT_VALIDATED])
def test_what_is_brought_back_has_the_state_it_deserves(knowledge: Knowledge, state: State) -> None:
    name = "openqu22" if state is State.OPEN else "refund22"
    if state is State.VALIDATED:
        knowledge.validate(name)
    knowledge.archive(name)
    assert knowledge.get(name).state is State.ARCHIVED
    assert knowledge.restore(name).entry.state is state


def test_what_makes_no_sense_is_refused(base: Path, knowledge: Knowledge) -> None:
    before = commits(base)
    deeds: list[Callable[[], object]] = [
        lambda: knowledge.archive(ARCHIVED),
        lambda: knowledge.archive(REFUND, replaced_by="refund22"),
        lambda: knowledge.archive(REFUND, replaced_by="nosuch22"),
        lambda: knowledge.restore(OPEN_QUESTION),
    ]
    for deed in deeds:
        with pytest.raises((RefusedError, NoSuchEntryError)):
            deed()
    assert commits(base) == before


def test_history_says_it_in_plain_words_and_credits_nobody_for_it(base: Path, knowledge: Knowledge) -> None:
    """F36, F37: taking back is no writing."""
    knowledge.archive(REFUND)
    knowledge.restore(REFUND)
    knowledge.undo(REFUND)
    _, steps = knowledge.history(REFUND)
    assert [step.words(is_first=False) for step in steps][1:] == [
        "archived it",
        "brought it back from the archive",
        "undid the last change of it",
    ]
    assert knowledge.credit(REFUND)[1].people == ()


def test_an_undo_takes_back_what_stands_there_and_not_what_a_merge_has_thrown_away(
    base: Path, knowledge: Knowledge
) -> None:
    first = _change(base, REFUND, EntryChange(answer="First."))
    _change(base, REFUND, EntryChange(answer="Second."))
    git(base, "checkout", "-q", "-b", "side", "HEAD~1")
    _change(base, REFUND, EntryChange(answer="Thrown away."), by=BEN)
    git(base, "checkout", "-q", "main")
    git(base, "merge", "-q", "--no-edit", "-s", "ours", "side", by=LEAD)
    knowledge.refresh()
    knowledge.undo(REFUND)
    assert (base / REFUND).read_bytes() == first
