"""The program's entry point: `kbtui`, or `python -m kbtui`."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence


def main() -> None:
    """Run kbtui with the arguments of this process, and end it with the exit code.

    What a surrounding git has put into the environment (in a hook, in `git rebase --exec`)
    is kept for the command that asks for it, and hidden from every git that kbtui starts
    (FAULTS 63).
    """
    from kbtui.git.surroundings import LOCAL_VARIABLES

    environment = dict(os.environ)
    for name in LOCAL_VARIABLES:
        os.environ.pop(name, None)
    sys.exit(_run(sys.argv[1:], environment))


def _run(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Open the screen at once if that is all that is asked for; the line mode's parser loads slowly."""
    if not arguments or (len(arguments) == 2 and arguments[0] == "--kb"):
        return _screen(arguments[1] if arguments else "", environment)
    from kbtui.cli.app import run

    return run(arguments, environment)


def _screen(base: str, environment: Mapping[str, str]) -> int:
    from kbtui.cli.complaints import complain
    from kbtui.errors import KbError
    from kbtui.open import current_folder, find_base

    try:
        root = find_base(base, environment, current_folder())
        from kbtui.tui.app import run

        run(root, environment)
    except KbError as error:
        return complain(error)
    return 0


if __name__ == "__main__":
    main()
