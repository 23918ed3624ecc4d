"""What somebody took back, and what they brought back after that: which events still count. Pure.

Nothing is ever deleted: to take an event back is an event that names it, and to bring it back is one that names
that. Only the one who noted something can take it back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

Named = tuple[str, str]
"""An event's id, and who noted it (`Person.key`)."""


def void(taking: Mapping[Named, Sequence[Named]]) -> set[Named]:
    """Return everything that is taken back in the end.

    Events that name each other in a circle, which kbtui never writes, take nothing back.

    Args:
        taking: by each event that takes back, what it names.
    """
    open_ones = Counter(each for named in taking.values() for each in named if each in taking)
    ready = [each for each in taking if not open_ones[each]]
    gone: set[Named] = set()
    while ready:
        last = ready.pop()
        for each in taking[last]:
            if last not in gone:
                gone.add(each)
            open_ones[each] -= 1
            if each in taking and not open_ones[each]:
                ready.append(each)
    return gone
