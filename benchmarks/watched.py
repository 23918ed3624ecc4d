"""The program, with a watch on its loop: what every thread was doing while the screen could not answer.

    python -m benchmarks.watched FILE --kb BASE        # kbtui as usual; FILE gets one paragraph a stall
    python -m benchmarks.screen --data ../shared/data --sizes 10000 --keep FOLDER --watch FILE

The loop's heart beats every 10 ms. Where a beat is late by more than `LATE`, a thread that
needs no Python (`faulthandler`) writes down where all others are: it sees a call that keeps
the interpreter's lock, which no thread written in Python could. Rounds of the garbage
collector are written down as well.
"""

from __future__ import annotations

import asyncio
import faulthandler
import gc
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

_BEAT, LATE = 0.01, 0.03
"""Seconds between two beats, and how late the next one has to be to count."""

_LONG_ROUND = 0.005
"""Seconds of a round of the garbage collector that is worth a line."""


class Watch:
    """Writes down what keeps the loop waiting.

    Args:
        file: gets a paragraph for each stall.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._began = time.perf_counter()
        self._beat = self._began
        self._round = 0.0
        gc.callbacks.append(self._collecting)

    def beat(self) -> None:
        """Note that the loop is alive, and look again soon. To be called on the loop."""
        now = time.perf_counter()
        faulthandler.cancel_dump_traceback_later()
        if (late := now - self._beat - _BEAT) > LATE:
            self._say(f"LATE {late * 1_000:.0f} ms\n")
        self._beat = now
        faulthandler.dump_traceback_later(_BEAT + LATE, file=self._file)
        asyncio.get_running_loop().call_later(_BEAT, self.beat)

    def _collecting(self, phase: str, information: Mapping[str, int]) -> None:
        now = time.perf_counter()
        if phase == "start":
            self._round = now
        elif (seconds := now - self._round) > _LONG_ROUND:
            self._say(f"GARBAGE round {information['generation']}: {seconds * 1_000:.0f} ms")

    def _say(self, text: str) -> None:
        self._file.write(f"{time.perf_counter() - self._began:.3f} s: {text}\n")
        self._file.flush()


def main() -> None:
    from kbtui import __main__ as program
    from kbtui.tui.app import KbtuiApp

    file = Path(sys.argv.pop(1)).open("a", encoding="utf-8")  # noqa: SIM115 - as long as the program
    watch = Watch(file)
    usual = KbtuiApp.on_mount

    def on_mount(app: KbtuiApp) -> None:
        usual(app)
        watch.beat()

    setattr(KbtuiApp, "on_mount", on_mount)  # noqa: B010 - the type of a method is not that of a function
    program.main()


if __name__ == "__main__":
    main()
