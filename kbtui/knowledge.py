"""The facade: one class, one verb for each thing a person does. Every door uses it and nothing below.

Reading verbs answer from the index and the files; saving verbs return once the words are
safe. None of them prints, asks or waits for a person. All may be called from any thread.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kbtui.entry import file_format, identity
from kbtui.entry.card import Card, card_of
from kbtui.entry.model import Entry, EntryChange, NewEntry, Person, State
from kbtui.errors import BusyError, IndexTroubleError, NoPersonError, NoSuchEntryError, RefusedError
from kbtui.freshness import Freshness, Progress, Refreshed, quietly
from kbtui.store.journal import SaveRecord
from kbtui.team.checks import Finding, findings
from kbtui.team.credit import Credit, Step, credit_of

if TYPE_CHECKING:
    from kbtui.config import TeamConfig
    from kbtui.entry.model import Approval
    from kbtui.git.saver import Saved, Saver
    from kbtui.search.index import SearchIndex
    from kbtui.store.drafts import Drafts
    from kbtui.store.files import EntryFiles


class Parts(Protocol):
    """What the facade needs, joined in `kbtui.open`. Each part is made when it is first asked for."""

    @property
    def root(self) -> Path:
        """The folder of the base."""

    @property
    def team(self) -> TeamConfig:
        """What kb.toml says."""

    @property
    def files(self) -> EntryFiles:
        """The entry files."""

    @property
    def drafts(self) -> Drafts:
        """What is half written."""

    @property
    def index(self) -> SearchIndex:
        """The search index."""

    @property
    def saver(self) -> Saver:
        """Brings saves into git."""

    def person(self) -> Person | None:
        """Return who is writing, if they have said so."""

    def history(self, path: str) -> list[Step]:
        """Return what happened to an entry, the oldest first."""

    def now(self) -> dt.datetime:
        """Return the time, in UTC."""

    def random(self, size: int) -> bytes:
        """Return that many random bytes."""


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


@dataclass(frozen=True, slots=True)
class SavedEntry:
    """An entry after a save, and the sentence the person sees."""

    entry: Entry
    words: str
    is_committed: bool
    variant: str = ""


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

    def person(self) -> Person | None:
        """Return who is writing, or None as long as nobody has said."""
        return self._parts.person()

    # Find

    def search(self, text: str, limit: int = 50, cancelled: Callable[[], bool] = lambda: False) -> SearchResult | None:
        """Return the best entries for what was typed; None where the search was given up.

        An index that turns out to be damaged is built anew first.
        """
        try:
            found = self._parts.index.search(text, limit, cancelled)
        except IndexTroubleError:
            self.refresh()
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
        path = self._path(name)
        data = self._parts.files.read(path)
        return file_format.read(path, data), data

    def _path(self, name: str) -> str:
        wanted = name.strip()
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

    def ask(self, question: str) -> SavedEntry:
        """Save a question that nobody could answer yet. Colleagues find it from now on.

        Raises:
            RefusedError: the question is empty.
            NoPersonError: nobody has said who is writing.
        """
        return self._create(NewEntry(question=question), "ask")

    def new(self, words: NewEntry) -> SavedEntry:
        """Save a new entry; without an answer it is an open question.

        Raises:
            RefusedError: the words cannot be written.
            NoPersonError: nobody has said who is writing.
        """
        return self._create(words, "new" if words.answer.strip() else "ask")

    def answer(self, name: str, answer: str, internal: str | None = None) -> SavedEntry:
        """Answer an open question.

        Raises:
            RefusedError: the answer is empty, or the entry has one already.
        """
        entry, opened = self.opened(name)
        if not answer.strip():
            raise RefusedError("The answer is empty.", "Say in a few words what to tell the caller.")
        if entry.answer.strip():
            raise RefusedError("This entry has an answer already.", f"Improve it with `kbtui edit {entry.id}`.")
        return self.change(entry.path, EntryChange(answer=answer, internal=internal), opened)

    def change(self, path: str, wanted: EntryChange, opened: bytes) -> SavedEntry:
        """Change values of an entry; what others changed meanwhile is kept.

        Args:
            path: the entry's file.
            wanted: what is to be different.
            opened: the bytes of the version the person was looking at.

        Raises:
            RefusedError: the words cannot be written so that they read back the same.
        """
        before = file_format.read(path, opened)
        content = file_format.change(opened, wanted)
        after = file_format.read(path, content)
        if before.declared is State.OPEN and after.answer.strip() and after.declared is State.OPEN:
            content = file_format.change(content, EntryChange(state=State.NOT_VALIDATED))
        elif before.answer.strip() and not after.answer.strip() and after.declared is not State.OPEN:
            content = file_format.change(content, EntryChange(state=State.OPEN))
        is_first_answer = not before.answer.strip() and bool(after.answer.strip())
        return self._save("answer" if is_first_answer else "edit", path, opened, content)

    def change_source(self, path: str, source: bytes, opened: bytes) -> SavedEntry:
        """Replace the whole file of an entry, header and all, as a text editor does.

        Raises:
            RefusedError: the file would be empty or too large.
        """
        if not source.strip():
            raise RefusedError("The file is empty.", "An entry is never deleted; archive it instead.")
        if len(source) > file_format.MAX_ENTRY_BYTES:
            raise RefusedError("The file is larger than 1 MiB.", "Split it into several entries.")
        return self._save("edit", path, opened, source)

    def validate(self, name: str) -> SavedEntry:
        """Confirm the exact words of an entry, as the person who is writing (F29, F36).

        Raises:
            RefusedError: there is no answer to confirm.
        """
        entry, opened = self.opened(name)
        if not entry.answer.strip():
            raise RefusedError("There is no answer to confirm yet.", f"Answer it with `kbtui answer {entry.id}`.")
        wanted = EntryChange(state=State.VALIDATED, approval=self._approval(entry))
        return self._save("confirm", entry.path, opened, file_format.change(opened, wanted))

    def _approval(self, entry: Entry) -> Approval:
        from kbtui.entry.approval import digest
        from kbtui.entry.model import Approval

        today = self._parts.now().date().isoformat()
        return Approval(self._writer().name, today, digest(entry.question, entry.answer))

    def _create(self, words: NewEntry, action: str) -> SavedEntry:
        entry_id = identity.new_id(self._parts.random)
        content = file_format.new(entry_id, words)
        return self._save(action, identity.file_path(self._topic(words), words.question, entry_id), None, content)

    def _topic(self, words: NewEntry) -> str:
        """Return the folder of a new entry: the one asked for, the first tag that is a topic, or "questions"."""
        if words.topic:
            return words.topic
        return next((tag for tag in words.tags if tag in self.team.topics), "questions")

    def _writer(self) -> Person:
        person = self.person()
        if person is None:
            raise NoPersonError("kbtui does not know your name yet.", 'Say it once: kbtui me "Your Name"')
        return person

    def _save(self, action: str, path: str, opened: bytes | None, content: bytes) -> SavedEntry:
        if opened == content:
            return SavedEntry(file_format.read(path, content), "Nothing changed", is_committed=True)
        record = SaveRecord(
            save_id=identity.new_id(self._parts.random) + identity.new_id(self._parts.random),
            sequence=int(self._parts.now().timestamp() * 1_000_000) * 1_000,
            action=action,
            entry_id=file_format.read(path, content).id,
            path=path,
            base=opened,
            content=content,
            person=self._writer(),
        )
        try:
            saved = self._parts.saver.save(record)
        except BusyError as error:
            return SavedEntry(file_format.read(path, content), error.message, is_committed=False)
        self._freshness.mend([saved.path, saved.variant] if saved.variant else [saved.path])
        return self._saved(saved)

    def _saved(self, saved: Saved) -> SavedEntry:
        entry = file_format.read(saved.path, self._parts.files.read(saved.path))
        if saved.variant:
            return SavedEntry(entry, "Saved. Two versions kept, a lead will choose", saved.is_committed, saved.variant)
        words = "Saved" if saved.is_committed else f"Saved on this computer; waiting for {saved.waiting_for}"
        return SavedEntry(entry, words, saved.is_committed)

    # Keep up to date

    def recover(self) -> int:
        """Finish saves that a crash interrupted; return how many are in the history now.

        Raises:
            BusyError: another kbtui is saving.
        """
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
