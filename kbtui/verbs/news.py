"""What is new for one person since they last looked (F48): what concerns them first.

A person's mark, the commit they have seen, stays on this computer. Without one, or where
the history was rewritten, the last seven days are new.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kbtui.entry import file_format
from kbtui.entry.approval import digest
from kbtui.entry.authority_card import pairs
from kbtui.entry.card import Card
from kbtui.entry.decision import Asker
from kbtui.entry.event import Event, stamp
from kbtui.entry.model import Authority, Person, State
from kbtui.entry.text import normal
from kbtui.errors import KbError
from kbtui.store import atomic
from kbtui.team.credit import Credit, Step, credit_of
from kbtui.team.uses import WEEK, Counts, has_acknowledged, helped, thanks_to

if TYPE_CHECKING:
    from kbtui.git.change import Commit
    from kbtui.parts import Parts

MUST_READ = "must-read"
"""The tag of an entry that everybody has to read and acknowledge."""

_NOBODY_S = ("start", "import")
_ANSWERING = ("answer", "new", "")
"""Actions that bring an answer; the empty one is a plain git commit that made the file."""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry that is new to somebody, and what about it: who answered, which limit has changed."""

    id: str
    path: str
    question: str
    change: str = ""


@dataclass(frozen=True, slots=True)
class Thanks:
    """A thank-you, or a coaching note, that a person has not seen yet."""

    event: str
    person: Person
    question: str
    words: str


@dataclass(frozen=True, slots=True)
class News:
    """What is new for one person.

    Attributes:
        since: from when on.
        commit: the commit up to which this is all; to be marked as seen.
        answers: what others have answered, the person's own questions left out.
        limits: authority cards that say something else now.
        must_reads: what the person has to read and has not acknowledged in its present words.
        helped: calls of others that the person's words helped this week (F38).
        notes: what a lead has written to the person about their words (F32).
    """

    since: dt.datetime
    commit: str
    answers_to_me: tuple[Item, ...] = ()
    answers: tuple[Item, ...] = ()
    limits: tuple[Item, ...] = ()
    must_reads: tuple[Item, ...] = ()
    thanks: tuple[Thanks, ...] = ()
    helped: int = 0
    notes: tuple[Thanks, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        parts = (self.answers_to_me, self.answers, self.limits, self.must_reads, self.thanks, self.notes)
        return not any(parts) and not self.helped

    @property
    def words(self) -> str:
        """How much is new, in one line."""
        said = (
            (len(self.answers_to_me), "answers to your questions"),
            (len(self.must_reads), "to read"),
            (len(self.limits), "changed limits"),
            (len(self.answers), "new answers"),
            (len(self.thanks), "thank-yous"),
            (len(self.notes), "notes for you"),
        )
        return ", ".join(f"{number} {what}" for number, what in said if number) or "Nothing new"


@dataclass(frozen=True, slots=True)
class _Mark:
    """What a person has seen: up to which commit, when, and which thank-yous."""

    commit: str = ""
    at: str = ""
    thanks: frozenset[str] = frozenset()


class Reader:
    """Says what is new for one person.

    Args:
        parts: the library's parts.
        asker: who reads, as authority cards know them.
    """

    def __init__(self, parts: Parts, asker: Asker) -> None:
        self._parts = parts
        self._asker = asker
        self._person = parts.person()
        self._mark_file = parts.state / f"seen-{_file_name(self._person)}.json"

    def news(self) -> News:
        """Return what is new."""
        overview = self._parts.overview
        mark, counts, now = _read(self._mark_file), self._parts.tally.counts(), self._parts.now()
        if overview.has(mark.commit):
            since, seen = dt.datetime.fromisoformat(mark.at), mark.commit
        else:
            since, seen = now - WEEK, overview.before(now - WEEK)
        changes = overview.changes([card.path for card in self._cards()])
        fresh = overview.since(seen)
        new = {path: [each for each in done if _is_news(each, fresh)] for path, done in changes.items()}
        cards = self._parts.index.cards([path for path, done in new.items() if done])
        answers = [(card, done) for card, done in self._answered(cards, changes, new)]
        mine = {card.path for card, done in answers if self._is_among(credit_of(_steps(done)).asked)}
        items = [(card.path in mine, _item(card, f"answered by {_last(done)}")) for card, done in answers]
        return News(
            since=since,
            commit=overview.head(),
            answers_to_me=tuple(item for is_mine, item in items if is_mine),
            answers=tuple(item for is_mine, item in items if not is_mine),
            limits=tuple(self._limits(seen, cards)),
            must_reads=tuple(self._must_reads()),
            thanks=tuple(self._thanks(mark, since, self._parts.tally.thanks())),
            notes=tuple(self._thanks(mark, since, self._parts.tally.coached())),
            helped=self._helped(counts, changes),
        )

    def mark_seen(self, seen: News) -> None:
        """Remember that the person has seen this.

        Raises:
            NotSavedError: the disk did not take it.
        """
        before = _read(self._mark_file)
        thanks = sorted(before.thanks | {each.event for each in (*seen.thanks, *seen.notes)})
        values = {"commit": seen.commit, "at": stamp(self._parts.now()), "thanks": thanks}
        atomic.write(self._mark_file, json.dumps(values).encode())

    def _answered(
        self, cards: Mapping[str, Card], changes: Mapping[str, list[Commit]], new: Mapping[str, list[Commit]]
    ) -> Iterable[tuple[Card, list[Commit]]]:
        """Yield the entries that others have answered lately, with all that happened to them up to that."""
        for path, card in cards.items():
            answers = [each for each in new[path] if _answers(each, changes[path])]
            is_there = card.state not in (State.OPEN, State.ARCHIVED) and not card.variant_of
            if is_there and answers and not self._is_among([answers[-1].person]):
                yield card, changes[path][: changes[path].index(answers[-1]) + 1]

    def _limits(self, seen: str, cards: Mapping[str, Card]) -> Iterable[Item]:
        had = self._parts.overview.with_authority(seen)
        for path, card in cards.items():
            if path in had or card.authority is not None:
                before = self._authority_at(seen, path)
                if change := _changed(before, None if card.state is State.ARCHIVED else card.authority, self._asker):
                    yield _item(card, change)

    def _authority_at(self, commit: str, path: str) -> Authority | None:
        data = self._parts.overview.bytes_at(commit, path)
        entry = file_format.read(path, data) if data is not None else None
        return entry.authority if entry is not None and entry.state is not State.ARCHIVED else None

    def _must_reads(self) -> Iterable[Item]:
        read = self._parts.tally.acknowledged()
        for card in self._cards():
            is_one = MUST_READ in map(normal, card.tags) and card.state is not State.ARCHIVED
            if is_one and not (self._person and has_acknowledged(self._person, card.id, self.digest(card.path), read)):
                yield _item(card)

    def _cards(self) -> list[Card]:
        index = self._parts.index
        return index.all_cards() if index.is_usable() else []

    def digest(self, path: str) -> str:
        """Return the digest of the words that an entry has now; nothing where it cannot be read."""
        try:
            entry = file_format.read(path, self._parts.files.read(path))
        except KbError:
            return ""
        return digest(entry.question, entry.answer)

    def _thanks(self, mark: _Mark, since: dt.datetime, events: Iterable[Event]) -> Iterable[Thanks]:
        """Yield the thank-yous or the notes among events that are for the person, and new to them."""
        for each in thanks_to(self._person, events) if self._person else []:
            if each.id not in mark.thanks and (mark.commit or each.at >= since):
                paths = self._parts.index.called(each.entry)
                card = self._parts.index.cards(paths[:1]).get(paths[0]) if paths else None
                yield Thanks(each.id, each.person, card.question if card else each.entry, each.words)

    def _helped(self, counts: Counts, changes: Mapping[str, list[Commit]]) -> int:
        if self._person is None:
            return 0
        credits_of: dict[str, Credit] = {}
        for entry_id in counts.this_week:
            steps = [step for path in self._parts.index.called(entry_id) for step in _steps(changes.get(path, []))]
            credits_of[entry_id] = credit_of(steps)
        return helped(counts, self._person, credits_of)

    def _is_among(self, people: Iterable[Person]) -> bool:
        return self._person is not None and self._person.key in {each.key for each in people}


def _is_news(commit: Commit, fresh: Collection[str]) -> bool:
    """Whether a change is new and somebody's; what a starter base or an import brings is not."""
    return commit.commit in fresh and commit.action not in _NOBODY_S


def _answers(commit: Commit, history: list[Commit]) -> bool:
    """Whether a change brought an answer; a plain commit did if it made the file."""
    return commit.action in _ANSWERING and (bool(commit.action) or commit is history[0])


def _changed(before: Authority | None, after: Authority | None, asker: Asker) -> str:
    """Return what an authority card says that it did not say before, or nothing."""
    if after is None:
        return "no longer says who may decide" if before is not None else ""
    if before is None:
        return "new"
    old, new = pairs(before, asker), pairs(after, asker)
    said = [f"{name}: {value}" for name, value in new if (name, value) not in old]
    kept = {name for name, _ in new}
    return "; ".join([*said, *(f"no longer: {name}: {value}" for name, value in old if name not in kept)])


def _steps(commits: Iterable[Commit]) -> list[Step]:
    return [Step(c.person, c.at, c.action, c.co_authors, c.reviewers) for c in commits]


def _item(card: Card, change: str = "") -> Item:
    return Item(card.id, card.path, card.question, change)


def _last(commits: list[Commit]) -> str:
    return commits[-1].person.name


def _file_name(person: Person | None) -> str:
    """Return what tells one reader of this computer from another, as part of a file's name."""
    text = person.key if person else ""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:10]


def _read(file: Path) -> _Mark:
    """Return a mark; one that is missing or damaged has seen nothing."""
    try:
        values = json.loads(file.read_bytes())
        dt.datetime.fromisoformat(values["at"])
        return _Mark(str(values["commit"]), values["at"], frozenset(map(str, values["thanks"])))
    except (OSError, ValueError, KeyError, TypeError):
        return _Mark()
