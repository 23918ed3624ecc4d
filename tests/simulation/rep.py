"""What a rep does all day, through the facade that every door uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from kbtui.entry import file_format
from kbtui.entry.model import EntryChange, NewEntry, State
from kbtui.errors import KbError, NotSavedError
from tests.simulation.clone import Clone
from tests.simulation.faults import KilledError
from tests.simulation.words import Words, marks

Deed = Callable[[Clone], str]
_NEW, _STALE = 0.3, 0.25


class RepDeeds:
    """The deeds; each returns what was done, in a few words, and notes which words must not be lost from then on.

    Args:
        dice: decides.
        words: the account of what the team must have.
    """

    def __init__(self, dice: Random, words: Words) -> None:
        self._dice = dice
        self._words = words

    @property
    def likely(self) -> Mapping[Deed, int]:
        """The deeds, each with how often it is done."""
        return {
            self.sync: 9, self.write: 3, self.edit: 7, self.answer: 1, self.join: 1, self.use: 3,
            self.flag: 1, self.confirm: 1, self.undo: 1, self.archive: 1, self.edit_source: 1, self.leave: 1,
        }  # fmt: skip

    @property
    def quick(self) -> Mapping[Deed, int]:
        """What can be done in a second window of the same clone while the first one shares."""
        return {self.write: 2, self.edit: 5, self.use: 1, self.confirm: 1}

    @property
    def risky(self) -> Mapping[Deed, int]:
        """What is done while git does not work: more sharing, since most can go wrong there."""
        return {**self.likely, self.sync: 2 * self.likely[self.sync]}

    def sync(self, who: Clone) -> str:
        """Share with the team."""
        shared = who.knowledge.sync()
        return f"syncs: {shared.outcome} {shared.code} {shared.sent}/{shared.received} {shared.reason}"

    def leave(self, who: Clone) -> str:
        """Close the program."""
        who.end()
        return "closes the program"

    def write(self, who: Clone) -> str:
        """Write a new entry, or ask what nobody knows."""
        mark = self._words.new()
        answer = f"Nobody but {mark} knows." if self._dice.random() < 0.6 else ""
        words = NewEntry(f"What of {mark}?", answer=answer)
        return self._saving(f"writes {mark}", set(), {mark}, lambda: who.knowledge.new(words))

    def edit(self, who: Clone) -> str:
        """Change one part of an entry, now and then in the version that has been open for a while."""
        return self.edit_at(who, *self._opened(who))

    def edit_at(self, who: Clone, path: str, opened: bytes) -> str:
        """Change one part of an entry of which a version is open."""
        entry = file_format.read(path, opened)
        if not entry.readable:
            return "finds nothing to edit"
        mark = self._words.new()
        wanted = self._dice.choice((
            EntryChange(answer=f"It is {mark} now."),
            EntryChange(answer=f"{entry.answer}\n\nAnd {mark} as well."),
            EntryChange(internal=f"{entry.internal}\n\nLook at {mark}."),
            EntryChange(tags=(*entry.tags, mark)),
            EntryChange(asked_as=(*entry.asked_as, f"where is {mark}")),
            EntryChange(question=f"What is {mark}?"),
            EntryChange(owner=f"Team {mark}"),
        ))  # fmt: skip
        content = file_format.change(opened, wanted)
        gone = marks(opened) - marks(content)
        return self._saving(f"edits {path} to {mark}", gone, {mark}, lambda: who.knowledge.change(path, wanted, opened))

    def edit_source(self, who: Clone) -> str:
        """Change an entry in a text editor: a remark and a line of text, which are no values of an entry."""
        path, opened = self._opened(who)
        if not opened.startswith(b"---\n") or not file_format.read(path, opened).readable:
            return "finds nothing to edit"
        remark, line = self._words.new(), self._words.new()
        source = opened.replace(b"---\n", f"---\n# {remark}\n".encode(), 1) + f"\nAlso {line}.\n".encode()
        said = f"edits the source of {path} to {remark} {line}"
        return self._saving(said, set(), {remark, line}, lambda: who.knowledge.change_source(path, source, opened))

    def answer(self, who: Clone) -> str:
        """Answer an open question."""
        path = self._one_of(who, State.OPEN)
        if not path:
            return "finds no question"
        mark = self._words.new()
        return self._saving(
            f"answers {path}: {mark}", set(), {mark}, lambda: who.knowledge.answer(path, f"Say {mark}.")
        )

    def join(self, who: Clone) -> str:
        """Wait for an answer as well, with a caller's own words."""
        path = self._one_of(who, State.OPEN)
        if not path:
            return "finds no question"
        mark = self._words.new()
        return self._saving(f"joins {path}: {mark}", set(), {mark}, lambda: who.knowledge.join(path, f"and {mark}"))

    def use(self, who: Clone) -> str:
        """Note that an entry helped."""
        cards = sorted(who.knowledge.cards(), key=lambda card: card.path)
        if not cards:
            return "finds nothing to use"
        card = self._dice.choice(cards[:3])
        self._words.perhaps[card.id] += 1
        who.knowledge.used(card.path)
        self._words.perhaps[card.id] -= 1
        self._words.uses[card.id] += 1
        if self._dice.random() < 0.5:
            who.knowledge.settle_events()
        return f"uses {card.path}"

    def flag(self, who: Clone) -> str:
        """Flag an entry, or close its flags."""
        path = self._path(who)
        if self._dice.random() < 0.3:
            who.knowledge.close_flags(path)
            return f"closes the flags of {path}"
        mark = self._words.new()
        return self._saving(f"flags {path}: {mark}", set(), {mark}, lambda: who.knowledge.flag(path, f"wrong {mark}"))

    def confirm(self, who: Clone) -> str:
        """Confirm the words of an entry."""
        path = self._path(who)
        return self._saving(f"confirms {path}", set(), set(), lambda: who.knowledge.validate(path))

    def archive(self, who: Clone) -> str:
        """Archive an entry, or bring it back."""
        path, mark = self._path(who), self._words.new()
        if self._dice.random() < 0.4:
            return self._saving(f"restores {path}", set(), set(), lambda: who.knowledge.restore(path))
        reason = f"because of {mark}"
        return self._saving(f"archives {path}: {mark}", set(), {mark}, lambda: who.knowledge.archive(path, "", reason))

    def undo(self, who: Clone) -> str:
        """Take the last change of an entry back."""
        path = self._path(who)
        before = marks((who.root / path).read_bytes())
        self._words.taken(before - self._after_undo(who, path, before))
        return f"undoes the last change of {path}"

    def _after_undo(self, who: Clone, path: str, before: set[str]) -> set[str]:
        try:
            who.knowledge.undo(path)
        except KilledError:
            self._words.taken(before)
            raise
        return marks((who.root / path).read_bytes())

    def _saving(self, deed: str, gone: set[str], come: set[str], save: Callable[[], object]) -> str:
        """Save. What was taken away is taken for lost already if nobody knows what became of the save."""
        try:
            save()
        except NotSavedError:
            raise
        except (KbError, KilledError):
            self._words.taken(gone)
            raise
        self._words.taken(gone)
        self._words.said(come, deed)
        return deed

    def _path(self, who: Clone) -> str:
        return self._dice.choice(who.entries()[-4:])

    def _one_of(self, who: Clone, state: State) -> str:
        paths = sorted(card.path for card in who.knowledge.cards(state=state))
        return self._dice.choice(paths) if paths else ""

    def _opened(self, who: Clone) -> tuple[str, bytes]:
        """Return the version of an entry that is open in this person's editor."""
        if who.seen and self._dice.random() < _STALE:
            path = self._dice.choice(sorted(who.seen))
            return path, who.seen.pop(path)
        path = self._path(who)
        opened = (who.root / path).read_bytes()
        if self._dice.random() < _NEW:
            who.seen[path] = opened
        return path, opened
