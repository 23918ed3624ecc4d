"""Joining a question is taken back like anything else, and an asked one never goes while callers wait (F12, F36)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import pytest

from kbtui.entry.model import EntryChange, State
from kbtui.entry.taken_back import void
from kbtui.errors import RefusedError
from kbtui.knowledge import Knowledge
from kbtui.open import OpenBase
from kbtui.paths import places
from kbtui.team.sampling import Kind, Verdict
from tests.events import kinds_of
from tests.helpers import ANA, BEN, OPEN_QUESTION, REFUND, environment, opened, run_kbtui, status

AS_BEN = environment() | {"KBTUI_PERSON": str(BEN)}
pytestmark = pytest.mark.usefixtures("person")


def _waiting(knowledge: Knowledge) -> int:
    return knowledge.demand(knowledge.get(OPEN_QUESTION)).waiting


def _phrasings(knowledge: Knowledge) -> tuple[str, ...]:
    return knowledge.get(OPEN_QUESTION).asked_as


def test_a_join_is_taken_back_with_its_words_and_brought_back(base: Path, knowledge: Knowledge) -> None:
    known = _phrasings(knowledge)
    knowledge.join(OPEN_QUESTION, "voucher of the other shop")
    assert (_waiting(knowledge), len(_phrasings(knowledge))) == (2, len(known) + 1)
    undone = knowledge.undo(OPEN_QUESTION)
    assert undone.words == "Undone: the joining, 1 caller waiting (undo again brings it back)"
    assert (_waiting(knowledge), _phrasings(knowledge)) == (1, known)
    again = knowledge.undo(OPEN_QUESTION)
    assert again.words == "Undone: the undo of the joining, 2 callers waiting (undo again brings it back)"
    assert (_waiting(knowledge), _phrasings(knowledge)) == (2, (*known, "voucher of the other shop"))
    for waiting in (1, 2, 1):
        knowledge.undo(OPEN_QUESTION)
        assert _waiting(knowledge) == waiting
    knowledge.settle_events()
    with opened(base) as other:
        assert _waiting(other) == 1
    assert status(base) == ""


@pytest.mark.parametrize("is_named", [True, False])
def test_a_join_without_words_is_taken_back_and_the_question_stays(knowledge: Knowledge, is_named: bool) -> None:
    """It took back the asking, and archived the question."""
    path = knowledge.ask("Where is my lorikeet?").entry.path
    knowledge.join(path)
    assert knowledge.undo(path if is_named else "").entry.state is State.OPEN
    assert knowledge.demand(knowledge.get(path)).waiting == 1


def test_only_the_last_of_several_joins_is_taken_back(knowledge: Knowledge) -> None:
    for _ in range(3):
        knowledge.join(OPEN_QUESTION)
    assert _waiting(knowledge) == 4
    knowledge.undo(OPEN_QUESTION)
    assert _waiting(knowledge) == 3


@contextmanager
def _in_one_second(base: Path, step: int = 1) -> Iterator[Knowledge]:
    """Open a base for somebody who does everything within one second; ids rise or fall by the step."""
    soon = (dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)).replace(microsecond=0)
    moments, ids = count(1), count(2**38, step)
    parts = OpenBase(
        base,
        environment(),
        places(environment()),
        clock=lambda: soon + dt.timedelta(microseconds=next(moments)),
        random=lambda size: next(ids).to_bytes(size, "big"),
    )
    with closing(Knowledge(parts)) as knowledge:
        knowledge.refresh()
        yield knowledge


@pytest.mark.parametrize("step", [1, -1])
def test_of_two_joins_in_one_second_the_later_one_is_taken_back(base: Path, step: int) -> None:
    """Whichever has the greater id, and whichever was taken back and brought back."""
    with _in_one_second(base, step) as anas:
        asked = [anas.ask(question).entry.id for question in ("Where is the parrot?", "Who fed my cat?")]
        for each in asked:
            anas.join(each)
        for waiting in ([2, 1], [2, 2], [2, 1]):
            anas.undo()
            assert [anas.demand(anas.get(each)).waiting for each in asked] == waiting


def test_what_was_done_last_in_one_second_is_taken_back_be_it_a_save_a_join_or_a_mark(base: Path) -> None:
    """A commit knows its second only, and not always the one in which somebody saved."""
    with _in_one_second(base) as anas:
        assert anas.missed("zzyzx")
        days = anas.period("7d", "2099-01-01")
        (question,) = anas.sample(days, 5, "x").questions
        anas.join(OPEN_QUESTION)
        anas.mark_question(days, question.id, Verdict.KNOWN)
        anas.give(REFUND, "Ben Okoro")
        assert anas.unmark_last() is None
        assert anas.undo().words.startswith("Undone: the change of its owner")
        assert anas.unmark_last() is None
        anas.mark_question(days, question.id, Verdict.NEW)
        anas.join(OPEN_QUESTION)
        assert anas.unmark_last() is None
        assert anas.undo().words.startswith("Undone: the joining")
        anas.mark_question(days, question.id, Verdict.KNOWN)
        undone = anas.unmark_last()
        assert undone is not None
        assert undone.words.startswith("Undone: the mark “known”, it is “new” again")


def test_words_that_were_known_before_stay(knowledge: Knowledge) -> None:
    _, source = knowledge.opened(OPEN_QUESTION)
    knowledge.change(OPEN_QUESTION, EntryChange(asked_as=("voucher of the other shop",)), source)
    knowledge.join(OPEN_QUESTION, "voucher of the other shop")
    knowledge.undo(OPEN_QUESTION)
    assert (_waiting(knowledge), _phrasings(knowledge)) == (1, ("voucher of the other shop",))


def test_nobody_takes_back_what_somebody_else_has_joined(base: Path, knowledge: Knowledge) -> None:
    path = knowledge.ask("Where is my lorikeet?").entry.path
    with opened(base, AS_BEN) as bens:
        bens.join(path)
        bens.settle_events()
    with opened(base) as anas:
        with pytest.raises(RefusedError, match="2 callers wait for an answer to this question by now, so it stays"):
            anas.undo(path)
        with pytest.raises(RefusedError, match="2 callers wait"):
            anas.undo()
        assert anas.get(path).state is State.OPEN
        assert anas.demand(anas.get(path)).waiting == 2


def test_a_question_that_was_answered_since_is_no_longer_left(base: Path, knowledge: Knowledge) -> None:
    knowledge.join(OPEN_QUESTION)
    with opened(base, AS_BEN) as bens:
        bens.answer(OPEN_QUESTION, "No.")
    with opened(base) as anas, pytest.raises(RefusedError, match="is no open question any more"):
        anas.undo()


def test_an_asked_question_is_archived_says_so_and_comes_back(knowledge: Knowledge) -> None:
    path = knowledge.ask("Where is my lorikeet?").entry.path
    undone = knowledge.undo(path)
    assert undone.words.startswith("Archived, undo again brings it back: the question by Ana")
    assert knowledge.undo(path).entry.state is State.OPEN
    assert knowledge.demand(knowledge.get(path)).waiting == 1


def test_reports_leave_out_what_was_taken_back(base: Path, knowledge: Knowledge) -> None:
    knowledge.join(OPEN_QUESTION)
    period = knowledge.period("today", "")
    assert [each.kind for each in knowledge.sample(period, 50, "x").questions].count(Kind.JOINED) == 1
    knowledge.undo(OPEN_QUESTION)
    assert Kind.JOINED not in [each.kind for each in knowledge.sample(period, 50, "x").questions]


def test_in_line_mode(base: Path) -> None:
    env = {"KBTUI_PERSON": str(ANA)}
    assert "2 callers" in run_kbtui("join-question", "openqu22", "shop voucher", cwd=base, env=env).out
    undone = run_kbtui("undo", cwd=base, env=env)
    assert undone.out.startswith("Undone: the joining, 1 caller waiting (undo again"), undone.err
    assert kinds_of(base) == ["joined", "taken-back"]
    assert status(base) == ""


@pytest.mark.parametrize(
    ("taking", "gone"),
    [
        ({}, ""),
        ({"b": "a"}, "a"),
        ({"b": "a", "c": "b"}, "b"),
        ({"c": "b", "b": "a", "d": "c"}, "ac"),
        ({"b": "a", "c": "a"}, "a"),
        ({"b": "a", "c": "a", "d": "c"}, "ac"),
        ({"a": "a"}, ""),
        ({"a": "b", "b": "a"}, ""),
        ({"a": "bx", "b": "a", "c": "y"}, "y"),
        ({"b": "aa"}, "a"),
    ],
)
def test_what_counts_in_the_end(taking: dict[str, str], gone: str) -> None:
    named = {(each, "ana"): [(name, "ana") for name in names] for each, names in taking.items()}
    assert void(named) == {(each, "ana") for each in gone}


def test_a_long_chain_has_an_end() -> None:
    chain = {(str(n), "ana"): [(str(n - 1), "ana")] for n in range(1, 50_001)}
    assert ("0", "ana") not in void(chain)


def test_somebody_else_s_event_takes_nothing_back() -> None:
    assert void({("b", "ben"): [("a", "ben")]}) == {("a", "ben")}
