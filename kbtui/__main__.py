"""The program's entry point: `kbtui`, or `python -m kbtui`."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from kbtui.store.calls import Call

_SEARCH = "search"
_SCREEN_OPTIONS = ("--kb", "--query", "--ticket")

_PICTURES_A_SECOND = "120"
"""At most. Textual paints at the next beat after a change; at its usual 60 a change waits 8 ms on average."""


_GARBAGE_FIRST = 50_000
"""New objects after which a command first looks for garbage: most commands end before, and loading makes none."""


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
    options = _screen_options(arguments)
    if options is not None:
        return _screen(options, environment)
    gc.set_threshold(_GARBAGE_FIRST)
    if _SEARCH in arguments:
        from kbtui.cli.plain import run_plain

        code = run_plain(arguments, environment)
        if code == 0:
            gc.freeze()  # every file is closed; Python would look for garbage several times while it ends
        if code is not None:
            return code
    from kbtui.cli.app import run

    return run(arguments, environment)


def _screen_options(arguments: Sequence[str]) -> dict[str, str] | None:
    """Return the options that the screen takes, if nothing else was typed: `--query WORDS`, `--query=WORDS`."""
    options: dict[str, str] = {}
    words = iter(arguments)
    for word in words:
        name, has_value, value = word.partition("=")
        given = value if has_value else next(words, None)
        if name not in _SCREEN_OPTIONS or given is None:
            return None
        options[name] = given
    return options


def _screen(options: Mapping[str, str], environment: Mapping[str, str]) -> int:
    gc.disable()  # nothing of what is loaded now is garbage; `Desk.open_base` turns it on behind the first picture
    from kbtui.bases import current_folder, find_base
    from kbtui.cli.complaints import complain
    from kbtui.errors import KbError, RefusedError
    from kbtui.store.calls import call_of

    try:
        root = find_base(options.get("--kb", ""), environment, current_folder())
        call = call_of(options.get("--query", ""), options.get("--ticket", ""))
        if options.keys() & {"--query", "--ticket"} and _is_taken(root, environment, call):
            return 0
        if not _has_terminal(environment):
            raise RefusedError("The screen needs a terminal.", "Use the line mode: kbtui search WORDS, kbtui --help.")
        os.environ.setdefault("TEXTUAL_FPS", _PICTURES_A_SECOND)  # read when Textual is loaded
        from kbtui.tui.app import run

        return run(root, environment, call)
    except KbError as error:
        return complain(error)


def _has_terminal(environment: Mapping[str, str]) -> bool:
    """Whether there is a terminal; a browser's stand-in for one says so in the environment."""
    return bool(environment.get("TEXTUAL_DRIVER")) or (sys.stdin.isatty() and sys.stdout.isatty())


def _is_taken(root: Path, environment: Mapping[str, str], call: Call) -> bool:
    """Whether the window that is open on this base has taken the call (F10)."""
    from kbtui.cli.complaints import tell
    from kbtui.open import open_base

    is_taken = open_base(root, environment).calls.hand(call, time.time_ns())
    if is_taken:
        tell("Handed to the window that is open.")
    return is_taken


if __name__ == "__main__":
    main()
