"""Why an entry counts as validated where its file does not say who confirmed which words (F29, F30). Pure.

Two things stand for exact words beside a confirmation in the file: a signature in the history
(a `Reviewed-by` trailer, or a lead who wrote `state: validated` by hand), and evidence: so many
different people used these very words, none of them one who wrote them, and nobody has an
open flag. KCS calls it reuse as review. Both are of words, by their digest: whatever changes
the words, with whatever tool, takes them away, and words that come back have them again.
Neither is written anywhere, so neither can conflict.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import NamedTuple

from kbtui.entry.card import Sketch
from kbtui.entry.model import Person, State


class How(StrEnum):
    """What stands for the words."""

    SIGNED = "signed"
    USED = "used"


class Ground(NamedTuple):
    """Why exact words of an entry count as validated.

    Attributes:
        entry: the entry's id.
        words: digest of the question and the answer it is for.
        people: who signed, or who used it, by name.
        on: ISO date of the signature; empty for use.
        commit: the commit that is the signature; empty for use.
        emails: the addresses of those who signed, in the order of their names; none for use.
    """

    entry: str
    words: str
    how: How
    people: tuple[str, ...]
    on: str = ""
    commit: str = ""
    emails: tuple[str, ...] = ()

    @property
    def signers(self) -> tuple[Person, ...]:
        """Who signed: they have confirmed these words. Nobody where it is use that stands for them."""
        return tuple(map(Person, self.people, self.emails)) if self.how is How.SIGNED else ()

    @property
    def sentence(self) -> str:
        """The ground as a person reads it."""
        names = ", ".join(self.people)
        if self.how is How.SIGNED:
            return f"{names} reviewed exactly these words in git on {self.on} (commit {self.commit[:10]})."
        many = f"{len(self.people)} different people"
        return f"{many} used exactly these words, and nobody has an open flag: {names}."


def may_have_ground(card: Sketch) -> bool:
    """Whether an entry is one whose words history or use can stand for: answered, in use, and no other version."""
    return card.state is State.NOT_VALIDATED and not card.variant_of and card.is_readable


def is_in_force(ground: Ground, flagged: Collection[str], after: int) -> bool:
    """Whether a ground counts, as far as the words it is for are still there."""
    if ground.how is How.SIGNED:
        return True
    return bool(after) and len(ground.people) >= after and ground.entry not in flagged


def by_use(card: Sketch, users: Mapping[str, str], authors: Collection[str], after: int) -> Ground | None:
    """Return the ground that the use of an entry's present words is; None where it is not enough.

    Args:
        users: who used these words: names by what tells people apart (`Person.key`).
        authors: who answered or improved the entry, by the same; their own use says nothing (F37).
        after: how many different people it takes.
    """
    others = {who: name for who, name in users.items() if who not in authors}
    if not after or len(others) < after:
        return None
    return Ground(card.id, card.words, How.USED, tuple(sorted(others.values())))
