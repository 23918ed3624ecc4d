"""The facade's verbs about events, as the screen will call them: small values, safe at once, git only when asked."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest

from kbtui.entry.alarm import Consent
from kbtui.entry.model import Person
from kbtui.errors import GitTroubleError, NoPersonError, NotSavedError, PersonalDataError, RefusedError
from kbtui.git.runner import GitRunner
from kbtui.knowledge import Knowledge
from kbtui.store.event_cache import EventCache
from kbtui.store.outbox import Outbox
from tests.events import kinds_of, lines_of
from tests.helpers import ERROR_CODE, OPEN_QUESTION, REFUND, commits, opened, parts_of, status

CARD = "4111 1111 1111 1111"


def test_a_use_is_safe_before_any_git_is_run(base: Path, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key on the screen costs two writes to the disk; the batch comes later."""
    knowledge.counts()
    ran: list[object] = []
    before = commits(base)
    with monkeypatch.context() as patch:
        patch.setattr(GitRunner, "run", lambda _, *words, **how: ran.append(words))
        noted = knowledge.used(REFUND, "where is my cash", "T-1")
    assert (noted.words, noted.offer, noted.entry) == ("Noted: used once (1 this week)", "where is my cash", "refund22")
    assert ran == []
    assert (commits(base), status(base), lines_of(base)) == (before, "", [])
    for _ in range(3):
        knowledge.used(REFUND)
    settled = knowledge.settle_events()
    assert (settled.done, settled.waiting) == (4, 0)
    assert commits(base) == before + 1
    assert kinds_of(base) == ["used"] * 4


def test_a_use_that_cannot_be_counted_now_is_noted_once(
    base: Path, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error would have it noted a second time."""

    def unreadable(_: EventCache) -> bool:
        raise GitTroubleError("git will not work here.", "Ask your lead.")

    with monkeypatch.context() as trouble:
        trouble.setattr(EventCache, "refresh", unreadable)
        assert knowledge.used(REFUND).words == "Noted"
        assert knowledge.join(OPEN_QUESTION).words == "Joined"
    assert knowledge.counts().used == {"refund22": 1}
    assert knowledge.counts().joined == {"openqu22": 1}


def test_counts_are_read_once_and_again_when_something_is_noted(
    knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search must not become slow."""
    read: list[object] = []
    usual = EventCache.refresh

    def spied(self: EventCache) -> bool:
        read.append(self)
        return usual(self)

    monkeypatch.setattr(EventCache, "refresh", spied)
    for text in ("r", "re", "refund", "password"):
        knowledge.search(text)
    assert len(read) == 1
    knowledge.used(REFUND)
    result = knowledge.search("refund")
    assert result is not None
    assert next(hit.used for hit in result.hits if hit.card.path == REFUND) == 1
    assert len(read) == 2


def test_a_search_does_not_wait_for_counts_that_another_thread_reads(
    knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    usual = EventCache.refresh

    def slow(self: EventCache) -> bool:
        begun.set()
        assert go_on.wait(60)
        return usual(self)

    knowledge.used(REFUND)
    monkeypatch.setattr(EventCache, "refresh", slow)
    knowledge.refresh()
    reader = threading.Thread(target=knowledge.counts)
    reader.start()
    assert begun.wait(60)
    assert knowledge.search("refund") is not None
    go_on.set()
    reader.join()
    assert knowledge.counts().used == {"refund22": 1}


def test_what_a_colleague_did_is_counted_after_a_refresh(base: Path, knowledge: Knowledge, tmp_path: Path) -> None:
    knowledge.used(REFUND)
    knowledge.settle_events()
    file = next((base / "events").rglob("*.jsonl"))
    theirs = base / "events" / "ben-machine3" / file.name
    theirs.parent.mkdir()
    theirs.write_text(file.read_text().replace('"id": "', '"id": "other').replace("ana@", "ben@"))
    assert knowledge.counts().used == {"refund22": 1}
    knowledge.refresh()
    assert knowledge.counts().used == {"refund22": 2}


def test_words_that_found_nothing_are_noted_without_asking(base: Path, knowledge: Knowledge) -> None:
    """F43."""
    assert knowledge.missed("  gift\n card ") is not None
    assert knowledge.missed("gift card abroad", found=True) is not None
    knowledge.settle_events()
    assert kinds_of(base) == ["miss", "miss"]
    assert sorted((read["words"], read.get("refs")) for read in map(json.loads, lines_of(base))) == [
        ("gift card", None),
        ("gift card abroad", ["found"]),
    ]


@pytest.mark.parametrize("words", [f"charge {CARD}", "is jo.bloggs@gmail.com yours", "   ", "x" * 201])
def test_words_that_no_report_needs_are_not_kept(base: Path, knowledge: Knowledge, words: str) -> None:
    """DESIGN 2: queries are guarded before they are written; nobody is asked about them, so they are not kept."""
    assert knowledge.missed(words) is None
    knowledge.settle_events()
    assert kinds_of(base) == []


def test_nobody_s_searches_are_not_kept(base: Path) -> None:
    with opened(base) as knowledge:
        assert knowledge.missed("where is my parcel") is None
        with pytest.raises(NoPersonError):
            knowledge.used(REFUND)
    assert parts_of(base).outbox.is_empty()


def test_a_refused_word_leaves_no_trace_and_a_masked_one_is_kept(base: Path, knowledge: Knowledge) -> None:
    with pytest.raises(PersonalDataError) as refused:
        knowledge.join(OPEN_QUESTION, f"pay with {CARD}")
    assert not refused.value.can_stay
    assert parts_of(base).outbox.is_empty()
    assert status(base) == ""
    noted = knowledge.with_consent(Consent(mask=True)).join(OPEN_QUESTION, f"pay with {CARD}")
    assert noted.words == "Joined: 2 callers waiting"
    assert "pay with 411111xxxxxx1111" in (base / OPEN_QUESTION).read_text()


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 501])
def test_a_flag_needs_one_line_of_reason(knowledge: Knowledge, reason: str) -> None:
    with pytest.raises(RefusedError):
        knowledge.flag(REFUND, reason)


def test_many_flags_are_closed_and_a_later_one_is_not(knowledge: Knowledge) -> None:
    for number in range(120):
        knowledge.flag(ERROR_CODE, f"wrong {number}")
    assert len(knowledge.demand(knowledge.get(ERROR_CODE)).flags) == 120
    assert knowledge.close_flags(ERROR_CODE).words == "120 flags are closed"
    knowledge.flag(ERROR_CODE, "still wrong")
    assert [flag.reason for flag in knowledge.demand(knowledge.get(ERROR_CODE)).flags] == ["still wrong"]


def test_a_name_in_another_script_writes_a_file_that_every_system_takes(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KBTUI_PERSON", "李小龙 <li@example.com>")
    with opened(base) as knowledge:
        assert knowledge.person() == Person("李小龙", "li@example.com")
        knowledge.used(REFUND)
        assert knowledge.settle_events().done == 1
    (file,) = (base / "events").rglob("*.jsonl")
    assert file.relative_to(base).as_posix().isascii()
    assert "李小龙" in lines_of(base)[0]


def test_a_capture_notes_its_ticket_beside_the_entry(base: Path, knowledge: Knowledge) -> None:
    """F20: the ticket system has the customer, the entry has what is reusable."""
    saved = knowledge.for_ticket("T-9", lambda: knowledge.ask("Do you take cash?"))
    knowledge.settle_events()
    (line,) = lines_of(base)
    noted = json.loads(line)
    assert (noted["kind"], noted["ticket"], noted["entry"]) == ("captured", "T-9", saved.entry.id)
    assert "T-9" not in (base / saved.entry.path).read_text("utf-8")
    demand = knowledge.demand(saved.entry)
    assert (demand.used, demand.waiting, demand.thanks) == (0, 1, 0), "writing counts for nothing but the one who asked"


@pytest.mark.parametrize("ticket", ["", "  \n"])
def test_without_a_ticket_nothing_is_noted(base: Path, knowledge: Knowledge, ticket: str) -> None:
    knowledge.for_ticket(ticket, lambda: knowledge.ask("Do you take cash?"))
    knowledge.settle_events()
    assert lines_of(base) == []


def test_a_ticket_that_must_not_stay_is_refused_before_anything_is_saved(base: Path, knowledge: Knowledge) -> None:
    before = commits(base)
    with pytest.raises(PersonalDataError):
        knowledge.for_ticket(CARD, lambda: knowledge.ask("Do you take cash?"))
    assert commits(base) == before


def test_a_ticket_that_the_disk_does_not_take_does_not_have_the_words_saved_twice(
    base: Path, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise NotSavedError("Not saved: this disk is full.", "")

    monkeypatch.setattr(Outbox, "keep", full)
    saved = knowledge.for_ticket("T-9", lambda: knowledge.ask("Do you take cash?"))
    assert saved.words == "Saved, without the ticket: it could not be noted"
    assert (base / saved.entry.path).exists()


def test_joining_and_the_same_answer_carry_a_ticket(base: Path, knowledge: Knowledge) -> None:
    knowledge.join(OPEN_QUESTION, "vouchers of others?", "T-1")
    knowledge.same_as(REFUND, "when is my cash back", "T-2")
    knowledge.settle_events()
    noted = [json.loads(line) for line in lines_of(base)]
    assert {(each["kind"], each["ticket"]) for each in noted} == {("joined", "T-1"), ("captured", "T-2")}


def test_what_is_told_of_a_deed_waits_for_whoever_is_counting(knowledge: Knowledge) -> None:
    """While another thread reads the counts, the older ones would say a wrong number."""
    knowledge.counts()
    tally = knowledge._parts.tally
    with ThreadPoolExecutor() as pool:
        with tally._reading:
            joining = pool.submit(knowledge.join, OPEN_QUESTION)
            assert not wait([joining], 0.2).done
        assert joining.result().demand.waiting == 2
