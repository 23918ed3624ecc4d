"""What a lead does with entries: looks at what matters most, compares, merges, gives them a keeper (F31-F35)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kbtui.entry import file_format
from kbtui.entry.card import Card
from kbtui.entry.event import Event, EventKind
from kbtui.entry.model import Entry, EntryChange, State
from kbtui.entry.text import one_line
from kbtui.errors import RefusedError
from kbtui.git.change import Merge
from kbtui.git.signatures import last_signature
from kbtui.team.care import check_day
from kbtui.team.coaching import Looked, Sampled, drawn, hints, looks, week_of
from kbtui.team.credit import NOBODY_S
from kbtui.team.difference import Difference, changes_between
from kbtui.team.merging import require_mergeable, taken_over
from kbtui.team.privacy import private_in
from kbtui.verbs.capture import Capture, Rewrite, SavedEntry, as_one

if TYPE_CHECKING:
    from kbtui.git.change import Commit
    from kbtui.parts import Parts

LATELY = dt.timedelta(days=30)
"""A sample is drawn from what was written within this time, as far as there is enough of it."""

_LONGEST_NAME = 200
_LOOKED_BACK = 200
"""Versions of an entry that are read to find the last one that somebody validated."""


class Reviewing:
    """The verbs that review.

    Args:
        parts: the library's parts.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    # Compare

    def difference(self, entry: Entry) -> Difference:
        """Return what has changed in an entry since somebody validated it, by file or in git; use alone is nobody."""
        changes = self._parts.overview.signable(entry.path)
        if entry.approval is not None and entry.approval_holds and entry.declared is State.VALIDATED:
            return Difference(entry.approval.by, entry.approval.on)
        signature = last_signature(changes, self._parts.overview.versions({}), is_claimed=_is_claimed(entry))
        for change in reversed(changes[-_LOOKED_BACK:]):
            is_signed = signature is not None and change.commit == signature.commit
            before = None if isinstance(change, Merge) and not is_signed else self._version(change)
            if before is None:
                continue
            if signature is not None and is_signed:
                names = ", ".join(person.name for person in signature.people)
                return self._between(before, entry, names, f"{signature.at:%Y-%m-%d}", change)
            if before.approval is not None and before.approval_holds and before.declared is State.VALIDATED:
                return self._between(before, entry, before.approval.by, before.approval.on, change)
        return Difference()

    def _between(self, before: Entry, now: Entry, by: str, on: str, change: Commit) -> Difference:
        return Difference(by, on, change.commit, changes_between(before, now))

    def _version(self, change: Commit) -> Entry | None:
        data = self._parts.overview.version(change)
        return file_format.read("version.md", data) if data is not None else None

    # Sample

    def sample(self, cards: Sequence[Card], seed: str, size: int) -> tuple[str, list[Sampled]]:
        """Return the seed and the entries it draws, each with what the tool noticed about it."""
        seed = one_line(seed) or week_of(self._parts.now().date())
        since = int((self._parts.now() - LATELY).timestamp())
        changed = self._parts.last_changes()
        lately = self._written([path for path, at in changed.items() if at >= since])
        events = self._parts.tally.of_kinds(EventKind.FOUND_GOOD, EventKind.COACHED)
        return seed, [
            Sampled(card, self._hints(card), self._looks(card, events, changed.get(card.path, 0)))
            for card in drawn(cards, seed, size, lately)
        ]

    def _written(self, paths: Sequence[str]) -> set[str]:
        """Return those of some entries that somebody here has written in; nobody wrote what a starter base brought."""
        histories = self._parts.overview.changes(paths)
        return {path for path, done in histories.items() if any(each.action not in NOBODY_S for each in done)}

    def _looks(self, card: Card, events: Sequence[Event], changed: int) -> tuple[Looked, ...]:
        since = dt.datetime.fromtimestamp(changed, dt.UTC)
        return looks(card, events, since, lambda person: self._parts.known_as(person).name)

    def _hints(self, card: Card) -> Mapping[str, str]:
        data = self._parts.files.read_if_there(card.path)
        if data is None:
            return {}
        entry = file_format.read(card.path, data)
        personal = [found.reason for found in private_in(card.path, data, self._parts.team.guard)]
        return hints(entry, lambda: self._nearest(card), personal)

    def _nearest(self, card: Card) -> str:
        """Return the question of another entry that is probably the same, or nothing."""
        near = [each for each in self._parts.index.similar(card.question, 3) if each.card.path != card.path]
        return near[0].card.question if near and near[0].is_close else ""

    # Change

    def merge(self, entry: Entry, opened: bytes, into: Entry, into_opened: bytes, capture: Capture) -> SavedEntry:
        """Merge an entry into another one, as one deed that one undo takes back (F35).

        Raises:
            RefusedError: an answer or an entry would be lost.
        """
        require_mergeable(entry, into)
        kept = Rewrite(into.path, into_opened, file_format.change(into_opened, taken_over(into, entry)))
        archived = EntryChange(state=State.ARCHIVED, replaced_by=into.id)
        gone = Rewrite(entry.path, opened, file_format.change(opened, archived))
        saved = as_one(*capture.keep_both("merge", kept, gone))
        words = f"Merged “{entry.question}” into it; it is archived (undo brings both back)"
        return replace(saved, words=_told(words, saved))

    def give(self, entry: Entry, opened: bytes, owner: str, capture: Capture) -> SavedEntry:
        """Give an entry to somebody who keeps it true; an empty name takes it from everybody (F33).

        Raises:
            RefusedError: that is no name.
        """
        name = one_line(owner)
        if len(name) > _LONGEST_NAME:
            raise RefusedError(f"A name may have {_LONGEST_NAME} characters at most.", "Shorten it.")
        words = f"{name} keeps it from now on" if name else "Nobody keeps it from now on"
        return self._cared("owner", entry, opened, EntryChange(owner=name), words, capture)

    def check_by(self, entry: Entry, opened: bytes, date: str, capture: Capture) -> SavedEntry:
        """Say by when somebody is to look whether an entry is still true; an empty date says never (F33).

        Args:
            date: as `kbtui.team.care.check_day` reads it.

        Raises:
            RefusedError: that is no date, or one that is over.
        """
        day = check_day(date, self._parts.now().date(), entry.check_by)
        words = f"To be checked by {day}" if day else "Not to be checked by any date"
        return self._cared("check-by", entry, opened, EntryChange(check_by=day), words, capture)

    def _cared(
        self, action: str, entry: Entry, opened: bytes, wanted: EntryChange, words: str, capture: Capture
    ) -> SavedEntry:
        saved = capture.keep(action, entry.path, opened, file_format.change(opened, wanted))
        return replace(saved, words=_told(words, saved))


def _is_claimed(entry: Entry) -> bool:
    return entry.declared is State.VALIDATED and entry.approval is None


def _told(words: str, saved: SavedEntry) -> str:
    """Put what was done before what became of the save, where that is more than "Saved"."""
    if saved.words == "Nothing changed":
        return "Nothing changed"
    return words if saved.words == "Saved" else f"{words}. {saved.words}"
