"""Settles the events that wait, in a process that ends itself with kill -9 at a step it is told.

Arguments: the base's folder, the step.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from kbtui.git.event_saver import EventSaver
from tests.helpers import parts_of


def main(root: Path, step: str) -> None:
    """Settle, and die at the step."""

    def checkpoint(name: str) -> None:
        if name == step:
            os.kill(os.getpid(), signal.SIGKILL)

    parts = parts_of(root)
    EventSaver(parts.repository, parts.event_files, parts.outbox, checkpoint).settle()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
