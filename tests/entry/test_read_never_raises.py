"""Whatever bytes a file holds, `read` returns an entry, soon, and with nothing in it that could harm a terminal."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kbtui.entry.file_format import MAX_ENTRY_BYTES, change, read
from kbtui.entry.model import Entry, EntryChange, Severity
from kbtui.entry.text import one_line
from kbtui.errors import RefusedError
from tests.entry.hand_written import HandWritten, hand_written
from tests.entry.texts import HOSTILE, MARKDOWN_SPECIALS, YAML_SURPRISES, blocks, is_harmless, thorough, within

SOON = 10.0
"""Seconds, generous: on an idle computer the slowest file here takes about one and a half."""

MEBI = 1024 * 1024

_pieces = st.sampled_from(
    [
        *(text.encode("utf-8", "surrogatepass") for text in (*YAML_SURPRISES, *MARKDOWN_SPECIALS, *HOSTILE)),
        *(b"---", b"---", b"\n", b"\n", b"\r\n", b"\xef\xbb\xbf", b"tags: ", b"title: ", b"authority: ", b"limits: "),
        *(
            b"  action: a\n",
            b"    - {role: a, up_to: 1e9}\n",
            b"validated: {by: a, text: b}\n",
            b"check_by: 2026-02-30\n",
        ),
        *(b"\xff", b"\xc3", b"\xed\xa0\x80", b"# Q\n", b"## Internal\n", b"## See also\n", b"\n\n", b" ", b"\t"),
    ]
)
_files = st.one_of(st.binary(max_size=200), st.lists(_pieces, max_size=25).map(b"".join))


def _texts(value: object) -> list[str]:
    """Return every text inside an entry, however deep."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for item in value for text in _texts(item)]
    if dataclasses.is_dataclass(value):
        return [text for field in dataclasses.fields(value) for text in _texts(getattr(value, field.name))]
    return []


def _read(data: bytes) -> Entry:
    with within(SOON):
        return read("topic/an-entry.md", data)


@given(_files)
@example(b"---\n---\n---\n")
@example(b"\xef\xbb\xbf---\n")
@thorough
def test_any_bytes_are_an_entry(data: bytes) -> None:
    entry = _read(data)
    assert entry.question
    assert entry.id
    assert entry.excerpt == one_line(entry.excerpt)
    assert len(entry.excerpt) <= 240
    assert all(is_harmless(text) for text in _texts(entry))
    assert all(1 <= problem.line <= data.count(b"\n") + 2 for problem in entry.problems)


@given(hand_written(), st.binary(max_size=3), st.data())
@thorough
def test_a_damaged_header_is_an_entry(file: HandWritten, damage: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(file.data)))
    end = data.draw(st.integers(place, min(place + 4, len(file.data))))
    assert _read(file.data[:place] + damage + file.data[end:]).question


@given(blocks)
@thorough
def test_any_text_is_an_entry(text: str) -> None:
    assert _read(text.encode("utf-8", "surrogatepass")).question


@given(st.text(st.characters(exclude_categories=["Cs"])))
@thorough
def test_any_path_is_an_entry(path: str) -> None:
    entry = read(path, b"Words.")
    assert entry.path == path
    assert is_harmless(entry.question)


@pytest.mark.parametrize("half", [0xDC80, 0xD800])
def test_a_file_name_that_is_no_unicode_is_an_entry(half: int) -> None:
    """`read` never raises: Linux gives odd bytes as U+DC80 and up, Windows any lone surrogate."""
    assert read(f"{chr(half)}.md", b"Words.").answer == "Words."


def _header(lines: str) -> bytes:
    return f"---\n{lines}\n---\n# Question\n\nWords.\n".encode()


def _nested(depth: int) -> str:
    return "\n".join(f"{' ' * level}a:" for level in range(depth))


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)

HEADERS = {
    "bomb": BOMB,
    "nested maps": _nested(170),
    "nested 500 in brackets": "a: " + "[" * 500 + "]" * 500,
    "nested 500 in braces": "a: " + "{a: " * 500 + "}" * 500,
    "open brackets": "a: " + "[" * 16_000,
    "nested lists": "a:\n" + "- " * 8_000,
    "many keys": "\n".join(f"k{number}:" for number in range(2_000)),
    "many keys that are not strict": "\n".join(f"k{number}: a: b" for number in range(1_200)),
    "many items": "tags: [" + "a," * 8_000 + "]",
    "quotes": 'a: "' + "\\" * 16_000,
    "colons": "a: " + ": " * 8_000,
    "question marks": "a:\n" + "? " * 8_000,
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_hostile_header_is_bounded(name: str) -> None:
    """FAULTS 75: YAML bomb and 500-deep nesting: bounded time and memory.

    Measured: safe_load accepts the bomb in 7 ms, then walking it does not end within 8 s; nesting of
    500 raises RecursionError.
    """
    entry = _read(_header(HEADERS[name]))
    assert "Words." in entry.answer
    assert sum(map(len, _texts(entry))) < 20 * len(HEADERS[name]) + 1_000


@pytest.mark.parametrize("name", ["bomb", "nested maps", "nested 500 in brackets", "open brackets", "many items"])
def test_a_header_beyond_the_limits_is_a_problem(name: str) -> None:
    """FAULTS 75: what goes beyond the limits is said, and the text is still there."""
    assert _read(_header(HEADERS[name])).problems


@pytest.mark.parametrize(
    "line", [f"z:{' ' * 15_000}", f"- {' ' * 15_000}", f"z{' ' * 15_000}:x y", f"z: a{' ' * 15_000}b"]
)
def test_white_space_in_a_header_that_is_not_strict_is_bounded(line: str) -> None:
    """FAULTS 75: bounded time, for a header within the size limit that is read line by line."""
    with within(3.0):
        assert _read(_header(f"a: b: c\n{line}")).question == "Question"


BODIES = {
    "a table of 100,000 lines": b"| a | b |\n|---|---|\n" + b"| 1 | 2 |\n" * 100_000,
    "a giant line": b"word " * 200_000,
    "a giant word": b"x" * MEBI,
    "empty lines": b"\n" * MEBI,
    "empty lines with CR": b"\r\n" * (MEBI // 2),
    "NUL bytes": b"\x00" * MEBI,
    "no UTF-8": b"\xff" * MEBI,
    "escapes": b"\x1b]52;c;" * (MEBI // 8),
    "rules": b"---\n" * (MEBI // 4),
    "dividers": b"## Internal\n" * 80_000,
    "brackets": b"[" * 32_000,
    "images": b"![" * 16_000,
    "stars": b"*a_" * 10_000,
    "ticks": b"`a``" * 8_000,
    "quotes of quotes": b">" * 500 + b" a",
    "lists in lists": b"- " * 500 + b"a",
    "deep lists": b"\n".join(b"  " * level + b"- a" for level in range(120)),
    "tags": b"<a " * 10_000,
    "tags far down": b"a\n" * 1_000 + b"<" * 900_000,
    "comments far down": b"a\n" * 1_000 + b"<!--" * 200_000,
    "entities far down": b"a\n" * 1_000 + b"&#1" * 200_000,
    "a header never closed": b"---\ntitle: " + b"[a," * 300_000,
    "a header never closed, of white space": b"---\ntitle: a: b\n- " + b" " * 900_000 + b"x\n",
}


@pytest.mark.parametrize("name", BODIES)
def test_a_hostile_body_is_bounded(name: str) -> None:
    """FAULTS 75: 100,000-line table and worse: bounded time, and something to show.

    Measured on PyYAML's safe_load and on Markdown parsers without a limit.
    """
    data = BODIES[name][:MAX_ENTRY_BYTES]
    entry = _read(data)
    assert entry.question
    assert len(entry.plain) <= 2 * len(data)


def test_a_file_of_50_megabytes_shows_its_beginning() -> None:
    """FAULTS 75: 50 MB entry: bounded time and memory, measured by what is kept of it."""
    entry = _read(b"Words. " * (50 * MEBI // 7))
    assert entry.answer.startswith("Words. Words.")
    assert len(entry.answer) <= MEBI
    assert not entry.readable
    assert [problem.severity for problem in entry.problems] == [Severity.ERROR]


def test_a_file_of_50_megabytes_is_not_changed() -> None:
    with pytest.raises(RefusedError):
        change(b"x" * 50 * MEBI, EntryChange(owner="Ann"))


def test_a_table_of_100_000_lines_keeps_its_last_line() -> None:
    """FAULTS 75: 100,000-line table: bounded, and nothing of it is lost from the answer or from the index."""
    rows = b"".join(b"|%d|\n" % number for number in range(100_000))
    entry = _read(b"# Question\n\n|a|\n|-|\n" + rows)
    assert entry.answer.endswith("|99999|")
    assert "99999" in entry.plain


def test_bytes_that_are_no_utf8_are_a_problem_with_its_line() -> None:
    entry = _read(b"# Question\n\nGr\xfc\xdfe\n")
    assert entry.answer == "Gr\ufffd\ufffde"
    assert [problem.line for problem in entry.problems] == [3]
    assert entry.readable


def test_nul_bytes_are_taken_out() -> None:
    entry = _read(b"# Ques\x00tion\n\nWo\x00rds.\n")
    assert (entry.question, entry.answer) == ("Question", "Words.")
