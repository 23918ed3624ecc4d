"""Whose every use is: by the words that stand there, whatever was written, moved, deleted and typed again."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from kbtui.entry.model import Person
from kbtui.team.credit import Step
from kbtui.team.shares import Version, shares_of, words_of
from kbtui.team.worth import BETWEEN_TWO, Used, calls_helped, own_parts, worth
from tests.helpers import ANA, BEN, LEAD

CLEO = Person("Cleo", "cleo@example.com")
HEADER = "---\nid: newone22\ntags: [seven, more, words, that, count, for, nobody]\n---\n# Do you sell spare parts?\n\n"
TEN = "Yes, ask for the list of parts at our desk."
"""Ten words."""


def _version(
    action: str,
    answer: str,
    person: Person = ANA,
    with_people: tuple[Person, ...] = (),
    confirmed_by: tuple[Person, ...] = (),
) -> Version:
    step = Step(person, dt.datetime(2026, 11, 1, tzinfo=dt.UTC), action, with_people, confirmed_by)
    return Version(step, f"commit of {action}", HEADER + answer)


def _shares(*versions: Version, now: str = "") -> dict[tuple[str, str], Fraction]:
    found = shares_of(versions, HEADER + now if now else versions[-1].source)
    return {(share.person.name.split()[0], share.part): share.share for share in found}


ASKED, ANSWERED = _version("ask", "", ANA), _version("answer", TEN, BEN)


def test_a_tenth_for_asking_a_tenth_for_confirming_the_rest_for_the_words() -> None:
    found = _shares(ASKED, ANSWERED, _version("confirm", TEN, LEAD))
    assert found == {
        ("Ana", "asked"): Fraction(1, 10),
        ("Ben", "answered"): Fraction(8, 10),
        ("Lena", "confirmed"): Fraction(1, 10),
    }


def test_what_nobody_did_is_nobodys() -> None:
    assert sum(_shares(ASKED, ANSWERED).values()) == Fraction(9, 10)
    assert _shares(_version("start", TEN, CLEO)) == {}
    improved = _version("edit", f"{TEN} We post them abroad too.", BEN)
    assert _shares(_version("import", TEN, CLEO), improved) == {("Ben", "improved"): Fraction(8, 10) * Fraction(5, 15)}


def test_an_improvement_has_what_of_its_words_stands() -> None:
    """F37: by what has lasted, not by how much was written once."""
    long, cut = f"{TEN} Bring the number that stands below the box.", f"{TEN} Bring the number."
    found = _shares(ANSWERED, _version("edit", long, CLEO), _version("edit", cut, BEN))
    assert found[("Cleo", "improved")] == Fraction(8, 10) * Fraction(3, 13), "a second “the” is a word of Cleo's"
    assert found[("Ben", "answered")] == Fraction(8, 10) * Fraction(10, 13)


@pytest.mark.parametrize(
    "trick",
    [
        "Yes; ask – for the list, of parts, at our desk!",
        "YES, ASK FOR THE LIST OF PARTS AT OUR DESK.",
        "At our desk\n\n- of parts\n- ask for the list\n\n**Yes**",
        f"## A heading of many words that nobody needs here\n\n{TEN}\n\n## See also\n\n- [many more words](there.md)",
    ],
)
def test_commas_capitals_order_headings_and_links_earn_nothing(trick: str) -> None:
    assert ("Cleo", "improved") not in _shares(ANSWERED, _version("edit", trick, CLEO))


def test_deleting_and_typing_again_earns_nothing() -> None:
    found = _shares(ANSWERED, _version("edit", "", CLEO), _version("edit", TEN, CLEO))
    assert found == _shares(ANSWERED)


def test_undoing_and_bringing_back_are_no_writing() -> None:
    emptied = _version("edit", "Gone.", BEN)
    for action in ("undo", "restore", "salvage", "archive"):
        assert _shares(ANSWERED, emptied, _version(action, f"{TEN} By whom?", CLEO)).keys() == {("Ben", "answered")}


def test_a_confirmation_holds_for_the_words_that_stand() -> None:
    """F36: what changed afterwards was confirmed by nobody; what is internal as well."""
    confirmed = _version("confirm", TEN, LEAD)
    assert ("Lena", "confirmed") in _shares(ANSWERED, confirmed, _version("edit", TEN.upper(), CLEO))
    assert ("Lena", "confirmed") not in _shares(ANSWERED, confirmed, _version("edit", f"{TEN} Soon.", CLEO))
    reviewed = _version("", f"{TEN} Soon.", CLEO, confirmed_by=(LEAD,))
    assert _shares(ANSWERED, confirmed, reviewed)[("Lena", "confirmed")] == Fraction(1, 10)


def test_nobody_confirms_words_of_their_own() -> None:
    assert ("Ben", "confirmed") not in _shares(ANSWERED, _version("confirm", TEN, BEN))
    half = _version("edit", f"{TEN} One two three four five six seven eight nine ten.", LEAD)
    confirmed = _version("confirm", half.source.removeprefix(HEADER), LEAD)
    assert _shares(ANSWERED, half, confirmed)[("Lena", "confirmed")] == Fraction(1, 20)


def test_co_authors_share_what_they_wrote() -> None:
    found = _shares(_version("new", TEN, BEN, with_people=(CLEO,)))
    assert found[("Ben", "answered")] == found[("Cleo", "answered")] == Fraction(4, 10)


def test_a_question_alone_helps_no_call() -> None:
    assert _shares(ASKED) == {}


def test_who_asked_a_question_that_was_joined_into_it_asked_it() -> None:
    found = shares_of([ASKED, ANSWERED], HEADER + TEN, (CLEO, ANA))
    assert [(each.person, each.share) for each in found if each.part == "asked"] == [
        (ANA, Fraction(1, 20)),
        (CLEO, Fraction(1, 20)),
    ]


def test_words_that_no_version_had_are_nobodys() -> None:
    """A merge may bring what no single change did."""
    assert _shares(ANSWERED, now=f"{TEN} And ten more words.")[("Ben", "answered")] == Fraction(8, 10) * Fraction(
        10, 14
    )


def test_what_a_word_is() -> None:
    assert words_of("\ufeff---\nid: x\n---\r\n# Why?\r\n\r\nCafe\u0301 CAFÉ. R&D!") == {"café": 2, "r": 1, "d": 1}
    assert words_of("退款要五天") == {"退": 1, "款": 1, "要": 1, "五": 1, "天": 1}, "one comma is no new sentence"
    assert words_of("no header") == {"no": 1, "header": 1}


# What uses come to


def _used(entry: str, who: Person, number: int = 1, week: str = "2026-11-02") -> Used:
    return Used(entry, who.key, week, number)


def _worth(person: Person, uses: list[Used], parts: dict[str, Fraction]) -> float:
    users: dict[str, set[str]] = {}
    for each in uses:
        users.setdefault(each.entry, set()).add(each.who)
    return worth(person.key, parts, uses, users)


def test_uses_by_colleagues_count_by_ones_share() -> None:
    uses = [_used("a", ANA, 2), _used("a", LEAD), _used("b", LEAD)]
    assert _worth(BEN, uses, {"a": Fraction(8, 10)}) == 2.4


def test_ones_own_use_is_nobodys() -> None:
    assert _worth(BEN, [_used("a", BEN, 100), _used("a", ANA)], {"a": Fraction(1)}) == 0


def test_a_use_counts_once_two_colleagues_have_used_the_entry() -> None:
    assert _worth(BEN, [_used("a", ANA, 50)], {"a": Fraction(1)}) == 0
    assert _worth(BEN, [_used("a", ANA), _used("a", LEAD, week="2026-09-07")], {"a": Fraction(1)}) == 2


def test_one_colleague_counts_three_times_a_week_for_an_entry_and_ten_times_for_a_person() -> None:
    one = [_used("a", ANA, 40), _used("a", LEAD)]
    assert _worth(BEN, one, {"a": Fraction(1)}) == 4
    again = [*one, _used("a", ANA, 40, "2026-11-09")]
    assert _worth(BEN, again, {"a": Fraction(1)}) == 7
    many = [_used(f"e{n}", who, 9) for n in range(50) for who in (ANA, LEAD)]
    assert _worth(BEN, many, {f"e{n}": Fraction(1) for n in range(50)}) == 2 * BETWEEN_TWO


def test_calls_helped_are_colleagues_calls_with_words_of_ones_own() -> None:
    """F38: one's own use helps nobody else, asking alone is no answer, and a comma is none either."""
    answered = shares_of([ASKED, ANSWERED, _version("edit", TEN.replace(",", ";"), CLEO)], HEADER + TEN)
    week = {"newone22": {ANA.key: 2, BEN.key: 5, CLEO.key: 1}}

    def helped(person: Person) -> int:
        return calls_helped(person.key, own_parts(person.key, {"newone22": answered}, asking=False), week)

    assert (helped(BEN), helped(ANA), helped(CLEO)) == (3, 0, 0)
