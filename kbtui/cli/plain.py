"""The search in line mode that does without the parser of commands, where nothing but words was typed.

A rep, or a program beside the telephone, waits for it. So the files are looked at from the
beginning (`kbtui.glance`), while what searches is loaded; nothing here loads more than that needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing

from kbtui.bases import current_folder, find_base
from kbtui.cli import complaints
from kbtui.config import read_team
from kbtui.errors import KbError
from kbtui.glance import Glance
from kbtui.store.files import EntryFiles

INTERRUPTED = 130
"""The exit code of a program that was ended with ctrl+c, as shells have it."""

COMMAND = "search"
"""What `kbtui.actions` calls it; loading all the others for that one would be a part of the wait, too."""

_JSON = "--json"
_BASE = "--kb"
_COMPLETION = "_KBTUI_COMPLETE"
"""Set while a shell asks how a command line goes on."""


def run_plain(arguments: Sequence[str], environment: Mapping[str, str]) -> int | None:
    """Run a search for words; return the exit code, or None where more was typed than this understands.

    Args:
        arguments: what was typed after the program's name.
        environment: the process's environment, as it was at the start.
    """
    read = _plain(arguments)
    if read is None or _COMPLETION in environment:
        return None
    try:
        _search(*read, environment)
    except KbError as error:
        return complaints.complain(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def _search(base: str, words: str, json: bool, environment: Mapping[str, str]) -> None:
    current = current_folder()
    root = find_base(base, environment, current)
    with closing(Glance(EntryFiles(root, read_team(root).ignore))) as glance:
        from kbtui.cli.looking import Looked, search  # meanwhile
        from kbtui.cli.session import Session

        search(Session(environment, current, base), Looked(words, json=json), glance)


def _plain(arguments: Sequence[str]) -> tuple[str, str, bool] | None:
    """Read `[--kb DIR] search WORDS... [--json]` as the base, the words and whether a program reads it; else None."""
    base, rest = "", [*arguments]
    if rest[:1] == [_BASE] and len(rest) > 1:
        base, rest = rest[1], rest[2:]
    if rest[:1] != [COMMAND]:
        return None
    typed = [word for word in rest[1:] if word != _JSON]
    if not typed or any(word.startswith("-") for word in typed):
        return None
    return base, " ".join(typed), _JSON in rest
