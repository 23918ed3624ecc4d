"""What the guard finds in a text: every card, hardly anything that is none, and the rest with a warning (F18)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtui.entry import guard
from kbtui.entry.alarm import Kind, Verdict, as_trailer, from_trailer
from kbtui.entry.guard_rules import PLAIN_RULES, GuardRules, TeamRule, wrong_with
from tests.guard_sets import LOOKALIKES, card, cards_in_all_shapes, lookalikes
from tests.helpers import run_python

BRITISH = GuardRules(region="GB")
VISA = "4111111111111111"
"""The number that every payment handbook prints as an example."""


def _found(text: str, rules: GuardRules = PLAIN_RULES) -> list[tuple[Kind, str]]:
    return [(each.kind, text[each.start : each.end]) for each in guard.alarms(text, rules)]


def _ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.digit(c)) for c in re.sub(r"&[^;]*;", " ", text) if unicodedata.digit(c, -1) >= 0)


def test_every_card_of_the_set_is_found_and_masked() -> None:
    """Item 4: at least 300 numbers of all large schemes in all shapes, all of them caught."""
    total = 0
    for name, text, number in cards_in_all_shapes():
        total += 1
        found = guard.card_numbers(text)
        assert len(found) == 1, (name, text)
        assert found[0].verdict is Verdict.REFUSED
        assert found[0].masked == f"{number[:6]}{'x' * (len(number) - 10)}{number[-4:]}", (name, text)
        left = guard.masked(text, found)
        assert guard.card_numbers(left) == (), (name, left)
        assert number[5:-3] not in _ascii_digits(left), (name, left)
    assert total >= 300


def test_what_only_looks_like_a_card_is_hardly_ever_refused() -> None:
    """Item 4: at least 300 order, account, tracking, invoice, IMEI and phone numbers and dates; below 2 % refused."""
    seen = list(lookalikes())
    refused = [each for each in seen if guard.card_numbers(each.text)]
    assert len(seen) >= 300
    assert len(LOOKALIKES) >= 40
    assert len(refused) / len(seen) < 0.02, Counter(each.kind for each in refused)


def test_what_only_looks_like_personal_data_is_seldom_warned_of() -> None:
    phones = {"phone, international", "phone, long", "two phones"}
    seen = [each for each in lookalikes() if each.kind not in phones]
    warned = Counter(a.kind for each in seen for a in guard.alarms(each.text, BRITISH) if a.kind is not Kind.CARD)
    assert sum(warned.values()) / len(seen) < 0.02, warned


@pytest.mark.parametrize(
    "text",
    [
        "41111111111111112",  # another length
        "4111 1111 1111 1112",  # another check digit
        "0000 0000 0000 0000",
        "1234 5678 9012 3456",
        "411111xxxxxx1111",
        "4001 4002 4003 4004",
        "4012\n4077\n4093\n4451\n4500\n4888",
        "41111111\n11111111\n22222222\n33333333",
        "DE89 3704 0044 0532 0130 00",
        "9400 1111 1111 1111 1111 11",
        "5.300000000000001",
        "+4111111111111",
        "https://help.example/articles/36148900647913",
        "\u0664",
        "",
    ],
)
def test_is_no_card(text: str) -> None:
    assert guard.card_numbers(text) == ()


def test_a_longer_number_is_masked_whole() -> None:
    """The first twelve digits are a card of Maestro's too; it is the sixteen that are meant."""
    for first in ("5018 0000 0009", "501800000009"):
        assert guard.card_numbers(first)
        assert guard.without_cards(f"{first} 0000") == "501800xxxxxx0000"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("paid with 4111 1111 1111 111", "paid with 411111xxxxx1111"),
        ("paid with 41111111111", "paid with 411111x1111"),
        ("4111-1111-1111-", "411111xx1111-"),
        ("paid with 4111 1111 11", "paid with 4111 1111 11"),
        ("call +44 7700 900123", "call +44 7700 900123"),
        ("order 10023456789012", "order 10023456789012"),
        ("4111 1111 1111 111 and on", "4111 1111 1111 111 and on"),
    ],
)
def test_a_number_that_is_being_typed_is_not_kept_either(text: str, kept: str) -> None:
    assert guard.fit_for_disk(text) == kept


def test_whatever_is_typed_of_a_card_the_disk_has_at_most_ten_digits_of_it() -> None:
    for name, text, number in cards_in_all_shapes():
        if len(number) < 14 or not name.endswith((", bare", ", spaced", ", dashed", ", each digit alone")):
            continue
        for typed in range(len(text) + 1):
            assert number[:11] not in re.sub(r"[ .-]", "", guard.fit_for_disk(text[:typed])), (name, text[:typed])


WARNED = [
    ("the CVV is 123", Kind.CARD_CODE, "123"),
    ("cvc: 1234", Kind.CARD_CODE, "1234"),
    ("Security code 987.", Kind.CARD_CODE, "987"),
    ("IBAN GB29 NWBK 6016 1331 9268 19 please", Kind.IBAN, "GB29 NWBK 6016 1331 9268 19"),
    ("de89370400440532013000", Kind.IBAN, "de89370400440532013000"),
    ("SSN 219-09-9998", Kind.NATIONAL_ID, "219-09-9998"),
    ("NI number AB 12 34 56 C", Kind.NATIONAL_ID, "AB 12 34 56 C"),
    ("passport no. X1234567", Kind.NATIONAL_ID, "X1234567"),
    ("mail jo.bloggs@gmail.com now", Kind.EMAIL, "jo.bloggs@gmail.com"),
    ("jo.müller@post.de", Kind.EMAIL, "jo.müller@post.de"),
    ("call +44 20 7946 0958", Kind.PHONE, "+44 20 7946 0958"),
    ("her mobile: 07700 900123", Kind.PHONE, "07700 900123"),
    ("password: Hunter2!x", Kind.SECRET, "Hunter2!x"),
    ("Passwort: Sommer2024", Kind.SECRET, "Sommer2024"),
    ("PIN is 4711", Kind.SECRET, "4711"),
    ("key AKIA" + "ABCDEFGH23456723", Kind.SECRET, "AKIA" + "ABCDEFGH23456723"),
    ("ghp_" + "a1B2" * 9, Kind.SECRET, "ghp_" + "a1B2" * 9),
    ("xoxb" + "-1234567890-abcdef", Kind.SECRET, "xoxb" + "-1234567890-abcdef"),
    ("eyJhbGciOiJI." + "eyJzdWIiOiIxMjM0." + "abcdefgh12", Kind.SECRET, "eyJhbGciOiJI.eyJzdWIiOiIxMjM0.abcdefgh12"),
    ("https://ana:s3cret@host.example/", Kind.SECRET, "s3cret"),
]


@pytest.mark.parametrize(("text", "kind", "part"), WARNED)
def test_is_warned_of(text: str, kind: Kind, part: str) -> None:
    assert _found(text) == [(kind, part)]
    assert guard.alarms(text)[0].verdict is Verdict.WARNED
    assert part not in guard.masked(text, guard.alarms(text))


def test_a_private_key_is_found_with_and_without_its_end() -> None:
    key = "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----"
    assert _found(f"a\n{key}\nb") == [(Kind.SECRET, key)]
    assert _found(f"a\n{key[:40]}") == [(Kind.SECRET, key[:40])]


@pytest.mark.parametrize(
    "text",
    [
        "write to support@shop.example.com or help@shop.org",
        "the address is you@example.com, such as first.last@company.com",
        "use the picture logo@2x.png",
        "our hotline 0800 123 4567, from abroad +44 800 123 4567",
        "Password: must have at least 8 characters",
        "The password is case-sensitive",
        "token: <your token>",
        "PIN: 4 digits",
        "CVV: the 3 digits on the back",
        "CVC error 404",
        "the card security code is never asked for",
        "open from 2019-2024, on 2024-05-01 10:30",
        "server 192.168.100.200",
        "version 10.12.2024",
        "order 12345678, 3 items",
        "ERR-4012 means the bank has declined the card",
    ],
)
def test_is_fine(text: str) -> None:
    assert _found(text, BRITISH) == []


def test_numbers_dialled_at_home_are_told_by_the_teams_region() -> None:
    assert _found("her number 020 7946 0958", BRITISH) == [(Kind.PHONE, "020 7946 0958")]
    assert _found("look at 020 7946 0958") == []


def test_what_the_team_allows_is_fine() -> None:
    rules = GuardRules("GB", allow=("+44 20 7946 0958", "@shop.com", "ana@gmail.com", r"/REF-\d{3}-\d{2}-\d{4}/"))
    assert _found("call 020 7946 0958, write to jo@shop.com or Ana@gmail.com, say REF-219-09-9998", rules) == []
    assert _found("jo@othershop.com 219-09-9998", rules) != []


def test_only_a_pattern_that_says_what_it_is_lets_a_number_pass_that_may_be_a_card() -> None:
    assert guard.card_numbers(f"ORD-{VISA}", GuardRules(allow=(r"/ORD-\d{16}/",))) == ()
    for allow in (VISA, r"/\d{16}/", "/.*/"):
        assert guard.card_numbers(f"ORD-{VISA}", GuardRules(allow=(allow,))) != ()
    assert guard.card_numbers(VISA, GuardRules(allow=(r"/ORD-\d{16}/",))) != ()


def test_a_team_keeps_out_what_it_says() -> None:
    rules = GuardRules(extra=(TeamRule(r"POL-\d{6}", "a policy number"),))
    assert [(each.kind, each.words, each.masked) for each in guard.alarms("see pol-123456", rules)] == [
        (Kind.TEAM_RULE, "a policy number", "(policy number)")
    ]


@pytest.mark.parametrize("pattern", ["(a+)+b", "", "(", "a" * 201, r"(\d*)*", "([a-z]+){2,}"])
def test_a_pattern_that_cannot_be_used_is_named(pattern: str) -> None:
    assert wrong_with(pattern)
    assert wrong_with(r"POL-\d{6}") == ""


def test_alarms_know_their_line_and_do_not_overlap() -> None:
    text = f"a\nb\n{VISA} cvv 123\npassword: {VISA}"
    found = guard.alarms(text)
    assert [each.line(text) for each in found] == [3, 3, 4]
    assert [each.kind for each in found] == [Kind.CARD, Kind.CARD_CODE, Kind.CARD]
    assert all(before.end <= after.start for before, after in pairwise(found))


def test_kinds_survive_the_history() -> None:
    kinds = frozenset({Kind.PHONE, Kind.EMAIL})
    assert as_trailer(kinds) == "email, phone"
    assert from_trailer("email, phone, whatever") == kinds


_ODD = st.sampled_from(
    [*"0123456789 -.\n\u200b*+@:/()&;", "\u0664", "\uff14", "&nbsp;", "4111", "password: ", "\ud800"]
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(_ODD, max_size=60).map("".join)))
def test_no_text_makes_it_fail(text: str) -> None:
    found = guard.alarms(text, BRITISH)
    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert all(before.end <= after.start for before, after in pairwise(found))
    guard.masked(text, found)


@settings(max_examples=200, deadline=None)
@given(st.lists(_ODD, max_size=60).map("".join))
def test_masking_leaves_no_card(text: str) -> None:
    once = guard.without_cards(text)
    assert guard.card_numbers(guard.without_cards(once)) == ()


@settings(max_examples=200, deadline=None)
@given(
    st.randoms(use_true_random=False), st.sampled_from(["Visa", "Mastercard", "American Express", "Discover", "JCB"])
)
def test_words_around_a_card_do_not_hide_it(random: object, scheme: str) -> None:
    number = card(random, scheme)  # type: ignore[arg-type]
    for text in (f"x{number}y", f"order:{number}", f"({number})", f"{number}, {number}"):
        assert {each.kind for each in guard.alarms(text)} == {Kind.CARD}


def test_the_guard_is_cheap_to_load() -> None:
    """A search, and the first picture, never wait for numbering plans."""
    code = "import sys, kbtui.entry.guard as g; g.alarms('How long does a refund take? ERR-4012, 5 days'); "
    ended = run_python("-c", code + "print([m for m in sys.modules if m.split('.')[0] in ('stdnum', 'phonenumbers')])")
    assert ended.stdout.strip() == "[]"
