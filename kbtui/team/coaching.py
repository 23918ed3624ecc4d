"""The seeded sample for coaching and the content checklist (F31, F32). Pure.

A sample keeps a lead from looking only at what was flagged or at whom they have in mind: it is
drawn by a hash of seed and entry, so that everybody with the same base and the same seed sees
the same entries, and nobody chooses. The outcome is a note to the writer, never a mark.

The checklist is KCS's Content Standard Checklist (practice 5, Content Health Indicators), a tool
for coaching: unique, complete, clear, the title says it; and what a base must never hold, personal data.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from kbtui.entry.card import Card
from kbtui.entry.event import Event, EventKind
from kbtui.entry.model import Entry, Person, State
from kbtui.entry.text import normal
from kbtui.errors import UsageError

LONG_ANSWER = 1_200
"""Characters beyond which an answer is hard to read while a caller waits (F14)."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the checklist: what it is called, and what a lead asks themselves."""

    id: str
    question: str


CHECKLIST = (
    Criterion("unique", "Is there no other entry that answers the same?"),
    Criterion("complete", "Does it say all that a colleague needs to end the call?"),
    Criterion("clear", "Can it be read while somebody waits on the telephone?"),
    Criterion("title", "Does the question say what the answer answers, in a caller's words?"),
    Criterion("personal", "Does it hold nothing about one customer?"),
)


@dataclass(frozen=True, slots=True)
class Looked:
    """Somebody has looked at an entry of a sample: it is good as it is, or they left its writers a note."""

    by: str
    is_good: bool

    @property
    def words(self) -> str:
        """What came of it, as a person reads it."""
        return f"{self.by}: good as it is" if self.is_good else f"{self.by} left a note"


@dataclass(frozen=True, slots=True)
class Sampled:
    """One entry of a sample.

    Attributes:
        hints: what the tool noticed, by the criterion's id; a person decides.
        looked: who has looked at the words it has now, the latest last.
    """

    card: Card
    hints: Mapping[str, str]
    looked: tuple[Looked, ...] = ()


def note(about: Sequence[str], words: str) -> str:
    """Return a coaching note that says first which lines of the checklist it is about.

    Raises:
        RefusedError: the checklist has no such line.
    """
    known = [criterion.id for criterion in CHECKLIST]
    for name in about:
        if name not in known:
            raise UsageError(f"{name!r} is not in the checklist.", f"Use one of: {', '.join(known)}.")
    return f"({', '.join(dict.fromkeys(about))}) {words}" if about else words


def week_of(day: dt.date) -> str:
    """Return the usual seed, which changes with the week: "2026-W48"."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def drawn(cards: Sequence[Card], seed: str, size: int, lately: Collection[str]) -> list[Card]:
    """Return a sample of answered entries; the same seed over the same entries gives the same sample.

    Args:
        cards: of all entries.
        seed: any text.
        size: how many.
        lately: paths of those written or improved lately; others only fill up what these leave.
    """
    may = [card for card in cards if card.state not in (State.OPEN, State.ARCHIVED) and not card.variant_of]
    return sorted(may, key=lambda card: (card.path not in lately, _lot(seed, card.id)))[:size]


def looks(
    card: Card, events: Sequence[Event], changed: dt.datetime, name: Callable[[Person], str]
) -> tuple[Looked, ...]:
    """Return who has looked at an entry as it is now, each with what they said last; the latest last.

    "Good" was said of exact words, and goes with them; whoever takes it back names what they noted. A note
    holds until somebody has changed the entry.

    Args:
        events: "good" and notes, of all entries.
        changed: when the entry was last changed.
        name: returns what somebody is called.
    """
    about = sorted((each for each in events if each.entry == card.id), key=lambda each: (each.at, each.id))
    found: dict[str, Looked] = {}
    gone = {(each.person.key, ref) for each in about for ref in each.refs if each.kind == EventKind.FOUND_GOOD}
    for each in about:
        is_of_words = each.kind == EventKind.FOUND_GOOD and card.words in each.refs
        is_good = is_of_words and (each.person.key, each.id) not in gone
        if is_good or (each.kind == EventKind.COACHED and each.at >= changed):
            by = name(each.person)
            found.pop(by, None)
            found[by] = Looked(by, is_good)
    return tuple(found.values())


def _lot(seed: str, entry_id: str) -> bytes:
    return hashlib.sha256(f"{seed}\n{entry_id}".encode("utf-8", "replace")).digest()


def hints(entry: Entry, near: Callable[[], str], personal: Sequence[str]) -> dict[str, str]:
    """Return what the tool noticed about an entry, by the criterion it concerns.

    Args:
        entry: the one that is looked at.
        near: returns the question of an entry that is probably the same, or nothing.
        personal: what the guard found in it, in words.
    """
    other = near()
    found = {
        "unique": f"“{other}” may be the same" if other else "",
        "complete": "it names no tag, so it is not found by topic" if not entry.tags else "",
        "clear": _unclear(entry.answer),
        "title": "" if _shares_words(entry) else "no word of the question comes back in the answer",
        "personal": "; ".join(personal),
    }
    return {name: words for name, words in found.items() if words}


def _unclear(answer: str) -> str:
    if len(answer) > LONG_ANSWER:
        return f"it is long ({len(answer)} characters); one screen or less is better"
    return ""


def _shares_words(entry: Entry) -> bool:
    """Whether a longer word of the question, or the beginning of one, stands in the answer."""
    answer = normal(entry.plain or entry.answer)
    words = [word for word in normal(" ".join((entry.question, *entry.asked_as))).split() if len(word) > 3]
    return not words or any(word.strip("?!.,;:“”\"'")[:5] in answer for word in words)
