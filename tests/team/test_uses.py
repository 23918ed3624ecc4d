"""What events come to: uses, callers waiting, open flags, thanks, and calls that somebody's answers helped."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from kbtui.entry.event import Event
from kbtui.entry.model import Person, State
from kbtui.store.event_cache import EventCache
from kbtui.store.events import EventFiles
from kbtui.store.outbox import Outbox
from kbtui.tally import Tally
from kbtui.team.credit import Credit
from kbtui.team.uses import Counts, to_thank
from tests.events import NOON, event
from tests.helpers import ANA, BEN, LEAD

DAY = dt.timedelta(days=1)


def _counts(*events: Event, now: dt.datetime = NOON) -> Counts:
    """Return the counts of events, through real files."""
    with TemporaryDirectory() as folder:
        files = EventFiles(Path(folder))
        files.append("events/ana-machine2/2026-11.jsonl", [each.line for each in events])
        outbox = Outbox(Path(folder), os.urandom)
        return Tally(lambda: EventCache(Path(folder) / "events.sqlite", files, outbox), lambda: now).counts()


def test_uses_ever_and_this_week() -> None:
    at = (NOON, NOON - 7 * DAY, NOON - 8 * DAY, NOON + DAY)
    counts = _counts(*(event(f"n{n}", at=when) for n, when in enumerate(at)))
    demand = counts.of("refund22", State.VALIDATED)
    assert (demand.used, demand.this_week) == (4, 2), "a time to come is a clock that is wrong"
    assert demand.words == "used 4 times (2 this week)"


def test_the_most_used_come_first() -> None:
    """A search raises the first hundred of them (`Wanted.uses`)."""
    counts = _counts(event("a"), event("b", entry="passwd22"), event("c", entry="passwd22", at=NOON - 9 * DAY))
    assert [*counts.used] == ["passwd22", "refund22"]
    assert counts.busiest == ["passwd22", "refund22"]


def test_only_an_open_question_has_callers_who_wait_and_the_first_one_counts() -> None:
    counts = _counts(event("a", "joined"), event("b", "joined", by=BEN))
    assert counts.of("refund22", State.OPEN).waiting == 3
    assert counts.of("refund22", State.OPEN).words == "3 callers waiting"
    assert counts.of("other222", State.OPEN).words == "1 caller waiting"
    assert counts.of("refund22", State.NOT_VALIDATED).waiting == 0
    assert counts.of("other222", State.VALIDATED).words == ""


def test_a_flag_is_open_until_somebody_names_it_in_closing() -> None:
    flags = [event("a", "flag", words="too old"), event("b", "flag", by=BEN, words="wrong")]
    closing = event("c", "flag-closed", refs=("a",), at=NOON - 30 * DAY)
    assert [flag.reason for flag in _counts(*flags).flags["refund22"]] == ["too old", "wrong"]
    assert [flag.reason for flag in _counts(closing, *flags).flags["refund22"]] == ["wrong"], "no clock matters"
    assert _counts(*flags, closing).of("refund22", State.VALIDATED).words == "1 open flag"
    assert _counts(*flags, closing, event("d", "flag-closed", refs=("x", "b"))).flags == {}


def test_a_thank_you_is_for_whoever_answered_improved_or_confirmed() -> None:
    credit = Credit(asked=(LEAD,), answered=(ANA,), improved=(BEN, ANA), confirmed=(BEN,))
    assert to_thank(credit, LEAD) == [ANA, BEN]
    assert to_thank(credit, Person("Ana", "ANA@example.com")) == [BEN]
