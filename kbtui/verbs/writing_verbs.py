"""The facade's verbs that save and take back: one part of `kbtui.knowledge.Knowledge`.

A verb returns once the words are safe. What saves is loaded when the first verb is used: a
search must not wait until Markdown and YAML are there.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import TYPE_CHECKING

from kbtui.entry.alarm import Consent
from kbtui.entry.model import Entry, EntryChange, NewEntry
from kbtui.parts import Parts

if TYPE_CHECKING:
    from kbtui.entry.card import Card
    from kbtui.freshness import Freshness
    from kbtui.store.drafts import Draft
    from kbtui.verbs.capture import Capture, SavedEntry
    from kbtui.verbs.retract import Retract
    from kbtui.verbs.same_question import SameQuestion
    from kbtui.verbs.unjoin import Unjoin


class WritingVerbs(ABC):
    """The verbs, over what the facade knows of entries."""

    _parts: Parts
    _consent: Consent
    _save_id: str

    @abstractmethod
    def get(self, name: str) -> Entry:
        """Return the entry that a name stands for."""

    @abstractmethod
    def opened(self, name: str) -> tuple[Entry, bytes]:
        """Return an entry and the bytes it was read from."""

    @abstractmethod
    def _path(self, name: str) -> str: ...

    @property
    @abstractmethod
    def _freshness(self) -> Freshness: ...

    @property
    def _capture(self) -> Capture:
        from kbtui.verbs.capture import Capture

        return Capture(self._parts, self._freshness, self._consent, self._save_id)

    def unfinished(self) -> list[Draft]:
        """Return what is half written; a draft whose very words have been saved is none any longer (F15)."""
        from kbtui.verbs.finishing import unfinished

        return unfinished(self._parts)

    def saved_before(self, draft: Draft) -> SavedEntry | None:
        """Return the entry that exactly this draft has been saved as, by another window or before a crash."""
        from kbtui.verbs.finishing import saved_before

        return saved_before(self._parts, draft)

    def ask(self, question: str) -> SavedEntry:
        """Save a question that nobody could answer yet. Colleagues find it from now on."""
        return self._capture.new(NewEntry(question=question))

    def new(self, words: NewEntry) -> SavedEntry:
        """Save a new entry; without an answer it is an open question."""
        return self._capture.new(words)

    def answer(self, name: str, answer: str, internal: str | None = None) -> SavedEntry:
        """Answer an open question."""
        entry, opened = self.opened(name)
        return self._capture.answer(entry, opened, answer, internal)

    def change(self, path: str, wanted: EntryChange, opened: bytes) -> SavedEntry:
        """Change values of the entry at `path`; `opened` is the version the person was looking at."""
        return self._capture.change(path, wanted, opened)

    def change_source(self, path: str, source: bytes, opened: bytes) -> SavedEntry:
        """Replace the whole file of an entry, as a text editor does."""
        return self._capture.change_source(path, source, opened)

    def validate(self, name: str, seen: bytes | None = None) -> SavedEntry:
        """Confirm the exact words of an entry, as the person who is writing (F29, F36).

        Args:
            name: the entry's id or path.
            seen: the version the person has read, if it is not the one that is there now.
        """
        entry, opened = self.opened(name)
        if seen is not None and seen != opened:
            from kbtui.entry import file_format

            entry, opened = file_format.read(entry.path, seen), seen
        return self._capture.validate(entry, opened)

    @property
    def _retract(self) -> Retract:
        from kbtui.verbs.retract import Retract

        return Retract(self._parts, self._capture)

    def undo(self, name: str = "") -> SavedEntry:
        """Take back the last change of an entry; without a name, the writer's own last one in this base (F36).

        That the writer has joined an open question is a change of it, too.
        """
        retract, unjoin = self._retract, self._unjoin
        if not name:
            return unjoin.own(self._path, retract.undo) or retract.undo_own(self._path)
        path = self._path(name)
        return unjoin.of_entry(path, lambda: retract.undo(path)) or retract.undo(path)

    @property
    def _unjoin(self) -> Unjoin:
        from kbtui.verbs.unjoin import Unjoin

        return Unjoin(self._parts, lambda: self._capture)

    def archive(self, name: str, replaced_by: str = "", reason: str = "") -> SavedEntry:
        """Mark an entry as no longer how we do it (F34).

        Args:
            replaced_by: name of the entry that says it now.
            reason: kept in the internal notes.
        """
        entry, opened = self.opened(name)
        return self._retract.archive(entry, opened, self.get(replaced_by) if replaced_by else None, reason)

    @property
    def _same_question(self) -> SameQuestion:
        from kbtui.verbs.same_question import SameQuestion

        return SameQuestion(self._parts, self._capture)

    def asked_too(self, entry: Entry | Card) -> list[Card]:
        """Return the open questions that ask nearly the same as an open one, the nearest first (F12)."""
        return self._same_question.near(entry)

    def asked_twice(self, cards: Collection[Card]) -> list[tuple[Card, Card]]:
        """Return the pairs of open questions among these that ask nearly the same (F12)."""
        return self._same_question.pairs(cards)

    def same_question(self, name: str, other: str) -> SavedEntry:
        """Make two open questions one, keeping the callers, the words and the credit of both (F12)."""
        return self._same_question.join(self.opened(name), self.opened(other))

    def restore(self, name: str) -> SavedEntry:
        """Bring an archived entry back (F34)."""
        return self._retract.restore(*self.opened(name))
