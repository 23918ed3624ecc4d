"""What kbtui holds in the course of a long day: open files, child processes, threads and memory.

    python -m benchmarks.soak                        # 5,000 searches and 300 saves, then the screen
    python -m benchmarks.soak --searches 500 --saves 30

Over the starter base. The library is worked in this process, the screen in a
pseudo-terminal with a fifth of the searches and half of the saves. Linux only.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from kbtui import create
from kbtui.knowledge import Knowledge
from kbtui.open import open_base
from tests.e2e.soak import Held, Work, growth, in_library, on_screen
from tests.e2e.terminal import terminal


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--searches", type=int, default=5_000)
    parser.add_argument("--saves", type=int, default=300)
    options = parser.parse_args()
    print(f"Python {sys.version.split()[0]}")
    work = Work(options.searches, options.saves)
    with _base() as knowledge:
        _print("the library", in_library(knowledge, work))
    work = Work(options.searches // 5, options.saves // 2)
    with _base() as knowledge:
        questions = [card.question for card in knowledge.cards()]
        with terminal(knowledge.root) as it:
            it.see(" entries")
            _print("the screen", on_screen(it, questions, work))


@contextmanager
def _base() -> Iterator[Knowledge]:
    """Open a copy of the starter base, as a user who has nothing else."""
    with tempfile.TemporaryDirectory(prefix="kbtui-soak-") as folder:
        os.environ |= {"KBTUI_HOME": f"{folder}/home", "KBTUI_PERSON": "Soak <soak@example.com>"}
        os.environ |= {"GIT_CONFIG_GLOBAL": os.devnull, "KBTUI_MEANING": "off"}
        root = create.demo(os.environ, Path(folder, "base"))
        with closing(open_base(root, os.environ)) as knowledge:
            knowledge.refresh()
            yield knowledge


def _print(title: str, looks: Sequence[Held]) -> None:
    print(f"\n{title}:\n")
    print("| searches | saves | open files | child processes | threads | memory of its own, MiB |")
    print("|---|---|---|---|---|---|")
    for look in looks:
        print(
            f"| {look.searches} | {look.saves} | {look.descriptors} | {look.children} | {look.threads} |"
            f" {look.memory / 2**20:.1f} |"
        )
    more = growth(looks)
    print(f"\nmore in the second half than in the first: {more.descriptors} files, {more.memory / 2**20:.1f} MiB")


if __name__ == "__main__":
    main()
