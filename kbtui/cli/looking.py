"""A search in line mode."""

from __future__ import annotations

from contextlib import closing
from typing import NamedTuple

from kbtui.cli import output, rows
from kbtui.cli.session import Session
from kbtui.errors import NoPersonError, RefusedError, UsageError
from kbtui.glance import Glance
from kbtui.knowledge import Knowledge, Wanted


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


def search(session: Session, looked: Looked, glance: Glance | None = None) -> None:
    """Search, and print what was found.

    Args:
        glance: a look at the files that has been begun.

    Raises:
        UsageError: no words were given, and nothing that narrows.
    """
    if not (looked.query.strip() or looked.mine or looked.due):
        raise UsageError("There is nothing to look for.", "Type the caller's words: kbtui search WORDS")
    with closing(session.knowledge(glance=glance)) as knowledge:
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
