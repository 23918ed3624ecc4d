"""Commands that take back: undo, archive, restore."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from kbtui import actions
from kbtui.cli.options import Base, Json, Name
from kbtui.cli.session import session_of
from kbtui.cli.using import report_noted
from kbtui.cli.writing import report, report_capture


def undo(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="[ENTRY]", help="An id or a file; what you did last if left out.")
    ] = "",
    json: Json = False,
    kb: Base = None,
) -> None:
    knowledge = session_of(context, kb).writing()
    if not name and (noted := knowledge.unmark_last()):
        report_noted(knowledge, noted, json)
    else:
        report_capture(knowledge, knowledge.undo(name), json)


def archive(
    context: typer.Context,
    name: Name,
    replaced_by: Annotated[
        str, typer.Option("--replaced-by", metavar="ENTRY", help="The entry that says it now.")
    ] = "",
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Kept in the internal notes.")] = "",
    json: Json = False,
    kb: Base = None,
) -> None:
    report(session_of(context, kb).writing().archive(name, replaced_by, reason), json)


def restore(context: typer.Context, name: Name, json: Json = False, kb: Base = None) -> None:
    report(session_of(context, kb).writing().restore(name), json)


COMMANDS: dict[actions.Action, Callable[..., None]] = {
    actions.UNDO: undo,
    actions.ARCHIVE: archive,
    actions.RESTORE: restore,
}
