"""Taking back that one caller more waits for a question (F12, F36): the count falls, and their words go again.

Joining is an event, and where the caller had words of their own, a save beside it; the event names that save. To
take it back is an event that names the first one, so nothing is deleted, and undo once more brings it back.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from kbtui.entry import file_format
from kbtui.entry.event import Event, EventKind
from kbtui.entry.model import Entry, State
from kbtui.entry.text import counted
from kbtui.errors import RefusedError
from kbtui.git.deeds import Deed
from kbtui.verbs.capture import SavedEntry
from kbtui.verbs.reuse import Reuse


class Unjoin(Reuse):
    """Finds out whether a join was the last thing somebody did, and takes it back."""

    def of_entry(self, path: str, undo: Callable[[], SavedEntry]) -> SavedEntry | None:
        """Take back that the person has joined the question at `path`; None where something else was done since.

        Args:
            undo: takes back the last save of that entry.
        """
        entry, last = self._entry(path), self._last(path)
        deed = self._parts.deeds.last_of_entry(path)
        if last is None or entry.state is not State.OPEN or not _is_last(last, deed):
            return None
        return self._taken_back(entry, last, undo if _goes_with(last, deed) else None)

    def own(self, find: Callable[[str], str], undo: Callable[[str], SavedEntry]) -> SavedEntry | None:
        """Take back the last thing the person did in this base, if that was a join; None where it was something else.

        Args:
            find: returns the path of the entry with an id.
            undo: takes back the last save of the entry at a path.

        Raises:
            RefusedError: nobody waits for that question any more.
        """
        person = self._parts.person()
        last = self._parts.tally.last_own(person.key, EventKind.JOINED) if person else None
        if person is None or last is None or not _is_last(last, self._parts.deeds.last_by(person)):
            return None
        path = find(last.entry)
        entry = self._entry(path)
        if entry.state is not State.OPEN:
            raise RefusedError(
                f"“{entry.question}”, which you joined last, is no open question any more.",
                f"To undo what was last done to one entry: kbtui undo {entry.id}",
            )
        has_words = _goes_with(last, self._parts.deeds.last_of_entry(path))
        return self._taken_back(entry, last, (lambda: undo(path)) if has_words else None)

    def _entry(self, path: str) -> Entry:
        return file_format.read(path, self._parts.files.read(path))

    def _last(self, path: str) -> Event | None:
        person = self._parts.person()
        return self._parts.tally.last_own(person.key, EventKind.JOINED, self._entry(path).id) if person else None

    def _taken_back(self, entry: Entry, last: Event, undo: Callable[[], SavedEntry] | None) -> SavedEntry:
        before = self._waiting(entry)
        saved = SavedEntry(entry, "", is_committed=True)
        event = self._event(EventKind.TAKEN_BACK, entry.id, {})
        if undo is not None:
            with suppress(RefusedError):  # the caller's words have been worked on in the folder: they stay
                saved = undo()
        self._keep(replace(event, refs=(last.id, *filter(None, (saved.save_id,)))))
        waiting = self._waiting(entry)
        what = "the joining" if waiting < before else "the undo of the joining"
        words = f"Undone: {what}, {counted(waiting, 'caller')} waiting (undo again brings it back)"
        return replace(saved, words=words)

    def _waiting(self, entry: Entry) -> int:
        return self._parts.tally.settled().of(entry.id, State.OPEN).waiting


def _goes_with(last: Event, deed: Deed | None) -> bool:
    """Whether a save was made together with an event."""
    return deed is not None and bool(deed.save_id) and deed.save_id in last.refs


def _is_last(last: Event, deed: Deed | None) -> bool:
    """Whether an event is not older than a save."""
    return deed is None or _goes_with(last, deed) or not deed.is_after(last.at)
