"""Open questions that ask the same become one, the same on every computer (F12): real clones, real git."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui.entry.card import Card
from kbtui.entry.model import NewEntry, Person, State
from kbtui.errors import RefusedError
from kbtui.knowledge import Knowledge
from kbtui.team.same import callers, joined_paths, united
from tests.helpers import OPEN_QUESTION, REFUND, found, in_head, opened, run_kbtui, status
from tests.team_of import Member, in_order, member

CARL = Person("Carl Diaz", "carl@example.com")
CHEQUE, CHECK = "can I pay with a cheque", "can I pay by cheque"


@pytest.fixture
def carl(remote: Path, tmp_path: Path) -> Member:
    return member(CARL, tmp_path, remote)


def share(*members: Member) -> None:
    """Let everybody get what everybody has."""
    for one in (*members, *members):
        assert one.sync().outcome == "shared"


def join(one: Member, first: str, second: str) -> str:
    """Join two questions on somebody's computer; return the one that stays."""
    with opened(one.root, one.environment) as knowledge:
        return knowledge.same_question(first, second).entry.path


def waiting(one: Member, path: str) -> int:
    """Return how many callers wait for an answer, as one computer sees it."""
    with opened(one.root, one.environment) as knowledge:
        return knowledge.demand(knowledge.get(path)).waiting


def test_two_who_asked_the_same_offline_are_shown_as_one_to_be_joined(ana: Member, ben: Member) -> None:
    asked, asked_too = ana.ask(CHEQUE), ben.ask(CHECK)
    share(ana, ben)
    for one in (ana, ben):
        with opened(one.root, one.environment) as knowledge:
            (pair,) = knowledge.asked_twice(knowledge.cards())
            assert {card.path for card in pair} == {asked, asked_too}
            assert [card.path for card in knowledge.asked_too(knowledge.get(asked))] == [asked_too]
            assert [card.path for card in knowledge.asked_too(knowledge.get(asked_too))] == [asked]
            assert knowledge.asked_too(knowledge.get(OPEN_QUESTION)) == []
            assert knowledge.asked_too(knowledge.get(REFUND)) == [], "an answer is no open question"


def test_both_callers_both_wordings_and_both_people_are_kept(ana: Member, ben: Member) -> None:
    asked, asked_too = ana.ask(CHEQUE), ben.ask(CHECK)
    with opened(ben.root, ben.environment) as knowledge:
        knowledge.join(asked_too, "paying by check please")
        knowledge.settle_events()
    share(ana, ben)
    stays = join(ana, asked_too, asked)
    share(ana, ben)
    goes = asked_too if stays == asked else asked
    for one in (ana, ben):
        with opened(one.root, one.environment) as knowledge:
            entry, credit = knowledge.credit(stays)
            assert {entry.question, *entry.asked_as} == {CHEQUE, CHECK, "paying by check please"}
            assert {person.name for person in credit.asked} == {"Ana Kovacs", "Ben Okoro"}
            assert knowledge.demand(entry).waiting == 3
            gone = knowledge.get(goes)
            assert (gone.state, gone.replaced_by) == (State.ARCHIVED, entry.id)
            assert knowledge.asked_twice(knowledge.cards()) == []
            assert found(knowledge, "check please")[0] == stays
            everybody = {each.path: each.credit for each in knowledge.credits()}
            assert {person.name for person in everybody[stays].asked} == {"Ana Kovacs", "Ben Okoro"}


def test_joined_on_two_computers_at_once_it_is_one_question_with_the_same_count_everywhere(
    ana: Member, ben: Member, carl: Member
) -> None:
    asked, asked_too = ana.ask(CHEQUE), ben.ask(CHECK)
    share(ana, ben, carl)
    with opened(carl.root, carl.environment) as knowledge:  # he has been offline since, and knows of no joining
        knowledge.join(asked, "my caller pays with cheques")
        knowledge.join(asked_too)
        knowledge.settle_events()
    assert join(ana, asked, asked_too) == join(ben, asked_too, asked)
    share(ana, ben, carl)
    trees = {one.tree() for one in (ana, ben, carl)}
    assert len(trees) == 1
    stays = join_target(ana, asked, asked_too)
    assert [waiting(one, stays) for one in (ana, ben, carl)] == [4, 4, 4]
    for one in (ana, ben, carl):
        in_order(one.root)
        with opened(one.root, one.environment) as knowledge:
            assert [card.path for card in knowledge.cards() if card.variant_of] == []


def join_target(one: Member, *paths: str) -> str:
    """Return the question of several that is open."""
    with opened(one.root, one.environment) as knowledge:
        (still_open,) = [path for path in paths if knowledge.get(path).state is State.OPEN]
        return still_open


def test_three_joined_two_by_two_on_two_computers_are_one(ana: Member, ben: Member) -> None:
    paths = [ana.ask(CHEQUE), ben.ask(CHECK), ana.ask("do you take a cheque to pay")]
    share(ana, ben)
    join(ana, paths[0], paths[1])
    join(ben, paths[1], paths[2])
    share(ana, ben)
    left = [path for path in paths if b"state: open" in (in_head(ana.root, path) or b"")]
    if len(left) == 2:  # both of the two computers kept another one: they are near, and joined in turn
        join(ana, *left)
        share(ana, ben)
    stays = join_target(ana, *paths)
    assert (waiting(ana, stays), waiting(ben, stays)) == (3, 3)


def test_it_is_taken_back_by_bringing_the_other_one_back(knowledge: Knowledge) -> None:
    one, other = knowledge.ask(CHEQUE).entry, knowledge.ask(CHECK).entry
    stays = knowledge.same_question(one.id, other.id).entry
    assert knowledge.demand(stays).waiting == 2
    goes = one if stays.id == other.id else other
    assert knowledge.undo(goes.path).entry.state is State.OPEN
    knowledge.refresh()
    assert knowledge.demand(knowledge.get(stays.path)).waiting == 1
    assert status(knowledge.root) == ""


def test_whoever_asked_the_one_that_went_hears_of_the_answer(ana: Member, ben: Member, carl: Member) -> None:
    """F48: it is the answer to their question, too."""
    asked, asked_too = ana.ask(CHEQUE), ben.ask(CHECK)
    share(ana, ben, carl)
    stays = join(ana, asked, asked_too)
    share(ana, ben, carl)
    with opened(carl.root, carl.environment) as knowledge:
        knowledge.answer(stays, "No: by card or by transfer.")
    share(carl, ana, ben)
    for one in (ana, ben):
        with opened(one.root, one.environment) as knowledge:
            assert [item.path for item in knowledge.news().answers_to_me] == [stays]


def test_what_the_other_one_knew_besides_is_kept(knowledge: Knowledge) -> None:
    one = knowledge.new(NewEntry(CHEQUE, tags=("payment",), internal="Priya may know.")).entry
    other = knowledge.new(NewEntry(CHECK, tags=("cheques",), internal="Asked the bank.", owner="Sam Poole")).entry
    stays = knowledge.same_question(one.id, other.id).entry
    assert set(stays.tags) == {"payment", "cheques"}
    assert stays.owner == "Sam Poole"
    assert {"Priya may know.", "Asked the bank."} == set(stays.internal.split("\n\n"))


@pytest.mark.parametrize(("one", "other"), [(OPEN_QUESTION, REFUND), (REFUND, OPEN_QUESTION)])
def test_only_open_questions_are_joined(knowledge: Knowledge, one: str, other: str) -> None:
    before = (knowledge.root / OPEN_QUESTION).read_bytes()
    with pytest.raises(RefusedError, match="is no open question any more"):
        knowledge.same_question(one, other)
    assert (knowledge.root / OPEN_QUESTION).read_bytes() == before


def test_a_question_is_not_joined_with_itself(knowledge: Knowledge) -> None:
    with pytest.raises(RefusedError, match="joined with itself"):
        knowledge.same_question(OPEN_QUESTION, OPEN_QUESTION)
    assert knowledge.get(OPEN_QUESTION).state is State.OPEN


def test_in_line_mode(base: Path, person: Person) -> None:
    one, other = (run_kbtui("ask", words, "--json", cwd=base).json["id"] for words in (CHEQUE, CHECK))
    listed = run_kbtui("list", "--state", "open", "--json", cwd=base).json
    assert [set(pair) for pair in listed["asked_twice"]] == [{one, other}]
    shown = run_kbtui("show", one, cwd=base).out
    assert f"Asked too, nearly the same: {CHECK}. One question? kbtui same-question {one} {other}" in shown
    assert run_kbtui("show", one, "--json", cwd=base).json["asked_too"][0]["id"] == other
    ran = run_kbtui("same-question", one, other, cwd=base)
    assert (ran.status, ran.out.split(":")[0]) == (0, "One question now")
    assert run_kbtui("list", "--state", "open", "--json", cwd=base).json["asked_twice"] == []
    again = run_kbtui("same-question", one, other, cwd=base)
    assert (again.status != 0, "no open question any more" in again.err) == (True, True)


# The rule, without disk and git


def card(entry_id: str, replaced_by: str = "", excerpt: str = "", state: State = State.ARCHIVED) -> Card:
    return Card(f"{entry_id}.md", entry_id, entry_id, state, (), (), "", "", False, replaced_by, excerpt, None, "", "")


def test_chains_are_followed_and_circles_are_not() -> None:
    cards = [card("c", "b"), card("b", "a"), card("x", "y"), card("y", "x")]
    assert united(cards) == {"c": "a", "b": "a"}
    assert joined_paths(cards) == {"a": ["c.md", "b.md"]}


def test_an_answer_that_was_replaced_is_no_question_that_was_joined() -> None:
    assert united([card("b", "a", excerpt="Five days."), card("c", "a", state=State.OPEN)]) == {}


def test_the_callers_of_all_are_added_up() -> None:
    assert callers({"a": 1, "b": 2}, {"b": "a", "c": "a"}) == {"a": 1 + 1 + 2 + 1, "b": 2}
