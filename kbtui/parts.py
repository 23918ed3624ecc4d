"""What the facade needs of the library: named here, joined in `kbtui.open`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kbtui.entry.model import Person

if TYPE_CHECKING:
    from kbtui.config import TeamConfig
    from kbtui.git.deeds import Deeds
    from kbtui.git.saver import Saver
    from kbtui.search.index import SearchIndex
    from kbtui.search.meaning import Model
    from kbtui.store.drafts import Drafts
    from kbtui.store.files import EntryFiles
    from kbtui.store.journal import Journal
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
    def saver(self) -> Saver:
        """Brings saves into git."""

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

    def now(self) -> dt.datetime:
        """Return the time, in UTC."""

    def random(self, size: int) -> bytes:
        """Return that many random bytes."""
