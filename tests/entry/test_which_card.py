"""Which card "refund 80" means, and when a search is such a question (F26)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from kbtui.entry.card import Card, card_from_json, card_of
from kbtui.entry.decision import Asker, Verdict
from kbtui.entry.file_format import read
from kbtui.entry.model import State
from kbtui.entry.which_card import lead_to_ask, rule, worked_out
from tests.entry.texts import any_text, quick
from tests.helpers import CHECKOUT

ROLES = ("rep", "shift lead", "team lead")
REP = Asker("rep", ROLES, "2026-11-24")


def _starter() -> list[Card]:
    root = CHECKOUT / "kb"
    files = sorted((root / "authority").glob("*.md"))
    return [card_of(read(Path(file).relative_to(root).as_posix(), file.read_bytes())) for file in files]


CARDS = _starter()


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("refund 80", "refund"),
        ("refunds 80", "refund"),
        ("may I refund €80.50?", "refund"),
        ("REFUND 80 EUR", "refund"),
        ("discount 15%", "discount"),
        ("can I give a 15% discount", "discount"),
        ("extend 10 days", "trial or subscription extension"),
        ("extend trial 14 days", "trial or subscription extension"),
        ("voucher 20", "goodwill voucher"),
        ("goodwill", "goodwill voucher"),
        ("replacement 60", "replacement without return"),
        ("shipping fee 9.90", "delivery fee waiver"),
        ("waive express fee", "delivery fee waiver"),
        ("payment plan 3 months", "payment plan"),
        ("late fee", "payment plan"),
        ("how much can I refund", "refund"),
    ],
)
def test_the_best_card_of_the_starter_base(text: str, action: str) -> None:
    ruling = rule(text, CARDS, REP)
    assert ruling is not None
    assert ruling.authority.action == action


@pytest.mark.parametrize(
    "text", ["", "80", "hello", "hello 5", "ERR-4012", "is it raining", "authority 5", "I 80", "%"]
)
def test_no_card_fits(text: str) -> None:
    assert rule(text, CARDS, REP) is None
    assert worked_out(text, CARDS, REP) is None


def test_the_others_are_named() -> None:
    ruling = rule("late fee", CARDS, REP)
    assert ruling is not None
    assert [card.authority.action for card in ruling.others if card.authority] == ["delivery fee waiver"]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("refund 49", Verdict.YOU_MAY),
        ("refund 50", Verdict.YOU_MAY),
        ("refund 51", Verdict.ASK),
        ("80€ refund", Verdict.ASK),
        ("refund 80 for late parcel", Verdict.ASK),
        ("refund 30 after 91 days", Verdict.NEVER),
        ("refund 80 USD", Verdict.UNKNOWN),
        ("refund 80 xyz", Verdict.UNKNOWN),
        ("discount 10%", Verdict.YOU_MAY),
        ("extend 2 weeks", Verdict.ASK),
    ],
)
def test_a_search_that_asks_what_one_may(text: str, verdict: Verdict) -> None:
    found = worked_out(text, CARDS, REP)
    assert found is not None
    path, decision = found
    assert path.startswith("authority/")
    assert decision.verdict is verdict


@pytest.mark.parametrize(
    "text",
    [
        "refund",
        "where is order 4711 refund",
        "how long does a refund of 5 take",
        "windows 10 discount",
        "discount code 10 does not work",
        "refund not there after 10 working days",
        "refund ERR-4012",
        "extend 10 percent",
        "refund 10 days",
    ],
)
def test_a_search_that_asks_something_else(text: str) -> None:
    """The card is not put first where other words or another measure say that it is no question of limits."""
    assert worked_out(text, CARDS, REP) is None


def test_a_number_is_not_taken_for_months_because_of_a_phrasing() -> None:
    ruling = rule("late fee 5", CARDS, REP)
    assert ruling is not None
    assert (ruling.decision.verdict, ruling.decision.because) == (
        Verdict.UNKNOWN,
        "5 of what? This card counts in months.",
    )


def test_a_word_of_the_card_behind_an_amount_is_no_unit() -> None:
    ruling = rule("20 voucher", CARDS, REP)
    assert ruling is not None
    assert ruling.decision.verdict is Verdict.ASK


def test_what_nobody_may_rely_on_is_left_out() -> None:
    (card,) = [card for card in CARDS if card.authority and card.authority.action == "refund"]
    for odd in (
        replace(card, state=State.ARCHIVED),
        replace(card, variant_of="x.md"),
        replace(card, trouble="line 1: two versions stand here side by side"),
        replace(card, authority=None),
    ):
        assert rule("refund 80", [odd], REP) is None
    assert rule("refund 80", [card], REP) is not None


def test_the_nearer_action_is_the_better_card() -> None:
    (card,) = [card for card in CARDS if card.authority and card.authority.action == "refund"]
    assert card.authority is not None
    late = replace(card, path="late.md", authority=replace(card.authority, action="refund of a late parcel"))
    for cards in ([card, late], [late, card]):
        plain, special = rule("refund 80", cards, REP), rule("refund late parcel 80", cards, REP)
        assert plain is not None
        assert special is not None
        assert (plain.card, plain.others) == (card, (late,))
        assert special.card == late


def test_a_card_that_holds_goes_before_one_that_has_expired() -> None:
    (card,) = [card for card in CARDS if card.authority and card.authority.action == "refund"]
    assert card.authority is not None
    old = replace(card, path="a.md", authority=replace(card.authority, valid_until="2020-01-01"))
    for cards in ([card, old], [old, card]):
        found = worked_out("refund 80", cards, REP)
        assert found is not None
        assert found[0] == card.path


def test_whom_to_ask_where_no_card_fits() -> None:
    assert lead_to_ask(CARDS, REP) == "Lena Fischer"
    assert lead_to_ask([], REP) == "your team lead"
    assert lead_to_ask([], Asker("team lead", ROLES, "")) == "your lead"
    assert lead_to_ask([], Asker("", (), "")) == "your lead"


def test_a_card_carries_its_authority_through_the_catalogue() -> None:
    """A search must not read a single file to answer."""
    for card in CARDS:
        again = card_from_json(card.as_json())
        assert again == card
        assert (again.authority, again.has_authority) == (card.authority, True)
    plain = replace(CARDS[0], authority=None)
    assert card_from_json(plain.as_json()) == plain
    assert not plain.has_authority


def test_a_card_knows_its_line() -> None:
    (card,) = [card for card in CARDS if card.authority and card.authority.action == "refund"]
    assert card.authority is not None
    lines = (CHECKOUT / "kb" / card.path).read_text("utf-8").splitlines()
    assert lines[card.authority.line - 1] == "authority:"


@given(any_text)
@quick
def test_any_search_is_answered_or_none(text: str) -> None:
    for typed in (text, f"refund {text}", f"refund 80 {text}"):
        rule(typed, CARDS, REP)
        worked_out(typed, CARDS, REP)
