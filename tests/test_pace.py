"""When the next sync is due (F51, FAULTS S9): moments are passed in, nothing waits."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from kbtui.verbs import pace
from kbtui.verbs.pace import BUSY_WAIT, IDLE_WAIT, LONGEST_WAIT, SOON, SPARED, USUAL_WAIT, Pace

START = 1_000_000.0
NO_CHANCE = 1.0


def syncs(it: Pace, until: float, outcome: str = "shared", step: float = 0.5) -> tuple[Pace, list[float]]:
    """Look at the clock up to a moment, and sync whenever that is due; return when."""
    found = []
    now = it.looked
    while now < until:
        now += step
        it = it.at(now)
        if it.is_due:
            found.append(now)
            it = it.starting().ended(now, outcome, NO_CHANCE)
    return it, found


def test_the_first_is_soon_and_then_every_half_minute() -> None:
    _, found = syncs(Pace.begun(START), START + 95)
    assert [moment - START for moment in found] == [SOON, 31, 61, 91]


def test_it_is_seldom_while_nobody_is_there_and_soon_once_somebody_comes_back() -> None:
    it, found = syncs(Pace.begun(START), START + 1300)
    assert [b - a for a, b in itertools.pairwise(found)][-2:] == [IDLE_WAIT, IDLE_WAIT]
    assert it.touched(it.looked).due == it.looked + SOON


def test_a_key_in_between_changes_nothing() -> None:
    it, _ = syncs(Pace.begun(START), START + 10)
    assert it.touched(START + 10).due == it.due


def test_a_save_is_shared_in_a_second_and_many_saves_once() -> None:
    it, _ = syncs(Pace.begun(START), START + 10)
    for moment in (10.0, 10.4, 10.8):
        it = it.at(START + moment).saved(START + moment)
    _, found = syncs(it, START + 20)
    assert [moment - START for moment in found] == [pytest.approx(11.3, abs=0.5)]


def test_what_is_saved_during_a_sync_is_shared_right_after_it() -> None:
    running = Pace.begun(START).at(START + 2).starting().saved(START + 3)
    after = running.ended(START + 4, "shared", NO_CHANCE)
    assert after.due == START + 4 + SOON
    assert after.has_to_finish


def test_out_of_reach_it_asks_ever_less_often_up_to_ten_minutes() -> None:
    _, found = syncs(Pace.begun(START), START + 4000, "waiting", step=0.25)
    waits = [b - a for a, b in itertools.pairwise(found)]
    assert waits[:5] == [60, 120, 240, 480, LONGEST_WAIT]
    assert set(waits[4:]) == {LONGEST_WAIT}


def test_back_in_reach_it_is_the_usual_pace_again() -> None:
    it, _ = syncs(Pace.begun(START), START + 500, "waiting")
    assert it.ended(it.looked, "shared", NO_CHANCE).wait == IDLE_WAIT
    assert it.touched(it.looked).ended(it.looked, "shared", NO_CHANCE).wait == USUAL_WAIT


def test_a_host_that_does_not_answer_is_spared_whatever_is_saved() -> None:
    it = Pace.begun(START).ended(START, "waiting", NO_CHANCE)
    assert it.saved(START + 1).due == START + SPARED
    assert it.saved(START + 30).due == START + 30 + SOON


def test_after_a_weekend_of_sleep_there_is_one_sync() -> None:
    """FAULTS S9: https://github.com/jesseduffield/lazygit/pull/2789."""
    asleep, _ = syncs(Pace.begun(START), START + 600, "waiting")
    monday = START + 600 + 60 * 3600
    awake = replace(asleep.at(monday), looked=monday)
    assert not awake.is_due, "the network is not there yet"
    _, found = syncs(awake, monday + USUAL_WAIT)
    assert [moment - monday for moment in found] == [pace.WAKING]


def test_a_clock_that_is_set_back_by_years_stops_nothing() -> None:
    it, _ = syncs(Pace.begun(START), START + 40)
    earlier = it.looked - 700_000
    _, found = syncs(it.at(earlier), earlier + 40)
    assert len(found) == 1


def test_a_base_without_a_team_is_left_in_peace() -> None:
    it = Pace.begun(START).ended(START, "alone", NO_CHANCE)
    assert it.saved(START + 5).due == START + LONGEST_WAIT
    assert not it.saved(START + 5).has_to_finish
    assert it.asked(START + 5).due == START + 5


def test_where_another_window_shares_it_is_tried_again_in_a_moment() -> None:
    it = Pace.begun(START).ended(START, "busy", NO_CHANCE)
    assert it.due == START + BUSY_WAIT


def test_only_what_is_about_to_arrive_is_worth_waiting_for() -> None:
    saved = Pace.begun(START).ended(START, "shared", NO_CHANCE).saved(START + 1)
    assert saved.has_to_finish
    assert saved.starting().has_to_finish, "the sync that runs carries it"
    assert not saved.starting().ended(START + 3, "shared", NO_CHANCE).has_to_finish
    assert not saved.starting().ended(START + 3, "waiting", NO_CHANCE).saved(START + 4).has_to_finish


def test_chance_parts_computers() -> None:
    low, high = (Pace.begun(START).ended(START, "shared", share).due for share in pace.CHANCE)
    assert (low, high) == (START + USUAL_WAIT * 0.75, START + USUAL_WAIT * 1.25)
