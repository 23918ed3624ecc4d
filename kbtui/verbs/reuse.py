"""What a person does with an entry beside writing it: use it, flag it, thank for it, join an open question.

These are the facade's verbs that note events (`kbtui.knowledge`). A verb returns once the
event is safe on this computer; it reaches the base's history in batches
(`Knowledge.settle_events`). Every text passes the guard before anything is kept (F18).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kbtui.entry import guarded, identity
from kbtui.entry.alarm import NO_CONSENT, Consent
from kbtui.entry.card import Card, is_asked_as
from kbtui.entry.event import Event, EventKind
from kbtui.entry.model import Entry, EntryChange, Person, State
from kbtui.entry.text import counted, one_line
from kbtui.errors import KbError, NotSavedError, PersonalDataError, RefusedError
from kbtui.parts import writer_of
from kbtui.team.misses import FOUND
from kbtui.team.uses import Demand, to_thank, writers

if TYPE_CHECKING:
    from kbtui.parts import Parts
    from kbtui.team.credit import Credit, Step
    from kbtui.verbs.capture import Capture, SavedEntry

LONGEST_WORDS = 500
LONGEST_MISS = 200
_CLOSED_AT_ONCE = 100
_UNKNOWN = Demand()


@dataclass(frozen=True, slots=True)
class Noted:
    """An event that is safe, and the sentence the person sees.

    Attributes:
        words: what was noted.
        kind: the event's kind.
        entry: id of the entry; empty for a miss.
        offer: searched words that the entry does not know yet, to be added with `same_as` (F23); or empty.
        to: whom a thank-you is for.
        demand: what is known of the entry now.
    """

    words: str
    kind: str
    entry: str = ""
    offer: str = ""
    to: tuple[Person, ...] = ()
    demand: Demand = _UNKNOWN


class Reuse:
    """The verbs that note events.

    Args:
        parts: the library's parts.
        capture: returns what saves entries; loading it takes longer than noting an event.
        consent: what the person has said about personal data in their words.
    """

    def __init__(self, parts: Parts, capture: Callable[[], Capture], consent: Consent = NO_CONSENT) -> None:
        self._parts = parts
        self._capture = capture
        self._consent = consent

    def used(self, card: Card, query: str, ticket: str, words: str = "") -> Noted:
        """Note that an entry answered a call (F23), and in which words: a use speaks for no others (F30).

        Args:
            query: the words that found it.
            ticket: the id of the call in the ticket system; nothing else about the customer (F20).
            words: digest of the words that were read, if they are not those that are there now.

        Raises:
            NoPersonError: nobody has said who they are.
            PersonalDataError: the words hold what must not stay, or not unasked. The other verbs raise both too.
        """
        event = self._event(EventKind.USED, card.id, {"the words searched": query}, ticket)
        demand = self._kept(replace(event, refs=(words or card.words,)), card)
        offer = event.words if event.words and not is_asked_as(card, event.words) else ""
        return Noted(f"Noted: {demand.words}" if demand.words else "Noted", event.kind, card.id, offer, demand=demand)

    def flag(self, card: Card, reason: str) -> Noted:
        """Say in one line that an entry did not help or is wrong (F24, F27)."""
        if not one_line(reason):
            raise RefusedError("A flag needs a reason.", "Say in one line what was wrong.")
        event = self._event(EventKind.FLAG, card.id, {"the reason": reason})
        demand = self._kept(event, card)
        owner = f"{card.owner} and a lead" if card.owner else "a lead"
        return Noted(f"Flagged, for {owner} to see", event.kind, card.id, demand=demand)

    def close_flags(self, card: Card, seen: frozenset[str] | None = None) -> Noted:
        """Say that what was flagged is mended: every flag that is open now is closed, later ones are not.

        Args:
            seen: ids of the flags to close; None for all.

        Raises:
            RefusedError: there is no open flag.
        """
        flags = tuple(flag for flag in self._demand(card).flags if seen is None or flag.id in seen)
        if not flags:
            raise RefusedError("There is no open flag on this entry.", f"To raise one: kbtui flag {card.id} REASON")
        for start in range(0, len(flags), _CLOSED_AT_ONCE):
            event = self._event(EventKind.FLAG_CLOSED, card.id, {})
            self._keep(replace(event, refs=tuple(each.id for each in flags[start : start + _CLOSED_AT_ONCE])))
        many = "The flag is closed" if len(flags) == 1 else f"{len(flags)} flags are closed"
        return Noted(many, EventKind.FLAG_CLOSED, card.id, demand=self._demand(card))

    def thank(self, card: Card, credit: Credit, words: str, steps: Sequence[Step] = ()) -> Noted:
        """Thank those who answered, improved or confirmed an entry (F39); each once for what they have done.

        Args:
            steps: what happened to the entry: whoever has done something since they were thanked may be thanked again.

        Raises:
            RefusedError: nobody did, or only the one who thanks; or they have been thanked already.
        """
        people = to_thank(credit, writer_of(self._parts))
        if not people:
            raise RefusedError(
                "There is nobody to thank here: nobody else has answered, improved or confirmed this entry.",
                f"Whose words it is made of: kbtui credit {card.id}",
            )
        names = ", ".join(each.name for each in people)
        thanked = self._thanked(card)
        people = [each for each in people if each.email not in thanked or _came_after(thanked[each.email], each, steps)]
        if not people:
            raise RefusedError(
                f"You have thanked {names} for this already.", "Once they have done more here, thank them again."
            )
        event = self._event(EventKind.THANKS, card.id, {"the words": words})
        demand = self._kept(replace(event, refs=tuple(each.email for each in people)), card)
        names = ", ".join(each.name for each in people)
        return Noted(f"Thanked {names}", event.kind, card.id, to=tuple(people), demand=demand)

    def _thanked(self, card: Card) -> dict[str, dt.datetime]:
        """Return whom the person has thanked for an entry, and when last, by email."""
        me = writer_of(self._parts).key
        own = [each for each in self._parts.tally.thanks() if each.entry == card.id and each.person.key == me]
        return {email: each.at for each in own for email in each.refs}

    def coach(self, card: Card, credit: Credit, words: str) -> Noted:
        """Leave a note for those who wrote an entry (F32); it is in their news, and it takes nothing away.

        Raises:
            RefusedError: there are no words, or nobody else has written the entry.
        """
        if not one_line(words):
            raise RefusedError("A coaching note needs words.", "Say in one line what would make it better.")
        people = writers(credit, writer_of(self._parts))
        if not people:
            raise RefusedError(
                "There is nobody to leave a note for: nobody else has written here.",
                f"Whose words it is made of: kbtui credit {card.id}",
            )
        event = self._event(EventKind.COACHED, card.id, {"the words": words})
        demand = self._kept(replace(event, refs=tuple(each.email for each in people)), card)
        names = ", ".join(each.name for each in people)
        return Noted(f"Note left for {names}", event.kind, card.id, to=tuple(people), demand=demand)

    def found_good(self, card: Card, words: str) -> Noted:
        """Note that somebody has looked at an entry of a sample and would change nothing in it (F31).

        Args:
            words: digest of the words that were read, if they are not those that are there now.
        """
        event = self._event(EventKind.FOUND_GOOD, card.id, {})
        demand = self._kept(replace(event, refs=(words or card.words,)), card)
        return Noted("Noted: good as it is", event.kind, card.id, demand=demand)

    def not_good(self, card: Card) -> Noted:
        """Take back that one has found an entry good as it is: an event that names those that said so.

        Raises:
            RefusedError: one has not said it.
        """
        me = writer_of(self._parts).key
        said = [each for each in self._parts.tally.of_kinds(EventKind.FOUND_GOOD) if each.person.key == me]
        own = [each for each in said if each.entry == card.id]
        named = {ref for each in own for ref in each.refs}
        standing = tuple(each.id for each in own if each.id not in named and not _takes_back(each, own))
        if not standing:
            raise RefusedError("You have not said that this entry is good.", "There is nothing to take back.")
        event = self._event(EventKind.FOUND_GOOD, card.id, {})
        demand = self._kept(replace(event, refs=standing[:_CLOSED_AT_ONCE]), card)
        return Noted("Taken back: good as it is", event.kind, card.id, demand=demand)

    def join(self, entry: Entry, card: Card, opened: bytes, words: str, ticket: str) -> Noted:
        """Note that one caller more waits for an open question; their words are kept as a phrasing of it (F12).

        Raises:
            RefusedError: it is no open question.
        """
        if entry.state is not State.OPEN:
            raise RefusedError(
                "This is no open question: nobody waits for an answer.", f"If it helped: kbtui used {entry.id}"
            )
        event = self._event(EventKind.JOINED, entry.id, {"the caller's words": words}, ticket)
        kept = self.same_as(entry, opened, event.words) if event.words else None
        demand = self._kept(replace(event, refs=(kept.save_id,) if kept and kept.save_id else ()), card)
        waiting = f"{kept.words}. " if kept and kept.words.startswith("Saved ") else ""
        many = f": {counted(demand.waiting, 'caller')} waiting" if demand.waiting else ""
        return Noted(f"{waiting}Joined{many}", event.kind, entry.id, demand=demand)

    def same_as(self, entry: Entry, opened: bytes, words: str) -> SavedEntry:
        """Add a caller's words to the phrasings of an entry (F17); words it knows already change nothing.

        Raises:
            RefusedError: there are no words.
        """
        phrasing = one_line(words)
        if not phrasing:
            raise RefusedError("There are no words to add.", "Give the caller's own words.")
        if is_asked_as(entry, phrasing):
            return self._capture().keep("edit", entry.path, opened, opened)
        return self._capture().change(entry.path, EntryChange(asked_as=(*entry.asked_as, phrasing)), opened)

    def capturing(self, ticket: str, save: Callable[[], SavedEntry]) -> SavedEntry:
        """Save, and note the ticket it was written for (F20): in an event, never in the entry.

        Raises:
            PersonalDataError: the ticket holds what must not stay, or not unasked; nothing is saved.
        """
        if not one_line(ticket):
            return save()
        event = self._event(EventKind.CAPTURED, "", {}, ticket)
        saved = save()
        try:
            self._keep(replace(event, entry=saved.entry.id))
        except NotSavedError:  # the words are safe: an error would have them saved a second time
            return replace(saved, words=f"{saved.words}, without the ticket: it could not be noted")
        return saved

    def missed(self, words: str, *, found: bool = False) -> Noted | None:
        """Note words that found nothing, or nothing that was used (F43).

        None where nothing was noted: there are no words, or so many that they are a paste; they hold personal
        data, which no report needs; or nobody has said who asks.

        Args:
            found: whether something was found that has all the words, which nobody opened or used.
        """
        said = one_line(words)
        if not said or len(said) > LONGEST_MISS or self._parts.person() is None:
            return None
        asker = Reuse(self._parts, self._capture)
        try:
            event = asker._event(EventKind.MISS, "", {"the words searched": said})
        except PersonalDataError:
            return None
        self._keep(replace(event, refs=(FOUND,) if found else ()))
        return Noted("Noted: nothing was used" if found else "Noted: nothing found", event.kind)

    def acknowledge(self, card: Card, digest: str) -> Noted:
        """Note that the person has read an entry that everybody must read, in the words it has now (F48)."""
        event = self._event(EventKind.ACKNOWLEDGED, card.id, {})
        demand = self._kept(replace(event, refs=(digest,)), card)
        return Noted("Noted: you have read it", event.kind, card.id, demand=demand)

    def send(self, card: Card, to: Person, words: str) -> Noted:
        """Send an open question to a colleague who may know the answer (F50)."""
        if to.key == writer_of(self._parts).key:
            raise RefusedError("That is you.", f"To answer it: kbtui answer {card.id}")
        event = self._event(EventKind.SENT, card.id, {"the words": words})
        demand = self._kept(replace(event, refs=(to.email or to.name,)), card)
        return Noted(f"Sent to {to.name}", event.kind, card.id, to=(to,), demand=demand)

    def _event(self, kind: EventKind, entry_id: str, fields: dict[str, str], ticket: str = "") -> Event:
        """Return an event whose texts have passed the guard; nothing is kept yet."""
        lines = {name: one_line(text) for name, text in (fields | {"the ticket": ticket}).items()}
        for name, text in lines.items():
            if len(text) > LONGEST_WORDS:
                raise RefusedError(f"{_capital(name)} may have {LONGEST_WORDS} characters at most.", "Shorten it.")
        fit, allowed = guarded.require_fit_words(lines, self._parts.team.guard, self._consent)
        return Event(
            id=identity.new_id(self._parts.random) + identity.new_id(self._parts.random),
            at=self._parts.now(),
            person=writer_of(self._parts),
            kind=kind,
            entry=entry_id,
            words=" ".join(filter(None, (fit[name] for name in fields))),
            ticket=fit["the ticket"],
            guard=allowed,
        )

    def _keep(self, event: Event) -> None:
        self._parts.outbox.keep(event)
        self._parts.tally.forget()

    def _kept(self, event: Event, card: Card) -> Demand:
        """Keep an event; return what is known of its entry then.

        Where the counts cannot be read, that is nothing: an error would have the event noted a second time.
        """
        self._keep(event)
        with suppress(KbError):
            return self._demand(card)
        return _UNKNOWN

    def _demand(self, card: Card) -> Demand:
        return self._parts.tally.settled().of(card.id, card.state)  # said to somebody: never an older number


def _came_after(at: dt.datetime, person: Person, steps: Sequence[Step]) -> bool:
    """Whether somebody has done something with an entry after a moment."""
    return any(
        step.at > at and person.key in {each.key for each in (step.person, *step.with_people, *step.confirmed_by)}
        for step in steps
    )


def _takes_back(event: Event, others: Sequence[Event]) -> bool:
    """Whether an event names another one, instead of words."""
    return any(each.id in event.refs for each in others)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
