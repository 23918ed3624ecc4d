"""By when somebody is to look whether an entry is still true: the day that a person means (F33). Pure."""

from __future__ import annotations

import calendar
import datetime as dt

from kbtui.entry.text import normal
from kbtui.errors import RefusedError, UsageError

_HINT = "Write 2027-03-31, or from today 90d, 6w, 6m, 1y."
_DAYS = {"d": 1, "w": 7}
_MONTHS = {"m": 1, "y": 12}


def check_day(text: str, today: dt.date, there: str = "") -> str:
    """Return the ISO date that a text means; nothing for nothing.

    A month is one of the calendar: six months after 31 August it is the last of February. Today makes an entry
    due at once; a day that is over is a slip, nearly always in the year.

    Args:
        text: ISO, "today", or how many days, weeks, months or years from today: "90d", "6w", "6m", "1y".
        there: what the entry says now, which may stay though it is over.

    Raises:
        UsageError: it means no day.
        RefusedError: the day is over.
    """
    plain = normal(text)
    if not plain:
        return ""
    try:
        day = _day(plain, today)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{plain!r} is no date.", _HINT) from error
    if day < today and day.isoformat() != there:
        raise RefusedError(f"{day.isoformat()} is over.", "Give a day to come; today says that it is due now.")
    return day.isoformat()


def _day(plain: str, today: dt.date) -> dt.date:
    number, unit = plain[:-1], plain[-1:]
    if plain == "today":
        return today
    if number.isdecimal() and unit in _DAYS:
        return today + dt.timedelta(days=_DAYS[unit] * int(number))
    if number.isdecimal() and unit in _MONTHS:
        return _months_after(today, _MONTHS[unit] * int(number))
    return dt.date.fromisoformat(plain)


def _months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day of a later month, or that month's last one where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > dt.MAXYEAR:
        raise OverflowError(year)
    return day.replace(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
