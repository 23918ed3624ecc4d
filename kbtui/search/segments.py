"""Whoosh's segments: which are merged, and how the newest commit is opened.

A change writes a segment of its own. Segments are merged by like sizes, eight at a time, so that an
entry is written again a few times in the life of a base and no save pays for the entries of many
others; Whoosh's own policy merges some with every second save.

Whoosh offers to take over open readers for segments that a new commit still has. It takes over those
that are gone as well, and does not look whether entries of a segment were deleted since: what was
there before went on being found. So readers are put together here.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kbtui.search.lean import TOC, EmptyReader, FileIndex, MultiReader, SegmentReader
from kbtui.search.settled import NEVER, State, settled

_ALIKE = 8
"""Segments of like sizes that are merged into one; like is within this factor."""

_TRIES, _PAUSE_S = 10, 0.05


class Newest:
    """The newest commit of an index, opened.

    Args:
        whoosh: the index.
        folder: where its segments are.
    """

    def __init__(self, whoosh: FileIndex, folder: Path) -> None:
        self._whoosh = whoosh
        self._folder = folder
        self._seen: State = NEVER
        self._commit = -1
        self._open: dict[str, tuple[frozenset[int], Any]] = {}
        self._reader: Any = None

    def reader(self) -> Any:
        """Return a reader over the newest commit, the same object until there is a newer one."""
        for _ in range(_TRIES):
            try:
                return self._looked_at()
            except FileNotFoundError:  # a commit has just removed what the one before it named
                time.sleep(_PAUSE_S)
        return self._looked_at()

    def _looked_at(self) -> Any:
        state = settled(self._folder)
        if self._reader is None or state == NEVER or state != self._seen:
            if self._reader is None or self._whoosh.latest_generation() != self._commit:
                self._reader = self._read()
            self._seen = state
        return self._reader

    def close(self) -> None:
        """Let go of every file."""
        for _, segment in self._open.values():
            segment.close()
        self._open, self._reader, self._commit = {}, None, -1

    def _read(self) -> Any:
        toc = TOC.read(self._whoosh.storage, self._whoosh.indexname, schema=self._whoosh._schema)  # noqa: SLF001
        before, self._open = self._open, {}
        try:
            for segment in toc.segments:
                name, deleted = segment.segment_id(), frozenset(segment.deleted_docs())
                known = before.get(name)
                if known is not None and known[0] == deleted:
                    self._open[name] = before.pop(name)
                else:
                    self._open[name] = deleted, SegmentReader(self._whoosh.storage, toc.schema, segment)
        finally:
            for _, reader in before.values():
                reader.close()
        leaves = [self._open[segment.segment_id()][1] for segment in toc.segments]
        self._commit = toc.generation
        return MultiReader(leaves) if leaves else EmptyReader(toc.schema)


def in_tiers(writer: Any, segments: list[Any]) -> list[Any]:
    """Merge segments into the one being written, where there are enough of like size; return those left alone.

    One of Whoosh's merge policies, for `SegmentWriter.commit`.
    """
    left = [segment for segment in segments if segment.doc_count()]
    while alike := _alike(left, writer.doc_count()):
        for segment in alike:
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
        left = [segment for segment in left if segment not in alike]
    return left


def _alike(segments: Iterable[Any], size: int) -> list[Any]:
    """Return the segments that are no larger by a factor than what is being written, if there are enough of them."""
    alike = [segment for segment in segments if segment.doc_count_all() < max(size, 1) * _ALIKE]
    return alike if len(alike) >= _ALIKE - 1 else []
