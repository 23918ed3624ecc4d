"""A save killed at every step and restarted: nothing lost, nothing doubled, nothing left lying about."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from kbtui.entry.file_format import change, read
from kbtui.entry.model import EntryChange
from tests.git.saves import NEW, NEW_WORDS, is_in_peace, save, saver_of
from tests.git.saving_child import EXITED
from tests.helpers import (
    BEN,
    REFUND,
    found,
    git,
    in_head,
    journal_of,
    leftovers,
    opened,
    run_git,
    run_python,
    save_ids,
    status,
    write_files,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kill -9 is a matter of POSIX")

STEPS = ("journalled", "written", "added", "committed", "finished")
ENDS = {"exit": EXITED, "kill": -9}


class Scene:
    """One kind of save: what is there before it, what is saved, and what must be there in the end."""

    def __init__(self, base: Path, kind: str) -> None:
        self.base = base
        self.path, self.opened, self.content = NEW, None, NEW_WORDS.decode()
        self.kind = kind
        if kind != "new":
            there = (base / REFUND).read_bytes()
            self.path, self.opened = REFUND, there.decode()
            self.content = change(there, EntryChange(answer="Ten days.", tags=("refunds", "ten"))).decode()
            bens = EntryChange(answer="Three days.") if kind == "contested" else EntryChange(owner="Ben Okoro")
            save(base, REFUND, change(there, bens), there, person=BEN, save_id="bens")

    def run(self, **how: str | int) -> int:
        """Save in a process of its own; return how that ended."""
        wanted = {"path": self.path, "content": self.content, "base": self.opened, "save_id": "anas"}
        ended = run_python("-m", "tests.git.saving_child", str(self.base), json.dumps(wanted | how))
        assert "Traceback" not in ended.stderr, ended.stderr
        return ended.returncode

    def is_acknowledged(self) -> bool:
        """Whether the words are safe: in the journal, or done with."""
        return bool(journal_of(self.base).pending()) or "anas" in save_ids(self.base)

    def is_whole(self) -> bool:
        """Whether every line that was saved is in the history, and the save is counted once."""
        head = read(self.path, in_head(self.base, self.path) or b"")
        if self.kind == "new":
            assert in_head(self.base, NEW) == NEW_WORDS
        elif self.kind == "merged":
            assert (head.answer, head.tags, head.owner) == ("Ten days.", ("refunds", "ten"), "Ben Okoro")
        else:
            (variant,) = (self.base / "refunds").glob("*.variant.md")
            assert in_head(self.base, f"refunds/{variant.name}") == self.content.encode()
            assert (head.answer, head.tags) == ("Three days.", ("refunds", "ten"))
        assert save_ids(self.base).count("anas") == 1
        assert is_in_peace(self.base)
        return True


@pytest.mark.parametrize("by", ENDS)
@pytest.mark.parametrize(
    ("kind", "step"),
    [*((kind, step) for kind in ("new", "merged", "contested") for step in STEPS), ("contested", "variant written")],
)
def test_killed_at_a_step(base: Path, kind: str, step: str, by: str) -> None:
    """FAULTS 2: https://git-scm.com/docs/git-config#Documentation/git-config.txt-corefsync."""
    scene = Scene(base, kind)
    assert scene.run(step=step, by=by) == ENDS[by], "the save never came to that step"
    assert scene.is_acknowledged()
    done = saver_of(base).drain()
    assert all(saved.is_committed for saved in done.values())
    assert scene.is_whole()


@pytest.mark.parametrize("step", ["journalled", "written", "made", "committed"])
def test_killed_on_the_way_past_a_held_index(base: Path, step: str) -> None:
    """FAULTS 9, 12: the index is repaired by whoever comes next; https://github.com/Nick-Lucas/giterm/issues/37."""
    scene = Scene(base, "merged")
    lock = base / ".git" / "index.lock"
    lock.touch()
    assert scene.run(step=step, by="kill") == -9, "the save never came to that step"
    lock.unlink()
    saver_of(base).drain()
    assert scene.is_whole()
    assert list((base / ".git" / "kbtui").glob("index-*.tmp")) == [], "a private index is left"
    write_files(base, {"plan.txt": "a plan\n"})
    git(base, "add", "plan.txt")
    git(base, "commit", "-qm", "a lead's")
    assert read(REFUND, in_head(base, REFUND) or b"").answer == "Ten days."


@pytest.mark.parametrize("call", [0, *range(4, 14, 3)])
def test_killed_on_the_way_to_a_ref_of_its_own(base: Path, call: int) -> None:
    """FAULTS 16, 19: https://github.com/dendronhq/dendron/issues/2280."""
    scene = Scene(base, "contested")
    git(base, "checkout", "-q", "--detach")
    assert scene.run(call=call, step="" if call else "pending", by="kill") == -9
    git(base, "checkout", "-q", "main")
    saver_of(base).drain()
    assert scene.is_whole()
    assert git(base, "for-each-ref", "refs/kbtui") == ""
    assert list((base / ".git" / "kbtui").glob("index-*.tmp*")) == [], "a private index is left"


@pytest.mark.parametrize("call", range(1, 9))
def test_killed_after_a_call_of_git(base: Path, call: int) -> None:
    """The same, at whatever git was called for."""
    scene = Scene(base, "contested")
    ended = scene.run(call=call, by="kill")
    if call <= 5:
        assert ended == -9, "a save calls git at least so often"
    saver_of(base).drain()
    assert scene.is_whole()


@pytest.mark.parametrize("number", range(1, 9))
@pytest.mark.parametrize("kind", ["new", "contested"])
def test_killed_while_bytes_are_forced_to_the_disk(base: Path, kind: str, number: int) -> None:
    """FAULTS 4: no truncated entry remains; and what was half written is not left in the base for git to see."""
    scene = Scene(base, kind)
    ended = scene.run(fsync=number, by="kill")
    if ended == 0:
        pytest.skip("this save forces bytes to the disk less often")
    assert scene.is_acknowledged() == (number > 1)
    if number > 1:
        saver_of(base).drain()
        assert scene.is_whole()
    assert leftovers(base) == []
    assert status(base) == ""


def test_killed_again_and_again(base: Path) -> None:
    """Each process that takes up what the one before left is killed too, one step further."""
    saves = {}
    for number, step in enumerate(STEPS):
        path, save_id = f"questions/number-{number}.md", f"save{number}"
        content = f"---\nid: number{number}\n---\n# Question {number}?\n"
        wanted = {"path": path, "content": content, "save_id": save_id, "step": step, "by": "kill"}
        assert run_python("-m", "tests.git.saving_child", str(base), json.dumps(wanted)).returncode == -9
        saves[path] = content
    saver_of(base).drain()
    assert {path: (in_head(base, path) or b"").decode() for path in saves} == saves
    assert sorted(save_ids(base)) == [f"save{number}" for number in range(len(STEPS))]
    assert is_in_peace(base)


def test_killed_while_git_goes_on_committing(base: Path, tmp_path: Path) -> None:
    """Kbtui dies, its git does not: the next kbtui waits for it instead of saving everything twice."""
    scene = Scene(base, "merged")
    programs = tmp_path / "programs"
    programs.mkdir()
    real = shutil.which("git")
    script = f'for word; do test "$word" = commit && kill -9 $PPID; done; sleep 0.5; exec {real} "$@"'
    (programs / "git").write_text(f"#!/bin/sh\n{script}\n")
    (programs / "git").chmod(0o755)
    wanted = {"path": scene.path, "content": scene.content, "base": scene.opened, "save_id": "anas"}
    env = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    ended = run_python("-m", "tests.git.saving_child", str(base), json.dumps(wanted), env=env)
    assert ended.returncode == -9, ended.stderr
    saver_of(base).drain()
    saver_of(base).drain()
    assert scene.is_whole()


def test_what_a_lead_improves_before_the_restart_stands(base: Path) -> None:
    """Once the bytes are in the folder they are not brought there again, over what somebody made of them since."""
    scene = Scene(base, "merged")
    assert scene.run(step="written", by="kill") == -9
    better = (base / REFUND).read_bytes().replace(b"Ten days.", b"Ten working days.")
    write_files(base, {REFUND: better})
    saver_of(base).drain()
    assert in_head(base, REFUND) == better
    assert not list((base / "refunds").glob("*.variant.md"))
    assert is_in_peace(base)


def test_what_was_interrupted_is_found_after_the_next_start(base: Path) -> None:
    scene = Scene(base, "new")
    assert scene.run(step="journalled", by="kill") == -9
    with opened(base) as knowledge:
        assert NEW not in found(knowledge, "spare parts")
        assert knowledge.recover() == 1
        assert found(knowledge, "spare parts") == [NEW]
        assert knowledge.recover() == 0


def test_a_repository_is_sound_after_all_that(base: Path) -> None:
    """FAULTS 3, as far as it goes: nothing kbtui does leaves an object that git cannot read."""
    scene = Scene(base, "contested")
    for step in ("variant written", "added", "committed"):
        scene.run(step=step, by="kill")
    saver_of(base).drain()
    assert run_git(base, "fsck", "--strict").returncode == 0
    assert git(base, "stash", "list") == ""
