"""Files that other tools leave behind: conflict markers, mixed line ends, byte order marks, headers half written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.entry.file_format import change, read
from kbtui.entry.model import EntryChange, Severity
from tests.entry.texts import quick, words

CONFLICT = b"# Question\n\nFirst.\n\n<<<<<<< HEAD\n3 days\n=======\n7 days\n>>>>>>> other\n"


def test_conflict_markers_are_an_error_on_their_line() -> None:
    """FAULTS 48: a plain-git user commits conflict markers; the file gets a flag.

    https://github.com/xwmx/nb
    """
    problems = read("a.md", CONFLICT).problems
    assert [(problem.line, problem.severity) for problem in problems] == [(5, Severity.ERROR)]


def test_a_file_with_an_error_is_shown_as_plain_text() -> None:
    """FAULTS 48: markers are never rendered; an ERROR, says `Problem`, means that the file is shown as plain text.

    https://github.com/xwmx/nb
    """
    assert not read("a.md", CONFLICT).readable


def test_conflict_markers_with_crlf_are_an_error() -> None:
    """FAULTS 48, 56.

    https://github.com/xwmx/nb
    https://github.com/Vinzent03/obsidian-git/issues/700
    """
    problems = read("a.md", CONFLICT.replace(b"\n", b"\r\n")).problems
    assert [(problem.line, problem.severity) for problem in problems] == [(5, Severity.ERROR)]


@pytest.mark.parametrize(
    "text",
    ["Question\n=======\n\nA", "a\n\n<<<<<<< b", "> >>>>>>> a\n\n<<<<<<<", "=======", "<<<<<<<<< a\n>>>>>>>>> b"],
)
def test_what_only_looks_like_a_marker_is_no_conflict(text: str) -> None:
    assert read("a.md", text.encode()).problems == ()


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"---\n- a\n- b\n---\nWords.\n", 2),
        (b"---\njust words\n---\nWords.\n", 2),
        (b"---\ntitle: a\nWords.\n", 1),
        (b"---\n{{{\n---\nWords.\n", 2),
    ],
)
def test_a_header_that_cannot_be_read_is_shown_as_text(data: bytes, line: int) -> None:
    """FAULTS 49: an entry that does not parse is shown as text and stays searchable.

    https://github.com/prose/prose/issues/597
    """
    entry = read("topic/file-name.md", data)
    assert not entry.readable
    assert (entry.answer.strip(), entry.plain.strip()) == (data.decode().strip(), data.decode().strip())
    assert (entry.internal, entry.see_also) == ("", "")
    assert [problem.severity for problem in entry.problems] == [Severity.ERROR]
    assert 1 <= entry.problems[0].line <= line + 1


@pytest.mark.parametrize(
    "data",
    [
        b"Words.\n\n---\n\nMore.\n",
        b"---\n\nWords.\n",
        b"---\nWords and more words\n",
        b"# Question\n---\ntitle: x\n---\n",
        b"\n\n---\nWords.\n",
        b"----\ntitle: x\n----\n",
        b" ---\ntitle: x\n ---\n",
    ],
)
def test_a_rule_in_the_body_is_no_header(data: bytes) -> None:
    """FAULTS 49: `---` in the body.

    https://github.com/prose/prose/issues/597
    """
    entry = read("topic/file-name.md", data)
    assert (entry.readable, entry.problems) == (True, ())
    assert change(data, EntryChange(owner="Ann")).endswith(data)


@pytest.mark.parametrize("start", [b"\xef\xbb\xbf", b"\n\n", b" \n", b"\xef\xbb\xbf\r\n"])
@pytest.mark.parametrize("fence", [b"---\n", b"--- \n", b"---\t\r\n"])
def test_a_header_after_a_mark_or_blank_lines_is_a_header(start: bytes, fence: bytes) -> None:
    """FAULTS 49: BOM, tabs.

    https://github.com/prose/prose/issues/597
    """
    data = start + fence + b"title: How long?\nowner: Bo\n" + fence + b"Words.\n"
    entry = read("a.md", data)
    assert (entry.question, entry.owner, entry.answer, entry.problems) == ("How long?", "Bo", "Words.", ())
    assert change(data, EntryChange(owner="Ann")) == data.replace(b"owner: Bo", b"owner: Ann")


def test_tabs_in_a_header_are_forgiven() -> None:
    """FAULTS 49: tabs.

    https://github.com/prose/prose/issues/597
    """
    entry = read("a.md", b"---\ntitle:\tHow long?\ntags:\n\t- a\n\t- b\n---\nWords.\n")
    assert (entry.question, entry.tags, entry.readable) == ("How long?", ("a", "b"), True)


def test_a_header_never_closed_gives_its_own_id() -> None:
    """FAULTS 49: missing fence; keys that stand inside a list are not the entry's own.

    https://github.com/prose/prose/issues/597
    """
    data = b"---\nid: abc\nimages:\n- path: x.png\n  id: image-1\ntitle: How long?\n\nWords.\n"
    assert (read("a.md", data).id, read("a.md", data).question) == ("abc", "How long?")


@given(
    st.lists(st.sampled_from([b"\n", b"\r\n"]), min_size=12, max_size=12),
    st.sampled_from(
        [EntryChange(owner="Ann"), EntryChange(internal="I"), EntryChange(tags=("x",)), EntryChange(answer="B")]
    ),
)
@quick
def test_a_mixed_file_keeps_its_line_ends(ends: list[bytes], wanted: EntryChange) -> None:
    """FAULTS 56: CRLF checkout, a mixed file: no whole-file diff.

    https://github.com/Vinzent03/obsidian-git/issues/700
    https://github.com/Vinzent03/obsidian-git/issues/164
    """
    lines = [b"---", b"id: abc", b"tags: [a]", b"owner: Bo", b"---", b"# Q", b"", b"A", b"", b"## See also", b"", b"S"]
    old = [line + end for line, end in zip(lines, ends, strict=True)]
    usual = b"\r\n" if ends.count(b"\r\n") > 6 else b"\n"

    new = change(b"".join(old), wanted).splitlines(keepends=True)

    changed = {b"owner: Bo", b"tags: [a]", b"A", b""}
    assert [line for line in old if line in new or line.strip() in changed] == old
    added = [line for line in new if line not in old]
    assert all(line == line.strip() + usual for line in added)


@given(st.lists(words, min_size=1, max_size=3))
@quick
def test_a_crlf_file_says_the_same_as_an_lf_file(paragraphs: list[str]) -> None:
    """FAULTS 56: no false conflict.

    https://github.com/Vinzent03/obsidian-git/issues/164
    """
    text = "---\ntitle: |\n  a\n  b\ntags:\n- x\n---\n" + "\n\n".join(paragraphs) + "\n\n## Internal\n\nI\n"
    assert read("a.md", text.replace("\n", "\r\n").encode()) == read("a.md", text.encode())


def test_a_crlf_file_stays_a_crlf_file() -> None:
    """FAULTS 56: CRLF checkout, `autocrlf=true`.

    https://github.com/Vinzent03/obsidian-git/issues/700
    """
    data = b"---\r\nid: abc\r\n---\r\n# Q\r\n\r\nA\r\n"
    wanted = EntryChange(
        question="R", answer="B\n\nC", internal="I", see_also="S", tags=("x",), asked_as=("y?", "z: w")
    )
    assert change(data, wanted).replace(b"\r\n", b"").count(b"\n") == 0
