"""What became of an idea is the same on every computer, whatever their clocks say (F42)."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise, permutations

import pytest

from kbtui.entry.event import Event, EventKind
from kbtui.team.ideas import Idea, Stage, ideas_of, in_practice
from tests.events import NOON, event
from tests.helpers import ANA, BEN

HOUR = dt.timedelta(hours=1)
YEARS = dt.timedelta(days=730)

RAISED = event("idea2222", EventKind.IDEA_RAISED, "", ANA, NOON, "Print the returns label")


def _move(name: str, kind: EventKind, at: dt.datetime, *made_on: str, words: str = "", entry: str = "") -> Event:
    return event(name, kind, entry, BEN, at, words, refs=(RAISED.id, *made_on))


TRYING = _move("trying22", EventKind.IDEA_TRYING, NOON + HOUR)
PRACTICE = _move("practi22", EventKind.IDEA_IN_PRACTICE, NOON + 2 * HOUR, "trying22", entry="refund22")
DROPPED = _move("droppe22", EventKind.IDEA_DROPPED, NOON + 3 * HOUR, "trying22", words="too dear")


def _of(*events: Event) -> Idea:
    """Return the one idea, after seeing that the order of the events makes no difference."""
    (first,), *others = (ideas_of(some) for some in permutations((RAISED, *events)))
    assert all(other == [first] for other in others)
    return first


def test_an_idea_goes_from_stage_to_stage() -> None:
    assert _of().stage is Stage.RAISED
    assert _of(TRYING).stage is Stage.TRYING
    done = _of(TRYING, PRACTICE)
    assert (done.stage, done.current and done.current.entry, done.latest) == (
        Stage.IN_PRACTICE,
        "refund22",
        ("practi22",),
    )
    assert [move.stage for move in done.moves] == [Stage.TRYING, Stage.IN_PRACTICE]


def test_moved_side_by_side_the_one_that_went_further_counts() -> None:
    both = _of(TRYING, PRACTICE, DROPPED)
    assert both.stage is Stage.IN_PRACTICE, "although the drop has the later time"
    assert both.latest == ("droppe22", "practi22"), "so that the next move is made on both"
    settled = _move("settle22", EventKind.IDEA_DROPPED, NOON, *both.latest, words="no")
    assert _of(TRYING, PRACTICE, DROPPED, settled).stage is Stage.DROPPED, "whatever its clock says"


def test_a_clock_that_is_years_ahead_wins_nothing() -> None:
    """FAULTS 57."""
    early = _move("trying22", EventKind.IDEA_TRYING, NOON + YEARS)
    after = _move("practi22", EventKind.IDEA_IN_PRACTICE, NOON, "trying22", entry="refund22")
    again = _move("again222", EventKind.IDEA_TRYING, NOON, "practi22")
    assert _of(early, after).stage is Stage.IN_PRACTICE
    assert _of(early, after, again).stage is Stage.TRYING, "what is in practice may turn out not to be"


@pytest.mark.parametrize("at", [NOON, NOON - YEARS])
def test_a_move_stands_after_those_it_was_made_on(at: dt.datetime) -> None:
    """Whether in one second, as earlier versions noted it, or by a clock that is wrong."""
    names = ["move4444", "move2222", "move5555", "move3333"]
    moves = [_move(names[0], EventKind.IDEA_TRYING, NOON)]
    moves += [_move(name, EventKind.IDEA_TRYING, at, before) for before, name in pairwise(names)]
    assert [move.id for move in _of(*moves).moves] == names
    circle = [_move("a", EventKind.IDEA_TRYING, NOON, "b"), _move("b", EventKind.IDEA_TRYING, NOON, "a", "a", "b")]
    assert {move.id for move in _of(*circle).moves} == {"a", "b"}


def test_moves_made_side_by_side_stand_by_time() -> None:
    moves = [_move(name, EventKind.IDEA_TRYING, NOON - n * HOUR) for n, name in enumerate(("a", "b", "c"))]
    assert [move.id for move in _of(*moves).moves] == ["c", "b", "a"]


@pytest.mark.parametrize(
    "move",
    [
        event("move2222", EventKind.IDEA_IN_PRACTICE, "", BEN, NOON, refs=(RAISED.id,)),
        event("move2222", EventKind.IDEA_DROPPED, "", BEN, NOON, refs=(RAISED.id,)),
        event("move2222", EventKind.IDEA_TRYING, "", BEN, NOON, refs=("another2",)),
        event("move2222", EventKind.IDEA_TRYING, "", BEN, NOON),
        event("move2222", "idea-sung", "refund22", BEN, NOON, refs=(RAISED.id,)),
    ],
    ids=["practice without an entry", "drop without a reason", "of another idea", "of no idea", "of a later version"],
)
def test_what_is_no_move_moves_nothing(move: Event) -> None:
    assert _of(move).stage is Stage.RAISED


def test_moves_that_name_each_other_in_a_circle_do_no_harm() -> None:
    one = _move("circle22", EventKind.IDEA_TRYING, NOON, "circle33")
    other = _move("circle33", EventKind.IDEA_DROPPED, NOON, "circle22", words="no")
    assert _of(one, other).stage is Stage.DROPPED


def test_the_list_is_by_stage_and_counts_what_is_in_practice() -> None:
    others = [event(f"more{n}222", EventKind.IDEA_RAISED, "", ANA, NOON + n * HOUR, f"idea {n}") for n in range(3)]
    found = ideas_of([RAISED, TRYING, PRACTICE, *others])
    assert [idea.id for idea in found] == ["more2222", "more1222", "more0222", RAISED.id]
    assert [idea.id for idea in in_practice(found)] == [RAISED.id]
