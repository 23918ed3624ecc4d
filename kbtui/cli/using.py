"""Commands for what is done with entries beside writing them: copy, used, flag, thank, join-question, same-as, news."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from kbtui import actions
from kbtui.cli import complaints, output
from kbtui.cli.options import AllowPersonal, Base, Json, Mask, Name, Ticket
from kbtui.cli.session import consent, session_of
from kbtui.cli.suggesting import command
from kbtui.cli.writing import report_capture
from kbtui.entry.text import counted
from kbtui.errors import ExitCode, RefusedError, UsageError
from kbtui.knowledge import Knowledge

if TYPE_CHECKING:
    from kbtui.verbs.reuse import Noted

_Words = Annotated[list[str] | None, typer.Argument(metavar="WORDS", help="The caller's own words.")]


def used(
    context: typer.Context,
    name: Name,
    query: Annotated[str, typer.Option("--query", metavar="WORDS", help="The words that found it.")] = "",
    ticket: Ticket = "",
    mask: Mask = False,
    allow_personal: AllowPersonal = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    knowledge = session_of(context, kb).writing(consent(mask, allow_personal))
    report_noted(knowledge, knowledge.used(name, query, ticket), json)


def flag(
    context: typer.Context,
    name: Name,
    typed: Annotated[list[str] | None, typer.Argument(metavar="REASON", help="What was wrong, in one line.")] = None,
    close: Annotated[bool, typer.Option("--close", help="It is mended: close the flags that are open.")] = False,
    mask: Mask = False,
    allow_personal: AllowPersonal = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    reason = " ".join(typed or ())
    if close == bool(typed):
        raise UsageError("A flag is either raised or closed.", "Give a reason in one line, or --close.")
    knowledge = session_of(context, kb).writing(consent(mask, allow_personal))
    report_noted(knowledge, knowledge.close_flags(name) if close else knowledge.flag(name, reason), json)


def thank(
    context: typer.Context,
    name: Name,
    typed: Annotated[list[str] | None, typer.Argument(metavar="WORDS", help="What you would like to say.")] = None,
    mask: Mask = False,
    allow_personal: AllowPersonal = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    knowledge = session_of(context, kb).writing(consent(mask, allow_personal))
    report_noted(knowledge, knowledge.thank(name, " ".join(typed or ())), json)


def join_question(
    context: typer.Context,
    name: Name,
    typed: _Words = None,
    ticket: Ticket = "",
    mask: Mask = False,
    allow_personal: AllowPersonal = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    knowledge = session_of(context, kb).writing(consent(mask, allow_personal))
    report_noted(knowledge, knowledge.join(name, " ".join(typed or ()), ticket), json)


def same_as(
    context: typer.Context,
    name: Name,
    typed: Annotated[list[str], typer.Argument(metavar="WORDS", help="The caller's own words.")],
    ticket: Ticket = "",
    mask: Mask = False,
    allow_personal: AllowPersonal = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    knowledge = session_of(context, kb).writing(consent(mask, allow_personal))
    report_capture(knowledge, knowledge.same_as(name, " ".join(typed), ticket), json)


def same_question(
    context: typer.Context,
    name: Name,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The question that asks the same.")],
    mask: Mask = False,
    allow_personal: AllowPersonal = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    knowledge = session_of(context, kb).writing(consent(mask, allow_personal))
    report_capture(knowledge, knowledge.same_question(name, other), json)


def news(
    context: typer.Context,
    mark_seen: Annotated[bool, typer.Option("--mark-seen", help="Begin anew from here the next time.")] = False,
    acknowledge: Annotated[
        str, typer.Option("--acknowledge", metavar="ENTRY", help="Say that you have read a must-read.")
    ] = "",
    json: Json = False,
    kb: Base = None,
) -> None:
    session = session_of(context, kb)
    if acknowledge:
        knowledge = session.writing()
        report_read(knowledge, acknowledge, json)
        return
    knowledge = session.knowledge()
    found = knowledge.news()
    if json:
        output.as_json(found)
    else:
        from kbtui.cli.shift_words import news_lines

        for line in news_lines(found):
            output.say(line)
    if mark_seen:
        knowledge.mark_seen(found)


def report_read(knowledge: Knowledge, name: str, json: bool) -> None:
    """Print what everybody must read and note that it has been read: these words, and no others (F48).

    A program that asks for JSON shows them itself.
    """
    from kbtui.cli.words import entry_lines
    from kbtui.entry.reading import words_read
    from kbtui.team.shift import is_must_read

    entry = knowledge.get(name)
    if not json and is_must_read(entry.tags, entry.state):
        for line in entry_lines(entry, knowledge.asker(), knowledge.demand(entry), None):
            output.say(line)
        output.say()
    report_noted(knowledge, knowledge.acknowledge(entry.path, words_read(entry)), json)


def report_noted(knowledge: Knowledge, noted: Noted, json: bool) -> None:
    """Say what was noted; an event that waits for git is safe, but the exit code says so."""
    settled = knowledge.settle_events()
    if json:
        output.as_json(
            {
                "noted": noted.words,
                "kind": noted.kind,
                "id": noted.entry,
                "offer": noted.offer,
                "to": noted.to,
                "demand": noted.demand,
                "is_committed": not settled.waiting,
            }
        )
    else:
        output.say(noted.words)
        if noted.offer:
            output.say(f"New words for it. Add them: {command('same-as', noted.entry, noted.offer)}")
    if settled.waiting:
        complaints.tell(f"kbtui: safe on this computer; shared as soon as that is over: {settled.waiting_for}.")
        raise typer.Exit(ExitCode.WAITING)


def copy(context: typer.Context, name: Name, json: Json = False, kb: Base = None) -> None:
    from kbtui.clipboard import copy as to_clipboard
    from kbtui.entry.say_this import say_this

    session = session_of(context, kb)
    entry = session.knowledge().get(name)
    text = say_this(entry.answer)
    if not text:
        raise RefusedError("There is nothing to copy yet: nobody has answered this.", f"kbtui answer {entry.id}")
    copied = to_clipboard(text, session.environment)
    if json:
        output.as_json({"id": entry.id, "text": text, "copied": copied.is_certain})
        return
    output.say(text)
    if copied.is_certain:
        complaints.tell(f"{copied.words}.")


def trust(context: typer.Context, name: Name, json: Json = False, kb: Base = None) -> None:
    entry, said = session_of(context, kb).knowledge().trust(name)
    if json:
        output.as_json(
            {
                "id": entry.id,
                "state": entry.state,
                "reasons": said.reasons,
                "ground": said.ground,
                "commit": said.commit,
                "uses": said.uses,
            }
        )
        return
    for line in (f"{entry.question} ({entry.state.words})", *said.reasons):
        output.say(line)


def links(context: typer.Context, name: Name, json: Json = False, kb: Base = None) -> None:
    knowledge = session_of(context, kb).knowledge()
    entry = knowledge.get(name)
    found = knowledge.linked(entry)
    if json:
        output.as_json({"id": entry.id, "entries": found})
        return
    for card in found:
        output.say(f"{card.state.sign} {card.question}  ({card.state.words}) · {card.id}")
    output.say(counted(len(found), "entry"))


COMMANDS: dict[actions.Action, Callable[..., None]] = {
    actions.COPY: copy,
    actions.TRUST: trust,
    actions.LINKS: links,
    actions.USED: used,
    actions.FLAG: flag,
    actions.THANK: thank,
    actions.JOIN: join_question,
    actions.SAME_AS: same_as,
    actions.SAME_QUESTION: same_question,
    actions.NEWS: news,
}
