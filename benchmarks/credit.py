"""How long credit takes over a long history, beside what git itself takes to read it.

A history is made with `git fast-import`: some entries, and commits that ask, answer, improve,
confirm and now and then move one, by some people, as kbtui writes them; one commit in fifty is
a merge of a side branch, as sync makes them. Then, each in a process of its own:

- *first count*: `Ledger.bring_up` where there is no ledger;
- *increments*: `bring_up` after 1, 10 and 1,000 more commits in a row, and after a merge;
- *rewritten*: after the last ten commits were rewritten, as a rebase does;
- *all credits*: what `kbtui credit` works out, from a ledger that is up to date.

Beside them, in turn in the same run: `git log` with the very arguments the ledger reads with
and nobody to read it, `git log --name-status -M` and `git shortlog -se`, which counts authors
and knows no entries.

    python -m benchmarks.credit                     # 100,000 commits over 2,000 entries
    python -m benchmarks.credit --commits 10000 --json credit.json
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from kbtui.git import log
from kbtui.git.ledger import Ledger
from kbtui.git.repository import Repository
from kbtui.git.runner import GitRunner
from kbtui.team.credit import Step, credit_of

_PEOPLE = 60
_MEGABYTE = 1_000_000


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        _one(sys.argv[2], Path(sys.argv[3]))
        return
    options = _options()
    with tempfile.TemporaryDirectory(prefix="kbtui-benchmark-") as folder:
        root = Path(folder)
        started = time.perf_counter()
        writer = _Writer(root, options.entries)
        writer.write(options.commits)
        print(f"made {options.commits:,} commits in {time.perf_counter() - started:.1f} s", file=sys.stderr)
        rows = _measured(root, writer, options.runs)
    _print(rows, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--commits", type=int, default=100_000)
    parser.add_argument("--entries", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=3, help="of everything but the increments of 1,000")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    return parser.parse_args()


class _Writer:
    """Writes a history, always the same one.

    Args:
        root: an empty folder.
        entries: how many.
    """

    def __init__(self, root: Path, entries: int) -> None:
        self._root = root
        self._random = Random(7)
        self._paths = [f"topic-{n % 40}/entry-{n}.md" for n in range(entries)]
        self._saves = 0
        _git(root, "init", "-q", "-b", "main")

    def write(self, commits: int, *, merges: bool = True) -> None:
        """Put commits after those that are there."""
        tip = _git(self._root, "rev-parse", "--verify", "--quiet", "HEAD", check=False).strip()
        stream = "".join(self._stream(commits, tip, merges=merges))
        _git(self._root, "fast-import", "--quiet", "--force", given=stream.encode())

    def merge(self) -> None:
        """Commit beside the tip and merge that, as a sync does."""
        tip = _git(self._root, "rev-parse", "HEAD").strip()
        stream = "".join(self._side(tip))
        _git(self._root, "fast-import", "--quiet", "--force", given=stream.encode())

    def rewrite(self, commits: int) -> None:
        """Put as many other commits in the place of the last ones."""
        _git(self._root, "update-ref", "refs/heads/main", f"HEAD~{commits}")
        self.write(commits, merges=False)

    def _stream(self, commits: int, tip: str, *, merges: bool) -> Iterator[str]:
        parent = tip
        for number in range(commits):
            if merges and number % 50 == 49:
                yield from self._side(parent)
                parent = ""
                continue
            yield self._commit("main", parent)
            parent = ""

    def _side(self, tip: str) -> Iterator[str]:
        """Yield a commit on a branch that begins at `tip`, or where the stream is, and its merge."""
        yield f"reset refs/heads/side\nfrom {tip or 'refs/heads/main'}\n\n"
        path, commit = self._edit("side")
        yield commit
        start = f"from {tip}\n" if tip else ""
        yield f"commit refs/heads/main\ncommitter {self._who()}\n{_data('Merge')}{start}merge refs/heads/side\n"
        yield f"M 100644 inline {path}\n{_data(self._text)}\n"

    def _commit(self, branch: str, parent: str) -> str:
        if self._saves >= len(self._paths) and self._random.random() < 0.005:
            return self._move(branch, parent)
        return self._edit(branch, parent)[1]

    def _edit(self, branch: str, parent: str = "") -> tuple[str, str]:
        place = self._saves if self._saves < len(self._paths) else self._random.randrange(len(self._paths))
        action = "ask" if self._saves < len(self._paths) else self._random.choice(("answer", "edit", "edit", "confirm"))
        path = self._paths[place]
        self._text = (
            f"---\nid: entry{place}\n---\n# Question {place}?\n\nAnswer {self._random.random()}.\n" + "Words. " * 9
        )
        return path, f"{self._head(branch, action, parent)}M 100644 inline {path}\n{_data(self._text)}\n"

    def _move(self, branch: str, parent: str) -> str:
        place = self._random.randrange(len(self._paths))
        before, self._paths[place] = self._paths[place], f"moved-{self._saves % 40}/entry-{place}.md"
        return f"{self._head(branch, 'edit', parent)}R {before} {self._paths[place]}\n"

    def _head(self, branch: str, action: str, parent: str) -> str:
        self._saves += 1
        message = f"Improve an entry\n\nKb-Action: {action}\nKb-Entry: e{self._saves}\nKb-Save-Id: s{self._saves}\n"
        start = f"from {parent}\n" if parent else ""
        return f"commit refs/heads/{branch}\ncommitter {self._who()}\n{_data(message)}{start}"

    def _who(self) -> str:
        number = self._random.randrange(_PEOPLE)
        return f"Person {number} <person{number}@example.com> {1_700_000_000 + self._saves * 60} +0000"


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}\n"


def _git(root: Path, *arguments: str, given: bytes = b"", check: bool = True) -> str:
    command = ["git", *arguments]
    return subprocess.run(command, cwd=root, input=given, stdout=subprocess.PIPE, check=check).stdout.decode()


# What is measured


Row = dict[str, float | str]


def _measured(root: Path, writer: _Writer, runs: int) -> list[Row]:
    rows = [*_first(root, runs)]
    for words, change in (
        ("1 more commit", lambda: writer.write(1, merges=False)),
        ("10 more commits", lambda: writer.write(10, merges=False)),
        ("1,000 more commits", lambda: writer.write(1_000, merges=False)),
        ("a merge of 1 commit", writer.merge),
        ("the last 10 rewritten", lambda: writer.rewrite(10)),
    ):
        rows.append(_after(root, words, change, runs))
    rows.append(_row("nothing new", [_measure("bring_up", root) for _ in range(runs)]))
    rows.append(_row("all credits, up to date", [_measure("credits", root) for _ in range(runs)]))
    return rows


def _first(root: Path, runs: int) -> Iterator[Row]:
    """Measure the first count and git's own readings in turn."""
    reading = [word for pair in log.SETTINGS for word in ("-c", pair)]
    commands: dict[str, list[str]] = {
        "git log, as the ledger reads it": ["git", *reading, "log", *log.OPTIONS, *log.IN_ORDER, *log.MOVES, "HEAD"],
        "git log --name-status -M": ["git", "log", "--name-status", "-M", "HEAD"],
        "git shortlog -se": ["git", "shortlog", "-se", "HEAD"],
    }
    found: dict[str, list[dict[str, float]]] = {name: [] for name in ("first count", *commands)}
    for turn in range(runs + 1):
        for name, command in commands.items():
            took = _timed_git(root, command)
            if turn:
                found[name].append({"seconds": took})
        if turn:
            _ledger_file(root).unlink(missing_ok=True)
            found["first count"].append(_measure("bring_up", root))
    yield from (_row(name, values) for name, values in found.items())


def _after(root: Path, words: str, change: Callable[[], None], runs: int) -> Row:
    values = []
    for _ in range(runs):
        change()
        values.append(_measure("bring_up", root))
    return _row(words, values)


def _row(name: str, values: list[dict[str, float]]) -> Row:
    row: Row = {"what": name, "seconds": statistics.median(value["seconds"] for value in values)}
    for key in ("read", "peak", "disk"):
        if key in values[-1]:
            row[key] = values[-1][key]
    return row


def _timed_git(root: Path, command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=root, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def _measure(what: str, root: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.credit", "--one", what, str(root)]
    values: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return values


def _one(what: str, root: Path) -> None:
    """Measure one thing in this process and print the figures: seconds, commits read, bytes of memory and disk."""
    repository = Repository(root, GitRunner(root, os.environ))
    ledger = Ledger(_ledger_file(root), repository)
    _ = repository.own_folder
    paths = [path for path in _git(root, "ls-tree", "-r", "--name-only", "HEAD").split("\n") if path]
    started = time.perf_counter()
    read = ledger.bring_up() if what == "bring_up" else _credits(ledger, paths)
    seconds = time.perf_counter() - started
    disk = _ledger_file(root).stat().st_size
    print(json.dumps({"seconds": seconds, "read": read, "peak": _peak(), "disk": disk}))


def _peak() -> int:
    """Return the most bytes this process ever had in memory; 0 where the system does not tell (Linux does)."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


def _credits(ledger: Ledger, paths: list[str]) -> int:
    histories = ledger.histories(paths)
    for commits in histories.values():
        credit_of([Step(c.person, c.at, c.action, c.co_authors, c.reviewers) for c in commits])
    return sum(map(len, histories.values()))


def _ledger_file(root: Path) -> Path:
    return root / ".git" / "kbtui" / "credit-benchmark.sqlite"


def _print(rows: list[Row], options: argparse.Namespace) -> None:
    git = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    about = f"{options.commits:,} commits, {options.entries:,} entries, Python {platform.python_version()}, {git}"
    print(f"{about}; medians of {options.runs}\n\n| what | seconds | commits read | memory, MB |\n|---|---|---|---|")
    for row in rows:
        read = f"{row['read']:,.0f}" if "read" in row else "–"
        peak = f"{float(row['peak']) / _MEGABYTE:.0f}" if "peak" in row else "–"
        print(f"| {row['what']} | {row['seconds']:.3f} | {read} | {peak} |")
    if options.json:
        options.json.write_text(json.dumps({"about": about, "runs": options.runs, "rows": rows}, indent=2) + "\n")


if __name__ == "__main__":
    main()
