"""A search in line mode, which does without the parser of commands where nothing but words was typed.

A rep, or a program beside the telephone, waits for it, and loading the parser is a part of that time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import NamedTuple

from kbtui.cli import complaints, output, rows
from kbtui.cli.session import Session
from kbtui.errors import KbError, NoPersonError, RefusedError
from kbtui.knowledge import Knowledge, Wanted
from kbtui.open import current_folder

INTERRUPTED = 130
"""The exit code of a program that was ended with ctrl+c, as shells have it."""

COMMAND = "search"
"""What `kbtui.actions` calls it; loading all the others for that one would be a part of the wait, too."""

_JSON = "--json"
_BASE = "--kb"
_COMPLETION = "_KBTUI_COMPLETE"
"""Set while a shell asks how a command line goes on."""


class Looked(NamedTuple):
    """What is looked for.

    Attributes:
        query: the words, and signs that narrow.
        explain: whether to say why each entry is there.
        meaning: whether to find what means the same, too.
        mine: only entries that whoever asks owns.
        due: only entries whose check-by date has come.
        note_miss: whether to note the words where nothing has all of them.
        json: whether a program reads it.
    """

    query: str
    limit: int = 10
    explain: bool = False
    meaning: bool = False
    mine: bool = False
    due: bool = False
    note_miss: bool = False
    json: bool = False


def search(session: Session, looked: Looked) -> None:
    """Search, and print what was found."""
    with closing(session.knowledge()) as knowledge:
        _search_in(knowledge, looked)


def _search_in(knowledge: Knowledge, looked: Looked) -> None:
    narrowed = " ".join([looked.query, *(["owner:me"] * looked.mine), *(["due:now"] * looked.due)])
    wanted = Wanted(limit=looked.limit, snippets=looked.limit, explain=looked.explain)
    if looked.meaning:
        understand(knowledge)
    if looked.mine:
        require_name(knowledge)
    result = knowledge.search(narrowed, wanted)
    assert result is not None  # nobody cancels a search in line mode
    if looked.note_miss and not result.fits and knowledge.missed(knowledge.spoken(looked.query)):
        knowledge.settle_events()
    if looked.json:
        found = {"query": looked.query, "total": result.total, "read_as": dict(result.read_as), "hits": result.hits}
        output.as_json(found)
        return
    for line in rows.result_lines(result, looked.query):
        output.say_marked(line)


def understand(knowledge: Knowledge) -> None:
    """Search by meaning, too.

    Raises:
        RefusedError: there is no model.
    """
    if not knowledge.understand():
        raise RefusedError(
            "There is no model of meaning here.", "Install kbtui with one: pip install 'kbtui[semantic]'."
        )


def require_name(knowledge: Knowledge) -> str:
    """Return the name of whoever asks.

    Raises:
        NoPersonError: nobody has said it yet.
    """
    person = knowledge.person()
    if person is None:
        raise NoPersonError("kbtui does not know your name yet.", 'Say it once: kbtui me "Your Name"')
    return person.name


def run_plain(arguments: Sequence[str], environment: Mapping[str, str]) -> int | None:
    """Run a search for words; return the exit code, or None where more was typed than this understands.

    Args:
        arguments: what was typed after the program's name.
        environment: the process's environment, as it was at the start.
    """
    read = _plain(arguments)
    if read is None or _COMPLETION in environment:
        return None
    base, looked = read
    try:
        search(Session(environment, current_folder(), base), looked)
    except KbError as error:
        return complaints.complain(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def _plain(arguments: Sequence[str]) -> tuple[str, Looked] | None:
    """Read `[--kb DIR] search WORDS... [--json]`; None for anything else."""
    base, rest = "", [*arguments]
    if rest[:1] == [_BASE] and len(rest) > 1:
        base, rest = rest[1], rest[2:]
    if rest[:1] != [COMMAND]:
        return None
    typed = [word for word in rest[1:] if word != _JSON]
    if not typed or any(word.startswith("-") for word in typed):
        return None
    return base, Looked(" ".join(typed), json=_JSON in rest)
