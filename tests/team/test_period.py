"""The days that a person means."""

from __future__ import annotations

import datetime as dt

import pytest

from kbtui.errors import RefusedError
from kbtui.team.period import period

TUESDAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("monday", "", "2026-11-23 to 2026-11-24"),
        ("Tuesday", "", "2026-11-17 to 2026-11-24"),
        ("sunday", "yesterday", "2026-11-22 to 2026-11-23"),
        ("14d", "7d", "2026-11-10 to 2026-11-17"),
        ("2026-10-01", "2026-10-31", "2026-10-01 to 2026-10-31"),
        ("today", "today", "2026-11-24 to 2026-11-24"),
    ],
)
def test_days(since: str, until: str, words: str) -> None:
    assert period(since, until, TUESDAY).words == words


@pytest.mark.parametrize(
    ("since", "until"), [("someday", ""), ("2026-02-30", ""), ("99999999999d", ""), ("²d", ""), ("today", "yesterday")]
)
def test_what_is_no_day_is_refused(since: str, until: str) -> None:
    with pytest.raises(RefusedError):
        period(since, until, TUESDAY)


def test_both_days_belong_to_it_to_the_second() -> None:
    days = period("monday", "", TUESDAY)
    assert days.has(days.start)
    assert days.has(days.end)
    assert not days.has(days.start - dt.timedelta(seconds=1))
    assert not days.has(days.end + dt.timedelta(seconds=1))
    tokyo = dt.timezone(dt.timedelta(hours=9))
    assert days.has(dt.datetime(2026, 11, 25, 8, tzinfo=tokyo)), "days are days in UTC"
