"""The days that a report is about: whole days in UTC, the first and the last one included. Pure.

Whole days, so that a report made twice on one day, or by two people, is the same.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kbtui.entry.text import normal
from kbtui.errors import UsageError

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HINT = "Give a day (2026-11-23), a weekday (monday: the last one before today), today, yesterday, or 14d."
_MOST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Period:
    """Some days; `first` is not after `last`."""

    first: dt.date
    last: dt.date

    @property
    def start(self) -> dt.datetime:
        """The first moment."""
        return dt.datetime.combine(self.first, dt.time(), dt.UTC)

    @property
    def end(self) -> dt.datetime:
        """The last moment."""
        return dt.datetime.combine(self.last, dt.time.max, dt.UTC)

    def has(self, at: dt.datetime) -> bool:
        """Whether a moment falls into it."""
        return self.first <= at.astimezone(dt.UTC).date() <= self.last

    @property
    def words(self) -> str:
        """The days as a person reads them."""
        return f"{self.first.isoformat()} to {self.last.isoformat()}"


def period(since: str, until: str, today: dt.date) -> Period:
    """Return the days that two texts of a person mean.

    Args:
        until: today where it is empty.

    Raises:
        UsageError: one of them is no day, or the last one is before the first.
    """
    first, last = _day(since, today), _day(until or "today", today)
    if last < first:
        raise UsageError(f"{last.isoformat()} is before {first.isoformat()}.", "Turn --since and --until round.")
    return Period(first, last)


def _day(text: str, today: dt.date) -> dt.date:
    word = normal(text)
    if word in _WEEKDAYS:
        return today - dt.timedelta(days=(today.weekday() - _WEEKDAYS.index(word) - 1) % 7 + 1)
    if word in ("today", "yesterday"):
        return today - dt.timedelta(days=word == "yesterday")
    digits = word.removesuffix("d")
    if digits != word and digits.isascii() and digits.isdecimal() and int(digits) <= _MOST_DAYS:
        return today - dt.timedelta(days=int(digits))
    try:
        return dt.date.fromisoformat(word)
    except ValueError as error:
        raise UsageError(f"{word!r} is no day.", _HINT) from error
