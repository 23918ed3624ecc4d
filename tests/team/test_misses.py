"""Searches that did not help: near-same words together, one caller once, the most wanted first (F43)."""

from __future__ import annotations

import datetime as dt
import random

from kbtui.entry.event import Event
from kbtui.entry.model import Person
from kbtui.search.closeness import grams
from kbtui.team.misses import FOUND, Misses, grouped
from tests.events import NOON, event
from tests.helpers import ANA, BEN

MINUTE = dt.timedelta(minutes=1)


def _miss(number: int, words: str, after: int = 0, by: Person = ANA, *, found: bool = False) -> Event:
    return event(f"miss{number:04}", "miss", "", by, NOON + after * MINUTE, words, refs=(FOUND,) if found else ())


def _grouped(*misses: Event) -> list[Misses]:
    return grouped(misses, lambda words: grams(words, "en"))


def test_near_same_words_are_one_and_the_most_wanted_is_first() -> None:
    events = [
        _miss(1, "zebra stripes"),
        _miss(2, "change delivery address", 60),
        _miss(3, "Change delivery adress", 120),
        _miss(4, "change the delivery address", 180, found=True),
        _miss(5, "refund for a gift card", 240),
        _miss(6, "refund for a gift card", 300),
    ]
    found = _grouped(*events)
    assert [(each.words, each.nothing, each.unused) for each in found] == [
        ("Change delivery adress", 2, 1),
        ("refund for a gift card", 2, 0),
        ("zebra stripes", 1, 0),
    ]
    assert len(found[0].phrasings) == 3
    shuffled = random.Random(7).sample(events, len(events))
    assert _grouped(*shuffled) == found, "the order in which events came leaves no trace"


def test_one_caller_s_tries_count_once() -> None:
    """A caller whose words are tried in several ways is one caller; another rep's caller is another one."""
    tries = [_miss(1, "gift card refund"), _miss(2, "gift cards refund", 5), _miss(3, "gift card refunds", 14)]
    assert [each.heat for each in _grouped(*tries)] == [1]
    assert [each.heat for each in _grouped(*tries, _miss(4, "gift card refund", 5, BEN))] == [2]
    assert [each.heat for each in _grouped(*tries, _miss(4, "gift card refund", 25))] == [2]


def test_a_call_that_found_something_on_the_way_was_not_found_in_vain() -> None:
    found = _grouped(_miss(1, "gift card refund"), _miss(2, "gift cards refund", 1, found=True))
    assert [(each.nothing, each.unused) for each in found] == [(0, 1)]
