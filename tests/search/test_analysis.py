"""What is typed finds what is written, whatever signs stand in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtui.search.analysis import (
    LONGEST_PREFIX,
    MAX_QUERY_CHARACTERS,
    MAX_QUERY_WORDS,
    Analyser,
)
from kbtui.search.folding import folded
from tests.search.entries import entry, hits, indexed

ENGLISH = Analyser("en")

FINDS = [
    *(("Is there a C++ library?", typed) for typed in ("c++", "C++", "c++ library")),
    *(("Who is in R&D?", typed) for typed in ("R&D", "r&d", "who r&d")),
    *(("Why can't I sign in?", typed) for typed in ("can't", "cant", "can’t", "CAN'T", "can`t")),
    *(("Why cant I sign in?", typed) for typed in ("can't", "can’t")),
    *(("What does ERR-4012 mean?", typed) for typed in ("ERR-4012", "err4012", "4012", "err 4012", "ERR_4012", "Err")),
    *(("What does err4012 mean?", typed) for typed in ("ERR-4012", "err4012", "4012", "err 4012")),
    *(("What does ERR_4012 mean?", typed) for typed in ("ERR-4012", "err4012", "4012")),
    *(("How do I change my e-mail address?", typed) for typed in ("e-mail", "email", "E-Mail", "mail", "e mail")),
    *(("How do I change my email address?", typed) for typed in ("e-mail", "email")),
    *(("Where is the sign-in page?", typed) for typed in ("sign-in", "signin", "sign in", "in sign")),
    *(("Where do I sign in?", typed) for typed in ("sign-in", "sign in")),
    *(("Où est mon reçu de cet été ?", typed) for typed in ("ou recu ete", "OÙ", "reçu", "recu")),
    *(("Wie groß ist die Größe?", typed) for typed in ("grosse", "GRÖSSE", "größe", "gross")),
    *(("退货需要多长时间？", typed) for typed in ("退货", "多长时间", "需要多长", "退货需要多长时间")),
    *(("パスワードを忘れた", typed) for typed in ("パスワード", "忘れた", "ﾊﾟｽﾜｰﾄﾞ")),
    *(("iPhone15の充電", typed) for typed in ("充電", "iphone15", "iPhone")),
    *(("환불은 얼마나 걸리나요?", typed) for typed in ("환불은", "환불", "얼마나")),
    *(("Сколько идёт возврат?", typed) for typed in ("возврат", "ВОЗВРАТ", "идет")),
    *(("How long do refunds take?", typed) for typed in ("refund", "refunds", "refunded", "long refunds")),
    *(("Is the customer's order paid?", typed) for typed in ("customer", "customers", "customer's", "customer’s")),
    *(("Call 0800-123-456", typed) for typed in ("0800123456", "0800 123 456", "0800-123-456", "123")),
    *(("What is node.js?", typed) for typed in ("node.js", "node", "js")),
    *(("Does it run v2.0.1?", typed) for typed in ("v2.0.1", "2.0.1", "v2")),
    *(("ﬁle ＡＢＣ ①", typed) for typed in ("file", "abc", "1")),
    *(("A ﬂat-rate, all_inclusive and/or day", typed) for typed in ("flat rate", "inclusive", "and or", "or")),
]


@pytest.mark.parametrize(("written", "typed"), FINDS)
def test_what_is_typed_finds_what_is_written(written: str, typed: str, tmp_path: Path) -> None:
    """F4: punctuation, codes, plurals, accents, numbers; SEARCH.md, "Pointers"."""
    others = [entry("b.md", "Something else entirely"), entry("c.md", "May we talk about tomorrow?")]
    with indexed(tmp_path, [*others, entry("a.md", written)]) as index:
        found = index.search(typed)
        assert found is not None
        assert [(hit.card.path, hit.has_all) for hit in found.hits][:1] == [("a.md", True)]


@pytest.mark.parametrize("typed", ["ERR-4012", "err4012"])
def test_a_code_written_with_a_space_is_found_as_one_word(typed: str, tmp_path: Path) -> None:
    """F4, product codes find their entry."""
    with indexed(tmp_path, [entry("a.md", "What does ERR 4012 mean?"), entry("b.md", "What is this?")]) as index:
        assert hits(index, typed)[:1] == ["a.md"]


def test_a_phone_number_written_with_spaces_is_found_by_its_digits(tmp_path: Path) -> None:
    """SEARCH.md, "Pointers": the digits-only form of phone-like numbers."""
    with indexed(tmp_path, [entry("a.md", "Whose number is 0800 123 456?"), entry("b.md", "What?")]) as index:
        assert hits(index, "0800123456")[:1] == ["a.md"]


@pytest.mark.parametrize(
    ("written", "typed"),
    [("Is there a C library?", "c++"), ("Who is in RD?", "r&d"), ("What does ERR-4013 mean?", "ERR-4012"), ("x", "y")],
)
def test_what_is_something_else_is_not_found(written: str, typed: str, tmp_path: Path) -> None:
    with indexed(tmp_path, [entry("a.md", written)]) as index:
        assert hits(index, typed) == []


@pytest.mark.parametrize(
    ("language", "one", "many"), [("de", "Erstattung", "Erstattungen"), ("fr", "cheval", "chevals")]
)
def test_word_forms_are_those_of_the_language(language: str, one: str, many: str) -> None:
    assert Analyser(language).terms(one) == Analyser(language).terms(many)


@pytest.mark.parametrize("language", ["xx", "", "ja", "zh", "no-such"])
def test_a_language_without_word_forms_is_searched_by_its_words(language: str) -> None:
    assert Analyser(language).terms("Refunds, now") == ["refunds", "now"]


def test_what_is_looked_at_of_a_search_is_capped() -> None:
    """SEARCH.md 5: capped in characters and words."""
    words = ENGLISH.query(" ".join(f"w{n}x" for n in range(100)))
    assert len(words) == MAX_QUERY_WORDS
    assert ENGLISH.query(" " * MAX_QUERY_CHARACTERS + "late") == []
    assert len(ENGLISH.query("again Again AGAIN again's")) == 1


def test_beginnings_are_those_of_questions_phrasings_and_tags() -> None:
    """SEARCH.md 3: an edge-n-gram field, 2 to 8 letters; never `ref*`."""
    some = entry("a.md", "Refunds?", "bodyword", tags="[money]", asked_as="[where]")
    prefixes = ENGLISH.prefixes(some)
    assert {"re", "refunds", "mo", "money", "wh", "where"} <= prefixes
    assert "bo" not in prefixes
    assert all(2 <= len(prefix) <= LONGEST_PREFIX for prefix in prefixes)


def test_weights() -> None:
    """SEARCH.md 2: one weighted field; the question x3, phrasings and tags x2, the body x1, each over its length."""
    some = entry("a.md", "alpha", "delta beta", tags="[gamma]", asked_as="[beta]")
    short, body = 1 - 0.5 + 0.5 * 1 / 10, 1 - 0.75 + 0.75 * 2 / 80
    wanted = {"alpha": 3 / short, "beta": 2 / short + 1 / body, "gamma": 2 / short, "delta": 1 / body}
    assert ENGLISH.weighted(some) == pytest.approx(wanted)


def test_many_phrasings_do_not_drown_the_question() -> None:
    """F5: each phrasing counts for itself, and a long list of them less than as many entries would."""
    few = ENGLISH.weighted(entry("a.md", "alpha", asked_as="[one beta]"))
    many = ENGLISH.weighted(entry("a.md", "alpha", asked_as="[one beta, two, three, four]"))
    assert many["alpha"] == few["alpha"]
    assert many["beta"] == pytest.approx(few["beta"] / 2)


def test_what_is_internal_is_found_too() -> None:
    some = entry("a.md", "Q", "x\n\n## Internal\n\nsecretword")
    assert "secretword" in ENGLISH.weighted(some)


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


@settings(max_examples=300, deadline=None)
@given(text=ANY_TEXT)
def test_no_text_breaks_the_analysis(text: str) -> None:
    """F4: no typed text can break the search."""
    for language in ("en", "xx"):
        for word in Analyser(language).query(text):
            assert word.terms
            assert all(term and len(term.encode("utf-8", "surrogatepass")) <= 300 for term in word.terms)
    assert folded(folded(text)) == folded(text)


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.characters(codec="utf-8"), max_size=60))
def test_every_word_that_is_typed_as_it_is_written_is_found(text: str) -> None:
    """Indexing and asking cut text in the same way."""
    written = set(ENGLISH.terms(text))
    for word in ENGLISH.query(text):
        assert written & set(word.terms), word
