"""Taking back: undo, archive, restore. Nothing is ever deleted, and no history is rewritten.

An undo is a new save of the earlier words, so it can be undone itself. What others have
changed since is kept: the change is taken out value by value (F34, F36; the operation log
of jj is the model, https://github.com/jj-vcs/jj/blob/main/docs/operation-log.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from kbtui.entry import file_format
from kbtui.entry.merge import without
from kbtui.entry.model import Entry, EntryChange, State
from kbtui.entry.text import counted
from kbtui.errors import NoPersonError, RefusedError
from kbtui.git.deeds import Deed
from kbtui.store.journal import Beside
from kbtui.verbs.archive_note import with_reason, without_reasons
from kbtui.verbs.capture import Capture, Rewrite, SavedEntry, as_one

if TYPE_CHECKING:
    from kbtui.parts import Parts

_NAMES = {
    "ask": "the question",
    "new": "the new entry",
    "answer": "the answer",
    "edit": "the improvement",
    "confirm": "the confirmation",
    "undo": "the undo",
    "archive": "the archiving",
    "restore": "the return from the archive",
    "merge": "the merge of two entries",
    "owner": "the change of its owner",
    "check-by": "the change of its check-by date",
    "same-question": "the joining of two questions",
    "resolve": "the choice between two versions",
    "combine": "the combining of two versions",
}
_AGAIN = "(undo brings it back)"


class Retract:
    """The verbs that take back.

    Args:
        parts: the library's parts.
        capture: saves.
    """

    def __init__(self, parts: Parts, capture: Capture) -> None:
        self._parts = parts
        self._capture = capture

    def undo(self, path: str) -> SavedEntry:
        """Take back the last change of the entry at `path`, whoever made it.

        Raises:
            RefusedError: nobody has changed it here, or others have changed the same words since.
        """
        deed = self._parts.deeds.last_of_entry(path)
        if deed is None:
            raise RefusedError("Nobody has changed this entry yet.", "There is nothing to undo.")
        return self._undone(deed, path)

    def undo_own(self, find: Callable[[str], str]) -> SavedEntry:
        """Take back the last thing the person who is writing did in this base.

        Args:
            find: returns the path of the entry with an id, for one that has been moved since.

        Raises:
            NoPersonError: nobody has said who is writing.
            RefusedError: they have done nothing here, or others have changed the same words since.
        """
        person = self._parts.person()
        if person is None:
            raise NoPersonError("kbtui does not know your name yet.", 'Say it once: kbtui me "Your Name"')
        deed = self._parts.deeds.last_by(person)
        if deed is None:
            raise RefusedError("You have changed nothing in this base yet.", "There is nothing to undo.")
        return self._undone(deed, self._place_of(deed, find))

    def _place_of(self, deed: Deed, find: Callable[[str], str]) -> str:
        if self._parts.files.stamp(deed.path) is not None:
            return deed.path
        return find(file_format.read(deed.path, deed.after or deed.before or b"").id)

    def _undone(self, deed: Deed, path: str) -> SavedEntry:
        other = self._parts.deeds.other_half(deed)
        if deed.before is None:
            return self._made_unmade(deed, path, self._parts.files.read(path))
        rewrite = _taken_back(deed, path, self._parts.files.read(path))
        kept = "; what others have changed since stays" if rewrite.opened != deed.after else ""
        words = f"Undone: {_named(deed)}{kept} {_AGAIN}"
        if other is None:
            beside = tuple(Beside(each.path, each.after, each.before) for each in deed.beside)
            return _told(self._capture.keep("undo", path, rewrite.opened, rewrite.content, beside), words)
        place = self._place_of(other, self._called)
        second = _taken_back(other, place, self._parts.files.read(place))
        return _told(as_one(*self._capture.keep_both("undo", rewrite, second)), words)

    def _called(self, entry_id: str) -> str:
        """Return the path of the entry with an id."""
        paths = self._parts.index.called(entry_id)
        if not paths:
            raise RefusedError(f"The entry {entry_id} is not there any more.", "A lead looks at it with plain git.")
        return paths[0]

    def _made_unmade(self, deed: Deed, path: str, there: bytes) -> SavedEntry:
        """Archive an entry whose making is undone; words that others have added are nobody's to take away."""
        entry = file_format.read(path, there)
        if there != deed.after:
            raise RefusedError(
                "This entry has been worked on since it was made, so it stays.",
                f"To archive it: kbtui archive {entry.id}",
            )
        waiting = self._parts.tally.settled().of(entry.id, entry.state).waiting
        if waiting > 1:
            raise RefusedError(
                f"{counted(waiting, 'caller')} wait for an answer to this question by now, so it stays.",
                f"To archive it: kbtui archive {entry.id}",
            )
        content = file_format.change(there, EntryChange(state=State.ARCHIVED))
        saved = self._capture.keep("undo", path, there, content)
        return _told(saved, f"Archived, undo again brings it back: {_named(deed)}")

    def archive(self, entry: Entry, opened: bytes, replacement: Entry | None, reason: str) -> SavedEntry:
        """Mark an entry as no longer how we do it; it stays findable, below the others.

        Raises:
            RefusedError: it is archived already, or is to be replaced by itself.
        """
        if replacement is not None and replacement.path == entry.path:
            raise RefusedError("An entry cannot be replaced by itself.", "Name the entry that says it now.")
        if entry.state is State.ARCHIVED and replacement is None and not reason:
            raise RefusedError("This entry is archived already.", f"To bring it back: kbtui restore {entry.id}")
        wanted = EntryChange(
            state=State.ARCHIVED,
            replaced_by=replacement.id if replacement else None,
            internal=self._with_reason(entry, reason) if reason.strip() else None,
        )
        saved = self._capture.keep("archive", entry.path, opened, file_format.change(opened, wanted))
        instead = f"; “{replacement.question}” says it now" if replacement else ""
        return _told(saved, f"Archived{instead} (undo or restore brings it back)")

    def _with_reason(self, entry: Entry, reason: str) -> str:
        person = self._parts.person()
        today = self._parts.now().date().isoformat()
        return with_reason(entry.internal, today, person.name if person else "somebody", reason)

    def restore(self, entry: Entry, opened: bytes) -> SavedEntry:
        """Bring an archived entry back, in the state that its words deserve; why it was archived goes again.

        Raises:
            RefusedError: it is not archived.
        """
        if entry.state is not State.ARCHIVED:
            raise RefusedError("This entry is not archived.", f"To archive it: kbtui archive {entry.id}")
        state = State.VALIDATED if entry.approval_holds else State.NOT_VALIDATED
        wanted = EntryChange(
            state=state if entry.answer.strip() else State.OPEN,
            replaced_by="",
            internal=without_reasons(self._parts, entry),
        )
        saved = self._capture.keep("restore", entry.path, opened, file_format.change(opened, wanted))
        return _told(saved, f"Brought back as {saved.entry.state.words}")


def _taken_back(deed: Deed, path: str, there: bytes) -> Rewrite:
    """Return an entry without what a deed changed in it; what was changed since stays.

    Raises:
        RefusedError: the same words have been changed since.
    """
    if deed.before is None or deed.after is None:
        raise RefusedError("The last change took the file away by hand.", "A lead brings it back with plain git.")
    rest = without(deed.before, deed.after, there)
    if rest.content == there and not deed.beside and deed.before != deed.after:
        raise RefusedError(
            f"{_named(deed)} is not undone: the same words have been changed again since.",
            "Look at the history, then improve the entry.",
        )
    return Rewrite(path, there, rest.content)


def _named(deed: Deed) -> str:
    what = _NAMES.get(deed.action, "the change")
    return f"{what} by {deed.person.name} of {deed.at.astimezone():%Y-%m-%d %H:%M}"


def _told(saved: SavedEntry, words: str) -> SavedEntry:
    """Put what was done before what became of the save, where that is more than "Saved"."""
    return replace(saved, words=words if saved.words == "Saved" else f"{words}. {saved.words}")
