"""How long until something is there: the first picture of the screen, and one search in line mode.

Each is measured beside a yardstick in the same run, turn by turn, so that what else the
machine does falls on both: a bare Textual program with the same four kinds of widgets,
and `python -c "import typer"`. Read the ratios, not the milliseconds.

    python -m benchmarks.startup                      # over the starter base
    python -m benchmarks.startup --entries 10000 --data ../shared/data
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
from collections.abc import Callable
from pathlib import Path

import pexpect

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
        base = _base(Path(folder), options, environment)
        kbtui = [sys.executable, "-m", "kbtui"]
        measures: dict[str, Callable[[], float]] = {
            "bare Textual, first picture": lambda: _first_picture(
                [sys.executable, "-c", BARE], "IRST PICTURE", environment
            ),
            "kbtui, first picture": lambda: _first_picture([*kbtui, "--kb", str(base)], "hat does the", environment),
            "import typer": lambda: _whole([sys.executable, "-c", "import typer"], environment),
            "kbtui search": lambda: _whole([*kbtui, "--kb", str(base), "search", "refund", "take"], environment),
        }
        times = _in_turn(measures, options.runs)
    _print(times, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--entries", type=int, default=0, help="make a base of this size instead of the starter base")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="where scale/generate.py is")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    return parser.parse_args()


def _base(folder: Path, options: argparse.Namespace, environment: dict[str, str]) -> Path:
    """Make the base to be opened, indexed."""
    base = folder / "base"
    if options.entries:
        generate = options.data / "scale" / "generate.py"
        subprocess.run([sys.executable, generate, str(options.entries), "--markdown", base], check=True)
    for command in (["init", str(base)], ["--kb", str(base), "reindex"]):
        subprocess.run(
            [sys.executable, "-m", "kbtui", *command], check=True, env=environment, stdout=subprocess.DEVNULL
        )
    return base


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


def _print(times: dict[str, list[float]], options: argparse.Namespace) -> None:
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(f"{options.runs} runs in turn, {options.entries or 'starter'} entries, Python {sys.version.split()[0]}")
    for name, values in times.items():
        print(f"{name:30} median {medians[name] * 1000:7.0f} ms   fastest {min(values) * 1000:7.0f} ms")
    picture = medians["kbtui, first picture"] / medians["bare Textual, first picture"]
    search = medians["kbtui search"] / medians["import typer"]
    print(f"first picture: {picture:.2f} x a bare Textual program (target at most 1.3)")
    print(f"cold search:   {search:.2f} x import typer (target at most 2.5)")
    if options.json:
        figures = {"medians": medians, "first_picture_ratio": picture, "cold_search_ratio": search}
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
