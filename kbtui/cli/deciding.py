"""The command that says who may decide: may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from kbtui import actions
from kbtui.cli import complaints, output, words
from kbtui.cli.options import Base, Json
from kbtui.cli.session import session_of
from kbtui.errors import ExitCode, NoSuchEntryError


def may(
    context: typer.Context,
    typed: Annotated[list[str], typer.Argument(metavar="WORDS", help='What you want to do, such as "refund 80".')],
    role: Annotated[str, typer.Option("--role", help="For this role; else yours, else the team's lowest.")] = "",
    json: Json = False,
    kb: Base = None,
) -> None:
    knowledge = session_of(context, kb).knowledge()
    text = " ".join(typed)
    asker = knowledge.asker(role)
    ruling = knowledge.ruling(text, role)
    if ruling is None:
        lead = knowledge.lead_to_ask()
        if json:
            output.as_json({"request": text, "role": asker.role, "decision": None, "ask": lead})
        complaints.complain(NoSuchEntryError(f"No authority card is about {text!r}.", f"Ask {lead}."))
        raise typer.Exit(ExitCode.NOT_FOUND)
    if json:
        others = [{"id": card.id, "path": card.path, "question": card.question} for card in ruling.others]
        answer = {"request": text, "role": asker.role, "decision": ruling.decision}
        output.as_json(answer | {"summary": ruling.decision.summary, "card": ruling.card, "others": others})
        return
    for line in words.ruling_lines(ruling, asker):
        output.say(line)


COMMANDS: dict[actions.Action, Callable[..., None]] = {actions.MAY: may}
