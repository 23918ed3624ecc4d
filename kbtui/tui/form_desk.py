"""The work behind the form, beside what `kbtui.tui.desk` does for every screen: what has been asked already.

Methods return at once; what they find is posted to whoever asked. The latest question
wins by its serial number.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.message import Message
from textual.message_pump import MessagePump

from kbtui.entry.alarm import Consent, from_trailer
from kbtui.errors import IndexTroubleError
from kbtui.knowledge import Knowledge, Similar
from kbtui.store.drafts import Draft
from kbtui.tui import messages
from kbtui.tui.desk import Desk

if TYPE_CHECKING:
    from kbtui.verbs.capture import SavedEntry

NEAR = 3
"""How many near questions are shown; more would push the answer's field off a small screen."""


class FormDesk:
    """Hands the work of one form to threads.

    Args:
        app: is told what became of a draft, whichever screen is on top by then.
        desk: has the threads, and keeps the drafts.
        knowledge: the base.
    """

    def __init__(self, app: MessagePump, desk: Desk, knowledge: Knowledge) -> None:
        self._app = app
        self._desk = desk
        self._knowledge = knowledge
        self._latest = 0

    def similar(self, asker: MessagePump, text: str) -> None:
        """Find the questions nearest to one that is being typed (F16); an older search is given up."""
        self._latest += 1
        serial = self._latest

        def is_stale() -> bool:
            return serial != self._latest

        def work() -> Message | None:
            near = [] if is_stale() else self._near(text, is_stale)
            return None if is_stale() else messages.NearFound(text, near)

        self._desk.start("similar", asker, work)

    def _near(self, text: str, is_stale: Callable[[], bool]) -> list[Similar]:
        """Return the close questions that are of use; none where there is no index to search yet."""
        with suppress(IndexTroubleError):
            found = self._knowledge.similar(text, NEAR, is_stale) if text.strip() else []
            return [each for each in found if each.is_close]
        return []

    def compare(self, asker: MessagePump, path: str) -> None:
        """Read an entry that may be the same."""

        def work() -> Message:
            entry = self._knowledge.get(path)
            return messages.Compared(entry, self._knowledge.demand(entry))

        self._desk.start("compare", asker, work)

    def same_answer(self, draft: Draft, path: str) -> None:
        """Add a draft's question to the phrasings of an entry that answers it (F17); the program hears how it ended."""
        self._finish(draft, lambda: _added(self._with_consent(draft).same_as(path, draft.question, draft.ticket)))

    def join(self, draft: Draft, path: str) -> None:
        """Count one caller more for an open question, with a draft's words (F12); the program hears how it ended."""
        self._finish(draft, lambda: self._joined(draft, path))

    def _joined(self, draft: Draft, path: str) -> SavedEntry:
        from kbtui.verbs.capture import SavedEntry

        noted = self._with_consent(draft).join(path, draft.question, draft.ticket)
        self._knowledge.settle_events()
        return SavedEntry(self._knowledge.get(path), noted.words, is_committed=True)

    def _finish(self, draft: Draft, deed: Callable[[], SavedEntry]) -> None:
        """Do something with a draft's question; a draft that says more is kept, so that nothing typed is lost."""
        keeps_draft = draft.without(self._knowledge.team.template).says_more

        def done() -> SavedEntry:
            saved = deed()
            return replace(saved, words=f"{saved.words}; your answer is under “To finish”") if keeps_draft else saved

        self._desk.finish(self._app, draft, done, keeps_draft=keeps_draft)

    def _with_consent(self, draft: Draft) -> Knowledge:
        return self._knowledge.with_consent(Consent(allowed=from_trailer(draft.allowed)))


def _added(saved: SavedEntry) -> SavedEntry:
    """Say what became of a caller's words; where git is not ready, the sentence says so already."""
    words = {"Saved": "Your caller's words are added", "Nothing changed": "These words were there already"}
    return replace(saved, words=words.get(saved.words, saved.words))
