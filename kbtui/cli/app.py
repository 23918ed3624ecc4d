"""The line mode's front door: joins the commands, turns errors into sentences and exit codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from kbtui import __version__, actions
from kbtui.bases import current_folder
from kbtui.cli import complaints, output
from kbtui.cli.options import Base
from kbtui.cli.sections import Sections
from kbtui.cli.session import Session
from kbtui.errors import ExitCode, KbError
from kbtui.store.calls import call_of

_HELP = """The knowledge base your team writes while it takes its calls.

Without a command, opens the screen: type the caller's words and read the answer.
Which knowledge base: --kb DIR, else KBTUI_KB, else the current folder or one above it,
else the one named in your settings.
"""
_ROOMS = {
    "kbtui.cli.finding": (
        actions.SEARCH,
        actions.SIMILAR,
        actions.SHOW,
        actions.LIST,
        actions.DUPLICATES,
        actions.HISTORY,
        actions.CREDIT,
    ),
    "kbtui.cli.deciding": (actions.MAY,),
    "kbtui.cli.writing": (
        actions.NEW,
        actions.ASK,
        actions.ANSWER,
        actions.EDIT,
        actions.CONFIRM,
        actions.DRAFTS,
    ),
    "kbtui.cli.changing": (actions.UNDO, actions.ARCHIVE, actions.RESTORE),
    "kbtui.cli.choosing": (actions.VARIANTS, actions.RESOLVE),
    "kbtui.cli.sharing": (actions.SYNC, actions.JOIN_BASE),
    "kbtui.cli.using": (
        actions.USED,
        actions.FLAG,
        actions.THANK,
        actions.JOIN,
        actions.SAME_AS,
        actions.SAME_QUESTION,
        actions.NEWS,
        actions.COPY,
        actions.TRUST,
        actions.LINKS,
    ),
    "kbtui.cli.reviewing": (
        actions.REVIEW,
        actions.DIFF,
        actions.SPOT_CHECK,
        actions.COACH,
        actions.CLOSE_FLAGS,
        actions.MERGE,
        actions.OWNER,
        actions.CHECK_BY,
    ),
    "kbtui.cli.purging": (actions.PURGE,),
    "kbtui.cli.improving": (actions.IDEA, actions.IDEAS, actions.MOVE_IDEA),
    "kbtui.cli.learning": (actions.MISSES, actions.SAMPLE, actions.HEALTH, actions.MEETING),
    "kbtui.cli.shift": (actions.ACKNOWLEDGE, actions.UNREAD, actions.WHO_KNOWS, actions.SEND),
    "kbtui.cli.drilling": (actions.DRILL,),
    "kbtui.cli.serving": (actions.SERVE,),
    "kbtui.cli.keeping": (
        actions.ME,
        actions.CHECK,
        actions.REINDEX,
        actions.HOOKS,
        actions.DOCTOR,
        actions.INIT,
        actions.DEMO,
        actions.HOOK,
    ),
}
"""Which module holds which commands: a module is loaded when one of its commands is asked for."""

_FREE_TEXT = (
    actions.SEARCH,
    actions.SIMILAR,
    actions.ASK,
    actions.MAY,
    actions.FLAG,
    actions.THANK,
    actions.JOIN,
    actions.SAME_AS,
    actions.COACH,
    actions.IDEA,
    actions.SEND,
)


def build(environment: Mapping[str, str], current: Path, typed: Sequence[str] = ()) -> typer.Typer:
    """Return the application with its commands, in the order of `kbtui.actions`.

    Args:
        environment: the process's environment, as it was at the start.
        current: the current folder.
        typed: the arguments. If they name a command, only that one is loaded: a rep waits for it.
    """
    app = typer.Typer(
        name="kbtui",
        cls=Sections,
        no_args_is_help=False,
        invoke_without_command=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback(help=_HELP)
    def start(
        context: typer.Context,
        kb: Base = None,
        query: Annotated[str, typer.Option("--query", metavar="WORDS", help="Open the screen on this search.")] = "",
        ticket: Annotated[str, typer.Option("--ticket", metavar="ID", help="The call's ticket, with --query.")] = "",
        version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    ) -> None:
        context.obj = Session(environment, current, kb or "")
        if version:
            output.say(f"kbtui {__version__}")
        elif context.invoked_subcommand is None:
            from kbtui.cli.keeping import open_screen

            open_screen(context.obj, call_of(query, ticket))

    for action, command in _commands(typed):
        # what a caller says may begin with a dash; it is still a word
        settings = {"ignore_unknown_options": True} if action in _FREE_TEXT else {}
        hidden = action is actions.HOOK
        app.command(action.command, help=action.help, hidden=hidden, context_settings=settings)(command)
    return app


def _commands(typed: Sequence[str]) -> list[tuple[actions.Action, Callable[..., None]]]:
    """Return the command that was typed, or all of them where none was."""
    name = _command_name(typed)
    with_command = [action for action in actions.ALL if action.command]
    chosen = [action for action in with_command if action.command == name] or with_command
    rooms = {action: next(room for room, owned in _ROOMS.items() if action in owned) for action in chosen}
    return [(action, import_module(room).COMMANDS[action]) for action, room in rooms.items()]


def _command_name(typed: Sequence[str]) -> str:
    """Return the first word that is neither an option nor what belongs to one."""
    words = iter(typed)
    for word in words:
        if word in ("--kb", "--query", "--ticket"):
            next(words, None)
        elif not word.startswith("-"):
            return word
    return ""


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run one command and return its exit code.

    Args:
        arguments: what was typed after the program's name.
        environment: the process's environment, as it was at the start.
    """
    try:
        build(environment, current_folder(), arguments)(list(arguments), prog_name="kbtui", standalone_mode=True)
    except KbError as error:
        return complaints.complain(error)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else ExitCode.OK
    return ExitCode.OK
