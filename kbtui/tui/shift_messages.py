"""What the workers tell the screens about one's own shift. None of them bubbles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from kbtui.team.drill import DrillCard
    from kbtui.team.knowers import Knower
    from kbtui.verbs.shift_verbs import Own


@dataclass(eq=False, repr=False)
class OwnFound(Message, bubble=False):
    """How one's own words helped."""

    own: Own


@dataclass(eq=False, repr=False)
class ReadingFound(Message, bubble=False):
    """Whether one has read these very words, and who has not said so yet, by name."""

    is_read: bool
    unread: list[str]


@dataclass(eq=False, repr=False)
class KnowersFound(Message, bubble=False):
    """Who may know the answer, the likeliest first."""

    people: list[Knower]


@dataclass(eq=False, repr=False)
class DrillReady(Message, bubble=False):
    """What a round would ask, in its order."""

    cards: list[DrillCard]


@dataclass(eq=False, repr=False)
class Graded(Message, bubble=False):
    """A grade is kept; the card says when it comes back."""

    card: DrillCard
