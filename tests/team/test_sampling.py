"""New or known: the same sample for everybody, and an interval that is what statistics say (F44)."""

from __future__ import annotations

import datetime as dt
from itertools import permutations

import pytest

from kbtui.entry.event import Event
from kbtui.entry.model import Person
from kbtui.team.marks import last_act
from kbtui.team.sampling import Kind, Question, Verdict, drawn, marked, wilson
from tests.events import NOON, event
from tests.helpers import ANA, BEN


def _question(number: int, kind: Kind = Kind.USED) -> Question:
    verdict = Verdict.KNOWN if kind is Kind.USED else Verdict.NEW
    return Question(f"quest{number:03}", kind, NOON, f"question {number}", "", verdict)


@pytest.mark.parametrize(
    ("known", "of", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (50, 100, 0.4038, 0.5962), (0, 0, 0.0, 1.0)],
)
def test_the_interval_is_wilson_s(known: int, of: int, low: float, high: float) -> None:
    """Figures of statsmodels' proportion_confint(method="wilson")."""
    assert wilson(known, of) == pytest.approx((low, high), abs=5e-5)


def test_the_seed_draws_and_nothing_else() -> None:
    questions = [_question(number) for number in range(200)]
    first = drawn(questions, 20, "2026-11-23")
    assert first == drawn(reversed(questions), 20, "2026-11-23")
    assert first.population == 200
    assert len(first.questions) == 20
    assert set(first.questions) != set(drawn(questions, 20, "another").questions)
    more = drawn([*questions, _question(200)], 20, "2026-11-23")
    assert len(set(first.questions) - set(more.questions)) <= 1, "a question more changes one at most"
    assert len(drawn(questions[:3], 20, "s").questions) == 3


def test_what_somebody_has_looked_at_counts_as_they_say() -> None:
    questions = [_question(1), _question(2, Kind.MISS), _question(3, Kind.MISS)]
    before = drawn(questions, 10, "s")
    assert (before.known, before.unsure) == (1, 2)
    marks = [
        event("mark0002", "sampled", "", BEN, NOON, refs=("quest002", "known")),
        event("mark0001", "sampled", "", ANA, NOON, refs=("quest002", "new")),
        event("mark0003", "sampled", "", ANA, NOON, refs=("quest003", "perhaps")),
        event("mark0004", "sampled", "", ANA, NOON, refs=("quest003",)),
    ]
    after = drawn(marked(questions, marks), 10, "s")
    assert (after.known, after.unsure) == (2, 1), "the latest mark counts, and what is no mark does not"
    assert {each.id: each.marked_by for each in after.questions}["quest002"] == BEN.name


def test_who_changes_their_mind_within_a_second_is_believed() -> None:
    """The clock says the same of both marks, and their ids are random; the later one names the earlier."""
    questions = [_question(1, Kind.MISS)]
    first = event("mark0009", "sampled", "", ANA, NOON, refs=("quest001", "known"))
    second = event("mark0001", "sampled", "", ANA, NOON, refs=("quest001", "new", "mark0009"))
    for marks in ([first, second], [second, first]):
        (found,) = marked(questions, marks)
        assert (found.verdict, found.mark) == (Verdict.NEW, "mark0001")


def _mark(name: str, by: Person, verdict: str, *made_over: str) -> Event:
    return event(name, "sampled", "", by, NOON, refs=("quest001", verdict, *made_over))


ANAS, BENS = _mark("mark0009", ANA, "known"), _mark("mark0005", BEN, "new", "mark0009")
ANAS_AGAIN = _mark("mark0001", ANA, "known", "mark0005")


@pytest.mark.parametrize(
    ("gone", "mark"),
    [
        ((), "mark0001"),
        ((ANAS_AGAIN,), "mark0005"),
        ((BENS,), "mark0001"),
        ((ANAS,), "mark0001"),
        ((ANAS_AGAIN, BENS), "mark0009"),
        ((ANAS_AGAIN, ANAS), "mark0005"),
        ((ANAS_AGAIN, BENS, ANAS), ""),
    ],
)
def test_a_mark_that_was_taken_back_leaves_it_as_it_was_before(gone: tuple[Event, ...], mark: str) -> None:
    """All within one second, and with ids that say the opposite; the first one stays beaten by the third."""
    for marks in permutations((ANAS, BENS, ANAS_AGAIN)):
        (found,) = marked([_question(1, Kind.MISS)], marks, {(each.id, each.person.key) for each in gone})
        assert (found.mark, found.is_unsure) == (mark, not mark)


def test_somebody_else_s_word_takes_no_mark_back() -> None:
    (found,) = marked([_question(1, Kind.MISS)], [ANAS], {(ANAS.id, BEN.key)})
    assert found.mark == ANAS.id


def test_marks_that_name_each_other_in_a_circle_come_to_an_end() -> None:
    circle = [_mark("mark0001", ANA, "known", "mark0002"), _mark("mark0002", BEN, "new", "mark0001")]
    (found,) = marked([_question(1, Kind.MISS)], circle)
    assert found.mark == "mark0002"


def test_what_somebody_did_last_with_a_mark() -> None:
    back, again = (
        event(name, "taken-back", refs=(of,)) for name, of in (("back2222", ANAS.id), ("again222", "back2222"))
    )
    other = event("mark0007", "sampled", "", ANA, NOON + dt.timedelta(microseconds=1), refs=("quest002", "new"))
    for taking, last in (([], ANAS), ([back], back), ([back, again], again), ([again, back], again)):
        assert last_act([ANAS, other], taking, "quest001") == (ANAS, last)
    assert last_act([ANAS, other], [back]) == (other, other)
    assert last_act([ANAS], [], "quest002") is None
