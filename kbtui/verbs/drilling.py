"""A round of questions to oneself (F49): what is due for one person on this computer, and what they say to it.

Scores stay in this computer's state folder. They are in no commit and no event, so that
nobody else can look whether somebody knew something.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from kbtui.entry import file_format
from kbtui.entry.card import Card
from kbtui.entry.decision import Asker
from kbtui.entry.event import Event, EventKind, read
from kbtui.entry.identity import EVENTS_FOLDER, slug
from kbtui.entry.model import Entry, State
from kbtui.entry.reading import words_read
from kbtui.errors import KbError, NoSuchEntryError
from kbtui.search.wanted import Wanted
from kbtui.store.events import whole_lines
from kbtui.store.scores import Scores
from kbtui.team.drill import DrillCard, Grade, in_order, may_you
from kbtui.team.spacing import Score, graded

if TYPE_CHECKING:
    from kbtui.parts import Parts

MOST_USED = 50
"""Entries that calls need most, of which a team's reps should know the answer by heart."""

_MISSES, _MISSED_WITHIN = 20, dt.timedelta(days=60)
_ONE = Wanted(limit=1, snippets=0)
_ANSWERED = (State.NOT_VALIDATED, State.VALIDATED)


class Drilling:
    """Asks one person.

    Args:
        parts: the library's parts.
        asker: who they are, as authority cards know them.
    """

    def __init__(self, parts: Parts, asker: Asker) -> None:
        self._parts = parts
        self._asker = asker
        self._person = parts.person()
        self._scores = Scores(parts.state, self._person)

    def due(self) -> list[DrillCard]:
        """Return what a round would ask now, in its order."""
        scores = self._known()
        cards: dict[str, DrillCard] = {}
        for card, why, asked in self._candidates():
            if card.id not in cards and (made := self._card(card, why, asked, scores.get(card.id))):
                cards[card.id] = made
        return in_order(cards.values(), self._parts.now())

    def grade(self, name: str, grade: Grade) -> DrillCard:
        """Keep how well the person knew an entry; return its card with the day on which it comes back.

        Raises:
            NoSuchEntryError: no entry goes by that id.
            NotSavedError: the disk did not take it.
        """
        paths = self._parts.index.called(name)
        card = self._parts.index.cards(paths[:1]).get(paths[0]) if len(paths) == 1 else None
        known = self._known().get(card.id) if card else None
        made = self._card(card, "most used", "", known) if card else None
        if card is None or made is None:
            raise NoSuchEntryError(f"There is nothing to learn called {name!r}.", "See `kbtui drill --json`.")
        score = graded(known, made.words, grade, self._parts.now())
        kept = {"words": score.words, "due": score.due.isoformat(), "asked": score.asked, "memory": dict(score.memory)}
        self._scores.keep(card.id, kept)
        return replace(made, due=score.due)

    def _candidates(self) -> Iterator[tuple[Card, str, str]]:
        """Yield entries worth asking about, why, and the words in which they were missed."""
        index = self._parts.index
        if not index.is_usable():
            return
        yield from ((card, "authority", "") for card in index.authority_cards() if card.state in _ANSWERED)
        yield from self._missed()
        by_id = {card.id: card for card in index.all_cards() if card.state in _ANSWERED and not card.variant_of}
        used = (by_id[each] for each in self._parts.tally.counts().used if each in by_id)
        yield from ((card, "most used", "") for card, _ in zip(used, range(MOST_USED), strict=False))

    def _missed(self) -> Iterator[tuple[Card, str, str]]:
        """Yield entries that answer today what the person has searched in vain."""
        for words in self._own_misses():
            found = self._parts.index.search(words, _ONE, lambda: False)
            hit = found.hits[0] if found and found.hits else None
            if hit and hit.has_all and hit.card.state in _ANSWERED:
                yield hit.card, "missed", words

    def _own_misses(self) -> list[str]:
        """Return the words that the person searched in vain of late, the latest first, each once."""
        since = self._parts.now() - _MISSED_WITHIN
        found = [
            each
            for each in (*self._noted(), *self._parts.outbox.pending())
            if each.kind == EventKind.MISS and each.person.key == self._key and each.at >= since
        ]
        found.sort(key=lambda each: each.at, reverse=True)
        return list(dict.fromkeys(each.words for each in found if each.words))[:_MISSES]

    def _noted(self) -> Iterator[Event]:
        """Yield the events of the person's own files of the last months."""
        files = self._parts.event_files
        mine = f"{EVENTS_FOLDER}/{slug(self._person.name)}-" if self._person else "-"
        first = f"{self._parts.now() - _MISSED_WITHIN:%Y-%m}"
        for path in files.stamps():
            if path.startswith(mine) and path.rpartition("/")[2] >= first:
                with suppress(KbError):
                    yield from filter(None, map(read, whole_lines(files.read(path))))

    @property
    def _key(self) -> str:
        return self._person.key if self._person else ""

    def _card(self, card: Card, why: str, asked: str, score: Score | None) -> DrillCard | None:
        """Return the card of an entry; None where it has no answer to learn."""
        try:
            entry = file_format.read(card.path, self._parts.files.read(card.path))
        except KbError:
            return None
        words = words_read(entry)
        is_known = score is not None and score.words == words
        due = score.due if score is not None and is_known else None
        told = self._told(entry, asked, score.asked if score else 0)
        if told is None:
            return None
        question, answer = told
        return DrillCard(card.id, card.path, "authority" if entry.authority else why, question, answer, words, due)

    def _told(self, entry: Entry, asked: str, turn: int) -> tuple[str, str] | None:
        start = sum(entry.id.encode())  # the first amount asked is not the same for every card
        if entry.authority and (told := may_you(entry.authority, self._asker, start + turn)):
            return told
        if not entry.answer.strip():
            return None
        return f"A caller asks: {asked}" if asked else entry.question, entry.answer

    def _known(self) -> dict[str, Score]:
        return dict(_scores(self._scores.read()))


def _scores(kept: Mapping[str, Mapping[str, object]]) -> Iterable[tuple[str, Score]]:
    """Yield what can be understood of what was kept."""
    for card, values in kept.items():
        with suppress(KeyError, TypeError, ValueError):
            due = dt.datetime.fromisoformat(str(values["due"])).astimezone(dt.UTC)
            asked, memory = values["asked"], values["memory"]
            if isinstance(asked, int) and isinstance(memory, dict):
                yield card, Score(str(values["words"]), due, asked, memory)
