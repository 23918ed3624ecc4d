"""What the workers tell the screens about ideas, misses and health. None of them bubbles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from kbtui.errors import KbError

if TYPE_CHECKING:  # these load Markdown, YAML and more, which must not delay the first picture
    from kbtui.entry.card import Card
    from kbtui.team.health import Measure
    from kbtui.team.ideas import Idea
    from kbtui.team.meeting import Pack
    from kbtui.team.period import Period
    from kbtui.team.sampling import Sample
    from kbtui.verbs.asked import MissReport
    from kbtui.verbs.ideas import MovedIdea


@dataclass(eq=False, repr=False)
class IdeasFound(Message, bubble=False):
    """The ideas of the floor, by stage, and the questions of the entries they name, by id."""

    ideas: list[Idea]
    questions: dict[str, tuple[str, str]]


@dataclass(eq=False, repr=False)
class IdeaMoved(Message, bubble=False):
    """An idea has been raised or moved, and that is safe; `key` names the words that were kept for it, if any."""

    moved: MovedIdea
    key: tuple[str, str] | None = None


@dataclass(eq=False, repr=False)
class IdeaRefused(Message, bubble=False):
    """What was said of an idea could not be kept; `again` asks for it with the words that were given."""

    error: KbError
    again: Callable[[str], None]


@dataclass(eq=False, repr=False)
class EntriesOffered(Message, bubble=False):
    """Entries that may be the one which an idea has changed."""

    idea: str
    cards: list[Card]


@dataclass(eq=False, repr=False)
class MissesFound(Message, bubble=False):
    """The searches that did not help."""

    report: MissReport


@dataclass(eq=False, repr=False)
class SampleDrawn(Message, bubble=False):
    """What callers wanted to know; `about` has the entry of each question, by the question's id, where there is one."""

    sample: Sample
    period: Period
    about: dict[str, Card]


@dataclass(eq=False, repr=False)
class DayRefused(Message, bubble=False):
    """What was given as the first day is none."""

    error: KbError


@dataclass(eq=False, repr=False)
class PackRefused(Message, bubble=False):
    """The pack could not be written where it was to be put."""

    error: KbError


@dataclass(eq=False, repr=False)
class PackFound(Message, bubble=False):
    """What the staff meeting hears, and the folder that is offered for it."""

    pack: Pack
    folder: str


@dataclass(eq=False, repr=False)
class PackWritten(Message, bubble=False):
    """The pack is in these files."""

    files: list[str]


@dataclass(eq=False, repr=False)
class HealthFound(Message, bubble=False):
    """Where the base needs care; `is_whole` once every entry has been looked at."""

    measures: list[Measure]
    entries: int
    is_whole: bool
