"""Amounts as people type them: read exactly, or not at all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.entry.amounts import Amount, number_words, parse
from kbtui.entry.units import known_unit, unit_of
from tests.entry.texts import any_text, quick


def _read(text: str) -> tuple[tuple[str, ...], list[tuple[Decimal, tuple[str, ...]]]]:
    request = parse(text)
    return request.words, [(amount.value, amount.unit.means) for amount in request.amounts]


@pytest.mark.parametrize(
    ("text", "value", "means"),
    [
        ("refund 80", "80", ()),
        ("refund 80 EUR", "80", ("EUR",)),
        ("refund 80 eur", "80", ("EUR",)),
        ("refund EUR 80", "80", ("EUR",)),
        ("refund EUR80", "80", ("EUR",)),
        ("refund 80€", "80", ("EUR",)),
        ("refund € 80", "80", ("EUR",)),
        ("refund €80.50", "80.50", ("EUR",)),
        ("refund 80.50 euros", "80.50", ("EUR",)),
        ("refund 80,5", "80.5", ()),
        ("refund 1,200.00", "1200.00", ()),
        ("refund 1.200,00", "1200.00", ()),
        ("refund 1,200", "1200", ()),
        ("refund 1.200", "1200", ()),
        ("refund 1 200,50 EUR", "1200.50", ("EUR",)),
        ("refund 1\u202f200\u00a0EUR", "1200", ("EUR",)),
        ("refund 1'200.00 CHF", "1200.00", ("CHF",)),
        ("refund 1,200,000", "1200000", ()),
        ("refund 0.500", "0.500", ()),
        ("refund 80,-", "80", ()),
        ("refund 80.", "80", ()),
        ("(refund 80)", "80", ()),
        ("refund US$80", "80", ("USD",)),
        ("refund £ 80 please", "80", ("GBP", "EGP", "FKP", "GIP", "LBP", "SDG", "SHP", "SSP", "SYP")),
        ("refund $80 USD", "80", ("USD",)),
        ("refund 80 now", "80", ()),
        ("refund ８０ EUR", "80", ("EUR",)),
        ("refund 50 cents", "50", ("cents",)),
    ],
)
def test_money(text: str, value: str, means: tuple[str, ...]) -> None:
    words, amounts = _read(text)
    assert words[0] == "refund"
    assert amounts == [(Decimal(value), means)]


@pytest.mark.parametrize(
    ("text", "value", "means", "factor"),
    [
        ("discount 15%", "15", "percent", 1),
        ("discount 15 %", "15", "percent", 1),
        ("discount 15 per cent", "15", "percent", 1),
        ("discount 12.5 percent", "12.5", "percent", 1),
        ("extend 10 days", "10", "days", 1),
        ("extend 10d", "10", "days", 1),
        ("10-day extension", "10", "days", 1),
        ("extend 2 weeks", "2", "days", 7),
        ("extend 1 year", "1", "months", 12),
    ],
)
def test_other_measures(text: str, value: str, means: str, factor: int) -> None:
    (amount,) = parse(text).amounts
    assert (amount.value, amount.unit.means, amount.unit.factor) == (Decimal(value), (means,), factor)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "refund", "refund -80", "refund 5-10", "refund 2027-03-01", "refund 12.03.2027", "refund 1,2.3"),
        *("ERR-4012", "T-123", "order4711", "#4711", "refund 1.20.00", "refund 24/7", "refund 80½", "refund ~80"),
        *("refund 1234567890123456", "refund 12,34,567", "refund " + "x" * 2000 + " 80", "£", "EUR", "%"),
    ],
)
def test_what_is_no_amount(text: str) -> None:
    assert parse(text).amounts == ()


@pytest.mark.parametrize(
    "text",
    ["80 xyz", "80 dubloons", "₿80", "80₿", "80k", "80x", "80 EUR/day", "USD 80 EUR", "EUR 80 days", "80 try"],
)
def test_an_amount_in_nobody_knows_what(text: str) -> None:
    """Never guessed (F26): such an amount fits no card."""
    (amount,) = parse(f"refund {text}").amounts
    assert not amount.unit.fits(unit_of("EUR"))


def test_a_ticket_behind_an_amount_is_no_unit() -> None:
    assert parse("refund 80 T-123").amounts == (Amount(Decimal(80)),)


def test_words_and_several_amounts() -> None:
    request = parse("may I refund 80 EUR after 100 days?")
    assert request.words == ("may", "i", "refund", "after")
    assert request.before == ("may", "i", "refund")
    assert [amount.words for amount in request.amounts] == ["80 EUR", "100 days"]
    assert request.is_about_age
    assert not parse("refund 80").is_about_age


@pytest.mark.parametrize(
    ("asked", "card", "fits"),
    [
        ("", "EUR", True),
        ("", "", True),
        ("€", "EUR", True),
        ("EUR", "euro", True),
        ("$", "USD", True),
        ("$", "CAD", True),
        ("$", "EUR", False),
        ("USD", "EUR", False),
        ("USD", "$", True),
        ("EUR", "", False),
        ("weeks", "days", True),
        ("months", "days", False),
        ("%", "percent", True),
        ("points", "points", True),
        ("point", "Points", True),
        ("points", "vouchers", False),
        ("cents", "EUR", False),
        ("cents", "cents", False),
        ("XYZ", "EUR", False),
    ],
)
def test_which_units_fit(asked: str, card: str, fits: bool) -> None:
    assert unit_of(asked).fits(unit_of(card)) is fits


def test_codes_that_are_words_are_currencies_in_capitals_only() -> None:
    assert known_unit("TRY") is not None
    assert known_unit("try") is None
    assert known_unit("usd") is not None


def test_numbers_in_words() -> None:
    assert number_words(Decimal("1E+3"), "EUR") == "1000 EUR"
    assert number_words(Decimal("250.00"), "EUR") == "250.00 EUR"
    assert [number_words(Decimal(n), "days") for n in (1, 2)] == ["1 day", "2 days"]
    assert Amount(Decimal(15), unit_of("%")).words == "15%"
    assert number_words(Decimal(1), "CHF") == "1 CHF"


@given(any_text)
@quick
def test_parse_never_raises(text: str) -> None:
    for amount in parse(text).amounts:
        assert amount.value.is_finite()
        assert amount.value >= 0


_TYPED = st.lists(
    st.sampled_from(
        [*"0123456789.,'-–€$£%+ ", " EUR ", "refund ", "days", "per cent", "USD", "½", "٣", "１", "\u00a0"]
    ),
    max_size=25,
).map("".join)


@given(_TYPED)
@quick
def test_parse_never_raises_for_what_looks_like_amounts(text: str) -> None:
    assert all(amount.value >= 0 for amount in parse(text).amounts)


@given(st.integers(0, 10**9), st.integers(0, 99), st.sampled_from([",.", ".,", " ,", "'."]))
@quick
def test_any_amount_is_read_as_it_was_written(whole: int, part: int, marks: str) -> None:
    written = f"{whole:,}".replace(",", marks[0]) + f"{marks[1]}{part:02}"
    (amount,) = parse(f"refund {written} EUR").amounts
    assert amount.value == Decimal(f"{whole}.{part:02}")
