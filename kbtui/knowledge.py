"""The facade: one class, one verb for each thing a person does. Every door uses it and nothing below.

Reading verbs answer from the index and the files; saving verbs return once the words are
safe. None of them prints, asks or waits for a person. All may be called from any thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kbtui.entry.card import Card, card_of
from kbtui.entry.model import Entry, EntryChange, NewEntry, Person, State
from kbtui.entry.text import one_line
from kbtui.errors import IndexTroubleError, NoSuchEntryError
from kbtui.freshness import Freshness, Progress, Refreshed, quietly
from kbtui.parts import Parts
from kbtui.team.checks import Finding, findings
from kbtui.team.credit import Credit, Step, credit_of

if TYPE_CHECKING:
    from kbtui.capture import Capture, SavedEntry
    from kbtui.config import TeamConfig
    from kbtui.retract import Retract
    from kbtui.store.drafts import Drafts


@dataclass(frozen=True, slots=True)
class Hit:
    """One row of a search's results; `has_all` says whether every word searched is in the entry."""

    card: Card
    score: float
    has_all: bool


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best hits, best first, and how many entries have any of the words."""

    hits: tuple[Hit, ...]
    total: int


class Knowledge:
    """One knowledge base, opened.

    Args:
        parts: the library's parts, joined.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @property
    def root(self) -> Path:
        """The base's folder."""
        return self._parts.root

    @property
    def team(self) -> TeamConfig:
        """What kb.toml says."""
        return self._parts.team

    @property
    def drafts(self) -> Drafts:
        """What is half written, on this computer."""
        return self._parts.drafts

    @property
    def trouble_log(self) -> Path:
        """The file in which a surprise is written down for a lead."""
        return self._parts.state / "trouble.log"

    def person(self) -> Person | None:
        """Return who is writing, or None as long as nobody has said."""
        return self._parts.person()

    def today(self) -> str:
        """Return the date, ISO, in UTC."""
        return self._parts.now().date().isoformat()

    # Find

    def search(self, text: str, limit: int = 50, cancelled: Callable[[], bool] = lambda: False) -> SearchResult | None:
        """Return the best entries for what was typed; None where the search was given up.

        An index that turns out to be damaged is built anew first.
        """
        try:
            found = self._parts.index.search(text, limit, cancelled)
        except IndexTroubleError:
            self.reindex()
            found = self._parts.index.search(text, limit, cancelled)
        if found is None:
            return None
        pairs, total = found
        return SearchResult(tuple(Hit(card, match.score, match.has_all) for card, match in pairs), total)

    def get(self, name: str) -> Entry:
        """Return the entry that an id, the beginning of one, or a path stands for.

        Raises:
            NoSuchEntryError: no entry goes by that name, or several do.
        """
        return self.opened(name)[0]

    def opened(self, name: str) -> tuple[Entry, bytes]:
        """Return an entry and the bytes it was read from, which a later save is compared with.

        Raises:
            NoSuchEntryError: no entry goes by that name, or several do.
        """
        from kbtui.entry import file_format  # Markdown and YAML take longer to load than a search takes

        path = self._path(name)
        data = self._parts.files.read(path)
        return file_format.read(path, data), data

    def _path(self, name: str) -> str:
        wanted = one_line(name)
        paths = self._parts.index.called(wanted) if self._parts.index.is_usable() else []
        if not paths and wanted.endswith(".md") and self._parts.files.stamp(wanted) is not None:
            return wanted
        if not paths:
            raise NoSuchEntryError(f"No entry is called {wanted!r}.", "Find its id with `kbtui search WORDS`.")
        if len(paths) > 1:
            some = ", ".join(paths[:3])
            raise NoSuchEntryError(f"{len(paths)} entries are called {wanted!r}: {some}.", "Give one of these paths.")
        return paths[0]

    def cards(self, *, state: State | None = None, tag: str = "", owner: str = "", due: bool = False) -> list[Card]:
        """Return the cards of all entries, or of those that fit every filter given, by path."""
        today = self._parts.now().date()
        cards = self._parts.index.all_cards() if self._parts.index.is_usable() else []
        return [
            card
            for card in cards
            if (state is None or card.state is state)
            and (not tag or tag.casefold() in map(str.casefold, card.tags))
            and (not owner or owner.casefold() in card.owner.casefold())
            and (not due or card.is_due(today))
        ]

    # Capture and improve

    @property
    def _capture(self) -> Capture:
        from kbtui.capture import Capture

        return Capture(self._parts, self._freshness)

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

    # Take back

    @property
    def _retract(self) -> Retract:
        from kbtui.retract import Retract

        return Retract(self._parts, self._capture)

    def undo(self, name: str = "") -> SavedEntry:
        """Take back the last change of an entry; without a name, the writer's own last one in this base (F36)."""
        if not name:
            return self._retract.undo_own(self._path)
        return self._retract.undo(self._path(name))

    def archive(self, name: str, replaced_by: str = "", reason: str = "") -> SavedEntry:
        """Mark an entry as no longer how we do it (F34).

        Args:
            replaced_by: name of the entry that says it now.
            reason: kept in the internal notes.
        """
        entry, opened = self.opened(name)
        return self._retract.archive(entry, opened, self.get(replaced_by) if replaced_by else None, reason)

    def restore(self, name: str) -> SavedEntry:
        """Bring an archived entry back (F34)."""
        return self._retract.restore(*self.opened(name))

    # Keep up to date

    def recover(self) -> int:
        """Finish saves that a crash interrupted; return how many are in the history now.

        Raises:
            BusyError: another kbtui is saving.
        """
        if not self._parts.has_waiting():
            return 0
        done = self._parts.saver.drain()
        self._freshness.mend([path for saved in done.values() for path in (saved.path, saved.variant) if path])
        return sum(saved.is_committed for saved in done.values())

    def refresh(self, progress: Progress = quietly) -> Refreshed:
        """Compare the files with the index and bring the index up to date."""
        return self._freshness.refresh(progress)

    def reindex(self, progress: Progress = quietly) -> Refreshed:
        """Build the index anew from the files."""
        return self._freshness.rebuild(progress)

    @property
    def _freshness(self) -> Freshness:
        return Freshness(self._parts.files, self._parts.index)

    # Understand

    def history(self, name: str) -> tuple[Entry, list[Step]]:
        """Return an entry and what happened to it, the oldest first."""
        entry = self.get(name)
        return entry, self._parts.history(entry.path)

    def credit(self, name: str) -> tuple[Entry, Credit]:
        """Return an entry and the people behind it."""
        entry, steps = self.history(name)
        return entry, credit_of(_with_approval(entry, steps))

    def check(self) -> list[Finding]:
        """Return everything a person should mend in the entries, by path and line."""
        scan = self._parts.files.scan()
        entries = [entry for entry, _ in self._freshness.read(scan.stamps)]
        return findings(entries, scan.passed_over)

    def card(self, entry: Entry) -> Card:
        """Return what a list shows of an entry."""
        return card_of(entry)


def _with_approval(entry: Entry, steps: list[Step]) -> list[Step]:
    """Add the person who validated the text that stands there now."""
    if not steps or entry.approval is None or entry.state is not State.VALIDATED:
        return steps
    known = [person for step in steps for person in (step.person, *step.confirmed_by)]
    name = entry.approval.by
    person = next((p for p in known if p.name == name), Person(name, ""))
    return [*steps[:-1], replace(steps[-1], confirmed_by=(*steps[-1].confirmed_by, person))]
