"""What a change leaves behind, and what words beside others do, over bases made at random."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtui.entry.model import Entry
from kbtui.search.analysis import QueryWord
from kbtui.search.forms import Form, Kind, Word
from kbtui.search.index import SearchIndex
from kbtui.search.postings import View
from kbtui.search.result import SearchResult
from kbtui.search.schema import BEGINNINGS
from kbtui.search.scorer import WordScores, complete, rank, required
from kbtui.search.wanted import Wanted
from tests.search.entries import STAMP, entries, entry, hits, indexed

EVERYTHING = Wanted(limit=1_000, snippets=0)

WORDS = [
    "refund",
    "refunds",
    "refunded",
    "card",
    "cards",
    "gift",
    "giftcard",
    "gift-card",
    "parcel",
    "late",
    "delivery",
    "order",
    "cancel",
    "login",
    "log",
    "in",
    "sign-in",
    "ERR-4012",
    "4012",
    "wi-fi",
    "wifi",
    "can't",
    "R&D",
    "C++",
    "policy",
    "policies",
    "where",
    "is",
    "my",
    "how",
    "do",
    "I",
    "the",
    "a",
    "not",
    "how's",
    "15",
    "0800",
    "123456",
    "rückgabe",
    "café",
    "退货",
    "退款",
]
TEXT = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
TEXTS = st.tuples(TEXT, st.one_of(st.just(""), TEXT))
BASE = st.lists(TEXTS, min_size=1, max_size=12)


def result(index: SearchIndex, text: str) -> SearchResult:
    found = index.search(text, EVERYTHING)
    assert found is not None
    return found


def order(index: SearchIndex, text: str) -> list[str]:
    """Return every path found, best first."""
    return [hit.card.path for hit in result(index, text).hits]


def with_all(index: SearchIndex, text: str) -> set[str]:
    """Return the entries that have every word that matters."""
    return {hit.card.path for hit in result(index, text).hits if hit.has_all}


def files_of(base: Sequence[tuple[str, str]]) -> list[Entry]:
    return [entry(f"a{number}.md", question, answer) for number, (question, answer) in enumerate(base)]


@settings(max_examples=40, deadline=None)
@given(base=BASE, typed=TEXT, number=st.integers(0, 11), word=st.integers(0, 15), in_front=st.booleans())
def test_another_word_of_an_entry_beside_words_that_it_lacks(
    tmp_path_factory: pytest.TempPathFactory,
    base: list[tuple[str, str]],
    typed: str,
    number: int,
    word: int,
    in_front: bool,
) -> None:
    """F3: more words never give worse results, wherever in the search they stand."""
    question, answer = base[number % len(base)]
    own = f"{question} {answer}".split()
    more = own[word % len(own)]
    after = f"{more} {typed}" if in_front else f"{typed} {more}"
    path = f"a{number % len(base)}.md"
    with indexed(tmp_path_factory.mktemp("beside"), files_of(base)) as index:
        assert path in order(index, after) or path not in order(index, typed), (typed, after)
        assert path in with_all(index, after) or path not in with_all(index, typed), (typed, after)


def test_a_number_behind_a_telephone_number_takes_nothing_out(tmp_path: Path) -> None:
    """Another word of the entry, even where the two could be read as one number."""
    files = [entry("a.md", "Whom do I call?", "0800123456, within 15 days."), *entries(["Else"])]
    with indexed(tmp_path, files) as index:
        assert with_all(index, "0800 123456") == {"a.md"}
        assert with_all(index, "0800 123456 days") == {"a.md"}
        assert with_all(index, "0800 123456 15") == {"a.md"}
        assert with_all(index, "15 0800 123456") == {"a.md"}


def test_a_word_that_joins_with_its_neighbour_takes_no_part_word_out(tmp_path: Path) -> None:
    """What is found by a part of a word is still found when the word beside it makes another one of both."""
    others = [entry(f"o{n}.md", f"Something else {n}", "It is a boardgame.") for n in range(3)]
    with indexed(tmp_path, [*others, entry("a.md", "Is a game made of cardboard free?")]) as index:
        assert "a.md" in with_all(index, "board")
        assert "a.md" in with_all(index, "board free")
        assert "a.md" in order(index, "board game")
        assert "a.md" in with_all(index, "board game")


SEARCHES = (
    "refund", "card", "gift card", "giftcard", "where is my parcel", "log in", "wifi", "4012", "err", "refnud",
    "how do I cancel the order", "policy", "board", "late delivery refund", "退货", "rueckgabe", "parc", "C++",
)  # fmt: skip


@pytest.mark.parametrize("size", [30, 300])
@pytest.mark.parametrize("seed", range(3))
def test_changes_leave_no_trace_in_the_order(seed: int, size: int, tmp_path: Path) -> None:
    """Rarity is that of the words entries have now; what they had before does not decide who is first."""
    chance = random.Random(seed)
    now = {f"r{number:03}.md": _random_entry(f"r{number:03}.md", chance) for number in range(size)}
    with indexed(tmp_path / "changed", now.values()) as changed:
        for _ in range(10):
            upserts = [_random_entry(path, chance) for path in chance.sample(sorted(now), size // 15)]
            changed.apply([(each, STAMP) for each in upserts], [])
            now |= {each.path: each for each in upserts}
        with indexed(tmp_path / "anew", now.values()) as anew:
            differing = [typed for typed in SEARCHES if order(changed, typed) != order(anew, typed)]
            assert differing == []


def test_an_entry_saved_again_and_again_does_not_make_its_words_common(tmp_path: Path) -> None:
    """A rep saves an entry twenty times in an afternoon: its words are as rare as before."""
    files = [
        entry("a.md", "Refund parcel?", "late"),
        entry("b.md", "Parcel today?", "refund"),
        *(entry(f"c{n}.md", f"Parcel number {n}?", "late") for n in range(6)),
        *(entry(f"d{n}.md", f"Refund number {n}?", "soon") for n in range(4)),
    ]
    searches = ("refund today", "parcel soon", "refund late", "parcel refund", "today soon late")
    with indexed(tmp_path, files) as index:
        before = {typed: order(index, typed) for typed in searches}
        scores = {typed: [hit.score for hit in result(index, typed).hits] for typed in searches}
        for _ in range(20):
            index.apply([(files[1], STAMP)], [])
        assert {typed: order(index, typed) for typed in searches} == before
        after = {typed: [hit.score for hit in result(index, typed).hits] for typed in searches}
        for typed in searches:
            assert after[typed] == pytest.approx(scores[typed], abs=0.02), typed


def _random_entry(path: str, chance: random.Random) -> Entry:
    words = [WORDS[min(int(chance.expovariate(0.12)), len(WORDS) - 1)] for _ in range(chance.randint(3, 25))]
    cut = chance.randint(1, min(8, len(words) - 1))
    return entry(path, " ".join(words[:cut]), " ".join(words[cut:]))


def _skewed(number: int, chance: random.Random) -> Entry:
    """Return an entry whose words are skewed as words are: few are everywhere, most are rare, fillers too."""
    words = [_skewed_word(chance) for _ in range(chance.randint(3, 40))]
    return Entry(f"r{number}.md", f"r{number}", " ".join(words[:5]), plain=" ".join(words[5:]))


def _skewed_word(chance: random.Random) -> str:
    if chance.random() < 0.15:
        return f"s{min(int(chance.expovariate(0.5)), 7)}x"
    return f"w{min(int(chance.expovariate(0.12)), 59)}x"


def _word(chance: random.Random, *, simple: bool) -> Word:
    """Return a word of a search with up to four forms, as `Expander` makes them."""
    if chance.random() < 0.1:
        return Word(QueryWord("unknown", ("unknown",)))
    text = _skewed_word(chance)
    is_stop = text.startswith("s") and chance.random() < 0.8
    typed = QueryWord(text, (text,), text[:2], is_filler=is_stop or chance.random() < 0.1, is_stop=is_stop)
    forms = [Form((text,), Kind.WORD, 1.0)]
    if not simple and chance.random() < 0.4:
        forms.append(Form((text[:2],), Kind.BEGINNING, 0.6, BEGINNINGS))
    if not simple and chance.random() < 0.4:
        forms.append(Form((_skewed_word(chance),), Kind.SYNONYM, 0.5))
    if not simple and chance.random() < 0.3:
        both = tuple(dict.fromkeys((_skewed_word(chance), _skewed_word(chance))))
        forms.append(Form(both, Kind.SPLIT, 0.9))
    if not simple and chance.random() < 0.2:
        forms = forms[1:]
    return Word(typed, tuple(forms))


def _by_force(
    view: View, words: Sequence[Word], limit: int, hidden: set[int], among: set[int] | None
) -> list[tuple[int, float]]:
    """Score every entry with every word: what `rank` says it gives, without leaving anything out."""
    every = [WordScores(view, word) for word in words]
    whole = complete(required(every), hidden | view.deleted)
    telling = [word for word in every if not word.word.typed.is_stop] or every
    scores = {}
    for document in range(view.size):
        if document in hidden or document in view.deleted or (among is not None and document not in among):
            continue
        if any(word.of(document) for word in telling):
            scores[document] = sum(word.of(document) for word in every)
    best = sorted(scores, key=lambda d: (d not in whole, -scores[d], d))[:limit]
    return [(document, scores[document]) for document in best]


@pytest.mark.parametrize("kind", ["words", "forms"])
@pytest.mark.parametrize("seed", range(6))
def test_the_best_are_those_of_scoring_everything(seed: int, kind: str, tmp_path: Path) -> None:
    """`kbtui.search.scorer`: the best are the same as if every entry had been scored."""
    chance = random.Random(seed)
    files = [_skewed(number, chance) for number in range(chance.randint(200, 400))]
    wrong = []
    with indexed(tmp_path, files) as index:
        if seed % 2:
            index.apply([(_skewed(number, chance), STAMP) for number in range(0, 200, 7)], ["r3.md", "r30.md"])
        with index._finding() as finder:
            view = finder.view
            for _ in range(60):
                words = [_word(chance, simple=kind == "words") for _ in range(chance.randint(1, 6))]
                words = list({word.typed.text: word for word in words}.values())
                limit = chance.randint(1, 10)
                hidden = set(chance.sample(range(view.size), chance.choice((0, 0, 40))))
                among = set(chance.sample(range(view.size), 60)) if chance.random() < 0.2 else None
                ranking = rank(view, words, limit, hidden, among)
                assert ranking is not None
                wanted = _by_force(view, words, limit, hidden, among)
                got = [score for _, score in ranking.best]
                if got != pytest.approx([score for _, score in wanted], rel=1e-6, abs=1e-9):
                    wrong.append(([(w.typed.text, w.typed.is_stop, w.forms) for w in words], limit, got, wanted))
    assert wrong == []


def test_words_that_say_nothing_do_not_push_out_what_says_something(tmp_path: Path) -> None:
    """`rank`: a rare stop word in a question, beside a word that most entries have and one that none has."""
    files = [Entry(f"s{n}.md", f"s{n}", "ourselves") for n in range(3)]
    files += [Entry(f"c{n}.md", f"c{n}", f"Number {n}", plain="card and more words than one " * 3) for n in range(60)]
    stop = Word(
        QueryWord("ourselves", ("ourselv",), is_filler=True, is_stop=True), (Form(("ourselv",), Kind.WORD, 1.0),)
    )
    card = Word(QueryWord("card", ("card",)), (Form(("card",), Kind.WORD, 1.0),))
    with indexed(tmp_path, files) as index, index._finding() as finder:
        words = [stop, card, Word(QueryWord("zebra", ("zebra",)))]
        for limit in (1, 2, 3):
            ranking = rank(finder.view, words, limit)
            assert ranking is not None
            assert len(ranking.best) == limit
            assert ranking.total == 60


def test_words_that_say_nothing_do_not_empty_a_page(tmp_path: Path) -> None:
    """The same through every door: what has a word that says something is found, and fills the page."""
    files = [entry(f"s{n:02}.md", "Ourselves?", "ourselves") for n in range(40)]
    files += [entry(f"c{n:03}.md", f"Number {n}?", "A card and more words than one. " * 3) for n in range(900)]
    with indexed(tmp_path, files) as index:
        assert len(hits(index, "card zebra", 10)) == 10
        assert len(hits(index, "ourselves card zebra", 10)) == 10
