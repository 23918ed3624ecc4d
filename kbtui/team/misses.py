"""Searches that did not help (F43), near-same words together, the most wanted first. Pure.

Two kinds, told apart because they weigh differently: nothing was **found** that had all the words, which is a gap;
and something was found, but nothing of it was opened, copied or used, which may be a gap, an
answer that is hard to recognise, or one that was read in the preview.

A caller whose words are tried in several ways is one caller: what one person misses with
near-same words within ten minutes counts once.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kbtui.entry.event import Event
from kbtui.entry.text import normal

FOUND = "found"
"""Among the `refs` of a miss: the search had found something with all its words."""

ONE_CALL = dt.timedelta(minutes=10)

Pieces = Callable[[str], frozenset[str]]
"""Takes a text apart into what is compared, such as its trigrams (`kbtui.search.closeness.grams`)."""

_SAME = 0.6
"""Dice's coefficient from which two searches are about the same: endings, order, a slip, a filler more."""


@dataclass(frozen=True, slots=True)
class Misses:
    """Searches about the same.

    Attributes:
        words: as they were searched most often.
        phrasings: all words searched, the most frequent first.
        nothing: how many callers' words found nothing.
        unused: how many found something that nobody used.
        last: when the latest was.
    """

    words: str
    phrasings: tuple[str, ...]
    nothing: int
    unused: int
    last: dt.datetime

    @property
    def heat(self) -> int:
        """How many callers' words did not help."""
        return self.nothing + self.unused


def grouped(misses: Iterable[Event], pieces: Pieces) -> list[Misses]:
    """Return what was missed, the most wanted first; the same from the same events, in whatever order they came."""
    by_words: dict[str, list[Event]] = {}
    for each in sorted(misses, key=lambda each: (each.at, each.id)):
        by_words.setdefault(normal(each.words), []).append(each)
    groups: dict[str, list[Event]] = {}
    leaders = _Leaders(pieces)
    for words in sorted(filter(None, by_words), key=lambda words: (-len(by_words[words]), words)):
        groups.setdefault(leaders.of(words), []).extend(by_words[words])
    found = (_group(events) for events in groups.values())
    return sorted(found, key=lambda group: (-group.heat, -group.nothing, group.words))


class _Leaders:
    """The words that the groups are named after, by their pieces: thousands are not compared one by one."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._sizes: dict[str, int] = {}
        self._having: dict[str, list[str]] = {}

    def of(self, words: str) -> str:
        """Return the most alike of those alike enough; else these words, which lead a group from now on."""
        own = self._pieces(words)
        shared = Counter(leader for piece in own for leader in self._having.get(piece, ()))
        alike = ((2 * number / (len(own) + self._sizes[leader]), leader) for leader, number in shared.items())
        best, leader = max(alike, default=(0.0, words))
        if best >= _SAME:
            return leader
        self._sizes[words] = len(own)
        for piece in own:
            self._having.setdefault(piece, []).append(words)
        return words


def _group(events: Sequence[Event]) -> Misses:
    often = Counter(each.words for each in events)
    phrasings = sorted(often, key=lambda words: (-often[words], words))
    calls = _calls(events)
    nothing = sum(not any(FOUND in each.refs for each in call) for call in calls)
    return Misses(phrasings[0], tuple(phrasings), nothing, len(calls) - nothing, max(each.at for each in events))


def _calls(events: Sequence[Event]) -> list[list[Event]]:
    """Return events by caller: one person's within ten minutes of the one before are one caller's."""
    calls: list[list[Event]] = []
    open_calls: dict[str, list[Event]] = {}
    for each in sorted(events, key=lambda each: (each.at, each.id)):
        call = open_calls.get(each.person.key)
        if call is None or each.at - call[-1].at > ONE_CALL:
            call = open_calls[each.person.key] = []
            calls.append(call)
        call.append(each)
    return calls
