"""One event and its line: what is written reads back, and no line of a stranger's does harm."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.entry.event import LONGEST_LINE, Event, file_of, read, stamp, texts
from kbtui.entry.model import Person
from kbtui.entry.text import one_line
from tests.events import NOON, event
from tests.helpers import harmless

GOOD = json.loads(event(words="where is my cash").line)


def test_an_event_reads_back_as_it_was() -> None:
    one = Event("abcd2345", NOON, Person("Zoë", "z@example.com"), "used", "refund22", "näh", "T-1", ("x",), "email")
    assert read(one.line.encode()) == one
    assert "\n" not in one.line


def test_two_events_of_one_second_read_back_in_their_order() -> None:
    one, other = (event(at=NOON + dt.timedelta(microseconds=n)) for n in (1, 2))
    back = [found.at for each in (one, other) if (found := read(each.line.encode()))]
    assert back == [one.at, other.at]
    assert stamp(NOON) < stamp(one.at) < stamp(other.at) < stamp(NOON + dt.timedelta(seconds=1))


def test_a_line_with_whole_seconds_of_an_earlier_version_stays_as_it_is() -> None:
    old = event().line
    assert '"at": "2026-11-02T12:00:00Z"' in old
    back = read(old.encode())
    assert back is not None
    assert (back.at, back.line) == (NOON, old)


@given(words=st.text(max_size=300), name=st.text(max_size=50))
def test_whatever_is_said_is_one_harmless_line(words: str, name: str) -> None:
    line = event(words=words, by=Person(name, "a@example.com")).line
    assert "\n" not in line
    back = read(line.encode("utf-8", "replace"))
    assert back is not None
    assert harmless(back.words)
    assert harmless(back.person.name)
    assert back.words == one_line(words)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_harm(line: bytes) -> None:
    read(line)
    texts(line)


@pytest.mark.parametrize(
    "change",
    [
        {"id": 5},
        {"id": "../up"},
        {"id": ""},
        {"at": "yesterday"},
        {"at": "2026-11-02T12:00:00"},
        {"at": "0001-01-01T00:00:00+14:00"},
        {"at": 17},
        {"by": "Ana"},
        {"by": {"name": "Ana"}},
        {"by": {"name": ["Ana"], "email": "a"}},
        {"kind": "Used it"},
        {"kind": None},
        {"entry": {"a": 1}},
        {"entry": "a/b"},
        {"words": 5},
        {"refs": "all"},
        {"refs": [1]},
    ],
    ids=str,
)
def test_a_line_of_wrong_types_is_no_event(change: dict[str, object]) -> None:
    assert read(json.dumps(GOOD).encode()) is not None
    assert read(json.dumps(GOOD | change).encode()) is None


@pytest.mark.parametrize("line", [b"", b"[]", b"null", b"{", b"[" * 5000, b'{"id": 1e999}', b"1" * 6000, b"\xff\xfe"])
def test_what_is_no_object_is_no_event(line: bytes) -> None:
    assert read(line) is None


def test_a_giant_line_is_no_event() -> None:
    assert read(json.dumps(GOOD | {"x": "y" * LONGEST_LINE}).encode()) is None


def test_texts_are_made_harmless_and_a_later_version_s_kinds_and_keys_are_kept() -> None:
    line = json.dumps(GOOD | {"words": "a\x1b]52;c;AAAA\x07b\u202ec\nd", "kind": "applauded", "colour": "red"})
    found = read(line.encode())
    assert found is not None
    assert (found.words, found.kind) == ("abc d", "applauded")


def test_a_surrogate_in_a_line_can_be_written_again() -> None:
    found = read(json.dumps(GOOD | {"words": "\ud800x"}).encode())
    assert found is not None
    assert found.line.encode()


def test_the_file_names_no_computer_and_leads_nowhere_else() -> None:
    assert file_of(event(by=Person("../../Ana Kovács", "")), "machine2") == "events/ana-kovacs-machine2/2026-11.jsonl"
