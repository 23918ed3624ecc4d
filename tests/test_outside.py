"""What an editor, a pull or another window changes is noticed while the program runs (FAULTS 5)."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kbtui import outside
from kbtui.entry.model import NewEntry, Person
from kbtui.freshness import Freshness
from kbtui.outside import Outside
from kbtui.search.wanted import Wanted
from kbtui.store.files import EntryFiles
from tests.helpers import REFUND, git, opened, parts_of

TEXT = "---\nid: newone22\n---\n# Is there a loyalty card?\n\nYes.\n"


@pytest.fixture
def watched(base: Path) -> Outside:
    parts = parts_of(base)
    watching = Outside(parts.files, Freshness(parts.files, parts.index))
    watching.look()
    assert watching.look() == frozenset()
    return watching


def _in_place(file: Path) -> None:
    with file.open("a") as written:
        written.write("\nA line more.\n")


def _anew(file: Path) -> None:
    other = file.with_suffix(".tmp")
    other.write_text(file.read_text() + "\nA line more.\n")
    other.replace(file)


def test_a_new_file_is_noticed_and_found(base: Path, watched: Outside) -> None:
    (base / "orders" / "loyalty-card-newone22.md").write_text(TEXT)
    assert watched.look() == {"orders/loyalty-card-newone22.md"}
    with opened(base) as knowledge:
        found = knowledge.search("loyalty card", Wanted(limit=1))
    assert found is not None
    assert found.hits[0].card.id == "newone22"
    assert watched.look() == frozenset()


def test_a_file_in_a_new_folder_is_noticed(base: Path, watched: Outside) -> None:
    (base / "loyalty").mkdir()
    watched.look()
    (base / "loyalty" / "card-newone22.md").write_text(TEXT)
    assert watched.look() == {"loyalty/card-newone22.md"}


def test_a_file_that_goes_is_noticed(base: Path, watched: Outside) -> None:
    (base / REFUND).unlink()
    assert watched.look() == {REFUND}


@pytest.mark.parametrize("write", [_in_place, _anew])
def test_the_open_entry_is_noticed_however_it_is_written(
    base: Path, watched: Outside, write: Callable[[Path], None]
) -> None:
    assert watched.look(REFUND) == frozenset()
    write(base / REFUND)
    assert watched.look(REFUND) == {REFUND}
    assert watched.look(REFUND) == frozenset()


def test_what_is_written_in_place_elsewhere_is_found_by_and_by(
    base: Path, watched: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "_FULL_EVERY", 4)
    _in_place(base / REFUND)
    looks = [watched.look() for _ in range(4)]
    assert frozenset({REFUND}) in looks


def test_a_checkout_by_plain_git_is_noticed(base: Path, watched: Outside) -> None:
    before = (base / REFUND).read_bytes()
    git(base, "checkout", "-q", "-b", "other")
    _anew(base / REFUND)
    git(base, "commit", "-qam", "changed")
    assert watched.look() == {REFUND}
    git(base, "checkout", "-q", "-")
    assert (base / REFUND).read_bytes() == before
    assert watched.look() == {REFUND}


def test_what_another_kbtui_has_saved_and_indexed_is_noticed(base: Path, watched: Outside, person: Person) -> None:
    with opened(base) as other:
        saved = other.new(NewEntry("Is there a loyalty card?", "Yes."))
    assert watched.look() == {saved.entry.path}


def test_a_look_where_nothing_has_changed_reads_no_file(
    base: Path, watched: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EntryFiles, "scan", lambda _: pytest.fail("every file was looked at"))
    assert watched.look() == frozenset()
    os.utime(base / REFUND)  # in place: not seen before the next full look
    assert watched.look() == frozenset()
