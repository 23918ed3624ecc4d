"""The event files: appended to and never anything else, whatever a crash or a stranger leaves in them."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from kbtui.entry.event import read
from kbtui.errors import RefusedError
from kbtui.store.events import NOTHING_READ, EventFiles, whole_lines
from tests.events import event
from tests.helpers import start_python

FILE = "events/ana-machine2/2026-11.jsonl"

_APPENDER = """
import sys
from pathlib import Path
from kbtui.store.events import EventFiles
from tests.events import event
files, name = EventFiles(Path(sys.argv[1])), sys.argv[2]
for number in range(int(sys.argv[3])):
    files.append("events/ana-machine2/2026-11.jsonl", [event(f"{name}{number}", words="x" * 300).line])
    print(f"{name}{number}", flush=True)
"""


def _ids(root: Path) -> list[str]:
    lines = whole_lines(EventFiles(root).read(FILE))
    return [found.id for found in map(read, lines) if found is not None]


def test_appended_lines_are_read_back_in_order(tmp_path: Path) -> None:
    files = EventFiles(tmp_path)
    files.append(FILE, [event("one22222").line, event("two22222").line])
    files.append(FILE, [event("three222").line])
    assert _ids(tmp_path) == ["one22222", "two22222", "three222"]
    assert list(files.stamps()) == [FILE]


@pytest.mark.parametrize("torn", [b'{"id": "torn', b"\xff\xfe\x00", b"{}", b"\n\n", event("whole222").line.encode()])
def test_a_torn_line_is_skipped_and_the_next_one_is_whole(tmp_path: Path, torn: bytes) -> None:
    """FAULTS 2: a crash in the middle of an append."""
    files = EventFiles(tmp_path)
    files.append(FILE, [event("one22222").line])
    with (tmp_path / FILE).open("ab") as file:
        file.write(torn)
    assert _ids(tmp_path) == ["one22222"], "a line without its end does not count yet"
    files.append(FILE, [event("two22222").line])
    assert [each for each in _ids(tmp_path) if each != "whole222"] == ["one22222", "two22222"]


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_whoever_is_killed_while_appending_loses_nothing_that_was_appended(tmp_path: Path) -> None:
    """FAULTS 2: kill -9 in the middle, ten times over, the next one going on in the same file."""
    said: list[str] = []
    for run in range(10):
        process = start_python("-c", _APPENDER, str(tmp_path), f"run{run}n", "1000000")
        assert process.stdout is not None
        said += [process.stdout.readline().decode().strip() for _ in range(3 + 7 * run)]
        process.send_signal(signal.SIGKILL)
        process.communicate()
    kept = _ids(tmp_path)
    assert set(said) <= set(kept)
    assert len(kept) == len(set(kept))


def test_two_processes_that_append_at_once_lose_nothing(tmp_path: Path) -> None:
    processes = [start_python("-c", _APPENDER, str(tmp_path), name, "100") for name in ("left", "right")]
    for process in processes:
        assert (process.communicate()[1], process.returncode) == (b"", 0)
    assert sorted(_ids(tmp_path)) == sorted(f"{name}{number}" for name in ("left", "right") for number in range(100))


@pytest.mark.parametrize(
    "path",
    [
        "events/../ana/2026-11.jsonl",
        "/etc/2026-11.jsonl",
        "events/ana/2026-11.md",
        "events/ana/2026-11.jsonl\n",
        "a.md",
        "events/2026-11.jsonl",
    ],
)
def test_a_path_that_is_no_event_file_s_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(RefusedError):
        EventFiles(tmp_path).append(path, ["{}"])
    with pytest.raises(RefusedError):
        EventFiles(tmp_path).read(path)


@pytest.mark.parametrize("link", ["events", "events/ana-machine2", FILE])
def test_links_are_followed_neither_in_reading_nor_in_writing(tmp_path: Path, link: str) -> None:
    """FAULTS 73."""
    outside = tmp_path / "outside"
    EventFiles(outside).append(FILE, [event().line])
    before = (outside / FILE).read_bytes()
    base = tmp_path / "base"
    (base / link).parent.mkdir(parents=True)
    (base / link).symlink_to(outside / link)
    files = EventFiles(base)
    assert files.stamps() == {}
    with pytest.raises(RefusedError):
        files.append(FILE, ["{}"])
    with pytest.raises(RefusedError):
        files.read(FILE)
    assert (outside / FILE).read_bytes() == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes")
def test_a_pipe_in_place_of_a_file_keeps_nobody_waiting(tmp_path: Path) -> None:
    (tmp_path / FILE).parent.mkdir(parents=True)
    os.mkfifo(tmp_path / FILE)
    assert EventFiles(tmp_path).stamps() == {}
    with pytest.raises(RefusedError):
        EventFiles(tmp_path).read(FILE)


def test_what_a_file_got_since_is_told_and_what_was_changed_behind_is_noticed(tmp_path: Path) -> None:
    files = EventFiles(tmp_path)
    files.append(FILE, [event("one22222").line])
    first = files.since(FILE, NOTHING_READ)
    assert first is not None
    files.append(FILE, [event("two22222").line])
    second = files.since(FILE, first[1])
    assert second is not None
    assert second[0] == [event("two22222").line.encode()]
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole.replace(b"one22222", b"bad22222"))
    assert files.since(FILE, second[1]) is None, "the bytes that were read before are others now"
    (tmp_path / FILE).write_bytes(whole[:20])
    assert files.since(FILE, second[1]) is None, "the file is shorter than what was read"
