"""Contradictions and gaps between authority cards: what, where, and what to do."""

from __future__ import annotations

import datetime as dt

import pytest

from kbtui.entry.file_format import read
from kbtui.entry.model import Severity
from kbtui.team.card_checks import card_findings
from kbtui.team.checks import Finding
from tests.helpers import CHECKOUT

ROLES = ("rep", "shift lead", "team lead")
TODAY = dt.date(2026, 11, 24)

GOOD = """\
action: refund
currency: EUR
limits: {rep: 50, shift lead: 250}
above: Lena
boundary: never after 90 days
valid_until: 2027-06-30
"""


def _entry(card: str, header: str = "") -> str:
    lines = "".join(f"  {line}\n" for line in card.splitlines())
    return f"---\nstate: not-validated\n{header}authority:\n{lines}---\n# Q?\n\nA.\n"


def _findings(*cards: str, header: str = "") -> list[Finding]:
    entries = [read(f"{name}.md", _entry(card, header).encode()) for name, card in zip("abc", cards, strict=False)]
    return card_findings(entries, ROLES, TODAY)


def _only(*cards: str) -> Finding:
    (finding,) = _findings(*cards)
    return finding


def test_a_good_card_and_none_at_all() -> None:
    assert _findings(GOOD) == []
    assert card_findings([read("a.md", b"# A?\n\nx\n")], ROLES, TODAY) == []


def test_the_starter_base_is_in_order() -> None:
    entries = [read(file.name, file.read_bytes()) for file in (CHECKOUT / "kb").rglob("*.md")]
    assert card_findings(entries, ROLES, TODAY) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "rep: 50",
            "agent: 50",
            "kb.toml knows no role 'agent'; use one of rep, shift lead, team lead, or add it there",
        ),
        ("above: Lena\n", "", "nobody is named who decides above 250 EUR; add `above:` with a name"),
        ("boundary: never after 90 days\n", "", "no boundary says what nobody may ever do; add `boundary:`"),
        ("currency: EUR\n", "", "it does not say what it counts in; add `currency:` or `unit:`"),
        ("2027-06-30", "2026-11-23", "it expired on 2026-11-23; renew valid_until, or archive the entry"),
        ("2027-06-30", "2026-11-24", "it expires on 2026-11-24; look whether it still holds and renew valid_until"),
        ("2027-06-30", "2026-12-24", "it expires on 2026-12-24"),
    ],
)
def test_a_gap_is_a_note(old: str, new: str, says: str) -> None:
    finding = _only(GOOD.replace(old, new))
    assert (finding.path, finding.line, finding.severity) == ("a.md", 3, Severity.NOTE)
    assert finding.reason.startswith("authority card 'refund': ")
    assert says in finding.reason


def test_a_card_that_holds_longer_than_a_month_is_not_named() -> None:
    assert _findings(GOOD.replace("2027-06-30", "2026-12-25")) == []


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ("{rep: 300, shift lead: 250}", "rep may more (300 EUR) than shift lead (250 EUR), who stands above"),
        ("{shift lead: 250, rep: 250.01}", "rep may more (250.01 EUR) than shift lead (250 EUR)"),
        ("[{role: rep, up_to: 5}, {role: Rep, up_to: 6}]", "rep has two limits, 5 EUR and 6 EUR; keep one"),
    ],
)
def test_a_card_that_contradicts_itself_is_an_error(limits: str, says: str) -> None:
    finding = _only(GOOD.replace("{rep: 50, shift lead: 250}", limits))
    assert finding.severity is Severity.ERROR
    assert says in finding.reason


def test_a_limit_beyond_the_boundary() -> None:
    finding = _only(GOOD.replace("never after 90 days", "never more than 200 EUR"))
    assert "shift lead may up to 250 EUR, beyond the boundary" in finding.reason
    assert _findings(GOOD.replace("never after 90 days", "never more than 250 EUR")) == []


def test_two_cards_for_one_action_with_different_limits() -> None:
    finding = _only(GOOD, GOOD.replace("action: refund", "action: Refunds").replace("rep: 50", "rep: 60"))
    assert (finding.path, finding.severity) == ("b.md", Severity.ERROR)
    assert "rep may up to 60 EUR here, but up to 50 EUR in a.md; keep one card, or correct one" in finding.reason


def test_two_cards_that_say_the_same_or_speak_of_other_things() -> None:
    assert _findings(GOOD, GOOD.replace("rep: 50", "rep: 50.00").replace("EUR", "€")) == []
    assert _findings(GOOD, GOOD.replace("action: refund", "action: voucher").replace("rep: 50", "rep: 60")) == []


def test_two_cards_for_one_action_in_different_units() -> None:
    finding = _only(GOOD, GOOD.replace("currency: EUR", "unit: days"))
    assert (finding.path, finding.severity) == ("b.md", Severity.NOTE)
    assert "it counts in days here and EUR in a.md; use one unit for one action" in finding.reason


def test_weeks_and_days_are_compared() -> None:
    days = GOOD.replace("currency: EUR", "unit: days").replace("{rep: 50, shift lead: 250}", "{rep: 7}")
    assert _findings(days, days.replace("unit: days", "unit: weeks").replace("rep: 7", "rep: 1")) == []
    assert "up to 2 weeks here" in _only(days, days.replace("days\n", "weeks\n", 1).replace("rep: 7", "rep: 2")).reason


def test_what_has_expired_or_is_archived_contradicts_nobody() -> None:
    old = GOOD.replace("rep: 50", "rep: 40").replace("2027-06-30", "2026-01-01")
    assert "expired" in _only(GOOD, old).reason
    files = {
        "a.md": _entry(GOOD),
        "b.md": _entry(GOOD.replace("rep: 50", "rep: 40")).replace("not-validated", "archived"),
    }
    assert card_findings([read(path, text.encode()) for path, text in files.items()], ROLES, TODAY) == []
