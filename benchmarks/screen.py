"""How quickly the open screen answers: from a key to the painted rows, and how long it ever stands still.

The real program over a real base, in this process, with a terminal that is only in memory:
what is measured is everything but the terminal's own drawing. A key's time runs from the
moment it is there until the rows that answer it have been painted, the pause that kbtui
waits for the next key (30 ms) included. A stall is the longest time in which the program
answered nobody, told by a clock that rings every 2 ms; during the second round another
thread builds the whole index anew. The first picture is what `benchmarks.startup` measures.

    python -m benchmarks.screen --data ../shared/data --sizes 1000,10000
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from benchmarks import corpus
from kbtui.open import open_base
from kbtui.tui.app import KbtuiApp

_TICK = 0.002
_SLOW, _FAST = 0.15, 0.04
"""Seconds between two keys: somebody who listens and types, and somebody who types as fast as one can."""


@dataclass(frozen=True)
class Figures:
    """One size; all times in milliseconds.

    Attributes:
        first_search: from the start of the window to the first answer.
        p50: from a key to its painted rows, at a listener's speed; p95 and p99 alike.
        fast_p95: the same for the last key of words typed as fast as one can.
        stall: the longest standstill while typing; `stall_reindex` the same while an index is built beside it.
        memory: resident MiB of the process after all of it.
    """

    entries: int
    first_search: float
    p50: float
    p95: float
    p99: float
    fast_p95: float
    stall: float
    stall_reindex: float
    memory: float


def main() -> None:
    options = _options()
    queries = [each.text for kind in corpus.queries(options.data, options.queries).values() for each in kind]
    results = []
    for size in options.sizes:
        with tempfile.TemporaryDirectory(prefix="kbtui-benchmark-") as folder:
            environment = os.environ | {"KBTUI_HOME": f"{folder}/home", "KBTUI_PERSON": "Bench <bench@example.com>"}
            environment |= {"KBTUI_MEANING": "off"}
            base = _base(Path(folder), options.data, size, environment)
            results.append(asyncio.run(_measured(size, base, environment, queries)))
        print(json.dumps(asdict(results[-1])), flush=True)
    if options.json:
        options.json.write_text(json.dumps([asdict(each) for each in results], indent=2) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder in which scale/generate.py is")
    parser.add_argument("--sizes", type=lambda text: [*map(int, text.split(","))], default=[1_000, 10_000])
    parser.add_argument("--queries", type=int, default=12, help="queries of each kind")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    return parser.parse_args()


def _base(folder: Path, data: Path, size: int, environment: dict[str, str]) -> Path:
    base = folder / "base"
    corpus.write_base(data, size, base)
    command = [sys.executable, "-m", "kbtui", "--kb", str(base), "reindex"]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return base


class _Clock:
    """Rings every 2 ms and remembers the longest time between two rings, in milliseconds."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._task = asyncio.create_task(self._ring())

    async def _ring(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(_TICK)
            now = time.perf_counter()
            self.longest, last = max(self.longest, (now - last - _TICK) * 1_000), now

    async def stop(self) -> float:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        return self.longest


async def _measured(size: int, base: Path, environment: dict[str, str], queries: Sequence[str]) -> Figures:
    knowledge = open_base(base, environment)
    app = KbtuiApp(knowledge, environment)
    started = time.perf_counter()
    async with app.run_test(size=(120, 40)) as pilot:
        typist = _Typist(app, pilot)
        await typist.answer_to(queries[0])
        first = (time.perf_counter() - started) * 1_000
        await asyncio.sleep(3)  # what is made ready in the background
        clock = _Clock()
        slow = [each for query in queries for each in await typist.type(query, _SLOW)]
        fast = [(await typist.type(query, _FAST))[-1] for query in queries]
        stall = await clock.stop()
        clock = _Clock()
        building = threading.Thread(target=knowledge.reindex)
        building.start()
        while building.is_alive():
            await typist.type(queries[len(fast) % len(queries)], _SLOW)
        stalled = await clock.stop()
    knowledge.close()
    quantiles = statistics.quantiles(slow, n=100)
    fastest = sorted(fast)[int(len(fast) * 0.95)]
    return Figures(size, first, quantiles[49], quantiles[94], quantiles[98], fastest, stall, stalled, _resident())


class _Typist:
    """Types into the query line and takes the time until the rows have been painted."""

    def __init__(self, app: KbtuiApp, pilot: Pilot[None]) -> None:
        self._app = app
        self._pilot = pilot

    async def answer_to(self, text: str) -> None:
        """Put a whole query into the line and wait for its rows."""
        self._app.home.query_one("#query", Input).value = text
        await self._painted(text.strip())

    async def type(self, text: str, pause: float) -> list[float]:
        """Type a query key by key; return the milliseconds from each key that was answered to its rows."""
        line = self._app.home.query_one("#query", Input)
        line.value = ""
        times: list[float] = []
        for end in range(1, len(text) + 1):
            began = time.perf_counter()
            line.value = text[:end]
            is_last = end == len(text)
            with suppress(TimeoutError):
                async with asyncio.timeout(60 if is_last else pause):
                    await self._painted(text[:end].strip())
                    times.append((time.perf_counter() - began) * 1_000)
            await asyncio.sleep(max(pause - (time.perf_counter() - began), 0))
        return times

    async def _painted(self, text: str) -> None:
        while self._app.home.shown_for != text:
            await asyncio.sleep(0.001)
        painted = asyncio.Event()
        self._app.home.call_after_refresh(painted.set)
        await painted.wait()


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
