"""What a list shows of an entry: small, made once, kept beside the index."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from kbtui.entry.approval import digest
from kbtui.entry.model import Authority, Entry, Limit, Severity, State
from kbtui.entry.text import normal


@dataclass(frozen=True, slots=True)
class Sketch:
    """What decides whether an entry wants a look, for all entries of a base at once; its card has the rest.

    Attributes:
        words, confirmed, is_claimed: as in `Card`.
        is_readable: whether the file parses.
    """

    path: str
    id: str
    state: State
    words: str
    confirmed: str
    is_claimed: bool
    check_by: str
    variant_of: str
    is_readable: bool

    def is_due(self, today: dt.date) -> bool:
        """Whether somebody should look whether this is still true (F33)."""
        return bool(self.check_by) and self.check_by <= today.isoformat()


@dataclass(frozen=True, slots=True)
class Card:
    """One row of a list.

    Attributes:
        path: the entry's file, POSIX, below the base's folder.
        excerpt: the beginning of the say-this answer, on one line.
        authority: who may decide what, so that a search can answer that without reading a file (F26).
        trouble: the first problem that keeps the file from being understood, or empty.
        words: digest of the question and the answer (`kbtui.entry.approval`), as a confirmation or a use is of words.
        confirmed: who confirmed these words or earlier ones, by the file; empty where it names nobody.
        is_claimed: whether the file says that it is validated, but not who confirmed which words.
        being_mended: whether the last good version is shown because somebody has left conflict markers in the file.
    """

    path: str
    id: str
    question: str
    state: State
    tags: tuple[str, ...]
    asked_as: tuple[str, ...]
    owner: str
    check_by: str
    pinned: bool
    replaced_by: str
    excerpt: str
    authority: Authority | None
    trouble: str
    variant_of: str
    words: str = ""
    confirmed: str = ""
    is_claimed: bool = False
    being_mended: bool = False

    @property
    def has_authority(self) -> bool:
        """Whether the entry says who may decide."""
        return self.authority is not None

    def is_due(self, today: dt.date) -> bool:
        """Whether somebody should look whether this is still true (F33)."""
        return bool(self.check_by) and self.check_by <= today.isoformat()

    @property
    def sketch(self) -> Sketch:
        """The card in short."""
        return Sketch(
            self.path,
            self.id,
            self.state,
            self.words,
            self.confirmed,
            self.is_claimed,
            self.check_by,
            self.variant_of,
            not self.trouble,
        )

    def as_json(self) -> str:
        """Return the card as one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, default=str)


def card_of(entry: Entry) -> Card:
    """Return the card of an entry."""
    errors = [problem for problem in entry.problems if problem.severity is Severity.ERROR]
    return Card(
        path=entry.path,
        id=entry.id,
        question=entry.question,
        state=entry.state,
        tags=entry.tags,
        asked_as=entry.asked_as,
        owner=entry.owner,
        check_by=entry.check_by,
        pinned=entry.pinned,
        replaced_by=entry.replaced_by,
        excerpt=entry.excerpt,
        authority=entry.authority,
        trouble=f"line {errors[0].line}: {errors[0].reason}" if errors else "",
        variant_of=entry.variant_of,
        words=digest(entry.question, entry.answer),
        confirmed=entry.approval.by if entry.approval else "",
        is_claimed=entry.declared is State.VALIDATED and entry.approval is None,
        being_mended=entry.being_mended,
    )


def card_from_json(text: str) -> Card:
    """Return the card that `as_json` wrote."""
    values: Mapping[str, Any] = json.loads(text)
    lists = {key: tuple(values[key]) for key in ("tags", "asked_as")}
    authority = _authority(values["authority"]) if values["authority"] else None
    return Card(**(dict(values) | lists | {"state": State(values["state"]), "authority": authority}))


def _authority(values: Mapping[str, Any]) -> Authority:
    limits = (
        Limit(limit["role"], Decimal(limit["up_to"]) if limit["up_to"] else None, tuple(limit["people"]))
        for limit in values["limits"]
    )
    return Authority(**(dict(values) | {"limits": tuple(limits), "conditions": tuple(values["conditions"])}))


def is_asked_as(entry: Entry | Card, words: str) -> bool:
    """Whether an entry is asked in these words already; nobody types the question mark while a caller talks."""
    return as_asked(words) in map(as_asked, (entry.question, *entry.asked_as))


def as_asked(text: str) -> str:
    """Return the form in which two questions are compared."""
    return normal(text).rstrip("?!. ")
