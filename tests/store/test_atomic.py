"""A reader sees the old bytes or the new ones, whatever happens to the writer or the disk."""

from __future__ import annotations

import errno
import os
import stat
import threading
from pathlib import Path

import pytest

from kbtui.errors import NotSavedError
from kbtui.store import atomic
from tests.helpers import run_python

_KILLED_WHILE_WRITING = """
import os, sys
from pathlib import Path
from kbtui.store import atomic
os.fsync = lambda descriptor: os.kill(os.getpid(), 9)
atomic.write(Path(sys.argv[1]), b"new" * 100_000)
"""


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_and_the_folders_above_it_are_made(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b" / "entry.md"
    atomic.write(target, b"\x00\xff words\r\n")
    assert target.read_bytes() == b"\x00\xff words\r\n"
    assert _names(target.parent) == ["entry.md"]


def test_the_new_bytes_replace_all_of_the_old_ones(tmp_path: Path) -> None:
    target = tmp_path / "entry.md"
    target.write_bytes(b"old" * 1000)
    atomic.write(target, b"")
    assert target.read_bytes() == b""


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    target = tmp_path / "entry.md"
    versions = (b"a" * 2_000_000, b"b" * 1_000_000)
    target.write_bytes(versions[0])
    seen: set[bytes] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(target.read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(60):
        atomic.write(target, versions[turn % 2])
    done.set()
    reader.join()
    assert seen
    assert seen <= set(versions)


def test_the_bytes_are_on_the_disk_before_they_take_the_name_and_the_name_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAULTS 2, power cut just after a save: https://git-scm.com/docs/git-config#Documentation/git-config.txt-corefsync."""
    target = tmp_path / "entry.md"
    forced: list[tuple[str, bool]] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"
        size = os.fstat(descriptor).st_size
        forced.append((kind, target.exists()))
        assert kind == "folder" or size == len(b"the words"), "forced to the disk before it was written"
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    atomic.write(target, b"the words")
    assert forced == [("file", False), ("folder", True)]


def test_a_writer_killed_in_the_middle_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "entry.md"
    target.write_bytes(b"old")
    ended = run_python("-c", _KILLED_WHILE_WRITING, str(target))
    assert ended.returncode == -9, ended.stderr
    assert target.read_bytes() == b"old"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "this disk is full"),
        (errno.EDQUOT, "this disk is full"),
        (errno.EROFS, "does not let kbtui write"),
        (errno.EACCES, "does not let kbtui write"),
        (errno.EIO, "the disk answered with an error"),
    ],
)
@pytest.mark.parametrize("call", ["open", "fsync", "write"])
def test_a_disk_that_does_not_take_the_bytes_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, words: str
) -> None:
    """FAULTS 4, disk full while saving: https://github.com/web-platform-tests/wpt.live/issues/37."""
    target = tmp_path / "entry.md"
    target.write_bytes(b"old")

    def fail(*_: object, **__: object) -> int:
        raise OSError(number, os.strerror(number))

    real = os.fdopen

    def fdopen(descriptor: int, mode: str) -> object:
        """Hand out a full disk: it says so only when the buffer is written out."""
        os.close(descriptor)
        return real(os.open("/dev/full", os.O_WRONLY), mode) if number == errno.ENOSPC else fail()

    with monkeypatch.context() as broken:
        broken.setattr(os, "fdopen" if call == "write" else call, fdopen if call == "write" else fail)
        with pytest.raises(NotSavedError) as caught:
            atomic.write(target, b"new")
    assert words in caught.value.message
    assert caught.value.hint
    assert target.read_bytes() == b"old"
    assert _names(tmp_path) == ["entry.md", "home"]


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    """A topic may go by the name of a file that is there already."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotSavedError):
        atomic.write(tmp_path / "file" / "entry.md", b"new")


def test_a_disk_that_may_only_be_read_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS 4: there, Linux refuses the removal of a file that was never made with the same error."""

    def fail(*_: object, **__: object) -> int:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "open", fail)
    monkeypatch.setattr(os, "unlink", fail)
    with pytest.raises(NotSavedError, match="does not let kbtui write"):
        atomic.write(tmp_path / "entry.md", b"new")


def _fail_for_folders(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    real = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(number, os.strerror(number))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)


def test_what_is_said_not_to_be_saved_has_changed_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person told *Not saved* types again: if the bytes are there all the same, everything is there twice."""
    target = tmp_path / "entry.md"
    target.write_bytes(b"old")
    _fail_for_folders(monkeypatch, errno.EIO)
    try:
        atomic.write(target, b"new")
    except NotSavedError:
        assert target.read_bytes() == b"old"


def test_a_share_that_cannot_force_its_folders_still_takes_a_save(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Network shares answer EINVAL when asked to force a folder; the bytes of the file are safe all the same."""
    _fail_for_folders(monkeypatch, errno.EINVAL)
    atomic.write(tmp_path / "entry.md", b"new")
    assert (tmp_path / "entry.md").read_bytes() == b"new"


def test_a_link_is_replaced_and_never_written_through(tmp_path: Path) -> None:
    """FAULTS 73, an entry that is a link: https://github.com/shiv-source/thoth/issues/38."""
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    link = tmp_path / "entry.md"
    link.symlink_to(secret)
    atomic.write(link, b"words")
    assert secret.read_bytes() == b"secret"
    assert not link.is_symlink()
    assert link.read_bytes() == b"words"
