"""A search that looks at the files beside everything else finds what one finds that looks first."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kbtui.freshness import Freshness
from kbtui.glance import Glance, Seen
from tests.helpers import PASSWORD, REFUND, Ran, git, parts_of, record, run_kbtui, run_python, write_files

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot copy a process")

_BESIDE = """
import os, sys
os.cpu_count = lambda: 2
from kbtui import freshness, glance
from kbtui.__main__ import main
glance._MANY = 0

def seen(self):
    sys.stderr.write("looked here")
    return looked(self)

looked, freshness.Freshness._seen = freshness.Freshness._seen, seen
sys.argv[0] = "kbtui"
main()
"""
"""What the program does over a large base; it says so where the copy was not used."""

_PHONE = "---\nid: phones22\nstate: not-validated\n---\n# Which telephones are waterproof?\n\nThe green ones.\n"


def _search(base: Path, *words: str) -> Ran:
    ended = run_python("-c", _BESIDE, "search", *words, env={"KBTUI_KB": str(base)})
    return Ran(ended.returncode, ended.stdout, ended.stderr)


@pytest.fixture
def indexed(base: Path) -> Path:
    """Return a base that has been searched, so that its index is there."""
    assert run_kbtui("search", "refund", env={"KBTUI_KB": str(base)}).status == 0
    return base


def test_the_same_is_found(indexed: Path) -> None:
    for words in (("refund",), ("how", "do", "i", "reset"), ("passw",), ("state:archived",), ("zzzqqq",)):
        assert _search(indexed, *words) == run_kbtui("search", *words, env={"KBTUI_KB": str(indexed)})


def test_a_file_that_has_come_is_found(indexed: Path) -> None:
    write_files(indexed, {"phones/new.md": _PHONE})
    found = _search(indexed, "waterproof")
    assert "Which telephones are waterproof?" in found.out
    assert found.err == ""


def test_a_file_that_has_gone_is_not_found(indexed: Path) -> None:
    (indexed / PASSWORD).unlink()
    found = _search(indexed, "reset", "password")
    assert found.out.startswith("Nothing found")
    assert found.err == ""


def test_a_file_written_in_place_is_found_with_its_new_words(indexed: Path) -> None:
    """Neither the folder's time nor the file's size is another."""
    file = indexed / REFUND
    text = file.read_bytes()
    with file.open("r+b") as opened:
        opened.write(text.replace(b"parcel", b"kettle"))
    assert file.stat().st_size == len(text)
    found = _search(indexed, "kettle")
    assert "How long does a refund take?" in found.out
    assert found.err == ""


def test_a_file_in_a_new_folder_far_below_is_found(indexed: Path) -> None:
    write_files(indexed, {"a/b/c/d/e/new.md": _PHONE})
    assert "waterproof?" in _search(indexed, "waterproof").out


def test_what_the_team_ignores_now_is_found_no_more(indexed: Path) -> None:
    with (indexed / "kb.toml").open("a") as settings:
        settings.write('\nignore = ["orders/*"]\n')
    found = _search(indexed, "fax", "order")
    assert found.out.startswith("Nothing found")


def test_without_an_index_one_is_made(base: Path) -> None:
    found = _search(base, "refund")
    assert "How long does a refund take?" in found.out


def test_an_index_that_is_damaged_is_made_anew(indexed: Path) -> None:
    for file in (indexed / ".git" / "kbtui").rglob("*"):
        if file.suffix in (".seg", ".sqlite"):
            file.write_bytes(b"not what it was")
    assert "How long does a refund take?" in _search(indexed, "refund").out


def test_a_base_in_a_folder_of_a_repository(tmp_path: Path, base: Path) -> None:
    """Where git keeps its folder is not for the copy to guess."""
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q")
    base.joinpath(".git").rename(tmp_path / "aside")
    base.rename(root / "kb")
    assert run_kbtui("search", "refund", env={"KBTUI_KB": str(root)}).status == 0
    write_files(root, {"kb/phones/new.md": _PHONE})
    found = _search(root / "kb", "waterproof")
    assert "waterproof?" in found.out
    assert found.err == ""


def test_a_search_leaves_no_copy_and_writes_nothing(indexed: Path) -> None:
    _search(indexed, "refund")
    own = indexed / ".git" / "kbtui"
    before = {path: path.stat().st_mtime_ns for path in own.rglob("*") if path.is_file()}
    assert _search(indexed, "refund").err == ""
    assert {path: path.stat().st_mtime_ns for path in own.rglob("*") if path.is_file()} == before


def test_a_few_files_are_looked_at_here(indexed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy takes longer than that."""
    begun: list[object] = []
    monkeypatch.setattr("kbtui.store.ahead.Ahead", begun.append)
    files = parts_of(indexed).files
    Glance(files).close()
    assert begun == []
    monkeypatch.setattr("kbtui.glance._MANY", 8)
    assert files.has_more_names(8)
    Glance(files)
    assert len(begun) == 1


class _Seen(Glance):
    """A look that saw what it is told."""

    def __init__(self, seen: Seen) -> None:
        super().__init__()
        self._said = seen

    def seen(self, generation: str) -> Seen:
        return self._said


def test_what_somebody_has_saved_since_the_look_stays_in_the_index(indexed: Path) -> None:
    """The look came before that save, and the comparison after it."""
    parts = parts_of(indexed)
    seen = Seen(4, [], [REFUND, "gone/long-ago.md"], ())
    assert Freshness(parts.files, parts.index, glance=_Seen(seen)).refresh().gone == 1
    assert parts.index.cards([REFUND])


def test_a_save_that_a_crash_interrupted_is_found(indexed: Path) -> None:
    """It is finished after the look has begun: what was seen before is not asked for."""
    parts = parts_of(indexed)
    parts.journal.keep(record("phones/new.md", _PHONE.encode()))
    found = _search(indexed, "waterproof")
    assert "waterproof?" in found.out
    assert found.err == "looked here"


def test_what_was_compared_with_another_index_is_not_used() -> None:
    script = """
import os
os.cpu_count = lambda: 2
from kbtui import glance
glance._compared = lambda files, told: ("gen-1", 5, ["a.md"], [], ())
glance._MANY = -1
class Files:
    def has_more_names(self, than): return True
print(glance.Glance(Files()).seen("gen-2"), glance.Glance(Files()).seen("gen-1"), glance.Glance().seen(""))
"""
    told = run_python("-c", script).stdout
    assert told == "None Seen(total=5, changed=['a.md'], gone=[], passed_over=()) None\n"
