"""What a row says: marks, snippets, reasons, what was read instead, and where state, pins, use and synonyms put it."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtui.entry.approval import digest
from kbtui.entry.identity import id_from_path
from kbtui.entry.model import Entry, State
from kbtui.search.analysis import Analyser
from kbtui.search.forms import Form, Kind, Word
from kbtui.search.index import SearchIndex
from kbtui.search.passage import WIDTH
from kbtui.search.result import Marked, SearchResult
from kbtui.search.scorer import WordScores
from kbtui.search.synonyms import grouped
from kbtui.search.wanted import Wanted
from tests.search.entries import STAMP, entries, entry, hits, indexed

FILLER = "Some words that fill the text so that it is long and says little about anything. " * 20
LONGEST = WIDTH + 4
"""A snippet with the signs that say it goes on before and behind it."""


def result(index: SearchIndex, text: str, wanted: Wanted | None = None) -> SearchResult:
    found = index.search(text, wanted or Wanted())
    assert found is not None
    return found


def marked(of: Marked) -> list[str]:
    return [of.text[start:end] for start, end in of.marks]


def question_marks(index: SearchIndex, text: str) -> list[str]:
    hit = result(index, text).hits[0]
    return marked(Marked(hit.card.question, hit.marks))


@contextmanager
def with_synonyms(folder: Path, of: Iterable[Entry], groups: Sequence[Sequence[str]]) -> Iterator[SearchIndex]:
    index = SearchIndex(folder / "index", "en", groups)
    index.rebuild((each, STAMP) for each in of)
    try:
        yield index
    finally:
        index.close()


def validated(path: str, question: str, answer: str) -> Entry:
    approval = f"{{by: Lena, on: 2026-11-01, text: {digest(question, answer)}}}"
    return entry(path, question, answer, state="validated", validated=approval)


@pytest.mark.parametrize(
    ("written", "typed", "wanted"),
    [
        ("Refunds, refunded and a refund?", "refund", ["Refunds", "refunded", "refund"]),
        ("Which policies are there?", "policy", ["policies"]),
        ("Is my phone dying?", "die", ["dying"]),
        ("Are the skies clear?", "sky", ["skies"]),
        ("Where is my refund?", "refnud", ["refund"]),
        ("Where is my refund?", "refu", ["refund"]),
        ("Where is my refund?", "refnu", ["refund"]),
        ("Is cardboard free?", "board", ["cardboard"]),
        ("Can I buy a gift card?", "giftcard", ["gift", "card"]),
        ("Can I buy a giftcard?", "gift card", ["giftcard"]),
        ("Can I change my e-mail?", "email", ["e-mail"]),
        ("Is there Wi-Fi?", "wifi", ["Wi-Fi"]),
        ("Where is O'Neill?", "oneill", ["O'Neill"]),
        ("Where is O’Neill?", "oneill", ["O’Neill"]),
        ("Why can't I pay?", "cant pay", ["pay"]),
        ("Why can’t I sign in?", "sign", ["sign"]),
        ("What is ERR-4012 here?", "ERR-4012", ["ERR-4012"]),
        ("What is ERR-4012 here?", "err4012", ["ERR-4012"]),
        ("Is there a C++ library?", "c++", ["C++"]),
        ("Who is in R&D now?", "r&d", ["R&D"]),
        ("Où est mon reçu ?", "recu", ["reçu"]),
        ("REÇU!", "reçu", ["REÇU"]),
        ("Wo ist die Rückgabe?", "rueckgabe", ["Rückgabe"]),
        ("Wo ist die Größe?", "GROESSE", ["Größe"]),
        ("Is it 0800 123 456?", "0800 123 456", ["0800", "123", "456"]),
        ("Party 🎉🎉 refund 👩‍👩‍👧‍👧 now", "refund", ["refund"]),
        ("Is a (refund) free?", "refund", ["refund"]),
        ("A refund/return?", "refund", ["refund/return"]),
    ],
)
def test_what_matched_is_marked(written: str, typed: str, wanted: list[str], tmp_path: Path) -> None:
    """Issue 3: snippets mark what matched, including stems and typo matches."""
    with indexed(tmp_path, [entry("a.md", written, f"{written} {written}"), entry("b.md", "Else")]) as index:
        assert question_marks(index, typed) == wanted
        assert marked(result(index, typed).hits[0].snippet) == wanted * 2


_MIXED = (
    "Straße", "straße", "groß", "über", "Übergabe", "Rückgabe", "l'été", "café", "cafe\u0301", "niño", "canción",
    "résumé", "naïve", "ΣΊΣΥΦΟΣ", "ψωμί", "ёлка", "Київ", "e-mail", "C++", "R&D", "ERR-4012", "O’Neill", "退货", "환불",
    "hﬁx", "ǆep", "Ĳssel", "can't", "Wi-Fi", "İstanbul", "refund", "policies", "skies",
)  # fmt: skip


def test_words_of_any_letters_are_marked_beside_any_others(tmp_path: Path) -> None:
    """A text is looked through letter by letter only where that finds what going through its words would find."""
    chance = random.Random(3)
    texts = [" ".join(chance.choices(_MIXED, k=chance.randint(1, 9))) for _ in range(120)]
    with indexed(
        tmp_path, [entry(f"a{n}.md", f"q {text}", f"Of {text} {FILLER[:n]}") for n, text in enumerate(texts)]
    ) as index:
        for word in _MIXED:
            for hit in result(index, word, Wanted(limit=120, snippets=120)).hits:
                for text, marks in (Marked(hit.card.question, hit.marks), hit.snippet):
                    assert _unmarked(word, text, marks) == [], (word, text, marks)


def _unmarked(word: str, text: str, marks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the places where a word stands between spaces and is not marked."""
    places = [place.span() for place in re.finditer(rf"(?<!\S){re.escape(word)}(?!\S)", text)]
    return [(start, end) for start, end in places if not any(s <= start and end <= e for s, e in marks)]


@pytest.mark.parametrize("written", ["0800 123 456", "0800-123-456", "(0800) 123456"])
def test_a_number_in_another_grouping_is_marked(written: str, tmp_path: Path) -> None:
    """It is found by it, so it is marked."""
    with indexed(tmp_path, [entry("a.md", "Whom do I call?", f"Dial {written} now."), entry("b.md", "E")]) as index:
        assert marked(result(index, "0800123456").hits[0].snippet)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("What is ERR-4012 (2024) here?", "ERR-4012"),
        ("What is ERR-4012-15 here?", "ERR-4012"),
        ("Is it on page ab/456/456 now?", "ab/456/456"),
        ("Ist es Übergabe ERR-4012 24/7 Cafe\u0301?", "err4012"),
    ],
)
def test_a_code_is_not_marked_twice_where_its_number_goes_on(written: str, typed: str, tmp_path: Path) -> None:
    """On a terminal, letters with two marks would be written twice."""
    with indexed(tmp_path, [entry("a.md", written, f"{written} {FILLER}"), entry("b.md", "Else")]) as index:
        hit = result(index, typed).hits[0]
        for text, marks in (Marked(hit.card.question, hit.marks), hit.snippet):
            assert marks, text
            assert all(one[1] <= other[0] for one, other in itertools.pairwise(marks)), (text, marks)


@pytest.mark.parametrize("word", ["Ru\u0308ckgabe", "re\u0301sume\u0301", "cafe\u0301"])
def test_letters_and_their_accents_are_marked_together(word: str, tmp_path: Path) -> None:
    """Text from a Mac comes with accents as characters of their own; a mark never ends between the two."""
    with indexed(tmp_path, [entry("a.md", f"Where is my {word} now?"), entry("b.md", "Else")]) as index:
        hit = result(index, word).hits[0]
        assert marked(Marked(hit.card.question, hit.marks)) == [hit.card.question.split()[3]]


def test_fillers_are_marked_only_where_there_is_nothing_else(tmp_path: Path) -> None:
    """`Marker`: fillers are not marked where there is anything else."""
    with indexed(tmp_path, entries(["How do I get a refund?", "Else"])) as index:
        assert question_marks(index, "how do i refund") == ["refund"]
        assert question_marks(index, "how do i") == ["How", "do", "I"]


def test_the_middle_of_a_word_is_no_word(tmp_path: Path) -> None:
    with indexed(tmp_path, entries(["A card and a discard?", *(f"card {n}" for n in range(5))])) as index:
        hit = next(hit for hit in result(index, "card").hits if hit.card.path == "a0.md")
        assert marked(Marked(hit.card.question, hit.marks)) == ["card"]


CHINESE = "顾客可以在收到商品后的三十天之内申请我们会在五个工作日内处理请保留好原来的包装和发票" * 6


@pytest.mark.parametrize(
    ("answer", "typed", "word"),
    [
        (f"{FILLER} The refund is late. {FILLER}", "refund", "refund"),
        (f"{'A' * 500} refund follows. {FILLER}", "refund", "refund"),
        (f"See https://shop.example/{'x' * 300}/a?b=c for a refund. {FILLER}", "refund", "refund"),
        (f"refund {'B' * 500}", "refund", "refund"),
        (f"Bought {'x' * 39} at shop.example/{'y/' * 150} and more", "shop", "shop"),
        ("word-" * 60 + "refund " + "word-" * 60, "refund", "refund"),
        (f"{CHINESE}退货{CHINESE}", "退货", "退货"),
        (f"退货{CHINESE}", "退货", "退货"),
        ("👩‍👩‍👧‍👧" * 60 + " refund " + "👩‍👩‍👧‍👧" * 60, "refund", "refund"),
        ("line\nbreak\n\n" * 50 + "refund\n\nmore\n" + "end\n" * 50, "refund", "refund"),
        ("tab\tand  wide   spaces " * 40 + "refund", "refund", "refund"),
    ],
    ids=lambda text: ascii(text)[:20],
)
def test_a_snippet_is_short_on_one_line_and_shows_the_word(answer: str, typed: str, word: str, tmp_path: Path) -> None:
    """`WIDTH`: characters of a snippet; `Marker.snippet`: the part of a text around the first word that answers."""
    with indexed(tmp_path, [entry("a.md", "What now?", answer), entry("b.md", "Else")]) as index:
        snippet = result(index, typed).hits[0].snippet
    assert len(snippet.text) <= LONGEST
    assert "\n" not in snippet.text
    assert "\t" not in snippet.text
    assert any(word in each for each in marked(snippet)), snippet


def test_a_snippet_of_a_text_without_the_words_is_its_beginning(tmp_path: Path) -> None:
    with indexed(tmp_path, [entry("a.md", "Where is my refund?", f"Wait. {FILLER}"), entry("b.md", "Else")]) as index:
        snippet = result(index, "refund").hits[0].snippet
        assert snippet.text.startswith("Wait. Some words")
        assert snippet.marks == ()
        assert 40 < len(snippet.text) <= LONGEST


def test_a_snippet_of_chinese_is_more_than_a_character(tmp_path: Path) -> None:
    """There are no spaces to cut at."""
    with indexed(tmp_path, [entry("a.md", "退货", CHINESE), entry("b.md", "Else")], "zh") as index:
        assert 40 < len(result(index, "退货").hits[0].snippet.text) <= LONGEST


HOSTILE = [
    "\x1b[31mrefund\x1b[0m \x1b]0;title\x07 refund",
    "\u202erefund\u202c refund \u200b\u200b refund",
    "<script>alert('refund')</script> refund",
    "[refund](javascript:alert(1)) ![refund](x.png) `refund` **refund**",
    "refund\u2028refund\u2029refund\x85refund\x0brefund\x0crefund",
    "refund \udcff\ud800 refund",
    "[bold red]refund[/] [/] [@click=app.quit]refund[/]",
    "&lt;refund&gt; &#x202e;refund &amp;refund;",
    "\x00refund\x00",
    "refund" + "\u0301" * 300,
    "refund '" * 400,
    "refund&" * 400,
    "refund-" * 400,
    "| refund | refund |\n|---|---|\n| refund | refund |",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:20])
@pytest.mark.parametrize("typed", ["refund", "refnud", "refu", "efund", '"refund"'])
def test_hostile_text_is_shown_on_one_printable_line(text: str, typed: str, tmp_path: Path) -> None:
    with indexed(tmp_path, [entry("a.md", text.replace("\n", " "), text), entry("b.md", "Else")]) as index:
        for hit in result(index, typed, Wanted(explain=True)).hits:
            for shown in (Marked(hit.card.question, hit.marks), hit.snippet):
                assert len(shown.text.splitlines()) <= 1
                assert not any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 or c in "\x7f\x9b\u202e" for c in shown.text)
                assert all(0 <= start < end <= len(shown.text) for start, end in shown.marks)
            assert len(hit.snippet.text) <= LONGEST


WORDY = st.lists(
    st.sampled_from(
        [
            "refund",
            "Refunds",
            "card",
            "gift",
            "e-mail",
            "can't",
            "ERR-4012",
            "über",
            "退货",
            "🎉",
            "👩‍👩‍👧‍👧",
            "x" * 90,
            "\n",
        ]
    ),
    max_size=60,
)


@settings(max_examples=40, deadline=None)
@given(words=WORDY, joint=st.sampled_from([" ", "", "-", ", "]), noise=st.text(max_size=60))
def test_marks_lie_in_their_text_in_order_and_apart(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], joint: str, noise: str
) -> None:
    answer = noise + joint.join(words)
    with indexed(tmp_path_factory.mktemp("marks"), [entry("a.md", "Refund over e-mail?", answer)]) as index:
        for typed in ("refund", "refnud card", "gift email", "err4012", "ueber", "退货 refu", "cant"):
            for hit in result(index, typed).hits:
                for shown in (Marked(hit.card.question, hit.marks), hit.snippet):
                    flat = [place for mark in shown.marks for place in mark]
                    assert flat == sorted(flat)
                    assert all(0 <= start < end <= len(shown.text) for start, end in shown.marks)
                    for start, end in shown.marks:
                        assert shown.text[start].isalnum()
                        assert shown.text[end - 1] not in "\u200d \n"
                assert len(hit.snippet.text) <= LONGEST
                assert len(hit.snippet.text.splitlines()) <= 1


def test_snippets_are_made_only_for_the_rows_that_want_them(tmp_path: Path) -> None:
    texts = {f"Question {n}": "The refund is late." for n in range(9)}
    with indexed(tmp_path, entries(texts)) as index:
        shown = [bool(hit.snippet.text) for hit in result(index, "refund", Wanted(limit=8, snippets=3)).hits]
    assert shown == [True] * 3 + [False] * 5


def test_reasons_say_how_each_word_was_found(tmp_path: Path) -> None:
    """Issue 3: the reason a hit is there can be shown."""
    questions = ["Is a login, a voucher, a cardboard, a refund for the delivery mentioned?", "Else"]
    with with_synonyms(tmp_path, entries(questions), [["coupon", "voucher"]]) as index:
        found = result(index, "log in coupon board refnud delivery", Wanted(explain=True))
    hows = {reason.word: (reason.how, reason.found) for reason in found.hits[0].reasons}
    assert hows["log"] == ("in one word", "login")
    assert hows["coupon"] == ("another word for it", "voucher")
    assert hows["board"] == ("part of a word", "cardboard")
    assert hows["refnud"] == ("nearly the same spelling", "refund")
    assert hows["delivery"][0] == "the word"
    assert all(reason.points > 0 for reason in found.hits[0].reasons)


def test_the_reason_of_a_word_that_is_still_being_typed(tmp_path: Path) -> None:
    with indexed(tmp_path, entries([f"Refund {number}" for number in range(5)])) as index:
        reasons = result(index, "refu", Wanted(explain=True)).hits[0].reasons
    assert [(reason.word, reason.found, reason.how) for reason in reasons] == [("refu", "refu…", "its beginning")]


def test_reasons_are_those_of_their_own_row(tmp_path: Path) -> None:
    files = [
        entry("old.md", "Refund by fax", state="archived", replaced_by="newone22"),
        entry("new.md", "Money by post", id="newone22"),
        entry("a.md", "A parcel"),
        entry("b.md", "A refund for a parcel"),
        validated("z.md", "A parcel", ""),
    ]
    with indexed(tmp_path, files) as index:
        found = result(index, "refund parcel", Wanted(explain=True))
        words = {hit.card.path: {reason.word for reason in hit.reasons} for hit in found.hits}
    assert words["b.md"] == {"refund", "parcel"}
    assert words["old.md"] == {"refund"}
    assert words["a.md"] == words["z.md"] == {"parcel"}
    assert words["new.md"] == set()


def test_reasons_are_empty_unless_asked_for(tmp_path: Path) -> None:
    with indexed(tmp_path, entries(["Refund?"])) as index:
        assert result(index, "refund").hits[0].reasons == ()


@pytest.mark.parametrize(
    ("written", "typed", "wanted"),
    [
        ("Where is my refund?", "refnud", (("refnud", "refund"),)),
        ("Where is my refund?", "where is my REFNUD", (("refnud", "refund"),)),
        ("Where is my refund?", "refnu", (("refnu", "refund"),)),
        ("Is cardboard free?", "board", (("board", "cardboard"),)),
        ("Where is my refund?", "refund", ()),
        ("Where is my refund?", "refunds", ()),
        ("Where is my refund?", "refu", ()),
        ("Where is my refund?", "refund zebra", ()),
        ("Où est mon reçu ?", "recuu", (("recuu", "reçu"),)),
    ],
)
def test_what_was_read_instead(written: str, typed: str, wanted: tuple[object, ...], tmp_path: Path) -> None:
    """`SearchResult.read_as`: words that the base does not know, each with what was looked for instead."""
    with indexed(tmp_path, [entry("a.md", written), entry("b.md", "Else")]) as index:
        assert result(index, typed).read_as == wanted


def test_what_was_read_instead_in_another_language(tmp_path: Path) -> None:
    files = [entry("es.md", "¿Dónde están los pedidos?", language="es"), entry("b.md", "Else")]
    with indexed(tmp_path, files) as index:
        assert result(index, "pediods").read_as == (("pediods", "pedidos"),)


def test_what_took_the_place_of_an_archived_entry_is_found(tmp_path: Path) -> None:
    """F9: replaced by."""
    files = [
        entry("old.md", "How do I fax my order?", state="archived", replaced_by="newone22"),
        entry("new.md", "How do I send it by post?", id="newone22"),
        *entries(["Is a fax free?"]),
    ]
    with indexed(tmp_path, files) as index:
        rows = result(index, "fax my order").hits
        assert [hit.card.path for hit in rows] == ["new.md", "a0.md", "old.md"]
        assert [hit.replaces for hit in rows] == ["How do I fax my order?", "", ""]
        assert hits(index, "how do i fax my order")[0] == "new.md"


def test_replaced_by_a_path(tmp_path: Path) -> None:
    """`Catalogue.called`: an id or a path."""
    files = [entry("old.md", "Fax?", state="archived", replaced_by="new.md"), entry("new.md", "Post?", id="newone22")]
    with indexed(tmp_path, files) as index:
        assert hits(index, "fax") == ["new.md", "old.md"]


@pytest.mark.parametrize("target", ["nobody22", "old.md", "oldone22"])
def test_replaced_by_nothing_or_by_itself(target: str, tmp_path: Path) -> None:
    with indexed(tmp_path, [entry("old.md", "Fax?", id="oldone22", state="archived", replaced_by=target)]) as index:
        assert hits(index, "fax") == ["old.md"]


def test_replaced_twice(tmp_path: Path) -> None:
    """Issue 3: replaced-by resolved: what says it now is what is wanted, however often it moved."""
    files = [
        entry("one.md", "Telegram?", state="archived", replaced_by="second22"),
        entry("two.md", "Fax?", id="second22", state="archived", replaced_by="third222"),
        entry("three.md", "Post?", id="third222"),
    ]
    with indexed(tmp_path, files) as index:
        assert hits(index, "telegram")[0] == "three.md"


def test_replaced_in_a_circle(tmp_path: Path) -> None:
    files = [
        entry("one.md", "Fax one?", id="first222", state="archived", replaced_by="second22"),
        entry("two.md", "Fax two?", id="second22", state="archived", replaced_by="first222"),
    ]
    with indexed(tmp_path, files) as index:
        assert sorted(hits(index, "fax")) == ["one.md", "two.md"]


def test_what_replaces_an_entry_is_let_in_by_the_filters_or_not(tmp_path: Path) -> None:
    files = [
        entry("old.md", "Fax?", state="archived", replaced_by="newone22", tags="[x]"),
        entry("new.md", "Post?", id="newone22", tags="[y]"),
    ]
    with indexed(tmp_path, files) as index:
        assert hits(index, "fax tag:x") == ["old.md"]
        assert hits(index, "fax -post") == ["old.md"]


def test_archived_entries_stand_last_among_filters_too(tmp_path: Path) -> None:
    files = [
        entry("a.md", "Refund", "refund", state="archived", tags="[x]", pinned="true"),
        entry("z.md", "Payment", f"{FILLER} refund", tags="[x]"),
    ]
    with indexed(tmp_path, files) as index:
        assert hits(index, "refund tag:x") == ["z.md", "a.md"]
        assert hits(index, "tag:x") == ["z.md", "a.md"]
        assert hits(index, '"refund"') == ["z.md", "a.md"]


def test_an_archived_exact_question_stands_below_a_live_entry(tmp_path: Path) -> None:
    files = [entry("a.md", "Lost card", state="archived"), entry("z.md", "Payment", f"{FILLER} card")]
    with indexed(tmp_path, files) as index:
        assert hits(index, "lost card") == ["z.md", "a.md"]


def test_pinned_above_not_pinned_at_equal_relevance(tmp_path: Path) -> None:
    files = [entry("a.md", "Refund?", "Five days."), entry("z.md", "Refund?", "Five days.", pinned="true")]
    with indexed(tmp_path, [*files, *entries(["Else"])]) as index:
        assert hits(index, "five days") == ["z.md", "a.md"]


def used_of(by_path: Mapping[str, int]) -> dict[str, int]:
    """Return uses as a search wants them, by id: these entries have the one that their path gives them."""
    return {id_from_path(path): number for path, number in by_path.items()}


def _many_alike(path: str, of: str) -> list[Entry]:
    return [*(entry(f"b{n:03}.md", "Refund?", "Five days.") for n in range(80)), *_special(path, of)]


def _special(path: str, of: str) -> list[Entry]:
    if of == "validated":
        return [validated(path, "Refund?", "Five days.")]
    return [entry(path, "Refund?", "Five days.", **({"pinned": "true"} if of == "pinned" else {}))]


@pytest.mark.parametrize("of", ["validated", "pinned", "used"])
def test_what_the_team_trusts_is_first_among_many_alike(of: str, tmp_path: Path) -> None:
    """F3, issue 3: at equal relevance, also where there are more of them than are looked at."""
    with indexed(tmp_path, _many_alike("z.md", of)) as index:
        uses = used_of({"z.md": 64}) if of == "used" else {}
        assert result(index, "five days", Wanted(limit=10, uses=uses)).hits[0].card.path == "z.md"


def test_trust_never_lifts_what_says_less_above_what_says_more(tmp_path: Path) -> None:
    some = validated("a.md", "Refund refund refund", "refund")
    every = entry("z.md", "Payment", f"{FILLER} the refund was late")
    with indexed(tmp_path, [some, every]) as index:
        rows = result(index, "refund late", Wanted(uses=used_of({"a.md": 10**9}))).hits
        assert [hit.card.path for hit in rows] == ["z.md", "a.md"]


def test_use_lifts_an_entry_a_little_and_no_more(tmp_path: Path) -> None:
    """Issue 3: use counts as a small, capped prior."""
    files = entries({"How long does a refund take?": "Five days.", "Refund, how long?": "Five days."})
    alike = [entry("x.md", "Parcel?", "On its way."), entry("y.md", "Parcel?", "On its way.")]
    far = entry("far.md", "Else", f"{FILLER} refund")
    with indexed(tmp_path, [*files, *alike, far]) as index:
        assert hits(index, "on its way") == ["x.md", "y.md"]
        used = Wanted(uses=used_of({"y.md": 3}))
        assert [hit.card.path for hit in result(index, "on its way", used).hits] == ["y.md", "x.md"]
        much = Wanted(uses=used_of({"x.md": 10**12, "y.md": 64}))
        assert [hit.card.path for hit in result(index, "on its way", much).hits] == ["x.md", "y.md"]
        assert result(index, "refund", Wanted(uses=used_of({"far.md": 10**12}))).hits[-1].card.path == "far.md"
        exact = Wanted(uses=used_of({"a1.md": 10**12}))
        assert result(index, "how long does a refund take", exact).hits[0].card.path == "a0.md"


def test_use_does_not_change_a_score(tmp_path: Path) -> None:
    """`Hit.score`: how close the entry is to the words; comparable between searches."""
    with indexed(tmp_path, entries(["Refund?", "Else"])) as index:
        assert (
            result(index, "refund").hits[0].score
            == result(index, "refund", Wanted(uses=used_of({"a0.md": 64}))).hits[0].score
        )


GROUPS = [
    ["refund", "money back", "Rückerstattung"],
    ["cancel", "call off", "stop my order now"],
    ["wi-fi", "wireless"],
]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("How do I get a refund?", "money back"),
        ("How do I get a refund?", "I want my MONEY BACK please"),
        ("How do I get a refund?", "ruckerstattung"),
        ("How do I get my money back?", "refund"),
        ("How do I get my money back?", "refunds"),
        ("How do I cancel?", "call off"),
        ("How do I cancel?", "stop my order now"),
        ("Can I call it off?", "cancel"),
        ("Is there Wi-Fi?", "wireless"),
        ("Is it wireless?", "wi-fi"),
        ("Is it wireless?", "wi fi"),
        ("Is it wireless?", "wifi"),
    ],
)
def test_synonyms_both_ways(written: str, typed: str, tmp_path: Path) -> None:
    """`kbtui.search.synonyms`: a search for one finds the others."""
    files = [entry("a.md", written), entry("b.md", "Else")]
    with with_synonyms(tmp_path, files, GROUPS) as index:
        found = result(index, typed).hits
        assert [(hit.card.path, hit.has_all) for hit in found][:1] == [("a.md", True)]
    with indexed(tmp_path / "without", files) as index:
        assert "a.md" not in [hit.card.path for hit in result(index, typed).hits if hit.has_all]


def test_a_synonym_of_two_words_needs_both(tmp_path: Path) -> None:
    files = entries(["Is the back door open?", "Can I pay with money?", "Can I have my money back?"])
    with with_synonyms(tmp_path, files, GROUPS) as index:
        assert hits(index, "refund") == ["a2.md"]


def test_the_word_itself_is_above_its_synonyms(tmp_path: Path) -> None:
    files = entries(["Can I have my money back?", "Can I have my refund today?"])
    with with_synonyms(tmp_path, files, GROUPS) as index:
        assert hits(index, "refund") == ["a1.md", "a0.md"]
        assert hits(index, "money back") == ["a0.md", "a1.md"]


def test_synonyms_do_not_chain_and_odd_groups_do_no_harm() -> None:
    analyser = Analyser("en")
    groups = [["a1x", "b1x"], ["b1x", "c1x"], [], [""], ["?"], ["same", "Same"], ["one two three four five", "six"]]
    others = grouped(groups, analyser)
    assert others["a1x",] == ("b1x",)
    assert others["b1x",] == ("a1x", "c1x")
    assert () not in others
    assert all(len(words) <= 4 for words in others)


WORDS = [
    "refund",
    "refunds",
    "card",
    "gift",
    "giftcard",
    "parcel",
    "late",
    "how",
    "do",
    "i",
    "the",
    "money",
    "ERR-4012",
]
SOME = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)
STATES = st.sampled_from(["open", "not-validated", "archived"])
BASE = st.lists(st.tuples(SOME, SOME, STATES), min_size=1, max_size=14)


@settings(max_examples=50, deadline=None)
@given(base=BASE, queries=st.lists(SOME, min_size=1, max_size=6))
def test_scores_and_totals_are_honest(
    tmp_path_factory: pytest.TempPathFactory, base: list[tuple[str, str, str]], queries: list[str]
) -> None:
    """`Hit.score` is 0 to 1; `SearchResult.total` is how many there are, whatever the limit."""
    files = [entry(f"a{n}.md", q, a, state=state) for n, (q, a, state) in enumerate(base)]
    with indexed(tmp_path_factory.mktemp("honest"), files) as index:
        for typed in [*queries, "refnud", "car", "gift car"]:
            every = result(index, typed, Wanted(limit=100))
            assert all(0 <= hit.score <= 1 for hit in every.hits)
            assert every.total == len(every.hits) == len({hit.card.path for hit in every.hits})
            first = result(index, typed, Wanted(limit=1))
            assert (first.hits[:1], first.total) == (every.hits[:1], every.total)
            archived = [hit.card.state is State.ARCHIVED for hit in every.hits]
            assert archived == sorted(archived)
            live = [hit for hit in every.hits if hit.card.state is not State.ARCHIVED]
            has_all = [hit.has_all for hit in live]
            assert has_all == sorted(has_all, reverse=True)
            exact = [hit.is_exact for hit in live]
            assert exact == sorted(exact, reverse=True)


def test_of_the_forms_that_will_do_the_best_one_counts(tmp_path: Path) -> None:
    """`kbtui.search.scorer`: an entry does not lose by having the word itself beside a word that begins like it."""
    known = dict.fromkeys([f"Else {number}" for number in range(20)], "card")
    texts = {"Is cardboard green?": FILLER, "Is cardboard heavy?": f"{FILLER} card"}
    with indexed(tmp_path, entries(texts | known)) as index:
        scores = {hit.card.path: hit.score for hit in result(index, "card").hits}
    assert scores["a1.md"] >= scores["a0.md"]


@pytest.mark.parametrize("kinds", [(Kind.WORD,), (Kind.WORD, Kind.SYNONYM), (Kind.WORD, Kind.SYNONYM, Kind.BEGINNING)])
def test_looking_a_word_up_gives_what_scoring_all_of_it_gives(kinds: tuple[Kind, ...], tmp_path: Path) -> None:
    """`WordScores.of` and `WordScores.everywhere` are two ways to one number, that of the best form."""
    texts = {
        "Is cardboard free?": f"{FILLER} card",
        "Is it cardboard?": "voucher",
        "Card?": f"{FILLER} voucher",
        "E": "card",
    }
    with indexed(tmp_path, entries(texts)) as index, index._finding() as finder:
        typed = Analyser("en").query("card")[0]
        forms = {
            Kind.WORD: Form(("card",), Kind.WORD, 1.0),
            Kind.SYNONYM: Form(("voucher",), Kind.SYNONYM, 0.5),
            Kind.BEGINNING: Form(("card",), Kind.BEGINNING, 0.6, "beginnings"),
        }
        alone = [WordScores(finder.view, Word(typed, (forms[kind],))) for kind in kinds]
        together = WordScores(finder.view, Word(typed, tuple(forms[kind] for kind in kinds)))
        every = range(finder.view.size)
        best = [max(each.of(document) for each in alone) for document in every]
        looked_up = [together.of(document) for document in every]
        scored = [together.everywhere.get(document, 0.0) for document in every]
    assert any(best)
    assert looked_up == pytest.approx(best)
    assert scored == pytest.approx(best)
