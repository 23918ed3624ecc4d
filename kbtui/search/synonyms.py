"""Words that mean the same to a team, from its kb.toml: a search for one finds the others, a little lower."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kbtui.search.analysis import Analyser, QueryWord

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
        members = {stems(analyser.query(member)): member for member in group}
        for words, member in members.items():
            more = tuple(other for other in members.values() if other != member)
            for key in (words, stems(analyser.query("".join(filter(str.isalnum, member))))):
                if 0 < len(key) <= MOST_WORDS and (key == words or " " not in member):
                    others[key] = tuple(dict.fromkeys((*others.get(key, ()), *more)))
    return others


def stems(words: Iterable[QueryWord]) -> tuple[str, ...]:
    """Return what is compared of the words of a search: `refunds` is `refund`."""
    return tuple(word.terms[0] for word in words)
