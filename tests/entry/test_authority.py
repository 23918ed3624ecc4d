"""Authority cards: who may decide what, up to where, and who decides above it."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.entry.file_format import change, new, read
from kbtui.entry.model import NO_AUTHORITY, Approval, Authority, Entry, EntryChange, Limit, NewEntry, Severity
from kbtui.entry.text import one_line
from kbtui.errors import RefusedError
from tests.entry.texts import ENTRY_ID, any_text, lines, quick, values

CARD = """\
authority:
  action: refund a late parcel
  currency: EUR
  limits:
    - role: agent
      up_to: 50
    - role: lead
      up_to: 250.00
      people: [Ann, "Bo"]
    - role: manager
      up_to:
  above: [head of service, finance]
  conditions:
    - 'the parcel is "late": 3 days'
    - no
  boundary: never in cash
  valid_until: 2027-03-31
"""


def _entry(header: str) -> Entry:
    return read("a.md", f"---\nid: abc\n{header}---\n# Question\n\nWords.\n".encode())


def test_a_card() -> None:
    """FAULTS 51: `no` as a condition stays `no`. Measured with PyYAML: False."""
    assert _entry(CARD).authority == Authority(
        action="refund a late parcel",
        unit="EUR",
        limits=(
            Limit("agent", Decimal(50)),
            Limit("lead", Decimal("250.00"), ("Ann", "Bo")),
            Limit("manager", None),
        ),
        above="head of service, finance",
        conditions=('the parcel is "late": 3 days', "no"),
        boundary="never in cash",
        valid_until="2027-03-31",
    )


def test_a_short_card() -> None:
    card = _entry("authority:\n  action: extend a trial\n  unit: days\n  limits: {agent: 7, lead: 30}\n").authority
    assert card == Authority("extend a trial", "days", (Limit("agent", Decimal(7)), Limit("lead", Decimal(30))))


@pytest.mark.parametrize(
    ("card", "reasons"),
    [
        ("authority: agents may\n", 1),
        ("authority: [a]\n", 1),
        ("authority:\n  limits: {agent: 5}\n", 1),
        ("authority:\n  action: refund\n", 1),
        ("authority:\n  action: refund\n  limits: {agent: much, lead: 5}\n", 1),
        ("authority:\n  action: refund\n  limits: {agent: -5}\n", 1),
        ("authority:\n  action: refund\n  limits: {agent: NaN, lead: inf}\n", 2),
        ("authority:\n  action: refund\n  limits: {agent: 5}\n  valid_until: soon\n", 1),
        ("authority:\n  action: refund\n  limits: [agent, 5]\n", 1),
        ("authority:\n  action: refund\n  limits: {agent: 5}\n", 0),
        ("authority:\n", 0),
    ],
)
def test_what_a_card_leaves_open_is_noted(card: str, reasons: int) -> None:
    problems = _entry(card).problems
    assert [(problem.line, problem.severity) for problem in problems] == [(3, Severity.NOTE)] * reasons


@pytest.mark.parametrize(
    "amount", ["much", "-5", "NaN", "inf", "-inf", "sNaN", "", "5 EUR", "1e999999999999999999999", "[5]"]
)
def test_an_amount_that_is_none_decides_nothing(amount: str) -> None:
    card = _entry(f"authority:\n  action: refund\n  limits:\n    - role: agent\n      up_to: {amount}\n").authority
    assert card is not None
    assert card.limits == (Limit("agent", None),)


_amounts = st.one_of(
    st.none(), st.decimals(0, 10**9, allow_nan=False, places=2), st.sampled_from([Decimal("1E+3"), Decimal(0)])
)


def _cards(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Authority]:
    limits = st.builds(Limit, texts, _amounts, st.lists(texts, max_size=2, unique=True).map(tuple))
    return st.builds(
        Authority,
        action=texts,
        unit=st.one_of(st.sampled_from(["EUR", "days", "percent", "USD"]), texts),
        limits=st.lists(limits, min_size=1, max_size=3).map(tuple),
        above=st.one_of(st.just(""), texts),
        conditions=st.lists(texts, max_size=3, unique=True).map(tuple),
        boundary=st.one_of(st.just(""), texts),
        valid_until=st.sampled_from(["", "2027-03-31"]),
    )


@given(_cards(values))
@quick
def test_a_card_of_plain_words_reads_back(card: Authority) -> None:
    data = new(ENTRY_ID, NewEntry("Question", "Words.", authority=card))
    assert read("a.md", data).authority == card
    assert read("a.md", change(b"---\nx: y\n---\nBody\n", EntryChange(authority=card))).authority == card


_unicode = st.one_of(lines, any_text).filter(lambda text: re.search("[\ud800-\udfff]", text) is None)


@given(_cards(_unicode))
@quick
def test_any_card_reads_back_or_is_refused(card: Authority) -> None:
    try:
        data = new(ENTRY_ID, NewEntry("Question", "Words.", authority=card))
    except RefusedError:
        return
    assert read("a.md", data).authority == _without_odd_spaces(card)


def _without_odd_spaces(card: Authority) -> Authority:
    return replace(
        card,
        action=one_line(card.action),
        unit=one_line(card.unit),
        limits=tuple(replace(x, role=one_line(x.role), people=tuple(map(one_line, x.people))) for x in card.limits),
        above=one_line(card.above),
        conditions=tuple(map(one_line, card.conditions)),
        boundary=one_line(card.boundary),
    )


@pytest.mark.parametrize("half", [0xD800, 0xDCFF])
def test_a_name_that_is_no_unicode_is_refused_or_reads_back(half: int) -> None:
    """`change` and `new` raise nothing but RefusedError."""
    name = f"Ann{chr(half)}"
    wanted = [
        EntryChange(authority=Authority(name, "EUR", (Limit("agent", Decimal(5)),))),
        EntryChange(approval=Approval(name, "2026-11-22", "0123456789abcdef")),
    ]
    for change_to in wanted:
        with suppress(RefusedError):
            assert read("a.md", change(b"# Question\n", change_to)).readable


@pytest.mark.parametrize("amount", [Decimal(-1), Decimal("NaN"), Decimal("Infinity")])
def test_a_limit_without_sense_is_refused(amount: Decimal) -> None:
    with pytest.raises(RefusedError):
        new(ENTRY_ID, NewEntry("Question", "Words.", authority=Authority("refund", "EUR", (Limit("agent", amount),))))


def test_a_card_can_be_taken_away_and_nothing_else_goes() -> None:
    data = b"---\nid: abcdef22\nauthority:\n  action: refund\n  limits: {rep: 5}\ncrm: 7 # ours\n---\n# Q?\n\nYes.\n"
    without = change(data, EntryChange(authority=NO_AUTHORITY))
    assert without == b"---\nid: abcdef22\ncrm: 7 # ours\n---\n# Q?\n\nYes.\n"
    assert change(without, EntryChange(authority=NO_AUTHORITY)) == without
