"""Calls that a phone system announces, handed to the window that is open (F10)."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from kbtui.store import calls
from kbtui.store.calls import Call, Calls, call_of
from tests.helpers import run_python

HOLD_AND_DIE = """
import os, signal, sys
from pathlib import Path
from kbtui.store.calls import Calls
assert Calls(Path(sys.argv[1])).answer()
print("held", flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def window(tmp_path: Path) -> Calls:
    return Calls(tmp_path)


def _taking(window: Calls, into: list[Call]) -> threading.Thread:
    def work() -> None:
        give_up = time.monotonic() + 20
        while not into and time.monotonic() < give_up:
            into.extend(window.take())

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_a_call_reaches_the_window_that_is_open(window: Calls, tmp_path: Path) -> None:
    assert window.answer()
    taken: list[Call] = []
    thread = _taking(window, taken)
    assert Calls(tmp_path).hand(Call("where is my parcel", "T-123"), 1)
    thread.join()
    assert taken == [Call("where is my parcel", "T-123")]
    assert window.take() == []
    window.stop()


def test_without_a_window_nobody_takes_it_and_nothing_is_left(window: Calls, tmp_path: Path) -> None:
    assert not window.hand(Call("refund"), 1)
    assert window.answer()
    assert window.take() == []
    window.stop()
    assert not Calls(tmp_path).hand(Call("refund"), 2)


def test_a_second_window_takes_no_calls_until_the_first_has_ended(window: Calls, tmp_path: Path) -> None:
    second = Calls(tmp_path)
    assert window.answer()
    assert window.answer()
    assert not second.answer()
    window.stop()
    assert second.answer()
    second.stop()


def test_a_window_that_was_killed_holds_nobody_up(window: Calls, tmp_path: Path) -> None:
    ended = run_python("-c", HOLD_AND_DIE, str(tmp_path))
    assert "held" in ended.stdout
    assert not window.hand(Call("refund"), 1)
    assert window.answer()
    window.stop()


def test_a_window_that_hangs_is_not_waited_for(window: Calls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "_PATIENCE", 0.1)
    assert window.answer()
    assert not Calls(tmp_path).hand(Call("refund"), 1)
    assert window.take() == []
    window.stop()


def test_calls_come_in_the_order_in_which_they_were_made(window: Calls, tmp_path: Path) -> None:
    assert window.answer()
    for number, words in ((2, "two"), (1, "one"), (30, "three")):
        (tmp_path / f"{number:020}.call").write_text(f'{{"query": "{words}", "ticket": ""}}')
    assert [call.query for call in window.take()] == ["one", "two", "three"]
    window.stop()


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b'{"query": 1}', b"\xff", b"[" * 9_000, b'{"query": "", "ticket": ""}']
)
def test_a_file_that_is_no_call_is_passed_over(data: bytes, window: Calls, tmp_path: Path) -> None:
    (tmp_path / "1.call").write_bytes(data)
    assert window.take() == []
    assert not (tmp_path / "1.call").exists()


def test_what_another_program_gives_is_made_harmless() -> None:
    assert call_of("where\n is \x1b[31mmy money\x00", " T-\u202e123\t") == Call("where is my money", "T-123")
    assert len(call_of("x" * 5_000, "y" * 5_000).query) == 300
    assert len(call_of("", "y" * 5_000).ticket) <= 64
    assert not call_of(" ", "\n")
