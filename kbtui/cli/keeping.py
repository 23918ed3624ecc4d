"""Commands that look after a base: me, check, reindex, hooks, doctor, init, demo, hook."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from kbtui import actions
from kbtui.bases import find_base
from kbtui.cli import complaints, output
from kbtui.cli.options import Base, Json
from kbtui.cli.session import Session, session_of
from kbtui.cli.shift_words import helped_line
from kbtui.config import parse_person, read_user
from kbtui.entry.decision import same
from kbtui.entry.model import Severity
from kbtui.entry.text import counted
from kbtui.errors import ExitCode, KbError, NoBaseError, RefusedError, UsageError
from kbtui.knowledge import Knowledge
from kbtui.open import remember_person, remember_role
from kbtui.paths import places
from kbtui.store.calls import NO_CALL, Call


def me(
    context: typer.Context,
    typed: Annotated[list[str] | None, typer.Argument(metavar="NAME", help='Such as "Ana Kovacs".')] = None,
    role: Annotated[str, typer.Option("--role", help="What you are here, as authority cards name it.")] = "",
    json: Json = False,
    kb: Base = None,
) -> None:
    session = session_of(context, kb)
    if role:
        remember_role(_role_of_team(session, role), session.environment)
    person = remember_person(" ".join(typed), session.environment) if typed else _known_person(session)
    helped = _helped(session) if person else None
    known_role = read_user(places(session.environment).config_file).role
    if json:
        output.as_json({"person": person, "role": known_role, "helped_this_week": helped})
        return
    output.say(str(person) if person else 'Nobody yet. Say it once: kbtui me "Your Name"')
    if known_role:
        output.say(f"Role: {known_role}")
    if helped:
        output.say(f"{helped_line(helped)} More: kbtui credit --me")


def _helped(session: Session) -> int | None:
    """Return how many calls the person's words helped this week; None without a base, or where that cannot be read."""
    try:
        return session.knowledge().helped()
    except KbError:
        return None


def _role_of_team(session: Session, role: str) -> str:
    """Return the role as the team writes it; without a base at hand, as it was typed.

    Raises:
        RefusedError: the team has no such role.
    """
    try:
        roles = session.knowledge(fresh=False).team.roles
    except NoBaseError:
        return role
    known = next((each for each in roles if same(each, role)), None)
    if known is None:
        raise RefusedError(f"{role!r} is no role of this team.", f"Use one of: {', '.join(roles) or 'none yet'}.")
    return known


def _known_person(session: Session) -> object:
    """Return who writes here; without a base, who uses this account."""
    try:
        return session.knowledge(fresh=False).person()
    except NoBaseError:
        text = session.environment.get("KBTUI_PERSON")
        return parse_person(text) if text else read_user(places(session.environment).config_file).person


def check(
    context: typer.Context,
    annotate: Annotated[
        str, typer.Option("--annotate", metavar="HOST", help="Print what github or gitlab shows on a pull request.")
    ] = "",
    since: Annotated[
        str,
        typer.Option(
            "--since",
            metavar="REV",
            help="Name the confirmations, too, that no longer hold in what has changed since this branch or commit.",
        ),
    ] = "",
    json: Json = False,
    kb: Base = None,
) -> None:
    session = session_of(context, kb)
    knowledge = session.knowledge(fresh=False)
    if annotate:
        _annotate(knowledge, annotate, since, session.environment)
        return
    found = knowledge.check(with_confirmations=bool(since), since=since)
    errors = sum(finding.severity is Severity.ERROR for finding in found)
    if json:
        output.as_json({"errors": errors, "notes": len(found) - errors, "findings": found})
    else:
        for finding in found:
            output.say(f"{finding.path}:{finding.line}: {finding.severity}: {finding.reason}")
        output.say(f"{counted(errors, 'error')}, {counted(len(found) - errors, 'note')}")
    if errors:
        raise typer.Exit(ExitCode.PROBLEMS)


def _annotate(knowledge: Knowledge, host: str, since: str, environment: Mapping[str, str]) -> None:
    """Print the findings, and the confirmations that no longer hold, for a host; errors end with an exit code.

    Confirmations of the change under review: since what was named, else since what the host says a pull
    request is for. Where a host's word cannot be followed, that is said, and every confirmation is named.
    """
    from kbtui.cli.annotations import base_revision, github_lines, gitlab_report, require_host

    require_host(host)
    usual = "" if since else base_revision(environment)
    try:
        found = knowledge.check(with_confirmations=True, since=since or usual)
    except RefusedError as error:
        if since:
            raise
        complaints.tell(f"kbtui: {error.message} So every confirmation that no longer holds is named. {error.hint}")
        found = knowledge.check(with_confirmations=True)
    if host == "gitlab":
        output.as_json(gitlab_report(found, knowledge.prefix))
    else:
        for line in github_lines(found, knowledge.prefix):
            output.say(line)
    if any(finding.severity is Severity.ERROR for finding in found):
        raise typer.Exit(ExitCode.PROBLEMS)


def reindex(context: typer.Context, json: Json = False, kb: Base = None) -> None:
    progress = complaints.ProgressLine("Reading entries:")
    report = session_of(context, kb).knowledge(fresh=False).reindex(progress)
    progress.end()
    if json:
        output.as_json(report)
    else:
        output.say(f"{counted(report.total, 'entry')} indexed")
        for path, reason in report.passed_over:
            output.say(f"passed over {path}: {reason}")


def hooks(
    context: typer.Context,
    what: Annotated[
        str, typer.Argument(metavar="install|remove|status", help="What to do; status changes nothing.")
    ] = ("status"),
    json: Json = False,
    kb: Base = None,
) -> None:
    from kbtui.hooks import install, look, remove

    deeds = {"install": install, "remove": remove, "status": look}
    if what not in deeds:
        raise UsageError(f"{what!r} is nothing to do with hooks.", f"Use one of: {', '.join(deeds)}.")
    session = session_of(context, kb)
    installed = deeds[what](session.root(), session.environment)
    report = installed.hooks
    if json:
        output.as_json(
            {
                "folder": report.folder,
                "states": report.states,
                "is_own_folder": report.is_own_folder,
                "merges_entries": installed.merges_entries,
            }
        )
        return
    for name, state in report.states.items():
        output.say(f"{name}: {state}")
    output.say(f"entries merged value by value in plain git: {'live' if installed.merges_entries else 'off'}")
    output.say(f"git looks for hooks in {report.folder}.")
    if not report.all_live:
        output.say("Saving and search work without them. To run kbtui's after what is there: kbtui hooks install")


def doctor(
    context: typer.Context,
    fix: Annotated[bool, typer.Option("--fix", help="Mend first what is safe to mend.")] = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    from kbtui.doctor import examine

    session = session_of(context, kb)
    mended = _mended(session) if fix else []
    examined = examine(session.root(), session.environment)
    if json:
        output.as_json({"examined": examined, "mended": mended})
    else:
        for words in mended:
            output.say(f"mended: {words}")
        for item in examined:
            output.say(f"{'ok' if item.is_ok else 'TROUBLE'}  {item.name}: {item.words}")
            if item.hint:
                output.say(f"    {item.hint}")
    if not all(item.is_ok for item in examined):
        raise typer.Exit(ExitCode.PROBLEMS)


def _mended(session: Session) -> list[str]:
    from kbtui.mending import mend

    return mend(session.root(), session.environment)


def init(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="New, empty, or full of Markdown.")],
    empty: Annotated[bool, typer.Option("--empty", help="Do not put the starter entries into a new folder.")] = False,
    name: Annotated[str, typer.Option("--name", help="What the team calls it.")] = "",
    json: Json = False,
) -> None:
    from kbtui.create import init as make

    session = session_of(context)
    created = make(session.current / folder, session.environment, with_starter=not empty, name=name)
    if json:
        output.as_json(created)
        return
    output.say(f"{created.root} is a knowledge base with {counted(created.entries, 'entry')}.")
    if created.added:
        output.say(f"Added and committed: {_some(created.added)}")
    for note in created.notes:
        output.say(note)
    output.say(f'Open it with: kbtui --kb "{folder}"')


def _some(paths: tuple[str, ...]) -> str:
    return ", ".join(paths) if len(paths) <= 6 else f"{len(paths)} files, the starter entries among them"


def demo(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="Where to have it.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Put the old one aside and begin again.")] = False,
    open_it: Annotated[bool, typer.Option("--open/--no-open", help="Open it on the screen.")] = True,
    json: Json = False,
) -> None:
    from kbtui.create import demo as make

    session = session_of(context)
    root = make(session.environment, session.current / folder if folder else None, fresh=fresh)
    if json:
        output.as_json({"root": str(root)})
    elif open_it and sys.stdout.isatty() and sys.stdin.isatty():
        open_screen(session.named(str(root)))
    else:
        output.say(f"The demonstration base is in {root}")
        output.say(f'Open it with: kbtui --kb "{root}"')


def hook(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The hook's name, as git calls it.")],
    given: Annotated[list[str] | None, typer.Argument(metavar="[BASE OURS THEIRS PATH]", help="To be merged.")] = None,
    kb: Base = None,
) -> None:
    from kbtui import hooks

    session = session_of(context, kb)
    if name == hooks.MERGE and given and len(given) == 4:
        base, ours, theirs = (session.current / file for file in given[:3])
        if not hooks.merge_sides(session.root(), session.environment, hooks.Sides(base, ours, theirs, given[3])):
            raise typer.Exit(ExitCode.PROBLEMS)
    elif name == hooks.BEFORE_COMMIT:
        refusals = hooks.before_commit(session.root(), session.environment)
        for refusal in refusals:
            complaints.tell(f"{refusal.path}:{refusal.line}: {refusal.severity}: {refusal.reason}")
        if any(refusal.severity is Severity.ERROR for refusal in refusals):
            complaints.tell(
                "kbtui: mend these errors, or commit with --no-verify. A card number must not be committed."
            )
            raise typer.Exit(ExitCode.PROBLEMS)
    elif name in hooks.BACKGROUND:
        output.say(hooks.after_change(session.root(), session.environment))
    else:
        raise UsageError(f"There is no hook {name!r}.", f"Hooks: {', '.join((*hooks.BACKGROUND, 'pre-commit'))}.")


def open_screen(session: Session, call: Call = NO_CALL) -> None:
    """Open the window on the base of this session, on what is known of a call."""
    from kbtui.tui.app import run

    root = find_base(session.base, session.environment, session.current)
    if code := run(root, session.environment, call):
        raise typer.Exit(code)


COMMANDS: dict[actions.Action, Callable[..., None]] = {
    actions.ME: me,
    actions.CHECK: check,
    actions.REINDEX: reindex,
    actions.HOOKS: hooks,
    actions.DOCTOR: doctor,
    actions.INIT: init,
    actions.DEMO: demo,
    actions.HOOK: hook,
}
