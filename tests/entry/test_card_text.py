"""Authority cards as lines that a person writes (F13): what is written is read back, what is odd is named."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.entry.card_text import blank_lines, parsed, written
from kbtui.entry.model import Authority, Limit
from kbtui.entry.text import one_line
from kbtui.errors import RefusedError

TEXT = """action: refund a damaged parcel
unit: EUR
rep: 50
shift lead: 250 (Sam Poole, Priya Nair)
above: Head of service
if: there is a photograph
if: the order is paid
boundary: never after 90 days
valid until: 2027-12-31"""
CARD = Authority(
    "refund a damaged parcel",
    "EUR",
    (Limit("rep", Decimal(50)), Limit("shift lead", Decimal(250), ("Sam Poole", "Priya Nair"))),
    "Head of service",
    ("there is a photograph", "the order is paid"),
    "never after 90 days",
    "2027-12-31",
)

_words = st.one_of(
    st.text(max_size=12), st.text('ab :,()"\\-', max_size=8), st.sampled_from(["if", "Above", "ask"])
).map(one_line)
_some = _words.filter(bool)
_items = st.lists(_some, max_size=3, unique=True).map(tuple)
_amounts = st.one_of(st.none(), st.decimals(min_value=0, allow_nan=False, allow_infinity=False))
_limits = st.lists(st.builds(Limit, _words, _amounts, _items), max_size=3).map(tuple)
_cards = st.builds(Authority, _some, _words, _limits, _words, _items, _words, _words)


def test_a_card_is_written_as_it_is_explained() -> None:
    assert written(CARD) == TEXT
    assert parsed(TEXT) == CARD


@given(_cards)
def test_every_card_is_read_back_as_it_was_written(card: Authority) -> None:
    assert parsed(written(card)) == card


@given(st.text(':"()if \nx1', max_size=40))
def test_any_text_is_a_card_or_refused(text: str) -> None:
    try:
        card = parsed(text)
    except RefusedError:
        return
    assert parsed(written(card)) == card


@pytest.mark.parametrize("text", ["", " \n\n", "action:\nrep:", blank_lines(("rep", "shift: lead"))])
def test_what_says_nothing_is_no_card(text: str) -> None:
    assert parsed(text) is None


def test_none_is_written_as_nothing() -> None:
    assert written(None) == ""


def test_names_are_read_in_any_case_and_spacing() -> None:
    assert parsed("ACTION: refund\nCurrency :EUR\nValid  Until:2027-01-31\nrep:ASK") == Authority(
        "refund", "EUR", (Limit("rep", None),), valid_until="2027-01-31"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("action: refund\nrep 50", "Line 2 of the authority card, “rep 50”, is no name"),
        ("action: refund\n\nrep: fifty", "Line 3 of the authority card, “fifty”, gives no number"),
        ("action: refund\nrep: -1", "gives no number"),
        ("action: refund\nrep: nan", "gives no number"),
        ("action: refund\nrep: 50 (Sam", "gives no number"),
        ("rep: 50", "names no action"),
        ("action: refund\naction: replace", "says “action” twice"),
    ],
)
def test_what_cannot_be_understood_is_named(text: str, said: str) -> None:
    with pytest.raises(RefusedError, match=said):
        parsed(text)
