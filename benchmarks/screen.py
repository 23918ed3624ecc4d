"""How quickly the open screen answers: from a key that is pressed to the rows that are painted.

The real program in a real pseudo-terminal of 120 by 40 (`benchmarks.pty`): keys are bytes
written to it, and an answer counts from the moment at which the terminal has got the count
and the first rows that the library finds for the words typed. A key after which both are as
they were before cannot be told by its painting and is left out. A stall is the longest time
from a key to its letter on the query line. Beside it, turn by turn, the first picture of a
bare Textual program with the same four kinds of widgets.

    python -m benchmarks.screen --data ../shared/data --sizes 1000,10000
    python -m benchmarks.screen --data ../shared/data --sizes 100000 --keep FOLDER

With `--keep` the bases are made once, in FOLDER/SIZE, and used again.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import corpus
from benchmarks.pty import Watched, shows
from benchmarks.startup import BARE
from kbtui.knowledge import Knowledge, SearchResult, Wanted
from kbtui.open import open_base

_SLOW, _FAST = 0.15, 0.04
"""Seconds between two keys: somebody who listens and types, and somebody who types as fast as one can."""

_LATE = 50.0
"""Milliseconds after which somebody notices that a letter was not there at once."""

_READY = 4.0
"""Seconds for what is made ready in the background."""

_ROWS, _BEGINNING = 10, 40
"""Rows that are looked at, and how much of each question."""

_LONGEST = 90
"""Characters of a query: longer ones leave the query line on the left."""

_PICTURE = "hat does the"
_REBUILDING = "Preparing search"

Picture = Callable[[list[str]], bool]


@dataclass(frozen=True)
class Figures:
    """One size; all times in milliseconds.

    Attributes:
        picture: from the start of the program to its first picture; `bare` the same of the bare program.
        first_search: from the start of the program to the first rows that answer a query typed at once.
        keys: how many keys the next three are of.
        p50: from a key to its painted rows, at a listener's speed; p95 and p99 alike.
        fast_p95: the same for the last key of words typed as fast as one can.
        letters: how many keys the next two are of.
        stall: the longest from a key to its letter; and `late`, how many letters took longer than 50.
        letters_reindex: as these three, while the program has its index built anew; so `stall_` and `late_reindex`.
        memory: resident MiB of the program after all of it, before the rebuild.
    """

    entries: int
    picture: float
    bare: float
    first_search: float
    keys: int
    p50: float
    p95: float
    p99: float
    fast_p95: float
    letters: int
    stall: float
    late: int
    letters_reindex: int
    stall_reindex: float
    late_reindex: int
    memory: float


def main() -> None:
    options = _options()
    queries = [each.text for kind in corpus.queries(options.data, options.queries).values() for each in kind]
    results = []
    for size in options.sizes:
        with _base(options, size) as (base, environment):
            results.append(
                _measured(size, base, environment, [each for each in queries if len(each) < _LONGEST], options)
            )
        print(json.dumps(asdict(results[-1])), flush=True)
    if options.json:
        options.json.write_text(json.dumps([asdict(each) for each in results], indent=2) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder in which scale/generate.py is")
    parser.add_argument("--sizes", type=lambda text: [*map(int, text.split(","))], default=[1_000, 10_000])
    parser.add_argument("--queries", type=int, default=4, help="queries of each kind")
    parser.add_argument("--starts", type=int, default=7, help="first pictures of each program")
    parser.add_argument("--keep", type=Path, help="make the bases here, or use those that are here")
    parser.add_argument("--only-typing", action="store_true", help="leave out the first pictures and the rebuild")
    parser.add_argument(
        "--watch", type=Path, help="write what keeps the screen waiting to this file (benchmarks.watched)"
    )
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    return parser.parse_args()


@contextmanager
def _base(options: argparse.Namespace, size: int) -> Iterator[tuple[Path, dict[str, str]]]:
    """Provide a base of so many entries, indexed, and the environment it is opened in."""
    with tempfile.TemporaryDirectory(prefix="kbtui-benchmark-") as temporary:
        folder = options.keep / str(size) if options.keep else Path(temporary)
        environment = os.environ | {"KBTUI_HOME": f"{folder}/home", "KBTUI_PERSON": "Bench <bench@example.com>"}
        environment |= {"KBTUI_MEANING": "off", "TERM": "xterm-256color", "NO_COLOR": "", "PYTHONDONTWRITEBYTECODE": ""}
        if not (folder / "done").exists():
            corpus.write_base(options.data, size, folder / "base")
            command = [sys.executable, "-m", "kbtui", "--kb", str(folder / "base"), "reindex"]
            subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            (folder / "done").touch()
        yield folder / "base", environment


def _measured(
    size: int, base: Path, environment: dict[str, str], queries: Sequence[str], options: argparse.Namespace
) -> Figures:
    command = [sys.executable, "-m", *_program(options), "--kb", str(base)]
    knowledge = open_base(base, environment)
    pictures, bares, firsts = [], [], []
    for _ in range(1 if options.only_typing else options.starts):
        bares.append(_first_picture([sys.executable, "-c", BARE], "IRST PICTURE", environment))
        pictures.append(_first_picture(command, _PICTURE, environment))
        firsts.append(_first_search(command, environment, knowledge, queries[0]))
    with _opened(command, environment) as program:
        program.wait_for(shows(f" {size} entries"), 120)
        program.listen(time.perf_counter() + _READY)
        typist = _Typist(program, knowledge)
        slow = [each for query in queries for each in typist.listening(query)]
        fast = [each for query in queries for each in typist.hurrying(query)]
        memory, echoes = program.memory, typist.echoes
    again = [0.0] if options.only_typing else _while_rebuilding(base, command, environment, queries)
    knowledge.close()
    cut = statistics.quantiles(slow, n=100)
    hurried = sorted(fast)[int(len(fast) * 0.95)]
    picture, bare, first = (statistics.median(each) * 1_000 for each in (pictures, bares, firsts))
    keys = len(slow), cut[49], cut[94], cut[98], hurried
    return Figures(size, picture, bare, first, *keys, *_stalls(echoes), *_stalls(again), memory)


def _stalls(echoes: Sequence[float]) -> tuple[int, float, int]:
    return len(echoes), max(echoes), sum(each > _LATE for each in echoes)


def _program(options: argparse.Namespace) -> list[str]:
    return ["benchmarks.watched", str(options.watch.absolute())] if options.watch else ["kbtui"]


@contextmanager
def _opened(command: Sequence[str], environment: dict[str, str]) -> Iterator[Watched]:
    program = Watched(command, environment)
    try:
        yield program
    finally:
        program.close()


def _first_picture(command: Sequence[str], marker: str, environment: dict[str, str]) -> float:
    with _opened(command, environment) as program:
        return program.wait_for(shows(marker)) - program.started


def _first_search(command: Sequence[str], environment: dict[str, str], knowledge: Knowledge, query: str) -> float:
    """Return the seconds from the start to the answer to words that are typed once there is a line for them."""
    with _opened(command, environment) as program:
        program.wait_for(shows(_PICTURE))
        program.press(query)
        rows = _rows(_found(knowledge, query))
        return program.wait_for(lambda lines: _are_listed(rows, lines)) - program.started


def _while_rebuilding(
    base: Path, command: Sequence[str], environment: dict[str, str], queries: Sequence[str]
) -> list[float]:
    """Return the times from keys to their letters while every file, since it has another time, is indexed anew."""
    files = [path for path in base.rglob("*.md") if path.is_file()]
    with _touched(base, files), _opened(command, environment) as program:
        program.wait_for(shows(_REBUILDING) if len(files) > _REBUILT_AT_ONCE else shows(_PICTURE))
        typist = _Typist(program, None)
        for query in queries:
            typist.listening(query)
    return typist.echoes


@contextmanager
def _touched(base: Path, files: Sequence[Path]) -> Iterator[None]:
    """Give the files another time, and put that and the index back afterwards."""
    index, copy = base / ".git" / "kbtui", base.parent / "index-before"
    stats = [path.stat() for path in files]
    shutil.copytree(index, copy)
    for path in files:
        path.touch()
    try:
        yield
    finally:
        for path, stat in zip(files, stats, strict=True):
            os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        shutil.rmtree(index)
        copy.rename(index)


_REBUILT_AT_ONCE = 2_000
"""Changed files up to which single updates are made, which say nothing of how far they are."""


def _answer(knowledge: Knowledge, typed: str) -> tuple[object, Picture]:
    """Return what stands on the screen for words typed, as something to compare and as what recognises it."""
    result = _found(knowledge, typed)
    if not result.hits:
        return typed.strip(), shows(f"“{typed.strip()}”")
    rows = _rows(result)
    count = re.compile(rf" {len(result.hits)} of {result.total}[ ,]")

    def is_there(lines: list[str]) -> bool:
        return bool(count.search(lines[-2])) and _are_listed(rows, lines)

    return (count.pattern, rows), is_there


def _found(knowledge: Knowledge, typed: str) -> SearchResult:
    """Search as the screen does."""
    result = knowledge.search(typed.strip(), Wanted(limit=50, snippets=0))
    assert result is not None
    return result


def _rows(result: SearchResult) -> list[str]:
    return [hit.card.question[:_BEGINNING].rstrip() for hit in result.hits[:_ROWS]]


def _are_listed(rows: Sequence[str], lines: Sequence[str]) -> bool:
    return all(row in line for row, line in zip(rows, lines[3::2], strict=False))


class _Typist:
    """Types queries key by key, and takes the times. All times are milliseconds.

    Args:
        program: the open program.
        knowledge: knows what each answer is; without it only the letters' times are taken.

    Attributes:
        echoes: the time from each key to its letter.
    """

    def __init__(self, program: Watched, knowledge: Knowledge | None) -> None:
        self._program = program
        self._knowledge = knowledge
        self.echoes: list[float] = []

    def listening(self, text: str) -> list[float]:
        """Type at a listener's speed; return the time from each key to its painted rows."""
        self._empty()
        times: list[float] = []
        before: object = None
        for end in range(1, len(text) + 1):
            answer, picture = self._answer(text[:end])
            began = self._program.press(text[end - 1])
            self._program.listen(began + _SLOW)
            painted, echoed = self._program.draw(picture, _echo(text[:end]))
            self._stalled(echoed, began, text[:end])
            if answer != before:
                times.append(((painted or self._program.wait_for(picture)) - began) * 1_000)
            before = answer
        return times

    def hurrying(self, text: str) -> list[float]:
        """Type as fast as one can; return the time from the last key to its painted rows, if they can be told."""
        self._empty()
        answer, picture = self._answer(text)
        before, _ = self._answer(text[:-1])
        pressed = []
        for letter in text:
            pressed.append(self._program.press(letter))
            self._program.listen(pressed[-1] + _FAST)
        self._program.listen(pressed[-1] + _SLOW)
        painted, *echoes = self._program.draw(picture, *(_echo(text[:end]) for end in range(1, len(text) + 1)))
        for end, (began, echoed) in enumerate(zip(pressed, echoes, strict=True), 1):
            self._stalled(echoed, began, text[:end])
        if answer == before:
            return []
        return [((painted or self._program.wait_for(picture)) - pressed[-1]) * 1_000]

    def _answer(self, typed: str) -> tuple[object, Picture]:
        return _answer(self._knowledge, typed) if self._knowledge is not None else (None, lambda _: False)

    def _stalled(self, echoed: float | None, began: float, typed: str) -> None:
        at = echoed or self._program.wait_for(_echo(typed))
        self.echoes.append((at - began) * 1_000)

    def _empty(self) -> None:
        self._program.press("\x1b")
        self._program.wait_for(shows(_PICTURE))
        self._program.listen(time.perf_counter() + 2 * _SLOW)


def _echo(typed: str) -> Picture:
    return lambda lines: typed.rstrip() in lines[1]


if __name__ == "__main__":
    main()
