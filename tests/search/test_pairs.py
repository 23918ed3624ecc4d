"""Likely twins, remembered: the same as comparing everything, and only what is new is compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui.search.index import SearchIndex
from kbtui.search.twins import nearest_others
from tests.search.entries import STAMP, entries, entry, indexed
from tests.search.test_similar import DIFFERENT

GIFT = entry("x.md", "Is a gift wrapped?")
GIFTS = entry("y.md", "Are gifts wrapped?")


def quietly(_done: int, _of: int) -> None:
    """Report nothing."""


def known(index: SearchIndex) -> set[tuple[str, str]]:
    return {pair[:2] for pair in index.likely_twins()}


def test_they_are_those_that_comparing_everything_finds(tmp_path: Path) -> None:
    files = [*entries(DIFFERENT), GIFT, GIFTS]
    with indexed(tmp_path, files) as index:
        assert index.likely_twins() == [], "nothing was compared yet"
        found = index.likely_twins(quietly)
        assert found == [(each.one.path, each.other.path, each.closeness) for each in index.duplicates()]
        assert found == index.likely_twins()
        assert known(index) == {("x.md", "y.md")}


def test_what_comes_changes_and_goes_is_followed(tmp_path: Path) -> None:
    with indexed(tmp_path, [*entries(DIFFERENT), GIFT]) as index:
        assert index.likely_twins(quietly) == []
        index.apply([(GIFTS, STAMP)], [])
        index.likely_twins(quietly)
        assert known(index) == {("x.md", "y.md")}
        index.apply([(entry("y.md", "Where do you ship to?"), STAMP)], [])
        index.likely_twins(quietly)
        assert ("x.md", "y.md") not in known(index)
        index.apply([(GIFTS, STAMP)], [])
        index.likely_twins(quietly)
        index.apply([(entry("x.md", "Is a gift wrapped?", state="archived"), STAMP)], [])
        index.likely_twins(quietly)
        assert known(index) == set()
        index.apply([(GIFT, STAMP)], [])
        index.likely_twins(quietly)
        index.apply([], ["y.md"])
        index.likely_twins(quietly)
        assert known(index) == set()


def test_only_what_is_new_is_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with indexed(tmp_path, [*entries(DIFFERENT), GIFT]) as index:
        index.likely_twins(quietly)
        compared: list[str] = []
        usual = nearest_others

        def spied(finder, card, meaning):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            compared.append(card.path)
            return usual(finder, card, meaning)

        monkeypatch.setattr("kbtui.search.pairs.nearest_others", spied)
        index.likely_twins(quietly)
        assert compared == []
        index.apply([(GIFTS, STAMP)], [])
        index.likely_twins(quietly)
        assert "y.md" in compared
        assert "x.md" in compared
        assert len(compared) < len(DIFFERENT)


def test_comparing_that_was_broken_off_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kbtui.search.pairs._FEW", 5)
    with indexed(tmp_path, [*entries(DIFFERENT), GIFT, GIFTS]) as index:

        def broken_off(done: int, of: int) -> None:
            if done > of // 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            index.likely_twins(broken_off)
        left: list[int] = []
        index.likely_twins(lambda _done, of: left.append(of))
        assert left[0] < len(DIFFERENT)
        assert ("x.md", "y.md") in known(index)


@pytest.mark.parametrize("damage", [b"", b"no database at all, but long enough to be taken for one" * 40])
def test_a_damaged_file_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    with indexed(tmp_path, [*entries(DIFFERENT), GIFT, GIFTS]) as index:
        index.likely_twins(quietly)
        (tmp_path / "index" / "pairs.sqlite").write_bytes(damage)
        assert index.likely_twins() == []
        index.likely_twins(quietly)
        assert known(index) == {("x.md", "y.md")}
