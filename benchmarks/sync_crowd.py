"""Many who save at once and share with one remote: processes of kbtui, or of a script with plain git.

`python -m benchmarks.sync_crowd WAY ROLE NUMBER TOP SECONDS EVERY` is one of them. It says when it
is ready, waits for the time to start, prints a JSON line for each thing that happens, and when it
is through waits for its last turn.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any, Protocol

from benchmarks.figures import Figures, figures

_CONTESTED = 0.2
_MARK = re.compile(r"mark[0-9]+x[0-9]+x")
_BREATH = 0.2
"""Seconds that the watcher waits between two looks."""

_LINGER = 3.0
"""Seconds for which the watcher looks on after the last save."""

_ENTRIES = 5

Told = dict[str, Any]
"""What a process tells: `what`, and with it `mark` and `at`, or what came of a share."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """What came of a crowd.

    Attributes:
        way: "kbtui" or "plain".
        saves: how many were acknowledged while it lasted.
        shared: those that had reached the remote's branch before the last turn.
        lost: those of which the remote's branch has no line after it.
        stops: how often a pull stopped at a conflict; for kbtui, how often a lead would have had to look.
        until_shared: from a save to the end of the share that brought it to the remote.
        until_visible: from a save to the watcher's folder.
        rejections: pushes for which somebody else was faster.
        merges: on the remote's branch.
        last_turn: seconds for everybody's last turn, one after the other.
    """

    way: str
    reps: int
    saves: int
    shared: int
    lost: int
    stops: int
    until_shared: Figures | None
    until_visible: Figures | None
    rejections: int
    merges: int
    last_turn: float

    def as_json(self) -> dict[str, object]:
        """Return everything; milliseconds where nothing else is said."""
        return asdict(self)


class Worker(Protocol):
    """One clone and a way to save and share."""

    def save(self, mark: str, path: str) -> None:
        """Save a new entry with this mark, or add it to the entry at `path`."""

    def share(self) -> dict[str, int]:
        """Share; return how often a push was rejected, whether it stopped, and whether the remote has everything."""


class KbtuiWorker:
    """kbtui, open all the time, as a screen has it.

    Args:
        root: the clone.
    """

    def __init__(self, root: Path) -> None:
        from kbtui.knowledge import Knowledge
        from kbtui.open import OpenBase
        from kbtui.paths import places

        parts = OpenBase(root, os.environ, places(os.environ))
        self._log = parts.state / "git.log"
        self._read_to = 0
        self._knowledge = Knowledge(parts)
        self._knowledge.refresh()

    def save(self, mark: str, path: str) -> None:
        from kbtui.entry.model import EntryChange, NewEntry

        if not path:
            self._knowledge.new(NewEntry(f"What of {mark}?", answer=f"It is {mark}."))
            return
        entry, opened = self._knowledge.opened(path)
        internal = f"{entry.internal}\n\nSeen {mark}."
        self._knowledge.change(path, EntryChange(internal=internal), opened)

    def share(self) -> dict[str, int]:
        shared = self._knowledge.sync()
        rejected = sum(call["git"][0] == "push" and call["status"] != 0 for call in self._calls())
        return {"rejected": rejected, "stopped": shared.outcome == "lead", "done": shared.outcome == "shared"}

    def _calls(self) -> Iterator[dict[str, Any]]:
        """Yield the calls of git since the last look."""
        data = self._log.read_bytes()
        new, self._read_to = data[self._read_to if self._read_to <= len(data) else 0 :], len(data)
        for line in new.splitlines():
            with suppress(ValueError):
                yield json.loads(line)


class PlainWorker:
    """A script: commit, `git pull --rebase && git push`.

    Args:
        root: the clone.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def save(self, mark: str, path: str) -> None:
        file = self._root / (path or f"questions/what-of-{mark}.md")
        file.parent.mkdir(exist_ok=True)
        with file.open("a", encoding="utf-8") as entry:
            entry.write(f"\nSeen {mark}.\n" if path else f"---\nid: {mark}\n---\n# What of {mark}?\n\nIt is {mark}.\n")
        self._git("add", "-A")
        self._git("commit", "-q", "-m", "Save")

    def share(self) -> dict[str, int]:
        if not self._git("pull", "-q", "--rebase"):
            self._git("rebase", "--abort")
            return {"rejected": 0, "stopped": 1, "done": 0}
        pushed = self._git("push", "-q")
        return {"rejected": not pushed, "stopped": 0, "done": pushed}

    def _git(self, *arguments: str) -> bool:
        command = ["git", "-c", "gc.auto=0", *arguments]
        return subprocess.run(command, cwd=self._root, capture_output=True, check=False).returncode == 0


_WAYS: dict[str, Callable[[Path], Worker]] = {"kbtui": KbtuiWorker, "plain": PlainWorker}


def crowd(top: Path, way: str, reps: int, seconds: float, every: float) -> Crowd:
    """Let a crowd save for some seconds; return what came of it."""
    remote = _prepared(top, reps)
    roles = [("watcher", reps), *(("rep", number) for number in range(reps))]
    processes = [_started(way, role, number, top, seconds, every) for role, number in roles]
    for process in processes:
        _told(process, "ready")
    start = time.time() + 1.0
    for process in processes:
        _bid(process, start)
    told = [each for process in processes for each in _told(process, "ended")]
    before = _marks(remote)
    began = time.perf_counter()
    for process in processes:  # the last turn, one after the other
        _bid(process, 0.0)
        process.communicate()
    return _summed(way, reps, told, before, remote, time.perf_counter() - began)


def _told(process: subprocess.Popen[str], until: str) -> list[Told]:
    """Return what a process tells until it tells a certain thing."""
    assert process.stdout is not None
    lines = takewhile(lambda told: told["what"] != until, map(json.loads, process.stdout))
    return list(lines)


def _bid(process: subprocess.Popen[str], start: float) -> None:
    """Have a process go on at a time."""
    assert process.stdin is not None
    process.stdin.write(f"{start}\n")
    process.stdin.flush()


def _summed(way: str, reps: int, told: list[Told], before: set[str], remote: Path, last_turn: float) -> Crowd:
    saved = {str(each["mark"]): float(each["at"]) for each in told if each["what"] == "saved"}
    shared = {str(each["mark"]): float(each["at"]) for each in told if each["what"] == "shared"}
    seen = {str(each["mark"]): float(each["at"]) for each in told if each["what"] == "seen"}
    until_shared = [shared[mark] - at for mark, at in saved.items() if mark in shared]
    until_visible = [max(seen[mark] - at, 0.0) for mark, at in saved.items() if mark in seen]
    return Crowd(
        way=way,
        reps=reps,
        saves=len(saved),
        shared=len(saved.keys() & before),
        lost=len(saved.keys() - _marks(remote)),
        stops=sum(int(each.get("stopped", 0)) for each in told),
        until_shared=figures(until_shared) if until_shared else None,
        until_visible=figures(until_visible) if until_visible else None,
        rejections=sum(int(each.get("rejected", 0)) for each in told),
        merges=int(_git(remote, "rev-list", "--count", "--merges", "main")),
        last_turn=last_turn,
    )


def _prepared(top: Path, reps: int) -> Path:
    """Make a remote with a few entries that everybody changes, and the clones; return the remote."""
    base, remote = top / "base", top / "remote.git"
    base.mkdir(parents=True)
    (base / "kb.toml").write_text('name = "Benchmark"\n')
    for number in range(_ENTRIES):
        text = (
            f"---\nid: shared2{number}\n---\n# What does everybody change, {number}?\n\nThis.\n\n## Internal\n\nHere.\n"
        )
        (base / f"shared-shared2{number}.md").write_text(text)
    _git(base, "init", "-q", "-b", "main")
    _git(base, "add", "-A")
    _git(base, "commit", "-q", "-m", "Begin")
    _git(top, "clone", "-q", "--bare", str(base), str(remote))
    for number in range(reps + 1):
        _git(top, "clone", "-q", str(remote), f"rep{number}")
    shutil.rmtree(base)
    return remote


def _started(way: str, role: str, number: int, top: Path, seconds: float, every: float) -> subprocess.Popen[str]:
    words = (way, role, str(number), str(top), str(seconds), str(every))
    command = [sys.executable, "-m", "benchmarks.sync_crowd", *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=os.environ | _user(top, number), stdin=pipe, stdout=pipe, text=True)


def _user(top: Path, number: int) -> dict[str, str]:
    name, address = f"Rep {number}", f"rep{number}@example.com"
    variables = {"KBTUI_HOME": str(top / f"home{number}"), "KBTUI_PERSON": f"{name} <{address}>"}
    return variables | {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", name), ("EMAIL", address))
    }


def _marks(remote: Path) -> set[str]:
    """Return the marks that stand anywhere on the remote's branch."""
    return set(_MARK.findall(_git(remote, "grep", "-h", "mark", "main")))


def _git(folder: Path, *arguments: str) -> str:
    variables = os.environ | _user(folder, 0)
    ended = subprocess.run(["git", *arguments], cwd=folder, env=variables, check=True, capture_output=True, text=True)
    return ended.stdout.strip()


# One process of the crowd


def _tell(what: str, **values: object) -> None:
    print(json.dumps({"what": what, **values}), flush=True)


def _work(worker: Worker, number: int, end: float, every: float) -> None:
    """Save and share until the end."""
    dice = random.Random(number)
    count = 0
    waiting: list[str] = []
    time.sleep(dice.random() * every)
    while time.time() < end:
        began = time.time()
        mark = f"mark{number}x{count}x"
        path = f"shared-shared2{dice.randrange(_ENTRIES)}.md" if dice.random() < _CONTESTED else ""
        worker.save(mark, path)
        _tell("saved", mark=mark, at=time.time())
        waiting.append(mark)
        count += 1
        came = worker.share()
        _tell("came", **came)
        if came["done"]:
            for each in waiting:
                _tell("shared", mark=each, at=time.time())
            waiting.clear()
        time.sleep(max(0.0, every * (0.5 + dice.random()) - (time.time() - began)))


def _watch(worker: Worker, root: Path, end: float) -> None:
    """Share over and over, and tell when a mark is in the folder."""
    known: set[str] = set()
    stamps: dict[Path, int] = {}
    while time.time() < end:
        worker.share()
        now = time.time()
        for path in root.rglob("*.md"):
            if stamps.get(path) != (written := path.stat().st_mtime_ns):
                stamps[path] = written
                for mark in set(_MARK.findall(path.read_text("utf-8"))) - known:
                    known.add(mark)
                    _tell("seen", mark=mark, at=now)
        time.sleep(_BREATH)


def main() -> None:
    way, role, number, top, seconds, every = sys.argv[1:]
    root = Path(top) / f"rep{number}"
    worker = _WAYS[way](root)
    _tell("ready")
    start = float(sys.stdin.readline())
    time.sleep(max(0.0, start - time.time()))
    if role == "watcher":
        _watch(worker, root, start + float(seconds) + _LINGER)
    else:
        _work(worker, int(number), start + float(seconds), float(every))
    _tell("ended")
    sys.stdin.readline()
    worker.share()


if __name__ == "__main__":
    main()
