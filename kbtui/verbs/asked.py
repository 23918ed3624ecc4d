"""What callers wanted to know in some days: what was missed (F43), and what was known (F44)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kbtui.entry.card import Card, as_asked
from kbtui.entry.event import EventKind
from kbtui.entry.model import State
from kbtui.entry.text import one_line
from kbtui.errors import NoSuchEntryError, RefusedError
from kbtui.parts import writer_of
from kbtui.team.marks import counting, last_act
from kbtui.team.misses import Misses, grouped
from kbtui.team.period import Period
from kbtui.team.sampling import Kind, Question, Sample, Verdict, drawn, is_mark, marked
from kbtui.verbs.reuse import Noted, Reuse

_FAR = 0.2
"""Closeness below which the nearest entry is about something else."""

_BORN = ("ask", "new")


@dataclass(frozen=True, slots=True)
class MissedWords:
    """Words that did not help, with the entry nearest to them now.

    Attributes:
        nearest: None where the base has nothing of the kind, or where nobody has looked.
        closeness: how near it is, 0 to 1.
    """

    misses: Misses
    nearest: Card | None = None
    closeness: float = 0.0


@dataclass(frozen=True, slots=True)
class MissReport:
    """What was missed in some days.

    Attributes:
        groups: the most wanted first.
        answered: how many more groups there were whose very words an entry has by now.
    """

    period: Period
    groups: tuple[MissedWords, ...]
    answered: int


class Asked(Reuse):
    """Reads what callers wanted to know; a mark is noted as other events are."""

    def misses(self, period: Period, most: int) -> MissReport:
        """Return what did not help, near-same words together.

        Args:
            most: how many of them, the most wanted first, are looked up in the base; each takes a search.
        """
        from kbtui.search.closeness import grams

        language = self._parts.team.language
        events = [each for each in self._parts.tally.of_kinds(EventKind.MISS) if period.has(each.at)]
        groups = grouped(events, lambda words: grams(words, language))
        known = self._known_words()
        still = [each for each in groups if known.isdisjoint(map(as_asked, each.phrasings))]
        near = (*map(self._with_nearest, still[:most]), *map(MissedWords, still[most:]))
        return MissReport(period, near, len(groups) - len(still))

    def _known_words(self) -> set[str]:
        """Return the questions of all entries that are not archived, in all their phrasings, to be compared."""
        index = self._parts.index
        cards = index.all_cards() if index.is_usable() else []
        living = (card for card in cards if card.state is not State.ARCHIVED)
        return {as_asked(words) for card in living for words in (card.question, *card.asked_as)}

    def _with_nearest(self, misses: Misses) -> MissedWords:
        index = self._parts.index
        near = index.similar(misses.words, 1) if index.is_usable() else []
        is_near = bool(near) and near[0].closeness >= _FAR
        return MissedWords(misses, near[0].card, near[0].closeness) if is_near else MissedWords(misses)

    def sample(self, period: Period, size: int, seed: str) -> Sample:
        """Return a sample of the questions of some days, with what people have said of them."""
        return drawn(self._questions(period), size, seed)

    def mark(self, period: Period, name: str, verdict: Verdict) -> Question:
        """Note whether the base had the answer to a question of some days, for whoever samples them.

        Args:
            name: the question's id, or the beginning of it.

        Raises:
            NoSuchEntryError: no question of these days goes by that name, or several do.
            NoPersonError, NotSavedError: as for every event.
        """
        found = self._called(period, name)
        event = self._event(EventKind.SAMPLED, found.entry, {})
        before = (found.mark,) if found.mark else ()
        self._keep(replace(event, refs=(found.id, verdict, *before)))
        return replace(found, verdict=verdict, marked_by=event.person.name, mark=event.id)

    def unmark(self, period: Period, name: str) -> Noted:
        """Take back one's own mark of a question, so that it is as before; done again, that brings the mark back.

        Raises:
            RefusedError: one has not marked it, or somebody else has marked it since.
            NoSuchEntryError, NoPersonError, NotSavedError: as for a mark.
        """
        return self._taken_back(self._called(period, name).id)

    def unmark_last(self) -> Noted | None:
        """Take back the last thing the person did in this base, if that was a mark; None where it was something else.

        Raises:
            RefusedError: somebody else has marked that question since.
        """
        person = self._parts.person()
        last = self._parts.tally.last_own(person.key, EventKind.SAMPLED) if person else None
        if person is None or last is None:
            return None
        joined = self._parts.tally.last_own(person.key, EventKind.JOINED)
        deed = self._parts.deeds.last_by(person)
        is_older = (joined is not None and joined.at > last.at) or (deed is not None and deed.is_after(last.at))
        return None if is_older else self._taken_back()

    def _taken_back(self, question: str = "") -> Noted:
        me = writer_of(self._parts).key
        marks = [each for each in self._parts.tally.of_kinds(EventKind.SAMPLED) if is_mark(each)]
        own = [each for each in marks if each.person.key == me]
        taking = [each for each in self._parts.tally.of_kinds(EventKind.TAKEN_BACK) if each.person.key == me]
        found = last_act(own, taking, question)
        if found is None:
            raise RefusedError("You have not marked this question.", "There is nothing to take back.")
        mark, last = found
        gone = self._parts.tally.taken_back()
        after = counting(marks, gone ^ {(mark.id, me)}).get(mark.refs[0])
        if after == counting(marks, gone).get(mark.refs[0]):
            raise RefusedError("Somebody else has marked this question since.", "Their mark stays.")
        event = self._event(EventKind.TAKEN_BACK, mark.entry, {})
        self._keep(replace(event, refs=(last.id,)))
        what = "the undo of the mark" if (mark.id, me) in gone else f"the mark “{mark.refs[1]}”"
        now = f"it is “{after.refs[1]}” again" if after else "it has none now"
        return Noted(f"Undone: {what}, {now} (undo again brings it back)", event.kind, mark.entry)

    def _called(self, period: Period, name: str) -> Question:
        wanted = one_line(name)
        found = [each for each in self._questions(period) if wanted and each.id.startswith(wanted)]
        if len(found) != 1:
            many = f"{len(found)} questions are" if found else "No question of these days is"
            raise NoSuchEntryError(
                f"{many} called {wanted!r}.", "`kbtui sample` prints the ids; give the same --since."
            )
        return found[0]

    def _questions(self, period: Period) -> list[Question]:
        index = self._parts.index
        cards = {card.id: card for card in (index.all_cards() if index.is_usable() else []) if not card.variant_of}
        found = [*self._missed(period), *self._counted(period, cards), *self._born(period, cards.values())]
        return marked(found, self._parts.tally.of_kinds(EventKind.SAMPLED), self._parts.tally.taken_back())

    def _missed(self, period: Period) -> Iterator[Question]:
        for each in self._parts.tally.of_kinds(EventKind.MISS):
            if period.has(each.at):
                yield Question(each.id, Kind.MISS, each.at, each.words, "", Verdict.NEW)

    def _counted(self, period: Period, cards: dict[str, Card]) -> Iterator[Question]:
        """Yield the uses and the joins of entries that are still there."""
        kinds = ((EventKind.USED, Kind.USED, Verdict.KNOWN), (EventKind.JOINED, Kind.JOINED, Verdict.NEW))
        for event_kind, kind, verdict in kinds:
            for event_id, entry, at in self._parts.tally.within(event_kind, period.start, period.end):
                if entry in cards:
                    yield Question(event_id, kind, dt.datetime.fromisoformat(at), cards[entry].question, entry, verdict)

    def _born(self, period: Period, cards: Iterable[Card]) -> Iterator[Question]:
        """Yield the entries that were written in these days because a caller had asked."""
        by_path = {card.path: card for card in cards}
        for path, steps in self._parts.histories([*by_path]).items():
            if steps and steps[0].action in _BORN and period.has(steps[0].at):
                card = by_path[path]
                yield Question(card.id, Kind.ASKED, steps[0].at, card.question, card.id, Verdict.NEW)
