"""What stands first (F3): the exact question, all words above some, questions above bodies, archived last."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui.entry.approval import digest
from kbtui.entry.model import Entry
from kbtui.search.analysis import Analyser
from kbtui.search.postings import K1
from kbtui.search.scorer import rank, rarity
from kbtui.search.wanted import Wanted
from tests.search.entries import STAMP, entries, entry, hits, indexed

CARD_REFUND = ("card", "refund")
FILLER = "Some words that fill the text so that it is long and says little about anything. " * 20


def _validated(path: str, question: str, answer: str) -> Entry:
    approval = f"{{by: Lena, on: 2026-11-01, text: {digest(question, answer)}}}"
    return entry(path, question, answer, state="validated", validated=approval)


def test_the_exact_question_is_first(tmp_path: Path) -> None:
    exact = entry("z.md", "Refund", FILLER)
    with indexed(tmp_path, [*entries({"Refund refund refund": "refund " * 5, "A refund": "refund"}), exact]) as index:
        assert hits(index, "refund")[0] == "z.md"
        assert hits(index, "  REFUND ")[0] == "z.md"


def test_the_exact_question_is_first_without_its_question_mark_too(tmp_path: Path) -> None:
    """Nobody types the question mark while a caller is talking."""
    exact = entry("z.md", "How long does a refund take?", FILLER)
    near = entry("a.md", "How long does a refund take take take", "How long does a refund take")
    with indexed(tmp_path, [near, exact]) as index:
        assert hits(index, "How long does a refund take?")[0] == "z.md"
        assert hits(index, "how long does a refund take")[0] == "z.md"


def test_the_exact_words_of_a_caller_are_first(tmp_path: Path) -> None:
    exact = entry("z.md", "How long does a repayment take?", FILLER, asked_as="[where is my money]")
    with indexed(tmp_path, [*entries(["Where is my money, money, money?"]), exact]) as index:
        assert hits(index, "where is my money")[0] == "z.md"


def test_the_exact_question_is_first_among_many(tmp_path: Path) -> None:
    """However many entries score higher, the exact question is not cut off before it is looked at."""
    many = [entry(f"b{number:03}.md", "Refund refund refund", "refund " * 30) for number in range(150)]
    with indexed(tmp_path, [*many, entry("z.md", "Refund", FILLER)]) as index:
        assert hits(index, "refund", limit=10)[0] == "z.md"


def test_what_is_archived_stands_last(tmp_path: Path) -> None:
    archived = entry("a.md", "Refund", "refund refund", state="archived")
    with indexed(tmp_path, [archived, entry("z.md", "Payment", f"{FILLER} refund")]) as index:
        assert hits(index, "refund") == ["z.md", "a.md"]


def test_what_is_archived_stands_last_among_many(tmp_path: Path) -> None:
    """A hundred archived entries do not push out the one that is right today."""
    many = [entry(f"b{number:03}.md", "Refund refund", "refund " * 30, state="archived") for number in range(150)]
    with indexed(tmp_path, [*many, entry("z.md", "Payment", f"{FILLER} refund")]) as index:
        assert hits(index, "refund", limit=10)[0] == "z.md"


def test_all_words_above_some(tmp_path: Path) -> None:
    some = entry("a.md", "Refund refund refund refund", "refund")
    every = entry("z.md", "Payment", f"{FILLER} the refund was late")
    with indexed(tmp_path, [some, every]) as index:
        found = index.search("refund late")
        assert found is not None
        assert [(hit.card.path, hit.has_all) for hit in found.hits] == [("z.md", True), ("a.md", False)]


def test_more_words_still_find_what_has_some_of_them(tmp_path: Path) -> None:
    with indexed(tmp_path, entries(["How long does a refund take?", "Where is the shop?"])) as index:
        assert hits(index, "refund zebra giraffe") == ["a0.md"]
        assert hits(index, "zebra") == []


def test_questions_and_phrasings_above_tags_above_bodies(tmp_path: Path) -> None:
    files = [
        entry("body.md", "Something else", "A voucher is paper."),
        entry("question.md", "What is a voucher?", "A piece of paper."),
        entry("tag.md", "Something else", "A piece of paper.", tags="[voucher]"),
    ]
    with indexed(tmp_path, files) as index:
        assert hits(index, "voucher") == ["question.md", "tag.md", "body.md"]


def test_a_rare_word_in_the_body_is_found(tmp_path: Path) -> None:
    """SEARCH.md 2: words of the body are not swamped by words of a question."""
    files = entries({"Where is my parcel?": "Ask for the waybill.", "How do I track?": "x", "Parcel lost": "y"})
    with indexed(tmp_path, files) as index:
        assert hits(index, "parcel waybill")[0] == "a0.md"


def test_validated_above_not_validated_at_equal_relevance(tmp_path: Path) -> None:
    files = [entry("a.md", "Refund?", "Five days."), _validated("z.md", "Refund?", "Five days.")]
    with indexed(tmp_path, [*files, entry("other.md", "Something", "else")]) as index:
        assert hits(index, "refund") == ["z.md", "a.md"]
        assert hits(index, "five days") == ["z.md", "a.md"]


def test_a_code_stands_first(tmp_path: Path) -> None:
    codes = [f"What does ERR-{number} mean?" for number in range(4000, 4030)]
    with indexed(tmp_path, entries(codes)) as index:
        for typed in ("ERR-4012", "err4012", "4012", "what does err-4012 mean"):
            assert hits(index, typed)[0] == "a12.md", typed


@pytest.mark.parametrize("typed", ["re", "ref", "refun", "refund", "REF", "where is my ref"])
def test_the_beginning_of_a_word_finds_it(tmp_path: Path, typed: str) -> None:
    with indexed(tmp_path, entries(["Where is my refund?", "Can I pay by card?"])) as index:
        assert hits(index, typed)[0] == "a0.md"


def test_a_long_word_is_found_by_any_beginning(tmp_path: Path) -> None:
    with indexed(tmp_path, entries(["Rückerstattungsrichtlinie", "Anderes"])) as index:
        for size in range(2, len("Rückerstattungsrichtlinie") + 1):
            assert hits(index, "Rückerstattungsrichtlinie"[:size])[:1] == ["a0.md"], size


def test_whole_words_above_beginnings(tmp_path: Path) -> None:
    with indexed(tmp_path, entries(["What is cardboard?", "Is the card lost?"])) as index:
        assert hits(index, "card") == ["a1.md", "a0.md"]


def test_how_many_there_are_in_all(tmp_path: Path) -> None:
    """Nothing is cut short in silence: 50 of 214."""
    with indexed(tmp_path, entries([f"Refund number {number}" for number in range(214)])) as index:
        found = index.search("refund", Wanted(limit=50))
        assert found is not None
        assert (len(found.hits), found.total) == (50, 214)
        assert len(hits(index, "refund", limit=1000)) == 214


def test_the_same_search_gives_the_same_order(tmp_path: Path) -> None:
    files = [entry(f"{name}.md", "Refund?", "Five days.") for name in "cabed"]
    with indexed(tmp_path, files) as index:
        assert hits(index, "refund") == ["a.md", "b.md", "c.md", "d.md", "e.md"]


def test_open_questions_are_found(tmp_path: Path) -> None:
    """F6: what nobody has answered yet appears in search."""
    with indexed(tmp_path, [entry("a.md", "Do you sell spare parts?", state="open")]) as index:
        assert hits(index, "spare parts") == ["a.md"]


def test_scores_do_not_depend_on_how_the_index_came_about(tmp_path: Path) -> None:
    """SEARCH.md, "Pointers": rarity and average length are those of the whole index, over all its segments."""
    texts = {f"Question {n} about {'refund ' * (n % 4)}": f"card {'word ' * (n % 7)}" for n in range(40)}
    every = entries(texts)
    with indexed(tmp_path, every) as index:
        together = index.search("refund card", Wanted(limit=100))
    (tmp_path / "split").mkdir()
    with indexed(tmp_path / "split", every[:13]) as index:
        for each in every[13:]:
            index.apply([(each, STAMP)], [])
        apart = index.search("refund card", Wanted(limit=100))
    assert together is not None
    assert apart is not None
    scores = {hit.card.path: hit.score for hit in together.hits}
    assert len(scores) == 40
    assert {hit.card.path: hit.score for hit in apart.hits} == pytest.approx(scores, rel=0.02)


def test_scores_are_bm25(tmp_path: Path) -> None:
    """SEARCH.md 1, 2: BM25 over one weighted field, worked out here by hand."""
    files = entries({"Refund": "card", "Card and card": "word " * 7, "Parcel": "refund refund late", "Shop": "open"})
    analyser = Analyser("en")
    weights = {each.path: analyser.weighted(each) for each in files}
    wanted = {}
    for path, weight in weights.items():
        points = [rarity(4, 2) * (K1 + 1) * weight.get(term, 0) / (weight.get(term, 0) + K1) for term in CARD_REFUND]
        if any(points):
            wanted[path] = sum(points)
    with indexed(tmp_path, files) as index, index._finding() as finder:
        words = finder._expander.expand(analyser.query("refund card"))
        ranking = rank(finder.view, words, 10)
        assert ranking is not None
        assert {finder.view.path(d): s for d, s in ranking.best} == pytest.approx(wanted, rel=1e-5)
