"""The parts of Whoosh that make and read an index, without what they load and do not use for it.

A search in line mode would be over before all of that is read.

Whoosh imports `urllib.request` (and with it `http` and `email`) for one name that nothing of it uses,
`cached_property`, a package that imports `asyncio`, for what `functools` has, stemmers for analysers that
kbtui does not have, and more of that kind. While Whoosh is being loaded, stand-ins take their places: they know
the names that Whoosh takes from them, and pass on to the real module whatever else anybody asks of them, be it
Whoosh later or another thread in that moment.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
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


def _late(module: str, name: str) -> Callable[..., Any]:
    """Return a function that is looked up in its module when it is first called."""

    def called(*arguments: Any, **more: Any) -> Any:
        return getattr(import_module(module), name)(*arguments, **more)

    return called


_TAKEN = {
    "urllib.request": ("urlretrieve",),
    "shutil": ("copyfileobj",),
    "whoosh.lang.porter": ("stem",),
    "whoosh.lang.dmetaphone": ("double_metaphone",),
    "calendar": (),
    "queue": (),
    "random": (),
    "tempfile": (),
}
"""What is not loaded with Whoosh: the functions that it takes from each module; of the others it takes the module."""


@contextmanager
def _stand_ins() -> Iterator[None]:
    """Have the stand-ins in the places of modules that nobody has loaded yet."""
    late = (_StandIn(module, **{name: _late(module, name) for name in names}) for module, names in _TAKEN.items())
    stand_ins = (*late, _StandIn("cached_property", cached_property=functools.cached_property))
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
