"""The queue: demand times doubt, each place with its reason in words (F31); the sample; what a merge takes over."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.entry.card import Card, card_of
from kbtui.entry.file_format import read
from kbtui.entry.model import State
from kbtui.errors import RefusedError
from kbtui.team.coaching import drawn, hints, note, week_of
from kbtui.team.difference import Kept, changes_between
from kbtui.team.merging import require_mergeable, taken_over
from kbtui.team.review import Kind, Looked, Place, queue
from kbtui.team.standing import Ground, How
from kbtui.team.uses import Counts, Flag
from tests.helpers import BEN

TODAY = dt.date(2026, 11, 24)
AT = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)


def card(name: str, state: State = State.NOT_VALIDATED, **values: object) -> Card:
    """Return the card of an answered entry."""
    made = card_of(read(f"t/{name}.md", f"---\nid: {name}\n---\n# Question {name}?\n\nYes, {name}.\n".encode()))
    return replace(made, state=state, **values)  # type: ignore[arg-type]


def looked(cards: list[Card], **values: object) -> list[Place]:
    """Return the queue over some entries."""
    used = values.pop("used", {})
    flags = values.pop("flags", {})
    week = values.pop("week", {})
    assert isinstance(used, dict)
    assert isinstance(flags, dict)
    assert isinstance(week, dict)
    this_week = {name: {"somebody": number} for name, number in week.items()}
    all_uses = {name: max(used.get(name, 0), week.get(name, 0)) for name in {*used, *week}}
    counts = Counts(used=all_uses, this_week=this_week, flags=flags)
    by_path = {card.path: card for card in cards}
    usual: dict[str, object] = {"grounds": {}, "twins": [], "today": TODAY}
    found = Looked([card.sketch for card in cards], lambda _: by_path, counts, **(usual | values))  # type: ignore[arg-type]
    (first, total), whole = (queue(found, 1).places, queue(found, 1).total), queue(found, 100)
    assert (first, total) == (whole.places[:1], len(whole.places))
    return [*whole.places]


def flag(reason: str = "ten days since May") -> tuple[Flag, ...]:
    return (Flag("f1", reason, BEN, AT),)


def names(places: list[Place]) -> list[str]:
    return [place.card.id for place in places]


def reasons(places: list[Place]) -> list[str]:
    return [reason.words for place in places for reason in place.reasons]


def test_what_nobody_uses_and_nobody_doubts_has_no_place() -> None:
    unused, little, sure = card("unused22"), card("little22"), card("sure2222", State.VALIDATED)
    assert looked([unused, little, sure], used={"little22": 2, "sure2222": 90}) == []


def test_more_demand_and_more_doubt_come_first() -> None:
    cards = [card("often222"), card("seldom22"), card("flagged2", State.VALIDATED), card("changed2", confirmed="Lena")]
    used = {"often222": 40, "seldom22": 3, "changed2": 5, "flagged2": 1}
    places = looked(cards, used=used, week={"often222": 4}, flags={"flagged2": flag()})
    assert names(places) == ["often222", "flagged2", "changed2", "seldom22"]
    assert [place.score for place in places] == sorted((place.score for place in places), reverse=True)


def test_a_flag_weighs_more_than_the_calendar_and_that_more_than_nobody_s_look_at_equal_demand() -> None:
    cards = [card("never222"), card("due22222", State.VALIDATED, check_by="2026-11-01"), card("flag2222")]
    used = {"never222": 9, "due22222": 9, "flag2222": 9}
    assert names(looked(cards, used=used, flags={"flag2222": flag()})) == ["flag2222", "due22222", "never222"]


def test_each_reason_is_said_in_words() -> None:
    one = card("often222", confirmed="")
    variant = replace(card("variant2"), path="t/often222.0123456789ab.variant.md", variant_of="t/often222.md")
    places = looked(
        [one, variant, card("due22222", State.VALIDATED, check_by="2026-11-23"), card("change22", confirmed="Lena")],
        week={"often222": 3},
        flags={"often222": flag()},
        twins=[(one.path, "t/change22.md", 0.923)],
    )
    said = reasons(places)
    assert "Ben Okoro flagged it on 2026-11-20: ten days since May" in said
    assert "2 versions of it are kept; choose one" in said
    assert "used 3 times (3 this week), and nobody has ever checked it" in said
    assert "it was to be checked by 2026-11-23, yesterday" in said
    assert "Lena confirmed it once, but the words have changed since" in said
    assert "it may be the same as “Question change22?” (92 % alike)" in said
    assert [reason.kind for reason in places[0].reasons][:2] == [Kind.FLAG, Kind.VARIANT]
    assert places[0].reasons[1].others == (variant.path,)
    assert "variant2" not in names(places), "it has its place with its entry"


def test_a_version_whose_entry_is_gone_has_a_place_of_its_own() -> None:
    alone = replace(card("variant2"), path="t/gone.0123456789ab.variant.md", variant_of="t/gone.md")
    assert reasons(looked([alone])) == ["it is another version of t/gone.md, which is not there"]


def test_archived_entries_have_no_place_and_open_questions_only_with_a_flag() -> None:
    cards = [card("old22222", State.ARCHIVED, check_by="2020-01-01"), card("open2222", State.OPEN)]
    assert looked(cards, used={"old22222": 50}, flags={"old22222": flag()}) == []
    assert names(looked(cards, flags={"open2222": flag("asked twice")})) == ["open2222"]


def test_validated_by_use_alone_is_worth_a_look_when_it_is_used_much() -> None:
    ground = Ground("proven22", "w", How.USED, ("Ben", "Cleo"))
    one = card("proven22", State.VALIDATED)
    (place,) = looked([one], used={"proven22": 30}, grounds={one.path: ground})
    assert place.reasons[0].words == "used 30 times: validated by use alone, nobody has looked at it"
    signed = Ground("proven22", "w", How.SIGNED, ("Lena",), "2026-11-02", "abc")
    assert looked([one], used={"proven22": 30}, grounds={one.path: signed}) == []


def test_what_a_file_claims_without_saying_who_is_said() -> None:
    assert reasons(looked([card("claim222", is_claimed=True)])) == [
        "its file says validated, but nobody has confirmed the words it has now"
    ]


@given(st.permutations(["a1111111", "b1111111", "c1111111", "d1111111"]))
def test_the_order_depends_on_nothing_but_what_is_known(order: list[str]) -> None:
    used = {"a1111111": 3, "b1111111": 3, "c1111111": 7, "d1111111": 30}
    places = looked([card(name) for name in order], used={name: used[name] for name in order})
    assert names(places) == ["d1111111", "c1111111", "a1111111", "b1111111"]


# The sample


def test_the_same_seed_draws_the_same_whatever_the_order_and_another_one_others() -> None:
    cards = [card(f"entry{number:03}") for number in range(200)]
    one = drawn(cards, "2026-W48", 5, frozenset())
    assert drawn(cards[::-1], "2026-W48", 5, frozenset()) == one
    assert drawn(cards, "2026-W49", 5, frozenset()) != one
    assert len({each.id for each in one}) == 5


def test_what_was_written_lately_is_drawn_first_and_nothing_unanswered_ever() -> None:
    cards = [card(f"entry{number:03}") for number in range(50)] + [card("open2222", State.OPEN)]
    lately = {"t/entry007.md", "t/entry031.md", "t/open2222.md"}
    assert {each.path for each in drawn(cards, "x", 2, lately)} == {"t/entry007.md", "t/entry031.md"}
    assert len(drawn(cards, "x", 100, lately)) == 50


def test_the_week_is_the_iso_week() -> None:
    assert (week_of(dt.date(2027, 1, 1)), week_of(dt.date(2026, 11, 24))) == ("2026-W53", "2026-W48")


def test_the_checklist_notices_what_a_program_can_notice() -> None:
    entry = read("a.md", b"---\nid: aaaaaaaa\n---\n# How long does a refund take?\n\n" + b"Please wait. " * 200)
    found = hints(entry, lambda: "When do I get my money?", ["looks like an e-mail address"])
    assert set(found) == {"unique", "complete", "clear", "title", "personal"}
    good = read(
        "b.md", b"---\nid: bbbbbbbb\ntags: [refunds]\n---\n# How long does a refund take?\n\nA refund: five days.\n"
    )
    assert hints(good, lambda: "", []) == {}


def test_a_note_says_which_line_of_the_checklist_it_is_about() -> None:
    assert note(["clear", "title", "clear"], "say the price first") == "(clear, title) say the price first"
    assert note([], "well done") == "well done"
    with pytest.raises(RefusedError, match="'handsome' is not in the checklist"):
        note(["handsome"], "x")


# Comparing and merging


def test_a_difference_is_whole_and_word_by_word() -> None:
    one = read("a.md", b"# How long?\n\nFive working days.\n\n## Internal\n\nLook in Admin.\n")
    other = read("a.md", b"# How long?\n\nTen working days, at most.\n\n## Internal\n\nLook in Admin.\n")
    (change,) = changes_between(one, other)
    assert change.part == "the answer"
    assert change.words == "the answer: 3 new, 1 gone (words)"
    kept = "".join(piece.text for piece in change.pieces if piece.kept is not Kept.ADDED)
    new = "".join(piece.text for piece in change.pieces if piece.kept is not Kept.REMOVED)
    assert (kept, new) == (one.answer, other.answer)


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_word_is_lost_in_a_difference(before: str, after: str) -> None:
    one, other = (replace(read("a.md", b"# A?\n\nx\n"), answer=text) for text in (before, after))
    for change in changes_between(one, other):
        for gone, text in ((Kept.ADDED, before), (Kept.REMOVED, after)):
            assert "".join(piece.text for piece in change.pieces if piece.kept is not gone) == text


def test_a_merge_takes_over_phrasings_tags_and_links_and_leaves_the_answer() -> None:
    into = read(
        "a/one.md",
        b"---\nid: one11111\ntags: [refunds]\nasked_as: [my money]\n---\n# Refund?\n\nFive days.\n\n"
        b"## See also\n\n- [x](../b/x.md)\n",
    )
    other = read(
        "b/two.md",
        b"---\nid: two11111\ntags: [Refunds, cards]\nasked_as: [My money, cash back]\n---\n# Where is it?\n\nSix.\n\n"
        b"## See also\n\n- [x](x.md)\n- [y z](y%20z.md#part)\n- [it](../a/one.md)\n- [web](https://a.example/b.md)\n",
    )
    wanted = taken_over(into, other)
    assert wanted.asked_as == ("my money", "Where is it?", "cash back")
    assert wanted.tags == ("refunds", "cards")
    assert wanted.see_also is not None
    assert wanted.see_also.splitlines() == [
        "- [x](../b/x.md)",
        "- [y z](../b/y%20z.md#part)",
        "- [web](https://a.example/b.md)",
    ]
    assert (wanted.answer, wanted.question, wanted.state) == (None, None, None)


@pytest.mark.parametrize(
    ("entry", "into", "reason"),
    [
        (b"# A?\n\nyes\n", b"---\nid: bbbbbbbb\nstate: open\n---\n# B?\n", "has no answer, but this one has"),
        (b"# A?\n\nyes\n", b"---\nid: bbbbbbbb\nstate: archived\n---\n# B?\n\nyes\n", "is archived"),
        (b"---\nstate: archived\nreplaced_by: cccccccc\n---\n# A?\n\nyes\n", b"# B?\n\nyes\n", "replaced already"),
    ],
)
def test_no_answer_is_merged_away(entry: bytes, into: bytes, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        require_mergeable(read("a.md", entry), read("b.md", into))
