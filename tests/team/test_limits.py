"""What has changed about who may decide, in the words of the one who reads it (F48, F26)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from kbtui.entry.decision import Asker
from kbtui.entry.model import Authority, Limit
from kbtui.team.limits import changed, expired

REP, LEAD = Limit("rep", Decimal(50)), Limit("shift lead", Decimal(200), ("Sam",))
CARD = Authority("refund", "EUR", (REP, LEAD), above="Lena", conditions=("there is a photograph",))
ASKER = Asker("rep", ("rep", "shift lead"), "2026-11-02")


def _rep(up_to: int | None) -> Authority:
    return replace(CARD, limits=(Limit("rep", None if up_to is None else Decimal(up_to)), LEAD))


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (CARD, CARD, ""),
        (CARD, _rep(80), "refund: you may now decide up to 80 EUR (was 50 EUR)"),
        (CARD, _rep(None), "refund: you may no longer decide it yourself (was up to 50 EUR); ask"),
        (replace(CARD, limits=(LEAD,)), CARD, "refund: you may now decide up to 50 EUR (was: ask)"),
        (None, CARD, "refund: you may decide up to 50 EUR (new)"),
        (None, _rep(None), "refund: it is written down now whom to ask (new)"),
        (CARD, None, "refund: nobody has written down any longer who may decide; ask"),
        (None, None, ""),
        (
            CARD,
            replace(CARD, limits=(REP, Limit("shift lead", Decimal(250), ("Sam",)))),
            "refund: shift lead may now decide up to 250 EUR (was 200 EUR)",
        ),
        (CARD, replace(CARD, limits=(REP, replace(LEAD, people=("Priya",)))), "refund: shift lead now: Priya"),
        (CARD, replace(CARD, limits=(REP,)), "refund: shift lead may no longer decide it (was up to 200 EUR)"),
        (CARD, replace(CARD, above="Mateo"), "refund: above every limit, ask Mateo"),
        (
            CARD,
            replace(CARD, conditions=("the box is there",)),
            "refund: now only if: the box is there; no longer only if: there is a photograph",
        ),
        (CARD, replace(CARD, boundary="never after 90 days"), "refund: boundary now: never after 90 days"),
        (CARD, replace(CARD, valid_until="2027-01-31"), "refund: valid until 2027-01-31"),
    ],
)
def test_what_a_card_says_that_it_did_not_say(before: Authority | None, after: Authority | None, words: str) -> None:
    assert changed(before, after, ASKER) == words


def test_ones_own_limit_comes_first() -> None:
    after = replace(CARD, above="Mateo", limits=(Limit("rep", Decimal(20)), LEAD))
    said = changed(CARD, after, ASKER)
    assert said == "refund: you may now decide up to 20 EUR (was 50 EUR); above every limit, ask Mateo"


def test_a_card_that_nobody_changed_may_have_expired() -> None:
    card = replace(CARD, valid_until="2026-11-01")
    assert expired(card, "2026-10-30", ASKER) == "refund: This card expired on 2026-11-01. Ask."
    assert expired(card, "2026-11-02", ASKER) == "", "that was known"
    assert expired(CARD, "2026-10-30", ASKER) == ""
