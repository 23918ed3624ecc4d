"""What stands for a word of a search: itself, its beginning, a part of a longer word, a likely misspelling.

A form is worth less the further it is from what was typed.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

from kbtui.search.analysis import QueryWord
from kbtui.search.postings import View
from kbtui.search.schema import WORDS


class Kind(StrEnum):
    """How a form relates to the word typed; the value is how `--explain` says it."""

    WORD = "the word"
    BEGINNING = "its beginning"
    PART = "part of a word"
    JOINED = "in one word"
    SPLIT = "in two words"
    SYNONYM = "another word for it"
    SPELLING = "nearly the same spelling"


_WEIGHTS = {
    Kind.WORD: 1.0,
    Kind.BEGINNING: 0.6,
    Kind.JOINED: 0.9,
    Kind.SPLIT: 0.9,
    Kind.SYNONYM: 0.5,
    Kind.PART: 0.45,
    Kind.SPELLING: 0.7,
}


class Form(NamedTuple):
    """Terms that together stand for a word.

    Attributes:
        terms: an entry needs all of them.
        field: where they are looked for.
        weight: what they are worth beside the word itself, up to 1.
    """

    terms: tuple[str, ...]
    kind: Kind
    weight: float
    field: str = WORDS


class Word(NamedTuple):
    """A word of a search and everything that stands for it, the most certain first."""

    typed: QueryWord
    forms: tuple[Form, ...] = ()

    def also(self, forms: Collection[Form]) -> Word:
        """Return the word with more forms."""
        return self._replace(forms=(*self.forms, *forms)) if forms else self


def form(kind: Kind, *terms: str, share: float = 1.0, where: str = WORDS) -> Form:
    """Return a form with the weight of its kind, times `share`."""
    return Form(terms, kind, _WEIGHTS[kind] * share, where)


def frequency(view: View, form: Form) -> int:
    """Return how many entries have the rarest term of a form now."""
    return min(view.frequency(form.field, term) for term in form.terms)
