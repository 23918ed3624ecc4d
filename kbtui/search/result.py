"""What a search finds: values that every door shows. Loading them loads nothing else."""

from __future__ import annotations

from typing import NamedTuple

from kbtui.entry.card import Card

Mark = tuple[int, int]
"""Where a marked word begins and ends, in characters."""


class Marked(NamedTuple):
    """A text and the places in it that answer a search."""

    text: str
    marks: tuple[Mark, ...] = ()

    def after(self, words: str) -> Marked:
        """Return the text behind other words, which are not marked."""
        return Marked(words + self.text, tuple((start + len(words), end + len(words)) for start, end in self.marks))


class Reason(NamedTuple):
    """Why an entry was found: a word as it was typed, what it was found by, and what that is worth.

    Attributes:
        found: the form that the entry has, such as a spelling or a part of a word; terms are stems.
        how: how the form relates to the word, in plain words.
        points: what it adds to BM25's score.
    """

    word: str
    found: str
    how: str
    points: float


class Hit(NamedTuple):
    """One row of a search's results.

    Attributes:
        score: how close the entry is to the words, 0 to 1; comparable between searches of one base.
        has_all: whether every word that matters is in the entry.
        is_exact: whether these are the words of its question, or of a phrasing of it.
        marks: what to mark in the question.
        snippet: where the words stand in the answer; empty beyond the first rows.
        reasons: word by word; empty unless asked for.
        replaces: the question of an archived entry that led here, or empty.
        decided: what the entry's authority card says to the search, as one sentence, or empty (F26).
        used: how often the entry was used, ever.
        used_this_week: how often within the last seven days.
        waiting: callers who wait for an answer, where it is an open question.
        flags: complaints that nobody has closed.
    """

    card: Card
    score: float
    has_all: bool
    is_exact: bool = False
    marks: tuple[Mark, ...] = ()
    snippet: Marked = Marked("")
    reasons: tuple[Reason, ...] = ()
    replaces: str = ""
    decided: str = ""
    used: int = 0
    used_this_week: int = 0
    waiting: int = 0
    flags: int = 0
    is_contested: bool = False


class SearchResult(NamedTuple):
    """The best hits, best first.

    Attributes:
        total: how many entries have any of the words that matter.
        read_as: words typed that the base does not know, each with what was looked for instead.
    """

    hits: tuple[Hit, ...]
    total: int
    read_as: tuple[tuple[str, str], ...] = ()

    @property
    def fits(self) -> bool:
        """Whether something of it has every word that matters.

        Where nothing has, what was found is about something else as often as not: nothing useful (F11). Both doors
        then offer to ask the team, and a search that led to nothing counts as one that found nothing (F43).
        """
        return any(hit.has_all for hit in self.hits)


class Similar(NamedTuple):
    """An entry whose question is near to a text.

    Attributes:
        closeness: 0 to 1, as the score of a search.
        is_close: whether it is closer than different questions of this base are to each other.
    """

    card: Card
    closeness: float
    is_close: bool


class Twins(NamedTuple):
    """Two entries that may be one."""

    one: Card
    other: Card
    closeness: float
