"""The values an entry is made of. Everything here is frozen, printable and free of I/O.

The words are those of KCS (Knowledge-Centered Success): an entry's `state` is the
confidence the team has in it, never a gate before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

TWO_VERSIONS = "Two versions kept, a lead will choose"
"""What is said wherever an entry is shown of which other versions are kept beside it."""


BEING_MENDED = "This entry is being mended: a lead has to choose what its file says"
"""What is said of an entry in whose file somebody has left conflict markers."""


class State(StrEnum):
    """How far an entry may be trusted. Not linear: an entry moves between them freely."""

    OPEN = "open"
    NOT_VALIDATED = "not-validated"
    VALIDATED = "validated"
    ARCHIVED = "archived"

    @property
    def words(self) -> str:
        """The state as a person reads it."""
        return _STATE_WORDS[self]

    @property
    def sign(self) -> str:
        """One character that stands beside the colour, never instead of the word."""
        return _STATE_SIGNS[self]


_STATE_WORDS = {
    State.OPEN: "open question",
    State.NOT_VALIDATED: "not validated",
    State.VALIDATED: "validated",
    State.ARCHIVED: "archived",
}
_STATE_SIGNS = {State.OPEN: "?", State.NOT_VALIDATED: "~", State.VALIDATED: "✓", State.ARCHIVED: "×"}


class Severity(StrEnum):
    """Whether a problem keeps an entry from being understood, or only deserves a look."""

    ERROR = "error"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in an entry's file that a person should mend.

    Attributes:
        line: 1-based line in the file.
        reason: one sentence in plain words.
        severity: an `ERROR` means that the file is shown as plain text.
    """

    line: int
    reason: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes: the name colleagues see, and an address that tells namesakes apart."""

    name: str
    email: str

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    @property
    def key(self) -> str:
        """What tells one person from another: the address, in whatever case it was typed."""
        return self.email.casefold() or self.name


@dataclass(frozen=True, slots=True)
class Approval:
    """Who confirmed an entry, on which day (ISO date), and the digest of the words confirmed."""

    by: str
    on: str
    text: str


@dataclass(frozen=True, slots=True)
class Limit:
    """Up to where one role decides alone; `up_to` is None where the card gives no number."""

    role: str
    up_to: Decimal | None
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Authority:
    """Who may decide what: the action, a limit for each role, and the boundary nobody crosses.

    What follows from it for a person and an amount is said by `kbtui.entry.authority`.

    Attributes:
        unit: a currency code, or "days", "percent" and the like.
        limits: in the order of the file, lowest role first.
        above: who decides above every limit.
        valid_until: ISO date, empty where the card does not expire; what is no date stays as written.
        line: 1-based line of the card in its entry's file; 0 where it was not read from one.
    """

    action: str
    unit: str
    limits: tuple[Limit, ...]
    above: str = ""
    conditions: tuple[str, ...] = ()
    boundary: str = ""
    valid_until: str = ""
    line: int = field(default=0, compare=False)


NO_AUTHORITY = Authority("", "", ())
"""In a change: the entry is to have no authority card any more."""


@dataclass(frozen=True, slots=True)
class Link:
    """A Markdown link as written: its words, its target, and the 1-based line it stands on."""

    text: str
    target: str
    line: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One question and what the team knows about it, as read from one file.

    Attributes:
        path: POSIX path below the base's folder; the key under which the entry is indexed.
        id: identity that survives a move; taken from the path where the file gives none.
        answer: the say-this text, Markdown; empty for an open question.
        internal: notes for the team, Markdown; never copied, never read out.
        see_also: the section of links, Markdown.
        declared: the state the file claims; `state` is the one to show.
        approval: who validated which words; None where nobody did.
        plain: the words of the body without Markdown, for the index.
        excerpt: the beginning of the say-this answer without Markdown, on one line.
        readable: False where the file is shown as plain text because it does not parse.
        variant_of: path of the entry of which this is the other version kept, or empty.
        language: ISO 639-1 code where the file names one, or empty for the base's own.
        is_proven: whether history or use stands for exactly these words, where the file says nothing (F29, F30);
            known to the facade, never to the file.
        being_mended: whether somebody has left two versions with conflict markers in the file; they are never shown.
    """

    path: str
    id: str
    question: str
    answer: str = ""
    internal: str = ""
    see_also: str = ""
    declared: State = State.NOT_VALIDATED
    approval: Approval | None = None
    approval_holds: bool = False
    tags: tuple[str, ...] = ()
    asked_as: tuple[str, ...] = ()
    owner: str = ""
    check_by: str = ""
    pinned: bool = False
    replaced_by: str = ""
    authority: Authority | None = None
    links: tuple[Link, ...] = ()
    plain: str = ""
    excerpt: str = ""
    problems: tuple[Problem, ...] = ()
    readable: bool = True
    variant_of: str = ""
    language: str = ""
    is_proven: bool = False
    being_mended: bool = False

    @property
    def state(self) -> State:
        """The state to show: an approval holds only for the exact words approved (F36)."""
        if self.declared in (State.OPEN, State.ARCHIVED):
            return self.declared
        is_confirmed = self.declared is State.VALIDATED and self.approval_holds
        return State.VALIDATED if is_confirmed or self.is_proven else State.NOT_VALIDATED


@dataclass(frozen=True, slots=True)
class EntryChange:
    """What a person changed in one entry. None leaves a value as it is; empty (of a card, `NO_AUTHORITY`) removes it.

    `state` and `approval` are set by what the person did, never typed.
    """

    question: str | None = None
    answer: str | None = None
    internal: str | None = None
    see_also: str | None = None
    tags: tuple[str, ...] | None = None
    asked_as: tuple[str, ...] | None = None
    owner: str | None = None
    check_by: str | None = None
    pinned: bool | None = None
    replaced_by: str | None = None
    state: State | None = None
    approval: Approval | None = None
    authority: Authority | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return all(getattr(self, name) is None for name in self.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class NewEntry:
    """The words of an entry that does not exist yet, as they come from a form or a command."""

    question: str
    answer: str = ""
    internal: str = ""
    tags: tuple[str, ...] = ()
    asked_as: tuple[str, ...] = ()
    owner: str = ""
    authority: Authority | None = None
    topic: str = field(default="")
