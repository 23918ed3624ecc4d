"""The few signs that narrow a search do what they say; every other sign is part of a word (F4, F8)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtui.search.index import SearchIndex
from kbtui.search.typed import take_apart
from kbtui.search.wanted import Wanted
from tests.search.entries import entries, entry, hits, indexed

FILES = [
    entry(
        "bill.md",
        "Where is my invoice?",
        "Look in the account.",
        tags="[billing]",
        owner="Lena Lead",
        check_by="2026-05-31",
    ),
    entry(
        "card.md",
        "Is my card lost?",
        "Call the bank.",
        tags="[cards, lost and found]",
        owner="Mateo Ruiz",
        check_by="2026-06-30",
    ),
    entry("gift.md", "Can I lose a gift card?", "The card is lost with it.", tags="[cards, R&D]", state="open"),
    entry("old.md", "Is my fax lost?", "A fax is paper.", tags="[fax]", state="archived", owner="Lena Lead"),
    entry(
        "dash.md", "How do I sign in?", "Use the sign-in page at 12:30.", tags="[sign-in]", owner="Anne-Marie O'Hara"
    ),
    entry("ber.md", "Was ist über Rückgaben?", "Etwas.", tags="[Rückgabe, 退货]", state="not-validated"),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    with indexed(tmp_path_factory.mktemp("filters"), FILES) as index:
        yield index


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        *((f"{key}:billing", {"bill.md"}) for key in ("tag", "TAG", "Tag")),
        *((f"tag:{value}", {"card.md", "gift.md"}) for value in ("cards", "CARDS", '"cards"', "“cards”", "„cards“")),
        *((f"tag:{value}", {"dash.md"}) for value in ("sign-in", "Sign-In", '"sign in"')),
        *((f"tag:{value}", {"gift.md"}) for value in ("R&D", "r&d", '"r&d"')),
        *((f"tag:{value}", {"ber.md"}) for value in ("rückgabe", "RUCKGABE", "Ru\u0308ckgabe", "退货")),
        ('tag:"lost and found"', {"card.md"}),
        ("tag:lost-and-found", {"card.md"}),
        ("state:open", {"gift.md"}),
        ("state:archived", {"old.md"}),
        *(
            (f"owner:{value}", {"bill.md", "old.md"})
            for value in ("lena", "LENA", "lead", '"Lena Lead"', '"lena lead"')
        ),
        *(
            (f"owner:{value}", {"dash.md"})
            for value in ("anne-marie", "O'Hara", "o’hara", "ohara", '"Anne-Marie O\'Hara"')
        ),
        ("tag:cards state:open", {"gift.md"}),
        ("tag:cards owner:mateo", {"card.md"}),
        ("tag:cards tag:fax", set()),
        ("tag:cards -gift", {"card.md"}),
        ("lost tag:cards", {"card.md", "gift.md"}),
        ("tag:cards lost", {"card.md", "gift.md"}),
        ("lost state:archived", {"old.md"}),
        ("lost owner:lena", {"old.md"}),
        ("lost -card", {"old.md"}),
        ("lost -cards", {"old.md"}),
        ("lost -CARD -fax", set()),
        ("-card lost", {"old.md"}),
        ('"card lost"', {"card.md"}),
        ('"my card"', {"card.md"}),
        ('"gift card"', {"gift.md"}),
        ('"card gift"', set()),
        ('"the card is lost"', {"gift.md"}),
        ('"THE CARD" lost', {"gift.md"}),
        ("“the card” lost", {"gift.md"}),
        ("«the card» lost", {"gift.md"}),
        ('"sign-in page"', {"dash.md"}),
        ('"sign in page"', {"dash.md"}),
        ('"the card" state:archived', set()),
        ('lost -"gift card"', {"old.md"}),
    ],
)
def test_what_narrows_a_search(index: SearchIndex, typed: str, wanted: set[str]) -> None:
    """`kbtui.search.typed`: they do what they say."""
    found = index.search(typed)
    assert found is not None
    assert {hit.card.path for hit in found.hits} == wanted
    assert found.total == len(wanted)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("owner:me", ["bill.md", "old.md"]),
        ("OWNER:Me lost", ["old.md"]),
        ("due:now", ["bill.md"]),
        ("due:2026-06-30", ["bill.md", "card.md"]),
        ("due:now lost", []),
        ("due:2026-06-30 lost", ["card.md"]),
        ("owner:me due:now", ["bill.md"]),
    ],
)
def test_ones_own_and_what_is_due(index: SearchIndex, typed: str, wanted: list[str]) -> None:
    found = index.search(typed, Wanted(me="Lena Lead", today="2026-05-31"))
    assert found is not None
    assert [hit.card.path for hit in found.hits] == wanted


@pytest.mark.parametrize("typed", ["invoice owner:me", "invoice due:soon", "invoice due:"])
def test_who_nobody_has_said_to_be_and_no_day_are_words(index: SearchIndex, typed: str) -> None:
    assert hits(index, typed)[0] == "bill.md"


def test_who_owns_nothing_finds_nothing_of_their_own(index: SearchIndex) -> None:
    """It is known, so it is no word."""
    found = index.search("owner:me", Wanted(me="Ines Nobody"))
    assert found is not None
    assert found.hits == ()


def test_states_by_their_words(index: SearchIndex) -> None:
    for typed in ("state:not-validated", 'state:"not validated"', "state:NOT-VALIDATED"):
        assert sorted(hits(index, typed)) == ["ber.md", "bill.md", "card.md", "dash.md"]


def test_a_state_that_no_entry_has_finds_nothing(index: SearchIndex) -> None:
    """It is known, so it is no word; one has typed it to see that there is none."""
    assert hits(index, "state:validated") == []
    assert hits(index, "lost state:validated") == []


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("lost tag:nonsense", "card.md"),
        ("lost owner:nobody", "card.md"),
        ("lost state:nowhere", "card.md"),
        ("invoice tag:", "bill.md"),
        ("invoice tag: owner: state:", "bill.md"),
        ("invoice title:billing", "bill.md"),
        ("invoice -tag:billing", "bill.md"),
        ("tag:invoice", "bill.md"),
        ("owner:invoice", "bill.md"),
        ("invoice tag:open", "bill.md"),
        ("invoice tag:validated", "bill.md"),
        ("invoice owner:archived", "bill.md"),
        ("invoice owner:open", "bill.md"),
        ("-invoice", "bill.md"),
        ("--invoice", "bill.md"),
        ("- invoice -", "bill.md"),
        ('invoice "', "bill.md"),
        ('"invoice', "bill.md"),
        ('invoice"', "bill.md"),
        ('" invoice', "bill.md"),
        ('invoice ""', "bill.md"),
        ('invoice "?!"', "bill.md"),
        ('invoice "..."', "bill.md"),
        ('invoice -"', "bill.md"),
        ("invoice -?", "bill.md"),
        ("invoice -4012", "bill.md"),
        ("invoice – account", "bill.md"),
        ("invoice 'account'", "bill.md"),
        ("sign -", "dash.md"),
        ("12:30", "dash.md"),
        ("at 12:30?", "dash.md"),
        ('15" or 17" page', "dash.md"),
        ("5' 10\" sign in", "dash.md"),
    ],
)
def test_what_narrows_nothing_is_words_and_signs(index: SearchIndex, typed: str, wanted: str) -> None:
    """`kbtui.search.typed`: whatever is none of these is a word. Issue 3: unknown ones are taken as words."""
    assert wanted in hits(index, typed)[:2]


def test_a_tag_that_is_the_name_of_a_state_is_taken_as_a_word_where_no_entry_has_it(tmp_path: Path) -> None:
    """`tag:open` is no state: unknown filters are words."""
    with indexed(tmp_path, entries(["When do you open?", "Something else"])) as index:
        assert hits(index, "tag:open") == ["a0.md"]
        assert hits(index, "owner:open") == ["a0.md"]


def test_an_unknown_filter_beside_a_known_one(index: SearchIndex) -> None:
    assert hits(index, "tag:cards owner:gift") == ["gift.md"]
    assert hits(index, "tag:cards tag:nonsense") == []


def test_filters_without_words_show_pinned_first_and_archived_last(tmp_path: Path) -> None:
    files = [
        entry("a.md", "Old", tags="[t]", state="archived", pinned="true"),
        entry("b.md", "One", tags="[t]"),
        entry("c.md", "Two", tags="[t]", pinned="true"),
        entry("d.md", "Other", tags="[u]"),
    ]
    with indexed(tmp_path, files) as index:
        assert hits(index, "tag:t") == ["c.md", "b.md", "a.md"]
        found = index.search("tag:t", Wanted(limit=1))
        assert found is not None
        assert (len(found.hits), found.total) == (1, 3)


@pytest.mark.parametrize("tag", ["💳", "🚀", "★"])
def test_a_tag_of_signs_is_a_tag_of_its_own(tag: str, tmp_path: Path) -> None:
    files = [entry(f"{ord(sign)}.md", f"Question {sign}", tags=f'["{sign}"]') for sign in "💳🚀★"]
    with indexed(tmp_path, files) as index:
        assert hits(index, f"tag:{tag}") == [f"{ord(tag)}.md"]


SIGNS = [
    "What does -v mean?",
    "What does --force do?",
    "What is tag:billing?",
    "Why does it say state:open?",
    "Who is owner:lena?",
    'What does "declined" mean?',
    'Why is there a lone " here?',
    "Is it 12:30 or 13:30?",
    "Do I write to sales@shop.example?",
    "Is https://shop.example/returns?id=5&x=-1 ours?",
    "Do I press ctrl+c?",
    "Is -card a word?",
    "Refund -card",
    "What is «tag:x» -y?",
    "C:\\Users\\lena?",
    "Is 5-3 two?",
    "sign-in: how?",
    "Do you know “two words”?",
    "What is #4012?",
    "50% off?",
    "[ERROR] (4012) {null}",
    "mailto:info@shop.example",
    "a/b/c or a\\b",
    "-",
    '"quoted"',
    "-minus",
]


@pytest.fixture(scope="module")
def signs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    others = [entry(f"o{n}.md", f"Something else {n}", tags="[billing]", owner="lena", state="open") for n in range(5)]
    with indexed(tmp_path_factory.mktemp("signs"), [*entries(SIGNS), *others]) as index:
        yield index


@pytest.mark.parametrize("question", [question for question in SIGNS if question != "-"])
def test_a_question_with_signs_is_found_by_itself(signs: SearchIndex, question: str) -> None:
    """`Finder._typed`: signs of a question of the base are part of it."""
    wanted = f"a{SIGNS.index(question)}.md"
    for typed in (question, question.rstrip("?"), question.upper(), f"  {question}  "):
        found = signs.search(typed)
        assert found is not None
        assert found.hits[0].card.path == wanted, typed
        assert found.hits[0].is_exact, typed


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("sales@shop.example", "Do I write to sales@shop.example?"),
        ("mail sales@shop.example please", "Do I write to sales@shop.example?"),
        ("https://shop.example/returns", "Is https://shop.example/returns?id=5&x=-1 ours?"),
        ("shop.example/returns?id=5", "Is https://shop.example/returns?id=5&x=-1 ours?"),
        ("Is https://shop.example/returns?id=5&x=-1 ours or theirs", "Is https://shop.example/returns?id=5&x=-1 ours?"),
        ("13:30", "Is it 12:30 or 13:30?"),
        ("ctrl+c", "Do I press ctrl+c?"),
        ("#4012", "What is #4012?"),
        ("[error] 4012", "[ERROR] (4012) {null}"),
        ("C:\\Users", "C:\\Users\\lena?"),
        ("50 %", "50% off?"),
    ],
)
def test_addresses_times_and_the_like_are_words(signs: SearchIndex, typed: str, wanted: str) -> None:
    assert hits(signs, typed)[0] == f"a{SIGNS.index(wanted)}.md"


def test_quotes_hold_where_somebody_asks_in_just_these_words(tmp_path: Path) -> None:
    """`"these words in this order"` does what it says, whether or not they are a question of their own."""
    files = entries(["Card lost?", "I lost a card", "Is a card ever lost?"])
    with indexed(tmp_path, files) as index:
        assert hits(index, '"card lost"') == ["a0.md"]


def test_without_holds_where_somebody_asks_in_just_these_words(tmp_path: Path) -> None:
    """`-without` does what it says; `Refund card?` is not `refund -card` to the letter."""
    files = entries(["Refund card?", "Refund a parcel?", "Card?"])
    with indexed(tmp_path, files) as index:
        assert hits(index, "refund -card") == ["a1.md"]


def test_a_tag_holds_where_somebody_asks_in_just_these_words(tmp_path: Path) -> None:
    files = [entry("a.md", "Tag billing"), entry("b.md", "Something", tags="[billing]")]
    with indexed(tmp_path, files) as index:
        assert "b.md" in hits(index, "tag:billing")


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        ("ERR-4012 means", True),
        ("err 4012 means", True),
        ("means that", True),
        ("can't pay", True),
        ("cant pay", True),
        ("uber alles", True),
        ("R&D team", True),
        ("c++ library", True),
        ("退货需要", True),
        ("需要退货", False),
        ("that means", False),
        ("mean", False),
        ("pay the R&D", False),
        ("where phrases end nowhere", False),
    ],
)
def test_words_in_this_order(phrase: str, found: bool, tmp_path: Path) -> None:
    text = "ERR-4012 means that you can’t pay. Über alles the R&D team knows a C++ library. 退货需要多长时间"
    with indexed(tmp_path, [entry("a.md", "Where phrases end", text), entry("b.md", "Nowhere", "pay")]) as index:
        assert ("a.md" in hits(index, f'"{phrase}"')) is found


def test_a_phrase_beyond_the_best_is_found(tmp_path: Path) -> None:
    """What narrows narrows everything, not only the first page."""
    many = [entry(f"b{n:03}.md", "Gift card, gift card!", "card gift " * 5) for n in range(120)]
    long = "Some words that fill the text so that it is long and says little about anything. " * 20
    with indexed(tmp_path, [*many, entry("z.md", "Else", f"{long} a card as a gift")]) as index:
        assert hits(index, '"card as a gift"', limit=10) == ["z.md"]
        assert hits(index, "card -gift", limit=10) == []


def test_filters_hold_for_the_exact_question_too(tmp_path: Path) -> None:
    files = [entry("a.md", "Where is my refund?"), entry("b.md", "Where is my refund?", tags="[x]")]
    with indexed(tmp_path, files) as index:
        assert hits(index, "where is my refund tag:x") == ["b.md"]
        assert hits(index, "tag:x where is my refund") == ["b.md"]
        found = index.search("where is my refund tag:x")
        assert found is not None
        assert found.hits[0].is_exact


def test_without_a_word_in_another_language(tmp_path: Path) -> None:
    files = [entry("a.md", "¿Hay devoluciones?", language="es"), entry("b.md", "¿Hay reembolsos?", language="es")]
    with indexed(tmp_path, files) as index:
        assert hits(index, "hay -devolución") == ["b.md"]


PIECES = st.sampled_from(
    [
        "tag:",
        "state:",
        "owner:",
        "-",
        '"',
        "“",
        "„",
        "«",
        ":",
        "card",
        "open",
        "lost",
        " ",
        " ",
        "billing",
        "'",
        "tag:cards",
    ]
)


@settings(max_examples=300, deadline=None)
@given(pieces=st.lists(PIECES, max_size=14))
def test_every_word_typed_is_somewhere(index: SearchIndex, pieces: list[str]) -> None:
    """Nothing that was typed falls out, and nothing is an error."""
    text = "".join(pieces)
    typed = take_apart(text)
    kept = " ".join([typed.words, *typed.without, *(each.written for each in typed.filters)])
    for word in ("card", "open", "lost", "billing"):
        assert kept.count(word) == text.count(word)
    found = index.search(text)
    assert found is not None
    assert found.total >= len(found.hits)
