"""The facade's verbs about versions: which entries have more than one, and choosing between them (F52)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kbtui.entry.identity import variant_of
from kbtui.entry.model import EntryChange
from kbtui.entry.text import one_line
from kbtui.errors import NoSuchEntryError, RefusedError
from kbtui.parts import Parts

if TYPE_CHECKING:
    from kbtui.verbs.capture import Capture, SavedEntry
    from kbtui.verbs.choosing import Choosing, Contested, Version


class VariantVerbs(ABC):
    """The verbs, over what the facade knows of entries."""

    _parts: Parts

    @abstractmethod
    def _path(self, name: str) -> str: ...

    @property
    @abstractmethod
    def _capture(self) -> Capture: ...

    @property
    def _choosing(self) -> Choosing:
        from kbtui.verbs.choosing import Choosing

        return Choosing(self._parts, self._capture)

    def variants(self) -> list[Contested]:
        """Return every entry of which more than one version is kept."""
        return self._choosing.all()

    def has_versions(self, path: str) -> bool:
        """Whether more than one version is kept of the entry at `path`, or the file there is one of several."""
        return bool(variant_of(path) or self._parts.files.variants_of(path))

    def versions(self, path: str) -> Contested | None:
        """Return the entry at `path` with its other versions; None where there is one version only.

        Args:
            path: the entry's file, or that of one of its versions.
        """
        return self._choosing.of(self._choosing.entry_of(path) if variant_of(path) else path)

    def contested(self, name: str) -> Contested:
        """Return the contested entry that an id, a path or the name of a version stands for.

        Raises:
            NoSuchEntryError: no entry and no version goes by that name.
            RefusedError: there is only one version of it.
        """
        found = self._choosing.called(one_line(name)) or self._choosing.called(self._path(name))
        if found is None:
            raise RefusedError("There is only one version of this entry.", "Those with more: kbtui variants")
        return found

    def keep_version(self, contested: Contested, versions: Sequence[Version]) -> SavedEntry:
        """Leave the entry as it stands; the other versions given go."""
        return self._choosing.keep(contested, versions)

    def take_version(self, contested: Contested, version: Version) -> SavedEntry:
        """Put another version into the entry; what only the entry has changed stays."""
        return self._choosing.take(contested, version)

    def combine_versions(self, contested: Contested, text: str, versions: Sequence[Version]) -> SavedEntry:
        """Put a text of one's own into the entry instead of the versions given: its answer, or its whole file."""
        return self._choosing.combine(contested, self._choosing.with_text(contested, text), versions)

    def settle_versions(self, path: str, wanted: EntryChange, opened: bytes, settled: Sequence[str]) -> SavedEntry:
        """Change an entry in place of other versions of it, as a form does.

        Args:
            path: the entry's file.
            wanted: what is to be different from `opened`.
            opened: the version the person was looking at.
            settled: the files of the versions that go; one that is gone already is no matter.
        """
        from dataclasses import replace

        from kbtui.entry import file_format

        contested = self._choosing.of(path)
        versions = [each for each in contested.others if each.path in settled] if contested else []
        if contested is None or not versions:
            return self._capture.change(path, wanted, opened)
        entry = file_format.read(path, opened)
        content = file_format.change(opened, wanted)
        return self._choosing.combine(replace(contested, source=opened, entry=entry), content, versions)


def version_called(contested: Contested, name: str) -> Version:
    """Return the version that a name, the beginning of one, or a path stands for.

    Raises:
        NoSuchEntryError: none of the entry's does, or several do.
    """
    wanted = one_line(name)
    found = [each for each in contested.others if each.path == wanted or (wanted and each.name.startswith(wanted))]
    if len(found) != 1:
        names = ", ".join(each.name for each in contested.others)
        raise NoSuchEntryError(f"No version of this entry is called {wanted!r}.", f"Its versions: {names}.")
    return found[0]
