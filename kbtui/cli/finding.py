"""Commands that look things up: search, show, list, history, credit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from kbtui import actions
from kbtui.cli import output, words
from kbtui.cli.options import Base, Json, Name
from kbtui.cli.session import session_of
from kbtui.entry.model import State
from kbtui.errors import RefusedError


def search(
    context: typer.Context,
    typed: Annotated[list[str], typer.Argument(metavar="WORDS", help="The caller's words, as they come.")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many to print.")] = 10,
    json: Json = False,
    kb: Base = None,
) -> None:
    query = " ".join(typed)
    result = session_of(context, kb).knowledge().search(query, limit)
    assert result is not None  # nobody cancels a search in line mode
    if json:
        output.as_json({"query": query, "total": result.total, "hits": result.hits})
        return
    for line in words.hit_lines(result.hits, result.total, query):
        output.say(line)


def show(context: typer.Context, name: Name, json: Json = False, kb: Base = None) -> None:
    knowledge = session_of(context, kb).knowledge()
    entry = knowledge.get(name)
    if json:
        output.as_json({"state": entry.state, "entry": entry})
        return
    for line in words.entry_lines(entry, knowledge.asker()):
        output.say(line)


def list_entries(
    context: typer.Context,
    state: Annotated[str, typer.Option("--state", help="open, not-validated, validated or archived.")] = "",
    tag: Annotated[str, typer.Option("--tag", help="Only entries with this tag.")] = "",
    owner: Annotated[str, typer.Option("--owner", help="Only entries of this owner.")] = "",
    due: Annotated[bool, typer.Option("--due", help="Only entries whose check-by date has come.")] = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    if state and state not in list(State):
        raise RefusedError(f"{state!r} is no state.", f"Use one of: {', '.join(State)}.")
    knowledge = session_of(context, kb).knowledge()
    cards = knowledge.cards(state=State(state) if state else None, tag=tag, owner=owner, due=due)
    if json:
        output.as_json({"total": len(cards), "entries": cards})
        return
    for card in cards:
        output.say(f"{card.state.sign} {card.question}  ({card.state.words}) · {card.id} · {card.path}")
    output.say(f"{len(cards)} entries")


def history(context: typer.Context, name: Name, json: Json = False, kb: Base = None) -> None:
    entry, steps = session_of(context, kb).knowledge().history(name)
    if json:
        output.as_json({"id": entry.id, "path": entry.path, "steps": steps})
        return
    output.say(entry.question)
    for line in words.history_lines(steps):
        output.say(line)


def credit(context: typer.Context, name: Name, json: Json = False, kb: Base = None) -> None:
    entry, people = session_of(context, kb).knowledge().credit(name)
    if json:
        output.as_json({"id": entry.id, "path": entry.path, "credit": people})
        return
    output.say(entry.question)
    for line in words.credit_lines(people):
        output.say(line)


COMMANDS: dict[actions.Action, Callable[..., None]] = {
    actions.SEARCH: search,
    actions.SHOW: show,
    actions.LIST: list_entries,
    actions.HISTORY: history,
    actions.CREDIT: credit,
}
