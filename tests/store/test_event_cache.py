"""The cache of events: read on, not again; and never believed where somebody has changed files behind it."""

from __future__ import annotations

import datetime as dt
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kbtui.entry.event import Event, read, stamp
from kbtui.store.event_cache import EventCache
from kbtui.store.events import EventFiles
from kbtui.store.outbox import Outbox
from tests.events import NOON, event
from tests.helpers import ANA, BEN

FILE, OTHER = "events/ana-machine2/2026-11.jsonl", "events/ben-machine3/2026-11.jsonl"


@pytest.fixture
def files(tmp_path: Path) -> EventFiles:
    files = EventFiles(tmp_path / "base")
    files.append(FILE, [event("one22222").line, event("two22222", entry="passwd22").line])
    files.append(OTHER, [event("three222").line])
    return files


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "state", os.urandom)


@pytest.fixture
def cache(tmp_path: Path, files: EventFiles, outbox: Outbox) -> Iterator[EventCache]:
    cache = EventCache(tmp_path / "events.sqlite", files, outbox)
    cache.refresh()
    yield cache
    cache.close()


def _used(cache: EventCache) -> dict[str, int]:
    cache.refresh()
    return cache.totals("used")


def test_every_event_counts_once_the_most_first(cache: EventCache) -> None:
    assert list(_used(cache).items()) == [("refund22", 2), ("passwd22", 1)]
    assert not cache.refresh(), "nothing has changed"


def test_only_what_is_new_is_read(cache: EventCache, files: EventFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    files.append(FILE, [event("four2222").line])
    seen: list[bytes] = []

    def spied(line: bytes) -> Event | None:
        seen.append(line)
        return read(line)

    monkeypatch.setattr("kbtui.entry.event.read", spied)
    assert _used(cache)["refund22"] == 3
    assert seen == [event("four2222").line.encode()]


def _again(root: Path) -> None:
    text = (root / FILE).read_text()
    (root / FILE).write_text(text + text)


def _elsewhere(root: Path) -> None:
    (root / "events/ana-machine4").mkdir()
    (root / "events/ana-machine4/2026-11.jsonl").write_text((root / FILE).read_text())


@pytest.mark.parametrize("repeat", [_again, _elsewhere])
def test_an_event_that_stands_in_several_places_counts_once(
    cache: EventCache, tmp_path: Path, repeat: Callable[[Path], None]
) -> None:
    repeat(tmp_path / "base")
    assert _used(cache) == {"refund22": 2, "passwd22": 1}


def _in_the_middle(root: Path) -> None:
    """As `merge=union` puts lines."""
    lines = (root / FILE).read_text().splitlines(keepends=True)
    (root / FILE).write_text("".join([lines[0], event("four2222").line + "\n", *lines[1:]]))


def _gone(root: Path) -> None:
    (root / OTHER).unlink()


def _shorter(root: Path) -> None:
    (root / FILE).write_text(event("two22222", entry="passwd22").line + "\n")


def _other_words_of_the_same_length(root: Path) -> None:
    (root / FILE).write_text((root / FILE).read_text().replace("passwd22", "errcod22"))
    os.utime(root / FILE, (1, 1))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_in_the_middle, {"refund22": 3, "passwd22": 1}),
        (_gone, {"refund22": 1, "passwd22": 1}),
        (_shorter, {"refund22": 1, "passwd22": 1}),
        (_other_words_of_the_same_length, {"refund22": 2, "errcod22": 1}),
    ],
)
def test_files_changed_behind_the_cache_are_read_again(
    cache: EventCache, tmp_path: Path, change: Callable[[Path], None], expected: dict[str, int]
) -> None:
    change(tmp_path / "base")
    assert _used(cache) == expected


@pytest.mark.parametrize("damage", [b"", b"not a database", None])
def test_a_damaged_cache_is_made_anew(
    cache: EventCache, tmp_path: Path, files: EventFiles, outbox: Outbox, damage: bytes | None
) -> None:
    cache.close()
    place = tmp_path / "events.sqlite"
    for leftover in tmp_path.glob("events.sqlite-*"):
        leftover.unlink()
    data = place.read_bytes()
    place.write_bytes(data[:4096] + os.urandom(len(data) - 4096) if damage is None else damage)
    anew = EventCache(place, files, outbox)
    assert _used(anew) == {"refund22": 2, "passwd22": 1}
    anew.close()


def test_without_a_disk_for_it_the_counts_are_right_all_the_same(
    tmp_path: Path, files: EventFiles, outbox: Outbox
) -> None:
    cache = EventCache(tmp_path / "no such folder" / "events.sqlite", files, outbox)
    assert _used(cache) == {"refund22": 2, "passwd22": 1}
    cache.close()


def test_what_waits_counts_at_once_and_no_second_time_when_it_has_arrived(
    cache: EventCache, files: EventFiles, outbox: Outbox
) -> None:
    outbox.keep(event("four2222"))
    assert cache.refresh()
    assert _used(cache)["refund22"] == 3
    files.append(FILE, [event("four2222").line])
    outbox.forget([event("four2222")])
    assert _used(cache)["refund22"] == 3


@pytest.mark.parametrize("has_files", [True, False])
def test_what_waited_and_is_in_no_file_does_not_count(
    cache: EventCache, tmp_path: Path, files: EventFiles, outbox: Outbox, *, has_files: bool
) -> None:
    """A use goes into its file, and the lead sets the team's branch back before anybody counts again."""
    if not has_files:
        for path in (FILE, OTHER):
            (tmp_path / "base" / path).unlink()
    before = _used(cache).get("refund22", 0)
    outbox.keep(event("four2222"))
    assert _used(cache)["refund22"] == before + 1
    outbox.forget([event("four2222")])
    assert _used(cache).get("refund22", 0) == before


@pytest.mark.parametrize("is_read_before_it_leaves", [True, False])
def test_of_what_has_arrived_nothing_is_read_again(
    cache: EventCache,
    files: EventFiles,
    outbox: Outbox,
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_read_before_it_leaves: bool,
) -> None:
    outbox.keep(event("four2222"))
    cache.refresh()
    files.append(FILE, [event("four2222").line])
    if is_read_before_it_leaves:
        cache.refresh()
    outbox.forget([event("four2222")])
    monkeypatch.setattr(EventCache, "_read_anew", lambda *_: pytest.fail("all files are read again"))
    assert _used(cache)["refund22"] == 3


def test_two_lines_that_claim_one_id_count_the_same_in_whatever_order_they_are_read(tmp_path: Path) -> None:
    """Counts are equal on every clone with the same files."""
    lines = [event(f"same222{n % 3}", entry=f"entry{n}").line for n in range(12)]
    found = []
    for seed in range(5):
        shuffled = random.Random(seed).sample(lines, len(lines))
        files = EventFiles(tmp_path / str(seed))
        for line in shuffled:
            files.append(FILE, [line])
        cache = EventCache(tmp_path / f"{seed}.sqlite", files, Outbox(tmp_path / "state", os.urandom))
        found.append(_used(cache))
        cache.close()
    assert all(each == found[0] for each in found)
    assert sum(found[0].values()) == 3


def test_hostile_files_cost_nothing_but_themselves(cache: EventCache, tmp_path: Path) -> None:
    folder = tmp_path / "base" / "events" / "stranger"
    folder.mkdir()
    hostile = [os.urandom(5000), b"x" * 3_000_000, b"[" * 10_000, b'{"id": 1}', b"\n" * 1000, b'{"a":"\xff"}', b"null"]
    (folder / "2026-11.jsonl").write_bytes(b"\n".join([*hostile, event("good2222").line.encode(), b"torn"]))
    (folder / "2026-12.jsonl").mkdir()
    (folder / "notes.txt").write_text("no event file")
    assert _used(cache)["refund22"] == 3


def test_a_kind_of_a_later_version_is_kept_and_ignored(cache: EventCache, files: EventFiles) -> None:
    files.append(FILE, [event("later222", kind="applauded").line])
    assert _used(cache) == {"refund22": 2, "passwd22": 1}
    assert [each.id for each in cache.of_kind("applauded")] == ["later222"]


def test_events_of_a_time(cache: EventCache, files: EventFiles) -> None:
    files.append(FILE, [event("late2222", at=NOON + dt.timedelta(days=1)).line])
    cache.refresh()
    assert cache.by_person("used", "2026-11-03T00:00:00Z", "2026-11-04T00:00:00Z") == {
        "refund22": {"ana@example.com": 1}
    }


@pytest.mark.parametrize("names", ["abc", "cba", "bca"])
def test_events_of_one_second_keep_their_order(cache: EventCache, files: EventFiles, names: str) -> None:
    """Their ids are of chance; the first line is one of an earlier version, which noted whole seconds."""
    made = [f"{name}vent222" for name in names]
    times = [NOON, *(NOON + dt.timedelta(microseconds=number) for number in (700, 400_000))]
    for kind in ("joined", "thanks"):
        lines = [event(f"{kind}-{each}", kind, at=at).line for each, at in zip(made, times, strict=True)]
        files.append(FILE, sorted(lines))
    cache.refresh()
    assert [each.id for each in cache.of_kind("thanks")] == [f"thanks-{each}" for each in made]
    last = cache.last_own(ANA.key, "joined")
    assert last is not None
    assert (last.id, last.at) == (f"joined-{made[-1]}", times[-1])
    assert [each for each, _, _ in cache.within("joined", stamp(NOON), stamp(times[1]))] == [
        f"joined-{each}" for each in made[:2]
    ]


def test_what_its_own_writer_has_taken_back_counts_no_more(cache: EventCache, files: EventFiles) -> None:
    """In whatever order the lines are read, on whatever computer; nobody takes back what somebody else has noted."""
    joined = [event(name, "joined", "openqu22") for name in ("join2222", "join3333", "join4444")]
    taken = [
        event("back2222", "taken-back", "openqu22", refs=("join2222", "asave222")),
        event("back3333", "taken-back", "openqu22", refs=("join3333",)),
        event("back4444", "taken-back", "openqu22", refs=("back3333",)),
        event("back5555", "taken-back", "openqu22", by=BEN, refs=("join4444",)),
    ]
    files.append(OTHER, [each.line for each in (*taken, *joined)])
    cache.refresh()
    assert cache.totals("joined") == {"openqu22": 2}
    day = "2026-11-02T00:00:00Z", "2026-11-02T23:59:59Z"
    assert [each for each, _, _ in cache.within("joined", *day)] == ["join3333", "join4444"]
    last = cache.last_own(ANA.key, "joined", "openqu22")
    assert last is not None
    assert (last.kind, last.id in ("back2222", "back4444")) == ("taken-back", True)
    assert cache.last_own(ANA.key, "joined", "refund22") is None


def test_what_was_taken_back_is_of_the_kind_that_it_was(cache: EventCache, files: EventFiles) -> None:
    """To take a mark of a sample back is no join, though one says it by the same kind of event."""
    later = [NOON + dt.timedelta(seconds=number) for number in range(5)]
    lines = [
        event("join2222", "joined", "openqu22", at=later[0]),
        event("mark2222", "sampled", "openqu22", at=later[1], refs=("quest222", "new")),
        event("back2222", "taken-back", "openqu22", at=later[2], refs=("mark2222",)),
        event("again222", "taken-back", "openqu22", at=later[3], refs=("back2222",)),
        event("circle22", "taken-back", "openqu22", at=later[4], refs=("circle22",)),
        event("nobody22", "taken-back", "openqu22", at=later[4], refs=("nothere2",)),
    ]
    files.append(FILE, [each.line for each in lines])
    cache.refresh()
    for entry in ("", "openqu22"):
        found = [cache.last_own(ANA.key, kind, entry) for kind in ("joined", "sampled", "thanks")]
        assert [each and each.id for each in found] == ["join2222", "again222", None]
