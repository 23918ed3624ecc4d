"""Writing: from the words in a form to a save that is safe.

These are the saving verbs of the facade (`kbtui.knowledge`), in a module of their own
because a search must not wait until Markdown and YAML are loaded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kbtui.entry import file_format, guarded, identity
from kbtui.entry.alarm import NO_CONSENT, Consent
from kbtui.entry.approval import digest
from kbtui.entry.model import Approval, Entry, EntryChange, NewEntry, Person, State
from kbtui.errors import BusyError, GitTroubleError, KbError, RefusedError
from kbtui.parts import writer_of
from kbtui.store.journal import Beside, SaveRecord, paired
from kbtui.verbs.archive_note import without_reasons

if TYPE_CHECKING:
    from kbtui.freshness import Freshness
    from kbtui.git.saver import Saved
    from kbtui.parts import Parts


@dataclass(frozen=True, slots=True)
class SavedEntry:
    """An entry after a save, and the sentence the person sees.

    Attributes:
        save_id: the save it was; empty where nothing was saved, or two entries at once.
    """

    entry: Entry
    words: str
    is_committed: bool
    variant: str = ""
    save_id: str = ""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What one file is to be: its path, the bytes that were there, and the new ones."""

    path: str
    opened: bytes
    content: bytes


class Capture:
    """The verbs that save.

    Args:
        parts: the library's parts.
        freshness: brings what was saved into the index.
        consent: what the person has said about personal data in their words.
        save_id: of the one save that is made, where it is known before; else each save gets a new one.
    """

    def __init__(self, parts: Parts, freshness: Freshness, consent: Consent = NO_CONSENT, save_id: str = "") -> None:
        self._parts = parts
        self._freshness = freshness
        self._consent = consent
        self._known_id = save_id

    def new(self, words: NewEntry) -> SavedEntry:
        """Save a new entry; without an answer, or with nothing but the team's template, it is an open question.

        Raises:
            RefusedError: the words cannot be written.
            PersonalDataError: they hold what must not stay, or not unasked. The other verbs raise it too.
            NoPersonError: nobody has said who is writing.
        """
        words = guarded.masked_question(self._parts.team.template.typed(words), self._parts.team.guard, self._consent)
        entry_id = identity.new_id(self._parts.random)
        content = file_format.new(entry_id, words)
        path = identity.file_path(self._topic(words), words.question, entry_id)
        return self._save("new" if words.answer.strip() else "ask", path, None, content)

    def answer(self, entry: Entry, opened: bytes, answer: str, internal: str | None) -> SavedEntry:
        """Answer an open question.

        Raises:
            RefusedError: the answer is empty, or the entry has one already.
        """
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
        before, after = file_format.read(path, opened), file_format.read(path, source)
        if before.readable and after.id != before.id:
            raise RefusedError(
                f"This text is not the file of the entry {before.id}: its header with the id is missing.",
                f"To change the answer alone: kbtui edit {before.id} --answer TEXT",
            )
        return self._save("edit", path, opened, source)

    def validate(self, entry: Entry, opened: bytes) -> SavedEntry:
        """Confirm the exact words of an entry; one that is archived is brought back by it.

        Raises:
            RefusedError: there is no answer to confirm.
        """
        if not entry.answer.strip():
            raise RefusedError("There is no answer to confirm yet.", f"Answer it with `kbtui answer {entry.id}`.")
        today = self._parts.now().date().isoformat()
        approval = Approval(writer_of(self._parts).name, today, digest(entry.question, entry.answer))
        wanted = EntryChange(state=State.VALIDATED, approval=approval)
        is_back = entry.state is State.ARCHIVED
        if is_back:
            wanted = replace(wanted, replaced_by="", internal=without_reasons(self._parts, entry))
        saved = self._save("confirm", entry.path, opened, file_format.change(opened, wanted))
        return replace(saved, words=f"{saved.words}, and brought back from the archive") if is_back else saved

    def keep(
        self,
        action: str,
        path: str,
        opened: bytes | None,
        content: bytes,
        beside: tuple[Beside, ...] = (),
        with_people: tuple[Person, ...] = (),
    ) -> SavedEntry:
        """Save a file under the name of an action that is none of the above, such as "undo".

        Args:
            beside: other versions of the entry that go or come with it.
            with_people: whose words these are as well.
        """
        return self._save(action, path, opened, content, beside, with_people)

    def _topic(self, words: NewEntry) -> str:
        """Return the folder of a new entry: the one asked for, the first tag that is a topic, or "questions"."""
        if words.topic:
            return words.topic
        return next((tag for tag in words.tags if tag in self._parts.team.topics), "questions")

    def _save(
        self,
        action: str,
        path: str,
        opened: bytes | None,
        content: bytes,
        beside: tuple[Beside, ...] = (),
        with_people: tuple[Person, ...] = (),
    ) -> SavedEntry:
        content = self._masked(content)
        if opened == content and not beside:
            return SavedEntry(file_format.read(path, content), "Nothing changed", is_committed=True)
        record = self._record(action, path, opened, content, self._save_id())
        return self._kept(record._replace(beside=beside, with_people=with_people))

    def keep_both(self, action: str, first: Rewrite, second: Rewrite) -> tuple[SavedEntry, SavedEntry]:
        """Save two entries as one deed: both are safe before either is done, and an undo of one is one of both.

        Their save ids are one and the same but for the letter behind it (`kbtui.store.journal.paired`).

        Raises:
            PersonalDataError, RefusedError, NotSavedError: neither has been saved.
        """
        one, two = (
            self._record(action, each.path, each.opened, self._masked(each.content), save_id)
            for each, save_id in zip((first, second), paired(self._save_id()), strict=True)
        )
        two = two._replace(sequence=one.sequence + 1)
        try:
            saved = self._parts.saver.save_both(one, two)
        except (BusyError, GitTroubleError) as error:
            return _still_to_do(one, error), _still_to_do(two, error)
        self._follow(one, saved[0])
        self._follow(two, saved[1])
        return self._saved(saved[0]), self._saved(saved[1])

    def _masked(self, content: bytes) -> bytes:
        return guarded.masked_file(content, self._parts.team.guard, self._consent)

    def _save_id(self) -> str:
        return self._known_id or identity.new_id(self._parts.random) + identity.new_id(self._parts.random)

    def _record(self, action: str, path: str, opened: bytes | None, content: bytes, save_id: str) -> SaveRecord:
        self._parts.files.locate(path)  # a path that leads elsewhere is refused before anything is kept
        return SaveRecord(
            save_id=save_id,
            sequence=self._parts.journal.after_all(int(self._parts.now().timestamp() * 1_000_000) * 1_000),
            action=action,
            entry_id=file_format.read(path, content).id,
            path=path,
            base=opened,
            content=content,
            person=writer_of(self._parts),
            guard=guarded.require_fit(path, content, opened, self._parts.team.guard, self._consent),
        )

    def _kept(self, record: SaveRecord) -> SavedEntry:
        """Bring a record into the history."""
        try:
            saved = self._parts.saver.save(record)
        except (BusyError, GitTroubleError) as error:
            return _still_to_do(record, error)
        self._follow(record, saved)
        return replace(self._saved(saved), save_id=record.save_id)

    def _follow(self, record: SaveRecord, saved: Saved) -> None:
        """Bring what a save has changed into the index, and the events that waited for it into the history."""
        besides = (each.path for each in record.beside)
        self._freshness.follow([saved.path, *filter(None, (saved.variant,)), *besides])
        self._parts.event_saver.settle()

    def _saved(self, saved: Saved) -> SavedEntry:
        entry = file_format.read(saved.path, self._parts.files.read(saved.path))
        if saved.variant:
            return SavedEntry(entry, "Saved. Two versions kept, a lead will choose", saved.is_committed, saved.variant)
        words = "Saved" if saved.is_committed else f"Saved on this computer; waiting for {saved.waiting_for}"
        return SavedEntry(entry, words, saved.is_committed)


def as_one(saved: SavedEntry, other: SavedEntry) -> SavedEntry:
    """Return the first of two entries saved as one deed, with what became of the other where that is more."""
    words = saved.words
    if other.words not in ("Saved", words):
        more = f"“{other.entry.question}”: {other.words}"
        words = more if words == "Saved" else f"{words}. {more}"
    return replace(saved, words=words, is_committed=saved.is_committed and other.is_committed)


def _still_to_do(record: SaveRecord, error: KbError) -> SavedEntry:
    """Return what is told of a save that is safe in the journal; said to have failed, it would be made twice."""
    is_busy = isinstance(error, BusyError)
    words = error.message if is_busy else f"Saved on this computer; waiting for git: {error.message}"
    entry = file_format.read(record.path, record.content)
    return SavedEntry(entry, words, is_committed=False, save_id=record.save_id)
