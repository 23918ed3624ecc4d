"""Where the parts of an entry begin and end; above all, what must never be read out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.entry.file_format import change, read
from kbtui.entry.model import Entry, EntryChange, Link, Severity
from tests.entry.texts import MARKDOWN_SPECIALS, thorough, words

SECRET = "s3cret"


def _entry(text: str) -> Entry:
    return read("topic/file-name.md", text.encode())


def _parts(text: str) -> tuple[str, str, str, str]:
    entry = _entry(text)
    return entry.question, entry.answer, entry.internal, entry.see_also


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("# Q\n\nA\n", ("Q", "A", "", "")),
        ("# Q\nA", ("Q", "A", "", "")),
        ("\n\n# Q #\n\n\nA\n\nB\n\n\n", ("Q", "A\n\nB", "", "")),
        ("# Q\n\nA\n\n## Internal\n\nI\n\n## See also\n\nS\n", ("Q", "A", "I", "S")),
        ("# Q\n\nA\n\n## See also\n\nS\n\n## Internal\n\nI\n", ("Q", "A", "I", "S")),
        ("# Q\n\n## Internal\n\nI\n", ("Q", "", "I", "")),
        ("# Q\n\nA\n\n## Internal\n\n## See also\n", ("Q", "A", "", "")),
        ("# Q\n\nA\n\n## Internal notes\n\nI\n", ("Q", "A", "I", "")),
        ("# Q\n\nA\n\n##   INTERNAL   ##\nI\n", ("Q", "A", "I", "")),
        ("# Q\n\nA\n\n   ## Internal\nI\n", ("Q", "A", "I", "")),
        ("# Q\n\nA\n\n##\tSee Also\nS\n", ("Q", "A", "", "S")),
        ("# Q\n\nA\n\n## Internal\n\nI\n\n## Internal\n\nJ\n", ("Q", "A", "I\n\nJ", "")),
        ("# Q\n\nA\n\n## Internal\nI\n## See also\nS\n## Internal\nJ\n", ("Q", "A", "I\n\nJ", "S")),
        ("# Q\n\nA\n\n## Other\n\nB\n", ("Q", "A\n\n## Other\n\nB", "", "")),
        ("# Q\n\nA\n\n## Internal affairs\n\nB\n", ("Q", "A\n\n## Internal affairs\n\nB", "", "")),
        ("# Q\n\nA\n\n# Internal\n\nB\n", ("Q", "A\n\n# Internal\n\nB", "", "")),
        ("# Q\n\nA\n\n### Internal\n\nB\n", ("Q", "A\n\n### Internal\n\nB", "", "")),
        ("# Q\n\nA\n\n##Internal\n\nB\n", ("Q", "A\n\n##Internal\n\nB", "", "")),
        ("# Q\n\nA\n\n    ## Internal\n\nB\n", ("Q", "A\n\n    ## Internal\n\nB", "", "")),
        ("# Q\r\n\r\nA\r\n\r\n## Internal\r\n\r\nI\r\n", ("Q", "A", "I", "")),
        ("", ("file name", "", "", "")),
        ("A\n", ("file name", "A", "", "")),
    ],
)
def test_parts(text: str, parts: tuple[str, str, str, str]) -> None:
    assert _parts(text) == parts


@pytest.mark.parametrize("heading", ["# More", "## More", "### More", "More\n===", "More\n---", "---", "# Q"])
def test_what_follows_internal_notes_stays_internal(heading: str) -> None:
    _, answer, internal, _ = _parts(f"# Q\n\nA\n\n## Internal\n\nI\n\n{heading}\n\n{SECRET}\n")
    assert answer == "A"
    assert internal == f"I\n\n{heading}\n\n{SECRET}"


@pytest.mark.parametrize(
    "block",
    [
        "```\n## Internal\n```",
        "~~~ md\n## Internal\n\n## See also\n~~~",
        "````\n```\n## Internal\n```\n````",
        "> ## Internal",
        "- a\n\n  ## Internal\n\n- b",
        "    ## Internal",
        "<!--\n## Internal\n-->",
        "<pre>\n## Internal\n</pre>",
        "`## Internal`",
        "text\n\\## Internal",
    ],
)
def test_a_heading_inside_a_block_does_not_divide(block: str) -> None:
    text = f"# Q\n\nA\n\n{block}\n\nB\n\n## Internal\n\nI\n"
    entry = _entry(text)
    assert (entry.answer, entry.internal) == (f"A\n\n{block}\n\nB", "I")
    assert entry.problems == ()


UNCLOSED = [
    *(
        "```",
        "```py",
        "~~~",
        "`````",
        "   ```",
        "<!--",
        "<!-- a",
        "<pre>",
        "<script>",
        "<style>",
        "<textarea>",
        "<?php",
    ),
    *("<!DOCTYPE", "<![CDATA[", "```\n~~~", "~~~\n```\n```", "- a\n\n```", "```\n    ```", "```\n``", "```\n~~~~"),
]


@pytest.mark.parametrize("opening", UNCLOSED)
def test_a_block_that_is_never_closed_does_not_hide_internal_notes(opening: str) -> None:
    entry = _entry(f"# Q\n\nA\n\n{opening}\ncode\n\n## Internal\n\n{SECRET}\n")
    assert entry.answer == f"A\n\n{opening}\ncode"
    assert entry.internal == SECRET
    assert [problem.severity for problem in entry.problems] == [Severity.NOTE]
    assert entry.problems[0].line == 8 + opening.count("\n")


@pytest.mark.parametrize("last", ["```", "---", "====", "-->x"])
def test_a_comment_is_not_closed_by_a_fence(last: str) -> None:
    entry = _entry(f"# Q\n\n<!--\n\n## Internal\n\n{SECRET}\n\n{last}\n")
    assert SECRET not in entry.answer
    assert SECRET in entry.internal


def test_a_hidden_heading_is_named_by_its_line_in_the_file() -> None:
    entry = _entry("---\nid: abc\n---\n# Q\n\n```\n## Internal\n\nI\n")
    assert [problem.line for problem in entry.problems] == [7]


@pytest.mark.parametrize("last", ["    ```", "\t```", "     ~~~"])
def test_an_indented_fence_closes_nothing(last: str) -> None:
    """CommonMark: a closing fence is indented by at most three spaces; with more it is code, and the block is open."""
    fence = last.strip()
    entry = _entry(f"# Q\n\n{fence}\ncode\n\n## Internal\n\n{SECRET}\n\n{last}\n")
    assert SECRET not in entry.answer
    assert SECRET in entry.internal


@pytest.mark.parametrize("opening", UNCLOSED)
@pytest.mark.parametrize("heading", ["## Internal", "  ## internal notes ##", "##\tINTERNAL"])
def test_every_spelling_of_internal_ends_an_unclosed_block(opening: str, heading: str) -> None:
    assert SECRET not in _entry(f"# Q\n\n{opening}\n\n{heading}\n\n{SECRET}").answer


_markdown = st.lists(st.one_of(words, st.sampled_from(MARKDOWN_SPECIALS)), max_size=6).map("\n".join)


@given(_markdown, words)
@thorough
def test_no_answer_hides_internal_notes(answer: str, notes: str) -> None:
    entry = _entry(f"# Q\n\n{answer}\n\n## Internal\n\n{SECRET} {notes}\n")
    assert SECRET not in entry.answer + entry.excerpt


def test_internal_notes_far_down_are_internal() -> None:
    """Beyond the lines that are read as Markdown, a heading is known by its look."""
    rows = "| a | b |\n" * 3_000
    entry = _entry(f"# Q\n\n| x | y |\n|---|---|\n{rows}\n## Internal\n\n{SECRET}\n\n## See also\n\nS\n")
    assert entry.answer.endswith("| a | b |")
    assert (entry.internal, entry.see_also) == (SECRET, "S")


def test_internal_notes_after_a_giant_line_are_internal() -> None:
    entry = _entry(f"# Q\n\n{'word ' * 20_000}\n\n## Internal\n\n{SECRET}\n")
    assert SECRET not in entry.answer
    assert entry.internal == SECRET


@pytest.mark.parametrize("lines", [1, 1_200])
def test_a_setext_heading_divides_like_any_other(lines: int) -> None:
    """A heading underlined with `---` is of level 2 for every Markdown reader, on line 10 and on line 2,000."""
    rows = "text\n\n" * lines
    assert _parts(f"Q\n===\n\n{rows}\nInternal\n--------\n\n{SECRET}\n")[2] == SECRET


@pytest.mark.parametrize("name", ["Internal", "See also"])
def test_setext_headings(name: str) -> None:
    text = f"How\nlong?\n=====\n\nA\n\n{name}\n---\n\nB\n"
    question, answer, *rest = _parts(text)
    assert (question, answer, "".join(rest)) == ("How long?", "A", "B")


def test_a_preamble_before_the_heading_belongs_to_the_answer() -> None:
    assert _parts("Before.\n\n# Q\n\nA\n") == ("Q", "Before.\n\n# Q\n\nA", "", "")


def test_without_a_heading_of_level_1_the_first_heading_is_the_question() -> None:
    assert _parts("## B\n\nx\n\n### C\n\ny\n")[0] == "B"
    assert _parts("### C\n\nx\n\n# A\n\ny\n")[0] == "A"
    assert _parts("> # quoted\n\nx\n")[0] == "file name"


def test_a_heading_is_the_question_without_its_markdown() -> None:
    entry = _entry("# How *long* is `x` & [this](b.md) ![i](j.png)? &amp; \\#1\n\nA\n")
    assert entry.question == "How long is x & this i? & #1"


def test_the_words_of_a_body() -> None:
    body = "A *b* [c](d.md)\n\n| e | f |\n|---|---|\n| g | h |\n\n```\ncode\n```\n\n<b>i</b>\n\n## Internal\n\nnotes\n"
    plain = _entry(f"# Question\n\n{body}").plain
    assert plain.split() == ["A", "b", "c", "e", "f", "g", "h", "code", "i", "notes"]


def test_the_excerpt_is_the_beginning_of_the_answer() -> None:
    entry = _entry("# Question\n\nA *b*\n\n- [c](d.md)\n\n## Internal\n\nnotes\n")
    assert entry.excerpt == "A b c"
    assert _entry(f"# Question\n\n{'word ' * 500}").excerpt.startswith("word word")
    assert _entry("# Question\n\n## Internal\n\nnotes\n").excerpt == ""


def test_links_and_their_lines() -> None:
    links = _entry("---\nid: a\n---\n# Q [q](q.md)\n\nA [b *c*](d.md#e)\n\n- <http://x.y>\n").links
    assert links == (Link("q", "q.md", 4), Link("b c", "d.md#e", 6), Link("http://x.y", "http://x.y", 8))


@pytest.mark.parametrize(
    ("data", "wanted", "expected"),
    [
        ("# Q\n\nA\n", EntryChange(internal="I"), "# Q\n\nA\n\n## Internal\n\nI\n"),
        ("# Q\n\nA", EntryChange(see_also="S"), "# Q\n\nA\n\n## See also\n\nS\n"),
        ("# Q\n\nA\n", EntryChange(see_also="S", internal="I"), "# Q\n\nA\n\n## Internal\n\nI\n\n## See also\n\nS\n"),
        ("# Q\n\nA\n\n## See also\n\nS\n", EntryChange(answer="B"), "# Q\n\nB\n\n## See also\n\nS\n"),
        ("# Q\n\nA\n\n## See also\n\nS\n", EntryChange(see_also="T"), "# Q\n\nA\n\n## See also\n\nT\n"),
        ("# Q\n\nA\n", EntryChange(question="R"), "# R\n\nA\n"),
        ("Q\n=\n\nA\n", EntryChange(question="R"), "# R\n\nA\n"),
        ("A\n", EntryChange(question="R"), "# R\n\nA\n"),
        ("# Q\r\n\r\nA\r\n", EntryChange(internal="I"), "# Q\r\n\r\nA\r\n\r\n## Internal\r\n\r\nI\r\n"),
        ("# Q\n\nA\n", EntryChange(answer="A"), "# Q\n\nA\n"),
    ],
)
def test_a_changed_part_stands_where_it_belongs(data: str, wanted: EntryChange, expected: str) -> None:
    assert change(data.encode(), wanted).decode() == expected


@pytest.mark.parametrize("part", ["internal", "see_also"])
def test_a_removed_part_leaves_every_other_byte(part: str) -> None:
    """`change` keeps every other byte as it was: no blank line is added with each part that goes."""
    data = b"# Q\n\nA\n\n## Internal\n\nI\n\n## See also\n\nS\n"
    head, internal, see_also = data[:8], data[8:24], data[24:]
    wanted = EntryChange(internal="") if part == "internal" else EntryChange(see_also="")
    assert change(data, wanted) == head + (see_also if part == "internal" else internal)


def test_new_internal_notes_stand_before_the_links() -> None:
    data = b"# Q\n\nA\n\n## See also\n\nS\n"
    result = change(data, EntryChange(internal="I"))
    assert _parts(result.decode()) == ("Q", "A", "I", "S")
    assert result.index(b"## Internal") < result.index(b"## See also")


def test_repeated_internal_notes_become_one() -> None:
    data = b"# Q\n\nA\n\n## Internal\n\nI\n\n## See also\n\nS\n\n## Internal\n\nJ\n"
    result = change(data, EntryChange(internal="K")).decode()
    assert _parts(result) == ("Q", "A", "K", "S")
    assert result.count("## Internal") == 1


@pytest.mark.parametrize("data", ["", "---\nid: abc\n---\n", "\n", "---\nid: abc\n---"])
def test_a_question_and_an_answer_for_a_file_that_has_neither(data: str) -> None:
    result = change(data.encode(), EntryChange(question="Question", answer="Answer"))
    assert _parts(result.decode()) == ("Question", "Answer", "", "")
