"""Two kbtui on one index: the screen stays open while hooks and commands write (SEARCH.md R2, R5, R11)."""

from __future__ import annotations

from pathlib import Path

from kbtui.knowledge import Knowledge
from tests.helpers import PASSWORD, REFUND, found, git, opened, parts_of, run_python, start_python, write_files

_SAVES = """
import sys
from pathlib import Path
from kbtui.entry.model import NewEntry
from tests.helpers import opened
with opened(Path(sys.argv[1])) as knowledge:
    print(knowledge.new(NewEntry("Do you sell spare parts?", "Yes.")).entry.path)
"""
_REBUILDS = """
import sys
from pathlib import Path
from tests.helpers import opened
with opened(Path(sys.argv[1])) as knowledge:
    knowledge.reindex()
    knowledge.reindex()
"""


def test_what_another_process_saves_is_found_at_once(knowledge: Knowledge, base: Path) -> None:
    assert found(knowledge, "spare parts") == []
    path = run_python("-c", _SAVES, str(base)).stdout.strip()
    assert path
    assert found(knowledge, "spare parts") == [path]
    assert knowledge.get(path).answer == "Yes."


def test_what_another_process_replaces_is_counted_once(base: Path) -> None:
    """Whoosh, left to use its readers again, brought back what had been replaced: five changes, six refunds."""
    with opened(base) as here:
        assert _total(here, "refund") == 2
        for turn in range(12):
            write_files(base, {PASSWORD: f"# Where is my refund parcel {turn}?\n"})
            with opened(base):
                pass
            assert _total(here, "refund") == 3
        (base / PASSWORD).unlink()
        with opened(base):
            pass
        assert _total(here, "refund") == 2


def test_readers_that_are_done_with_are_let_go(base: Path) -> None:
    """A segment is mapped; every map that stayed would hold its file and its memory."""
    with opened(base) as here:
        for turn in range(12):
            write_files(base, {PASSWORD: f"# Where is my refund parcel {turn}?\n"})
            here.refresh()
            assert PASSWORD in found(here, "refund parcel")
        maps = Path("/proc/self/maps")
        if maps.exists():
            mapped = {
                line.split()[-1] for line in maps.read_text().splitlines() if ".seg" in line and str(base) in line
            }
            assert not [path for path in mapped if not Path(path).exists()], "a segment that is gone is still mapped"


def _total(knowledge: Knowledge, text: str) -> int:
    result = knowledge.search(text)
    assert result is not None
    return result.total


def test_a_searcher_survives_a_rebuild_by_another_process(knowledge: Knowledge, base: Path) -> None:
    """SEARCH.md R11: an open searcher survives; it reopens through CURRENT."""
    before = found(knowledge, "refund")
    ended = run_python("-c", _REBUILDS, str(base))
    assert ended.returncode == 0, ended.stderr
    assert found(knowledge, "refund") == before
    write_files(base, {PASSWORD: "# Where is my refund parcel?\n"})
    knowledge.refresh()
    assert PASSWORD in found(knowledge, "refund parcel")


def test_two_processes_write_at_once(base: Path) -> None:
    """SEARCH.md R2: nobody's update is lost, nobody gets an empty error."""
    with opened(base):
        pass
    running = [
        start_python("-m", "tests.search.indexing_child", str(base), "apply", name, "12") for name in ("one", "two")
    ]
    for process in running:
        _, err = process.communicate(timeout=300)
        assert process.returncode == 0, err.decode()
    parts = parts_of(base)
    try:
        stamps = parts.index.stamps()
        # the last turns wrote names 6-12 modulo 7 and removed the one three ahead each time
        for name in ("one", "two"):
            assert {path: size for path, (size, _) in stamps.items() if name in path} == {
                f"turns/{name}{turn % 7}.md": turn for turn in (9, 10, 11, 12)
            }
        assert parts.index.verify() == []
    finally:
        parts.index.close()


def test_one_process_rebuilds_while_the_other_searches(base: Path) -> None:
    with opened(base) as knowledge:
        process = start_python("-m", "tests.search.indexing_child", str(base), "rebuild", "x", "6")
        searches = 0
        while process.poll() is None or searches < 20:
            assert REFUND in found(knowledge, "refund")
            searches += 1
        out, err = process.communicate()
        assert process.returncode == 0, err.decode()
        assert out == b"ready\n"


def test_two_bases_in_one_repository_never_see_each_other(base: Path) -> None:
    """One repository may hold several bases; the names of their folders may look alike."""
    for folder, words in (("x/y", "zebra"), ("x-y", "giraffe"), ("root", "tapir")):
        write_files(base, {f"{folder}/kb.toml": "", f"{folder}/a.md": f"# A {words}?\n"})
    git(base, "add", ".")
    git(base, "commit", "-qm", "more bases")
    with opened(base / "x/y") as one, opened(base / "x-y") as two, opened(base / "root") as three, opened(base) as top:
        assert [card.question for card in one.cards()] == ["A zebra?"]
        assert [card.question for card in two.cards()] == ["A giraffe?"]
        assert [card.question for card in three.cards()] == ["A tapir?"]
        assert REFUND in found(top, "refund")


def test_two_work_trees_of_one_repository_never_see_each_other(base: Path, tmp_path: Path) -> None:
    """FAULTS S4: linked work trees share git's folder; what stands in one is not what stands in the other."""
    tree = tmp_path / "tree"
    git(base, "worktree", "add", "-q", "-b", "other", str(tree))
    write_files(tree, {"only/there.md": "# A zebra?\n"})
    with opened(base) as here, opened(tree) as there:
        assert found(there, "zebra") == ["only/there.md"]
        assert found(here, "zebra") == []
        assert len(here.cards()) == 5
