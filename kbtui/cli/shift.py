"""Commands for one's own shift: acknowledge, unread, who-knows, send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from kbtui import actions
from kbtui.cli import output, shift_words
from kbtui.cli.options import AllowPersonal, Base, Json, Mask, Name
from kbtui.cli.session import consent, session_of
from kbtui.cli.using import report_noted, report_read


def acknowledge(context: typer.Context, name: Name, json: Json = False, kb: Base = None) -> None:
    knowledge = session_of(context, kb).writing()
    report_read(knowledge, name, json)


def unread(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="[ENTRY]", help="One entry; else every must-read.")] = "",
    json: Json = False,
    kb: Base = None,
) -> None:
    found = session_of(context, kb).knowledge().unread(name)
    if json:
        output.as_json({"entries": found})
        return
    for line in shift_words.unread_lines(found):
        output.say(line)


def who_knows(context: typer.Context, name: Name, json: Json = False, kb: Base = None) -> None:
    knowledge = session_of(context, kb).knowledge()
    entry = knowledge.get(name)
    found = knowledge.who_knows(name)
    if json:
        output.as_json({"id": entry.id, "question": entry.question, "people": found})
        return
    output.say(entry.question)
    for line in shift_words.knower_lines(found, entry.id):
        output.say(line)


def send(
    context: typer.Context,
    name: Name,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Their name, as it stands under entries.")],
    typed: Annotated[list[str] | None, typer.Argument(metavar="WORDS", help="What you would like to say.")] = None,
    mask: Mask = False,
    allow_personal: AllowPersonal = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    knowledge = session_of(context, kb).writing(consent(mask, allow_personal))
    report_noted(knowledge, knowledge.send(name, person, " ".join(typed or ())), json)


COMMANDS: dict[actions.Action, Callable[..., None]] = {
    actions.ACKNOWLEDGE: acknowledge,
    actions.UNREAD: unread,
    actions.WHO_KNOWS: who_knows,
    actions.SEND: send,
}
