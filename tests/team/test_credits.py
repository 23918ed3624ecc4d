"""Whose words helped, entry by entry, over a whole base: what no trick of git or of words may change."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from kbtui.entry.model import NewEntry, Person
from kbtui.errors import NoPersonError
from kbtui.hooks import after_change
from kbtui.knowledge import Knowledge
from kbtui.team.credit import Credit, EntryCredit, most_used_first
from tests.git.saves import NEW, NEW_WORDS, save
from tests.helpers import ANA, BEN, LEAD, PASSWORD, REFUND, environment, git, opened, write_files

_NOBODY = Credit((), (), (), ())


def _by_path(base: Path) -> dict[str, Credit]:
    with opened(base) as knowledge:
        return {entry.path: entry.credit for entry in knowledge.credits()}


def _edit(base: Path, path: str, message: str, by: Person = BEN) -> None:
    write_files(base, {path: (base / path).read_text() + "\nMore.\n"})
    git(base, "add", path)
    git(base, "commit", "-qm", message, by=by)


def test_the_people_behind_every_entry(base: Path) -> None:
    save(base, NEW, NEW_WORDS, action="new", person=ANA)
    _edit(base, REFUND, f"better\n\nCo-authored-by: {ANA}\nReviewed-by: {LEAD}")
    found = _by_path(base)
    assert found == {NEW: Credit((ANA,), (ANA,), (), ()), REFUND: Credit((), (), (BEN, ANA), (LEAD,))}


def test_of_every_entry_it_says_what_the_entry_says(base: Path) -> None:
    """Who confirmed the words that stand there counts in both."""
    save(base, NEW, NEW_WORDS, action="new", person=ANA)
    with opened(base, {"KBTUI_PERSON": str(LEAD)}) as knowledge:
        knowledge.validate("refund22")
    git(base, "reset", "-q", "--soft", "HEAD~2")
    git(base, "commit", "-qm", "squashed", by=BEN)
    with opened(base) as knowledge:
        found = knowledge.credits()
        assert {entry.path: entry.credit for entry in found} == {
            entry.path: knowledge.credit(entry.path)[1] for entry in found
        }
        assert [person.name for person in _credit(found, REFUND).confirmed] == [LEAD.name]


def _credit(found: list[EntryCredit], path: str) -> Credit:
    return next(entry.credit for entry in found if entry.path == path)


@pytest.mark.parametrize("way", ["amend", "rebase", "squash", "cherry-pick"])
def test_two_clones_agree_after_history_was_rewritten(base: Path, tmp_path: Path, way: str) -> None:
    """FAULTS 66, S16: https://git-scm.com/docs/githooks#_post_rewrite."""
    git(base, "config", "receive.denyCurrentBranch", "updateInstead")
    save(base, NEW, NEW_WORDS, action="ask", save_id="one", person=ANA)
    save(base, NEW, NEW_WORDS + b"More.\n", NEW_WORDS, action="answer", save_id="two", person=BEN)
    git(tmp_path, "clone", "-q", str(base), "clone")
    clone = tmp_path / "clone"
    before = _by_path(base)
    assert _by_path(clone) == before
    _rewrite(base, way)
    git(clone, "fetch", "-q")
    git(clone, "reset", "-q", "--hard", "origin/main")
    assert _by_path(clone) == _by_path(base)
    if way != "squash":
        assert _by_path(base) == before
    else:
        assert _by_path(base)[NEW].people == (LEAD,), "who squashes is the author; the trailers say who else was"


def _rewrite(base: Path, way: str) -> None:
    later = {"GIT_COMMITTER_DATE": "2031-01-01T00:00:00Z"}
    if way == "amend":
        git(base, "commit", "-q", "--amend", "--no-edit", by=LEAD, env=later)
    elif way == "rebase":
        git(base, "rebase", "-q", "--force-rebase", "HEAD~2", by=LEAD, env=later)
    elif way == "squash":
        trailers = "Kb-Action: ask\nKb-Save-Id: one\nKb-Action: answer\nKb-Save-Id: two"
        git(base, "reset", "-q", "--soft", "HEAD~2")
        git(base, "commit", "-qm", f"both\n\n{trailers}", by=LEAD)
    else:
        git(base, "checkout", "-q", "-b", "side", "HEAD~2")
        _edit(base, PASSWORD, "other\n\nKb-Action: start")
        git(base, "cherry-pick", "main~1", "main", by=LEAD, env=later)
        git(base, "checkout", "-q", "main")
        git(base, "merge", "-q", "--no-edit", "side", by=LEAD)


def test_trailers_in_the_middle_of_a_message_earn_nothing(base: Path) -> None:
    """FAULTS 69: https://git-scm.com/docs/git-interpret-trailers."""
    boss = "Boss <boss@x>"
    middle = f"Kb-Action: confirm\nReviewed-by: {boss}\nCo-authored-by: {boss}"
    _edit(base, REFUND, f"better\n\n{middle}\n\nThat is what the template says.")
    _edit(base, PASSWORD, f"better: see below\n{middle}\n\n> Reviewed-by: {boss}\nand so on, in words.\n")
    assert _by_path(base) == {path: Credit((), (), (BEN,), ()) for path in (REFUND, PASSWORD)}


def test_words_and_names_of_people_earn_nobody_anything(base: Path) -> None:
    """FAULTS 69: what stands in an entry, a tag or a name reaches no trailer."""
    lie = "Kb-Action: confirm\nReviewed-by: Boss <boss@x>\nCo-authored-by: Boss <boss@x>"
    with opened(base, {"KBTUI_PERSON": "Ana\nReviewed-by: Boss <boss@x>"}) as knowledge:
        path = knowledge.new(NewEntry(f"Refund?\n\n{lie}", f"Words.\n\n{lie}\n", tags=(lie,))).entry.path
    people = _by_path(base)[path]
    assert [len(part) for part in (people.asked, people.answered, people.improved, people.confirmed)] == [1, 1, 0, 0]
    assert people.asked[0].name.startswith("Ana")


def test_a_merge_and_a_revert_of_it_name_nobody_new(base: Path) -> None:
    """FAULTS 67: https://github.com/authelia/authelia/pull/11612."""
    git(base, "checkout", "-q", "-b", "side")
    _edit(base, REFUND, "side", by=ANA)
    git(base, "checkout", "-q", "main")
    _edit(base, PASSWORD, "main", by=ANA)
    git(base, "merge", "-q", "--no-edit", "side", by=LEAD)
    assert {person for credit in _by_path(base).values() for person in credit.people} == {ANA}


def test_the_entries_that_helped_most_come_first(base: Path, person: Person) -> None:
    """F37, F41: entries are put in an order by their use; people never are."""
    for path in (REFUND, PASSWORD, NEW):
        write_files(base, {NEW: NEW_WORDS} if path == NEW else {})
        _edit(base, path, "better", by=ANA)
    with opened(base) as knowledge:
        assert [entry.path for entry in knowledge.credits()] == sorted((NEW, REFUND, PASSWORD))
        for path in (PASSWORD, REFUND, REFUND):
            knowledge.used(path)
        used = knowledge.credits()
    assert [(entry.path, entry.used) for entry in used] == [(REFUND, 2), (PASSWORD, 1), (NEW, 0)]


def test_entries_used_alike_are_ordered_by_path() -> None:
    entries = [EntryCredit(path, path, "Why?", used, _NOBODY) for path, used in (("b", 1), ("c", 2), ("a", 1))]
    assert [entry.path for entry in most_used_first(entries)] == ["c", "a", "b"]


def test_own_credits_say_which_part_is_one_s_own(base: Path) -> None:
    save(base, NEW, NEW_WORDS, action="ask", person=ANA)
    save(base, NEW, NEW_WORDS + b"More.\n", NEW_WORDS, action="answer", person=BEN)
    _edit(base, REFUND, f"x\n\nCo-authored-by: {BEN}\nReviewed-by: {BEN}", by=LEAD)
    with opened(base, {"KBTUI_PERSON": str(BEN)}) as knowledge:
        own = knowledge.own_credits()
    assert [(entry.path, entry.yours) for entry in own] == [(NEW, ("answered",)), (REFUND, ("improved", "confirmed"))]


def test_own_credits_know_an_old_address(base: Path) -> None:
    """FAULTS S17: `.mailmap` says who is asking, too."""
    old = Person("benny", "benny@old.example")
    _edit(base, REFUND, "better", by=BEN)
    write_files(base, {".mailmap": f"{BEN} <{old.email}>\n"})
    with opened(base, {"KBTUI_PERSON": str(old)}) as knowledge:
        assert [entry.path for entry in knowledge.own_credits()] == [REFUND]


def test_own_credits_need_a_name(base: Path) -> None:
    with opened(base) as knowledge, pytest.raises(NoPersonError):
        knowledge.own_credits()


def test_no_number_of_what_somebody_wrote_is_anywhere() -> None:
    """F41, FAULTS 65: the only number is how often an entry was used."""
    kinds = {field.name: field.type for field in dataclasses.fields(EntryCredit)}
    assert [name for name, kind in kinds.items() if "int" in str(kind)] == ["used"]


def test_the_ledger_is_never_committed(knowledge: Knowledge, base: Path) -> None:
    """FAULTS 65: https://github.com/three-types/three-ts-types/issues/325."""
    knowledge.new(NewEntry("Do you sell spare parts?", "Yes."))
    knowledge.credits()
    assert list((base / ".git" / "kbtui").glob("credit-*.sqlite"))
    assert git(base, "status", "--porcelain", "--ignored") == ""


def test_hooks_bring_the_ledger_up_and_credit_is_right_without_them(base: Path) -> None:
    """FAULTS 60, 64: https://github.com/pre-commit/pre-commit/issues/1298."""
    _edit(base, REFUND, "no hook ran")
    assert list(_by_path(base)) == [REFUND]
    (ledger,) = (base / ".git" / "kbtui").glob("credit-*.sqlite")
    _edit(base, PASSWORD, "a hook ran, twice")
    before = ledger.read_bytes()
    after_change(base, environment())
    after = ledger.read_bytes()
    assert after != before
    after_change(base, environment())
    assert ledger.read_bytes() == after
    assert set(_by_path(base)) == {REFUND, PASSWORD}
    assert ledger.read_bytes() == after, "what the hook has read is not read again"


def test_work_trees_of_one_repository_have_a_ledger_each(base: Path, tmp_path: Path) -> None:
    """FAULTS S4."""
    git(base, "worktree", "add", "-q", "-b", "other", str(tmp_path / "tree"))
    _edit(base, REFUND, "here", by=ANA)
    _edit(tmp_path / "tree", PASSWORD, "there", by=BEN)
    for _ in range(2):
        assert list(_by_path(base)) == [REFUND]
        assert list(_by_path(tmp_path / "tree")) == [PASSWORD]
    assert len(list((base / ".git" / "kbtui").glob("credit-*.sqlite"))) == 2
