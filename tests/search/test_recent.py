"""`kbtui.search.recent`: what was used lately stays, what was not goes, and no more than so much is kept."""

from __future__ import annotations

import random
from collections import OrderedDict

from kbtui.search.recent import Recent


class Reader:
    """Reads numbers as texts, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.read: list[int] = []

    def __call__(self, keys: list[int]) -> dict[int, str]:
        self.read += keys
        return {key: str(key) for key in keys if key >= 0}


def test_what_is_known_is_not_read_again() -> None:
    recent, reader = Recent[int, str](10), Reader()
    assert recent.get([3, 1, 2], reader) == {3: "3", 1: "1", 2: "2"}
    assert [*recent.get([2, 3, 4], reader)] == [2, 3, 4]
    assert reader.read == [3, 1, 2, 4]


def test_what_there_is_not_is_left_out() -> None:
    recent, reader = Recent[int, str](10), Reader()
    assert recent.get([1, -1], reader) == {1: "1"}
    assert recent.get([-1], reader) == {}


def test_what_is_used_again_and_again_stays() -> None:
    recent, reader = Recent[int, str](10), Reader()
    for number in range(100, 200):
        recent.get([1, 2, number], reader)
    assert reader.read.count(1) == reader.read.count(2) == 1


def test_no_more_is_kept_than_two_halves() -> None:
    recent, reader = Recent[int, str](10), Reader()
    for number in range(100):
        recent.get([number], reader)
    known = recent.get([*range(100)], lambda _: {})
    assert 10 <= len(known) <= 21
    assert [*known][-1] == 99


def test_large_things_count_for_more() -> None:
    recent, reader = Recent[int, str](100, len), Reader()
    for number in range(10**9, 10**9 + 100):
        recent.get([number], reader)
    assert len(recent.get([*range(10**9, 10**9 + 100)], lambda _: {})) <= 21


def test_what_the_order_of_use_would_keep_is_kept() -> None:
    """Beside a list in the order of use of the same size as one half."""
    dice, recent, exact, reader = random.Random(5), Recent[int, str](50), OrderedDict[int, None](), Reader()
    for _ in range(3_000):
        keys = [int(dice.paretovariate(0.7)) for _ in range(5)]
        before = len(reader.read)
        recent.get(keys, reader)
        for key in reader.read[before:]:
            assert key not in exact
        for key in keys:
            exact[key] = None
            exact.move_to_end(key)
        while len(exact) > 50:
            exact.popitem(last=False)
