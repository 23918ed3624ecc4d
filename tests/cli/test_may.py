"""`kbtui may`: the decision first, then the card it comes from (F26), for the role one has (F40)."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui.errors import ExitCode
from tests.helpers import ANA, run_kbtui, write_files

CARD = """---
id: mayref22
state: not-validated
tags: [refunds]
asked_as:
  - refund 80
authority:
  action: refund
  currency: EUR
  limits:
    - role: rep
      up_to: 50
    - role: shift lead
      up_to: 250
      people: [Sam Okafor, Priya Nair]
  above: Lena Fischer
  conditions:
    - the order is paid
  boundary: never after 90 days
  valid_until: 2999-06-30
---
# What may I refund?

It depends.
"""


@pytest.fixture
def cards(base: Path) -> Path:
    """Return the small base with a card and the roles it is for."""
    (base / "kb.toml").write_text('name = "Small base"\nroles = ["rep", "shift lead", "team lead"]\n')
    write_files(base, {"may.md": CARD})
    return base


def _first(cards: Path, *arguments: str) -> tuple[int, str]:
    ran = run_kbtui("may", *arguments, cwd=cards)
    return ran.status, ran.out.splitlines()[0]


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (("refund", "49", "--role", "rep"), "You may: refund up to 50 EUR."),
        (("refund", "50", "--role", "rep"), "You may: refund up to 50 EUR."),
        (("refund", "51", "--role", "rep"), "Ask a shift lead: Sam Okafor, Priya Nair (up to 250 EUR)."),
        (("refund €50.01",), "Ask a shift lead: Sam Okafor, Priya Nair (up to 250 EUR)."),
        (("refund", "250", "--role", "shift lead"), "You may: refund up to 250 EUR."),
        (("refund", "251", "--role", "shift lead"), "Ask Lena Fischer."),
        (("refund", "5", "--role", "team lead"), "Ask Lena Fischer."),
        (("refund", "5", "--role", "boss"), "Ask Lena Fischer."),
        (("refund", "5", "USD"), "Ask Lena Fischer."),
        (("refund",), "Say how much, or ask Lena Fischer."),
        (("refund", "-5"), "Say how much, or ask Lena Fischer."),
        (("refund", "5", "after", "91", "days"), "Never: after 90 days."),
    ],
)
def test_the_decision_stands_first(cards: Path, arguments: tuple[str, ...], wanted: str) -> None:
    assert _first(cards, *arguments) == (0, wanted)


def test_the_whole_card_follows(cards: Path) -> None:
    assert run_kbtui("may", "refund", "80", cwd=cards).out == (
        "Ask a shift lead: Sam Okafor, Priya Nair (up to 250 EUR).\n"
        "80 EUR is above your limit as rep (50 EUR).\n"
        "\n"
        "Who may decide: refund\n"
        "  you (rep): up to 50 EUR\n"
        "  shift lead: up to 250 EUR (Sam Okafor, Priya Nair)\n"
        "  above that: Lena Fischer\n"
        "  if: the order is paid\n"
        "  boundary: never after 90 days\n"
        "  valid until: 2999-06-30\n"
        "What may I refund? (not validated) · mayref22\n"
    )


def test_a_card_that_has_expired(cards: Path) -> None:
    write_files(cards, {"may.md": CARD.replace("2999-06-30", "2020-06-30")})
    ran = run_kbtui("may", "refund", "5", cwd=cards)
    assert ran.out.splitlines()[:2] == ["Ask Lena Fischer.", "This card expired on 2020-06-30."]
    assert "up to 50" not in ran.out


def test_no_card_fits(cards: Path) -> None:
    ran = run_kbtui("may", "bananas", "5", cwd=cards)
    assert (ran.status, ran.out) == (ExitCode.NOT_FOUND, "")
    assert ran.err == "kbtui: No authority card is about 'bananas 5'.\n       Ask Lena Fischer.\n"
    ran = run_kbtui("may", "bananas", "5", "--json", cwd=cards)
    assert (ran.status, ran.json["decision"], ran.json["ask"]) == (ExitCode.NOT_FOUND, None, "Lena Fischer")


def test_several_cards_fit(cards: Path) -> None:
    other = CARD.replace("mayref22", "maylat22").replace("action: refund", "action: refund of a late parcel")
    write_files(cards, {"late.md": other.replace("What may I refund?", "What about late parcels?")})
    assert "See also: What about late parcels? · maylat22" in run_kbtui("may", "refund", "80", cwd=cards).out
    ran = run_kbtui("may", "refund", "late", "parcel", "80", "--json", cwd=cards)
    assert (ran.json["card"]["id"], [card["id"] for card in ran.json["others"]]) == ("maylat22", ["mayref22"])


def test_as_json(cards: Path) -> None:
    values = run_kbtui("may", "refund", "80", "--json", cwd=cards).json
    assert (values["request"], values["role"]) == ("refund 80", "rep")
    assert values["decision"]["verdict"] == "ask"
    assert values["decision"]["ask"]["people"] == ["Sam Okafor", "Priya Nair"]
    assert values["summary"].startswith("you: up to 50 EUR; shift lead: up to 250 EUR (Sam Okafor, Priya Nair); ")
    assert values["card"]["authority"]["limits"][0] == {"role": "rep", "up_to": "50", "people": []}


def test_a_role_said_once_is_kept_beside_the_name(cards: Path) -> None:
    """F40: recorded to enable, not to lock."""
    assert run_kbtui("me", str(ANA), cwd=cards).status == 0
    ran = run_kbtui("me", "--role", "Shift Lead", cwd=cards)
    assert ran.out == f"{ANA}\nRole: shift lead\n"
    assert _first(cards, "refund", "80") == (0, "You may: refund up to 250 EUR.")
    assert _first(cards, "refund", "80", "--role", "rep")[1].startswith("Ask a shift lead")
    assert run_kbtui("me", "Ben Okoro", cwd=cards).out.endswith("Role: shift lead\n")
    assert run_kbtui("me", "--json", cwd=cards).json["role"] == "shift lead"


def test_a_role_nobody_knows_is_refused(cards: Path, tmp_path: Path) -> None:
    ran = run_kbtui("me", "--role", "boss", cwd=cards)
    assert ran.status == ExitCode.REFUSED
    assert "rep, shift lead, team lead" in ran.err
    assert run_kbtui("me", "--role", "anything", cwd=tmp_path).out.endswith("Role: anything\n")


def test_settings_that_cannot_be_read_give_no_role(cards: Path) -> None:
    """Whoever cannot be known is taken for the lowest role, never for a higher one."""
    run_kbtui("me", "Ana", "--role", "shift lead", cwd=cards)
    file = next(Path.home().rglob("config.toml"))
    file.write_text("role = ")
    assert _first(cards, "refund", "80")[1].startswith("Ask a shift lead")


def test_show_says_what_one_may(cards: Path) -> None:
    lines = run_kbtui("show", "mayref22", cwd=cards).out.splitlines()
    assert lines[3:6] == ["You may: refund up to 50 EUR.", "Who may decide: refund", "  you (rep): up to 50 EUR"]


def test_check_finds_cards_that_contradict_each_other(cards: Path) -> None:
    write_files(cards, {"two.md": CARD.replace("mayref22", "maytwo22").replace("up_to: 50", "up_to: 60")})
    ran = run_kbtui("check", cwd=cards)
    assert ran.status == ExitCode.PROBLEMS
    assert ran.out.startswith(
        "two.md:7: error: authority card 'refund': rep may up to 60 EUR here, but up to 50 EUR in may.md;"
    )
