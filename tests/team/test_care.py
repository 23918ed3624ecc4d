"""By when an entry is to be checked: what people write for a day (F33)."""

from __future__ import annotations

import datetime as dt

import pytest

from kbtui.errors import RefusedError, UsageError
from kbtui.team.care import check_day


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("6m", "2026-08-31", "2027-02-28"),
        ("6m", "2027-08-31", "2028-02-29"),
        ("6m", "2026-01-15", "2026-07-15"),
        ("1m", "2026-01-31", "2026-02-28"),
        ("12m", "2026-12-31", "2027-12-31"),
        ("1Y", "2028-02-29", "2029-02-28"),
        ("90d", "2026-11-30", "2027-02-28"),
        ("2w", "2026-12-25", "2027-01-08"),
        ("0d", "2026-12-25", "2026-12-25"),
        (" Today ", "2026-12-25", "2026-12-25"),
        ("2027-03-31", "2026-12-25", "2027-03-31"),
        ("", "2026-12-25", ""),
    ],
)
def test_a_time_from_today_is_counted_by_the_calendar(text: str, today: str, day: str) -> None:
    """Six months were 180 days."""
    assert check_day(text, dt.date.fromisoformat(today)) == day


@pytest.mark.parametrize("text", ["soon", "m", "6", "-1m", "6.5m", "99999m", "9" * 30 + "y", "99999999d", "2027-02-30"])
def test_what_means_no_day(text: str) -> None:
    with pytest.raises(UsageError, match="is no date"):
        check_day(text, dt.date(2026, 8, 31))


def test_a_day_that_is_over_is_a_slip_unless_it_stands_there() -> None:
    """`kbtui check-by ENTRY 2020-01-31` was taken."""
    with pytest.raises(RefusedError, match="2020-01-31 is over"):
        check_day("2020-01-31", dt.date(2026, 8, 31))
    assert check_day("2020-01-31", dt.date(2026, 8, 31), "2020-01-31") == "2020-01-31"
