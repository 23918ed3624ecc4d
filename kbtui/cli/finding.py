"""Commands that look things up: search, similar, show, list, duplicates, history, credit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from kbtui import actions
from kbtui.cli import complaints, looking, output, shift_words, words
from kbtui.cli.options import Base, Due, Json, Limit, Meaning, Mine, Name
from kbtui.cli.session import session_of
from kbtui.entry.model import TWO_VERSIONS, State
from kbtui.entry.text import counted
from kbtui.errors import KbError, UsageError
from kbtui.knowledge import Knowledge
from kbtui.team.credit import Credit


def search(
    context: typer.Context,
    typed: Annotated[list[str], typer.Argument(metavar="WORDS", help="The caller's words, as they come.")],
    limit: Limit = 10,
    explain: Annotated[bool, typer.Option("--explain", help="Say why each entry is there.")] = False,
    meaning: Meaning = False,
    mine: Mine = False,
    due: Due = False,
    note_miss: Annotated[
        bool, typer.Option("--note-miss", help="Where nothing has all the words, note them for `kbtui misses`.")
    ] = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    looked = looking.Looked(" ".join(typed), limit, explain, meaning, mine, due, note_miss, json)
    looking.search(session_of(context, kb), looked)


def similar(
    context: typer.Context,
    typed: Annotated[list[str], typer.Argument(metavar="QUESTION", help="The question, as it would be written.")],
    limit: Limit = 3,
    meaning: Meaning = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    question = " ".join(typed)
    knowledge = session_of(context, kb).knowledge()
    if meaning:
        looking.understand(knowledge)
    near = knowledge.similar(question, limit)
    if json:
        output.as_json({"question": question, "similar": near})
        return
    for line in words.similar_lines(near, question):
        output.say(line)


def duplicates(
    context: typer.Context,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many to print.")] = 20,
    json: Json = False,
    kb: Base = None,
) -> None:
    progress = complaints.ProgressLine("Comparing entries:")
    pairs = session_of(context, kb).knowledge().duplicates(progress)
    progress.end()
    if json:
        output.as_json({"total": len(pairs), "pairs": pairs[:limit]})
        return
    for line in words.twins_lines(pairs[:limit], len(pairs)):
        output.say(line)


def show(context: typer.Context, name: Name, json: Json = False, kb: Base = None) -> None:
    knowledge = session_of(context, kb).knowledge()
    knowledge.bring_up_standing(only_if_quick=True)
    entry = knowledge.get(name)
    near, demand, people = knowledge.asked_too(entry), knowledge.demand(entry), _people(knowledge, name)
    has_versions = knowledge.has_versions(entry.path)
    if json:
        values: dict[str, object] = {
            "state": entry.state,
            "demand": demand,
            "asked_too": near,
            "credit": people,
            "entry": entry,
        }
        values["has_versions"] = has_versions
        is_must_read = any(card.path == entry.path for card in knowledge.must_reads())
        output.as_json(values | ({"unread": knowledge.unread(name)[0].people} if is_must_read else {}))
        return
    for line in words.entry_lines(entry, knowledge.asker(), demand, people, near):
        output.say(line)
    if has_versions:
        output.say(f"{TWO_VERSIONS}: kbtui variants")


def _people(knowledge: Knowledge, name: str) -> Credit | None:
    """Return the people behind an entry; a history that cannot be read must not keep the answer back."""
    try:
        return knowledge.credit(name)[1]
    except KbError:
        return None


def list_entries(
    context: typer.Context,
    state: Annotated[str, typer.Option("--state", help="open, not-validated, validated or archived.")] = "",
    tag: Annotated[str, typer.Option("--tag", help="Only entries with this tag.")] = "",
    owner: Annotated[str, typer.Option("--owner", help="Only entries of this owner.")] = "",
    mine: Mine = False,
    due: Due = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    if state and state not in list(State):
        raise UsageError(f"{state!r} is no state.", f"Use one of: {', '.join(State)}.")
    if mine and owner:
        raise UsageError("An entry has one owner.", "Use --owner NAME or --mine, not both.")
    knowledge = session_of(context, kb).knowledge()
    owner = looking.require_name(knowledge) if mine else owner
    knowledge.bring_up_standing(only_if_quick=True)
    cards = knowledge.cards(state=State(state) if state else None, tag=tag, owner=owner, due=due)
    pairs = knowledge.asked_twice(cards) if state == State.OPEN else []
    if json:
        asked_twice = {"asked_twice": [(one.id, other.id) for one, other in pairs]} if state == State.OPEN else {}
        output.as_json({"total": len(cards), "entries": cards} | asked_twice)
        return
    for card in cards:
        output.say(f"{card.state.sign} {card.question}  ({card.state.words}) · {card.id} · {card.path}")
        for one, other in pairs:
            if card.path == one.path:
                output.say(words.asked_too(card, other))
    output.say(counted(len(cards), "entry"))


def history(context: typer.Context, name: Name, json: Json = False, kb: Base = None) -> None:
    entry, steps = session_of(context, kb).knowledge().history(name)
    if json:
        output.as_json({"id": entry.id, "path": entry.path, "steps": steps})
        return
    output.say(entry.question)
    for line in words.history_lines(steps):
        output.say(line)


def credit(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="[ENTRY]", help="One entry's id or file; else all entries.")] = "",
    me: Annotated[bool, typer.Option("--me", help="The entries with your words, and which part is yours.")] = False,
    limit: Limit = 50,
    everything: Annotated[bool, typer.Option("--all", help="Print all entries.")] = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    if name and me:
        raise UsageError("Credit is asked for one entry or for you.", "Leave out the entry, or --me.")
    knowledge = session_of(context, kb).knowledge()
    if name:
        knowledge.bring_up_standing()
        _credit_of_one(knowledge, name, json)
        return
    progress = complaints.ProgressLine("Reading the history:")
    knowledge.read_history(progress)
    progress.end()
    knowledge.bring_up_standing()
    if me:
        _own_credits(knowledge, json)
    else:
        _credits(knowledge, None if everything else limit, json)


def _credit_of_one(knowledge: Knowledge, name: str, json: bool) -> None:
    entry, people = knowledge.credit(name)
    shares = knowledge.shares([entry.path])[entry.id]
    if json:
        output.as_json({"id": entry.id, "path": entry.path, "credit": people, "shares": shares})
        return
    output.say(entry.question)
    for line in (*words.credit_lines(people), *shift_words.share_lines(shares)):
        output.say(line)


def _credits(knowledge: Knowledge, limit: int | None, json: bool) -> None:
    found = knowledge.credits()
    if json:
        shown = found[:limit]
        shares = knowledge.shares([entry.path for entry in shown])
        output.as_json({"total": len(found), "entries": shown, "shares": shares})
        return
    for line in words.credits_lines(found[:limit], len(found)):
        output.say(line)


def _own_credits(knowledge: Knowledge, json: bool) -> None:
    """Print all of them and no number: nobody is measured by how much they have written (F41)."""
    own = knowledge.own()
    if json:
        this_week, ever = knowledge.own_worth()
        came_to = {"uses_this_week": this_week, "uses": ever}
        output.as_json(
            {"helped_this_week": own.helped, "thanks": own.thanks, "shares": came_to, "entries": own.entries}
        )
        return
    for line in shift_words.own_lines(own, words.own_credits_lines(own.entries)):
        output.say(line)


COMMANDS: dict[actions.Action, Callable[..., None]] = {
    actions.SEARCH: search,
    actions.SIMILAR: similar,
    actions.SHOW: show,
    actions.LIST: list_entries,
    actions.DUPLICATES: duplicates,
    actions.HISTORY: history,
    actions.CREDIT: credit,
}
