"""How sharing holds up when many save at once, and how long one new entry takes into a large base.

*Many at once*: as many processes as `--reps` says, each with a clone of its own of one bare
remote, save every few seconds (one in five changes an entry that others change as well, the
others are new) and share at once. One more clone only watches: it shares over and over, as the
screen of somebody who looks on. A save is *shared* when the remote has it, *visible* when the
watcher's folder has it. In the same run, before or after, the same is done by processes that
commit and then run `git pull --rebase && git push`, and whose watcher runs `git pull`. Where the
pull stops at a conflict, the script gives the rebase up and goes on. At the end everybody gets
one more turn, one after the other. A line is *lost to the team* if it is not on the remote's
branch then, in whichever file.

*One entry*: a base of `--sizes` entries; one clone saves a new one and shares, another takes it;
then the same with plain git, turn by turn. The search index is left out: `benchmarks.search` has it.

    python -m benchmarks.sync --reps 20 50 --seconds 20 --sizes
    python -m benchmarks.sync --reps --sizes 10000 100000 --data ../shared/data --keep /tmp/bases
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import tempfile
from pathlib import Path

from benchmarks.figures import Figures
from benchmarks.sync_crowd import Crowd, crowd
from benchmarks.sync_size import Step, one_entry

_NONE = "–"


def main() -> None:
    options = _options()
    os.environ |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "KBTUI_MEANING": "off"}
    with tempfile.TemporaryDirectory(prefix="kbtui-benchmark-") as folder:
        top = Path(folder)
        crowds = [
            crowd(top / f"{way}-{reps}", way, reps, options.seconds, options.every)
            for reps in options.reps
            for way in ("kbtui", "plain")
        ]
        keep = options.keep or top
        sizes = {size: one_entry(keep, options.data, size, options.runs) for size in options.sizes}
    _print(crowds, sizes, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reps", type=int, nargs="*", default=[20, 50], help="how many save at once")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long they do")
    parser.add_argument("--every", type=float, default=6.0, help="seconds between two saves of one of them")
    parser.add_argument("--sizes", type=int, nargs="*", default=[], help="entries of the large bases")
    parser.add_argument("--runs", type=int, default=5, help="new entries for each size")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with scale/generate.py")
    parser.add_argument("--keep", type=Path, help="folder in which large bases are kept for the next run")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    return parser.parse_args()


def _print(crowds: list[Crowd], sizes: dict[int, list[Step]], options: argparse.Namespace) -> None:
    git = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    about = f"Python {platform.python_version()}, {git}, {os.cpu_count()} cores"
    print(about)
    if crowds:
        print(f"\nEach saves every {options.every:g} s for {options.seconds:g} s:\n")
        _print_crowds(crowds)
    for size, steps in sizes.items():
        print(f"\n### One new entry into {size:,}\n\n| what | ms p50 | ms most |\n|---|---|---|")
        for step in steps:
            print(f"| {step.what} | {step.times.p50:.0f} | {step.times.p99:.0f} |")
    if options.json:
        found = {
            "about": about,
            "every": options.every,
            "seconds": options.seconds,
            "crowds": [each.as_json() for each in crowds],
            "sizes": {size: [step.as_json() for step in steps] for size, steps in sizes.items()},
        }
        options.json.write_text(json.dumps(found, indent=2) + "\n")


def _print_crowds(crowds: list[Crowd]) -> None:
    head = (
        "way", "saves", "shared", "lost to the team", "stops", "shared, s p50 / p95", "visible, s p50 / p95",
        "rejections", "merges a save", "the last turn, s",
    )  # fmt: skip
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for each in crowds:
        cells = (
            f"{each.way}, {each.reps} reps", each.saves, each.shared, each.lost, each.stops, _pair(each.until_shared),
            _pair(each.until_visible), each.rejections, f"{each.merges / max(each.saves, 1):.2f}",
            f"{each.last_turn:.1f}",
        )  # fmt: skip
        print("| " + " | ".join(map(str, cells)) + " |")


def _pair(found: Figures | None) -> str:
    return f"{found.p50 / 1000:.2f} / {found.p95 / 1000:.2f} ({found.count})" if found else _NONE


if __name__ == "__main__":
    main()
