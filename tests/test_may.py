"""The facade's answer to a search like "refund 80": cheap enough for every key typed (F26)."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui.knowledge import Knowledge
from kbtui.search.index import SearchIndex
from kbtui.store.files import EntryFiles
from tests.helpers import parts_of, write_files

CARD = "---\nauthority:\n  action: refund\n  currency: EUR\n  limits: {rep: 50, lead: 80}\n---\n# May I refund?\n"


def _headline(knowledge: Knowledge, text: str, role: str = "") -> str:
    found = knowledge.may(text, role)
    return found[1].headline if found else ""


def test_an_answer_needs_no_file(knowledge: Knowledge, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(base, {"may.md": CARD})
    knowledge.refresh()
    monkeypatch.delattr(EntryFiles, "read")
    path, decision = knowledge.may("refund 80") or ("", None)
    assert path == "may.md"
    assert decision is not None
    assert decision.headline == "Ask a lead (up to 80 EUR)."
    assert _headline(knowledge, "refund 80", "lead") == "You may: refund up to 80 EUR."
    ruling = knowledge.ruling("refund")
    assert ruling is not None
    assert ruling.card.path == "may.md"


def test_a_search_without_a_digit_looks_nothing_up(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(SearchIndex, "authority_cards")
    assert knowledge.may("how long does a refund take") is None


def test_a_base_without_an_index_has_no_cards_yet(base: Path) -> None:
    parts = parts_of(base)
    assert Knowledge(parts).may("refund 80") is None
    parts.index.close()


def test_a_card_that_has_changed_or_gone_is_not_answered_from(knowledge: Knowledge, base: Path) -> None:
    write_files(base, {"may.md": CARD})
    knowledge.refresh()
    write_files(base, {"may.md": CARD.replace("rep: 50", "rep: 500")})
    knowledge.refresh()
    assert _headline(knowledge, "refund 80") == "You may: refund up to 500 EUR."
    (base / "may.md").unlink()
    knowledge.refresh()
    assert knowledge.may("refund 80") is None


def test_words_that_look_like_a_card_in_the_catalogue_are_none(knowledge: Knowledge, base: Path) -> None:
    write_files(
        base,
        {"odd.md": '---\nowner: \'"authority": {"a": 1}\'\n---\n# What is "authority": {"action": "refund"} 80?\n'},
    )
    knowledge.refresh()
    assert knowledge.may("refund 80") is None
    assert knowledge.ruling("refund 80") is None
