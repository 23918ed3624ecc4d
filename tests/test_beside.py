"""An open window has large work on its index done by a process beside it, which may die at any moment."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from filelock import FileLock

from kbtui.errors import BusyError, KbError
from kbtui.knowledge import Knowledge
from kbtui.open import open_base
from kbtui.search import finder
from kbtui.search.index import SearchIndex
from tests.helpers import (
    REFUND,
    environment,
    eventually,
    found,
    parts_of,
    run_python,
    running,
    start_python,
    write_files,
)

MANY = 250
INDEXING = "kbtui.indexing"


@pytest.fixture
def large(base: Path) -> Path:
    write_files(base, {f"many/number-{n}.md": f"# Where is parcel {n}?\n\nOn its way.\n" for n in range(MANY)})
    return base


@contextmanager
def beside(base: Path, python: str | Path = sys.executable) -> Iterator[Knowledge]:
    """Open a base as a window does."""
    with closing(open_base(base, environment(), str(python))) as knowledge:
        yield knowledge


def _folder(base: Path) -> Path:
    return parts_of(base).index._folder


def _generation(base: Path) -> str:
    return (_folder(base) / "CURRENT").read_text()


def _running(base: Path) -> bool:
    """Whether a process works on the index of a base."""
    return running(f"{INDEXING} rebuild {base}", sys.executable) or running(
        f"{INDEXING} refresh {base}", sys.executable
    )


def _pid(knowledge: Knowledge) -> int:
    """Return the id of the process that works beside, once there is one."""
    work = knowledge._parts.beside
    eventually(lambda: work._process is not None, "a process works beside")
    assert work._process is not None
    return work._process.pid


@contextmanager
def _in_background(work: Callable[[], object]) -> Iterator[list[KbError]]:
    """Do something on a thread, as the screen does; the trouble it ended with is there afterwards."""
    troubles: list[KbError] = []

    def run() -> None:
        try:
            work()
        except KbError as error:
            troubles.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    yield troubles
    thread.join()


def _not_here(*_: object) -> NoReturn:
    raise AssertionError("this process worked on the index")


# What the process does


def test_a_process_builds_the_index(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(SearchIndex, "rebuild", _not_here)
    with beside(large) as knowledge:
        done = knowledge.reindex(lambda *progress: told.append(progress))
        assert (done.total, done.changed) == (MANY + 5, MANY + 5)
        assert found(knowledge, "parcel 77")[0] == "many/number-77.md"
        assert REFUND in found(knowledge, "refund")
        assert knowledge._parts.index.verify() == []


def test_it_tells_how_far_it_is(large: Path) -> None:
    write_files(large, {f"more/number-{n}.md": f"# Where is letter {n}?\n" for n in range(600)})
    told: list[tuple[int, int]] = []
    with beside(large) as knowledge:
        knowledge.refresh(lambda *progress: told.append(progress))
    assert told == [(500, MANY + 605)]


def test_a_process_brings_in_what_a_pull_has_changed(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with beside(large) as knowledge:
        knowledge.refresh()
        for name in ("rebuild", "apply"):
            monkeypatch.setattr(SearchIndex, name, _not_here)
        write_files(large, {f"many/number-{n}.md": f"# Where is my zebra {n}?\n" for n in range(30)})
        (large / REFUND).unlink()
        assert knowledge.refresh().changed == 30
        assert found(knowledge, "zebra 7")[0] == "many/number-7.md"
        assert REFUND not in found(knowledge, "refund")
        paths = [f"many/number-{n}.md" for n in range(40, 70)]
        write_files(large, dict.fromkeys(paths, "# Where is my giraffe?\n"))
        knowledge._freshness.follow(paths)
        assert sorted(found(knowledge, "giraffe")) == sorted(paths)


def test_small_work_starts_no_process(base: Path, tmp_path: Path) -> None:
    with beside(base, _script(tmp_path, f"touch {tmp_path}/started")) as knowledge:
        knowledge.refresh()
        knowledge.reindex()
        write_files(base, {"one.md": "# Where is my zebra?\n"})
        knowledge.refresh()
        assert found(knowledge, "zebra") == ["one.md"]
    assert not (tmp_path / "started").exists()


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="POSIX only")
def test_it_gives_way_to_everything_else(large: Path) -> None:
    with beside(large) as knowledge, FileLock(_folder(large) / "lock"), _in_background(knowledge.refresh):
        pid = _pid(knowledge)
        eventually(lambda: os.getpriority(os.PRIO_PROCESS, pid) == 19, "the lowest priority")
        knowledge.end_work_beside()


def test_a_trouble_of_the_process_is_a_sentence(large: Path, tmp_path: Path) -> None:
    script = _script(
        tmp_path, """echo '{"kind": "BusyError", "message": "Somebody is at it.", "hint": "Wait."}'; exit 1"""
    )
    with beside(large, script) as knowledge, pytest.raises(BusyError, match="Somebody is at it"):
        knowledge.refresh()


# Where no process can do it


def _script(folder: Path, words: str) -> Path:
    """Return a stand-in for Python."""
    if os.name == "nt":
        pytest.skip("a shell script stands in for Python")
    file = folder / "stand-in"
    file.write_text(f"#!/bin/sh\n{words}\n")
    file.chmod(0o755)
    return file


@pytest.mark.parametrize(
    "words",
    [
        "exit 1",
        "exit 0",
        "echo 'no JSON'; echo '[1]'",
        """echo '{"done": 500, "of": 900}'; kill -9 $$""",
        """echo '{"total": 5}'; exit 3""",
    ],
)
def test_a_python_that_is_of_no_use(large: Path, tmp_path: Path, words: str) -> None:
    with beside(large, _script(tmp_path, words)) as knowledge:
        assert knowledge.refresh().total == MANY + 5
        assert found(knowledge, "parcel 77")[0] == "many/number-77.md"


def test_a_python_that_is_not_there(large: Path, tmp_path: Path) -> None:
    with beside(large, tmp_path / "no-python") as knowledge:
        knowledge.refresh()
        assert found(knowledge, "parcel 77")[0] == "many/number-77.md"


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a matter of POSIX")
def test_a_process_that_is_killed_while_it_writes(large: Path) -> None:
    with beside(large) as knowledge:
        knowledge.refresh()
        before = _generation(large)
        write_files(large, {f"more/number-{n}.md": f"# Where is letter {n}?\n\n{'words ' * n}" for n in range(400)})
        with _in_background(knowledge.reindex) as troubles:
            pid = _pid(knowledge)
            eventually(lambda: any(_folder(large).glob("gen-2/*")), "the next generation is begun")
            assert _generation(large) == before
            os.kill(pid, signal.SIGKILL)
            assert found(knowledge, "parcel 77")[0] == "many/number-77.md", "the old one is whole"
        assert troubles == []
        assert found(knowledge, "letter 399")[0] == "more/number-399.md", "a thread has done it"
        assert knowledge._parts.index.verify() == []
        assert len([*_folder(large).glob("gen-*")]) == 1


# When the window closes


@pytest.mark.skipif(os.name == "nt", reason="ps is a matter of POSIX")
def test_the_window_closes_meanwhile(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with beside(large) as knowledge:
        knowledge.refresh()
        before = _generation(large)
        monkeypatch.setattr(SearchIndex, "rebuild", _not_here)
        with FileLock(_folder(large) / "lock"), _in_background(knowledge.reindex) as troubles:
            _pid(knowledge)
            knowledge.end_work_beside()
        assert [type(each) for each in troubles] == [BusyError]
        assert not _running(large)
        with pytest.raises(BusyError):
            knowledge.reindex()
        assert _generation(large) == before
        assert found(knowledge, "parcel 77")[0] == "many/number-77.md"


_WINDOW = """
import os, sys
from pathlib import Path
from kbtui.open import open_base
open_base(Path(sys.argv[1]), os.environ, sys.executable).reindex()
"""


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a matter of POSIX")
def test_the_window_is_killed_meanwhile(large: Path) -> None:
    """No process goes on for nobody, and what it left is no trouble for the next."""
    with FileLock(_folder(large) / "lock"):
        with start_python("-c", _WINDOW, str(large)) as window:
            eventually(lambda: _running(large), "a process works beside")
            window.kill()
        eventually(lambda: not _running(large), "it has ended")
    with beside(large) as knowledge:
        knowledge.refresh()
        assert found(knowledge, "parcel 77")[0] == "many/number-77.md"


def test_the_process_ends_with_its_input(large: Path) -> None:
    """Whoever started it has gone; `run_python` gives it no input at all."""
    with FileLock(_folder(large) / "lock"):
        assert run_python("-P", "-m", INDEXING, "rebuild", str(large)).returncode == 1


# What goes on meanwhile


def test_a_save_meanwhile_waits_for_nobody_and_is_found_in_the_end(large: Path) -> None:
    with beside(large) as knowledge:
        lock = FileLock(_folder(large) / "lock")
        lock.acquire()
        with _in_background(knowledge.refresh) as troubles:
            _pid(knowledge)
            write_files(large, {"late.md": "# Where is my zebra?\n"})
            knowledge._freshness.follow(["late.md"])  # would wait for the lock, which this test holds
            lock.release()
        assert troubles == []
        assert found(knowledge, "zebra") == ["late.md"]


def test_of_many_searches_without_an_index_one_builds_it(large: Path) -> None:
    with beside(large) as knowledge:
        hits: list[list[str]] = []
        searches = [threading.Thread(target=lambda: hits.append(found(knowledge, "parcel 77"))) for _ in range(6)]
        with FileLock(_folder(large) / "lock"):
            for each in searches:
                each.start()
            _pid(knowledge)
            assert knowledge.search("parcel 77", cancelled=lambda: True) is None, "nobody waits for older words"
        for each in searches:
            each.join()
        assert [each[0] for each in hits] == ["many/number-77.md"] * 6
        assert _generation(large) == "gen-1"


def test_an_index_full_of_what_was_replaced_is_built_anew_while_the_window_goes_on(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with beside(large) as knowledge:
        knowledge.refresh()
        for turn in range(2):
            write_files(large, {f"many/number-{n}.md": f"# Where is box {n}, {turn}?\n\nHere.\n" for n in range(MANY)})
            knowledge.refresh()
        before = _generation(large)
        knowledge.refresh()
        assert _generation(large) == before, "so few are not worth it"
        monkeypatch.setattr(finder, "_WORN", 100)
        knowledge.refresh()
        assert _generation(large) != before
        assert "many/number-7.md" in found(knowledge, "where is box 7")
        before = _generation(large)
    with closing(open_base(large, environment())) as line_mode:
        monkeypatch.setattr(finder, "_WORN", -1)
        line_mode.refresh()
        assert _generation(large) == before, "who only searches in line mode waits for no such thing"
