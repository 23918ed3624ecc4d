"""What a header's keys mean: kbtui's own, those of other bases, and those that make no sense."""

from __future__ import annotations

import pytest

from kbtui.entry.file_format import change, read
from kbtui.entry.model import Entry, EntryChange, Severity, State
from kbtui.errors import RefusedError


def _entry(header: str, body: str = "Words.\n", path: str = "topic/a-file_name.md") -> Entry:
    return read(path, f"---\n{header}\n---\n{body}".encode())


@pytest.mark.parametrize(
    ("header", "question"),
    [
        ("question: How long?", "How long?"),
        ("title: How long?", "How long?"),
        ("question: How long?\ntitle: Other", "How long?"),
        ("title: Other\nquestion: How long?", "How long?"),
        ("question:\ntitle: How long?", "How long?"),
        ("question: [a]\ntitle: How long?", "How long?"),
        ("title: 'How long?'", "How long?"),
        ('title: "How\\tlong?"', "How long?"),
        ("title: How\n  long?", "How long?"),
        ("title: >\n  How\n\n  long?", "How long?"),
        ("title: Error: how long?", "Error: how long?"),
        ("title: Error: 'how' long? # why", "Error: 'how' long? # why"),
        ('title: "How" long?', '"How" long?'),
        ("title: no", "no"),
        ("title: 12:30", "12:30"),
        ("title: 007", "007"),
        ("title: 2026-01-01", "2026-01-01"),
        ("title:", "a file name"),
        ("title: ''", "a file name"),
        ("title: ~", "a file name"),
        ("title: null", "a file name"),
        ("title: [a, b]", "a file name"),
        ("Title: How long?", "a file name"),
        ("other: x", "a file name"),
    ],
)
def test_the_question(header: str, question: str) -> None:
    """FAULTS 51: `no`, `12:30`, `007`, `2026-01-01` as a title survive. Measured: PyYAML gave False, 750, 7, a date."""
    assert _entry(header).question == question


def test_a_header_outweighs_a_heading() -> None:
    entry = _entry("title: How long?", "# Other\n\nWords.\n")
    assert (entry.question, entry.answer) == ("How long?", "# Other\n\nWords.")


def test_an_unquoted_colon_is_noted_on_its_line() -> None:
    entry = _entry("id: abc\ntitle: Error: x\ntags: [a, b]\nowner: Ann")
    assert (entry.id, entry.tags, entry.owner) == ("abc", ("a", "b"), "Ann")
    assert [(problem.line, problem.severity) for problem in entry.problems] == [(3, Severity.NOTE)]


@pytest.mark.parametrize("value", ["!Bangs", "!important note", "!"])
def test_a_value_with_an_exclamation_mark_stays_the_text_that_was_typed(value: str) -> None:
    """YAML takes the word for a tag; `_yaml` says that there are no tags and every scalar stays what was typed."""
    assert _entry(f"title: {value}").question == value


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ("tags: [a, b]", ("a", "b")),
        ("tags:\n- a\n- b", ("a", "b")),
        ("tags: a, b ,, c", ("a", "b", "c")),
        ("tags: a", ("a",)),
        ("tags: ['a, b', c]", ("a, b", "c")),
        ("tags: [a, a, b]", ("a", "b")),
        ("tags: [no, 12:30, 007, ~, 2026-01-01, 'x']", ("no", "12:30", "007", "~", "2026-01-01", "x")),
        ("tags: [' a  b ', '']", ("a b",)),
        ("tags: [[a], {b: c}, d]", ("d",)),
        ("tags: {a: b}", ()),
        ("tags: []\nlabels: x", ("x",)),
        ("labels: x,y", ("x", "y")),
        ("categories: [x, y]", ("x", "y")),
        ("category: x", ("x",)),
        ("keywords: x; y", ("x; y",)),
        ("tags: a\ncategories: [b]", ("a",)),
        ("tags:", ()),
    ],
)
def test_tags_of_other_bases(header: str, tags: tuple[str, ...]) -> None:
    """FAULTS 51: `no`, `12:30`, `007`, `2026-01-01`, `~` as a tag survive. Measured with PyYAML."""
    assert _entry(header).tags == tags


@pytest.mark.parametrize(
    ("value", "expected"),
    [("2027-03-31", "2027-03-31"), ("'2027-03-31'", "2027-03-31"), ("", ""), ("2024-02-29", "2024-02-29")],
)
def test_a_date(value: str, expected: str) -> None:
    entry = _entry(f"check_by: {value}")
    assert (entry.check_by, entry.problems) == (expected, ())


@pytest.mark.parametrize(
    "value",
    ["31.3.2027", "2027-02-30", "2027-3-1", "20270331", "2027-W13-3", "soon", "2027-03-31T10:00", "[a]", "٢٠٢٧-٠٣-٣١"],
)
def test_what_is_no_date_is_noted(value: str) -> None:
    entry = _entry(f"id: abc\ncheck_by: {value}")
    assert entry.check_by == ""
    assert [(problem.line, problem.severity) for problem in entry.problems] == [(3, Severity.NOTE)]


@pytest.mark.parametrize("state", list(State))
def test_a_state(state: State) -> None:
    entry = _entry(f"state: {state}")
    assert (entry.declared, entry.problems) == (state, ())
    assert state.words
    assert len(state.sign) == 1


@pytest.mark.parametrize("value", ["Validated", "draft", "true", "not validated"])
def test_what_is_no_state_is_noted(value: str) -> None:
    entry = _entry(f"id: abc\nstate: {value}")
    assert entry.declared is State.NOT_VALIDATED
    assert [(problem.line, problem.severity) for problem in entry.problems] == [(3, Severity.NOTE)]


def test_the_state_of_a_file_that_names_none() -> None:
    assert _entry("id: a").state is State.NOT_VALIDATED
    assert _entry("id: a", "# Question\n").state is State.OPEN
    assert _entry("id: a", "# Question\n\n## Internal\n\nnotes\n").state is State.OPEN
    assert _entry("state: validated").state is State.NOT_VALIDATED
    assert _entry("state: archived").state is State.ARCHIVED


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("true", True),
        ("yes", True),
        ("On", True),
        ("1", True),
        ("no", False),
        ("0", False),
        ("", False),
        ("[yes]", False),
    ],
)
def test_pinned(value: str, *, expected: bool) -> None:
    assert _entry(f"pinned: {value}").pinned is expected


def test_single_values_are_one_line() -> None:
    entry = _entry("owner: |\n  Ann\n  Lee\nreplaced_by: ' x '\nasked_as: one phrase, with a comma")
    assert (entry.owner, entry.replaced_by) == ("Ann Lee", "x")
    assert entry.asked_as == ("one phrase, with a comma",)


@pytest.mark.parametrize("header", ["owner: [a]", "owner: {a: b}", "owner: ~x", "owner:"])
def test_odd_owners(header: str) -> None:
    assert _entry(header).owner == ("~x" if "~" in header else "")


@pytest.mark.parametrize("header", ["id: &a x\nb: *a", "id: *a", "tags: [&a x, *a]", "id: &a x"])
def test_anchors_and_aliases_are_text(header: str) -> None:
    """FAULTS 75: no aliases, so that a header cannot grow. Measured on safe_load: the bomb is accepted in 7 ms."""
    entry = _entry(f"title: &b Who?\n{header}")
    assert (entry.readable, entry.question) == (True, "&b Who?")
    assert [problem.severity for problem in entry.problems] == [Severity.NOTE]


def test_a_key_that_is_there_twice_is_noted_on_the_second_line() -> None:
    entry = _entry("tags: [a]\nid: abc\ntags: [b]")
    assert entry.tags == ("b",)
    assert [(problem.line, problem.severity) for problem in entry.problems] == [(4, Severity.NOTE)]


def test_a_header_that_is_too_large_is_an_error() -> None:
    entry = _entry(f"title: How long?\nx: {'y' * 17_000}")
    assert not entry.readable
    assert [problem.severity for problem in entry.problems] == [Severity.ERROR]
    assert "Words." in entry.answer


@pytest.mark.parametrize("wanted", [EntryChange(check_by="soon"), EntryChange(check_by="2027-02-30")])
def test_a_date_that_is_none_is_refused(wanted: EntryChange) -> None:
    with pytest.raises(RefusedError):
        change(b"# Question\n", wanted)


@pytest.mark.parametrize(
    "wanted",
    [
        EntryChange(tags=()),
        EntryChange(asked_as=()),
        EntryChange(owner=""),
        EntryChange(check_by=""),
        EntryChange(pinned=False),
    ],
)
def test_an_empty_value_removes_its_key(wanted: EntryChange) -> None:
    header = "tags: [a]\nasked_as:\n  - b\nowner: Ann\ncheck_by: 2027-03-31\npinned: true\n"
    data = f"---\n{header}---\nWords.\n".encode()
    key = next(name for name in EntryChange.__slots__ if getattr(wanted, name) is not None)

    result = change(data, wanted).decode()

    assert f"{key}:" not in result
    assert result.count("\n") == data.decode().count("\n") - (2 if key == "asked_as" else 1)


@pytest.mark.parametrize("key", ["question", "title"])
def test_a_question_is_changed_where_it_stands(key: str) -> None:
    data = f"---\nid: abc\n{key}: 'Old: one' # why\nx: y\n---\n# Heading\n\nWords.\n".encode()
    result = change(data, EntryChange(question="New: one"))
    assert result == data.replace(b"'Old: one' # why", b"'New: one'")


def test_a_question_in_a_heading_is_changed_there() -> None:
    data = b"---\nid: abc\n---\n# Old *one*\n\nWords.\n"
    assert change(data, EntryChange(question="New one")) == data.replace(b"Old *one*", b"New one")
