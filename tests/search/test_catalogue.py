"""Rows that are read again and again are read once, and never longer than they are true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kbtui.search import catalogue
from kbtui.search.catalogue import Catalogue, Row
from kbtui.store.files import Stamp
from tests.search.entries import entry


def _row(number: int, words: str) -> Row:
    made = entry(f"a{number}.md", f"Question {number}?", words)
    return Row(made, Stamp(1, 1), (), words, frozenset())


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Catalogue]:
    opened = Catalogue(tmp_path / "catalogue.sqlite")
    opened.replace([_row(number, f"Answer {number}.") for number in range(30)], [])
    yield opened
    opened.close()


def test_what_another_writes_is_read(rows: Catalogue, tmp_path: Path) -> None:
    assert rows.texts(["a1.md"]) == {"a1.md": "Answer 1."}
    assert rows.cards(["a1.md", "none.md"]).keys() == {"a1.md"}
    other = Catalogue(tmp_path / "catalogue.sqlite")
    other.replace([_row(1, "Another answer.")], ["a2.md"])
    assert rows.texts(["a1.md", "a2.md"]) == {"a1.md": "Another answer."}
    assert rows.cards(["a1.md", "a2.md"])["a1.md"].excerpt == "Another answer."
    assert "a2.md" not in rows.cards(["a2.md"])
    other.close()


def test_what_is_kept_has_a_limit(rows: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "_MOST_CARDS", 8)
    monkeypatch.setattr(catalogue, "_MOST_CHARACTERS", 50)
    for number in range(30):
        path = f"a{number}.md"
        assert rows.cards([path])[path].question == f"Question {number}?"
        assert rows.texts([path])[path] == f"Answer {number}."
        assert len(rows._known.cards) <= 9
        assert rows._known.characters == sum(map(len, rows._known.texts.values())) <= 61


def test_lists_of_many_are_not_kept(rows: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "_AT_ONCE", 10)
    paths = [f"a{number}.md" for number in range(30)]
    assert len(rows.cards(paths)) == len(rows.texts(paths)) == 30
    assert not rows._known.cards
    assert not rows._known.texts
