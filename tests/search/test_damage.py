"""A damaged index mends itself (SEARCH.md R6-R9): it is a cache, and the files are the truth."""

from __future__ import annotations

import gc
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kbtui.knowledge import Knowledge
from tests.helpers import REFUND, found, opened, parts_of, run_kbtui

Damage = Callable[[Path], None]

# Whoosh leaves a file open where it stumbles over a damaged one; the garbage collector closes it
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def _each(pattern: str, change: Callable[[bytes], bytes]) -> Damage:
    def damage(folder: Path) -> None:
        files = list(folder.glob(pattern))
        assert files, pattern
        for file in files:
            file.write_bytes(change(file.read_bytes()))

    return damage


def _gone(pattern: str) -> Damage:
    def damage(folder: Path) -> None:
        for file in list(folder.glob(pattern)):
            shutil.rmtree(file) if file.is_dir() else file.unlink()

    return damage


def _zeros(data: bytes) -> bytes:
    return bytes(len(data))


def _noise(data: bytes) -> bytes:
    return bytes((number * 37 + 11) % 256 for number in range(len(data)))


def _half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _late_noise(data: bytes) -> bytes:
    """Keep the first page, as a disk does that lost the others."""
    return data[:4096] + _noise(data[4096:])


def _other(key: str, value: object) -> Callable[[bytes], bytes]:
    return lambda data: json.dumps(json.loads(data) | {key: value}).encode()


DAMAGES: dict[str, Damage] = {
    "segment cut": _each("gen-*/*.seg", _half),
    "segment empty": _each("gen-*/*.seg", lambda _: b""),
    "segment zeros": _each("gen-*/*.seg", _zeros),
    "segment noise": _each("gen-*/*.seg", _noise),
    "segment gone": _gone("gen-*/*.seg"),
    "contents cut": _each("gen-*/*.toc", _half),
    "contents zeros": _each("gen-*/*.toc", _zeros),
    "contents noise": _each("gen-*/*.toc", _noise),
    "contents gone": _gone("gen-*/*.toc"),
    "catalogue empty": _each("gen-*/catalogue.sqlite", lambda _: b""),
    "catalogue cut": _each("gen-*/catalogue.sqlite", _half),
    "catalogue noise": _each("gen-*/catalogue.sqlite", _noise),
    "catalogue late noise": _each("gen-*/catalogue.sqlite", _late_noise),
    "catalogue gone": _gone("gen-*/catalogue.sqlite"),
    "manifest empty": _each("gen-*/manifest.json", lambda _: b""),
    "manifest cut": _each("gen-*/manifest.json", _half),
    "manifest gone": _gone("gen-*/manifest.json"),
    "manifest of another format": _each("gen-*/manifest.json", _other("format", 0)),
    "manifest of another language": _each("gen-*/manifest.json", _other("language", "de")),
    "manifest without files": _each("gen-*/manifest.json", _other("files", [])),
    "current empty": _each("CURRENT", lambda _: b""),
    "current noise": _each("CURRENT", lambda _: b"\xff\xfe"),
    "current elsewhere": _each("CURRENT", lambda _: b"../../../elsewhere"),
    "current ahead": _each("CURRENT", lambda _: b"gen-999"),
    "current gone": _gone("CURRENT"),
    "generation gone": _gone("gen-*"),
    "everything gone": _gone("*"),
}


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """Let no test answer for files that another one left open."""
    yield
    gc.collect()


@pytest.fixture
def folder(base: Path) -> Path:
    """Return the folder of an index that was built and then closed."""
    with opened(base) as knowledge:
        assert found(knowledge, "refund")[0] == REFUND
    (place,) = (base / ".git" / "kbtui").glob("index-*")
    return place


@pytest.mark.parametrize("name", DAMAGES)
@pytest.mark.parametrize("first", ["search", "refresh"])
def test_a_damaged_index_is_built_anew(base: Path, folder: Path, name: str, first: str) -> None:
    """SEARCH.md R6: damage raises many kinds of error; each one means a rebuild and none a crash."""
    DAMAGES[name](folder)
    parts = parts_of(base)
    knowledge = Knowledge(parts)
    try:
        if first == "refresh":
            knowledge.refresh()
        assert found(knowledge, "refund")[0] == REFUND
        assert knowledge.get("refund22").path == REFUND
        assert len(knowledge.cards()) == 5
        knowledge.refresh()
        assert parts.index.verify() == []
    finally:
        parts.index.close()


@pytest.mark.parametrize("name", ["segment noise", "contents cut", "catalogue cut", "manifest gone", "everything gone"])
def test_the_command_line_answers_all_the_same(base: Path, folder: Path, name: str) -> None:
    DAMAGES[name](folder)
    ran = run_kbtui("--kb", base, "search", "refund", "--json")
    assert (ran.status, ran.err) == (0, "")
    assert [hit["card"]["path"] for hit in ran.json["hits"]][:1] == [REFUND]


def test_a_damaged_index_does_not_stop_a_save(base: Path, folder: Path) -> None:
    """Every acknowledged save is in the history; search mends itself."""
    DAMAGES["segment noise"](folder)
    ran = run_kbtui("--kb", base, "ask", "Do you sell spare parts?", env={"KBTUI_PERSON": "Ana"})
    assert ran.status == 0, ran.err
    assert "spare parts" in run_kbtui("--kb", base, "search", "spare parts").out


def test_the_index_is_no_part_of_the_repository(base: Path, folder: Path) -> None:
    """SEARCH.md 6: never committed, synced or downloaded; a file in the tree is no index."""
    assert folder.is_relative_to(base / ".git")
    assert {file.is_relative_to(folder) for file in base.rglob("*.seg")} == {True}
