"""Commands about ideas: idea, ideas, idea-move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from kbtui import actions
from kbtui.cli import complaints, output
from kbtui.cli.options import AllowPersonal, Base, Json, Mask
from kbtui.cli.session import consent, session_of
from kbtui.entry.text import counted
from kbtui.errors import ExitCode, UsageError
from kbtui.knowledge import Knowledge
from kbtui.team.ideas import Idea, Stage, in_practice

if TYPE_CHECKING:
    from kbtui.verbs.ideas import MovedIdea

_SHORT = 8


def idea(
    context: typer.Context,
    typed: Annotated[list[str], typer.Argument(metavar="WORDS", help="The idea, in one line.")],
    entry: Annotated[str, typer.Option("--entry", metavar="ENTRY", help="The entry it starts from.")] = "",
    mask: Mask = False,
    allow_personal: AllowPersonal = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    knowledge = session_of(context, kb).writing(consent(mask, allow_personal))
    _moved(knowledge, knowledge.raise_idea(" ".join(typed), entry), json)


def ideas(
    context: typer.Context,
    stage: Annotated[str, typer.Option("--stage", help="raised, trying, in-practice or dropped.")] = "",
    json: Json = False,
    kb: Base = None,
) -> None:
    if stage and stage not in list(Stage):
        raise UsageError(f"{stage!r} is no stage of an idea.", f"Use one of: {', '.join(Stage)}.")
    everything = session_of(context, kb).knowledge().ideas()
    chosen = [each for each in everything if not stage or each.stage is Stage(stage)]
    number = len(in_practice(everything))
    if json:
        output.as_json({"in_practice": number, "total": len(everything), "ideas": [as_values(each) for each in chosen]})
        return
    output.say(f"{number} in practice, of {counted(len(everything), 'idea')}")
    for line in _lines(chosen):
        output.say(line)


def move_idea(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="IDEA", help="The idea's id, as `kbtui ideas` prints it.")],
    trying: Annotated[bool, typer.Option("--trying", help="Somebody tries it.")] = False,
    practice: Annotated[
        str, typer.Option("--practice", metavar="ENTRY", help="It is how you work now; this entry has changed for it.")
    ] = "",
    drop: Annotated[str, typer.Option("--drop", metavar="REASON", help="It is dropped, for this reason.")] = "",
    mask: Mask = False,
    allow_personal: AllowPersonal = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    if [trying, bool(practice), bool(drop)].count(True) != 1:
        raise UsageError(
            "An idea moves to one stage.", "Give one of: --trying, --practice ENTRY, --drop REASON (both with words)."
        )
    stage = Stage.TRYING if trying else Stage.IN_PRACTICE if practice else Stage.DROPPED
    knowledge = session_of(context, kb).writing(consent(mask, allow_personal))
    _moved(knowledge, knowledge.move_idea(name, stage, entry=practice, reason=drop), json)


def as_values(idea: Idea) -> dict[str, object]:
    """Return an idea as JSON shows it: with its stage, which is worked out."""
    return {
        "id": idea.id,
        "stage": idea.stage,
        "words": idea.words,
        "raised_by": idea.person,
        "raised_at": idea.at,
        "from_entry": idea.entry,
        "changed_entry": idea.current.entry if idea.current else "",
        "reason": idea.current.reason if idea.current else "",
        "moves": idea.moves,
    }


def _lines(ideas: list[Idea]) -> Iterator[str]:
    before = None
    for idea in ideas:
        if idea.stage is not before:
            yield f"\n{idea.stage.words.capitalize()}"
        before = idea.stage
        yield f"{idea.stage.sign} {idea.words}  · {idea.person.name} · {idea.id[:_SHORT]}"
        if idea.current and (idea.current.entry or idea.current.reason):
            changed = f"changed: {idea.current.entry}" if idea.current.entry else idea.current.reason
            yield f"    {changed} ({idea.current.person.name})"


def _moved(knowledge: Knowledge, moved: MovedIdea, json: bool) -> None:
    """Say what became of an idea; an event that waits for git is safe, but the exit code says so."""
    settled = knowledge.settle_events()
    if json:
        output.as_json({"noted": moved.words, "idea": as_values(moved.idea), "is_committed": not settled.waiting})
    else:
        output.say(f"{moved.words} · {moved.idea.id[:_SHORT]}")
    end_waiting(settled.waiting_for)


def end_waiting(waiting_for: str) -> None:
    """End with an exit code of its own where what was noted waits for something."""
    if waiting_for:
        complaints.tell(f"kbtui: safe on this computer; shared as soon as that is over: {waiting_for}.")
        raise typer.Exit(ExitCode.WAITING)


COMMANDS: dict[actions.Action, Callable[..., None]] = {
    actions.IDEA: idea,
    actions.IDEAS: ideas,
    actions.MOVE_IDEA: move_idea,
}
