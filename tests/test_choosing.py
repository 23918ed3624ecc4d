"""Two people changed the same words; a lead chooses, combines, takes it back (F52). Case numbers: FAULTS.md."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kbtui.entry.differences import compared, marked
from kbtui.entry.identity import variant_of
from kbtui.entry.model import EntryChange, Person
from kbtui.errors import NoSuchEntryError, RefusedError
from kbtui.git.saver import Saver
from kbtui.store.journal import Beside, Journal
from tests.helpers import ANA, BEN, LEAD, PASSWORD, REFUND, commits, git, in_head, record, run_git, run_kbtui, status
from tests.team_of import Member, copy_of, in_order, member, remote_of

ANAS, BENS = "Three working days.", "Seven days."


@pytest.fixture
def team(base: Path, tmp_path: Path) -> tuple[Member, Member, Member]:
    """Return Ana, Ben and the lead, after Ana and Ben have answered differently, and a sync has kept both."""
    remote = remote_of(base, tmp_path / "remote.git")
    folder = tmp_path / "team"
    folder.mkdir()
    ana, ben = member(ANA, folder, remote), member(BEN, folder, remote)
    ana.change(REFUND, EntryChange(answer=ANAS, check_by="2027-01-01"))
    ben.change(REFUND, EntryChange(answer=BENS, tags=("refunds", "returns", "late")))
    ana.sync()
    ben.sync()
    return ana, ben, member(LEAD, folder, remote)


def _of(member: Member) -> Path:
    return member.root / REFUND


def _answers(member: Member) -> dict[str, Person | None]:
    """Return who typed which answer, as the list of versions says."""
    with member.opened() as knowledge:
        (contested,) = knowledge.variants()
        assert contested.entry is not None
        return {contested.entry.answer: contested.by} | {each.entry.answer: each.by for each in contested.others}


def test_both_versions_are_listed_with_who_typed_them(team: tuple[Member, Member, Member]) -> None:
    """FAULTS 41, 67: the sync has made the variant, and Ana and Ben have typed."""
    team[0].sync()
    for each in team:
        assert _answers(each) == {ANAS: ANA, BENS: BEN}
    with team[2].opened() as knowledge:
        knowledge.refresh()
        (contested,) = knowledge.variants()
        variant = contested.others[0]
        assert [person.email for person in knowledge.credit(variant.path)[1].people] == [
            variant.by and variant.by.email
        ]


def test_the_other_version_is_taken_and_keeps_what_only_the_entry_has_changed(
    team: tuple[Member, Member, Member],
) -> None:
    ana, ben, lead = team
    with lead.opened() as knowledge:
        contested = knowledge.contested(REFUND)
        (other,) = contested.others
        before, count = _of(lead).read_bytes(), commits(lead.root)
        saved = knowledge.take_version(contested, other)
        assert saved.is_committed
        assert other.by
        assert saved.words.startswith(f"Taken: the other version of {other.by.name}")
        entry = knowledge.get(REFUND)
        assert (entry.answer, entry.check_by) == (other.entry.answer, "2027-01-01")
        assert "late" in entry.tags
        assert not knowledge.variants()
        assert commits(lead.root) == count + 1, "one save is one commit"
        assert in_head(lead.root, other.path) is None
        assert other.by in knowledge.credit(REFUND)[1].improved
        assert LEAD not in knowledge.credit(REFUND)[1].people, "who chooses has typed nothing (FAULTS 67)"
        knowledge.undo(REFUND)
        assert _of(lead).read_bytes() == before
        assert [each.path for each in knowledge.contested(REFUND).others] == [other.path]
        knowledge.undo(REFUND)
        assert knowledge.get(REFUND).answer == other.entry.answer
        assert not knowledge.variants()
    for each in (lead, ana, ben):
        each.sync()
        in_order(each.root)
    assert ana.tree() == ben.tree() == lead.tree()
    assert not list(ana.root.rglob("*.variant.md"))


def test_keeping_changes_no_byte_of_the_entry_and_is_undone(team: tuple[Member, Member, Member]) -> None:
    _, _, lead = team
    with lead.opened() as knowledge:
        before = _of(lead).read_bytes()
        contested = knowledge.contested(REFUND)
        knowledge.keep_version(contested, contested.others)
        assert _of(lead).read_bytes() == before
        assert not knowledge.variants()
        assert status(lead.root) == ""
        assert "Undone: the choice between two versions" in knowledge.undo().words, "one's own last deed"
        assert knowledge.contested(REFUND).others[0].path == contested.others[0].path
        assert "Undone: the undo" in knowledge.undo(REFUND).words
        assert not knowledge.variants()
    assert status(lead.root) == ""


def test_combining_credits_everybody(team: tuple[Member, Member, Member]) -> None:
    _, _, lead = team
    with lead.opened() as knowledge:
        contested = knowledge.contested(REFUND)
        knowledge.combine_versions(contested, "Three days by card, seven by bank.", contested.others)
        assert knowledge.get(REFUND).answer == "Three days by card, seven by bank."
        assert {ANA, BEN, LEAD} <= set(knowledge.credit(REFUND)[1].people)
        assert not knowledge.variants()


def test_two_leads_who_choose_at_once_lose_no_words(team: tuple[Member, Member, Member], tmp_path: Path) -> None:
    """FAULTS 46: one takes, the other writes words of their own; both are there, and the same everywhere."""
    ana, ben, lead = team
    second = copy_of(lead, tmp_path, Person("Olga Other", "olga@example.com"))
    with lead.opened() as one, second.opened() as two:
        contested = one.contested(REFUND)
        taken = contested.others[0]
        one.take_version(contested, taken)
        two.combine_versions(two.contested(REFUND), "Between three and seven.", two.contested(REFUND).others)
    for each in (lead, second, lead, ana, ben, second):
        each.sync()
    assert len({each.tree() for each in (lead, second, ana, ben)}) == 1
    assert ana.has("Between three and seven.")
    assert ana.has(taken.entry.answer)
    in_order(ana.root)


def test_words_changed_after_the_lead_has_looked_are_kept(team: tuple[Member, Member, Member]) -> None:
    """A stale choice: somebody has improved the entry's answer while the lead was thinking."""
    _, _, lead = team
    with lead.opened() as knowledge:
        contested = knowledge.contested(REFUND)
        lead.change(REFUND, EntryChange(answer="Ten days since May."))
        saved = knowledge.take_version(contested, contested.others[0])
        assert saved.variant, "the choice contests the later words, so both are kept"
        assert "Two versions kept" in saved.words
        (again,) = knowledge.variants()
        assert again.entry
        answers = {again.entry.answer, *(each.entry.answer for each in again.others)}
        assert answers == {"Ten days since May.", contested.others[0].entry.answer}


def test_of_several_versions_one_is_taken_and_the_others_stay(team: tuple[Member, Member, Member]) -> None:
    _, ben, lead = team
    there = _of(ben).read_bytes()
    third = there.replace(BENS.encode(), b"Nine days.").replace(ANAS.encode(), b"Nine days.")
    lead.change(REFUND, EntryChange(answer="Eight days."))
    path = f"{REFUND.removesuffix('.md')}.aaaaaaaaaaaa.variant.md"
    (lead.root / path).write_bytes(third)
    lead.commit()
    with lead.opened() as knowledge:
        knowledge.refresh()
        contested = knowledge.contested(REFUND)
        assert len(contested.others) == 2
        saved = knowledge.take_version(contested, next(v for v in contested.others if v.path == path))
        assert "1 other version is still to be chosen from" in saved.words
        left = knowledge.contested(REFUND)
        assert [each.path for each in left.others] != [path]
        knowledge.keep_version(left, left.others)
        assert not knowledge.variants()
        with pytest.raises(RefusedError, match="only one version"):
            knowledge.contested(REFUND)


def test_a_version_whose_entry_is_gone_is_listed_and_brought_back(team: tuple[Member, Member, Member]) -> None:
    _, _, lead = team
    git(lead.root, "rm", "-q", REFUND)
    lead.commit()
    with lead.opened() as knowledge:
        knowledge.refresh()
        (contested,) = knowledge.variants()
        assert (contested.entry, contested.id) == (None, "refund22")
        with pytest.raises(RefusedError, match="gone"):
            knowledge.keep_version(contested, contested.others)
        knowledge.take_version(contested, contested.others[0])
        assert knowledge.get("refund22").path == REFUND
        assert not knowledge.variants()
    assert status(lead.root) == ""


def test_a_version_of_an_entry_that_was_moved_is_known_by_its_id(team: tuple[Member, Member, Member]) -> None:
    _, _, lead = team
    git(lead.root, "mv", REFUND, "orders/moved.md")
    lead.commit()
    with lead.opened() as knowledge:
        knowledge.refresh()
        (contested,) = knowledge.variants()
        assert contested.path == "orders/moved.md"
        knowledge.take_version(contested, contested.others[0])
        assert knowledge.get("orders/moved.md").answer == contested.others[0].entry.answer
        assert not knowledge.variants()


def test_a_version_that_somebody_has_edited_meanwhile_stays(team: tuple[Member, Member, Member]) -> None:
    _, _, lead = team
    with lead.opened() as knowledge:
        contested = knowledge.contested(REFUND)
    path, there = contested.others[0].path, (lead.root / contested.others[0].path).read_bytes()
    edited = there + b"\nSomething more.\n"
    (lead.root / path).write_bytes(edited)
    kept = contested.source
    save = record(REFUND, kept, kept, action="resolve")
    _saver(lead).save(save._replace(beside=(Beside(path, there, None),)))
    assert (lead.root / path).read_bytes() == edited


def _edited(member: Member) -> tuple[Path, bytes]:
    """Change the file of the other version in an editor, without a commit; return it and its bytes."""
    with member.opened() as knowledge:
        file = member.root / knowledge.contested(REFUND).others[0].path
    there = file.read_bytes()
    edited = there.replace(b"days.", b"days, by hand.")
    assert edited != there
    file.write_bytes(edited)
    return file, edited


def test_words_that_nothing_else_has_are_not_chosen_away(team: tuple[Member, Member, Member]) -> None:
    _, _, lead = team
    file, edited = _edited(lead)
    before = commits(lead.root)
    with lead.opened() as knowledge:
        contested = knowledge.contested(REFUND)
        with pytest.raises(RefusedError, match="nothing else has these words"):
            knowledge.keep_version(contested, contested.others)
        with pytest.raises(RefusedError, match="nothing else has these words"):
            knowledge.combine_versions(contested, "Both.", contested.others)
        assert (file.read_bytes(), commits(lead.root)) == (edited, before)
        knowledge.take_version(contested, contested.others[0])
        assert "days, by hand." in knowledge.get(REFUND).answer
        assert not knowledge.variants()
    assert status(lead.root) == ""
    name = file.relative_to(lead.root).as_posix()
    assert edited in [
        run_git(lead.root, "cat-file", "blob", f"{commit}:{name}").stdout
        for commit in git(lead.root, "log", "--format=%H").split()
    ]


def test_a_version_that_the_history_has_not_stays_even_if_it_is_to_go(team: tuple[Member, Member, Member]) -> None:
    _, _, lead = team
    file, edited = _edited(lead)
    there = _of(lead).read_bytes()
    name = file.relative_to(lead.root).as_posix()
    save = record(REFUND, there, there, action="resolve")
    _saver(lead).save(save._replace(beside=(Beside(name, edited, None),)))
    assert file.read_bytes() == edited


def _saver(member: Member, checkpoint: Callable[[str], None] = lambda _: None) -> Saver:
    parts = member.parts()
    return Saver(parts.repository, parts.files, parts.journal, checkpoint)


@pytest.mark.parametrize("step", ["journalled", "written", "added", "committed"])
def test_a_choice_that_was_interrupted_is_finished(team: tuple[Member, Member, Member], step: str) -> None:
    _, _, lead = team
    with lead.opened() as knowledge:
        contested = knowledge.contested(REFUND)
    path = contested.others[0].path
    choice = record(REFUND, (lead.root / path).read_bytes(), contested.source, action="resolve")
    choice = choice._replace(beside=(Beside(path, choice.content, None),))

    class Died(BaseException):
        pass

    def die(name: str) -> None:
        if name == step:
            raise Died

    with pytest.raises(Died):
        _saver(lead, die).save(choice)
    _saver(lead).drain()
    assert in_head(lead.root, path) is None
    assert in_head(lead.root, REFUND) == choice.content
    assert status(lead.root) == ""


def test_a_choice_waits_while_a_rebase_is_open(team: tuple[Member, Member, Member]) -> None:
    """FAULTS 19: it goes into a ref of its own and is grafted from there, even without this computer's journal."""
    _, _, lead = team
    with lead.opened() as knowledge:
        contested = knowledge.contested(REFUND)
        git(lead.root, "checkout", "-q", "--detach")
        assert not knowledge.keep_version(contested, contested.others).is_committed
    journal = lead.parts().state / "journal"
    for file in journal.iterdir():
        file.unlink()
    git(lead.root, "checkout", "-qf", "main")
    with lead.opened() as knowledge:
        knowledge.recover()
    assert in_head(lead.root, contested.others[0].path) is None
    assert in_head(lead.root, REFUND) == contested.source
    assert status(lead.root) == ""


def test_a_journal_keeps_what_stands_beside(tmp_path: Path) -> None:
    save = record(REFUND, b"new", b"old")
    kept = save._replace(beside=(Beside("a.md", b"\xff", None),), with_people=(BEN,))
    journal = Journal(tmp_path)
    journal.keep(kept)
    assert journal.pending() == [kept]


def test_words_are_marked_with_signs() -> None:
    here, other = compared("Refunds take five working days.", "Refunds take seven days.")
    assert marked(here) == "Refunds take «five working» days."
    assert marked(other) == "Refunds take «seven» days."
    assert marked(compared("", "all new")[1]) == "«all new»"


def test_line_mode_lists_and_chooses(team: tuple[Member, Member, Member]) -> None:
    _, _, lead = team
    env = lead.environment
    listed = run_kbtui("--kb", lead.root, "variants", env=env)
    assert "«" in listed.out
    assert "Ana Kovacs, " in listed.out
    assert "Ben Okoro, " in listed.out
    told = run_kbtui("--kb", lead.root, "variants", "--json", env=env).json["contested"][0]
    name = told["versions"][0]["name"]
    assert {told["by"]["name"], told["versions"][0]["by"]["name"]} == {"Ana Kovacs", "Ben Okoro"}
    refused = run_kbtui("--kb", lead.root, "resolve", "refund22", env=env)
    assert refused.status == 2
    assert run_kbtui("--kb", lead.root, "resolve", "refund22", "--take", "ffff", env=env).status == 4
    done = run_kbtui("--kb", lead.root, "resolve", name, "--text", "-", "--json", env=env, input="Both.\n")
    assert json.loads(done.out)["is_committed"]
    assert "Both." in _of(lead).read_text()
    assert run_kbtui("--kb", lead.root, "variants", env=env).out == "No entry has more than one version.\n"
    assert run_kbtui("--kb", lead.root, "resolve", PASSWORD, "--keep", env=env).status == 10
    assert not [path for path in lead.root.rglob("*.md") if variant_of(path.name)]


def test_no_version_goes_by_that_name(team: tuple[Member, Member, Member]) -> None:
    with team[2].opened() as knowledge, pytest.raises(NoSuchEntryError):
        knowledge.contested("nothing-like-it")
