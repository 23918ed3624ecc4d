"""What a decision is made of: who asks, whom to ask, and what comes of it (F26)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kbtui.entry.text import normal


class Verdict(StrEnum):
    """What comes of it."""

    YOU_MAY = "you-may"
    ASK = "ask"
    NEVER = "never"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who wants to know, and when.

    Attributes:
        role: as kb.toml names it.
        roles: the team's, lowest first.
        today: ISO date.
    """

    role: str
    roles: tuple[str, ...]
    today: str

    def rank(self, role: str) -> int | None:
        """Return how high a role stands in the team, or None where the team has no such role."""
        return next((place for place, known in enumerate(self.roles) if same(known, role)), None)


@dataclass(frozen=True, slots=True)
class Approver:
    """Somebody to ask: a role, people, or both; `up_to` says up to where they decide, with its unit."""

    role: str
    people: tuple[str, ...] = ()
    up_to: str = ""

    @property
    def words(self) -> str:
        """Whom to ask, as it stands behind "Ask"."""
        role = f"{_article(self.role)} {self.role}" if self.role else ""
        names = ", ".join(self.people)
        limit = f" ({self.up_to})" if self.up_to else ""
        return (f"{role}: {names}" if role and names else role or names) + limit


@dataclass(frozen=True, slots=True)
class Decision:
    """What a card says to a request.

    Attributes:
        headline: the decision as one sentence.
        because: the reason as one sentence; may be empty.
        ask: whom to ask, where there is somebody to be asked.
        lines: the card in short: each role's limit, who decides above, the boundary.
    """

    verdict: Verdict
    headline: str
    because: str = ""
    ask: Approver | None = None
    lines: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """The card in one line."""
        return "; ".join(self.lines)


def same(one: str, other: str) -> bool:
    """Whether two names are the same, whatever their case and spaces."""
    return normal(one) == normal(other)


def _article(role: str) -> str:
    return "an" if role[:1].casefold() in "aeiou" else "a"
