"""The ranking in arrays beside the one without: the same entries, in the same order, with the same scores."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from kbtui.entry.model import Entry
from kbtui.search import arrays, numpy_ready
from kbtui.search.analysis import QueryWord
from kbtui.search.forms import Form, Kind, Word
from kbtui.search.index import SearchIndex
from kbtui.search.schema import BEGINNINGS, WORDS
from kbtui.search.scorer import Ranking, rank
from kbtui.search.wanted import Wanted
from tests.data import data_or_skip
from tests.search.entries import STAMP, indexed
from tests.search.scale import scale_entries, scale_questions

pytest.importorskip("numpy")

_VOCABULARY = [f"w{number}x" for number in range(40)]


@pytest.fixture(scope="module")
def patchwork(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    """An index of several segments, with entries gone."""
    chance = random.Random(7)
    every = [_random_entry(number, chance) for number in range(600)]
    with indexed(tmp_path_factory.mktemp("patchwork"), every[:300]) as index:
        for place in range(300, 600, 100):
            index.apply([(each, STAMP) for each in every[place : place + 100]], [])
        index.apply([], [each.path for each in every[::9]])
        yield index


def _random_entry(number: int, chance: random.Random) -> Entry:
    words = [_VOCABULARY[min(int(chance.expovariate(0.15)), 39)] for _ in range(chance.randint(3, 40))]
    return Entry(f"r{number}.md", f"r{number}", " ".join(words[:4]), plain=" ".join(words[4:]))


def _random_words(chance: random.Random) -> list[Word]:
    return [_random_word(chance) for _ in range(chance.randint(1, 7))]


def _random_word(chance: random.Random) -> Word:
    """Return a word as it may be typed: with one form or several, of one term or two, said by nobody, or a filler."""
    own = chance.choice([*_VOCABULARY, "nobody"])
    forms = [Form((own,), Kind.WORD, 1.0)] if own != "nobody" else []
    for _ in range(chance.choice([0, 0, 0, 1, 2])):
        some = chance.choice(
            [
                Form(tuple(chance.sample(_VOCABULARY, 2)), Kind.SPLIT, 0.9),
                Form((chance.choice(_VOCABULARY),), Kind.SYNONYM, 0.5),
                Form((chance.choice(_VOCABULARY)[:2],), Kind.BEGINNING, 0.6, BEGINNINGS),
            ]
        )
        forms.append(some)
    is_filler = chance.random() < 0.3
    return Word(QueryWord(own, (own,), "", is_filler, is_filler and chance.random() < 0.7), tuple(forms))


def test_the_same_as_without_arrays_whatever_is_asked(patchwork: SearchIndex) -> None:
    with patchwork._finding() as finder:
        view = finder.view
        assert len(view.segments) > 1
        assert view.deleted
        beside = arrays.Arrays(view)
        for seed in range(600):
            chance = random.Random(seed)
            words, limit = _random_words(chance), chance.choice([1, 5, 20, 700])
            some = [frozenset(chance.sample(range(view.size), chance.choice([0, 5, 60, 300]))) for _ in range(3)]
            among = some[1] if chance.random() < 0.4 else None
            asked = (limit, some[0], among, lambda: False, some[2])
            _assert_same(rank(view, words, *asked), beside.rank(words, *asked), seed)


def _assert_same(one: Ranking | None, other: Ranking | None, seed: int) -> None:
    assert one is not None
    assert other is not None
    assert other.best == one.best, seed
    assert (other.total, other.best_possible) == (one.total, one.best_possible), seed
    documents = [document for document, _ in one.best]
    assert [each in other.complete for each in documents] == [each in one.complete for each in documents], seed


def test_one_who_does_not_wait_any_more_gets_nothing(patchwork: SearchIndex) -> None:
    with patchwork._finding() as finder:
        words = [Word(QueryWord("w1x", ("w1x",)), (Form(("w1x",), Kind.WORD, 1.0, WORDS),))]
        assert arrays.Arrays(finder.view).rank(words, 5, cancelled=lambda: True) is None


def test_a_search_shows_the_same_rows_with_arrays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From what real customers type, over real manuals, to the marks in the rows."""
    scale = data_or_skip("scale")
    with indexed(tmp_path, scale_entries(scale, numpy_ready.WORTH_LOADING)) as index:
        questions = scale_questions(scale, 150)
        asked = [*questions, *(" ".join(question.split()[:3])[:-1] for question in questions)]
        monkeypatch.setattr(numpy_ready, "is_loaded", lambda: False)
        without = [index.search(text, Wanted(limit=20, snippets=20)) for text in asked]
        assert numpy_ready.load()
        monkeypatch.undo()
        assert numpy_ready.is_loaded()
        assert [index.search(text, Wanted(limit=20, snippets=20)) for text in asked] == without


def test_numpy_is_loaded_for_a_large_base_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    monkeypatch.setattr(numpy_ready, "load", lambda: loaded.append("numpy"))
    with indexed(tmp_path, [Entry("a.md", "a", "Where is it?")]) as index:
        index.warm()
        assert not loaded
        monkeypatch.setattr(numpy_ready, "WORTH_LOADING", 1)
        index.warm()
        assert loaded
