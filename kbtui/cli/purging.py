"""The command for after a leak: purge. It shows first, and does only what --yes says."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kbtui import actions
from kbtui.cli import complaints, output
from kbtui.cli.options import Base, Json
from kbtui.cli.session import read_input, session_of
from kbtui.entry.text import counted
from kbtui.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from kbtui.purge import Report, Target

_SHOWN = 20


def purge(
    context: typer.Context,
    entry: Annotated[str, typer.Argument(metavar="[ENTRY]", help="An entry that goes, with all its versions.")] = "",
    file: Annotated[str, typer.Option("--file", metavar="PATH", help="A file in the base that goes.")] = "",
    text: Annotated[bool, typer.Option("--text", help="Words that go; they are read, never typed here.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it. Without this, only say what would be done.")] = False,
    backup: Annotated[
        Path | None, typer.Option("--backup", metavar="FILE", help="Keep all branches as they were in this file.")
    ] = None,
    done: Annotated[bool, typer.Option("--done", help="The host has the new history: share again.")] = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    from kbtui import purge as purging

    session = session_of(context, kb)
    if done:
        was_held = purging.done(session.root(), session.environment)
        output.say("This computer shares again." if was_held else "Sharing was not held back.")
        return
    target = _target(entry, file, text)
    if yes:
        report = purging.carry_out(session.root(), session.environment, target, backup)
    else:
        report = purging.examine(session.root(), session.environment, target)
    if json:
        output.as_json(report)
    else:
        for line in _lines(report, is_done=yes):
            output.say(line)
    if report.left > 0:
        left = counted(report.left, "object in git's store still holds", "objects in git's store still hold")
        complaints.tell(f"kbtui: {left} it; see docs/purge.md.")
        raise typer.Exit(ExitCode.PROBLEMS)


def _target(entry: str, file: str, text: bool) -> Target:
    from kbtui.purge import Target

    if [bool(entry), bool(file), text].count(True) != 1:
        raise UsageError("Say what must go.", "One of: ENTRY, --file PATH, --text (the words are then read).")
    return Target(text=_words() if text else "", entry=entry, file=file)


def _words() -> str:
    """Return the words that must go: typed unseen on a terminal, else from standard input."""
    if sys.stdin.isatty():
        return getpass.getpass("The words that must go (not shown): ")
    return read_input("the words that must go")


def _lines(report: Report, *, is_done: bool) -> Iterator[str]:
    if report.is_nothing:
        yield "It stands nowhere in this base, its history, or beside it on this computer."
        return
    word = "were" if is_done else "would be"
    hold = counted(report.objects, "object in git's store holds", "objects in git's store hold")
    yield f"{hold} it, {report.unreachable} of them in no branch."
    one = "commit was" if is_done else "commit would be"
    yield f"{counted(len(report.commits), one, f'commits {word}')} made anew; authors, dates and trailers stay."
    for title, found in (
        (f"Refs that {'moved' if is_done else 'would move'}", report.refs),
        (f"In git's index, {word} cleaned", report.staged),
        (f"Files that {word} cleaned or taken away", report.files),
        (f"Beside the base, {word} cleaned or taken away", report.beside),
        (f"In git's folder, {word} taken away", report.leftovers),
        ("For you to see to by hand", report.by_hand),
    ):
        yield from _listed(title, found)
    yield "Reflogs, the search index, counts and credit are made anew." if is_done else _NOT_YET
    yield "Now, by hand:" if is_done else "Then, by hand:"
    yield from (f"  {number}. {step}" for number, step in enumerate(report.steps, 1))


_NOT_YET = (
    "Nothing was changed. Before you go on, make a backup on a disk that only you can read (--backup FILE);\n"
    "it holds what must go, so delete it once everything is checked. Then do the same again with --yes."
)


def _listed(title: str, found: tuple[str, ...]) -> Iterator[str]:
    if found:
        more = f" ({_SHOWN} of {len(found)}; all of them with --json)" if len(found) > _SHOWN else ""
        yield f"{title}{more}:"
        yield from (f"  {each}" for each in found[:_SHOWN])


COMMANDS: dict[actions.Action, Callable[..., None]] = {actions.PURGE: purge}
