"""Drafts: what is being typed, kept on this computer only, at most a second behind (F15).

A draft survives a dropped call, a crash, kill -9 and a closed window. It ends when its
words are saved, or when the person throws it away.
"""

from __future__ import annotations

import base64
import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from kbtui.entry.guard_rules import PLAIN_RULES, GuardRules
from kbtui.entry.model import NO_AUTHORITY, EntryChange, NewEntry
from kbtui.entry.template import Template
from kbtui.store import atomic

ANSWERING = "answering"
"""The task of a draft that answers an open question."""

_NOT_WORDS = ("changed_at", "allowed")
"""What says nothing of the words of a draft."""


@dataclass(frozen=True)
class Draft:
    """An entry half written.

    Attributes:
        draft_id: names the draft's file.
        path: the entry being changed; empty for a new one.
        opened: the entry's file as it was opened, so that saving later merges rightly.
        changed_at: seconds since 1970 of the last change.
        allowed: kinds of personal data that the person has said may stay, in the history's words.
        ticket: the call it was written in, for an event beside the entry, never for the entry (F20).
        authority: the authority card as lines (`kbtui.entry.card_text`).
        card_before: those lines as they were when the entry was opened.
        task: what is being done with a known entry: `ANSWERING` an open question, else empty.
        settles: the file of another version of the entry, which goes when these words are saved; or empty.
    """

    draft_id: str
    question: str = ""
    answer: str = ""
    internal: str = ""
    tags: str = ""
    asked_as: str = ""
    path: str = ""
    opened: str = ""
    changed_at: float = 0.0
    allowed: str = ""
    ticket: str = ""
    task: str = ""
    authority: str = ""
    card_before: str = ""
    settles: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing has been typed."""
        texts = (self.question, self.answer, self.internal, self.tags, self.asked_as, self.authority, self.ticket)
        return not any(text.strip() for text in texts)

    @property
    def says_more(self) -> bool:
        """Whether there is more to it than a question."""
        return bool(self.answer.strip() or self.internal.strip() or self.authority.strip())

    @property
    def save_id(self) -> str:
        """The id of the save of exactly these words from this draft: saved twice, they are one save."""
        words = {name: value for name, value in asdict(self).items() if name not in _NOT_WORDS}
        digest = hashlib.sha256(json.dumps(words, sort_keys=True).encode()).digest()
        return base64.b32encode(digest[:10]).decode().lower()

    def kind(self, template: Template) -> str:
        """Return what it is going to be, in words."""
        if self.path:
            return "an answer to an open question" if self.task == ANSWERING else "a change of an entry"
        return "a new question with its answer" if self.without(template).answer.strip() else "a new question"

    def without(self, template: Template) -> Draft:
        """Return a new entry's draft without texts that are nothing but the team's template."""
        if self.path:
            return self
        return replace(self, answer=template.typed_answer(self.answer), internal=template.typed_internal(self.internal))

    def as_new(self) -> NewEntry:
        """Return the words as a new entry.

        Raises:
            RefusedError: the authority card cannot be understood.
        """
        from kbtui.entry.card_text import parsed  # a search must not wait for it

        return NewEntry(
            question=self.question,
            answer=self.answer,
            internal=self.internal,
            tags=split_tags(self.tags.casefold()),
            asked_as=split_lines(self.asked_as),
            authority=parsed(self.authority),
        )

    def as_change(self) -> EntryChange:
        """Return the words as a change of the entry that was opened; a card that nobody touched is no part of it.

        Raises:
            RefusedError: the authority card cannot be understood.
        """
        from kbtui.entry.card_text import parsed

        is_same_card = self.authority.strip() == self.card_before.strip()
        return EntryChange(
            question=self.question,
            answer=self.answer,
            internal=self.internal,
            tags=split_tags(self.tags),
            asked_as=split_lines(self.asked_as),
            authority=None if is_same_card else parsed(self.authority) or NO_AUTHORITY,
        )


def split_tags(text: str) -> tuple[str, ...]:
    """Return the tags in a line such as "billing, refunds"; lines part them too."""
    tags: dict[str, str] = {}
    for tag in filter(None, map(str.strip, text.replace("\n", ",").split(","))):
        tags.setdefault(tag.casefold(), tag)
    return tuple(tags.values())


def split_lines(text: str) -> tuple[str, ...]:
    """Return the lines that say something."""
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


class Drafts:
    """The drafts of one base, one file each.

    Args:
        folder: where they are kept; made when the first one is.
        rules: what the team says of the guard.
    """

    def __init__(self, folder: Path, rules: GuardRules = PLAIN_RULES) -> None:
        self._folder = folder
        self._rules = rules

    def keep(self, draft: Draft) -> Draft:
        """Write a draft, forced to the disk, and return it as it was written: with card numbers masked (F18).

        Raises:
            NotSavedError: the disk did not take it.
        """
        draft = self._fit(draft)
        atomic.write(self._place(draft.draft_id), json.dumps(asdict(draft), indent=1).encode())
        return draft

    def _fit(self, draft: Draft) -> Draft:
        from kbtui.entry.guard import fit_for_disk  # takes longer to load than a search takes

        def fit(text: str) -> str:
            return fit_for_disk(text, self._rules)

        return replace(
            draft,
            question=fit(draft.question),
            answer=fit(draft.answer),
            internal=fit(draft.internal),
            tags=fit(draft.tags),
            asked_as=fit(draft.asked_as),
            ticket=fit(draft.ticket),
            authority=fit(draft.authority),
        )

    def all(self) -> list[Draft]:
        """Return the drafts, the one changed last first."""
        if not self._folder.is_dir():
            return []
        found = (_read(path) for path in self._folder.iterdir() if path.suffix == ".json")
        return sorted((draft for draft in found if draft), key=lambda draft: -draft.changed_at)

    def discard(self, draft_id: str) -> None:
        """Throw a draft away."""
        self._place(draft_id).unlink(missing_ok=True)

    def discard_same(self, draft: Draft) -> None:
        """Throw a draft away if it still says what it said when it was read; one that says more by now stays."""
        place = self._place(draft.draft_id)
        aside = place.with_suffix(".dropped")
        with suppress(FileNotFoundError):  # another window was faster
            place.replace(aside)
            if _read(aside) != draft and not place.exists():
                aside.replace(place)
            aside.unlink(missing_ok=True)

    def _place(self, draft_id: str) -> Path:
        return self._folder / f"{draft_id}.json"


def _read(path: Path) -> Draft | None:
    try:
        values = json.loads(path.read_bytes())
        known = {item.name: values[item.name] for item in fields(Draft) if item.name in values}
    except (OSError, ValueError, TypeError):
        return None
    whole = isinstance(known.get("changed_at", 0.0), float | int) and isinstance(known.get("draft_id"), str)
    texts = all(isinstance(value, str) for name, value in known.items() if name != "changed_at")
    return Draft(**known) if whole and texts else None
