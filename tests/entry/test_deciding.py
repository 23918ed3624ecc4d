"""Who may decide: exact at the limit, and never a guess (F26)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.entry.amounts import Amount, parse
from kbtui.entry.authority import answer, decide, standing
from kbtui.entry.authority_card import boundary_amount, pairs
from kbtui.entry.decision import Approver, Asker, Decision, Verdict
from kbtui.entry.model import Authority, Limit
from kbtui.entry.units import unit_of
from tests.entry.texts import any_text, quick, values

ROLES = ("rep", "shift lead", "team lead")
TODAY = "2026-11-24"
REP, SHIFT_LEAD, TEAM_LEAD = (Asker(role, ROLES, TODAY) for role in ROLES)
LEADS = ("Sam", "Priya")
REFUND = Authority(
    "refund",
    "EUR",
    (Limit("rep", Decimal(50)), Limit("shift lead", Decimal(250), LEADS)),
    above="Lena",
    conditions=("it is paid",),
    boundary="never after 90 days",
    valid_until="2027-06-30",
)
EXTEND = Authority(
    "extension",
    "days",
    (Limit("rep", Decimal(7)), Limit("shift lead", Decimal(30))),
    "Lena",
    (),
    "never more than 60 days",
)


def ask(text: str, asker: Asker = REP, card: Authority = REFUND) -> Decision:
    return answer(card, parse(text), asker)


@pytest.mark.parametrize(
    ("asker", "amount", "verdict", "headline"),
    [
        (REP, "49", Verdict.YOU_MAY, "You may: refund up to 50 EUR."),
        (REP, "49.99", Verdict.YOU_MAY, "You may: refund up to 50 EUR."),
        (REP, "50", Verdict.YOU_MAY, "You may: refund up to 50 EUR."),
        (REP, "50.00", Verdict.YOU_MAY, "You may: refund up to 50 EUR."),
        (REP, "50.01", Verdict.ASK, "Ask a shift lead: Sam, Priya (up to 250 EUR)."),
        (REP, "51", Verdict.ASK, "Ask a shift lead: Sam, Priya (up to 250 EUR)."),
        (REP, "250", Verdict.ASK, "Ask a shift lead: Sam, Priya (up to 250 EUR)."),
        (REP, "250.01", Verdict.ASK, "Ask Lena."),
        (SHIFT_LEAD, "249", Verdict.YOU_MAY, "You may: refund up to 250 EUR."),
        (SHIFT_LEAD, "250", Verdict.YOU_MAY, "You may: refund up to 250 EUR."),
        (SHIFT_LEAD, "251", Verdict.ASK, "Ask Lena."),
        (TEAM_LEAD, "1", Verdict.UNKNOWN, "Ask Lena."),
    ],
)
def test_the_limit_is_within_and_the_next_cent_is_not(
    asker: Asker, amount: str, verdict: Verdict, headline: str
) -> None:
    decision = ask(f"refund {amount}", asker)
    assert (decision.verdict, decision.headline) == (verdict, headline)


def test_the_lines_of_the_card() -> None:
    decision = ask("refund 80")
    assert (
        decision.summary
        == "you: up to 50 EUR; shift lead: up to 250 EUR (Sam, Priya); above that: Lena; never after 90 days"
    )
    assert decision.because == "80 EUR is above your limit as rep (50 EUR)."
    assert decision.ask == Approver("shift lead", LEADS, "up to 250 EUR")


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("refund", "No amount was given."),
        ("refund a friend", "No amount was given."),
        ("refund -80", "The amount was not understood; write it in figures, such as 80."),
        ("refund 5-10", "The amount was not understood; write it in figures, such as 80."),
        ("refund eighty", "The amount was not understood; write it in figures, such as 80."),
        ("refund 30 USD", "This card counts in EUR, not in USD."),
        ("refund $30", "This card counts in EUR, not in $."),
        ("refund 30 xyz", "This card counts in EUR, not in xyz."),
        ("refund 30%", "This card counts in EUR, not in %."),
        ("refund 30 days", "This card counts in EUR, not in days."),
        ("refund 30 cents", "This card counts in EUR, not in cents."),
        ("refund 30 40", "More than one amount was given: 30, 40."),
        ("refund 30 EUR 20 USD", "More than one amount was given: 30 EUR, 20 USD."),
        ("refund 3x 20", "More than one amount was given: 3 x, 20."),
    ],
)
def test_what_is_not_clear_is_not_decided(text: str, because: str) -> None:
    decision = ask(text)
    assert (decision.verdict, decision.because) == (Verdict.UNKNOWN, because)
    assert decision.headline.endswith("sk Lena.")
    assert decision.ask == Approver("", ("Lena",))


@pytest.mark.parametrize(
    ("role", "because"),
    [
        ("boss", "'boss' is no role of this team (rep, shift lead, team lead)."),
        ("", "Nobody has said what your role is."),
        ("team lead", "This card gives team lead no limit."),
    ],
)
def test_a_role_without_a_limit_inherits_none(role: str, because: str) -> None:
    decision = ask("refund 1", Asker(role, ROLES, TODAY))
    assert (decision.verdict, decision.headline, decision.because) == (Verdict.UNKNOWN, "Ask Lena.", because)


def test_a_role_is_the_same_in_any_case() -> None:
    assert ask("refund 50", Asker(" Rep ", ROLES, TODAY)).verdict is Verdict.YOU_MAY


def test_a_role_between_is_asked_only_for_what_it_may() -> None:
    """A lower role is never asked, however high its limit."""
    odd = replace(REFUND, limits=(Limit("rep", Decimal(500)), Limit("shift lead", Decimal(250))))
    assert ask("refund 300", SHIFT_LEAD, odd).headline == "Ask Lena."
    new = Asker("trainee", ("trainee", *ROLES), TODAY)
    assert ask("refund 80", new).headline == "Ask a shift lead: Sam, Priya (up to 250 EUR)."
    assert ask("refund 80", new).verdict is Verdict.UNKNOWN


def test_roles_that_the_team_does_not_know_stand_as_the_card_has_them() -> None:
    asker = Asker("rep", ("rep",), TODAY)
    assert ask("refund 80", asker).headline == "Ask a shift lead: Sam, Priya (up to 250 EUR)."


@pytest.mark.parametrize(
    ("today", "verdict"),
    [("2027-06-29", Verdict.YOU_MAY), ("2027-06-30", Verdict.YOU_MAY), ("2027-07-01", Verdict.UNKNOWN)],
)
def test_a_card_holds_on_its_last_day(today: str, verdict: Verdict) -> None:
    decision = ask("refund 10", Asker("rep", ROLES, today))
    assert decision.verdict is verdict
    if verdict is Verdict.UNKNOWN:
        assert (decision.headline, decision.because) == ("Ask Lena.", "This card expired on 2027-06-30.")
        assert decision.lines == ("This card expired on 2027-06-30.",)
        assert "50" not in str(pairs(REFUND, Asker("rep", ROLES, today)))


def test_a_last_day_that_is_no_date_is_not_forever() -> None:
    decision = ask("refund 10", REP, replace(REFUND, valid_until="soon"))
    assert (decision.verdict, "no date" in decision.because) == (Verdict.UNKNOWN, True)
    assert ask("refund 10", REP, replace(REFUND, valid_until="")).verdict is Verdict.YOU_MAY


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("refund 30 after 89 days", Verdict.YOU_MAY),
        ("refund 30 after 90 days", Verdict.YOU_MAY),
        ("refund 30 after 91 days", Verdict.NEVER),
        ("refund after 91 days", Verdict.NEVER),
        ("refund 30 EUR, 13 weeks ago", Verdict.NEVER),
        ("refund 30 for 91 days", Verdict.YOU_MAY),
        ("refund 300 after 91 days", Verdict.NEVER),
    ],
)
def test_the_age_in_a_boundary(text: str, verdict: Verdict) -> None:
    decision = ask(text)
    assert decision.verdict is verdict
    if verdict is Verdict.NEVER:
        assert decision.headline == "Never: after 90 days."


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("extend 7 days", Verdict.YOU_MAY),
        ("extend 1 week", Verdict.YOU_MAY),
        ("extend 8 days", Verdict.ASK),
        ("extend 2 weeks", Verdict.ASK),
        ("extend 60", Verdict.ASK),
        ("extend 61", Verdict.NEVER),
        ("extend 9 weeks", Verdict.NEVER),
        ("extend 1 month", Verdict.UNKNOWN),
        ("extend 7 hours", Verdict.UNKNOWN),
    ],
)
def test_days_and_weeks_and_a_boundary_in_days(text: str, verdict: Verdict) -> None:
    assert ask(text, REP, EXTEND).verdict is verdict


def test_only_a_boundary_that_is_understood_decides() -> None:
    amounts = {
        boundary: boundary_amount(replace(REFUND, boundary=boundary)) is not None
        for boundary in (
            "never above 500 EUR",
            "never more than €500",
            "never over 500",
            "not above 500 EUR",
            "500 EUR",
            "",
        )
    }
    assert [boundary for boundary, is_known in amounts.items() if is_known] == [
        "never above 500 EUR",
        "never more than €500",
    ]


@pytest.mark.parametrize(
    ("card", "because"),
    [
        (replace(REFUND, limits=()), "This card gives no limit as a number."),
        (replace(REFUND, limits=(Limit("rep", None),)), "This card gives no limit as a number."),
        (replace(REFUND, unit=""), "This card does not say what it counts in, so 30 EUR cannot be compared."),
        (
            replace(REFUND, limits=(Limit("rep", Decimal(50)), Limit("rep", Decimal(60)))),
            "This card gives no clear limit for rep.",
        ),
    ],
)
def test_a_card_with_a_gap_sends_to_somebody(card: Authority, because: str) -> None:
    decision = ask("refund 30 EUR", REP, card)
    assert (decision.verdict, decision.headline, decision.because) == (Verdict.UNKNOWN, "Ask Lena.", because)


def test_a_role_whose_limit_is_no_number_asks_who_has_one() -> None:
    card = replace(REFUND, limits=(Limit("rep", None), REFUND.limits[1]))
    assert ask("refund 30", REP, card).headline == "Ask a shift lead: Sam, Priya (up to 250 EUR)."
    assert standing(card, REP).verdict is Verdict.UNKNOWN


def test_nobody_above_the_highest_limit() -> None:
    card = replace(REFUND, above="")
    decision = ask("refund 251", SHIFT_LEAD, card)
    assert (decision.verdict, decision.headline) == (Verdict.UNKNOWN, "Ask your team lead.")
    assert "names nobody" in decision.because
    assert ask("refund 80", REP, replace(card, limits=REFUND.limits[:1])).headline == "Ask your team lead."
    assert (
        ask("refund 80", Asker("rep", (), TODAY), replace(card, limits=REFUND.limits[:1])).headline == "Ask your lead."
    )


def test_a_role_that_the_card_names_above_all_limits_decides() -> None:
    card = replace(REFUND, above="Team lead")
    assert ask("refund 1000", TEAM_LEAD, card).verdict is Verdict.YOU_MAY
    assert ask("refund 251", SHIFT_LEAD, card).headline == "Ask Team lead."


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity", "-1", "-0.01"])
def test_what_is_no_amount_is_not_decided(amount: str) -> None:
    assert decide(REFUND, Amount(Decimal(amount)), REP).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("unit", ["USD", "$", "days", "xyz", "cents"])
def test_an_amount_in_another_unit_is_not_decided(unit: str) -> None:
    """Also where nobody has looked before which amount fits the card."""
    assert decide(REFUND, Amount(Decimal(30), unit_of(unit)), REP).verdict is Verdict.UNKNOWN


def test_before_any_amount() -> None:
    assert standing(REFUND, REP).headline == "You may: refund up to 50 EUR."
    assert standing(REFUND, TEAM_LEAD).headline == "Ask Lena."
    nothing = replace(REFUND, limits=(Limit("rep", Decimal(0)), REFUND.limits[1]))
    assert standing(nothing, REP).headline == "Ask a shift lead: Sam, Priya (up to 250 EUR)."


def test_the_whole_card_in_words() -> None:
    assert pairs(REFUND, REP) == (
        ("you (rep)", "up to 50 EUR"),
        ("shift lead", "up to 250 EUR (Sam, Priya)"),
        ("above that", "Lena"),
        ("if", "it is paid"),
        ("boundary", "never after 90 days"),
        ("valid until", "2027-06-30"),
    )
    assert pairs(REFUND, TEAM_LEAD)[0] == ("you (team lead)", "no limit given: ask")


_amounts = st.decimals(0, 10**6, allow_nan=False, places=3)


@given(_amounts, _amounts)
@quick
def test_one_may_exactly_what_is_not_above_the_limit(limit: Decimal, amount: Decimal) -> None:
    card = replace(REFUND, limits=(Limit("rep", limit),))
    for unit in ("", "EUR"):
        verdict = decide(card, Amount(amount, unit_of(unit)), REP).verdict
        assert verdict is (Verdict.YOU_MAY if amount <= limit else Verdict.ASK)


@given(_amounts, _amounts, st.sampled_from(ROLES))
@quick
def test_more_is_never_easier(one: Decimal, other: Decimal, role: str) -> None:
    """Whoever may not decide less may not decide more."""
    less, more = sorted((one, other))
    asker = Asker(role, ROLES, TODAY)
    if decide(REFUND, Amount(more), asker).verdict is Verdict.YOU_MAY:
        assert decide(REFUND, Amount(less), asker).verdict is Verdict.YOU_MAY


_cards = st.builds(
    Authority,
    action=values,
    unit=st.one_of(st.sampled_from(["EUR", "days", "%", "", "weeks"]), values),
    limits=st.lists(st.builds(Limit, st.one_of(st.sampled_from(ROLES), values), st.none() | _amounts), max_size=4).map(
        tuple
    ),
    above=st.just("") | values,
    boundary=st.sampled_from(["", "never after 90 days", "never more than 60 days", "never above 5 EUR"]) | values,
    valid_until=st.sampled_from(["", "2027-06-30", "2020-01-01", "soon"]),
)


@given(_cards, any_text, st.one_of(st.sampled_from(ROLES), values))
@quick
def test_there_is_always_an_answer_and_somebody_to_ask(card: Authority, text: str, role: str) -> None:
    for request in (text, f"{text} 80", "80 EUR", "7 days"):
        decision = answer(card, parse(request), Asker(role, ROLES, TODAY))
        assert decision.headline
        assert decision.ask is not None or decision.verdict in (Verdict.YOU_MAY, Verdict.NEVER)
        if decision.verdict is Verdict.YOU_MAY:
            assert any(limit.up_to is not None for limit in card.limits)
    assert standing(card, Asker(role, ROLES, TODAY)).headline
