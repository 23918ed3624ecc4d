"""How long until something is there: the first picture of the screen, and one search in line mode.

Each is measured beside a yardstick in the same run, turn by turn, so that what else the
machine does falls on both: a bare Textual program with the same four kinds of widgets,
and `python -c "import typer"`. Read the ratios, not the milliseconds.

The starter base is measured in every run, and beside it a base of `--entries` where the data
for it is there; that one is asked in keywords, in questions and in beginnings of questions,
another one of each kind in each turn. Every search is a process of its own.

    python -m benchmarks.startup                      # over the starter base
    python -m benchmarks.startup --entries 10000 --data ../shared/data
    python -m benchmarks.startup --entries 10000 --data ../shared/data --no-screen
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from itertools import cycle
from pathlib import Path

import pexpect

from benchmarks.corpus import queries, write_base

_PICTURES, _SEARCHES = "first picture", "search"
_BARE, _TYPER = "bare Textual, first picture", "import typer"
_STARTER = "the starter base"

BARE = """
from textual.app import App, ComposeResult
from textual.widgets import Footer, Input, OptionList, Static

class Bare(App[None]):
    def compose(self) -> ComposeResult:
        yield Input(placeholder="FIRST PICTURE")
        yield OptionList()
        yield Static()
        yield Footer()

Bare().run()
"""


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="kbtui-benchmark-") as folder:
        environment = os.environ | {"KBTUI_HOME": f"{folder}/home", "TERM": "xterm-256color", "NO_COLOR": ""}
        environment |= {"KBTUI_PERSON": "Bench Mark <bench@example.com>", "PYTHONDONTWRITEBYTECODE": ""}
        measures = _measures(_bases(Path(folder), options, environment), options, environment)
        before = os.getloadavg()[0]
        times = _in_turn(measures, options.runs)
    _print(times, options, f"load {before:.1f} before, {os.getloadavg()[0]:.1f} after")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--entries", type=int, default=0, help="measure a base of this size as well")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="where scale/generate.py is")
    parser.add_argument("--no-screen", action="store_true", help="measure searches only")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    return parser.parse_args()


def _bases(folder: Path, options: argparse.Namespace, environment: dict[str, str]) -> dict[str, Path]:
    """Make the bases to be opened, indexed."""
    bases = {_STARTER: folder / "starter"}
    _kbtui(environment, "init", str(bases[_STARTER]))
    if options.entries:
        name = f"{options.entries:,} entries"
        bases[name] = folder / "large"
        write_base(options.data, options.entries, bases[name])
    for base in bases.values():
        _kbtui(environment, "--kb", str(base), "reindex")
    return bases


def _kbtui(environment: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, "-m", "kbtui", *arguments]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)


def _measures(
    bases: Mapping[str, Path], options: argparse.Namespace, environment: dict[str, str]
) -> dict[str, Callable[[], float]]:
    """Return what is measured, by name; each takes one measurement, in seconds."""
    screen: dict[str, Callable[[], float]] = {
        _BARE: lambda: _first_picture([sys.executable, "-c", BARE], "IRST PICTURE", environment)
    }
    searches: dict[str, Callable[[], float]] = {
        _TYPER: lambda: _whole([sys.executable, "-c", "import typer"], environment)
    }
    for name, base in bases.items():
        kbtui = [sys.executable, "-m", "kbtui", "--kb", str(base)]
        screen[f"{_PICTURES}, {name}"] = partial(_first_picture, kbtui, "hat does the", environment)
        for kind, texts in _asked(name, options).items():
            searches[f"{_SEARCHES}, {name}, {kind}"] = _searching([*kbtui, "search"], texts, environment)
    return searches if options.no_screen else screen | searches


def _asked(name: str, options: argparse.Namespace) -> dict[str, list[str]]:
    """Return what is looked for in a base, by kind."""
    if name == _STARTER:
        return {"keyword": ["refund take"]}
    asked = queries(options.data, options.runs + 1)
    return {str(kind): [query.text for query in found] for kind, found in asked.items()}


def _searching(command: list[str], texts: list[str], environment: dict[str, str]) -> Callable[[], float]:
    """Return what searches once, for another text each time."""
    turns = cycle([text for text in texts if not text.startswith("-")])
    return lambda: _whole([*command, next(turns)], environment)


def _first_picture(command: list[str], marker: str, environment: dict[str, str]) -> float:
    """Return the seconds from the start of a program to the first time it has drawn `marker`."""
    started = time.perf_counter()
    child = pexpect.spawn(command[0], command[1:], env=environment, dimensions=(24, 80), timeout=60)
    child.expect_exact(marker)
    seconds = time.perf_counter() - started
    child.close(force=True)
    return seconds


def _whole(command: list[str], environment: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def _in_turn(measures: dict[str, Callable[[], float]], runs: int) -> dict[str, list[float]]:
    """Measure each in turn, `runs` times, after one turn that warms the disk's cache."""
    times: dict[str, list[float]] = {name: [] for name in measures}
    for turn in range(runs + 1):
        for name, measure in measures.items():
            seconds = measure()
            if turn:
                times[name].append(seconds)
    return times


def _print(times: dict[str, list[float]], options: argparse.Namespace, load: str) -> None:
    machine = f"{os.cpu_count()} processors, {load}"
    print(f"{options.runs} runs in turn, Python {sys.version.split()[0]}, {machine}")
    medians = {name: statistics.median(values) for name, values in times.items()}
    ratios: dict[str, float] = {}
    for name, values in times.items():
        line = f"{name:42} median {medians[name] * 1000:6.0f} ms   fastest {min(values) * 1000:6.0f} ms"
        yardstick, most = (_BARE, 1.3) if name.startswith(_PICTURES) else (_TYPER, 2.5)
        if name not in (_BARE, _TYPER):
            ratios[name] = medians[name] / medians[yardstick]
            fastest = min(values) / min(times[yardstick])
            line += f"   {ratios[name]:.2f} ({fastest:.2f}) x {yardstick}, at most {most}"
        print(line)
    if options.json:
        options.json.write_text(json.dumps({"medians": medians, "ratios": ratios, "machine": machine}, indent=2) + "\n")


if __name__ == "__main__":
    main()
