"""Whether numpy is there to be used: it is loaded behind the first picture, by bases that are large enough.

Loading it takes as long as several searches (SEARCH.md, "Pointers"), so nobody ever waits for it.
"""

from __future__ import annotations

import sys

WORTH_LOADING = 2_000
"""Entries from which a base is searched in arrays."""

_ready = False


def load() -> bool:
    """Load numpy, and return whether it is there. It is not everywhere: without it nothing is missing but speed."""
    global _ready  # a module that another thread is still loading is in `sys.modules` already
    try:
        import numpy  # noqa: F401
    except ImportError:
        return False
    _ready = True
    return True


def is_loaded() -> bool:
    """Whether numpy can be used without waiting for it."""
    return _ready and "numpy" in sys.modules
