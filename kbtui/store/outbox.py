"""Events that are noted and not in the history yet: one file each, outside the repository.

An event is acknowledged when it is on this disk, forced through every cache. It reaches the
base's folder and git together, when git is ready (`kbtui.git.event_saver`): a lead in the
middle of a rebase must not find a file changed. Nothing here is left behind half written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from kbtui.entry import event
from kbtui.entry.event import Event
from kbtui.entry.identity import new_id
from kbtui.store import atomic

_MACHINE = re.compile(r"[a-z2-7]{8}")
_SUFFIX = ".json"


class Outbox:
    """The waiting events of one base on one computer.

    Args:
        state: the folder in which this computer keeps what is not in the base.
        random: returns that many random bytes.
    """

    def __init__(self, state: Path, random: Callable[[int], bytes]) -> None:
        self._folder = state / "events"
        self._machine = state / "machine"
        self._random = random

    def machine(self) -> str:
        """Return this computer's name in the repository: random, made once, says nothing of its owner.

        Raises:
            NotSavedError: the disk did not take it.
        """
        if known := self._known_machine():
            return known
        atomic.write_new(self._machine, new_id(self._random).encode())
        if not self._known_machine():  # what stands there is damaged
            atomic.write(self._machine, new_id(self._random).encode())
        return self._known_machine()

    def _known_machine(self) -> str:
        with suppress(OSError):
            text = self._machine.read_text("ascii", "replace").strip()
            return text if _MACHINE.fullmatch(text) else ""
        return ""

    def keep(self, noted: Event) -> None:
        """Keep one event, forced to the disk.

        Raises:
            NotSavedError: the disk did not take it.
        """
        atomic.write(self._place(noted), noted.line.encode("utf-8", "replace"))

    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not self._names()

    def pending(self) -> list[Event]:
        """Return the events that wait, the oldest first. A damaged one is set aside, not lost."""
        read = [found for found in map(self._read, self._names()) if found is not None]
        return sorted(read, key=lambda found: (found.at, found.id))

    def forget(self, events: Iterable[Event]) -> None:
        """Forget events that are in the history."""
        for each in events:
            self._place(each).unlink(missing_ok=True)

    def _place(self, noted: Event) -> Path:
        return self._folder / f"{noted.id}{_SUFFIX}"

    def _names(self) -> list[Path]:
        with suppress(OSError):
            return sorted(path for path in self._folder.iterdir() if path.suffix == _SUFFIX)
        return []

    def _read(self, path: Path) -> Event | None:
        try:
            found = event.read(path.read_bytes())
        except OSError:
            return None
        if found is None or found.id != path.stem:
            with suppress(OSError):
                path.replace(path.with_suffix(".damaged"))
            return None
        return found
