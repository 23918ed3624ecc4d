"""What is typed into a new entry reads back as typed, or is refused; it is never something else."""

from __future__ import annotations

import unicodedata

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from kbtui.entry.file_format import new, read
from kbtui.entry.model import Entry, NewEntry, State
from kbtui.entry.text import one_line
from kbtui.errors import RefusedError
from tests.entry.texts import (
    ENTRY_ID,
    YAML_SURPRISES,
    as_block,
    blocks,
    composed,
    is_said,
    lines,
    thorough,
    values,
    words,
)

SECRET = "s3cret"
_lists = st.lists(lines, max_size=4).map(tuple)


def _read(typed: NewEntry) -> Entry:
    return read(f"topic/{ENTRY_ID}.md", new(ENTRY_ID, typed))


def _as_list(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in map(one_line, texts) if text))


def _safe_header(data: bytes) -> dict[str, object]:
    """Return the header of `data` as any other YAML reader sees it."""
    header = data.decode().split("---\n")[1]
    loaded = yaml.safe_load(header)
    assert isinstance(loaded, dict)
    return loaded


@given(st.builds(NewEntry, question=lines, answer=blocks, internal=blocks, tags=_lists, asked_as=_lists, owner=lines))
@thorough
def test_it_reads_back_as_typed_or_is_refused(typed: NewEntry) -> None:
    try:
        entry = _read(typed)
    except RefusedError:
        return
    assert composed(entry.question) == composed(one_line(typed.question))
    assert is_said(entry.answer, as_block(typed.answer))
    assert is_said(entry.internal, as_block(typed.internal))
    assert (entry.tags, entry.asked_as) == (_as_list(typed.tags), _as_list(typed.asked_as))
    assert entry.owner == one_line(typed.owner)
    assert entry.id == ENTRY_ID
    assert entry.readable


@given(question=lines)
@example(question="😀")
@example(question="a\\")
@thorough
def test_a_question_reads_back_as_typed(question: str) -> None:
    """FAULTS 51: `no`, `12:30`, `007`, `2026-01-01`, `~` typed as a title survive (measured with PyYAML)."""
    if not one_line(question):
        with pytest.raises(RefusedError):
            _read(NewEntry(question))
        return
    assert composed(_read(NewEntry(question, "Words.")).question) == composed(one_line(question))


@given(answer=blocks)
@thorough
def test_an_answer_reads_back_as_typed_or_is_refused(answer: str) -> None:
    try:
        entry = _read(NewEntry("Question", answer))
    except RefusedError:
        return
    assert is_said(entry.answer, as_block(answer))
    assert (entry.question, entry.internal, entry.see_also) == ("Question", "", "")


@given(answer=blocks, internal=st.lists(blocks, min_size=1, max_size=3))
@example(answer="```", internal=["x"])
@example(answer="- ```", internal=["x"])
@example(answer="~~~~ x", internal=["```", "```"])
@example(answer="<!-- ", internal=["-->"])
@example(answer="<pre>", internal=["</pre>"])
@example(answer="<script>\n", internal=["x"])
@example(answer="<![CDATA[", internal=["x"])
@example(answer="<?", internal=["x"])
@example(answer="<!X", internal=["x"])
@example(answer="<div>", internal=["x"])
@example(answer="[a]:\n", internal=["x"])
@example(answer="a\n=", internal=["x"])
@thorough
def test_internal_notes_never_appear_in_the_answer(answer: str, internal: list[str]) -> None:
    notes = f"{SECRET}\n".join(["", *internal, ""])
    try:
        entry = _read(NewEntry("Question", answer, notes))
    except RefusedError:
        return
    assert SECRET in entry.internal
    assert SECRET not in entry.answer + entry.excerpt
    assert SECRET not in entry.question
    assert SECRET not in entry.see_also


@given(st.lists(words, min_size=1, max_size=4), st.lists(words, max_size=3), st.lists(values, max_size=3), values)
@thorough
def test_plain_words_are_never_refused(answer: list[str], internal: list[str], items: list[str], question: str) -> None:
    typed = NewEntry(question, "\n\n".join(answer), "\n".join(internal), tuple(items), tuple(items), question)

    entry = _read(typed)

    assert (entry.question, entry.answer, entry.internal) == (composed(question), typed.answer, typed.internal)
    assert (entry.tags, entry.asked_as, entry.owner) == (_as_list(typed.tags), _as_list(typed.asked_as), question)
    assert entry.problems == ()


@pytest.mark.parametrize("text", [text for text in YAML_SURPRISES if text == one_line(text) != ""])
def test_yaml_surprises_survive(text: str) -> None:
    """FAULTS 51: typed as tag or title they survive. PyYAML gave False, 750, 7, a date, None (measured)."""
    entry = _read(NewEntry(text, "Words.", tags=(text, "b"), asked_as=(text,), owner=text))
    assert (entry.question, entry.tags, entry.asked_as, entry.owner) == (composed(text), (text, "b"), (text,), text)


@given(text=values.filter(lambda text: text != "0x1F"))
@thorough
def test_another_yaml_reader_sees_the_same_text(text: str) -> None:
    """FAULTS 51: nothing is written that YAML 1.1 reads as something else; dates and simple numbers stay bare.

    Simple numbers and ISO dates are what `_yaml.scalar` says it leaves bare.
    """
    header = _safe_header(new(ENTRY_ID, NewEntry("Question", "Words.", tags=(text, "other tag"), owner=text)))
    if text[:1].isdigit() and not isinstance(header["owner"], str):
        assert str(header["owner"]) == text
        return
    assert (header["owner"], header["tags"]) == (text, [text, "other tag"])


@pytest.mark.parametrize("text", ["0x1F", "0xDEADBEEF", "0b101"])
def test_a_number_in_another_base_stays_text(text: str) -> None:
    """FAULTS 51: what other YAML readers would turn into another number is quoted. Measured with PyYAML: 31."""
    header = _safe_header(new(ENTRY_ID, NewEntry("Question", "Words.", tags=(text, "other tag"), owner=text)))
    assert (header["owner"], header["tags"]) == (text, [text, "other tag"])


@pytest.mark.parametrize("text", ["2026-02-30", "0000-00-00", "1234-56-78"])
def test_what_only_looks_like_a_date_is_text(text: str) -> None:
    """FAULTS 51: ISO dates stay bare; written bare, these are no dates and PyYAML cannot load the header."""
    assert _safe_header(new(ENTRY_ID, NewEntry("Question", "Words.", owner=text)))["owner"] == text


@given(st.builds(NewEntry, question=values, tags=_lists, asked_as=_lists, owner=lines))
@thorough
def test_a_new_entry_has_no_problem_to_mend(typed: NewEntry) -> None:
    """What kbtui writes is strict YAML, so that every other reader understands it too."""
    if any(character in text for text in (*typed.tags, *typed.asked_as, typed.owner) for character in "\ufffe\uffff"):
        return  # test_a_character_that_yaml_forbids_is_not_written
    assert _read(typed).problems == ()


@pytest.mark.parametrize("character", ["\ufffe", "\uffff"])
def test_a_character_that_yaml_forbids_is_not_written(character: str) -> None:
    """`new` writes a header that `read` itself does not report as broken YAML."""
    try:
        entry = _read(NewEntry("Question", "Words.", owner=f"Ann{character}"))
    except RefusedError:
        return
    assert entry.problems == ()


@pytest.mark.parametrize("question", ["", " ", "\n\t", "\x00", "\u200b", "\x1b[31m", "\u202e"])
def test_a_question_of_nothing_is_refused(question: str) -> None:
    with pytest.raises(RefusedError):
        new(ENTRY_ID, NewEntry(question, "An answer"))


@pytest.mark.parametrize(
    "heading", ["## Internal", "## internal notes", "## See also", "Internal\n---", "##\tINTERNAL ##"]
)
def test_an_answer_with_a_dividing_heading_is_refused(heading: str) -> None:
    with pytest.raises(RefusedError):
        new(ENTRY_ID, NewEntry("Question", f"Before\n\n{heading}\n\nAfter"))


@pytest.mark.parametrize("unclosed", ["```\ncode", "~~~ py\ncode", "<!-- note", "<pre>\ntext", "text\n\n<script>"])
def test_an_unclosed_block_is_closed(unclosed: str) -> None:
    entry = _read(NewEntry("Question", unclosed, "Notes"))

    assert entry.answer.startswith(unclosed + "\n")
    assert (entry.internal, entry.problems) == ("Notes", ())


def test_an_entry_without_an_answer_is_an_open_question() -> None:
    assert _read(NewEntry("Question")).state is State.OPEN
    assert _read(NewEntry("Question", " \n ")).state is State.OPEN
    assert _read(NewEntry("Question", "Words.")).state is State.NOT_VALIDATED


def test_a_question_is_stored_in_nfc() -> None:
    """FAULTS 55: titles are stored NFC, so that two forms of one name are one name.

    https://github.com/owncloud/client/issues/6338
    https://github.com/libgit2/libgit2/issues/3496
    """
    question = "Wo ist die Übersicht?"
    data = new(ENTRY_ID, NewEntry(unicodedata.normalize("NFD", question), "Words."))
    assert question in data.decode()


@pytest.mark.parametrize("entry_id", ["../x", "/etc/passwd", "a\\b", "a\x00b", "a\nstate: validated"])
def test_an_unsafe_id_is_not_written(entry_id: str) -> None:
    """FAULTS 74: slug or id with `../`, absolute path, NUL, backslash: refused.

    https://github.com/Linbreux/wikmd/issues/80
    """
    with pytest.raises(RefusedError):
        new(entry_id, NewEntry("Question", "Words."))


def test_two_versions_side_by_side_are_not_written() -> None:
    """FAULTS 48: what looks like an unfinished merge is refused with a sentence; it would be shown as plain text.

    https://github.com/xwmx/nb
    """
    with pytest.raises(RefusedError, match="answer"):
        new(ENTRY_ID, NewEntry("Question", "<<<<<<< HEAD\nmine\n=======\nyours\n>>>>>>> other"))
