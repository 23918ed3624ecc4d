"""What the facade needs of the library: named here, joined in `kbtui.open`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kbtui.entry.model import Person
from kbtui.errors import NoPersonError

if TYPE_CHECKING:
    from kbtui.beside import Beside
    from kbtui.config import TeamConfig
    from kbtui.git.deeds import Deeds
    from kbtui.git.event_saver import EventSaver
    from kbtui.git.log import Progress
    from kbtui.git.overview import Overview
    from kbtui.git.repository import Repository
    from kbtui.git.saver import Saver
    from kbtui.git.sync import Syncer
    from kbtui.glance import Glance
    from kbtui.search.index import SearchIndex
    from kbtui.search.meaning import Model
    from kbtui.store.drafts import Drafts
    from kbtui.store.events import EventFiles
    from kbtui.store.files import EntryFiles
    from kbtui.store.journal import Journal
    from kbtui.store.outbox import Outbox
    from kbtui.tally import Tally
    from kbtui.team.credit import Step


class Parts(Protocol):
    """The parts of one base; each is made when it is first asked for."""

    @property
    def root(self) -> Path:
        """The folder of the base."""

    @property
    def state(self) -> Path:
        """The folder in which this computer keeps what is not in the base."""

    @property
    def team(self) -> TeamConfig:
        """What kb.toml says."""

    @property
    def files(self) -> EntryFiles:
        """The entry files."""

    @property
    def drafts(self) -> Drafts:
        """What is half written."""

    @property
    def journal(self) -> Journal:
        """The saves that are not in the history yet."""

    @property
    def index(self) -> SearchIndex:
        """The search index."""

    @property
    def beside(self) -> Beside:
        """Does large work on the index in a process of its own."""

    @property
    def repository(self) -> Repository:
        """The git repository in which the base lives."""

    @property
    def glance(self) -> Glance:
        """A look at the files that a process began with, if it did."""

    @property
    def saver(self) -> Saver:
        """Brings saves into git."""

    @property
    def overview(self) -> Overview:
        """What happened in the whole base."""

    def last_good(self, path: str) -> bytes | None:
        """Return the last version of an entry without conflict markers, or None."""

    @property
    def outbox(self) -> Outbox:
        """The events that are not in the history yet."""

    @property
    def event_files(self) -> EventFiles:
        """The event files."""

    @property
    def event_saver(self) -> EventSaver:
        """Brings events into git."""

    @property
    def syncer(self) -> Syncer:
        """Shares with the team."""

    def inbox(self) -> str:
        """Return the name of this person's own branch on the host."""

    @property
    def tally(self) -> Tally:
        """What the events come to."""

    def close(self) -> None:
        """Let go of every file; what is asked for next opens them again."""

    def meaning(self) -> Model | None:
        """Return what tells meanings, where it is installed and wanted."""

    def has_waiting(self) -> bool:
        """Whether saves wait for the history."""

    @property
    def deeds(self) -> Deeds:
        """What can be taken back."""

    def person(self) -> Person | None:
        """Return who is writing, if they have said so."""

    def role(self) -> str:
        """Return the role the person has given themselves, or nothing."""

    def history(self, path: str) -> list[Step]:
        """Return what happened to an entry, the oldest first."""

    def histories(self, paths: Collection[str]) -> dict[str, list[Step]]:
        """Return what happened to many entries, by path: of each what `history` returns."""

    def last_changes(self) -> dict[str, int]:
        """Return when each entry was last changed, by path: seconds since 1970."""

    def known_as(self, person: Person) -> Person:
        """Return somebody as the team's `.mailmap` knows them."""

    def read_history(self, progress: Progress) -> None:
        """Bring what `histories` reads up to the history."""

    def now(self) -> dt.datetime:
        """Return the time, in UTC."""

    def random(self, size: int) -> bytes:
        """Return that many random bytes."""


def writer_of(parts: Parts) -> Person:
    """Return who is writing.

    Raises:
        NoPersonError: nobody has said so.
    """
    person = parts.person()
    if person is None:
        raise NoPersonError("kbtui does not know your name yet.", 'Say it once: kbtui me "Your Name"')
    return person
