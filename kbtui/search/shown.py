"""What makes rows of what was found: marks, snippets, reasons. Only for the rows that are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kbtui.search.analysis import Analyser
from kbtui.search.candidates import Candidate
from kbtui.search.catalogue import Catalogue
from kbtui.search.forms import Kind, Word
from kbtui.search.passage import EMPTY
from kbtui.search.postings import View
from kbtui.search.result import Hit, Marked, Reason, SearchResult
from kbtui.search.schema import WORDS
from kbtui.search.scorer import WordScores
from kbtui.search.snippets import Marker

_NO_LINE = Marked("")

_GUESSES = (Kind.SPELLING, Kind.PART, Kind.SPLIT, Kind.JOINED)


class Found(NamedTuple):
    """An entry on its way to become a row.

    Attributes:
        entry: what is known of it.
        document: its number in the index.
        score: its closeness to the search, 0 to 1.
        replaces: the question of an archived entry that led here, or empty.
    """

    entry: Candidate
    document: int
    score: float
    is_exact: bool
    has_code: bool
    has_all: bool
    replaces: str = ""


class Shown:
    """Shows the rows of one search.

    Args:
        view: the postings.
        catalogue: the texts.
        analyser: how text becomes terms.
        words: the words searched, with their forms.
        languages: those of the entries.
    """

    def __init__(
        self, view: View, catalogue: Catalogue, analyser: Analyser, words: Sequence[Word], languages: Sequence[str]
    ) -> None:
        self._view = view
        self._catalogue = catalogue
        self._analyser = analyser
        self._words = words
        self._languages = languages
        self._marker = Marker(analyser, words, languages)

    def result(self, found: Sequence[Found], total: int, snippets: int, *, explain: bool) -> SearchResult:
        """Return the rows, the first `snippets` with a snippet, and with reasons where they are wanted."""
        known = self._catalogue.passages([each.entry.path for each in found[:snippets]])
        bodies = [known.get(each.entry.path, EMPTY) for each in found[:snippets]]
        marks = self._marker.marks([*(each.entry.question for each in found), *bodies])
        lines = [*map(self._marker.line, bodies, marks[len(found) :]), *[_NO_LINE] * (len(found) - len(bodies))]
        scores = [WordScores(self._view, word) for word in self._words] if explain else []
        rows = [
            Hit(
                each.entry.card,
                round(each.score, 4),
                each.has_all or each.is_exact,
                each.is_exact,
                tuple(in_question),
                line,
                _reasons(scores, each.document) if explain else (),
                each.replaces,
            )
            for each, in_question, line in zip(found, marks, lines, strict=False)
        ]
        return SearchResult(tuple(rows), total, tuple(self._read_as(rows)))

    def _read_as(self, rows: Sequence[Hit]) -> list[tuple[str, str]]:
        """Return words that were guessed, each with the word of the first row that it led to."""
        pairs = []
        for word in self._words:
            if word.forms and all(form.kind in _GUESSES for form in word.forms):
                meant = self._word_of(rows, word)
                pairs += [(word.typed.text, meant)] if meant else []
        return pairs

    def _word_of(self, rows: Sequence[Hit], word: Word) -> str:
        marker = Marker(self._analyser, [word], self._languages)
        for row in rows[:3]:
            for text, marks in ((row.card.question, row.marks), (row.snippet.text, row.snippet.marks)):
                for start, end in marks:
                    if marker.is_meant(text[start:end]):
                        return text[start:end].lower()
        return ""


def _reasons(scores: Sequence[WordScores], document: int) -> tuple[Reason, ...]:
    found = [(score, score.forms_in(document)) for score in scores]
    return tuple(
        Reason(
            score.word.typed.text,
            " ".join(forms[0].terms) + ("" if forms[0].field == WORDS else "…"),
            forms[0].kind.value,
            round(score.of(document), 2),
        )
        for score, forms in found
        if forms
    )
