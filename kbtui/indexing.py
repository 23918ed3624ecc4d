"""The process that works on an index beside an open window: `python -m kbtui.indexing refresh|rebuild ROOT`.

It reports on standard output, a JSON object a line (`kbtui.beside.Report`), and ends at once
when its standard input ends: whoever wanted its work is gone, however that came about.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path

from kbtui.errors import KbError
from kbtui.git.surroundings import LOCAL_VARIABLES
from kbtui.open import open_base

_LOWEST = 19


def main() -> None:
    """Do one task with the arguments of this process."""
    task, root = sys.argv[1:]
    _be_modest()
    threading.Thread(target=_end_with_the_window, name="window", daemon=True).start()
    environment = dict(os.environ)
    for name in LOCAL_VARIABLES:
        os.environ.pop(name, None)
    sys.exit(_run(task, Path(root), environment))


def _run(task: str, root: Path, environment: Mapping[str, str]) -> int:
    with closing(open_base(root, environment)) as knowledge:
        try:
            done = knowledge.reindex(_progress) if task == "rebuild" else knowledge.refresh(_progress)
        except KbError as error:
            _report({"kind": type(error).__name__, "message": error.message, "hint": error.hint})
            return 1
    _report(done._asdict())
    return 0


def _progress(done: int, of: int) -> None:
    _report({"done": done, "of": of})


def _report(values: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def _end_with_the_window() -> None:
    """Wait for the end of standard input, and end; nothing has to be tidied up (`kbtui.search.index`)."""
    with suppress(OSError):
        while os.read(0, 1):  # not through `sys.stdin`, whose lock would be in the way of an orderly end
            pass
    os._exit(1)


def _be_modest() -> None:
    """Let everything else on this computer go first, the window above all."""
    with suppress(OSError, AttributeError):
        if os.sched_getscheduler(0) != os.SCHED_OTHER:  # a window's own preference is not for this process
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    with suppress(OSError, AttributeError):
        os.nice(_LOWEST)


if __name__ == "__main__":
    main()
