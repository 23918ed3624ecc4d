"""Two entries changed as one deed (`Capture.keep_both`): both or none, told as it is, taken back together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kbtui.entry.model import NewEntry, State
from kbtui.errors import NotSavedError
from kbtui.git.operations import log_of
from kbtui.git.saver import BaseLock, Saver
from kbtui.knowledge import Knowledge
from kbtui.store.files import EntryFiles
from kbtui.store.journal import Journal, SaveRecord
from tests.helpers import ANA, PASSWORD, commits, git, journal_of, opened, parts_of, status

TWIN = "My password is lost, what now?"


@pytest.fixture
def knowledge(base: Path) -> Iterator[Knowledge]:
    with opened(base, {"KBTUI_PERSON": str(ANA)}) as knowledge:
        yield knowledge


@pytest.fixture
def twin(knowledge: Knowledge) -> str:
    """Return the path of an entry that is to be merged into the one about passwords."""
    return knowledge.new(NewEntry(TWIN, answer="Ask.", tags=("keys",))).entry.path


@contextmanager
def disk_full_for(path: str) -> Iterator[None]:
    """Let the disk take no bytes of one entry."""
    write = EntryFiles.write

    def refusing(files: EntryFiles, name: str, data: bytes) -> None:
        if name == path:
            raise NotSavedError("The disk is full.", "Make room.")
        write(files, name, data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EntryFiles, "write", refusing)
        yield


def _noted(base: Path) -> list[str]:
    """Return the save ids that the operation log has of merges."""
    lines = log_of(parts_of(base).repository).read_text().splitlines()
    return [line["save"] for line in map(json.loads, lines) if line["action"] == "merge"]


def test_a_second_half_that_the_disk_does_not_take_waits_and_is_told(
    base: Path, knowledge: Knowledge, twin: str
) -> None:
    with disk_full_for(twin):
        saved = knowledge.merge(twin, PASSWORD)
    assert not saved.is_committed
    assert f"“{TWIN}”: Saved on this computer; waiting for" in saved.words
    assert TWIN in knowledge.get(PASSWORD).asked_as
    assert [each.path for each in journal_of(base).pending()] == [twin]
    assert knowledge.recover() == 1
    assert knowledge.get(twin).state is State.ARCHIVED
    assert status(base) == ""


def test_of_a_first_half_that_the_disk_does_not_take_nothing_is_left(
    base: Path, knowledge: Knowledge, twin: str
) -> None:
    before = git(base, "rev-parse", "HEAD")
    with disk_full_for(PASSWORD), pytest.raises(NotSavedError):
        knowledge.merge(twin, PASSWORD)
    assert journal_of(base).pending() == []
    assert (git(base, "rev-parse", "HEAD"), status(base)) == (before, "")


def test_each_half_is_noted_and_committed_once(base: Path, knowledge: Knowledge, twin: str) -> None:
    before = commits(base)
    assert knowledge.merge(twin, PASSWORD).is_committed
    assert commits(base) == before + 2
    noted = _noted(base)
    assert len(noted) == len(set(noted)) == 2


def test_a_crash_between_the_two_records_leaves_the_half_that_takes_nothing_away(
    base: Path, knowledge: Knowledge, twin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(BaseException):
        pass

    keep, kept = Journal.keep, list[str]()

    def dying(journal: Journal, record: SaveRecord) -> None:
        if kept:
            raise Died
        kept.append(record.path)
        keep(journal, record)

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "keep", dying)
        with pytest.raises(Died):
            knowledge.merge(twin, PASSWORD)
    knowledge.recover()
    assert knowledge.get(twin).state is not State.ARCHIVED
    assert TWIN in knowledge.get(PASSWORD).asked_as
    assert status(base) == ""


def test_a_second_record_that_the_disk_does_not_take_takes_the_first_back(
    base: Path, knowledge: Knowledge, twin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, keep = git(base, "rev-parse", "HEAD"), Journal.keep

    def refusing(journal: Journal, record: SaveRecord) -> None:
        if record.path == twin:
            raise NotSavedError("The disk is full.", "Make room.")
        keep(journal, record)

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "keep", refusing)
        with pytest.raises(NotSavedError):
            knowledge.merge(twin, PASSWORD)
    assert journal_of(base).pending() == []
    assert (git(base, "rev-parse", "HEAD"), status(base)) == (before, "")


def test_both_wait_while_another_kbtui_holds_the_base(
    base: Path, knowledge: Knowledge, twin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = BaseLock(parts_of(base).repository.own_folder / "lock")
    monkeypatch.setattr(Saver, "_lock", lambda self: BaseLock(self._repository.own_folder / "lock", 0.01))
    with held:
        saved = knowledge.merge(twin, PASSWORD)
    assert not saved.is_committed
    assert saved.words.count("Another kbtui is busy") == 1
    assert [each.path for each in journal_of(base).pending()] == [PASSWORD, twin]
    assert knowledge.recover() == 2
    assert knowledge.get(twin).state is State.ARCHIVED


def test_two_questions_are_joined_as_one_deed(base: Path, knowledge: Knowledge) -> None:
    one, two = (knowledge.ask(words).entry.path for words in ("Where is my lorikeet?", "Lorikeet whereabouts?"))
    before = git(base, "rev-parse", "HEAD^{tree}")
    stays = knowledge.same_question(one, two).entry.path
    goes = two if stays == one else one
    assert knowledge.get(goes).state is State.ARCHIVED
    assert "the joining of two questions" in knowledge.undo().words
    assert git(base, "rev-parse", "HEAD^{tree}") == before
    with disk_full_for(stays), pytest.raises(NotSavedError):
        knowledge.same_question(one, two)
    assert git(base, "rev-parse", "HEAD^{tree}") == before
    assert journal_of(base).pending() == []
