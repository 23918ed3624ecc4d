"""Commands that share with the team: sync, join."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from kbtui import actions
from kbtui.cli import complaints, output
from kbtui.cli.options import Base, Json
from kbtui.cli.session import session_of
from kbtui.entry.text import counted
from kbtui.errors import ExitCode, UsageError
from kbtui.verbs.pace import CHANCE, USUAL_WAIT, next_wait

if TYPE_CHECKING:
    from kbtui.knowledge import Knowledge
    from kbtui.verbs.sharing import Shared, SharingStatus

_LOOK_AGAIN = 2.0
"""Seconds between two looks at how sharing stands; nothing but this computer is asked."""

_EXIT_CODES = {"waiting": ExitCode.WAITING, "busy": ExitCode.WAITING, "sign-in": ExitCode.WAITING, "lead": ExitCode.GIT}


def sync(
    context: typer.Context,
    watch: Annotated[bool, typer.Option("--watch", help="Go on until Ctrl+C; with --status: say it again.")] = False,
    status: Annotated[bool, typer.Option("--status", help="Say how sharing stands, and share nothing.")] = False,
    accept_deletions: Annotated[
        bool, typer.Option("--accept-deletions", help="Let a change through that takes very many entries away.")
    ] = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    if accept_deletions and (watch or status):
        raise UsageError("Deletions are let through by one sync.", "Give --accept-deletions by itself.")
    knowledge = session_of(context, kb).knowledge(fresh=False)
    if status and not watch:
        _tell_status(knowledge.sync_status(), json)
        return
    if watch:
        with _ended_by_ctrl_c():
            (_watch_status if status else _watch)(knowledge, json)
        return
    shared = knowledge.sync(may_delete=accept_deletions, is_asked=True)
    _tell(shared, json)
    if code := _EXIT_CODES.get(shared.outcome):
        raise typer.Exit(code)


def _watch(knowledge: Knowledge, json: bool) -> None:
    """Share again and again; say only what is different from the last time."""
    said, usual = None, USUAL_WAIT
    while True:
        shared = knowledge.sync()
        now = (shared.words, shared.reason)
        if now != said or shared.sent or shared.received:
            _tell(shared, json)
        said, usual = now, next_wait(usual, shared.outcome)
        time.sleep(usual * random.uniform(*CHANCE))  # noqa: S311 - so that computers do not ask all at once


def _watch_status(knowledge: Knowledge, json: bool) -> None:
    """Say how sharing stands, and again whenever that is different; whoever else shares on this computer does it."""
    said = None
    while True:
        found = knowledge.sync_status()
        now = replace(found, last_shared=None)  # a sync that shared nothing is no news
        if now != said:
            _tell_status(found, json)
        said = now
        time.sleep(_LOOK_AGAIN)


@contextmanager
def _ended_by_ctrl_c() -> Iterator[None]:
    """Let Ctrl+C be the way to end what goes on by itself."""
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(ExitCode.OK) from None


def _tell(shared: Shared, json: bool) -> None:
    if json:
        output.as_json(shared)
        return
    output.say(shared.words)
    if shared.sent or shared.received:
        sent, received = (counted(each, "entry") for each in (shared.sent, shared.received))
        output.say(f"{sent} went to the team, {received} came")
    if shared.waiting:
        output.say(f"{shared.waiting} waiting")
    for path in shared.variants:
        output.say(f"Two versions: {path}")
    for path in shared.vanished:
        output.say(f"Gone on the host: {path}")
    for words in (shared.reason, shared.hint):
        if words:
            complaints.tell(f"kbtui: {words}")


def _tell_status(found: SharingStatus, json: bool) -> None:
    if json:
        output.as_json(found)
        return
    is_waiting = found.waiting and found.outcome == "shared"
    output.say(f"{found.waiting} waiting to be shared" if is_waiting else found.words)
    output.say(f"Last shared: {found.last_shared:%Y-%m-%d %H:%M} UTC" if found.last_shared else "Not shared yet")
    if not is_waiting:
        output.say(f"{found.waiting} waiting")
    for words in (found.reason, found.hint if found.outcome != "alone" else ""):
        if words:
            complaints.tell(f"kbtui: {words}")


def join(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="The address your lead gave you.")],
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="Where to have it; a new folder.")] = None,
    json: Json = False,
) -> None:
    from kbtui.join import join as join_base

    session = session_of(context)
    fetching, reading = complaints.ProgressLine("Received, in KB:"), complaints.ProgressLine("Reading entries:")

    def stage(words: str) -> None:
        fetching.end()
        if not json:
            complaints.tell(f"{words} ...")

    try:
        with _ended_like_ctrl_c():
            joined = join_base(
                url, folder, session.current, session.environment, stage, reading, lambda size: fetching(size // 1000)
            )
    except KeyboardInterrupt:
        fetching.end()
        complaints.tell("kbtui: Stopped; nothing is left behind.")
        raise typer.Exit(ExitCode.TROUBLE) from None
    finally:
        fetching.end()
        reading.end()
    if json:
        output.as_json(joined)
        return
    output.say(f"{joined.root} is your team's base with {counted(joined.entries, 'entry')}.")
    if not joined.person:
        output.say('Say your name once: kbtui me "Your Name"')
    output.say(f'Open it with: kbtui --kb "{joined.root}"')


@contextmanager
def _ended_like_ctrl_c() -> Iterator[None]:
    """Let a closed terminal and a system that shuts down end things as Ctrl+C does: what is half done is taken away."""

    def end(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), end) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


COMMANDS: dict[actions.Action, Callable[..., None]] = {actions.SYNC: sync, actions.JOIN_BASE: join}
