"""The facade's verbs of the lead's half: ideas, misses, samples, health, the meeting pack.

One part of `kbtui.knowledge.Knowledge`. What works is loaded when the first verb is used:
a search must not wait for it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from kbtui.entry.alarm import Consent
from kbtui.freshness import Progress, quietly
from kbtui.parts import Parts

if TYPE_CHECKING:
    from pathlib import Path

    from kbtui.entry.card import Card
    from kbtui.team.health import Measure
    from kbtui.team.ideas import Idea, Stage
    from kbtui.team.meeting import Pack
    from kbtui.team.period import Period
    from kbtui.team.sampling import Question, Sample, Verdict
    from kbtui.verbs.asked import Asked, MissReport
    from kbtui.verbs.capture import Capture
    from kbtui.verbs.ideas import Ideas, MovedIdea
    from kbtui.verbs.reuse import Noted


class LearningVerbs(ABC):
    """The verbs, over what the facade knows of entries."""

    _parts: Parts
    _consent: Consent

    @property
    @abstractmethod
    def _capture(self) -> Capture: ...

    @abstractmethod
    def _card_called(self, name: str) -> Card: ...

    # Ideas (F42)

    def ideas(self) -> list[Idea]:
        """Return every idea, by stage; in each the one moved last first."""
        return self._ideas.all()

    def raise_idea(self, words: str, entry: str = "") -> MovedIdea:
        """Note an idea.

        Args:
            entry: name of the entry it starts from, if it starts from one.
        """
        return self._ideas.raise_idea(words, self._card_called(entry) if entry else None)

    def move_idea(self, name: str, stage: Stage, *, entry: str = "", reason: str = "") -> MovedIdea:
        """Move an idea to a stage.

        Args:
            name: its id, or the beginning of it.
            entry: name of the entry that changed; needed to be in practice.
            reason: why, in one line; needed to drop it.
        """
        return self._ideas.move(name, stage, self._card_called(entry) if entry else None, reason)

    @property
    def _ideas(self) -> Ideas:
        from kbtui.verbs.ideas import Ideas

        return Ideas(self._parts, lambda: self._capture, self._consent)

    # What callers wanted to know (F43, F44)

    def period(self, since: str, until: str = "") -> Period:
        """Return the days that two texts of a person mean; the last one is today where none is given.

        Raises:
            RefusedError: they mean none.
        """
        from kbtui.team.period import period

        return period(since, until, self._parts.now().date())

    def misses(self, period: Period, most: int = 50) -> MissReport:
        """Return the searches of some days that did not help, near-same words together, the most wanted first.

        Args:
            most: for how many of them the nearest entry is looked up.
        """
        return self._asked.misses(period, most)

    def sample(self, period: Period, size: int, seed: str) -> Sample:
        """Return a sample of the questions of some days, the same for everybody who gives the same seed."""
        return self._asked.sample(period, size, seed)

    def mark_question(self, period: Period, name: str, verdict: Verdict) -> Question:
        """Note whether the base had the answer to a question of some days."""
        return self._asked.mark(period, name, verdict)

    def unmark_question(self, period: Period, name: str) -> Noted:
        """Take back one's own mark of a question of some days; done again, that brings the mark back."""
        return self._asked.unmark(period, name)

    def unmark_last(self) -> Noted | None:
        """Take back what the writer did last in this base, if that was a mark; None where it was something else."""
        return self._asked.unmark_last()

    @property
    def _asked(self) -> Asked:
        from kbtui.verbs.asked import Asked

        return Asked(self._parts, lambda: self._capture, self._consent)

    # The state of the base, and the meeting (F45, F47)

    def health(self) -> list[Measure]:
        """Return what is unanswered, flagged, due and unowned; no file is read."""
        from kbtui.verbs.health import Health

        return Health(self._parts).at_once()

    def examine(self, progress: Progress = quietly) -> list[Measure]:
        """Return suspected duplicates and links that lead nowhere; every entry is looked at."""
        from kbtui.verbs.health import Health

        return Health(self._parts).examined(progress)

    def meeting(self, period: Period) -> Pack:
        """Return the pack for the staff meeting about some days."""
        from kbtui.team.meeting import MOST_ROWS
        from kbtui.verbs.meeting import Meeting

        return Meeting(self._parts, period).pack(self.misses(period, MOST_ROWS))

    def write_meeting(self, pack: Pack, folder: Path) -> list[Path]:
        """Write the pack into a folder, as a page and as Markdown, over nobody's other file; return both files.

        Raises:
            RefusedError: there is no such folder, or it is the base's.
            NotSavedError: the disk did not take it.
        """
        from kbtui.verbs.pack_files import write_both

        return write_both(pack, folder, self._parts.root)
