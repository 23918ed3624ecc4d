"""What is new for one person since they last looked (F48): what concerns them first.

A person's mark, the commit they have seen, stays on this computer. Without one, or where
the history was rewritten, the last seven days are new.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from kbtui.entry import file_format
from kbtui.entry.card import Card
from kbtui.entry.decision import Asker
from kbtui.entry.event import Event, EventKind
from kbtui.entry.identity import id_in_name
from kbtui.entry.model import Authority, Person, State
from kbtui.entry.reading import words_read
from kbtui.errors import KbError
from kbtui.store.seen import Mark, Seen
from kbtui.team.credit import NOBODY_S, credit_of, steps_of
from kbtui.team.limits import changed, expired
from kbtui.team.same import joined_paths
from kbtui.team.shift import Item, News, Note, Unread, addresses, colleagues, for_person, is_must_read, unread_by
from kbtui.team.uses import WEEK
from kbtui.verbs.shares import Shares

if TYPE_CHECKING:
    from kbtui.git.change import Commit
    from kbtui.parts import Parts

__all__ = ["Item", "News", "Note", "Reader", "Unread"]

_ANSWERING = ("answer", "new", "")
"""Actions that bring an answer; the empty one is a plain git commit that made the file."""

_EVER = dt.datetime.min.replace(tzinfo=dt.UTC)


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
        self._seen = Seen(parts.state, self._person)

    def news(self) -> News:
        """Return what is new."""
        overview = self._parts.overview
        mark, now = self._seen.read(), self._parts.now()
        if overview.has(mark.commit):
            since, seen = dt.datetime.fromisoformat(mark.at), mark.commit
        else:
            since, seen = now - WEEK, overview.before(now - WEEK)
        index = self._parts.index
        joined = joined_paths(index.cards_with_successor() if index.is_usable() else [])
        changes = overview.changes(sorted(self._changed_since(seen, joined)))
        fresh = overview.since(seen)
        new = {path: [each for each in done if _is_news(each, fresh)] for path, done in changes.items()}
        cards = self._parts.index.cards([path for path, done in new.items() if done])
        answers = [(card, done) for card, done in self._answered(cards, changes, new)]
        mine = {
            card.path
            for card, done in answers
            for asked in (done, *(changes.get(path, []) for path in joined.get(card.id, ())))
            if self._is_among(credit_of(steps_of(asked)).asked)
        }
        items = [(card.path in mine, _item(card, f"answered by {_last(done)}")) for card, done in answers]
        me = self._me
        return News(
            since=since,
            commit=overview.head(),
            answers_to_me=tuple(item for is_mine, item in items if is_mine),
            answers=tuple(item for is_mine, item in items if not is_mine),
            limits=(*self._limits(seen, cards, changes, new), *self._expired(since, cards)),
            must_reads=tuple(self._must_reads()),
            sent=tuple(self._sent(mark, since)),
            notes=tuple(self._notes(self._parts.tally.all_of(EventKind.COACHED), mark, since)),
            thanks=tuple(self._notes(self._parts.tally.thanks(), mark, since)),
            helped=Shares(self._parts).helped(me) if me else 0,
        )

    def _changed_since(self, seen: str, joined: Mapping[str, Sequence[str]]) -> set[str]:
        """Return the entries that may be new, and the questions that were joined into them.

        A file that has been moved is known by the id in its name.
        """
        touched = self._parts.overview.touched(seen)
        ids = set(filter(None, map(id_in_name, touched)))
        index = self._parts.index
        found = {*index.cards([*touched]).values(), *index.cards_with_ids(ids)} if index.is_usable() else set()
        return {card.path for card in found} | {path for card in found for path in joined.get(card.id, ())}

    def mark_seen(self, seen: News) -> None:
        """Remember that the person has seen this.

        Raises:
            NotSavedError: the disk did not take it.
        """
        self._seen.write(seen.commit, self._parts.now(), seen.events)

    def thanks(self) -> list[Note]:
        """Return every thank-you the person ever got, the latest first."""
        return [*self._notes(self._parts.tally.thanks())][::-1]

    def unread(self, cards: Sequence[Card]) -> list[Unread]:
        """Return who has not acknowledged entries in the words they have now.

        The people are those whose work the history has; a person under two addresses is one (`.mailmap`).
        """
        read = self._parts.tally.acknowledged()
        known = self._parts.overview.known_as(each.person for each in read)
        people = colleagues(self._parts.overview.people())
        found = []
        for card in cards:
            words = self.digest(card.path)
            readers = {known[each.person].key for each in read if each.entry == card.id and words in each.refs}
            found.append(Unread(card.id, card.path, card.question, unread_by(people, readers)))
        return found

    def must_reads(self) -> list[Card]:
        """Return the cards of the entries that everybody has to read."""
        index = self._parts.index
        cards = index.each_card() if index.is_usable() else ()
        return [card for card in cards if is_must_read(card.tags, card.state)]

    def has_read(self, card: Card) -> bool:
        """Whether the person has acknowledged an entry in the words it has now."""
        words = self.digest(card.path)
        readers = [e.person.key for e in self._parts.tally.acknowledged() if e.entry == card.id and words in e.refs]
        return not self._keys.isdisjoint((*readers, *self._known(readers).values()))

    @cached_property
    def _me(self) -> Person | None:
        """The person as the team's `.mailmap` knows them."""
        return self._parts.known_as(self._person) if self._person else None

    @cached_property
    def _keys(self) -> frozenset[str]:
        return frozenset(each.key for each in (self._person, self._me) if each)

    @cached_property
    def _names(self) -> frozenset[str]:
        """The person's names: a question may be sent to somebody whom only a file names, without an address."""
        return frozenset(each.name.casefold() for each in (self._person, self._me) if each)

    def _answered(
        self, cards: Mapping[str, Card], changes: Mapping[str, list[Commit]], new: Mapping[str, list[Commit]]
    ) -> Iterable[tuple[Card, list[Commit]]]:
        """Yield the entries that others have answered lately, with all that happened to them up to that."""
        for path, card in cards.items():
            answers = [each for each in new[path] if _answers(each, changes[path])]
            is_there = card.state not in (State.OPEN, State.ARCHIVED) and not card.variant_of
            if is_there and answers and not self._is_among([answers[-1].person]):
                yield card, changes[path][: changes[path].index(answers[-1]) + 1]

    def _limits(
        self, seen: str, cards: Mapping[str, Card], changes: Mapping[str, list[Commit]], new: Mapping[str, list[Commit]]
    ) -> Iterable[Item]:
        had = self._parts.overview.with_authority(seen)
        for path, card in cards.items():
            if path in had or card.authority is not None:
                before = _authority(path, self._before(seen, path, changes[path], new[path]))
                after = None if card.state is State.ARCHIVED else card.authority
                if change := changed(before, after, self._asker):
                    yield _item(card, change)

    def _expired(self, since: dt.datetime, told: Collection[str]) -> Iterable[Item]:
        """Yield the cards that nobody has changed and that hold no longer."""
        index = self._parts.index
        for card in index.authority_cards() if index.is_usable() else []:
            if card.authority is None or card.path in told or card.state is State.ARCHIVED:
                continue
            if change := expired(card.authority, since.date().isoformat(), self._asker):
                yield _item(card, change)

    def _before(self, seen: str, path: str, changes: list[Commit], new: list[Commit]) -> bytes | None:
        """Return an entry as it was before what is new; where it was not there yet, as nobody here brought it."""
        there = self._parts.overview.bytes_at(seen, path)
        place = changes.index(new[0])
        return self._parts.overview.version(changes[place - 1]) if there is None and place else there

    def _must_reads(self) -> Iterable[Item]:
        return (_item(card) for card in self.must_reads() if not self.has_read(card))

    def digest(self, path: str) -> str:
        """Return the digest of the words that an entry has now; nothing where it cannot be read."""
        try:
            return words_read(file_format.read(path, self._parts.files.read(path)))
        except KbError:
            return ""

    def _sent(self, mark: Mark, since: dt.datetime) -> Iterable[Note]:
        """Yield the questions that a colleague thinks the person may know, as long as nobody has answered them."""
        for note in self._notes(self._parts.tally.all_of(EventKind.SENT), mark, since):
            card = self._parts.index.cards([note.path]).get(note.path)
            if card is not None and card.state is State.OPEN:
                yield note

    def _notes(self, events: Iterable[Event], mark: Mark | None = None, since: dt.datetime = _EVER) -> Iterable[Note]:
        """Yield what others noted for the person; with a mark, only what they have not seen."""
        found = [*events]
        known = self._known(key for each in found for key in (each.person.key, *addresses(each)))
        for each in for_person(self._keys | self._names, found, known):
            if mark is None or (each.id not in mark.events and (mark.commit or each.at >= since)):
                paths = self._parts.index.called(each.entry)
                card = self._parts.index.cards(paths[:1]).get(paths[0]) if paths else None
                question, path = (card.question, card.path) if card else (each.entry, "")
                yield Note(each.id, each.person, question, each.words, each.entry, path)

    def _known(self, keys: Iterable[str]) -> dict[str, str]:
        """Return whose each key is (`Person.key`): `.mailmap` may know an address under another."""
        found = self._parts.overview.known_as(Person("", key) for key in keys)
        return {person.email: known.key for person, known in found.items()}

    def _is_among(self, people: Iterable[Person]) -> bool:
        return not self._keys.isdisjoint(each.key for each in people)


def _authority(path: str, data: bytes | None) -> Authority | None:
    """Return the authority card of an entry's file; one that is archived has none."""
    entry = file_format.read(path, data) if data is not None else None
    return entry.authority if entry is not None and entry.state is not State.ARCHIVED else None


def _is_news(commit: Commit, fresh: Collection[str]) -> bool:
    """Whether a change is new and somebody's; what a starter base or an import brings is not."""
    return commit.commit in fresh and commit.action not in NOBODY_S


def _answers(commit: Commit, history: list[Commit]) -> bool:
    """Whether a change brought an answer; a plain commit did if it made the file."""
    return commit.action in _ANSWERING and (bool(commit.action) or commit is history[0])


def _item(card: Card, change: str = "") -> Item:
    return Item(card.id, card.path, card.question, change)


def _last(commits: list[Commit]) -> str:
    return commits[-1].person.name
