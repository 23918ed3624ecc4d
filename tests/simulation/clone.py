"""Somebody's clone, with kbtui open in it: chance and time are the simulation's, everything else is real."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from kbtui.entry.model import Person
from kbtui.errors import KbError
from kbtui.git.event_saver import EventSaver
from kbtui.git.saver import Saver
from kbtui.git.sync import Syncer
from kbtui.knowledge import Knowledge
from kbtui.open import OpenBase
from kbtui.paths import places
from kbtui.store import residence
from tests.helpers import environment, run_git

START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


class Base(OpenBase):
    """The parts of a base whose steps are told to somebody, and which waits for nobody."""

    step: Callable[[str], None]

    @property
    def syncer(self) -> Syncer:
        residence.settle(self.root, self._places.states)
        return Syncer(self.repository, self.files, self.person(), lambda _: None, self.step)

    @property
    def saver(self) -> Saver:
        residence.settle(self.root, self._places.states)
        return Saver(self.repository, self.files, self.journal, self.step)

    @property
    def event_saver(self) -> EventSaver:
        residence.settle(self.root, self._places.states)
        return EventSaver(self.repository, self.event_files, self.outbox, self.step)


@dataclass
class Clone:
    """Somebody with a clone.

    Attributes:
        top: git's top folder; the base is there or in a folder of it.
        late: how wrong the clock is.
        step: called with the name of each step of a save or a sync.
        seen: versions of entries that are open in an editor, by path.
        unsaved: marks of what a lead has typed into files and not committed, by path.
        died: how often kbtui was killed here.
    """

    person: Person
    top: Path
    root: Path
    home: Path
    dice: Random
    late: dt.timedelta
    step: Callable[[str], None]
    seen: dict[str, bytes] = field(default_factory=dict)
    unsaved: dict[str, set[str]] = field(default_factory=dict)
    died: int = 0
    _now: dt.datetime = START
    _variables: dict[str, str] = field(default_factory=dict)
    _parts: Base | None = None
    _knowledge: Knowledge | None = None

    def __post_init__(self) -> None:
        self._variables |= environment({"KBTUI_PERSON": str(self.person), "KBTUI_HOME": str(self.home)})
        self.at(START)

    def at(self, now: dt.datetime) -> None:
        """Put the clock to a time."""
        self._now = now + self.late
        self._variables |= self.dates

    @property
    def dates(self) -> Mapping[str, str]:
        """What git takes for the time."""
        said = f"{int(self._now.timestamp())} +0000"
        return {"GIT_AUTHOR_DATE": said, "GIT_COMMITTER_DATE": said}

    @property
    def parts(self) -> Base:
        """The parts of the base, as the program that is open has them."""
        if self._parts is None:
            where = places(self._variables)
            self._parts = Base(self.root, self._variables, where, lambda: self._now, self.dice.randbytes)
            self._parts.step = self.step
        return self._parts

    @property
    def knowledge(self) -> Knowledge:
        """The base, opened; the program starts, if it is not running, as it does: by finishing what a crash left."""
        if self._knowledge is None:
            self._knowledge = Knowledge(self.parts)
            with suppress(KbError):
                self._knowledge.recover()
            self._knowledge.refresh()
        return self._knowledge

    def end(self) -> None:
        """End the program."""
        if self._parts is not None:
            self._parts.close()
        self._parts = self._knowledge = None

    def git(self, *arguments: str, lead: bool = False) -> tuple[bool, str]:
        """Run plain git in the clone; return whether it worked and what it printed."""
        variables = {**self.dates, "KBTUI_LEAD": "1" if lead else ""}
        ended = run_git(self.root, *arguments, by=self.person, env=variables)
        return ended.returncode == 0, ended.stdout.decode("utf-8", "surrogateescape").strip()

    def entries(self) -> list[str]:
        """Return the paths of the entries in the folder, variants among them."""
        found = (path for path in self.root.rglob("*.md") if ".git" not in path.parts)
        return sorted(path.relative_to(self.root).as_posix() for path in found)
