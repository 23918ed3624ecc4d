"""What holds for any base and any words: who comes first, that more words lose nothing, that the past is forgotten."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kbtui.entry.model import Entry
from kbtui.search.analysis import Analyser
from kbtui.search.index import SearchIndex
from kbtui.search.postings import View
from kbtui.search.scorer import WordScores, rank
from kbtui.search.wanted import Wanted
from tests.search.entries import STAMP, entries, entry, hits, indexed

WORDS = [
    "refund",
    "refunds",
    "refunded",
    "card",
    "cards",
    "gift",
    "giftcard",
    "parcel",
    "late",
    "login",
    "log",
    "sign",
    "sign-in",
    "e-mail",
    "email",
    "phone",
    "can't",
    "how",
    "do",
    "i",
    "get",
    "the",
    "my",
    "money",
    "back",
    "where",
    "is",
    "voucher",
    "ERR-4012",
    "C++",
    "über",
    "退货",
    "dog",
    "dot",
]
WORD = st.sampled_from(WORDS)
BEGUN = st.sampled_from(["re", "gif", "refnud", "d", "do", "logi"])
QUESTION = st.lists(WORD, min_size=1, max_size=8).map(" ".join)
ANSWER = st.lists(WORD, max_size=20).map(" ".join)
PAIRS = st.lists(st.tuples(QUESTION, ANSWER), min_size=1, max_size=8)
EVERYTHING = Wanted(limit=1000, snippets=0)
QUERIES = [
    "refund",
    "how do i get my refund",
    "gift card",
    "giftcard",
    "log in",
    "refnud",
    "er",
    "email",
    "late money dog",
]
FEW = settings(max_examples=20, deadline=None)
UNSHRUNK = settings(FEW, phases=[Phase.explicit, Phase.reuse, Phase.generate])
"""Where an example writes an index many times over, making a failing one smaller takes minutes."""


def files(pairs: Sequence[tuple[str, str]]) -> list[Entry]:
    return [entry(f"a{number}.md", question, answer) for number, (question, answer) in enumerate(pairs)]


def complete(index: SearchIndex, text: str) -> set[str]:
    found = index.search(text, EVERYTHING)
    assert found is not None
    return {hit.card.path for hit in found.hits if hit.has_all}


@FEW
@given(pairs=PAIRS, copies=st.integers(0, 40))
def test_the_exact_question_is_always_first(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]], copies: int
) -> None:
    """F3, whatever else there is and however short the list."""
    more = [entry(f"b{n}.md", f"{pairs[0][0]} {pairs[0][0]} also", pairs[0][0] * 3) for n in range(copies)]
    with indexed(tmp_path_factory.mktemp("exact"), [*more, *files(pairs)]) as index:
        for question, _ in pairs:
            same = {f"a{n}.md" for n, pair in enumerate(pairs) if Analyser.key(pair[0]) == Analyser.key(question)}
            for typed in (question, f"{question}?", question.upper()):
                assert hits(index, typed, limit=1)[0] in same


@FEW
@given(pairs=PAIRS, query=QUESTION)
def test_all_words_that_matter_before_some(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]], query: str
) -> None:
    with indexed(tmp_path_factory.mktemp("all"), files(pairs)) as index:
        found = index.search(query, EVERYTHING)
        assert found is not None
        has_all = [hit.has_all for hit in found.hits]
        assert has_all == sorted(has_all, reverse=True)
        for limit in (1, 2, 5):
            assert hits(index, query, limit=limit) == [hit.card.path for hit in found.hits][:limit]


@settings(max_examples=50, deadline=None)
@given(pairs=PAIRS, data=st.data())
def test_adding_a_word_of_an_entry_never_takes_it_away(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]], data: st.DataObject
) -> None:
    """Issue 3: adding a word of the entry never lowers it. Words of it, whole, in any order."""
    number = data.draw(st.integers(0, len(pairs) - 1))
    own = [*dict.fromkeys(" ".join(pairs[number]).split())]
    asked = data.draw(st.permutations(own))[:8]
    with indexed(tmp_path_factory.mktemp("more"), files(pairs)) as index:
        for size in range(1, len(asked) + 1):
            query = " ".join(asked[:size])
            assert f"a{number}.md" in complete(index, query), query


@settings(max_examples=50, deadline=None)
@given(pairs=PAIRS, query=st.lists(WORD | BEGUN, max_size=4), data=st.data())
def test_adding_a_word_of_an_entry_never_takes_it_away_whatever_was_typed_before(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]], query: list[str], data: st.DataObject
) -> None:
    """The same after beginnings, slips and words of other entries: what was found stays found."""
    with indexed(tmp_path_factory.mktemp("before"), files(pairs)) as index:
        found, before = hits(index, " ".join(query), limit=1000), complete(index, " ".join(query))
        for number, pair in enumerate(pairs):
            text = " ".join([*query, data.draw(st.sampled_from(" ".join(pair).split()))])
            path = f"a{number}.md"
            assert path not in found or path in hits(index, text, limit=1000), text
            if path in before:
                assert path in complete(index, text), text


@pytest.mark.parametrize(
    ("question", "typed", "more"),
    [
        ("Where is my refund today?", "refnu", "today"),
        ("Dog in the park now", "do", "now"),
        ("Where is my refund today?", "refu", "today"),
        ("Where is my refund today?", "refnud", "today"),
        ("Where are my refunds today?", "refnud", "today"),
    ],
)
def test_going_on_after_an_unfinished_word_takes_nothing_away(
    question: str, typed: str, more: str, tmp_path: Path
) -> None:
    """A rep types the beginnings of words; what was found by one is not lost when the next word begins."""
    with indexed(tmp_path, entries([question, "Else"])) as index:
        assert complete(index, typed) == {"a0.md"}
        assert complete(index, f"{typed} {more}") == {"a0.md"}


@UNSHRUNK
@given(pairs=PAIRS, order=st.randoms(use_true_random=False), gone=PAIRS, queries=st.lists(QUESTION, max_size=4))
def test_how_a_base_came_about_is_forgotten(
    tmp_path_factory: pytest.TempPathFactory,
    pairs: list[tuple[str, str]],
    order: random.Random,
    gone: list[tuple[str, str]],
    queries: list[str],
) -> None:
    """Entries added one by one in any order, after others that changed and went, are found as after a rebuild."""
    wanted = files(pairs)
    queries = [*QUERIES, *queries]
    with indexed(tmp_path_factory.mktemp("grown"), []) as index:
        old = [(entry(f"a{n}.md", question, answer), STAMP) for n, (question, answer) in enumerate(gone)]
        index.apply(old, [])
        index.apply([], [each.path for each, _ in old if each.path not in {new.path for new in wanted}])
        for each in order.sample(wanted, len(wanted)):
            index.apply([(each, STAMP)], [])
        grown = [hits(index, query) for query in queries]
        index.rebuild((each, STAMP) for each in wanted)
        assert dict(zip(queries, grown, strict=True)) == {query: hits(index, query) for query in queries}


@FEW
@given(pairs=PAIRS, order=st.randoms(use_true_random=False))
def test_entries_added_in_any_order_are_found_in_the_same_order(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]], order: random.Random
) -> None:
    wanted = files(pairs)
    with indexed(tmp_path_factory.mktemp("order"), wanted) as index:
        one = {query: hits(index, query) for query in QUERIES}
    with indexed(tmp_path_factory.mktemp("another"), []) as index:
        for each in order.sample(wanted, len(wanted)):
            index.apply([(each, STAMP)], [])
        assert {query: hits(index, query) for query in QUERIES} == one


def test_the_first_page_is_the_same_however_the_base_came_about(tmp_path: Path) -> None:
    """Where more entries are alike than are looked at, it is not the order of indexing that decides."""
    alike = [entry(f"b{number:03}.md", "Refund?", "Five days.") for number in range(80)]
    with indexed(tmp_path, alike) as index:
        one = hits(index, "five days", limit=10)
    with indexed(tmp_path / "another", reversed(alike)) as index:
        assert hits(index, "five days", limit=10) == one


def test_rarity_is_that_of_the_entries_there_are(tmp_path: Path) -> None:
    """A word of entries that went is as rare as one that never was there: order does not remember them."""
    texts = ["Card with a refund", "Parcel with a refund", "Card late", "Parcel late", "Else"]
    gone = [entry(f"g{number}.md", f"Parcel {number}") for number in range(12)]
    with indexed(tmp_path, [*gone, *entries(texts)]) as index:
        index.apply([], [each.path for each in gone])
        found = hits(index, "card parcel")
    with indexed(tmp_path / "fresh", entries(texts)) as index:
        assert hits(index, "card parcel") == found


def test_a_base_without_entries_is_searched_twice(tmp_path: Path) -> None:
    """A new base is empty, and the first thing that a rep does is type."""
    with indexed(tmp_path, []) as index:
        for _ in range(3):
            assert hits(index, "anything") == []
            assert index.similar("anything", 5) == []
            assert index.duplicates() == []
        index.apply([(entry("a.md", "Anything?"), STAMP)], [])
        assert hits(index, "anything") == ["a.md"]
        index.apply([], ["a.md"])
        assert [hits(index, "anything") for _ in range(2)] == [[], []]


OLD = [f"{word}old" for word in ("refund", "card", "parcel", "voucher", "invoice", "carrier")]
NEW = [f"{word}new" for word in ("blue", "green", "white", "black", "brown", "pink")]


@FEW
@given(before=st.lists(st.sampled_from(OLD), min_size=1), after=st.none() | st.sampled_from(NEW), others=PAIRS)
def test_an_entry_is_never_found_under_its_old_words(
    tmp_path_factory: pytest.TempPathFactory, before: list[str], after: str | None, others: list[tuple[str, str]]
) -> None:
    text, word = " ".join(before), before[0]
    old = entry("x.md", text, text, tags=f"[{word}]", owner=word, asked_as=f"[{before[-1]}]", state="archived")
    with indexed(tmp_path_factory.mktemp("old"), [*files(others), old]) as index:
        assert "x.md" in hits(index, word)
        index.apply([(entry("x.md", after), STAMP)] if after else [], [] if after else ["x.md"])
        signs = [f'"{text}"', f"tag:{word}", f"owner:{word}", f"{word} tag:{word}", "state:archived"]
        for typed in [*before, word[:-1], word[:3], f"{word[:-2]}dl", text, *signs]:
            assert "x.md" not in hits(index, typed), typed
            assert "x.md" not in [each.card.path for each in index.similar(typed, 5)]
        assert hits(index, after or "nothing at all") == (["x.md"] if after else [])


def _skewed(number: int, chance: random.Random) -> Entry:
    words = [f"w{min(int(chance.expovariate(0.12)), 60)}x" for _ in range(chance.randint(2, 40))]
    words += chance.sample(["how", "do", "the", "is", "my"], chance.randint(0, 5))
    words += chance.sample(["e-mail", "ERR-4012", "über"], chance.randint(0, 1))
    chance.shuffle(words)
    state = "archived" if chance.random() < 0.1 else "open"
    return entry(f"r{number:03}.md", " ".join(words[:5]), " ".join(words[5:]), state=state)


@pytest.fixture(scope="module", params=[1, 2, 3])
def skewed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    chance = random.Random(request.param)
    every = [_skewed(number, chance) for number in range(chance.randint(200, 400))]
    groups = [["w1x", "w50x"], ["w2x", "w40x w3x"], ["w5x w6x", "how do", "w55x"]]
    index = SearchIndex(tmp_path_factory.mktemp("skewed") / "index", "en", groups)
    index.rebuild((each, STAMP) for each in every[:150])
    for start in range(150, len(every), 60):
        index.apply([(each, STAMP) for each in every[start : start + 60]], [])
    changed = [(_skewed(number, chance), STAMP) for number in range(0, 150, 17)]
    index.apply(changed, [each.path for each in every[5::13]])
    yield index
    index.close()


Scored = list[tuple[int, float]]


def _by_brute_force(view: View, words: Sequence[WordScores], hidden: set[int], among: set[int] | None) -> Scored:
    """Return every entry with any of the words, each scored for each: those with all words that matter first."""
    matter = [word for word in words if not word.word.typed.is_filler] or [*words]
    telling = [word for word in words if not word.word.typed.is_stop] or [*words]
    counted = set(range(view.size)) - hidden - view.deleted
    found = []
    for document in counted if among is None else counted & among:
        points = {id(word): word.of(document) for word in words}
        if any(points[id(word)] for word in telling):
            has_all = all(points[id(word)] for word in matter)
            found.append((not has_all, -sum(points.values()), document))
    return [(document, -score) for _, score, document in sorted(found)]


def _query(chance: random.Random) -> str:
    words = [f"w{min(int(chance.expovariate(0.12)), 60)}x" for _ in range(chance.randint(1, 5))]
    others = ["how", "do", "the", "is", "my", "w1", "w", "email", "err4012", "ueber", "wx7x"]
    words += chance.sample(others, chance.randint(0, 4))
    chance.shuffle(words)
    return " ".join(words)


def _some(chance: random.Random, size: int, share: float) -> set[int]:
    return {document for document in range(size) if chance.random() < share}


@pytest.mark.parametrize("limit", range(1, 11))
def test_the_best_are_the_same_as_if_every_entry_had_been_scored(skewed: SearchIndex, limit: int) -> None:
    """`kbtui.search.scorer`, MaxScore: entries are left out only where it is certain."""
    chance = random.Random(limit)
    compared: list[tuple[str, int, Scored, Scored]] = []
    with skewed._finding() as finder:
        view = finder.view
        for _ in range(30):
            text = _query(chance)
            words = finder._expander.expand(finder._analyser.query(text))
            hidden = _some(chance, view.size, 0.4) if chance.random() < 0.3 else set()
            among = _some(chance, view.size, 0.5) if chance.random() < 0.3 else None
            ranking = rank(view, words, limit, frozenset(hidden), among)
            everyone = _by_brute_force(view, [WordScores(view, word) for word in words], hidden, among)
            if ranking is not None:
                compared.append((text, ranking.total, [*ranking.best], everyone))
    assert len(compared) == 30
    for text, total, ours, everyone in compared:
        brute = everyone[:limit]
        assert total == len(everyone), text
        assert [score for _, score in ours] == pytest.approx([score for _, score in brute], rel=1e-5), text
        near = [round(score, 4) for _, score in everyone[: limit + 1]]
        if len(set(near)) == len(near):
            assert [document for document, _ in ours] == [document for document, _ in brute], text


def test_entries_are_left_out_in_the_bases_above(skewed: SearchIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the test above would compare two ways of scoring everything."""
    looked_up: list[int] = []
    real = WordScores.of

    def of(self: WordScores, document: int) -> float:
        looked_up.append(document)
        return real(self, document)

    monkeypatch.setattr(WordScores, "of", of)
    with skewed._finding() as finder:
        ranking = rank(finder.view, finder._expander.expand(finder._analyser.query("w55x w45x w0x w1x w2x")), 1)
    assert ranking is not None
    assert looked_up
    assert len(set(looked_up)) < ranking.total


@FEW
@given(pairs=PAIRS, query=QUESTION)
def test_looking_up_agrees_with_scoring_everything(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]], query: str
) -> None:
    """`WordScores`: `of`, `everywhere` and `documents` say the same of every entry."""
    with indexed(tmp_path_factory.mktemp("agree"), files(pairs)) as index, index._finding() as finder:
        view = finder.view
        words = finder._expander.expand(finder._analyser.query(f"{query} refnud do"))
        scores = [WordScores(view, word) for word in words]
        looked_up = [{d: word.of(d) for d in range(view.size) if word.of(d)} for word in scores]
        everywhere = [word.everywhere for word in scores]
        having = [word.documents() for word in scores]
    assert looked_up == [pytest.approx(each) for each in everywhere]
    assert [set(each) for each in looked_up] == having
