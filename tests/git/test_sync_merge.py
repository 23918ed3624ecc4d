"""Properties of joining two versions, over many made-up ones: no word is lost, and it matters to nobody who does it."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbtui.entry import file_format
from kbtui.entry.joining import Joined, join_entries, join_lines, kept_beside
from kbtui.entry.model import EntryChange, NewEntry, State
from kbtui.errors import RefusedError
from kbtui.git.invariants import _added, _pool, has_all

WORDS = st.sampled_from(["alpha", "beta", "gamma", "no", "12:30", "007", "~", "ünder", "a: b", "# c", "- d"])
TEXT = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
BLOCK = st.lists(TEXT, min_size=1, max_size=3).map("\n\n".join)
LIST = st.lists(WORDS, max_size=3, unique=True).map(tuple)
CHANGE = st.builds(
    EntryChange,
    question=st.none() | TEXT,
    answer=st.none() | st.just("") | BLOCK,
    internal=st.none() | BLOCK,
    tags=st.none() | LIST,
    asked_as=st.none() | LIST,
    owner=st.none() | TEXT,
    state=st.none() | st.sampled_from(State),
    pinned=st.none() | st.booleans(),
)
BASE = file_format.new(
    "entry222", NewEntry("How long?", answer="Three days.", internal="Ask.", tags=("one", "two"), asked_as=("when",))
)
ODD = st.sampled_from(
    [b"", b"no header\n", b"---\nbroken: [\n---\n# Q?\n\nA.\n", b"<<<<<<< ours\n=======\n>>>>>>> b\n"]
)


def changed(change: EntryChange) -> bytes:
    try:
        return file_format.change(BASE, change)
    except RefusedError:
        return BASE


VERSION = st.one_of(
    CHANGE.map(changed),
    CHANGE.map(changed).map(lambda data: data.replace(b"id: entry222\n", b"id: entry222\n# note\nteam_key: 7\n")),
    ODD,
)
MANY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def whole(joined: Joined) -> bytes:
    return joined.content + b"\n" + (joined.variant or b"")


def tree_of(versions: tuple[bytes, ...]) -> dict[str, bytes]:
    """Return the files of a team whose members, who all began with BASE, share one after another."""
    files = {"e.md": versions[0]}
    for version in versions[1:]:
        joined = join_entries(BASE, files["e.md"], version)
        files["e.md"] = joined.content
        if joined.variant is not None:
            files[kept_beside("e.md", joined.variant)] = joined.variant
    return files


@MANY
@given(VERSION, VERSION, st.sampled_from([BASE, None]))
def test_commutative(one: bytes, other: bytes, base: bytes | None) -> None:
    assert join_entries(base, one, other) == join_entries(base, other, one)


@MANY
@given(VERSION, VERSION)
def test_idempotent(one: bytes, other: bytes) -> None:
    assert join_entries(BASE, one, one) == Joined(one)
    assert join_entries(BASE, one, BASE) == Joined(one)
    merged = join_entries(BASE, one, other).content
    assert join_entries(one, one, merged) == Joined(merged)
    assert join_entries(other, merged, other) == Joined(merged)
    assert join_entries(merged, merged, merged) == Joined(merged)


@MANY
@given(VERSION, VERSION)
def test_no_line_lost(one: bytes, other: bytes) -> None:
    joined = whole(join_entries(BASE, one, other))
    lines = {line.strip() for line in joined.split(b"\n")}
    for version in (one, other):
        for line, is_header in _added(BASE, version):
            assert line in lines or is_header, line
    for name in ("tags", "asked_as"):
        there = {item for part in _parts(BASE, one, other) for item in getattr(file_format.read("e.md", part), name)}
        for version in (one, other):
            entry, base = (file_format.read("e.md", data) for data in (version, BASE))
            assert not entry.readable or set(getattr(entry, name)) - set(getattr(base, name)) <= there


@MANY
@given(VERSION, VERSION)
def test_what_is_joined_breaks_no_invariant(one: bytes, other: bytes) -> None:
    """FAULTS 37: a sound merge is never held back; what looks lost is looked for in the file and beside it."""
    pool, words = _pool(_parts(BASE, one, other))
    assert has_all(BASE, one, pool, words)
    assert has_all(BASE, other, pool, words)


@pytest.mark.parametrize("form", ["{by: %s, on: %s, text: '10b4f76f'}", "\n  by: %s\n  'on': %s\n  text: '10b4f76f'"])
def test_two_who_confirm_the_same_words_on_different_days(form: str) -> None:
    """Of their confirmations one stays in the file; both are in the history, and sharing goes on."""
    entry = "---\nid: refund22\n%s---\n# How long?\n\nFive days.\n"
    base, one, other = (
        (entry % header).encode()
        for header in (
            "state: not-validated\n",
            f"state: validated\nvalidated: {form % ('Ana', '2024-04-01')}\n",
            f"state: validated\nvalidated: {form % ('Lena', '2026-03-02')}\n",
        )
    )
    pool, words = _pool(_parts(base, one, other))
    assert has_all(base, one, pool, words)
    assert has_all(base, other, pool, words)
    assert not has_all(base, other, *_pool([base])), "a confirmation that nothing stands for is lost"


HEADED = b"---\nid: refund22\nowner: Ann\nstate: open\ntags: [refund, archived]\n---\n# Does Ben answer?\n\nAsk Ben.\n"
SIGNED = b"state: open\nvalidated:\n  by: Ana\n  on: 2026-01-01\n  text: 10b4f76f10b4f76f\n"


@pytest.mark.parametrize(
    ("mine", "there"),
    [
        ((b"owner: Ann", b"owner: Ben"), (b"owner: Ann", b"owner: Carl")),
        ((b"state: open", b"state: archived"), (b"Ask Ben.", b"Ask Zoe.")),
        ((b"refund, archived", b"refund, answer"), (b"Ask Ben.", b"Ask for an answer.")),
        ((b"state: open\n", SIGNED + b"  why: after the call\n"), (b"state: open\n", SIGNED)),
        ((b"state: open\n", SIGNED + b"  # after the call\n"), (b"state: open\n", SIGNED)),
        ((b"state: open\n", SIGNED), (b"state: open\n", SIGNED.replace(b"10b4", b"20b4").replace(b"Ana", b"Ben"))),
    ],
)
def test_a_value_is_not_excused_by_words_that_stand_elsewhere(
    mine: tuple[bytes, bytes], there: tuple[bytes, bytes]
) -> None:
    """FAULTS 37: a lost value is lost, though the old body, an old tag or the result's body has the word."""
    one, other = HEADED.replace(*mine), HEADED.replace(*there)
    assert not has_all(HEADED, one, *_pool([other]))
    assert has_all(HEADED, one, *_pool([one]))
    assert has_all(HEADED, one, *_pool(_parts(HEADED, one, other)))
    assert has_all(HEADED, other, *_pool(_parts(HEADED, one, other)))


@pytest.mark.parametrize("line", [b"owner:   'Ben'  # of the desk", b'"owner": "Ben"'])
def test_a_value_may_be_written_in_another_way(line: bytes) -> None:
    one, other = HEADED.replace(b"owner: Ann", b"owner: Ben"), HEADED.replace(b"owner: Ann", line)
    assert has_all(HEADED, one, *_pool([other]))
    assert not has_all(HEADED, one, *_pool([HEADED]))


@MANY
@given(LIST, LIST)
def test_tags_are_sets(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    """FAULTS S14: what either has added is there, what either has taken away is not.

    https://github.com/genealogix/glx/issues/703
    """
    base = {"one", "two"}
    joined = join_entries(BASE, *(changed(EntryChange(tags=tags)) for tags in (one, other)))
    kept = {tag for tag in base if tag in one and tag in other}
    assert set(file_format.read("e.md", joined.content).tags) == kept | (set(one) | set(other)) - base
    assert joined.variant is None


def _parts(base: bytes, one: bytes, other: bytes) -> list[bytes]:
    joined = join_entries(base, one, other)
    return [joined.content, *([joined.variant] if joined.variant is not None else [])]


@MANY
@given(VERSION, VERSION)
def test_what_parsed_parses(one: bytes, other: bytes) -> None:
    joined = join_entries(BASE, one, other)
    readable = [file_format.read("e.md", version).readable for version in (one, other)]
    if any(readable):
        assert file_format.read("e.md", joined.content).readable
    if all(readable) and joined.variant is not None:
        assert file_format.read("e.md", joined.variant).readable


@MANY
@given(st.tuples(VERSION, VERSION, VERSION))
def test_three_clones_in_every_order(versions: tuple[bytes, ...]) -> None:
    """FAULTS 47: whoever shares first, every line of everybody is findable.

    https://cs.stackexchange.com/questions/133507/ordering-of-operations-in-a-dag-of-git-commits
    """
    for order in permutations(versions):
        files = tree_of(order)
        lines = {line.strip() for data in files.values() for line in data.split(b"\n")}
        for version in versions:
            assert all(line in lines for line, is_header in _added(BASE, version) if not is_header)


@MANY
@given(VERSION, VERSION)
def test_a_sync_after_a_sync_changes_nothing(one: bytes, other: bytes) -> None:
    """FAULTS 46: the second machine, which has one side only, comes to what the first one has made."""
    merged = join_entries(BASE, one, other).content
    assert join_entries(other, other, merged).content == merged
    assert join_entries(one, one, merged).content == merged


@MANY
@given(*[st.lists(st.sampled_from([b'{"a":1}', b'{"b":2}', b'{"c":3}', b"torn"]), max_size=5)] * 3)
def test_event_lines(base: list[bytes], one: list[bytes], other: list[bytes]) -> None:
    files = [b"".join(line + b"\n" for line in [*base, *more]) for more in ([], one, other)]
    joined = join_lines(files[0], files[1], files[2])
    assert joined == join_lines(files[0], files[2], files[1])
    assert set(joined.split(b"\n")) == {b"", *base, *one, *other}
    assert join_lines(files[1], joined, joined) == joined or set(joined.split(b"\n")) >= set(files[1].split(b"\n"))
    assert joined.startswith(b"".join(line + b"\n" for line in dict.fromkeys(base)))
