"""What the workers tell the screens about a lead's work: the queue, differences, versions, merges. None bubbles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:  # these load Markdown, YAML and more, which must not delay the first picture
    from kbtui.entry.card import Card
    from kbtui.entry.decision import Asker
    from kbtui.entry.model import Entry
    from kbtui.team.coaching import Sampled
    from kbtui.team.difference import Difference
    from kbtui.team.review import Queue
    from kbtui.verbs.choosing import Contested


@dataclass(eq=False, repr=False)
class VersionsFound(Message, bubble=False):
    """Entries of which more than one version is kept."""

    found: list[Contested]


@dataclass(eq=False, repr=False)
class QueueFound(Message, bubble=False):
    """What wants a look, what matters most first; `is_final` once everything it is made from is up to date."""

    queue: Queue
    is_final: bool


@dataclass(eq=False, repr=False)
class PlaceRead(Message, bubble=False):
    """The entry that is marked in the queue has been read; `source` is what it was read from."""

    entry: Entry
    source: bytes
    asker: Asker


@dataclass(eq=False, repr=False)
class Drawn(Message, bubble=False):
    """The entries that a seed draws for coaching."""

    seed: str
    entries: list[Sampled]


@dataclass(eq=False, repr=False)
class DifferenceFound(Message, bubble=False):
    """What has changed in an entry since somebody last validated it."""

    path: str
    difference: Difference


@dataclass(eq=False, repr=False)
class MergeOffered(Message, bubble=False):
    """The entries that the one at `path` may be merged into, the likeliest first."""

    path: str
    cards: list[Card]
