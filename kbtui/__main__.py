"""The program's entry point: `kbtui`, or `python -m kbtui`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run kbtui with the arguments of this process, and end it with the exit code.

    What a surrounding git has put into the environment (in a hook, in `git rebase --exec`)
    is kept for the command that asks for it, and hidden from every git that kbtui starts
    (FAULTS 63).
    """
    from kbtui.cli.app import run
    from kbtui.git.runner import LOCAL_VARIABLES

    environment = dict(os.environ)
    for name in LOCAL_VARIABLES:
        os.environ.pop(name, None)
    sys.exit(run(sys.argv[1:], environment))


if __name__ == "__main__":
    main()
