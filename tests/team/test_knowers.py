"""Who may know: the nearest entry counts, names and words are given, no number (F50)."""

from __future__ import annotations

import dataclasses

from kbtui.entry.card import Card
from kbtui.entry.model import Person, State
from kbtui.team.credit import Credit
from kbtui.team.knowers import KEEPS, MOST, Knower, Related, knowers
from tests.helpers import ANA, BEN, LEAD

NOBODY = Credit((), (), (), ())


def _related(name: str, closeness: float = 0.0, tags: tuple[str, ...] = (), **parts: tuple[Person, ...]) -> Related:
    card = Card(f"{name}.md", name, f"{name}?", State.VALIDATED, tags, (), "", "", False, "", "", None, "", "")
    return Related(card, dataclasses.replace(NOBODY, **parts), closeness, tags)


def test_the_nearest_first_with_the_reason_in_words() -> None:
    found = knowers(
        [
            _related("far", 0.2, answered=(BEN,)),
            _related("near", 0.6, ("vouchers",), answered=(ANA,), confirmed=(LEAD,)),
        ]
    )
    assert found == [
        Knower(ANA, "answered “near?”, about vouchers too", "near"),
        Knower(LEAD, "confirmed “near?”, about vouchers too", "near"),
        Knower(BEN, "answered “far?”", "far"),
    ]


def test_one_near_answer_is_more_than_many_far_ones() -> None:
    far = [_related(f"far{n}", 0.1, answered=(BEN,)) for n in range(200)]
    assert [each.person for each in knowers([*far, _related("near", 0.5, answered=(ANA,))])] == [ANA, BEN]


def test_of_two_as_near_the_one_with_more_about_it() -> None:
    found = knowers(
        [_related("a", 0.5, answered=(ANA,)), _related("b", 0.5, answered=(BEN,)), _related("c", 0.4, improved=(BEN,))]
    )
    assert [each.person for each in found] == [BEN, ANA]


def test_whoever_asks_is_not_meant_and_three_are_enough() -> None:
    people = tuple(Person(f"P{n}", f"p{n}@example.com") for n in range(9))
    found = knowers([_related("a", 0.5, answered=(ANA, *people))], {ANA.key})
    assert len(found) == MOST
    assert ANA not in [each.person for each in found]


def test_asking_is_not_knowing() -> None:
    assert knowers([_related("a", 0.9, asked=(BEN,))]) == []


def test_nothing_in_it_is_a_number() -> None:
    """F41: nobody is put beside anybody by a number."""
    assert {field.name for field in dataclasses.fields(Knower)} == {"person", "because", "entry"}


def test_whoever_keeps_an_entry_knows_it_less_than_whoever_answered() -> None:
    kept = dataclasses.replace(_related("kept", 0.5, ("vouchers",)), named=((KEEPS, LEAD),))
    found = knowers([kept, _related("answered", 0.5, ("vouchers",), answered=(ANA,))])
    assert [each.person for each in found] == [ANA, LEAD]
    assert found[1].because == "keeps “kept?”, about vouchers too"
