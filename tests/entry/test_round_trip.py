"""One changed key changes its own lines and no other byte."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from kbtui.entry.file_format import change, read
from kbtui.entry.model import Approval, Authority, Entry, EntryChange, Limit, State
from kbtui.errors import RefusedError
from tests.entry.hand_written import HandWritten, bodies, hand_written
from tests.entry.texts import HOSTILE, MARKDOWN_SPECIALS, thorough, values, words

_dates = st.dates().map(lambda day: day.isoformat())
_lists = st.lists(values, max_size=4, unique=True).map(tuple)
_card = Authority("refund", "EUR", (Limit("agent", Decimal("50.00")), Limit("lead", None, ("Ann",))), "the manager")
_approval = Approval("Ann Lee", "2026-11-22", "0123456789abcdef")

_changes = st.one_of(
    st.builds(lambda value: ("tags", EntryChange(tags=value)), _lists),
    st.builds(lambda value: ("asked_as", EntryChange(asked_as=value)), _lists),
    st.builds(lambda value: ("owner", EntryChange(owner=value)), st.one_of(st.just(""), values)),
    st.builds(lambda value: ("replaced_by", EntryChange(replaced_by=value)), st.one_of(st.just(""), values)),
    st.builds(lambda value: ("check_by", EntryChange(check_by=value)), st.one_of(st.just(""), _dates)),
    st.builds(lambda value: ("pinned", EntryChange(pinned=value)), st.booleans()),
    st.builds(lambda value: ("state", EntryChange(state=value)), st.sampled_from(State)),
    st.just(("validated", EntryChange(approval=_approval))),
    st.just(("authority", EntryChange(authority=_card))),
)
"""(the key that changes, the change)."""


def _wanted(wanted: EntryChange) -> dict[str, Any]:
    return {name: value for name in wanted.__slots__ if (value := getattr(wanted, name)) is not None}


def _without_lines(entry: Entry) -> Entry:
    """Leave out what names lines, and what follows from state and approval together."""
    return replace(entry, links=(), problems=(), approval_holds=False)


@given(hand_written(), _changes)
@thorough
def test_no_other_line_changes(file: HandWritten, key_and_change: tuple[str, EntryChange]) -> None:
    """FAULTS 50: given a header with comments, unknown keys and odd quoting, every other line is byte-identical.

    https://github.com/cyanheads/obsidian-mcp-server/issues/89
    https://github.com/estruyf/vscode-front-matter/issues/384
    https://github.com/decaporg/decap-cms/issues/1271
    """
    key, wanted = key_and_change
    before, old, after = file.around(key)

    result = change(file.data, wanted)

    assert result.startswith(before)
    assert result.endswith(after)
    written = result[len(before) : len(result) - len(after)]
    assert len(before) + len(written) + len(after) == len(result)
    if written == old:
        return  # it said so already
    found = yaml.load(written, yaml.BaseLoader)  # nothing but the key, in strict YAML
    assert found is None or list(found) == [key]
    left = [line for line in written.splitlines() if not line.strip() or line.strip().startswith(b"#")]
    assert all(line in old.splitlines() for line in left)


@given(hand_written(), _changes)
@thorough
def test_no_other_value_changes(file: HandWritten, key_and_change: tuple[str, EntryChange]) -> None:
    """FAULTS 50: what was asked for is there, and everything else says what it said.

    https://github.com/cyanheads/obsidian-mcp-server/issues/89
    """
    wanted = _wanted(key_and_change[1])
    expected = {"declared" if name == "state" else name: value for name, value in wanted.items()}
    before = read("a/b.md", file.data)

    after = read("a/b.md", change(file.data, key_and_change[1]))

    assert _without_lines(after) == _without_lines(replace(before, **expected))


@given(hand_written(), _changes)
@thorough
def test_the_same_change_twice_is_the_change_once(file: HandWritten, key_and_change: tuple[str, EntryChange]) -> None:
    once = change(file.data, key_and_change[1])
    assert change(once, key_and_change[1]) == once


@given(st.one_of(hand_written().map(lambda file: file.data), bodies(), st.binary()))
@thorough
def test_changing_nothing_is_the_identity(data: bytes) -> None:
    try:
        assert change(data, EntryChange()) == data
    except RefusedError:
        assert not read("a.md", data).readable


@given(bodies(), _changes)
@thorough
def test_a_file_without_a_header_gets_one_above_its_bytes(body: bytes, key_and_change: tuple[str, EntryChange]) -> None:
    body = b"Words.\n" + body
    key, wanted = key_and_change

    result = change(body, wanted)

    assert result.endswith(body)
    header = result.removesuffix(body).splitlines()
    if header:
        assert header[0] == header[-1] == b"---"
        assert list(yaml.load(b"\n".join(header[1:-1]), yaml.BaseLoader)) == [key]


_fragments = st.sampled_from([s for s in (*MARKDOWN_SPECIALS, *HOSTILE) if s != "[a]: /b"])
_markdown = st.lists(st.one_of(words, _fragments), max_size=5).map("\n".join)


@st.composite
def _divided(draw: st.DrawFn) -> bytes:
    """A file in which every part may be there, in any order, with any Markdown in it."""
    header = draw(st.sampled_from(["", "---\nid: abc\nx: 'y'  # z\n---\n", "---\ntitle: T\n---\n", "---\n---\n"]))
    heading = draw(st.sampled_from(["# Question\n\n", "Question\n===\n", "preamble\n\n# Question\n", ""]))
    parts = draw(st.permutations(["## Internal", "## See also", "## internal notes ##", "## Other"]))
    chosen = parts[: draw(st.integers(0, 3))]
    body = "\n\n".join([draw(_markdown), *(f"{part}\n{draw(_markdown)}" for part in chosen)])
    return (header + heading + body + draw(st.sampled_from(["", "\n", "\n\n"]))).encode("utf-8", "surrogatepass")


_part_changes = st.one_of(
    st.builds(lambda text: EntryChange(answer=text), _markdown),
    st.builds(lambda text: EntryChange(internal=text), _markdown),
    st.builds(lambda text: EntryChange(see_also=text), _markdown),
    st.builds(lambda text: EntryChange(question=text), words),
)


@given(_divided(), _part_changes)
@thorough
def test_changing_one_part_leaves_the_others(data: bytes, wanted: EntryChange) -> None:
    before = read("a.md", data)
    assume(not before.problems)  # closing a block brings back the headings it hid
    try:
        after = read("a.md", change(data, wanted))
    except RefusedError:
        return
    says_question = b"title:" in data or data.startswith((b"# Q", b"Question")) or b"---\n# Q" in data
    for part in ("question", "answer", "internal", "see_also")[0 if says_question else 1 :]:
        if getattr(wanted, part) is None:
            assert getattr(after, part) == getattr(before, part), part


@given(_divided(), _part_changes)
@thorough
def test_changing_a_part_leaves_the_header(data: bytes, wanted: EntryChange) -> None:
    if wanted.question is not None and b"title:" in data:
        return
    header = data.partition(b"---\n")[2].partition(b"---\n")[0] if data.startswith(b"---\n") else b""
    try:
        result = change(data, wanted)
    except RefusedError:
        return
    assert result.startswith(b"---\n" + header + b"---\n") or not header


def test_adding_one_tag_changes_one_line() -> None:
    """FAULTS 50: when one tag is added, then every other line is byte-identical.

    https://github.com/cyanheads/obsidian-mcp-server/issues/89
    """
    header = "---\n# our notes\ntitle:   \"A: b\"\ntags: [a]\nLayout: 'x'   # keep\n\nlist:\n- 007\n---\n\nBody  \n"

    result = change(header.encode(), EntryChange(tags=("a", "b"))).decode()

    assert result == header.replace("tags: [a]", "tags: [a, b]")


def test_a_header_in_braces_is_refused_and_not_rewritten() -> None:
    with pytest.raises(RefusedError):
        change(b"---\n{title: a, tags: [b]}\n---\nBody\n", EntryChange(owner="Ann"))


@pytest.mark.parametrize("header", ["- a\n- b\n", "just words\n", "a\n", "[a, b]\n"])
def test_a_header_that_does_not_parse_is_refused(header: str) -> None:
    """FAULTS 49: the bytes of an entry that does not parse stay untouched until somebody mends it.

    https://github.com/prose/prose/issues/597
    """
    with pytest.raises(RefusedError):
        change(f"---\n{header}---\nBody\n".encode(), EntryChange(owner="Ann"))


def test_a_header_that_is_never_closed_is_refused() -> None:
    with pytest.raises(RefusedError):
        change(b"---\ntitle: a\n\nBody\n", EntryChange(owner="Ann"))
