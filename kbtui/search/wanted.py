"""What a search wants beside its words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

_NOBODY: Mapping[str, str] = MappingProxyType({})
_NOTHING: Mapping[str, int] = MappingProxyType({})
"""The same ones for every search: what is worked out of them is kept by which object they are."""


class Wanted(NamedTuple):
    """The options of one search.

    Attributes:
        limit: how many rows.
        snippets: how many of them with a snippet.
        explain: whether each row says why it is there.
        me: the name of whoever searches, for `owner:me`; empty where nobody has said.
        today: the day, ISO, for `due:now`.
        proven: digests of the words that history or use stands for, by the path of their entry; an entry with
            these very words counts as validated.
        uses: how often entries have been used, by their ids, the most used first.
    """

    limit: int = 50
    snippets: int = 10
    explain: bool = False
    me: str = ""
    today: str = ""
    proven: Mapping[str, str] = _NOBODY
    uses: Mapping[str, int] = _NOTHING
