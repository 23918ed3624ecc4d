"""Words find their entry however they come over the line: with slips, in part, joined, in other alphabets (F4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbtui.search.index import SearchIndex
from tests.search.entries import STAMP, entries, entry, hits, indexed

QUESTIONS = (
    "How long does a refund take?",
    "How do I reset my password?",
    "Can I buy a voucher?",
    "Where is my delivery?",
    "What is in the warranty?",
    "Do you offer an exchange?",
    "Can I delay the subscription?",
    "Is there a discount?",
)
SLIPS_OF = ("refund", "password", "voucher", "delivery", "warranty", "exchange", "subscription", "discount")
LONG = tuple(word for word in SLIPS_OF if len(word) >= 8)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _swapped(word: str, place: int, _: str) -> str:
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _left_out(word: str, place: int, _: str) -> str:
    return word[:place] + word[place + 1 :]


def _another(word: str, place: int, letter: str) -> str:
    return word[:place] + letter + word[place + 1 :]


def _one_more(word: str, place: int, letter: str) -> str:
    return word[:place] + letter + word[place:]


SLIPS: tuple[Callable[[str, int, str], str], ...] = (_swapped, _left_out, _another, _one_more)


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    with indexed(tmp_path_factory.mktemp("english"), entries(QUESTIONS)) as index:
        yield index


@pytest.mark.parametrize("word", SLIPS_OF)
@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.__name__)
def test_one_slip_anywhere_in_a_word(english: SearchIndex, word: str, slip: Callable[[str, int, str], str]) -> None:
    """Issue 3: one and two typos."""
    wanted = f"a{SLIPS_OF.index(word)}.md"
    typed = {slip(word, place, letter) for place in range(len(word) - 1) for letter in "eqx"}
    assert [text for text in sorted(typed) if hits(english, text)[:1] != [wanted]] == []


@settings(max_examples=200, deadline=None)
@given(
    word=st.sampled_from(LONG),
    slips=st.tuples(st.sampled_from(SLIPS), st.sampled_from(SLIPS)),
    places=st.tuples(st.integers(0, 2), st.integers(4, 6)),
    letters=st.tuples(st.sampled_from(LETTERS), st.sampled_from(LETTERS)),
)
def test_two_slips_in_a_long_word(
    english: SearchIndex,
    word: str,
    slips: tuple[Callable[[str, int, str], str], Callable[[str, int, str], str]],
    places: tuple[int, int],
    letters: tuple[str, str],
) -> None:
    """Issue 3: two typos, from seven letters on (`forms._LONG`)."""
    typed = slips[0](slips[1](word, places[1], letters[1]), places[0], letters[0])
    if len(typed) >= 7:
        assert hits(english, typed)[:1] == [f"a{SLIPS_OF.index(word)}.md"], typed


@pytest.mark.parametrize(
    "typed", ["refnu", "rfun", "refnud", "passwrod", "pasw", "paswo", "vuoc", "subsrc", "subsrcip"]
)
def test_a_slip_in_a_word_that_is_still_being_typed(english: SearchIndex, typed: str) -> None:
    """F2, F4: results come as somebody types, and slips come with them."""
    wanted = next(f"a{n}.md" for n, word in enumerate(SLIPS_OF) if word[0] == typed[0])
    assert hits(english, typed)[:1] == [wanted]


@pytest.mark.parametrize("typed", ["erfun", "apssw", "ovuch"])
def test_a_slip_in_the_first_letters_of_a_word_that_is_still_being_typed(english: SearchIndex, typed: str) -> None:
    """`Vocabulary.beginnings_near`: beginnings that are one slip from what has been typed."""
    wanted = next(f"a{n}.md" for n, word in enumerate(SLIPS_OF) if word[0] == typed[1])
    assert hits(english, typed)[:1] == [wanted]


def test_a_slip_never_makes_the_entry_go_while_a_long_word_is_typed(tmp_path: Path) -> None:
    """What was there after eight letters is still there after nine: nothing flickers on a call."""
    word = "reibmursement"
    with indexed(tmp_path, entries(["When do I get my reimbursement?", "Something else"])) as index:
        missed = [word[:size] for size in range(5, len(word) + 1) if hits(index, word[:size]) != ["a0.md"]]
    assert missed == []


def test_slips_in_several_words_of_a_sentence(english: SearchIndex) -> None:
    assert hits(english, "how logn does my refnud tkae")[0] == "a0.md"
    assert hits(english, "custmer wants to rset pasword")[0] == "a1.md"


def test_a_slip_stands_below_the_word_itself(tmp_path: Path) -> None:
    with indexed(tmp_path, entries(["Where is the form?", "Where is the from-field?", "A farm"])) as index:
        assert hits(index, "form")[0] == "a0.md"


@pytest.mark.parametrize("other", ["care", "cart", "cord", "cards game", "yard", "hard", "carp", "crad"])
def test_a_word_spelt_right_is_never_read_as_another(other: str, tmp_path: Path) -> None:
    """`kbtui.search.forms`: guesses are made only for words that the base hardly knows."""
    known = [f"Can I pay by card {number}?" for number in ["one", "two", "three", "four", "five"]]
    with indexed(
        tmp_path, [*entries(known), entry("other.md", f"What about the {other.split(maxsplit=1)[0]}?")]
    ) as index:
        found = hits(index, "card")
    assert sorted(found) == [f"a{n}.md" for n in range(5)] + (["other.md"] if other.startswith("cards") else [])


def test_a_word_spelt_right_is_not_read_as_another_where_it_stands_only_in_answers(tmp_path: Path) -> None:
    known = dict.fromkeys(("One", "Two", "Three", "Four"), "It depends on the cart.")
    with indexed(tmp_path, [*entries(known), entry("other.md", "What about the card?")]) as index:
        assert "other.md" not in hits(index, "cart")


def test_a_long_word_spelt_right_is_not_read_as_another_that_begins_alike(tmp_path: Path) -> None:
    """Conditioner does not begin with conditional, though eight letters are the same."""
    known = [f"Is the offer conditional {number}?" for number in ["one", "two", "three", "four"]]
    with indexed(tmp_path, [*entries(known), entry("other.md", "Do you sell conditioner?")]) as index:
        assert "other.md" not in hits(index, "conditional")


def test_a_word_known_once_is_above_what_looks_like_it(tmp_path: Path) -> None:
    others = [f"May I use a card {number}?" for number in range(30)]
    with indexed(tmp_path, [*entries(others), entry("cart.md", "What is in my cart?")]) as index:
        assert hits(index, "cart")[0] == "cart.md"


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        *(
            ("Can I buy a gift card?", typed)
            for typed in ("giftcard", "gift card", "gift-card", "giftcards", "gift cards")
        ),
        *(
            ("Can I buy a giftcard?", typed)
            for typed in ("giftcard", "gift card", "gift-card", "giftcards", "gift cards")
        ),
        *(
            ("Can I buy a gift-card?", typed)
            for typed in ("giftcard", "gift card", "gift-card", "giftcards", "gift cards")
        ),
        *(("Where do I log in?", typed) for typed in ("login", "log-in", "log in", "LOGIN")),
        *(("Where is the login?", typed) for typed in ("login", "log-in", "log in")),
        *(("Is there wifi?", typed) for typed in ("wifi", "wi-fi", "wi fi", "Wi-Fi")),
        *(("Is there Wi-Fi?", typed) for typed in ("wifi", "wi-fi", "wi fi")),
        *(("Does it fit an iPhone 15?", typed) for typed in ("iphone 15", "iphone15", "iPhone-15")),
        *(("Does it fit an iPhone15?", typed) for typed in ("iphone 15", "iphone15", "iPhone-15", "iphone")),
    ],
)
def test_joined_and_split_words_find_each_other(written: str, typed: str, tmp_path: Path) -> None:
    """F4: part-words; SPLIT and JOINED of `kbtui.search.forms`."""
    with indexed(tmp_path, [entry("b.md", "Something else"), entry("a.md", written)]) as index:
        found = index.search(typed)
        assert found is not None
        assert [(hit.card.path, hit.has_all) for hit in found.hits][:1] == [("a.md", True)]


@pytest.mark.parametrize("typed", ["giftcard", "gift card", "gift-card"])
def test_both_spellings_are_found_where_the_base_has_both(typed: str, tmp_path: Path) -> None:
    with indexed(tmp_path, entries(["Can I buy a gift card?", "Where is my giftcard?", "Something else"])) as index:
        assert sorted(hits(index, typed)) == ["a0.md", "a1.md"]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("policy", "policies"),
        ("policies", "policy"),
        ("box", "boxes"),
        ("batteries", "battery"),
        ("invoices", "invoice"),
        ("invoice", "invoices"),
        ("address", "addresses"),
        ("customers' orders", "order"),
        ("cancelled", "cancel"),
        ("shipping", "ship"),
    ],
)
def test_singular_and_plural(written: str, typed: str, tmp_path: Path) -> None:
    with indexed(tmp_path, [entry("b.md", "Else?", f"Here are {written}."), entry("c.md", "Something")]) as index:
        assert hits(index, typed) == ["b.md"]


@pytest.mark.parametrize("part", ["board", "ardboa", "rdbo", "card", "ard"])
def test_parts_of_words_in_questions_and_answers(part: str, tmp_path: Path) -> None:
    """F4: part-words, prefixes, infixes."""
    files = entries({"Do you sell cardboard?": "", "Other": "It comes in cardboard.", "Unlike": "nothing"})
    with indexed(tmp_path, files) as index:
        assert sorted(hits(index, part)) == ["a0.md", "a1.md"]


def test_the_middle_of_a_code_is_found_while_it_is_typed(tmp_path: Path) -> None:
    with indexed(tmp_path, entries(["What does ERR-4012 mean?", "Something else"])) as index:
        for typed in ("er", "err", "err-", "err-4", "ERR-40", "err401", "ERR-401", "401", "4012"):
            assert hits(index, typed) == ["a0.md"], typed


@pytest.mark.parametrize(
    "typed", ["INV-2024-00017", "inv202400017", "2024-00017", "00017", "inv 2024 00017", "INV_2024_00017", "inv 00017"]
)
def test_a_long_code_whole_and_in_parts(typed: str, tmp_path: Path) -> None:
    """Issue 3: ERR-4012 whole and in parts."""
    with indexed(tmp_path, entries(["What about INV-2024-00017?", "What about INV-2024-00018?", "Else"])) as index:
        assert hits(index, typed)[0] == "a0.md"


def test_an_exact_code_is_above_another_with_the_same_number(tmp_path: Path) -> None:
    """F3: exact short codes first. DOC-4012 is not ERR-4012, however short its entry is."""
    long = "Some words that fill the text so that it is long and says little. " * 10
    files = [
        entry("doc.md", "DOC-4012?", "doc 4012"),
        entry("err.md", "Why does the bank say no?", f"{long} ERR-4012."),
    ]
    with indexed(tmp_path, files) as index:
        assert hits(index, "ERR-4012")[0] == "err.md"
        assert hits(index, "err4012")[0] == "err.md"
        assert hits(index, "what is ERR-4012")[0] == "err.md"


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        *(
            ("Is there a C++ library?", typed)
            for typed in ("C++", "c++", "C++?", "(C++)", "c++, library", "what is c++")
        ),
        *(("Is there a C# library?", typed) for typed in ("C#", "c#", "the c# library")),
        *(("Who is in R&D?", typed) for typed in ("R&D", "r&d?", '"R&D"', "ask r&d", "R&D's", "R&D-team")),
        *(("Who is in the R&D-team?", typed) for typed in ("R&D", "team", "r&d team")),
        *(("Is it AT&T?", typed) for typed in ("AT&T", "at&t")),
    ],
)
def test_names_with_signs(written: str, typed: str, tmp_path: Path) -> None:
    with indexed(tmp_path, [entry("b.md", "A C library, and a D"), entry("a.md", written)]) as index:
        assert hits(index, typed)[:1] == ["a.md"]


NUMBERS = [
    "+44 20 7946 0018",
    "+442079460018",
    "020 7946 0018",
    "02079460018",
    "(020) 7946-0018",
    "020.7946.0018",
    "020-7946-0018",
    "020/79460018",
    "0044 20 7946 0018",
    "+44 (0)20 7946 0018",
    "7946 0018",
    "79460018",
    "020 79 46 00 18",
    "020\u00a07946\u00a00018",
]


@pytest.mark.parametrize("written", NUMBERS)
def test_a_phone_number_in_all_groupings(written: str, tmp_path: Path) -> None:
    """SEARCH.md, "Pointers": the digits-only form of phone-like numbers; F4."""
    files = [entry("q.md", f"Whose number is {written}?"), entry("a.md", "Whom do I call?", f"Dial {written} at once.")]
    with indexed(tmp_path, [*files, entry("o.md", "Whose number is 020 7946 0099?")]) as index:
        missed = [typed for typed in NUMBERS if sorted(hits(index, typed)[:2]) != ["a.md", "q.md"]]
    assert missed == []


@pytest.mark.parametrize("dash", ["\u2010", "\u2011", "\u2012", "\u2013", "\u2212"])
def test_a_phone_number_with_the_dashes_that_text_processors_make(dash: str, tmp_path: Path) -> None:
    written = f"020{dash}7946{dash}0018"
    with indexed(tmp_path, [entry("a.md", "Whom do I call?", f"Dial {written}."), entry("b.md", "Else")]) as index:
        assert hits(index, "02079460018") == ["a.md"]
        assert hits(index, "020-7946-0018") == ["a.md"]
    with indexed(
        tmp_path / "plain", [entry("a.md", "Whom do I call?", "Dial 02079460018."), entry("b.md", "E")]
    ) as index:
        assert hits(index, written) == ["a.md"]


@pytest.mark.parametrize("typed", ["0800123456", "0800 123 456", "0800-123-456", "0800 123456"])
@pytest.mark.parametrize(
    "written",
    [
        "Call 0800 123 456 (24/7)",
        "Call 0800 123 456 / 0800 654 321",
        "Call 0800 654 321 / 0800 123 456",
        "Call 0800 123 456. 5 people answer",
        "Call 0800 123 456 - 9-17 every day",
        "Open 9-17 0800 123 456",
        "0800 123 456, 0800 654 321",
        "[0800 123 456]",
        "tel:0800123456",
    ],
)
def test_a_phone_number_beside_other_digits(written: str, typed: str, tmp_path: Path) -> None:
    with indexed(tmp_path, [entry("a.md", "Whom do I call?", written), entry("b.md", "Else", "0800 111 222")]) as index:
        found = index.search(typed)
        assert found is not None
        assert [(hit.card.path, hit.has_all) for hit in found.hits][:1] == [("a.md", True)]


UEBER = [
    *(("Wo ist die Rückgabe?", typed) for typed in ("rückgabe", "rueckgabe", "ruckgabe", "RÜCKGABE", "Ru\u0308ckgabe")),
    *(("Wo ist die Rueckgabe?", typed) for typed in ("rückgabe", "rueckgabe", "RÜCKGABE", "Ru\u0308ckgabe")),
    *(("Wo ist die Ru\u0308ckgabe?", typed) for typed in ("rückgabe", "rueckgabe", "ruckgabe")),
    *(("Rückgabe/Umtausch", typed) for typed in ("rueckgabe", "rückgabe", "umtausch")),
    *(("Ist das Müllers Größe?", typed) for typed in ("mueller", "Groesse", "grösse", "GRÖSSE", "groesse muellers")),
    *(("Ist das Müller's?", typed) for typed in ("mueller's", "muellers", "Mueller", "müllers")),
    *(
        ("Kündigungsbestätigung", typed)
        for typed in ("kuendigungsbestaetigung", "kündigung", "kuendigung", "bestätigung")
    ),
    *(("Kündigungsbestätigung", typed) for typed in ("bestaetigung",)),
]


@pytest.mark.parametrize(("written", "typed"), UEBER)
def test_umlauts_as_they_are_typed(written: str, typed: str, tmp_path: Path) -> None:
    """`Analyser`: German umlauts are also found as they are typed on other keyboards."""
    with indexed(tmp_path, [entry("a.md", written), entry("b.md", "Etwas anderes")], "de") as index:
        assert hits(index, typed)[:1] == ["a.md"]


@pytest.mark.parametrize("word", ["rückerstattung", "rueckerstattung", "ruckerstattung"])
def test_umlauts_as_they_are_typed_letter_by_letter(word: str, tmp_path: Path) -> None:
    """F2: as you type."""
    with indexed(tmp_path, entries(["Wann kommt die Rückerstattung?", "Etwas anderes"]), "de") as index:
        assert [word[:n] for n in range(4, len(word) + 1) if hits(index, word[:n])[:1] != ["a0.md"]] == []


@pytest.mark.parametrize(
    ("language", "written", "typed"),
    [
        ("fr", "Où changer l'adresse de livraison ?", "adresse"),
        ("fr", "Où changer l’adresse de livraison ?", "adresse"),
        ("fr", "Où changer l'adresse de livraison ?", "l'adresse"),
        ("it", "Dove cambio l'indirizzo?", "indirizzo"),
    ],
)
def test_a_word_behind_an_apostrophe(language: str, written: str, typed: str, tmp_path: Path) -> None:
    """Issue 3: apostrophes, and other Snowball languages; a word that the base knows well is found there too."""
    known = [f"{typed.removeprefix(chr(108) + chr(39))} {word}" for word in ("rue", "ville", "pays", "code")]
    with indexed(tmp_path, [*entries(known), entry("l.md", written)], language) as index:
        assert "l.md" in hits(index, typed)


GERMAN = (
    "Wo ist meine Kreditkarte?",
    "Was kostet eine Geschenkkarte?",
    "Wie lange gilt das Rückgaberecht?",
    "Was sind Versandkosten?",
    "Gilt die Karte auch als Geschenk?",
    "Welche Kosten hat der Versand?",
)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("karte", {"a0.md", "a1.md", "a4.md"}),
        ("karten", {"a0.md", "a1.md", "a4.md"}),
        ("Kreditkarten", {"a0.md"}),
        ("rückgabe", {"a2.md"}),
        ("recht", {"a2.md"}),
        ("versand", {"a3.md", "a5.md"}),
        ("kosten", {"a3.md", "a5.md"}),
        ("Geschenkkarte", {"a1.md"}),
    ],
)
def test_german_compounds_by_part_word(typed: str, wanted: set[str], tmp_path: Path) -> None:
    """Issue 3: German compounds at least by part-word."""
    with indexed(tmp_path, entries(GERMAN), "de") as index:
        assert wanted <= set(hits(index, typed))


@pytest.mark.parametrize("typed", ["Geschenkkarte", "Geschenkkarten", "geschenk-karte", "Geschenk Karte"])
def test_a_german_compound_finds_its_parts(typed: str, tmp_path: Path) -> None:
    """`Vocabulary.halves`, in German too: what is not known in one word is read as two."""
    with indexed(tmp_path, entries(["Gilt die Karte als Geschenk?", "Etwas anderes"]), "de") as index:
        assert hits(index, typed) == ["a0.md"]


def test_compounds_are_found_by_their_part_however_many_have_the_part_itself(tmp_path: Path) -> None:
    """`COMPOUNDING`: there a part of a word is looked for at any time."""
    known = [f"Welche Karte nimmt {name}?" for name in ("Anna", "Bert", "Clara", "Dora", "Emil")]
    with indexed(tmp_path, [*entries(known), entry("z.md", "Wo ist meine Kreditkarte?")], "de") as index:
        assert "z.md" in hits(index, "karte")
        assert hits(index, "karte")[-1] == "z.md"


def test_a_part_finds_every_compound(tmp_path: Path) -> None:
    """F4: part-words find their entry; a base with many such words is no reason to lose some of them."""
    heads = [
        "Kredit",
        "Geschenk",
        "Land",
        "Post",
        "Visiten",
        "Fahr",
        "Eintritts",
        "Speise",
        "Stempel",
        "Kunden",
        "Bonus",
        "Gut",
        "Wein",
        "Spiel",
        "Chip",
    ]
    with indexed(tmp_path, entries([f"Wo ist die {head}karte?" for head in heads]), "de") as index:
        assert len(hits(index, "karte", limit=50)) == len(heads)


@pytest.fixture(scope="module")
def two_languages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    files = [
        *entries(["How long does a refund take?", "Where is my parcel?", "Can I pay by card?"]),
        entry("es.md", "¿Cómo hago devoluciones?", "Los reembolsos llegan pronto. Habla con nosotros.", language="es"),
        entry("de.md", "Wo sind meine Kreditkarten?", "Bei den Rechnungen.", language="de"),
    ]
    with indexed(tmp_path_factory.mktemp("two"), files) as index:
        yield index


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        *((typed, "es.md") for typed in ("devoluciones", "devolución", "DEVOLUCIÓN", "devolucion", "reembolso")),
        *((typed, "es.md") for typed in ("reembolsos", "hablar", "hablamos", "como hago", "¿cómo?")),
        *(
            (typed, "es.md")
            for typed in ("devolucoines", "devoluciónes", "rembolsos", "reembolosos", "devolu", "bolsos")
        ),
        *((typed, "de.md") for typed in ("Kreditkarte", "kreditkarten", "Rechnung", "rechnungen")),
        *((typed, "de.md") for typed in ("karten", "karte", "kreditkraten", "kreditkrate", "rechnugen")),
        *((typed, "a0.md") for typed in ("refunds", "refnud", "refun")),
    ],
)
def test_entries_in_another_language_are_found_by_its_words(
    two_languages: SearchIndex, typed: str, wanted: str
) -> None:
    """Issue 3: Spanish and other Snowball languages by entry; with slips and in part as any other word."""
    assert hits(two_languages, typed)[:1] == [wanted]


def test_synonyms_find_entries_in_another_language(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "index", "en", [["refund", "devoluciones"]])
    index.rebuild((each, STAMP) for each in [entry("es.md", "¿Cómo hago devoluciones?", language="es")])
    try:
        assert hits(index, "refund") == ["es.md"]
    finally:
        index.close()


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("如何申请退货？", "退货"),
        ("如何申请退货？", "退"),
        ("如何申请退货？", "怎么退货"),
        ("退货需要多长时间，可以退款吗？", "退款 时间"),
        ("订单ERR-4012是什么意思？", "ERR-4012"),
        ("订单ERR-4012是什么意思？", "订单4012"),
        ("返品できますか", "返品"),
        ("クレジットカードは使えますか", "カード"),
        ("ｸﾚｼﾞｯﾄカードは使えますか", "クレジット"),
        ("東京に送れますか", "東京"),
        ("𠮷野家で使えますか", "𠮷野家"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh", "ja"])
def test_chinese_and_japanese_by_pairs(written: str, typed: str, language: str, tmp_path: Path) -> None:
    """Issue 3: Chinese and Japanese by bigrams."""
    others = [entry("b.md", "Something else"), entry("c.md", "如何修改地址？"), entry("d.md", "住所を変更する")]
    with indexed(tmp_path, [*others, entry("a.md", written)], language) as index:
        assert hits(index, typed)[:1] == ["a.md"]


def test_apostrophes_of_every_kind_and_none(tmp_path: Path) -> None:
    apostrophes = "'\u2019\u2018\u02bc\u00b4`\uff07"
    with indexed(tmp_path, [entry("b.md", "Something else"), entry("a.md", "Why can't O'Neill sign in?")]) as index:
        for sign in [*apostrophes, ""]:
            assert hits(index, f"can{sign}t")[:1] == ["a.md"], ascii(sign)
            assert hits(index, f"O{sign}Neill")[:1] == ["a.md"], ascii(sign)
    for number, sign in enumerate(apostrophes):
        with indexed(tmp_path / str(number), [entry("a.md", f"Why can{sign}t O{sign}Neill sign in?")]) as index:
            assert hits(index, "can't oneill") == ["a.md"], ascii(sign)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(word=st.sampled_from(SLIPS_OF), size=st.integers(2, 12), before=st.sampled_from(["", "is my ", "the new "]))
def test_every_beginning_finds_its_word(english: SearchIndex, word: str, size: int, before: str) -> None:
    assert f"a{SLIPS_OF.index(word)}.md" in hits(english, before + word[:size])


def test_a_word_that_was_mended_is_found_in_its_new_spelling(tmp_path: Path) -> None:
    """What an entry said before leaves no trace in how words are read."""
    with indexed(tmp_path, [entry("a.md", "Can I buy a giftcard?"), entry("b.md", "Something else")]) as index:
        index.apply([(entry("a.md", "Can I buy a gift card?"), STAMP)], [])
        assert hits(index, "giftcard") == ["a.md"]


def test_a_slip_that_was_in_the_base_once_does_not_hide_the_word_meant(tmp_path: Path) -> None:
    """The nearest spelling is one that some entry has now."""
    with indexed(tmp_path, [entry("a.md", "Which accomodation?"), entry("b.md", "Something else")]) as index:
        index.apply([(entry("a.md", "Which accommodation?"), STAMP)], [])
        assert hits(index, "acomodation") == ["a.md"]


def test_words_of_deleted_entries_do_not_make_a_slip_a_word(tmp_path: Path) -> None:
    wrong = [entry(f"w{n}.md", "Where is my refnud?") for n in range(4)]
    others = [entry(f"o{n}.md", f"Something else {n}") for n in range(30)]
    with indexed(tmp_path, [*wrong, *others, entry("a.md", "Where is my refund?")]) as index:
        index.apply([], [each.path for each in wrong])
        assert hits(index, "refnud") == ["a.md"]
