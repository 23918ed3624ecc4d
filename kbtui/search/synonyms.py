"""Words that mean the same to a team, from its kb.toml: a search for one finds the others, a little lower."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kbtui.search.analysis import Analyser

MOST_WORDS = 4
"""Words of the longest synonym."""


def grouped(groups: Iterable[Sequence[str]], analyser: Analyser) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return, by the words of each member of a group as a search has them, the other members.

    Args:
        groups: such as `["refund", "money back"]`; members of more than four words are left out.
        analyser: how a search is cut into words.
    """
    others: dict[tuple[str, ...], tuple[str, ...]] = {}
    for group in groups:
        members = {tuple(word.text for word in analyser.query(member)): member for member in group}
        for words in members:
            if 0 < len(words) <= MOST_WORDS:
                more = tuple(member for key, member in members.items() if key != words)
                others[words] = tuple(dict.fromkeys((*others.get(words, ()), *more)))
    return others
