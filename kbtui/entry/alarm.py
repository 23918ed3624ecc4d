"""What the guard says of a text: frozen values, without the rules that find them (`kbtui.entry.guard`)."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What something in a text looks like. The values stand in the history (`Kb-Guard`) and never change."""

    CARD = "card"
    CARD_CODE = "card-code"
    SECRET = "secret"  # noqa: S105 - the name of a kind
    IBAN = "iban"
    NATIONAL_ID = "national-id"
    EMAIL = "email"
    PHONE = "phone"
    TEAM_RULE = "team-rule"

    @property
    def words(self) -> str:
        """The kind as a person reads it."""
        return _WORDS[self]

    @property
    def verdict(self) -> Verdict:
        """Whether it may be kept at all."""
        return Verdict.REFUSED if self is Kind.CARD else Verdict.WARNED


class Verdict(StrEnum):
    """Whether words may be kept: never, or only by somebody who says so and is recorded."""

    REFUSED = "refused"
    WARNED = "warned"


_WORDS = {
    Kind.CARD: "a card number",
    Kind.CARD_CODE: "the code of a card",
    Kind.SECRET: "a password or key",
    Kind.IBAN: "a bank account number",
    Kind.NATIONAL_ID: "a personal id number",
    Kind.EMAIL: "an e-mail address",
    Kind.PHONE: "a phone number",
    Kind.TEAM_RULE: "something your team keeps out",
}


class Alarm(NamedTuple):
    """Something in a text that does not belong into a knowledge base.

    Attributes:
        start: where it begins, counted in characters of the text.
        end: the place after its last character.
        words: what it looks like, such as "a card number".
        masked: what may stand there instead.
    """

    kind: Kind
    start: int
    end: int
    words: str
    masked: str

    @property
    def verdict(self) -> Verdict:
        """Whether it may be kept at all."""
        return self.kind.verdict

    def line(self, text: str) -> int:
        """Return the 1-based line of `text` on which it begins."""
        return text.count("\n", 0, self.start) + 1


class Consent(NamedTuple):
    """What a person has said about personal data in the words they save.

    Attributes:
        mask: put the masked form in place of what is found and not allowed.
        allowed: kinds that are warned of and may stay; that they did is recorded.
    """

    mask: bool = False
    allowed: frozenset[Kind] = frozenset()


NO_CONSENT = Consent()
WARNED_KINDS = frozenset(kind for kind in Kind if kind.verdict is Verdict.WARNED)


def alarm(kind: Kind, start: int, end: int, masked: str = "", words: str = "") -> Alarm:
    """Return an alarm in the usual words of its kind; what is masked leaves its kind in parentheses."""
    said = words or kind.words
    return Alarm(kind, start, end, said, masked or f"({said.split(' ', 1)[-1]})")


def as_trailer(found: Collection[Kind]) -> str:
    """Return kinds as they stand in the history: fixed words, in a fixed order."""
    return ", ".join(kind for kind in Kind if kind in found)


def from_trailer(text: str) -> frozenset[Kind]:
    """Return the kinds that such a text names."""
    names = {name.strip() for name in text.split(",")}
    return frozenset(kind for kind in Kind if kind in names)
