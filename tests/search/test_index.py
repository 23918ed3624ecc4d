"""The index as a cache: what is changed is visible at once, generations replace each other, nobody else's is opened."""

from __future__ import annotations

import os
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest

from kbtui.errors import BusyError, IndexTroubleError
from kbtui.search import catalogue, generation, generations
from kbtui.search.index import SearchIndex
from kbtui.store.files import Stamp
from tests.search.entries import STAMP, entries, entry, hits, indexed


def _generations(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "index").glob("gen-*"))


def test_an_update_is_visible_at_once(tmp_path: Path) -> None:
    with indexed(tmp_path, entries(["Where is my refund?"])) as index:
        assert hits(index, "voucher") == []
        index.apply([(entry("a0.md", "Where is my voucher?"), Stamp(2, 2))], [])
        assert hits(index, "voucher") == ["a0.md"]
        assert hits(index, "refund") == []
        assert index.stamps() == {"a0.md": Stamp(2, 2)}
        index.apply([(entry("b.md", "Another voucher"), STAMP)], [])
        assert sorted(hits(index, "voucher")) == ["a0.md", "b.md"]
        assert index.count() == 2


def test_a_deletion_is_visible_at_once(tmp_path: Path) -> None:
    with indexed(tmp_path, entries(["Where is my refund?", "How long does a refund take?"])) as index:
        index.apply([], ["a0.md", "never-there.md"])
        assert hits(index, "refund") == ["a1.md"]
        assert [card.path for card in index.all_cards()] == ["a1.md"]
        found = index.search("refund")
        assert found is not None
        assert found.total == 1


def test_many_updates_of_one_entry_leave_one_entry(tmp_path: Path) -> None:
    with indexed(tmp_path, entries(["Where is my refund?", "Other"])) as index:
        for number in range(30):
            index.apply([(entry("a0.md", f"Refund {number}th"), Stamp(number, 1))], [])
        assert hits(index, "refund") == ["a0.md"]
        assert hits(index, "28th") == []
        assert hits(index, "29th") == ["a0.md"]
        assert index.verify() == []


def test_an_empty_base_is_searched(tmp_path: Path) -> None:
    with indexed(tmp_path, []) as index:
        assert index.is_usable()
        assert hits(index, "anything") == []
        index.apply([(entry("a.md", "Anything?"), STAMP)], [])
        assert hits(index, "anything") == ["a.md"]


def test_an_index_that_was_never_built_says_so(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "index", "en")
    assert not index.is_usable()
    assert index.stamps() == {}
    with pytest.raises(IndexTroubleError, match="no search index yet"):
        index.search("x")
    assert index.verify()


def test_entries_are_called_by_id_path_or_the_beginning_of_an_id(tmp_path: Path) -> None:
    files = [entry("a.md", "A", id="abcd2222"), entry("b.md", "B", id="abce2222"), entry("c.md", "C", id="x_%y")]
    with indexed(tmp_path, files) as index:
        assert index.called("abcd2222") == ["a.md"]
        assert index.called("b.md") == ["b.md"]
        assert index.called("abcd") == ["a.md"]
        assert index.called("abc") == ["a.md", "b.md"]
        assert index.called("ab") == []
        assert index.called("___") == index.called("%%%") == index.called("") == []


def test_a_rebuild_switches_in_one_step_and_removes_what_was_before(tmp_path: Path) -> None:
    """SEARCH.md R11: `gen-N`, then `CURRENT`."""
    with indexed(tmp_path, entries(["Refund?"])) as index:
        first = _generations(tmp_path)
        seen: list[int] = []
        index.rebuild(((each, STAMP) for each in entries([f"Voucher {n}" for n in range(1100)])), seen.append)
        assert seen == [500, 1000]
        assert len(first) == len(_generations(tmp_path)) == 1
        assert _generations(tmp_path) != first
        assert (hits(index, "refund"), index.count()) == ([], 1100)


def test_a_rebuild_that_fails_leaves_the_index_that_was_there(tmp_path: Path) -> None:
    def broken() -> object:
        yield from ((each, STAMP) for each in entries(["Voucher?"]))
        raise RuntimeError("the disk")

    with indexed(tmp_path, entries(["Refund?"])) as index:
        with pytest.raises(RuntimeError):
            index.rebuild(broken())  # type: ignore[arg-type]
        assert hits(index, "refund") == ["a0.md"]
        index.rebuild((each, STAMP) for each in entries(["Third?"]))
        assert hits(index, "third") == ["a0.md"]
        assert len(_generations(tmp_path)) == 1


def test_the_folder_is_this_user_s_alone(tmp_path: Path) -> None:
    """SEARCH.md R10: a crafted index runs code."""
    with indexed(tmp_path, entries(["Refund?"])):
        for folder in (tmp_path / "index", *(tmp_path / "index").glob("gen-*")):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="this system has no owners of that kind")
def test_an_index_of_somebody_else_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SEARCH.md R10."""
    with indexed(tmp_path, entries(["Refund?"])):
        pass
    me = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: me + 1)
    with pytest.raises(IndexTroubleError, match="another user") as caught:
        SearchIndex(tmp_path / "index", "en")
    assert caught.value.hint


@pytest.mark.parametrize("what", ["language", "format"])
def test_an_index_of_another_language_or_format_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """SEARCH.md R7, R9."""
    with indexed(tmp_path, entries(["Rückerstattungen?"])):
        pass
    if what == "format":
        monkeypatch.setattr(generation, "FORMAT", generation.FORMAT + 1)
    other = SearchIndex(tmp_path / "index", "de" if what == "language" else "en")
    assert not other.is_usable()
    assert other.stamps() == {}
    other.rebuild((each, STAMP) for each in entries(["Rückerstattungen?"]))
    assert hits(other, "Rückerstattung") == ["a0.md"]
    other.close()


def test_a_search_nobody_waits_for_is_given_up(tmp_path: Path) -> None:
    """SEARCH.md 4: stale queries are dropped between two terms."""
    with indexed(tmp_path, entries(["Where is my refund?"])) as index:
        assert index.search("where is my refund", cancelled=lambda: True) is None
        asked: list[int] = []

        def after_two() -> bool:
            asked.append(1)
            return len(asked) == 2

        assert index.search("where is my refund", cancelled=after_two) is None
        assert len(asked) == 2
        assert hits(index, "refund") == ["a0.md"]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are counted in /proc")
def test_a_long_session_keeps_no_more_files_open(tmp_path: Path) -> None:
    """FAULTS 79, open files flat: https://github.com/gitpython-developers/GitPython/issues/718."""
    counts = []
    with indexed(tmp_path, entries(["Where is my refund?"])) as index:
        for number in range(45):
            index.apply([(entry("x.md", f"Refund {number}"), Stamp(number, 1))], [])
            assert len(hits(index, "refund")) == 2
            counts.append(len(list(Path("/proc/self/fd").iterdir())))
    assert max(counts[30:]) <= max(counts[:15]) + 5


def test_searching_and_changing_from_many_threads(tmp_path: Path) -> None:
    """Every method may be called from any thread; a reader sees one commit or another (R5)."""
    failures: list[BaseException] = []
    with indexed(tmp_path, entries([f"Refund {n}" for n in range(20)])) as index:

        def search() -> None:
            try:
                for _ in range(60):
                    assert len(hits(index, "refund", limit=100)) in (20, 21)
            except BaseException as error:  # noqa: BLE001 - it is handed to the test
                failures.append(error)

        readers = [threading.Thread(target=search) for _ in range(3)]
        for reader in readers:
            reader.start()
        for number in range(10):
            index.apply([(entry("x.md", f"Refund x{number}"), STAMP)], [])
        index.rebuild((each, STAMP) for each in entries([f"Refund {n}" for n in range(20)]))
        for reader in readers:
            reader.join()
    assert failures == []


def test_who_waits_too_long_for_the_index_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SEARCH.md R2: a second writer waits, with words instead of an empty message."""
    monkeypatch.setattr(generations, "_LOCK_SECONDS", 0.2)
    with indexed(tmp_path, entries(["Refund?"])) as index, generations.Generations(tmp_path / "index").locked():
        with pytest.raises(BusyError, match="Another kbtui"):
            index.apply([(entry("b.md", "B"), STAMP)], [])
        with pytest.raises(BusyError):
            index.rebuild([])
        assert hits(index, "refund") == ["a0.md"]


def test_verify_reads_every_byte(tmp_path: Path) -> None:
    """SEARCH.md R7: no checksums in Whoosh, so a manifest has them."""
    with indexed(tmp_path, entries(["Refund?"])) as index:
        index.apply([(entry("b.md", "Another refund"), STAMP)], [])
        assert index.verify() == []
        segment = next((tmp_path / "index").glob("gen-*/*.seg"))
        data = bytearray(segment.read_bytes())
        data[len(data) // 2] ^= 0xFF
        segment.write_bytes(bytes(data))
        assert any(segment.name in line for line in index.verify())


def test_the_stamps_of_all_files_are_read_without_their_cards(tmp_path: Path) -> None:
    """Every search in line mode reads them; ten thousand cards are megabytes."""
    query = catalogue._AFTER.format("path, size, mtime_ns", "card")
    with closing(catalogue.Catalogue(tmp_path / "catalogue.sqlite")) as rows:
        (*_, plan) = rows._database.execute(f"EXPLAIN QUERY PLAN {query}", ("", 1)).fetchone()
    assert "COVERING INDEX card_stamp" in plan
