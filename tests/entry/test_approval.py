"""An approval holds for the exact words approved, and for no others."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.entry.approval import digest, holds
from kbtui.entry.file_format import change, new, read
from kbtui.entry.model import Approval, EntryChange, NewEntry, State
from tests.entry.texts import ENTRY_ID, blocks, quick, words

_ON = "2026-11-22"
_latin = st.text("abcäöüßéçñABCÄÖÜÉÇÑ0123 .,!?*_#", max_size=30)


def _approved(question: str, answer: str) -> bytes:
    approval = Approval("Ann Lee <ann@x.org>", _ON, digest(question, answer))
    return change(new(ENTRY_ID, NewEntry(question, answer)), EntryChange(state=State.VALIDATED, approval=approval))


@given(words, st.lists(words, min_size=1, max_size=3).map("\n\n".join))
@quick
def test_an_approved_entry_is_validated(question: str, answer: str) -> None:
    entry = read("a.md", _approved(question, answer))
    assert (entry.state, entry.declared, entry.approval_holds) == (State.VALIDATED, State.VALIDATED, True)
    assert entry.approval == Approval("Ann Lee <ann@x.org>", _ON, digest(question, answer))


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"three days", b"four days"), (b"How long", b"How soon"), (b"three days", b"threedays"), (b"three", b"")],
)
def test_an_approved_entry_edited_by_any_tool_is_not_validated(before: bytes, after: bytes) -> None:
    """FAULTS 70: it is no longer shown as approved, by hash, even if edited with plain git or merged.

    https://github.com/decaporg/decap-cms/issues/1500
    """
    data = _approved("How long is it?", "It takes three days.")
    entry = read("a.md", data.replace(before, after))
    assert (entry.state, entry.declared, entry.approval_holds) == (State.NOT_VALIDATED, State.VALIDATED, False)


def test_what_is_not_said_to_callers_does_not_end_an_approval() -> None:
    data = _approved("How long is it?", "It takes three days.")
    edited = change(data, EntryChange(internal="Ask Ann.", see_also="- [a](b.md)", tags=("a",), owner="Bob"))
    assert read("a.md", edited).state is State.VALIDATED


def test_white_space_and_case_do_not_end_an_approval() -> None:
    data = _approved("How long is it?", "It takes\nthree days.")
    spaced = data.replace(b"takes\nthree", b"Takes  \n\nTHREE").replace(b"\n", b"\r\n")
    assert spaced != data
    assert read("a.md", spaced).state is State.VALIDATED


@given(_latin, _latin, st.sampled_from([" ", "\n", "\t", "  \r\n", "\u00a0"]))
@quick
def test_white_space_case_and_form_do_not_count(question: str, answer: str, space: str) -> None:
    wanted = digest(question, answer)
    assert digest(question.upper(), answer.swapcase()) == wanted
    assert digest(unicodedata.normalize("NFD", question), unicodedata.normalize("NFD", answer)) == wanted
    assert digest(space + question + space, space.join(answer.split()) + space) == wanted


def test_letter_case_does_not_count_in_greek() -> None:
    """Two lower-case forms of one capital, which casefold leaves decomposed: the case of letters does not count."""
    assert digest("ΐ", "") == digest("ΐ".upper(), "")


@given(blocks, blocks, blocks, blocks)
@quick
def test_every_word_counts(question: str, answer: str, other_question: str, other_answer: str) -> None:
    def said(text: str) -> list[str]:
        return [unicodedata.normalize("NFC", word).casefold() for word in text.split()]

    if "".join([question, answer, other_question, other_answer]).isprintable() and (
        (said(question), said(answer)) != (said(other_question), said(other_answer))
    ):
        assert digest(question, answer) != digest(other_question, other_answer)


def test_a_word_moved_from_the_question_to_the_answer_counts() -> None:
    assert digest("a b", "c") != digest("a", "b c")
    assert digest("a", "") != digest("", "a")


def test_a_digest_is_16_hex_digits() -> None:
    assert len(digest("a", "b")) == 16
    assert int(digest("a", "b"), 16) >= 0


def test_no_approval_holds_for_nothing() -> None:
    assert not holds(None, "a", "b")
    assert not holds(Approval("Ann", _ON, ""), "a", "b")
    assert not holds(Approval("Ann", _ON, digest("a", "b")), "a", "c")
    assert holds(Approval("Ann", _ON, digest("a", "b")), "a", "b")


@pytest.mark.parametrize(
    "validated",
    [
        "",
        "yes",
        "[a]",
        "{by: Ann}",
        "{text: 0123456789abcdef}",
        "{by: '', text: 0123456789abcdef}",
        "{by: [Ann], text: a}",
    ],
)
def test_an_incomplete_approval_is_none(validated: str) -> None:
    entry = read("a.md", f"---\nstate: validated\nvalidated: {validated}\n---\n# Q\n\nA\n".encode())
    assert entry.approval is None
    assert entry.state is State.NOT_VALIDATED


@pytest.mark.parametrize("state", [State.OPEN, State.NOT_VALIDATED, State.ARCHIVED])
def test_an_approval_alone_validates_nothing(state: State) -> None:
    data = change(_approved("Question", "Answer"), EntryChange(state=state))
    entry = read("a.md", data)
    assert entry.approval_holds
    assert entry.state is state
