"""What was begun and not saved, without what has been saved after all.

A program can be killed between a save and the end of the draft it came from. The save has an id
that stands for exactly the words of that draft (`Draft.save_id`), so both can be told to be one:
the draft goes once its save is in the history, and never while there is any doubt. Words that
were typed since make another id; a draft with a ticket stays, because its ticket may not have
been noted yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kbtui.errors import BusyError

if TYPE_CHECKING:
    from kbtui.parts import Parts
    from kbtui.store.drafts import Draft
    from kbtui.verbs.capture import SavedEntry


def unfinished(parts: Parts) -> list[Draft]:
    """Return the drafts, the one changed last first; those whose very words are in the history are dropped."""
    drafts = parts.drafts.all()
    if not drafts:
        return []
    from kbtui.git.operations import lines_of

    done = lines_of(parts.repository, {draft.save_id for draft in drafts if not draft.ticket.strip()})
    for draft in drafts:
        if draft.save_id in done:
            parts.drafts.discard_same(draft)
    return [draft for draft in drafts if draft.save_id not in done]


def saved_before(parts: Parts, draft: Draft) -> SavedEntry | None:
    """Return the entry that exactly this draft has been saved as; None where it has not been.

    Raises:
        BusyError: another window has begun to save it, and is not done.
    """
    from kbtui.entry import file_format
    from kbtui.git.operations import line_of
    from kbtui.verbs.capture import SavedEntry

    line = line_of(parts.repository, draft.save_id)
    path = str(line.get("path", "")) if line else ""
    if path and parts.files.stamp(path) is not None:
        entry = file_format.read(path, parts.files.read(path))
        return SavedEntry(entry, "Saved already, so not once more", is_committed=True)
    if any(record.save_id == draft.save_id for record in parts.journal.pending()):
        raise BusyError(
            "These very words are being saved already, so they are not saved once more.",
            "They are kept under “To finish” until that is done.",
        )
    return None
