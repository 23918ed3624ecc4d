"""A round of questions to oneself: which ones, in which order, when they come back, when it ends (F49)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from kbtui.entry.decision import Asker
from kbtui.entry.model import Authority, Limit
from kbtui.team.drill import NEW_AT_MOST, ROUND, DrillCard, Grade, Round, in_order, may_you
from kbtui.team.spacing import Score, graded
from tests.events import NOON

CARD = Authority("refund", "EUR", (Limit("rep", Decimal(50)), Limit("shift lead", Decimal(250))), above="Lena")
ASKER = Asker("rep", ("rep", "shift lead"), "2026-11-02")
DAY = dt.timedelta(days=1)


def _card(name: str, due: dt.datetime | None = None) -> DrillCard:
    return DrillCard(name, f"{name}.md", "most used", "Why?", "Because.", "digest", due)


def test_each_turn_asks_about_another_amount_until_every_answer_has_been_given() -> None:
    told = [may_you(CARD, ASKER, turn) for turn in range(4)]
    assert [one and (one[0], one[1].split("\n")[0]) for one in told] == [
        ("Refund, 50 EUR: may you?", "You may: refund up to 50 EUR."),
        ("Refund, 150 EUR: may you?", "Ask a shift lead (up to 250 EUR)."),
        ("Refund, 500 EUR: may you?", "Ask Lena."),
        ("Refund, 50 EUR: may you?", "You may: refund up to 50 EUR."),
    ]


def test_past_the_boundary_is_asked_as_well() -> None:
    never = may_you(replace(CARD, boundary="never more than 1000 EUR"), ASKER, 3)
    assert never is not None
    assert never[0] == "Refund, 1500 EUR: may you?"
    assert never[1].startswith("Never: more than 1000 EUR.")


def test_who_has_no_limit_learns_whom_to_ask() -> None:
    told = may_you(replace(CARD, limits=CARD.limits[1:]), ASKER, 0)
    assert told is not None
    assert told[1].startswith("Ask")


@pytest.mark.parametrize("card", [replace(CARD, valid_until="2026-11-01"), replace(CARD, limits=())])
def test_what_does_not_hold_or_says_no_number_is_not_learnt(card: Authority) -> None:
    assert may_you(card, ASKER, 0) is None


@pytest.mark.parametrize("limit", ["0.50", "7", "99", "100", "12345.67"])
def test_amounts_lie_where_the_answer_differs(limit: str) -> None:
    own = Decimal(limit)
    card = replace(CARD, limits=(Limit("rep", own), Limit("shift lead", own * 3)))
    said = [told[1].split(" ", 1)[0] for turn in range(3) if (told := may_you(card, ASKER, turn))]
    assert said == ["You", "Ask", "Ask"]


def test_what_is_overdue_comes_first_then_what_is_new_up_to_ten() -> None:
    new = [_card(f"new{n}") for n in range(15)]
    due = [_card("late", NOON - DAY), _card("later", NOON - 2 * DAY), _card("tomorrow", NOON + DAY)]
    assert [card.id for card in in_order([*new, *due], NOON)] == ["later", "late"] + [
        f"new{n}" for n in range(NEW_AT_MOST)
    ]


def test_what_comes_back_before_the_end_stands_at_the_end_of_the_round() -> None:
    going = Round([_card("a"), _card("b")], NOON + ROUND)
    first = going.next(NOON)
    assert first is not None
    going.graded(first, NOON + dt.timedelta(minutes=1))
    assert [card.id for card in going.cards] == ["b", "a"]
    going.graded(first, NOON + DAY)
    assert [card.id for card in going.cards] == ["b"]
    assert going.summary == "You went through 1 question; what is left comes next time."
    going.graded(_card("b"), NOON + DAY)
    assert (going.next(NOON), going.summary) == (None, "You went through 2 questions; nothing more is due.")


def test_a_round_is_over_after_five_minutes() -> None:
    going = Round([_card("a")], NOON + ROUND)
    assert going.next(NOON + ROUND - dt.timedelta(seconds=1)) is not None
    assert going.next(NOON + ROUND) is None


# FSRS


def test_what_one_knows_comes_back_later_each_time() -> None:
    score = None
    when, gaps = NOON, []
    for _ in range(5):
        score = graded(score, "words", Grade.GOOD, when)
        gaps.append(score.due - when)
        when = score.due
    assert score is not None
    assert gaps == sorted(gaps)
    assert gaps[0] < dt.timedelta(hours=1) < DAY <= gaps[1]
    assert (score.asked, gaps[-1] > 30 * DAY) == (5, True)


def test_the_easier_the_later() -> None:
    due = [graded(None, "words", grade, NOON).due for grade in Grade]
    assert due == sorted(due)
    assert due[0] <= NOON + dt.timedelta(minutes=2)


def test_the_same_answers_give_the_same_days() -> None:
    assert graded(None, "words", Grade.EASY, NOON) == graded(None, "words", Grade.EASY, NOON)


def test_other_words_are_learnt_anew() -> None:
    known = graded(graded(None, "old", Grade.EASY, NOON), "old", Grade.EASY, NOON + 10 * DAY)
    assert graded(known, "new", Grade.GOOD, NOON).due == graded(None, "new", Grade.GOOD, NOON).due
    assert known.due > NOON + 20 * DAY


@pytest.mark.parametrize("memory", [{}, {"card_id": "x"}, {"due": 7}])
def test_a_damaged_memory_is_none(memory: dict[str, object]) -> None:
    damaged = Score("words", NOON, 3, memory)
    assert graded(damaged, "words", Grade.GOOD, NOON).due == graded(None, "words", Grade.GOOD, NOON).due
