"""The journal keeps every byte of every save, in order, through every kind of end."""

from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbtui.entry.model import Person
from kbtui.errors import NotSavedError
from kbtui.store.journal import Journal
from tests.helpers import record, run_python

_KILLED_AFTER_KEEPING = """
import os, sys
from pathlib import Path
from kbtui.store.journal import Journal
from tests.helpers import record
Journal(Path(sys.argv[1])).keep(record("a.md", b"two hundred words", save_id="kept"))
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal")


def test_an_empty_journal_makes_no_folder(journal: Journal, tmp_path: Path) -> None:
    assert journal.pending() == []
    assert not (tmp_path / "journal").exists()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200), base=st.none() | st.binary(max_size=200), name=st.text(min_size=1, max_size=20))
def test_every_byte_comes_back(tmp_path: Path, content: bytes, base: bytes | None, name: str) -> None:
    journal = Journal(tmp_path / "journal")
    kept = record("a/b.md", content, base, person=Person(name, "a@b"))
    journal.keep(kept)
    assert journal.pending() == [kept]
    journal.finish(kept)
    assert journal.pending() == []


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"\x00", b"a\r\nb\n\r", b"\xed\xa0\x80", "\u2028é\ufeff".encode()]
)
def test_bytes_that_are_no_text_and_odd_line_ends_are_kept(journal: Journal, content: bytes) -> None:
    journal.keep(record("a.md", content, content))
    again = journal.pending()[0]
    assert (again.content, again.base) == (content, content)


def test_a_new_file_differs_from_one_that_was_empty(journal: Journal) -> None:
    journal.keep(record("a.md", b"x", None, sequence=1))
    journal.keep(record("a.md", b"x", b"", sequence=2))
    assert [each.base for each in journal.pending()] == [None, b""]


def test_records_come_back_in_the_order_in_which_they_were_saved(journal: Journal) -> None:
    for sequence in (30, 4, 1000, 200):
        journal.keep(record("a.md", str(sequence).encode(), sequence=sequence))
    assert [each.sequence for each in journal.pending()] == [4, 30, 200, 1000]


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"null", b"[]", b"{}", b"\xff\xfe\x00", b'{"content": 1, "person": {}}', "cut"]
)
def test_a_damaged_record_is_set_aside_and_hides_no_other(
    journal: Journal, tmp_path: Path, damage: bytes | str
) -> None:
    """FAULTS 2: what a crash leaves is never thrown away and never stops the others."""
    for number in (1, 2, 3):
        journal.keep(record("a.md", b"words %d" % number, sequence=number))
    files = sorted((tmp_path / "journal").iterdir())
    broken = files[1].read_bytes()[:-40] if isinstance(damage, str) else damage
    files[1].write_bytes(broken)
    assert [each.content for each in journal.pending()] == [b"words 1", b"words 3"]
    aside = [path for path in (tmp_path / "journal").iterdir() if path.suffix != ".json"]
    assert [path.read_bytes() for path in aside] == [broken]
    assert len(journal.pending()) == 2


def test_the_mark_that_the_folder_has_the_bytes_is_kept(journal: Journal) -> None:
    kept = record("a.md", b"words")
    journal.keep(kept)
    marked = journal.mark_written(kept, b"merged")
    assert marked.written == b"merged"
    assert journal.pending() == [marked]
    assert journal.is_pending(kept)
    journal.finish(marked)
    assert not journal.is_pending(kept)
    journal.finish(marked)


def test_a_person_can_read_the_words_by_eye(journal: Journal, tmp_path: Path) -> None:
    journal.keep(record("a.md", "Où est mon colis ?".encode()))
    assert "Où est mon colis ?" in next((tmp_path / "journal").iterdir()).read_text("utf-8")


def test_temporary_files_and_strangers_are_no_records(journal: Journal, tmp_path: Path) -> None:
    journal.keep(record("a.md", b"words"))
    (tmp_path / "journal" / ".kbtui-1.tmp").write_bytes(b"half")
    (tmp_path / "journal" / "notes.txt").write_bytes(b"mine")
    assert len(journal.pending()) == 1
    assert (tmp_path / "journal" / "notes.txt").exists()


def test_a_record_is_on_the_disk_before_the_save_is_acknowledged(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAULTS 2: https://git-scm.com/docs/git-config#Documentation/git-config.txt-corefsync."""
    forced: list[tuple[bool, int]] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        status = os.fstat(descriptor)
        forced.append((stat.S_ISDIR(status.st_mode), status.st_ino))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    journal.keep(record("a.md", b"words"))
    file = next((tmp_path / "journal").glob("*.json"))
    assert forced == [(False, file.stat().st_ino), (True, (tmp_path / "journal").stat().st_ino)]


def test_a_full_disk_is_not_an_acknowledged_save(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAULTS 4, the journal's disk is full: https://github.com/web-platform-tests/wpt.live/issues/37."""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(NotSavedError, match="this disk is full"):
            journal.keep(record("a.md", b"words"))
    assert journal.pending() == []
    assert list((tmp_path / "journal").iterdir()) == []


def test_a_kept_record_outlives_the_process(journal: Journal, tmp_path: Path) -> None:
    """FAULTS 1, 2: nothing is needed from the process that kept it."""
    ended = run_python("-c", _KILLED_AFTER_KEEPING, str(tmp_path / "journal"))
    assert ended.returncode == -9, ended.stderr
    assert [(each.save_id, each.content) for each in journal.pending()] == [("kept", b"two hundred words")]


def test_a_record_is_plain_json(journal: Journal, tmp_path: Path) -> None:
    journal.keep(record("a/b.md", b"words", b"before", save_id="s1"))
    values = json.loads(next((tmp_path / "journal").iterdir()).read_bytes())
    assert (values["save_id"], values["path"], values["written"]) == ("s1", "a/b.md", None)
