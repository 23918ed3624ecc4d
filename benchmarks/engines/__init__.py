"""The search engines that are measured, each behind the same few verbs. Loading one loads no other."""

from __future__ import annotations

import importlib

from benchmarks.engines.base import Engine

OWN = "kbtui"
"""The engine that all others are compared with."""

YARDSTICK, FAST_RIVAL = "FTS5", "tantivy"
"""The engines that SEARCH.md's targets name."""

_PLACES = {
    OWN: "own:Own",
    YARDSTICK: "fts5:Fts5",
    "FTS5 lean": "fts5:LeanFts5",
    FAST_RIVAL: "tantivy_rust:Tantivy",
    "ripgrep": "ripgrep:Ripgrep",
    "stock Whoosh": "stock_whoosh:StockWhoosh",
}
NAMES = tuple(_PLACES)


def kind_of(name: str) -> type[Engine]:
    """Return the class of the engine of that name."""
    module, attribute = _PLACES[name].split(":")
    found: type[Engine] = getattr(importlib.import_module(f"benchmarks.engines.{module}"), attribute)
    return found
