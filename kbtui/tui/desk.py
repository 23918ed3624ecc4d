"""The work behind the screens: every look at disk, git or index, each on a thread.

Methods return at once; what they find is posted as a message to whoever asked. Where a
newer question makes an older one useless, the older one is given up or its answer thrown
away by its serial number; a worker is never cancelled from outside. Nothing here touches
a widget.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump

from kbtui.entry.alarm import Consent, from_trailer
from kbtui.errors import BusyError, KbError
from kbtui.knowledge import Knowledge, Wanted
from kbtui.store import atomic
from kbtui.tui import garbage, messages, review_messages

if TYPE_CHECKING:
    from kbtui.entry.model import Entry
    from kbtui.store.drafts import Draft
    from kbtui.verbs.capture import SavedEntry

_TROUBLES_KEPT = 64 * 1024
_NOTING = threading.Lock()
"""Two threads may meet something that nobody foresaw at the same moment."""

ROWS = 50
"""Rows of a list; more would take longer to show than anybody takes to read."""

_KEPT = "Kept under “To finish” until you give a name."
_NOT_DONE = "Nothing was changed: that needs your name."

_FIRST_SEARCHES = 2
"""Searches that the opening of the screen makes by itself."""

_ROWS = Wanted(limit=ROWS, snippets=0)

Then = Callable[[], None] | None
"""What is to be called once something has been looked up, whatever came of it."""


class Desk:
    """Hands work to threads.

    Args:
        app: whose threads they are.
        knowledge: the base.
    """

    def __init__(self, app: App[None], knowledge: Knowledge) -> None:
        self._app = app
        self._knowledge = knowledge
        self._latest_search = 0
        self._latest_preview = 0
        self._latest_look = 0
        self._drafting = threading.Lock()
        self._kept_at: dict[str, float] = {}
        self._handed: dict[str, Draft] = {}

    def open_base(self, asker: MessagePump) -> None:
        """Finish interrupted saves, bring the index up to date, and make ready what searches need."""
        garbage.begin()

        def progress(done: int, of: int) -> None:
            asker.post_message(messages.Progressed(done, of))

        def work() -> None:
            recovered = self._recovered(asker)
            total = self._knowledge.refresh(progress).total
            self._knowledge.outside.look()
            asker.post_message(messages.BaseReady(total, recovered, len(self._knowledge.unfinished())))
            self._knowledge.warm(lambda: self._latest_search > _FIRST_SEARCHES)
            garbage.keep_for_good()
            self._knowledge.understand()

        self.start("open", asker, work)

    def _recovered(self, asker: MessagePump) -> int:
        try:
            return self._knowledge.recover()
        except BusyError as error:
            asker.post_message(messages.Failed(error))
            return 0

    def unless_unnamed(
        self, name: str, asker: MessagePump, work: Callable[[], Message | None], otherwise: str = _NOT_DONE
    ) -> None:
        """Do some work that bears a name, unless nobody has said yet who is writing: then once they have."""

        def named() -> Message | None:
            if self._knowledge.person() is None:
                self._app.post_message(messages.NameNeeded(lambda: self.start(name, asker, named), otherwise))
                return None
            return work()

        self.start(name, asker, named)

    def search(self, asker: MessagePump, text: str) -> None:
        """Search; an older search is given up between two words."""
        self._latest_search += 1
        serial = self._latest_search

        def is_stale() -> bool:
            return serial != self._latest_search

        def work() -> Message | None:
            try:
                result = None if is_stale() else self._knowledge.search(text, _ROWS, is_stale)
            except Exception:
                if is_stale():  # what went wrong for older words is no trouble of the newer ones
                    return None
                raise
            return messages.Searched(text, result) if result is not None and not is_stale() else None

        self.start("search", asker, work)

    def suggest(self, asker: MessagePump) -> None:
        """Find what is useful before anything is typed (`kbtui.tui.useful`)."""
        self._latest_search += 1
        serial = self._latest_search

        def work() -> Message | None:
            from kbtui.tui.useful import LOOKED_AT, useful_now

            self._knowledge.recount()
            counts = self._knowledge.counts()
            cards = self._knowledge.prominent([*counts.busiest, *counts.joined], LOOKED_AT)
            found = useful_now(cards, counts, self._knowledge.unfinished())
            return messages.Suggested(found) if serial == self._latest_search else None

        self.start("search", asker, work)

    def in_use(self, asker: MessagePump) -> None:
        """Find out which tags and owners there are."""
        self.start("in use", asker, lambda: messages.InUse(*self._knowledge.in_use()))

    def preview(self, asker: MessagePump, path: str) -> None:
        """Read the entry under the cursor."""
        self._latest_preview += 1
        serial = self._latest_preview

        def work() -> Message | None:
            if serial != self._latest_preview:
                return None
            entry, asker = self._knowledge.get(path), self._knowledge.asker()
            return messages.Previewed(entry, asker) if serial == self._latest_preview else None

        self.start("preview", asker, work)

    def open_entry(self, asker: MessagePump, path: str, then: Then = None) -> None:
        """Read an entry and the version it is in."""

        def work() -> Message:
            entry, source = self._knowledge.opened(path)
            return messages.Opened(entry, source, self._knowledge.asker())

        self.start("open entry", asker, work, then=then)

    def people(self, asker: MessagePump, path: str) -> None:
        """Find out whose words an entry is made of, and what happened to it."""

        def work() -> Message:
            entry, steps, credit = self._knowledge.behind(path)
            is_contested = self._knowledge.has_versions(path)
            return messages.PeopleFound(credit, steps, self._knowledge.demand(entry), is_contested)

        self.start("people", asker, work)

    def ages(self, asker: MessagePump) -> None:
        """Find out how long ago each entry was last changed, and what history and use stand for."""

        def work() -> Message:
            is_new = self._knowledge.bring_up_standing()
            return messages.AgesFound(self._knowledge.ages(), is_new)

        self.start("ages", asker, work)

    def trust(self, asker: MessagePump, path: str) -> None:
        """Find out what speaks for an entry and against it."""
        self.start("trust", asker, lambda: messages.TrustFound([*self._knowledge.trust(path)[1].reasons]))

    def compare(self, asker: MessagePump, path: str, shown: bytes) -> None:
        """Find out whether an entry is still as it is shown."""

        def work() -> Message | None:
            is_old = self._knowledge.opened(path)[1] != shown
            return messages.Aged(path, shown) if is_old else None

        self.start("compare", asker, work)

    def linked(self, asker: MessagePump, entry: Entry, then: Then) -> None:
        """Find the entries that an entry names."""
        self.start("linked", asker, lambda: messages.LinksFound(self._knowledge.linked(entry)), then=then)

    def keep_draft(self, asker: MessagePump, draft: Draft, then: Then = None) -> None:
        """Write a draft to this computer's disk."""
        self.start("draft", asker, lambda: self._keep(draft), then=then)

    def discard_draft(self, asker: MessagePump, draft: Draft, then: Then) -> None:
        """Throw a draft away."""
        self.start("draft", asker, lambda: self._discard(draft), then=then)

    def _keep(self, draft: Draft) -> Message:
        """Write a draft, unless a later version of it has been written or it has ended meanwhile."""
        kept = draft
        with self._drafting:
            if draft.changed_at >= self._kept_at.get(draft.draft_id, 0.0):
                kept = self._knowledge.drafts.keep(draft)
                self._kept_at[draft.draft_id] = draft.changed_at
        return messages.DraftKept(draft, is_masked=kept != draft)

    def look_for_personal_data(self, asker: MessagePump, draft: Draft) -> None:
        """Let the guard look at what is being typed; an older look is given up."""
        self._latest_look += 1
        serial = self._latest_look

        def work() -> Message | None:
            if serial != self._latest_look:
                return None
            from kbtui.tui.guarding import personal_data

            found = personal_data(draft, self._knowledge.team.guard)
            return messages.Guarded(draft, found) if serial == self._latest_look else None

        self.start("guard", asker, work)

    def keep_handed(self) -> None:
        """Write the drafts whose saving has not begun yet: the end of the program may end its threads.

        Raises:
            NotSavedError: the disk did not take one.
        """
        for draft in self._handed.values():
            self._keep(draft)

    def _discard(self, draft: Draft) -> None:
        with self._drafting:
            self._kept_at[draft.draft_id] = float("inf")
            self._knowledge.drafts.discard(draft.draft_id)

    def drafts(self, asker: MessagePump) -> None:
        """Find what has been begun and not saved."""
        self.start("drafts", asker, lambda: messages.DraftsFound(self._knowledge.unfinished()))

    def save(self, asker: MessagePump, draft: Draft) -> None:
        """Save a draft's words; the draft stays until they are safe."""
        self.finish(asker, draft, lambda: self._saved(draft))

    def finish(
        self, asker: MessagePump, draft: Draft, deed: Callable[[], SavedEntry], *, keeps_draft: bool = False
    ) -> None:
        """Do what a draft was written for; the draft stays until its words are safe, or on with `keeps_draft`."""
        self._handed[draft.draft_id] = draft

        def work() -> Message | None:
            self._keep(draft)
            if self._knowledge.person() is None:
                return messages.NameNeeded(lambda: self.finish(asker, draft, deed, keeps_draft=keeps_draft), _KEPT)
            saved = deed()
            if not keeps_draft:
                self._discard(draft)
            asker.post_message(messages.Saved(saved))
            self._knowledge.settle_events()
            with suppress(KbError):  # said once, when the base was opened
                self._knowledge.understand()
            return None

        self.start("save", asker, work, draft)

    def _saved(self, draft: Draft) -> SavedEntry:
        knowledge = self._knowledge.with_consent(Consent(allowed=from_trailer(draft.allowed)), draft.save_id)
        opened = draft.opened.encode("utf-8", "surrogateescape")

        def save() -> SavedEntry:
            if before := knowledge.saved_before(draft):
                return before
            if not draft.path:
                return knowledge.new(draft.as_new())
            if draft.settles:
                return knowledge.settle_versions(draft.path, draft.as_change(), opened, [draft.settles])
            return knowledge.change(draft.path, draft.as_change(), opened)

        return knowledge.for_ticket(draft.ticket, save)

    def confirm(self, asker: MessagePump, path: str, seen: bytes) -> None:
        """Confirm the words of an entry as they were read."""
        self._do(asker, lambda: self._knowledge.validate(path, seen))

    def undo(self, asker: MessagePump, path: str) -> None:
        """Take back the last change of an entry."""
        self._do(asker, lambda: self._knowledge.undo(path))

    def archive(self, asker: MessagePump, path: str) -> None:
        """Mark an entry as no longer how the team does it."""
        self._do(asker, lambda: self._knowledge.archive(path))

    def restore(self, asker: MessagePump, path: str) -> None:
        """Bring an entry back from the archive."""
        self._do(asker, lambda: self._knowledge.restore(path))

    def versions(self, asker: MessagePump, path: str) -> None:
        """Find the other versions of an entry; of one that is such a version, those of its entry."""

        def work() -> Message:
            found = self._knowledge.versions(path)
            return review_messages.VersionsFound([found] if found else [])

        self.start("versions", asker, work)

    def variants(self, asker: MessagePump) -> None:
        """Find the entries of which more than one version is kept."""
        self.start("variants", asker, lambda: review_messages.VersionsFound(self._knowledge.variants()))

    def choose(self, asker: MessagePump, deed: Callable[[], SavedEntry]) -> None:
        """Do what a lead has chosen between versions."""
        self._do(asker, deed)

    def _do(self, asker: MessagePump, deed: Callable[[], SavedEntry]) -> None:
        """Do something that is saved."""
        self.unless_unnamed("save", asker, lambda: messages.Saved(deed()))

    def remember(
        self, asker: MessagePump, name: str, keep: Callable[[str], object], waiting: list[messages.NameNeeded]
    ) -> None:
        """Keep the name of whoever uses this account, for which something waits."""

        def work() -> Message:
            try:
                keep(name)
            except KbError as error:
                return messages.NameRefused(error, waiting)
            return messages.NameKept(waiting)

        self.start("name", asker, work)

    def person(self, asker: MessagePump) -> None:
        """Find out who is writing."""

        def work() -> Message:
            person = self._knowledge.person()
            return messages.PersonFound(person.name if person else "")

        self.start("person", asker, work)

    def start(
        self,
        name: str,
        asker: MessagePump,
        work: Callable[[], Message | None],
        draft: Draft | None = None,
        then: Then = None,
    ) -> None:
        """Do some work on a thread and post what it returns to `asker`; what goes wrong becomes a sentence.

        Args:
            name: of the work, for its worker.
            draft: the words that the work was about, which the person gets back if it fails.
            then: called on the loop once what was found, or what went wrong, has been posted.
        """

        def guarded() -> None:
            try:
                found = work()
            except KbError as error:
                found = messages.Failed(error, draft)
            except Exception:  # noqa: BLE001 - a thread's surprise must reach the person, not vanish
                found = messages.Failed(self.surprise(), draft)
            if found is not None:
                asker.post_message(found)
            if then is not None:
                self._app.call_later(then)

        self._app.run_worker(guarded, name=name, group=name, thread=True, exit_on_error=False)

    def note_breakdown(self, texts: list[str]) -> None:
        """Write down, for a lead, what ended the window."""
        self._note("\n".join([*texts, traceback.format_exc()]))

    def surprise(self) -> KbError:
        """Write down what nobody foresaw, where a lead can find it, and return the sentence for the person."""
        if not self._note(traceback.format_exc()):
            return KbError("That did not work.", "Needs your lead (code K98).")
        return KbError("That did not work.", f"Needs your lead (code K99); details in {self._knowledge.trouble_log}.")

    def _note(self, text: str) -> bool:
        """Add to the log of troubles; whether that worked."""
        from kbtui.entry.guard import without_cards  # what broke may have had a caller's card on the screen

        log = self._knowledge.trouble_log
        line = f"{time.strftime('%Y-%m-%d %H:%M:%S')}\n{without_cards(text)}\n"
        try:
            with _NOTING:
                earlier = log.read_bytes()[-_TROUBLES_KEPT:] if log.exists() else b""
                atomic.write(log, earlier + line.encode("utf-8", "replace"))
        except (KbError, OSError):
            return False
        return True
