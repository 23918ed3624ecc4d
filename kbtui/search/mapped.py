"""Segments read where they are, instead of copied whole when they are opened.

Whoosh maps a segment into memory and then copies every part of it: 130 MB at 100,000 entries,
in calls that let no other thread run, and again whenever an entry has changed. Read through a
window on the map, a segment is there at once, and other processes share its memory.
"""

from __future__ import annotations

import io
from collections.abc import Callable

from kbtui.search.lean import BufferFile, compound

_READ_AHEAD = 4_096


class _Window(io.RawIOBase):
    """Reads a part of a map as a file."""

    def __init__(self, part: memoryview) -> None:
        self._part = part
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # the one caller is BufferedReader
        some = self._part[self._at : self._at + len(buffer)]
        buffer[: len(some)] = some
        self._at += len(some)
        return len(some)

    def close(self) -> None:
        self._part.release()
        super().close()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: len(self._part)}[whence]
        self._at = max(begin + offset, 0)
        return self._at

    def tell(self) -> int:
        return self._at


class MappedFile(BufferFile):  # type: ignore[misc] # Whoosh has no types
    """One file inside a segment.

    Args:
        buf: its bytes.
        name: what it is called.
        onclose: told when it is closed.
    """

    def __init__(
        self, buf: memoryview, name: str | None = None, onclose: Callable[[MappedFile], object] | None = None
    ) -> None:
        self._buf = buf
        self._name = name
        self.file = io.BufferedReader(_Window(memoryview(buf)), _READ_AHEAD)
        self.onclose = onclose
        self.is_real = False
        self.is_closed = False

    def close(self) -> None:
        """Let go of the map, which is closed once nothing looks into it any more."""
        part = self._buf
        super().close()
        part.release()


def read_in_place() -> None:
    """Have Whoosh open segments so from now on."""
    compound.BufferFile = MappedFile
