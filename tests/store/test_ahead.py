"""A copy of a process does what it was begun for, and leaves nothing behind, whatever happens to either of them."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.helpers import PATIENCE, run_python, start_python

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot copy a process")

_BEGIN = """
import os, signal, sys, threading, time
from kbtui.store import ahead
os.cpu_count = lambda: 2

def children():
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return "none left"
    return "some left"

def ends():
    found = set()
    for number in range(3, 40):
        try:
            os.fstat(number)
        except OSError:
            continue
        found.add(number)
    return found

before = ends()
def work(told):
    return os.getpid(), told()
"""


def _ran(script: str) -> list[str]:
    ended = run_python("-c", _BEGIN + script + "\nprint(children(), ends() == before)")
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    *said, left = ended.stdout.splitlines()
    assert left == "none left True"
    return said


def test_it_is_told_one_thing_and_says_one_thing() -> None:
    script = """
one = ahead.Ahead(work)
one.tell(b"words")
one.tell(b"more")
process, told = one.said()
print(process != os.getpid(), told, one.said())
"""
    assert _ran(script) == ["True b'words' None"]


def test_what_it_says_may_be_long_and_the_other_one_may_be_late() -> None:
    script = """
one = ahead.Ahead(lambda told: [told()] * 300_000)
one.tell(b"x")
time.sleep(0.2)
print(len(one.said()))
"""
    assert _ran(script) == ["300000"]


def test_one_that_is_never_told_anything_does_not_wait_for_ever() -> None:
    assert _ran("print(ahead.Ahead(work).said()[1])") == ["b''"]


@pytest.mark.parametrize(
    "work",
    [
        "lambda told: 1 / 0",
        "lambda told: object()",
        "lambda told: sys.exit(3)",
        "lambda told: os.kill(os.getpid(), signal.SIGKILL)",
        "lambda told: os.kill(os.getpid(), signal.SIGINT)",
    ],
)
def test_one_that_fails_says_nothing_and_prints_nothing(work: str) -> None:
    assert _ran(f"one = ahead.Ahead({work})\none.tell(b'x')\nprint(one.said())") == ["None"]


def test_one_that_is_cut_off_says_nothing() -> None:
    script = """
whole = ahead.marshal.dumps
ahead.marshal.dumps = lambda value: whole(value)[:-9]
print(ahead.Ahead(lambda told: ["a word", "another word"]).said())
"""
    assert _ran(script) == ["None"]


@pytest.mark.parametrize("work", ["work", "lambda told: time.sleep(600)", "lambda told: bytes(10_000_000)"])
def test_one_that_nobody_wants_to_hear_any_more_is_ended(work: str) -> None:
    assert _ran(f"one = ahead.Ahead({work})\none.end()\none.end()\nprint(one.said())") == ["None"]


def test_there_is_none_beside_threads() -> None:
    script = """
stop = threading.Event()
thread = threading.Thread(target=stop.wait)
thread.start()
one = ahead.Ahead(work)
one.tell(b"x")
print(one.said(), children())
stop.set()
thread.join()
"""
    assert _ran(script) == ["None none left"]


def test_there_is_none_where_the_system_has_no_room_for_one() -> None:
    script = """
def full():
    raise BlockingIOError
os.fork = full
print(ahead.Ahead(work).said())
"""
    assert _ran(script) == ["None"]


@pytest.mark.parametrize("work", ["told()", "bytes(10_000_000)"])
def test_it_is_gone_soon_after_the_other_one_was_killed(tmp_path: Path, work: str) -> None:
    note = tmp_path / "note"
    script = f"""
def work(told):
    with open({str(note)!r}, "w") as file:
        file.write(str(os.getpid()))
    return {work}
one = ahead.Ahead(work)
time.sleep(600)
"""
    first = start_python("-c", _BEGIN + script)
    copy = int(_waited_for(note))
    first.send_signal(signal.SIGKILL)
    first.communicate()
    end = time.monotonic() + PATIENCE
    while _lives(copy) and time.monotonic() < end:
        time.sleep(0.01)
    assert not _lives(copy)


def _waited_for(note: Path) -> str:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if note.exists() and (text := note.read_text()):
            return text
        time.sleep(0.01)
    raise AssertionError(note)


def _lives(process: int) -> bool:
    """Whether a process is there and at work; one that nobody has asked after yet is not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        pass
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return not Path("/proc/self").exists()
