"""A process that writes an index until it is killed: `python -m tests.search.indexing_child ROOT apply|rebuild`.

It says "ready" on standard output when it begins. With a number after that it ends by itself after so many turns.
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from kbtui.entry.model import Entry
from kbtui.freshness import Freshness
from kbtui.store.files import Stamp
from tests.helpers import parts_of
from tests.search.entries import entry


def _entry(name: str, turn: int) -> tuple[Entry, Stamp]:
    return entry(f"turns/{name}.md", f"Turn {turn} of {name}", "refund " * 50), Stamp(turn, turn)


def main(root: Path, what: str, name: str, turns: int) -> None:
    """Write the index again and again."""
    parts = parts_of(root)
    index = parts.index
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for turn in itertools.islice(itertools.count(1), turns):
        if what == "rebuild":
            Freshness(parts.files, index).rebuild()
        else:
            index.apply([_entry(f"{name}{turn % 7}", turn)], [f"turns/{name}{(turn + 3) % 7}.md"])
    index.close()


if __name__ == "__main__":
    name, turns = (*sys.argv[3:], "x", "1000000")[:2] if len(sys.argv) < 5 else sys.argv[3:5]
    main(Path(sys.argv[1]), sys.argv[2], name, int(turns))
