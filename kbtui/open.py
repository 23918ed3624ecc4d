"""The composition root: the only place that joins the library's parts.

Nothing heavy is imported here before it is needed: a window can be on the screen before
git or Whoosh are loaded, and `--help` never loads them.
"""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
from collections.abc import Callable, Collection, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kbtui import config
from kbtui.beside import Beside
from kbtui.entry.identity import slug
from kbtui.entry.model import Person
from kbtui.entry.text import one_line
from kbtui.errors import KbError
from kbtui.glance import Glance
from kbtui.knowledge import Knowledge
from kbtui.paths import Places, places
from kbtui.store import residence

if TYPE_CHECKING:
    from kbtui.git.deeds import Deeds
    from kbtui.git.event_saver import EventSaver
    from kbtui.git.ledger import Ledger
    from kbtui.git.log import Progress
    from kbtui.git.overview import Overview
    from kbtui.git.repository import Repository
    from kbtui.git.saver import Saver
    from kbtui.git.sync import Syncer
    from kbtui.search.index import SearchIndex
    from kbtui.search.meaning import Model
    from kbtui.store.drafts import Drafts
    from kbtui.store.event_cache import EventCache
    from kbtui.store.events import EventFiles
    from kbtui.store.files import EntryFiles
    from kbtui.store.journal import Journal
    from kbtui.store.outbox import Outbox
    from kbtui.tally import Tally
    from kbtui.team.credit import Step

T = TypeVar("T")

GIT_LOG = "git.log"
"""In the state folder: every call of git with its words, paths among them; the older half ends in .old."""


class OpenBase:
    """The parts of one base (`kbtui.knowledge.Parts`), each made when it is first asked for.

    Args:
        root: the base's folder.
        environment: the user's environment.
        user_places: the user's folders.
        clock: returns the time, in UTC.
        random: returns that many random bytes.
        python: the interpreter that does large work on the index in a process of its own, for an open window.
        glance: a look at the files that has been begun.
    """

    def __init__(
        self,
        root: Path,
        environment: Mapping[str, str],
        user_places: Places,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
        random: Callable[[int], bytes] = os.urandom,
        python: str = "",
        glance: Glance | None = None,
    ) -> None:
        self.root = root
        self.beside = Beside(root, environment, python)
        self.glance = glance or Glance()
        self._environment = environment
        self._places = user_places
        self._clock = clock
        self._random = random
        self._making = threading.RLock()
        self._made: dict[str, object] = {}

    def _once(self, name: str, make: Callable[[], T]) -> T:
        """Make a part once, whichever thread asks first."""
        with self._making:
            if name not in self._made:
                self._made[name] = make()
            return self._made[name]  # type: ignore[return-value]

    def close(self) -> None:
        """Let go of every file; what is asked for next opens them again."""
        with self._making:
            if "index" in self._made:
                self.index.close()

    @cached_property
    def team(self) -> config.TeamConfig:
        """What kb.toml says."""
        return config.read_team(self.root)

    @cached_property
    def files(self) -> EntryFiles:
        """The base's entry files."""
        from kbtui.store.files import EntryFiles

        return EntryFiles(self.root, self.team.ignore)

    @cached_property
    def drafts(self) -> Drafts:
        """What is half written."""
        from kbtui.store.drafts import Drafts

        return Drafts(self.state / "drafts", self.team.guard)

    @cached_property
    def journal(self) -> Journal:
        """The saves that are not in the history yet."""
        from kbtui.store.journal import Journal

        return Journal(self.state / "journal")

    @property
    def repository(self) -> Repository:
        """The git repository in which the base lives."""

        def make() -> Repository:
            from kbtui.git.repository import Repository
            from kbtui.git.runner import GitRunner

            return Repository(self.root, GitRunner(self.root, self._environment, self.state / GIT_LOG))

        return self._once("repository", make)

    @property
    def index(self) -> SearchIndex:
        """The search index."""

        def make() -> SearchIndex:
            residence.settle(self.root, self._places.states)
            folder = self.repository.own_folder / f"index-{self.state.name}"  # one for each work tree and base
            self.glance.compare_with(folder)
            from kbtui.search.index import SearchIndex

            return SearchIndex(folder, self.team.language, self.team.synonyms)

        return self._once("index", make)

    def meaning(self) -> Model | None:
        """Return the model that KBTUI_MEANING or config.toml names, else the one installed with the extra, else none.

        Raises:
            RefusedError: the model named is not there.
        """
        from kbtui.search import meaning

        named = self._environment.get("KBTUI_MEANING") or config.read_user(self._places.config_file).meaning
        if named == "off" or not (named or meaning.is_at_hand()):
            return None
        return self._once("meaning", lambda: meaning.load(named or meaning.WORDLLAMA))

    @property
    def saver(self) -> Saver:
        """Brings saves into git."""

        def make() -> Saver:
            from kbtui.git.saver import Saver

            residence.settle(self.root, self._places.states)
            return Saver(self.repository, self.files, self.journal)

        return self._once("saver", make)

    @property
    def overview(self) -> Overview:
        """What happened in the whole base."""
        from kbtui.git.overview import Overview

        return Overview(self.repository, self._ledger)

    def last_good(self, path: str) -> bytes | None:
        """Return the last version of an entry without conflict markers, or None."""
        from kbtui.git.last_good import last_good

        return last_good(self.repository, path)

    @cached_property
    def outbox(self) -> Outbox:
        """The events that are not in the history yet."""
        from kbtui.store.outbox import Outbox

        return Outbox(self.state, self._random)

    @property
    def event_saver(self) -> EventSaver:
        """Brings events into git."""
        from kbtui.git.event_saver import EventSaver

        residence.settle(self.root, self._places.states)
        return EventSaver(self.repository, self.event_files, self.outbox)

    @property
    def syncer(self) -> Syncer:
        """Shares with the team."""
        from kbtui.entry.guard import has_no_card
        from kbtui.git.sync import Syncer

        residence.settle(self.root, self._places.states)
        may_copy = partial(has_no_card, rules=self.team.guard)
        return Syncer(self.repository, self.files, self.person(), self._pause, may_copy=may_copy)

    def _pause(self, attempt: int) -> None:
        """Wait up to 50 ms, twice as long each time up to 1.6 s: by chance, so that two computers part ways."""
        share = int.from_bytes(self._random(2)) / 0xFFFF
        time.sleep(share * 0.05 * 2 ** min(attempt, 5))

    def inbox(self) -> str:
        """Return the name of this person's own branch on the host: readable, and another one on each computer."""
        person = self.person()
        return f"{slug(person.name) if person else 'somebody'}-{self.outbox.machine()}"

    @cached_property
    def event_files(self) -> EventFiles:
        """The base's event files."""
        from kbtui.store.events import EventFiles

        return EventFiles(self.root)

    @cached_property
    def tally(self) -> Tally:
        """What the events come to."""
        from kbtui.tally import Tally

        return Tally(self._event_cache, self._clock, self._joined_questions)

    def _joined_questions(self) -> Mapping[str, str]:
        from kbtui.team.same import united

        return united(self.index.cards_with_successor()) if self.index.is_usable() else {}

    def _event_cache(self) -> EventCache:
        from kbtui.store.event_cache import EventCache

        place = self.repository.own_folder / f"events-{self.state.name}.sqlite"  # one for each work tree and base
        return EventCache(place, self.event_files, self.outbox)

    @property
    def deeds(self) -> Deeds:
        """What can be taken back."""
        from kbtui.git.deeds import Deeds

        return Deeds(self.repository, self.journal, self._environment)

    def has_waiting(self) -> bool:
        """Whether saves wait for the history, in the journal or in a ref of their own."""
        return bool(self.journal.pending()) or self.repository.has_pending()

    def person(self) -> Person | None:
        """Return who is writing: KBTUI_PERSON, else config.toml, else git's own user.name.

        Raises:
            RefusedError: KBTUI_PERSON or config.toml cannot be read.
        """
        if text := self._environment.get("KBTUI_PERSON"):
            return config.parse_person(text)
        if person := config.read_user(self._places.config_file).person:
            return person
        return self._git_person()

    def role(self) -> str:
        """Return the role that config.toml gives the user; nothing too where it cannot be read, as `person` says."""
        return _known_user(self._places.config_file).role

    def _git_person(self) -> Person | None:
        name, email = (self.repository.runner.run("config", "--get", key).text for key in ("user.name", "user.email"))
        return config.parse_person(f"{name} <{email}>") if name else None

    def history(self, path: str) -> list[Step]:
        """Return what happened to an entry, the oldest first."""
        from kbtui.git.history import of_entry
        from kbtui.team.credit import steps_of

        return steps_of(of_entry(self.repository.layout, path, self._environment))

    def histories(self, paths: Collection[str]) -> dict[str, list[Step]]:
        """Return what happened to many entries, by path: of each what `history` returns."""
        from kbtui.team.credit import steps_of

        return {path: steps_of(commits) for path, commits in self._ledger.histories(paths).items()}

    def last_changes(self) -> dict[str, int]:
        """Return when each entry was last changed, by path: seconds since 1970."""
        return self._ledger.last_changes()

    def known_as(self, person: Person) -> Person:
        """Return somebody as the team's `.mailmap` knows them."""
        return self._ledger.known_as(person)

    def read_history(self, progress: Progress) -> None:
        """Bring what `histories` reads up to the history."""
        self._ledger.bring_up(progress)

    @property
    def _ledger(self) -> Ledger:
        from kbtui.git.ledger import Ledger

        residence.settle(self.root, self._places.states)
        name = f"credit-{self.state.name}.sqlite"  # one for each work tree, which has a HEAD of its own
        return Ledger(self.repository.own_folder / name, self.repository)

    def now(self) -> dt.datetime:
        """Return the time, in UTC."""
        return self._clock()

    def random(self, size: int) -> bytes:
        """Return that many random bytes."""
        return self._random(size)

    @cached_property
    def state(self) -> Path:
        """The folder in which this computer keeps what is not in the base."""
        return self._places.states / residence.state_name(self.root, self._places.states)


def open_base(root: Path, environment: Mapping[str, str], python: str = "", glance: Glance | None = None) -> Knowledge:
    """Return the knowledge base at `root`, opened. Touches neither git nor the index yet.

    Args:
        python: the interpreter for large work on the index (`OpenBase`); without one this process does it.
        glance: a look at the files that has been begun.
    """
    return Knowledge(OpenBase(root, environment, places(environment), python=python, glance=glance))


def remember_person(text: str, environment: Mapping[str, str]) -> Person:
    """Keep the name of whoever uses this account, asked once (F54).

    Raises:
        RefusedError: the text holds no name.
    """
    person = config.parse_person(text)
    file = places(environment).config_file
    config.write_user(file, _known_user(file)._replace(name=person.name, email=person.email))
    return person


def remember_role(role: str, environment: Mapping[str, str]) -> str:
    """Keep the role of whoever uses this account (F40); return it as it was kept."""
    file = places(environment).config_file
    config.write_user(file, _known_user(file)._replace(role=one_line(role)))
    return one_line(role)


def known_theme(environment: Mapping[str, str]) -> str:
    """Return how the person wants the screen to look, or nothing."""
    return _known_user(places(environment).config_file).theme


def remember_theme(name: str, environment: Mapping[str, str]) -> None:
    """Keep how the person wants the screen to look.

    Raises:
        NotSavedError: the settings cannot be written.
    """
    file = places(environment).config_file
    config.write_user(file, _known_user(file)._replace(theme=one_line(name)))


def _known_user(file: Path) -> config.UserConfig:
    """Return what a settings file says; one that cannot be read says nothing."""
    try:
        return config.read_user(file)
    except KbError:
        return config.UserConfig()
