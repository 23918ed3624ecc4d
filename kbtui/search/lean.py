"""The parts of Whoosh that make and read an index, without what they load and never use.

A search in line mode would be over before all of that is read.

Whoosh imports `urllib.request` (and with it `http` and `email`) for one name that nothing of it uses,
and `cached_property`, a package that imports `asyncio`, for what `functools` has. While Whoosh is being
loaded, stand-ins take their places: they know the one name, and pass on to the real module whatever
else anybody asks of them, should another thread import it in that moment.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


class _StandIn(ModuleType):
    """A module that is loaded once somebody wants more of it than the names given."""

    def __init__(self, name: str, **names: object) -> None:
        super().__init__(name)
        self.__dict__.update(names)

    def __getattr__(self, wanted: str) -> Any:
        if wanted.startswith("__"):  # what the import machinery asks of every module
            raise AttributeError(wanted)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), wanted)


def _urlretrieve(*arguments: Any, **more: Any) -> Any:
    return import_module("urllib.request").urlretrieve(*arguments, **more)


@contextmanager
def _stand_ins() -> Iterator[None]:
    """Have the stand-ins in the places of modules that nobody has loaded yet."""
    stand_ins = (
        _StandIn("urllib.request", urlretrieve=_urlretrieve),
        _StandIn("cached_property", cached_property=functools.cached_property),
    )
    placed = [each for each in stand_ins if sys.modules.setdefault(each.__name__, each) is each]
    try:
        yield
    finally:
        for each in placed:
            if sys.modules.get(each.__name__) is each:
                del sys.modules[each.__name__]


with _stand_ins():
    from whoosh import fields, formats
    from whoosh.codec.whoosh3 import W3Codec
    from whoosh.filedb import compound
    from whoosh.filedb.filestore import FileStorage
    from whoosh.filedb.structfile import BufferFile
    from whoosh.index import TOC, FileIndex
    from whoosh.reading import EmptyReader, MultiReader, SegmentReader

__all__ = [
    "TOC",
    "BufferFile",
    "EmptyReader",
    "FileIndex",
    "FileStorage",
    "MultiReader",
    "SegmentReader",
    "W3Codec",
    "compound",
    "fields",
    "formats",
]
