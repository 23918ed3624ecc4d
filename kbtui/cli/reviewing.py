"""Commands for a lead: review, diff, spot-check, coach, merge, owner, check-by, close-flags."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from kbtui import actions
from kbtui.cli import complaints, output
from kbtui.cli.options import AllowPersonal, Base, Json, Limit, Mask, Name
from kbtui.cli.session import consent, session_of
from kbtui.cli.suggesting import command
from kbtui.cli.using import report_noted
from kbtui.cli.writing import report
from kbtui.entry.text import counted
from kbtui.errors import UsageError

if TYPE_CHECKING:
    from kbtui.team.coaching import Sampled
    from kbtui.team.review import Queue

_MARKS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
"""How `git diff --word-diff` writes words that are gone and words that are new."""

_COLOURS = {"removed": "31;9", "added": "32;1"}


def review(context: typer.Context, limit: Limit = 20, json: Json = False, kb: Base = None) -> None:
    knowledge = session_of(context, kb).knowledge()
    progress = complaints.ProgressLine("Comparing entries:")
    knowledge.bring_up_review(progress)
    progress.end()
    queue = knowledge.review(limit)
    if json:
        output.as_json(queue)
        return
    for line in _queue_lines(queue):
        output.say(line)


def _queue_lines(queue: Queue) -> Iterator[str]:
    from kbtui.team.review import Kind

    for place in queue.places:
        card = place.card
        yield f"{card.state.sign} {card.question}  ({card.state.words}) · {card.id}"
        if place.demand.words:
            yield f"    {place.demand.words}"
        for reason in place.reasons:
            yield f"    - {reason.words}"
            if reason.kind is Kind.TWIN:
                yield f"      If it is: {command('merge', card.id or card.path, *reason.others)}"
    yield f"{len(queue.places)} of {queue.total} to look at" if queue.total else "Nothing wants a look."


def diff(context: typer.Context, name: Name, json: Json = False, kb: Base = None) -> None:
    entry, found = session_of(context, kb).knowledge().difference(name)
    if json:
        output.as_json({"id": entry.id, "path": entry.path, "words": found.words, "difference": found})
        return
    output.say(f"{entry.question} ({entry.state.words}) · {entry.id}")
    output.say(found.words)
    for change in found.changes:
        output.say()
        output.say(f"{change.part[:1].upper()}{change.part[1:]}:")
        output.say_pieces([(piece.text, *_MARKS[piece.kept], _COLOURS.get(piece.kept, "")) for piece in change.pieces])
    if found.by == "" and entry.answer:
        output.say()
        output.say(entry.answer)


def spot_check(
    context: typer.Context,
    size: Annotated[int, typer.Option("--size", min=1, max=100, help="How many entries.")] = 5,
    seed: Annotated[str, typer.Option("--seed", help="Draws the same again; the calendar week without it.")] = "",
    good: Annotated[str, typer.Option("--good", metavar="ENTRY", help="You have looked: nothing to better.")] = "",
    not_good: Annotated[str, typer.Option("--not-good", metavar="ENTRY", help="Take that back.")] = "",
    json: Json = False,
    kb: Base = None,
) -> None:
    from kbtui.team.coaching import CHECKLIST

    if good and not_good:
        raise UsageError("An entry is good or not.", "Give --good or --not-good.")
    if good or not_good:
        knowledge = session_of(context, kb).writing()
        report_noted(knowledge, knowledge.found_good(good) if good else knowledge.not_good(not_good), json)
        return
    used, drawn = session_of(context, kb).knowledge().spot_check(size, seed)
    if json:
        output.as_json({"seed": used, "checklist": CHECKLIST, "entries": drawn})
        return
    for line in _sample_lines(drawn, used):
        output.say(line)


def _sample_lines(drawn: list[Sampled], seed: str) -> Iterator[str]:
    from kbtui.team.coaching import CHECKLIST

    yield f"{counted(len(drawn), 'entry')}, drawn with the seed {seed}. Ask of each:"
    yield from (f"  {criterion.id}: {criterion.question}" for criterion in CHECKLIST)
    for each in drawn:
        yield f"{each.card.state.sign} {each.card.question}  ({each.card.state.words}) · {each.card.id}"
        yield from (f"    {name}: {words}" for name, words in each.hints.items())
        yield from (f"    {looked.words}" for looked in each.looked)
    if drawn:
        yield "Where nothing could be better: kbtui spot-check --good ENTRY"
        yield 'What could be better goes to whoever wrote it: kbtui coach ENTRY --about clear "Say the price first."'


def coach(
    context: typer.Context,
    name: Name,
    typed: Annotated[list[str], typer.Argument(metavar="NOTE", help="What would make it better, in one line.")],
    about: Annotated[
        list[str] | None, typer.Option("--about", metavar="CRITERION", help="Of the checklist; may be repeated.")
    ] = None,
    mask: Mask = False,
    allow_personal: AllowPersonal = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    from kbtui.team.coaching import note

    knowledge = session_of(context, kb).writing(consent(mask, allow_personal))
    report_noted(knowledge, knowledge.coach(name, note(about or (), " ".join(typed))), json)


def close_flags(context: typer.Context, name: Name, json: Json = False, kb: Base = None) -> None:
    knowledge = session_of(context, kb).writing()
    report_noted(knowledge, knowledge.close_flags(name), json)


def merge(
    context: typer.Context,
    name: Name,
    into: Annotated[str, typer.Argument(metavar="INTO", help="The entry that stays.")],
    mask: Mask = False,
    allow_personal: AllowPersonal = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    report(session_of(context, kb).writing(consent(mask, allow_personal)).merge(name, into), json)


def owner(
    context: typer.Context,
    name: Name,
    who: Annotated[list[str] | None, typer.Argument(metavar="WHO", help="Who keeps it true.")] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="Take it from whoever has it.")] = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    person = " ".join(who or ()).strip()
    if bool(person) == nobody:
        raise UsageError("An entry is given to somebody or to nobody.", "Give a name, or --nobody.")
    report(session_of(context, kb).writing().give(name, person), json)


def check_by(
    context: typer.Context,
    name: Name,
    date: Annotated[str, typer.Argument(metavar="DATE", help="2027-03-31, or a time from today: 90d, 6m.")] = "",
    never: Annotated[bool, typer.Option("--never", help="It need not be checked by any date.")] = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    if bool(date.strip()) == never:
        raise UsageError("An entry is checked by a date or by none.", "Give a date such as 2027-03-31, or --never.")
    report(session_of(context, kb).writing().check_by(name, date), json)


COMMANDS: dict[actions.Action, Callable[..., None]] = {
    actions.REVIEW: review,
    actions.DIFF: diff,
    actions.SPOT_CHECK: spot_check,
    actions.COACH: coach,
    actions.CLOSE_FLAGS: close_flags,
    actions.MERGE: merge,
    actions.OWNER: owner,
    actions.CHECK_BY: check_by,
}
