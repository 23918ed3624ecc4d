"""Commands for whoever leads: misses, sample, health, meeting."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kbtui import actions
from kbtui.cli import complaints, output
from kbtui.cli.improving import end_waiting
from kbtui.cli.options import Base, Json, Limit
from kbtui.cli.session import session_of
from kbtui.cli.suggesting import command
from kbtui.entry.text import counted
from kbtui.errors import UsageError
from kbtui.knowledge import Knowledge

if TYPE_CHECKING:
    from kbtui.team.health import Measure
    from kbtui.team.period import Period
    from kbtui.team.sampling import Question, Sample
    from kbtui.verbs.asked import MissedWords, MissReport

_BAR, _SHOWN, _SHORT = 20, 5, 8

Since = Annotated[str, typer.Option("--since", metavar="DAY", help="The first day: 2026-11-23, monday, 14d.")]
Until = Annotated[str, typer.Option("--until", metavar="DAY", help="The last day; today if it is left out.")]


def misses(
    context: typer.Context,
    since: Since = "28d",
    until: Until = "",
    limit: Limit = 20,
    json: Json = False,
    kb: Base = None,
) -> None:
    knowledge = session_of(context, kb).knowledge()
    report = knowledge.misses(knowledge.period(since, until), limit)
    if json:
        groups = [{"heat": each.misses.heat, **_fields(each)} for each in report.groups[:limit]]
        output.as_json(
            _days(report.period) | {"total": len(report.groups), "answered": report.answered, "groups": groups}
        )
        return
    for line in _miss_lines(report, limit):
        output.say(line)


def _fields(missed: MissedWords) -> dict[str, object]:
    return {"misses": missed.misses, "nearest": missed.nearest, "closeness": missed.closeness}


def _miss_lines(report: MissReport, limit: int) -> Iterator[str]:
    shown = report.groups[:limit]
    most = max((each.misses.heat for each in shown), default=0)
    for each in shown:
        yield from _miss(each, most)
    answered = f"; {report.answered} more answered or asked by now" if report.answered else ""
    total = len(report.groups)
    part = f"{len(shown)} of " if len(shown) < total else ""
    yield f"{part}{counted(total, 'kind')} of words did not help, {report.period.words}{answered}"


def _miss(missed: MissedWords, most: int) -> Iterator[str]:
    from kbtui.team.bars import bar

    found = missed.misses
    said = ((found.nothing, "found nothing"), (found.unused, "found, not used"))
    yield f"{found.heat:>4} {bar(found.heat, most, _BAR)} {found.words}"
    also = f" · also: {', '.join(found.phrasings[1:4])}" if len(found.phrasings) > 1 else ""
    yield f"     {', '.join(f'{number} {words}' for number, words in said if number)}{also}"
    if missed.nearest:
        yield f"     nearest: {missed.nearest.question} ({missed.nearest.state.words}) · {missed.nearest.id}"
        yield f"     if that is it: {command('same-as', missed.nearest.id, found.words)}"
    yield f"     else: {command('ask', found.words)}"


def sample(
    context: typer.Context,
    since: Since = "28d",
    until: Until = "",
    size: Annotated[int, typer.Option("--size", min=1, max=10_000, help="How many questions to draw.")] = 50,
    seed: Annotated[
        str, typer.Option("--seed", help="The same seed draws the same questions; else the first day is the seed.")
    ] = "",
    known: Annotated[str, typer.Option("--known", metavar="ID", help="You have looked: the base had the answer.")] = "",
    new: Annotated[str, typer.Option("--new", metavar="ID", help="You have looked: it had not.")] = "",
    unmark: Annotated[
        str, typer.Option("--unmark", metavar="ID", help="Take back your mark; again: bring it back.")
    ] = "",
    json: Json = False,
    kb: Base = None,
) -> None:
    marks = [known, new, unmark]
    if sum(map(bool, marks)) > 1:
        raise UsageError("A question is either known or new.", "Give --known, --new or --unmark.")
    session = session_of(context, kb)
    knowledge = session.writing() if any(marks) else session.knowledge()
    period = knowledge.period(since, until)
    waiting_for = _mark(knowledge, period, known, new, unmark) if any(marks) else ""
    drawn = knowledge.sample(period, size, seed or period.first.isoformat())
    if json:
        output.as_json(_days(period) | _sample_values(drawn))
    else:
        for line in _sample_lines(drawn, period):
            output.say(line)
    end_waiting(waiting_for)


def _mark(knowledge: Knowledge, period: Period, known: str, new: str, unmark: str) -> str:
    """Note what somebody has seen; return what that waits for, or nothing."""
    from kbtui.team.sampling import Verdict

    if unmark:
        complaints.tell(knowledge.unmark_question(period, unmark).words)
    else:
        knowledge.mark_question(period, known or new, Verdict.KNOWN if known else Verdict.NEW)
    return knowledge.settle_events().waiting_for


def _sample_values(drawn: Sample) -> dict[str, object]:
    size = len(drawn.questions)
    share = round(drawn.known / size, 4) if size else None
    low, high = (round(each, 4) for each in drawn.interval)
    values = {"seed": drawn.seed, "population": drawn.population, "size": size, "known": drawn.known}
    return values | {"unsure": drawn.unsure, "share": share, "low": low, "high": high, "questions": drawn.questions}


def _sample_lines(drawn: Sample, period: Period) -> Iterator[str]:
    size, (low, high) = len(drawn.questions), drawn.interval
    if not size:
        yield f"No question was noted, {period.words}: nothing was used, asked, joined or missed."
        return
    for each in drawn.questions:
        yield _question(each)
    was = "was" if drawn.known == 1 else "were"
    yield f"{drawn.known} of {size} {was} known: {drawn.known / size:.0%}, at 95 % between {low:.0%} and {high:.0%}"
    yield f"Drawn from {counted(drawn.population, 'question')}, {period.words}, seed {drawn.seed}"
    if drawn.unsure:
        unsure = counted(drawn.unsure, "miss counts", "misses count")
        yield f"{unsure} as new until somebody looks: kbtui sample --known ID, or --new ID"


def _question(each: Question) -> str:
    looked = f" (says {each.marked_by})" if each.marked_by else " (nobody has looked)" if each.is_unsure else ""
    return f"{each.verdict.value:<5} {each.kind.value:<6} {each.id[:_SHORT]}  {each.words}{looked}"


def health(
    context: typer.Context,
    quick: Annotated[bool, typer.Option("--quick", help="Without duplicates and links, which take longer.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=0, max=1000, help="How many entries of each kind.")] = _SHOWN,
    json: Json = False,
    kb: Base = None,
) -> None:
    knowledge = session_of(context, kb).knowledge()
    measures = knowledge.health()
    if not quick:
        progress = complaints.ProgressLine("Comparing entries:")
        measures += knowledge.examine(progress)
        progress.end()
    if json:
        output.as_json({"entries": len(knowledge.cards()), "measures": [_measure_values(each) for each in measures]})
        return
    for line in _health_lines(measures, len(knowledge.cards()), limit):
        output.say(line)


def _measure_values(measure: Measure) -> dict[str, object]:
    return {"name": measure.name, "number": measure.number, "todo": measure.todo, "concerns": measure.concerns}


def _health_lines(measures: Sequence[Measure], entries: int, limit: int) -> Iterator[str]:
    from kbtui.team.bars import bar

    most = max((each.number for each in measures), default=0)
    for each in measures:
        yield f"{each.words:<24}{each.number:>5} {bar(each.number, most, _BAR)}".rstrip()
    yield f"of {counted(entries, 'entry')}"
    for each in measures:
        shown = each.concerns[:limit]
        if shown:
            more = f", {len(shown)} of {each.number}" if len(shown) < each.number else ""
            yield f"\n{each.words}{more}: {each.todo}"
        for concern in shown:
            yield f"  {concern.id}  {concern.question}" + (f" · {concern.about}" if concern.about else "")


def meeting(
    context: typer.Context,
    since: Since = "monday",
    until: Until = "",
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write it as one page for a browser or paper.")
    ] = None,
    markdown: Annotated[Path | None, typer.Option("--markdown", metavar="FILE", help="Write it as Markdown.")] = None,
    folder: Annotated[
        Path | None, typer.Option("--into", metavar="DIR", help="Write both, under the name of the days.")
    ] = None,
    json: Json = False,
    kb: Base = None,
) -> None:
    from kbtui.team.meeting_html import html as as_html
    from kbtui.team.meeting_markdown import markdown as as_markdown
    from kbtui.verbs.pack_files import require_place, write

    knowledge = session_of(context, kb).knowledge()
    for file in filter(None, (html, markdown)):
        require_place(file, knowledge.root)
    pack = knowledge.meeting(knowledge.period(since, until))
    written = [write(file, text(pack)) for file, text in ((html, as_html), (markdown, as_markdown)) if file]
    if folder:
        written += knowledge.write_meeting(pack, folder)
    if json:
        output.as_json(_days(pack.period) | {"team": pack.team, "sections": pack.sections, "written": written})
    elif written:
        for file in written:
            output.say(f"Written: {file}  ({pack.period.words})")
    else:
        output.say(as_markdown(pack).removesuffix("\n"))


def _days(period: Period) -> dict[str, object]:
    return {"since": period.first.isoformat(), "until": period.last.isoformat()}


COMMANDS: dict[actions.Action, Callable[..., None]] = {
    actions.MISSES: misses,
    actions.SAMPLE: sample,
    actions.HEALTH: health,
    actions.MEETING: meeting,
}
