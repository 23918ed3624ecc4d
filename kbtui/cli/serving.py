"""The command that shows the screen in a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from kbtui import actions
from kbtui.cli import complaints, output
from kbtui.cli.options import Base, Json
from kbtui.cli.session import session_of
from kbtui.serve.door import LOOPBACK, PORT, open_door


def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Where to listen; 0 takes a free one.")] = PORT,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Who may come: read the warning.")] = LOOPBACK,
    json: Json = False,
    kb: Base = None,
) -> None:
    session = session_of(context, kb)
    root = session.root()
    title = session.knowledge(fresh=False).team.name
    door = open_door(host, port)
    if not door.is_loopback:
        complaints.tell("Warning: whoever reaches this port reads everything here and writes under your name.")
        complaints.tell("There is no password, and nothing is encrypted on its way. Ctrl+C ends it.")
    if json:
        output.as_json({"address": door.address, "base": root, "is_loopback": door.is_loopback})
    else:
        output.say(f"Open {door.address} in a browser. Ctrl+C ends it.")
    from kbtui.serve.server import serve as run

    run(root, title, door)


COMMANDS: dict[actions.Action, Callable[..., None]] = {actions.SERVE: serve}
