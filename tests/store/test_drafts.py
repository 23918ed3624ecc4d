"""What is half written survives whatever ends the program."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbtui.entry.model import NO_AUTHORITY, Authority
from kbtui.entry.template import Template
from kbtui.errors import NotSavedError
from kbtui.store.drafts import Draft, Drafts, split_lines, split_tags
from tests.helpers import run_python

_KILLED_WHILE_TYPING = """
import os, sys
from pathlib import Path
from kbtui.store.drafts import Draft, Drafts
for typed in range(1, 50):
    Drafts(Path(sys.argv[1])).keep(Draft("one", question="word " * typed, changed_at=typed))
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def drafts(tmp_path: Path) -> Drafts:
    return Drafts(tmp_path / "drafts")


def test_drafts_are_listed_the_newest_first_and_end_when_they_are_discarded(drafts: Drafts) -> None:
    assert drafts.all() == []
    for number, when in ((1, 20.0), (2, 30.0), (3, 10.0)):
        drafts.keep(Draft(str(number), question=f"question {number}", changed_at=when))
    assert [draft.draft_id for draft in drafts.all()] == ["2", "1", "3"]
    drafts.discard("1")
    drafts.discard("1")
    assert [draft.draft_id for draft in drafts.all()] == ["2", "3"]


def test_a_draft_kept_again_replaces_itself(drafts: Drafts) -> None:
    drafts.keep(Draft("one", question="a"))
    drafts.keep(Draft("one", question="ab", opened="---\r\nx"))
    assert drafts.all() == [Draft("one", question="ab", opened="---\r\nx")]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(max_size=30), min_size=5, max_size=5))
def test_whatever_is_typed_comes_back(tmp_path: Path, texts: list[str]) -> None:
    question, answer, internal, tags, opened = texts
    draft = Draft("x", question, answer, internal, tags, opened=opened, changed_at=1.5)
    drafts = Drafts(tmp_path / "drafts")
    drafts.keep(draft)
    assert drafts.all() == [draft]


def test_a_draft_survives_kill_9(drafts: Drafts, tmp_path: Path) -> None:
    """FAULTS 1, power cut between keypress and save: https://github.com/tkellogg/dura."""
    ended = run_python("-c", _KILLED_WHILE_TYPING, str(tmp_path / "drafts"))
    assert ended.returncode == -9, ended.stderr
    assert [draft.question for draft in drafts.all()] == ["word " * 49]


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"null", b'{"question": "no id"}', b"\xff"])
def test_a_damaged_draft_hides_no_other(drafts: Drafts, tmp_path: Path, damage: bytes) -> None:
    drafts.keep(Draft("good", question="words"))
    (tmp_path / "drafts" / "bad.json").write_bytes(damage)
    assert [draft.draft_id for draft in drafts.all()] == ["good"]
    assert (tmp_path / "drafts" / "bad.json").exists()


def test_a_draft_of_a_newer_kbtui_is_still_read(drafts: Drafts, tmp_path: Path) -> None:
    drafts.keep(Draft("one", question="words"))
    file = tmp_path / "drafts" / "one.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"mood": "good"}))
    assert [draft.question for draft in drafts.all()] == ["words"]


def test_a_full_disk_is_said_and_keeps_the_draft_before(drafts: Drafts, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS 4: https://github.com/web-platform-tests/wpt.live/issues/37."""
    drafts.keep(Draft("one", question="before"))

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotSavedError, match="this disk is full"):
        drafts.keep(Draft("one", question="after"))
    assert [draft.question for draft in drafts.all()] == ["before"]


def test_a_draft_is_blank_as_long_as_nothing_is_typed() -> None:
    assert Draft("x", path="a.md", opened="text", changed_at=9).is_blank
    assert Draft("x", question=" \n", tags="\t").is_blank
    assert not Draft("x", tags="a").is_blank
    assert not Draft("x", asked_as="a").is_blank


def test_a_draft_becomes_the_words_of_an_entry() -> None:
    draft = Draft("x", "Q?", "A", "I", " Billing, refunds,, billing ", "one\n\n two \none")
    new, change = draft.as_new(), draft.as_change()
    assert (
        (new.question, new.answer, new.internal)
        == ("Q?", "A", "I")
        == (change.question, change.answer, change.internal)
    )
    assert new.tags == ("billing", "refunds") == split_tags("billing,refunds") == split_tags("billing\n\nrefunds,")
    assert change.tags == ("Billing", "refunds"), "what stands in an entry keeps its letters"
    assert new.asked_as == change.asked_as == ("one", "two") == split_lines("one\ntwo")


TEMPLATE = Template(answer="**Say:**", internal="Written in:")


def test_a_draft_of_nothing_but_the_template_is_blank() -> None:
    begun = Draft("one", answer="**Say:**\n", internal="Written in:")
    assert not begun.is_blank
    assert begun.without(TEMPLATE).is_blank
    assert not replace(begun, answer="**Say:** no").without(TEMPLATE).is_blank
    assert not replace(begun, tags="refunds").without(TEMPLATE).is_blank
    assert not replace(begun, authority="action: refund").without(TEMPLATE).is_blank
    assert not replace(begun, ticket="T-1").without(TEMPLATE).is_blank, "nothing typed is lost, wherever it was typed"


def test_in_a_known_entry_the_template_is_somebodys_words() -> None:
    assert Draft("one", answer="**Say:**", path="a.md").without(TEMPLATE).answer == "**Say:**"


def test_a_card_number_in_a_ticket_reaches_the_disk_masked(drafts: Drafts) -> None:
    drafts.keep(Draft("one", question="a", ticket="4111 1111 1111 1111"))
    assert "4111 1111 1111 1111" not in drafts.all()[0].ticket


def test_a_draft_of_an_earlier_version_is_read(drafts: Drafts, tmp_path: Path) -> None:
    """It knew no ticket and no task."""
    drafts.keep(Draft("one", question="a"))
    place = tmp_path / "drafts" / "one.json"
    values = json.loads(place.read_text("ascii"))
    place.write_text(json.dumps({key: values[key] for key in values if key not in ("ticket", "task")}), "ascii")
    assert drafts.all() == [Draft("one", question="a")]


def test_a_card_that_nobody_touched_is_no_part_of_the_change() -> None:
    lines = "action: refund\nrep: 50"
    kept = Draft("one", path="a.md", authority=lines, card_before=lines)
    assert kept.as_change().authority is None
    assert replace(kept, authority="").as_change().authority == NO_AUTHORITY
    assert replace(kept, authority="action: pay").as_change().authority == Authority("pay", "", ())
    assert Draft("one", question="a").as_new().authority is None
