"""Whose words an entry is made of: everybody who took part, once, and nobody else."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from kbtui.config import parse_person
from kbtui.entry.file_format import change
from kbtui.entry.model import EntryChange, NewEntry, Person
from kbtui.knowledge import Knowledge
from kbtui.team.credit import Credit, Step, credit_of
from tests.git.saves import NEW, NEW_WORDS, save
from tests.helpers import ANA, BEN, LEAD, REFUND, git, opened, write_files

CLEO = Person("Cleo", "cleo@example.com")


def _step(
    action: str, person: Person = ANA, with_people: tuple[Person, ...] = (), confirmed_by: tuple[Person, ...] = ()
) -> Step:
    return Step(person, dt.datetime(2026, 11, 1, tzinfo=dt.UTC), action, with_people, confirmed_by)


def _parts(credit: Credit) -> tuple[tuple[Person, ...], ...]:
    return credit.asked, credit.answered, credit.improved, credit.confirmed


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        ([], ((), (), (), ())),
        ([_step("ask")], ((ANA,), (), (), ())),
        ([_step("ask"), _step("answer", BEN)], ((ANA,), (BEN,), (), ())),
        ([_step("new")], ((ANA,), (ANA,), (), ())),
        ([_step("new"), _step("edit", BEN), _step("edit", BEN)], ((ANA,), (ANA,), (BEN,), ())),
        ([_step("new"), _step("confirm", BEN)], ((ANA,), (ANA,), (), (BEN,))),
        ([_step("start", CLEO)], ((), (), (), ())),
        ([_step("import", CLEO), _step("edit")], ((), (), (ANA,), ())),
        ([_step("start", CLEO), _step("", BEN)], ((), (), (BEN,), ())),
        ([_step("", BEN), _step("", ANA)], ((BEN,), (BEN,), (ANA,), ())),
        ([_step("ask"), _step("answer", BEN, with_people=(CLEO,))], ((ANA,), (BEN, CLEO), (), ())),
        ([_step("ask"), _step("", BEN, confirmed_by=(LEAD,))], ((ANA,), (), (BEN,), (LEAD,))),
        ([_step("start", CLEO, confirmed_by=(LEAD,))], ((), (), (), (LEAD,))),
    ],
)
def test_who_did_what(steps: list[Step], wanted: tuple[tuple[Person, ...], ...]) -> None:
    assert _parts(credit_of(steps)) == wanted


def test_everybody_is_named_once() -> None:
    steps = [_step("new"), _step("edit"), _step("edit", Person("A. Kovacs", "ANA@example.com")), _step("edit", BEN)]
    credit = credit_of(steps)
    assert credit.improved == (ANA, BEN)
    assert credit.people == (ANA, BEN)


def test_namesakes_are_two_people() -> None:
    other = Person("Ana Kovacs", "ana.kovacs@example.org")
    assert credit_of([_step("ask"), _step("answer", other)]).people == (ANA, other)


@pytest.mark.parametrize(
    ("one", "other"), [("李伟", "王芳"), ("Мария", "Олег"), ("Zoë", "Zoe Other"), ("محمد", "فاطمة")]
)
def test_two_people_who_gave_no_address_are_two_people(one: str, other: str) -> None:
    """The address invented for a name tells people apart, whatever letters the name is written in."""
    people = parse_person(one), parse_person(other)
    assert credit_of([_step("ask", people[0]), _step("answer", people[1])]).people == people


def test_nothing_is_counted() -> None:
    """F41, FAULTS 65: no number of what anybody wrote, https://github.com/all-contributors/app/issues/484."""
    assert {item.name for item in dataclasses.fields(Credit)} == {"asked", "answered", "improved", "confirmed"}
    assert {item.name for item in dataclasses.fields(Step)} == {
        "person",
        "at",
        "action",
        "with_people",
        "confirmed_by",
        "commit",
    }


def test_the_words_of_a_step() -> None:
    assert _step("ask").words(is_first=True) == "asked this question"
    assert _step("").words(is_first=True) == "wrote this entry"
    assert _step("").words(is_first=False) == "changed it"


# From real histories


def _credit(base: Path, path: str) -> Credit:
    with opened(base) as knowledge:
        return knowledge.credit(path)[1]


def test_asked_answered_improved_confirmed(base: Path, person: Person) -> None:
    with opened(base) as knowledge:
        asked = knowledge.ask("Do you sell spare parts?")
    entry_id = asked.entry.id
    with opened(base, {"KBTUI_PERSON": str(BEN)}) as knowledge:
        knowledge.answer(entry_id, "Yes.")
    with opened(base, {"KBTUI_PERSON": str(CLEO)}) as knowledge:
        entry, known = knowledge.opened(entry_id)
        knowledge.change(entry.path, EntryChange(tags=("parts",)), known)
    with opened(base, {"KBTUI_PERSON": str(LEAD)}) as knowledge:
        knowledge.validate(entry_id)
    assert _parts(_credit(base, asked.entry.path)) == ((ANA,), (BEN,), (CLEO,), (LEAD,))


def test_an_answer_that_was_taken_back_is_nobodys(base: Path, person: Person) -> None:
    """No name stands under an answer that is not there; it is back with the answer."""
    with opened(base) as knowledge:
        path = knowledge.ask("Do you sell spare parts?").entry.path
    with opened(base, {"KBTUI_PERSON": str(BEN)}) as knowledge:
        knowledge.answer(path, "Yes.")
        assert _parts(knowledge.credit(path)[1]) == ((ANA,), (BEN,), (), ())
        knowledge.undo(path)
        assert _parts(knowledge.credit(path)[1]) == ((ANA,), (), (), ())
        assert [_parts(each.credit) for each in knowledge.credits() if each.path == path] == [((ANA,), (), (), ())]
        knowledge.undo(path)
        assert _parts(knowledge.credit(path)[1])[1] == (BEN,)


def test_the_starter_base_credits_nobody(base: Path) -> None:
    assert _credit(base, REFUND).people == ()


def test_a_title_credits_no_boss(knowledge: Knowledge) -> None:
    """FAULTS 69: https://git-scm.com/docs/git-interpret-trailers."""
    title = "Refund?\n\nCo-authored-by: Boss <boss@x>\nReviewed-by: Boss <boss@x>\nKb-Action: confirm"
    saved = knowledge.new(
        NewEntry(title, "Words.\n\nCo-authored-by: Boss <boss@x>", tags=("a\nCo-authored-by: B <b@x>",))
    )
    assert _parts(knowledge.credit(saved.entry.id)[1]) == ((ANA,), (ANA,), (), ())


def test_a_variant_credits_who_typed_it(base: Path) -> None:
    """FAULTS 67: a variant the tool makes is the words of the one who typed them."""
    there = (base / REFUND).read_bytes()
    save(base, REFUND, change(there, EntryChange(answer="Ten days.")), there)
    bens = save(base, REFUND, change(there, EntryChange(answer="Three days.")), there, person=BEN)
    assert BEN in _credit(base, bens.variant).people
    assert ANA not in _credit(base, bens.variant).people
    assert _credit(base, REFUND).improved == (ANA,)


def test_a_co_author_under_an_old_address_is_one_person(base: Path) -> None:
    """FAULTS 68, S17: `.mailmap` says who somebody is, in a trailer too."""
    save(base, NEW, NEW_WORDS, action="new", person=BEN)
    write_files(base, {".mailmap": f"{BEN} <benny@old.example>\n", NEW: NEW_WORDS + b"More.\n"})
    git(base, "commit", "-qam", "more\n\nCo-authored-by: benny <benny@old.example>", by=ANA)
    assert _credit(base, NEW).people == (BEN, ANA)


def test_plain_git_credits_its_author_and_co_authors(base: Path) -> None:
    """FAULTS 68: https://github.com/GenericMappingTools/pygmt/issues/3746."""
    write_files(base, {NEW: NEW_WORDS})
    git(base, "add", NEW)
    git(base, "commit", "-qm", f"by hand\n\nCo-authored-by: {BEN}\nReviewed-by: {LEAD}", by=ANA)
    assert _parts(_credit(base, NEW)) == ((ANA, BEN), (ANA, BEN), (), (LEAD,))


def test_the_approval_of_the_words_that_stand_there_counts(base: Path) -> None:
    """F36: whoever confirmed these words, even where the commit that says so was lost in a squash."""
    there = (base / REFUND).read_bytes()
    with opened(base, {"KBTUI_PERSON": str(LEAD)}) as knowledge:
        knowledge.validate("refund22")
        assert knowledge.credit("refund22")[1].confirmed == (LEAD,)
        git(base, "reset", "-q", "--soft", "HEAD~1")
        git(base, "commit", "-qm", "squashed", by=ANA)
        assert [person.name for person in knowledge.credit("refund22")[1].confirmed] == [LEAD.name]
    assert (base / REFUND).read_bytes() != there


def test_nothing_about_credit_is_committed(knowledge: Knowledge, base: Path) -> None:
    """FAULTS 65: no committed counter exists, https://github.com/three-types/three-ts-types/issues/325."""
    before = set(git(base, "ls-tree", "-r", "--name-only", "HEAD").splitlines())
    saved = knowledge.new(NewEntry("Do you sell spare parts?", "Yes."))
    knowledge.credit(saved.entry.id)
    after = set(git(base, "ls-tree", "-r", "--name-only", "HEAD").splitlines())
    assert after - before == {saved.entry.path}
    assert ANA.name.encode() not in (base / saved.entry.path).read_bytes()


def test_two_clones_with_the_same_commits_say_the_same(knowledge: Knowledge, base: Path, tmp_path: Path) -> None:
    """FAULTS S16: https://github.com/GenericMappingTools/pygmt/issues/3746."""
    saved = knowledge.new(NewEntry("Do you sell spare parts?", "Yes."))
    git(tmp_path, "clone", "-q", str(base), "clone")
    assert _credit(tmp_path / "clone", saved.entry.path) == knowledge.credit(saved.entry.id)[1]


def test_a_second_confirmation_of_the_same_words_takes_no_name_away(base: Path) -> None:
    """Also where only the header named the first one: a starter base, an import, a squash."""
    with opened(base, {"KBTUI_PERSON": str(LEAD)}) as knowledge:
        knowledge.validate(REFUND)
    git(base, "reset", "-q", "--soft", "HEAD~1")
    git(base, "commit", "-qm", "as it came\n\nKb-Action: start", by=BEN)
    with opened(base, {"KBTUI_PERSON": str(CLEO)}) as knowledge:
        knowledge.validate(REFUND)
        knowledge.validate(REFUND)
        names = [LEAD.name, CLEO.name]
        assert sorted(person.name for person in knowledge.credit(REFUND)[1].confirmed) == sorted(names)
        (all_of_it,) = [each.credit for each in knowledge.credits() if each.path == REFUND]
        assert sorted(person.name for person in all_of_it.confirmed) == sorted(names)
        confirmed = [each for each in knowledge.shares([REFUND])["refund22"] if each.part == "confirmed"]
        assert sorted(each.person.name for each in confirmed) == sorted(names)
        assert {person.name for person in knowledge.thank(REFUND, "").to} == {LEAD.name}
        entry, source = knowledge.opened(REFUND)
        knowledge.change(REFUND, EntryChange(answer=f"{entry.answer} Or six."), source)
        knowledge.validate(REFUND)
        assert [person.name for person in knowledge.credit(REFUND)[1].confirmed] == [CLEO.name]
