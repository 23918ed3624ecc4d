"""No typed text can break the search, or mean anything but words (F4, SEARCH.md 5)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtui.search.index import SearchIndex
from kbtui.search.wanted import Wanted
from tests.search.entries import entry, hits, indexed

ODD = [
    *("", " ", "\n\t", "*", "?", "**", "a*", "*a", "r?f", "title:card", "path:a.md", "words:card", "card OR", "OR"),
    *(
        "AND card",
        "NOT card",
        "card AND NOT",
        "(",
        ")",
        "(card",
        '"',
        '"card',
        "'",
        "''",
        "card~2",
        "card^9",
        "[a TO z]",
    ),
    *(
        "{a TO",
        "\\",
        "\\\\",
        "/",
        "//",
        "%",
        "_",
        "%card%",
        "--",
        "-card",
        "+card",
        "&&",
        "||",
        "!",
        "@#$",
        "<card>",
        "$1",
    ),
    *(
        "\x00",
        "card\x00card",
        "\ud800",
        "card\udfff",
        "\ufffd",
        "\ufeff",
        "\u202ecard",
        "\x1b[31m",
        "\u200b",
        "é",
        "e\u0301",
    ),
    *(
        "x" * 10_000,
        "card " * 10_000,
        "*" * 10_000,
        "(" * 10_000,
        "\u0301" * 1000,
        "ﷺ" * 300,
        "㌀" * 300,
        "ǅ",
        "İ",
        "ß" * 300,
    ),
    *("👩‍👩‍👧‍👧", "🇫🇷", "١٢٣", "½", "²", "Ⅷ", "漢", "漢" * 500, "a" + "'" * 500 + "b", "a-" * 500, "c" + "+" * 500),
    *(
        "'; DROP TABLE card; --",
        "' OR 1=1",
        "../../etc/passwd",
        "${HOME}",
        "`id`",
        "NULL",
        "None",
        "nan",
        "-1",
        "1e999",
    ),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    files = [
        entry("a.md", "Which card can I use?", "Any card."),
        entry("b.md", "漢字 ßtraße 123 OR title"),
        entry("c.md", "?"),
    ]
    with indexed(tmp_path_factory.mktemp("any"), files) as it:
        yield it


@pytest.mark.parametrize("text", ODD, ids=lambda text: ascii(text)[:30])
def test_an_odd_text_is_searched_like_any_other(index: SearchIndex, text: str) -> None:
    started = time.monotonic()
    found = index.search(text)
    assert found is not None
    assert found.total >= len(found.hits)
    assert time.monotonic() - started < 20


@settings(max_examples=250, deadline=None)
@given(text=st.text(st.characters(exclude_categories=()), max_size=300), limit=st.integers(1, 50))
def test_any_text_is_searched(index: SearchIndex, text: str, limit: int) -> None:
    found = index.search(text, Wanted(limit=limit))
    assert found is not None
    assert len(found.hits) <= limit


@pytest.mark.parametrize(
    "text", ["card*", "title:card", "card OR", '"card', "card AND", "(card", "words:card", "-card"]
)
def test_signs_of_other_search_languages_are_nothing_but_signs(index: SearchIndex, text: str) -> None:
    assert "a.md" in hits(index, text)


def test_a_star_is_not_everything(index: SearchIndex) -> None:
    assert hits(index, "*") == []
    assert hits(index, "path:*") == []


@settings(max_examples=30, deadline=None)
@given(texts=st.lists(st.text(st.characters(codec="utf-8"), max_size=40), min_size=1, max_size=4))
def test_any_text_can_be_indexed(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    files = [entry(f"a{number}.md", text, text) for number, text in enumerate(texts)]
    with indexed(tmp_path_factory.mktemp("texts"), files) as index:
        assert index.count() == len(texts)
        assert [card.path for card in index.all_cards()] == [each.path for each in files]
        for each in files:
            wanted = hits(index, each.question)
            assert each.path in wanted or not index._analyser.query(each.question)


def test_the_search_of_a_path_that_nobody_could_write(tmp_path: Path) -> None:
    """An id or a path is asked for with whatever was typed: bytes that are no text name no entry."""
    with indexed(tmp_path, [entry("a.md", "Card?")]) as index:
        for name in ("\udcff", "a\0b", "%", "___", "a.md' OR '1'='1", "x" * 10_000):
            assert index.called(name) == []
