"""Several kbtui on one clone, and a lead with plain git between them."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path

import pytest

from kbtui.entry.file_format import read
from kbtui.errors import BusyError
from kbtui.git import saver as saver_module
from kbtui.git.saver import BaseLock
from tests.git.saves import NEW, NEW_WORDS, is_in_peace, save, saver_of
from tests.helpers import (
    REFUND,
    found,
    git,
    in_head,
    journal_of,
    opened,
    parts_of,
    record,
    run_git,
    run_python,
    save_ids,
    start_python,
)

NAMES = ("ana", "ben", "cleo", "dan")


def _all_save(base: Path, count: int, *path: str) -> list[tuple[str, bool, str]]:
    """Let four processes save at once; return what became of each save.

    All have the version opened that is there now. One that started late and opened what the others have saved
    already would take their phrasings away, as somebody does who reads them and leaves them out.
    """
    if path:
        opened_first = base.parent / "opened first"
        opened_first.write_bytes((base / path[0]).read_bytes())
        path = (*path, str(opened_first))
    running = [start_python("-m", "tests.git.saving_many", str(base), name, str(count), *path) for name in NAMES]
    done: list[tuple[str, bool, str]] = []
    for process in running:
        out, err = process.communicate(timeout=600)
        assert process.returncode == 0, err.decode()
        done += [tuple(item) for item in json.loads(out)]
    return done


def test_four_processes_save_two_hundred_entries_at_once(base: Path) -> None:
    """FAULTS 7: two processes, GitPython's index.commit loses about half; here none is lost."""
    done = _all_save(base, 50)
    assert len({path for path, _, _ in done}) == 200
    assert all(is_committed for _, is_committed, _ in done), "a save was not acknowledged as being in the history"
    tracked = set(git(base, "ls-tree", "-r", "--name-only", "HEAD").splitlines())
    assert {path for path, _, _ in done} <= tracked
    assert len(save_ids(base)) == len(set(save_ids(base))) == 200
    assert is_in_peace(base)
    for path in (done[0][0], done[99][0], done[199][0]):
        assert (in_head(base, path) or b"").decode() == (base / path).read_text()
    with opened(base) as knowledge:
        assert len(knowledge.cards()) == 205
        assert len(found(knowledge, "question of cleo", limit=300)[:50]) == 50
    assert run_git(base, "fsck").returncode == 0


def test_four_processes_add_to_one_entry_from_the_same_version(base: Path) -> None:
    """FAULTS 5, 7, S14: https://github.com/genealogix/glx/issues/703."""
    done = _all_save(base, 5, REFUND)
    assert [variant for _, _, variant in done if variant] == []
    entry = read(REFUND, in_head(base, REFUND) or b"")
    wanted = {f"phrasing {number} of {name}" for name in NAMES for number in range(5)}
    assert set(entry.asked_as) == wanted | {"where is my money"}
    assert len(entry.asked_as) == len(wanted) + 1
    assert len(set(save_ids(base))) == 20
    assert is_in_peace(base)


def test_a_lead_commits_in_the_same_clone_meanwhile(base: Path) -> None:
    """FAULTS 8: a save that loses the race for the branch is tried again, and no commit is lost.

    Messages are not compared: two `git commit` in the same millisecond share one COMMIT_EDITMSG.
    """
    theirs: list[str] = []
    is_over = threading.Event()

    def commit() -> None:
        number = 0
        while not is_over.is_set():
            number += 1
            (base / "plan.txt").write_text(f"plan {number}\n")
            if run_git(base, "add", "plan.txt").returncode == 0:
                ended = run_git(base, "commit", "-m", f"plan {number}")
                said = re.match(rb"\[main ([0-9a-f]+)\]", ended.stdout)
                theirs.extend([said[1].decode()] if ended.returncode == 0 and said else [])

    lead = threading.Thread(target=commit)
    lead.start()
    try:
        contents = {f"questions/number-{n}.md": b"# Question %d?\n\nWords.\n" % n for n in range(15)}
        for path, content in contents.items():
            save(base, path, content)
    finally:
        is_over.set()
        lead.join()
    saver_of(base).drain()
    assert {path: in_head(base, path) for path in contents} == contents
    assert len(theirs) >= 3
    lost = [commit for commit in theirs if run_git(base, "merge-base", "--is-ancestor", commit, "HEAD").returncode]
    assert lost == []
    assert journal_of(base).pending() == []
    assert "questions" not in git(base, "status", "--porcelain")


def test_a_save_taken_up_by_another_process_has_its_outcome(base: Path) -> None:
    """One kbtui keeps a record; before it gets the lock, another one has done it."""
    journal = journal_of(base)
    kept = record(NEW, NEW_WORDS, save_id="one")
    journal.keep(kept)
    first = saver_of(base)
    assert first.drain()["one"].is_committed
    late = saver_of(base)
    late._journal.keep = lambda record: None  # type: ignore[method-assign] # it had been kept before the other came
    assert late.save(kept).is_committed
    assert save_ids(base) == ["one"]


def test_only_one_kbtui_saves_at_a_time(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS 7: a save waits for the lock; after a minute its words are safe, and it says so."""
    lock = BaseLock(parts_of(base).repository.own_folder / "lock")
    outcome: list[object] = []
    with lock:
        waiting = threading.Thread(target=lambda: outcome.append(save(base, NEW, NEW_WORDS)))
        waiting.start()
        waiting.join(1.0)  # long enough for a save that does not wait
        assert outcome == []
        assert in_head(base, NEW) is None
    waiting.join()
    assert in_head(base, NEW) == NEW_WORDS
    monkeypatch.setattr(saver_module.BaseLock.__init__, "__defaults__", (0.2,))
    with lock, pytest.raises(BusyError, match="Saved on this computer"):
        save(base, REFUND, b"# Other words\n", save_id="two")
    assert [each.save_id for each in journal_of(base).pending()] == ["two"]
    assert saver_of(base).drain()["two"].is_committed


def test_a_process_that_dies_does_not_keep_the_lock(base: Path) -> None:
    code = """
import os, sys
from pathlib import Path
from kbtui.git.saver import BaseLock
BaseLock(Path(sys.argv[1])).__enter__()
os.kill(os.getpid(), 9)
"""
    lock = parts_of(base).repository.own_folder / "lock"
    assert run_python("-c", code, str(lock)).returncode == -9
    assert save(base, NEW, NEW_WORDS).is_committed
