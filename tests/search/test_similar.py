"""Has this been asked already (F16)? The nearest questions, and pairs that may be one, in bases of any size."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kbtui.search.twins import Calibration
from tests.search.entries import STAMP, entries, entry, indexed

FILLER = "Some words that fill the text so that it is long and says little about anything. "

DIFFERENT = (
    "How long does a refund take?",
    "Where is my parcel?",
    "Can I pay by voucher?",
    "Who sends the invoice?",
    "I forgot the password",
    "Is shipping to Norway possible?",
    "When does the warranty end?",
    "Which discount do students get?",
    "My screen is broken",
    "How do I close an account?",
    "Do you repair bicycles?",
    "May I swap the colour?",
    "What are your opening hours?",
    "The courier never came",
    "Is there a minimum age?",
    "Who built the factory?",
    "Why was the card declined?",
    "Can somebody else collect it?",
    "What does error E17 mean?",
    "Do batteries come with it?",
    "Is my data sold?",
    "How heavy is the wardrobe?",
    "Are there vegan shoes?",
    "Which plug does it need?",
    "Can I order by telephone?",
    "What if nobody is home?",
    "Do prices include tax?",
    "How do I unsubscribe from mails?",
    "Where are spare parts listed?",
    "Is assembly offered?",
)
"""Thirty questions of which none is another."""


def test_the_question_itself_is_the_nearest_and_close(tmp_path: Path) -> None:
    with indexed(tmp_path, entries(DIFFERENT)) as index:
        for typed in (DIFFERENT[3], DIFFERENT[3].upper(), f"  {DIFFERENT[3].rstrip('?')} "):
            near = index.similar(typed, 3)
            assert near[0].card.path == "a3.md"
            assert near[0].is_close


def test_other_questions_are_not_close(tmp_path: Path) -> None:
    """`Similar.is_close`: closer than different questions of this base are to each other."""
    with indexed(tmp_path, entries(DIFFERENT)) as index:
        for typed in ("Do you sell umbrellas?", "How do I change the address?", "May dogs come in?"):
            assert not any(each.is_close for each in index.similar(typed, 5)), typed


def test_slips_and_other_forms_do_not_hide_the_nearest(tmp_path: Path) -> None:
    with indexed(tmp_path, entries(DIFFERENT)) as index:
        for typed in ("how long do refunds take", "How long does a refnud take", "refund, how long does it take?"):
            near = index.similar(typed, 3)
            assert near[0].card.path == "a0.md", typed
            assert near[0].is_close, typed


def test_a_caller_s_words_count_as_the_question(tmp_path: Path) -> None:
    """F5, F16."""
    files = [*entries(DIFFERENT), entry("z.md", "How long does a repayment take?", asked_as="[where is my money]")]
    with indexed(tmp_path, files) as index:
        near = index.similar("Where is my money?", 3)
        assert (near[0].card.path, near[0].is_close) == ("z.md", True)


def test_the_nearest_come_first_and_no_more_than_wanted(tmp_path: Path) -> None:
    with indexed(tmp_path, entries(DIFFERENT)) as index:
        for limit in (1, 3, 10, 1000):
            near = index.similar("How do I pay by parcel?", limit)
            closeness = [each.closeness for each in near]
            assert len(near) <= limit
            assert closeness == sorted(closeness, reverse=True)
            assert all(0 <= each <= 1 for each in closeness)
            assert len({each.card.path for each in near}) == len(near)


def test_what_is_archived_is_not_offered(tmp_path: Path) -> None:
    """`Finder.near`: live entries."""
    files = [entry("old.md", "Where is my refund?", state="archived"), entry("new.md", "Is a refund free?")]
    with indexed(tmp_path, [*files, *entries(DIFFERENT)]) as index:
        assert "old.md" not in [each.card.path for each in index.similar("Where is my refund?", 50)]
        assert all("old.md" not in (pair.one.path, pair.other.path) for pair in index.duplicates())


def test_another_version_of_an_entry_is_not_offered(tmp_path: Path) -> None:
    """`Finder.live`: an entry that is another version of one is none of the live ones."""
    files = [entry("new.md", "Where is my refund?"), entry("new.0123456789ab.variant.md", "Where is my refund?")]
    with indexed(tmp_path, [*files, *entries(DIFFERENT)]) as index:
        variant = next(card for card in index.all_cards() if ".variant." in card.path)
        assert variant.variant_of
        assert variant.path not in [each.card.path for each in index.similar("Where is my refund?", 50)]
        assert all(variant.path not in (pair.one.path, pair.other.path) for pair in index.duplicates())


def test_open_questions_are_offered_to_be_joined(tmp_path: Path) -> None:
    """F12."""
    with indexed(tmp_path, [entry("o.md", "Do you sell spare parts?", state="open"), *entries(DIFFERENT)]) as index:
        near = index.similar("do you sell spare parts", 3)
        assert (near[0].card.path, near[0].is_close) == ("o.md", True)


def test_the_nearest_question_is_found_among_long_answers_that_have_every_word(tmp_path: Path) -> None:
    """F16: questions are compared, and long answers have many words."""
    answer = f"{FILLER * 8} A damaged parcel: how to return it."
    long = [entry(f"b{n:02}.md", f"Something else {n}", answer) for n in range(60)]
    with indexed(tmp_path, [*long, entry("z.md", "How do I return a broken parcel?", "By post.")]) as index:
        near = index.similar("How do I return a damaged parcel?", 5)
        assert near[0].card.path == "z.md"


def test_the_same_question_is_found_among_many_that_say_it_more_often(tmp_path: Path) -> None:
    many = [entry(f"b{n:03}.md", "Refund of a refund of a refund", "refund " * 30) for n in range(150)]
    with indexed(tmp_path, [*many, entry("z.md", "Refund", FILLER * 20)]) as index:
        assert "z.md" in [each.card.path for each in index.similar("Refund", 5)]


@pytest.mark.parametrize("text", ["", " ", "?", "-", '"', "tag:billing", "\x00\ud800", "x" * 10_000, "the a of"])
def test_any_text_has_nearest_questions_or_none(text: str, tmp_path: Path) -> None:
    with indexed(tmp_path, entries(DIFFERENT[:5])) as index:
        assert not any(each.is_close for each in index.similar(text, 5))


@pytest.mark.parametrize("size", [0, 1, 2, 3, 19, 20, 21])
def test_bases_of_a_few_entries(size: int, tmp_path: Path) -> None:
    with indexed(tmp_path, entries(DIFFERENT[:size])) as index:
        near = index.similar(DIFFERENT[0], 5)
        assert [each.card.path for each in near][:1] == ["a0.md"][:size]
        assert [each.is_close for each in near][:1] == [True][:size]
        assert not any(each.is_close for each in index.similar("Why are umbrellas green?", 5))
        assert index.duplicates() == []


@pytest.mark.parametrize("size", [2, 5, 30])
def test_two_that_are_one_are_reported(size: int, tmp_path: Path) -> None:
    """Issue 3: `kbtui duplicates`."""
    files = [*entries(DIFFERENT[: size - 2]), entry("x.md", "Is a gift wrapped?"), entry("y.md", "Are gifts wrapped?")]
    with indexed(tmp_path, files) as index:
        pairs = index.duplicates()
        assert [(pair.one.path, pair.other.path) for pair in pairs] == [("x.md", "y.md")]
        assert 0 < pairs[0].closeness <= 1


@pytest.mark.parametrize("share", [0.1, 0.4, 1.0])
def test_the_same_question_twice_is_reported_however_many_there_are(share: float, tmp_path: Path) -> None:
    """A base imported from two places has many; none of them says that being the same is usual."""
    twice = DIFFERENT[: int(len(DIFFERENT) * share)]
    files = [*entries(DIFFERENT), *(entry(f"z{n}.md", question) for n, question in enumerate(twice))]
    with indexed(tmp_path, files) as index:
        pairs = {(pair.one.path, pair.other.path) for pair in index.duplicates()}
        assert {(f"a{n}.md", f"z{n}.md") for n in range(len(twice))} <= pairs
        assert index.similar(DIFFERENT[0], 1)[0].is_close


def test_duplicates_are_pairs_once_with_the_likest_first(tmp_path: Path) -> None:
    files = [*entries(DIFFERENT), *(entry(f"z{n}.md", DIFFERENT[0]) for n in range(3))]
    with indexed(tmp_path, files) as index:
        done: list[tuple[int, int]] = []
        pairs = index.duplicates(lambda so_far, of: done.append((so_far, of)))
        names = [(pair.one.path, pair.other.path) for pair in pairs]
        assert len(set(names)) == len(names)
        assert all(one < other for one, other in names)
        assert [pair.closeness for pair in pairs] == sorted((pair.closeness for pair in pairs), reverse=True)
        assert done[0] == (0, len(files))


def _usual(folder: Path) -> float:
    return float(json.loads((folder / "index" / "calibration.json").read_bytes())["usual"])


DAMAGED = [
    *(b"", b"{", b"\xff\xfe", b"null", b"[]", b"7", b'"x"', b"{}", b'{"usual": 0.4}', b"\x00" * 100),
    *(
        b'{"usual": "x", "entries": 32, "meaning": ""}',
        b'{"usual": null, "entries": 32, "meaning": ""}',
        b'{"usual": 0.4, "entries": "many", "meaning": ""}',
        b'{"usual": 0.4, "entries": Infinity, "meaning": ""}',
        b'{"usual": NaN, "entries": %d, "meaning": ""}' % len(DIFFERENT),
        b'{"usual": 0.4, "entries": NaN, "meaning": ""}',
        b'{"usual": 0.0, "entries": 1e400, "meaning": ""}',
        b"[" * 100_000,
    ),
]


@pytest.mark.parametrize("data", DAMAGED, ids=lambda data: ascii(data)[:45])
def test_what_was_measured_is_measured_again_where_its_file_is_damaged(data: bytes, tmp_path: Path) -> None:
    """`Calibration`: a file that may be deleted."""
    with indexed(tmp_path, entries(DIFFERENT)) as index:
        wanted = index.similar(DIFFERENT[0], 3)
        usual = _usual(tmp_path)
        (tmp_path / "index" / "calibration.json").write_bytes(data)
        assert index.similar(DIFFERENT[0], 3) == wanted
        assert _usual(tmp_path) == usual
        (tmp_path / "index" / "calibration.json").write_bytes(data)
        assert index.duplicates() == []


def test_what_was_measured_is_measured_again_where_its_file_is_gone(tmp_path: Path) -> None:
    with indexed(tmp_path, entries(DIFFERENT)) as index:
        wanted, usual = index.similar(DIFFERENT[0], 3), _usual(tmp_path)
        (tmp_path / "index" / "calibration.json").unlink()
        assert index.similar(DIFFERENT[0], 3) == wanted
        assert _usual(tmp_path) == usual


def test_what_was_measured_cannot_be_kept(tmp_path: Path) -> None:
    """Where the disk does not take it, it is measured again next time."""
    with indexed(tmp_path, entries(DIFFERENT)) as index:
        (tmp_path / "index" / "calibration.json").mkdir()
        assert index.similar(DIFFERENT[0], 3)[0].is_close
        assert index.duplicates() == []


def test_what_was_measured_is_kept_until_the_base_is_of_another_size(tmp_path: Path) -> None:
    calibration = Calibration(tmp_path / "calibration.json")
    calibration.write(0.4, 100, "")
    assert [calibration.read(entries, "") for entries in (79, 80, 100, 120, 121)] == [None, 0.4, 0.4, 0.4, None]
    assert calibration.read(100, "another model") is None


def test_a_base_that_has_grown_is_measured_anew(tmp_path: Path) -> None:
    with indexed(tmp_path, entries(DIFFERENT[:20])) as index:
        index.similar(DIFFERENT[0], 1)
        measured = json.loads((tmp_path / "index" / "calibration.json").read_bytes())["entries"]
        index.apply([(each, STAMP) for each in entries(DIFFERENT)[20:]], [])
        index.similar(DIFFERENT[0], 1)
        again = json.loads((tmp_path / "index" / "calibration.json").read_bytes())["entries"]
    assert (measured, again) == (20, len(DIFFERENT))


def test_what_is_usual_is_that_of_the_base_itself(tmp_path: Path) -> None:
    """In a base about one thing all questions are closer, so what is close there is closer still."""
    nouns = [
        "watch",
        "phone",
        "radio",
        "clock",
        "laptop",
        "printer",
        "scanner",
        "router",
        "camera",
        "tablet",
        "console",
        "fridge",
    ]
    alike = [f"How do I {verb} the password of my {noun}?" for noun in nouns for verb in ("reset", "change")]
    with indexed(tmp_path, entries(alike)) as index:
        assert index.similar(alike[0], 1)[0].is_close, "the same question"
        assert not any(each.is_close for each in index.similar("How do I find the password of my boiler?", 5))
        of_one_thing = _usual(tmp_path)
    with indexed(tmp_path / "many", entries(DIFFERENT)) as index:
        index.similar(DIFFERENT[0], 1)
    assert _usual(tmp_path / "many") < of_one_thing
