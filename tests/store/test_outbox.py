"""Events that wait: safe at once, whole or not there at all."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from kbtui.store.outbox import Outbox
from tests.events import event
from tests.helpers import start_python


def test_what_is_kept_waits_until_it_is_forgotten(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, os.urandom)
    assert outbox.is_empty()
    one, other = event("one22222", words="wärm"), event("two22222")
    outbox.keep(one)
    outbox.keep(other)
    assert Outbox(tmp_path, os.urandom).pending() == [one, other]
    outbox.forget([one])
    assert outbox.pending() == [other]


def test_a_damaged_event_is_set_aside_and_holds_up_no_other(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, os.urandom)
    outbox.keep(event("one22222"))
    (tmp_path / "events" / "bad22222.json").write_bytes(b"{")
    (tmp_path / "events" / "two22222.json").write_text(event("one22222").line)
    assert [each.id for each in outbox.pending()] == ["one22222"]
    assert sorted(path.name for path in (tmp_path / "events").glob("*.damaged")) == [
        "bad22222.damaged",
        "two22222.damaged",
    ]


def test_a_computer_has_one_name_that_says_nothing_of_it(tmp_path: Path) -> None:
    name = Outbox(tmp_path, os.urandom).machine()
    assert Outbox(tmp_path, os.urandom).machine() == name
    assert platform.node().lower() not in name
    assert Outbox(tmp_path / "other", os.urandom).machine() != name
    (tmp_path / "machine").write_bytes(b"")
    renewed = Outbox(tmp_path, os.urandom).machine()
    assert len(renewed) == len(name)


_NAMED = """
import os, sys
from pathlib import Path
from kbtui.store.outbox import Outbox
print(Outbox(Path(sys.argv[1]), os.urandom).machine())
"""


def test_processes_that_start_at_once_agree_on_the_computer_s_name(tmp_path: Path) -> None:
    processes = [start_python("-c", _NAMED, str(tmp_path)) for _ in range(4)]
    names = {process.communicate()[0] for process in processes}
    assert len(names) == 1
    assert names != {b""}
