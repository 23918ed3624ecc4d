"""Choosing between versions: what a lead does where two people have changed the same words (F52, FAULTS 41).

The entry holds one version, and every other one is a file beside it. A choice is one save:
the entry's file changes, if it has to, and the versions that were chosen from go in the
same commit. What somebody has changed in the entry meanwhile is merged as with any save.
The credit stays with whoever typed the chosen words (FAULTS 67).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kbtui.entry import file_format, identity
from kbtui.entry.differences import Difference, differences
from kbtui.entry.merge import chosen
from kbtui.entry.model import Entry, EntryChange, Person
from kbtui.entry.text import counted
from kbtui.errors import RefusedError
from kbtui.git.origins import Origins, Typed
from kbtui.git.saver import is_same
from kbtui.store.journal import Beside

if TYPE_CHECKING:
    from kbtui.parts import Parts
    from kbtui.verbs.capture import Capture, SavedEntry

_UNDO = "(undo brings it back)"


@dataclass(frozen=True, slots=True)
class Version:
    """Another version of an entry.

    Attributes:
        path: its file, below the base's folder.
        name: twelve characters that name it: the digest of its content.
        by: who typed it; None where nobody can tell.
        at: when, in UTC.
        differences: what would be different in the entry, value by value, were it taken.
        entry: the entry as it would be then.
    """

    path: str
    name: str
    by: Person | None
    at: dt.datetime | None
    differences: tuple[Difference, ...]
    entry: Entry


@dataclass(frozen=True, slots=True)
class Contested:
    """An entry of which more than one version is kept.

    Attributes:
        path: the entry's file; where it is gone, the place it had.
        entry: what it says; None where it is gone.
        source: the bytes that was read from.
        by: who typed what stands there; None where nobody can tell.
        at: when, in UTC.
        others: the other versions, by the names of their files.
    """

    path: str
    entry: Entry | None
    source: bytes
    by: Person | None
    at: dt.datetime | None
    others: tuple[Version, ...]

    @property
    def question(self) -> str:
        """What callers ask."""
        return (self.entry or self.others[0].entry).question

    @property
    def id(self) -> str:
        """The entry's id."""
        return (self.entry or self.others[0].entry).id


class Choosing:
    """The verbs that look for versions and choose.

    Args:
        parts: the library's parts.
        capture: saves.
    """

    def __init__(self, parts: Parts, capture: Capture) -> None:
        self._parts = parts
        self._capture = capture

    def all(self) -> list[Contested]:
        """Return every entry of which more than one version is kept, by path."""
        beside: dict[str, list[str]] = {}
        for path in self._parts.files.scan().stamps:
            if identity.variant_of(path):
                beside.setdefault(self.entry_of(path), []).append(path)
        return [self._contested(path, sorted(variants)) for path, variants in sorted(beside.items())]

    def called(self, name: str) -> Contested | None:
        """Return the contested entry that an id, a path, or the name of a version stands for, or None."""
        for contested in self.all():
            names = {contested.path, contested.id, *(n for each in contested.others for n in (each.path, each.name))}
            if name in names:
                return contested
        return None

    def of(self, path: str) -> Contested | None:
        """Return the entry at `path` with its other versions; None where there is one version only."""
        variants = [each for each in self._parts.files.variants_of(path) if not identity.variant_of(path)]
        return self._contested(path, variants) if variants else None

    # Choosing

    def keep(self, contested: Contested, versions: Sequence[Version]) -> SavedEntry:
        """Leave the entry as it stands; these other versions go.

        Raises:
            RefusedError: the entry is gone, or words of these versions are nowhere else.
        """
        if contested.entry is None:
            raise RefusedError(
                "This entry's file is gone, so there is nothing to keep.",
                f"Bring it back with --take {versions[0].name}; then it can be archived.",
            )
        self._require_kept(versions)
        saved = self._save("resolve", contested, contested.source, versions, ())
        return self._told(saved, contested, versions, f"Kept as it stands {_UNDO}")

    def take(self, contested: Contested, version: Version) -> SavedEntry:
        """Put another version into the entry; what only the entry has changed stays.

        What somebody has changed by hand in the version's file goes into the history first, so that none of it is lost.
        """
        theirs = self._parts.files.read(version.path)
        if not self._is_kept(version, theirs):
            self._capture.keep("edit", version.path, self._parts.repository.committed(version.path), theirs)
        opened = contested.source if contested.entry is not None else None
        content = self._with(contested.path, opened, version.path, theirs)
        people = (version.by,) if version.by else ()
        saved = self._save("resolve", contested, content, [version], people)
        whose = f" of {version.by.name}" if version.by else ""
        return self._told(saved, contested, [version], f"Taken: the other version{whose} {_UNDO}")

    def combine(self, contested: Contested, content: bytes, versions: Sequence[Version]) -> SavedEntry:
        """Put words of one's own into the entry instead of all these versions.

        Raises:
            RefusedError: the entry is gone, the words are no file of it, or words of these versions are nowhere else.
        """
        entry = file_format.read(contested.path, content)
        if contested.entry is None or entry.id != contested.id or not content.strip():
            raise RefusedError("These words are not the file of this entry.", "Its header with the id is missing.")
        self._require_kept(versions)
        people = tuple(dict.fromkeys(each.by for each in versions if each.by))
        saved = self._save("combine", contested, content, versions, people)
        return self._told(saved, contested, versions, f"Combined {_UNDO}")

    def with_text(self, contested: Contested, text: str) -> bytes:
        """Return the entry's file with a text in place of its answer; a text that is the entry's file, as it is.

        Raises:
            RefusedError: there is no text, or the entry is gone.
        """
        if contested.entry is None:
            raise RefusedError("This entry's file is gone.", f"Bring it back with --take {contested.others[0].name}.")
        if not text.strip():
            raise RefusedError("The text is empty.", "Give the words that both versions come to.")
        whole = file_format.read(contested.path, text.encode())
        if text.startswith("---") and whole.readable and whole.id == contested.id:
            return text.encode()
        return file_format.change(contested.source, EntryChange(answer=text))

    def _with(self, path: str, source: bytes | None, variant: str, theirs: bytes) -> bytes:
        """Return the entry's file with another version put into it."""
        if source is None:
            return theirs
        return chosen(self._origins.base_of(path, variant, theirs), source, theirs)

    def _require_kept(self, versions: Sequence[Version]) -> None:
        """Refuse to take away a version with words that somebody has typed into its file and nobody has saved."""
        for each in versions:
            if not self._is_kept(each, self._parts.files.read(each.path)):
                raise RefusedError(
                    "Somebody has changed the other version in its file, and nothing else has these words.",
                    f"Put them into the entry with --take {each.name}, or change {each.path} back.",
                )

    def _is_kept(self, version: Version, there: bytes) -> bool:
        """Whether the history has what stands in a version's file, or is about to get it from a save that waits."""
        committed = self._parts.repository.committed(version.path)
        return is_same(committed, there) or any(there == save.content for save in self._parts.journal.pending())

    def _save(
        self,
        action: str,
        contested: Contested,
        content: bytes,
        versions: Sequence[Version],
        people: tuple[Person, ...],
    ) -> SavedEntry:
        files = self._parts.files
        beside = tuple(Beside(each.path, files.read(each.path), None) for each in versions)
        opened = contested.source if contested.entry is not None else None
        return self._capture.keep(action, contested.path, opened, content, beside, people)

    def _told(self, saved: SavedEntry, before: Contested, settled: Sequence[Version], words: str) -> SavedEntry:
        left = len(before.others) - len(settled)
        more = f". {_many(left)} still to be chosen from" if left else ""
        become = "" if saved.words == "Saved" else f". {saved.words}"
        return replace(saved, words=f"{words}{more}{become}")

    # Looking

    @property
    def _origins(self) -> Origins:
        return Origins(self._parts.repository, self._parts.journal)

    def entry_of(self, variant: str) -> str:
        """Return the path of the entry that a version belongs to; an entry that was moved is known by its id."""
        path = identity.variant_of(variant)
        if self._parts.files.stamp(path) is not None or not self._parts.index.is_usable():
            return path
        known = file_format.read(path, self._parts.files.read(variant)).id
        moved = [each for each in self._parts.index.called(known) if not identity.variant_of(each)]
        return moved[0] if len(moved) == 1 else path

    def _contested(self, path: str, variants: Sequence[str]) -> Contested:
        source = self._parts.files.read_if_there(path)
        entry = file_format.read(path, source) if source is not None else None
        others = tuple(self._version(path, source, variant) for variant in variants)
        typed = self._origins.typed(path, source) if source is not None else None
        return Contested(path, entry, source or b"", self._known(typed), typed.at if typed else None, others)

    def _version(self, path: str, source: bytes | None, variant: str) -> Version:
        content = self._parts.files.read(variant)
        taken = self._with(path, source, variant, content)
        other = file_format.read(path, taken)  # as the entry would be: with its own id, not that of the file
        typed = self._origins.typed(identity.variant_of(variant), content, variant)
        different = differences(file_format.read(path, source), other) if source is not None else ()
        name = variant.removesuffix(identity.VARIANT_SUFFIX).rpartition(".")[2]
        return Version(variant, name, self._known(typed), typed.at if typed else None, different, other)

    def _known(self, typed: Typed | None) -> Person | None:
        return self._parts.known_as(typed.person) if typed else None


def _many(number: int) -> str:
    return counted(number, "other version is", "other versions are")
