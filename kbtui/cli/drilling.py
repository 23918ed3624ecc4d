"""The command that asks: drill. Interactive on a terminal; for programs, the due cards and a grade for one of them."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from kbtui import actions
from kbtui.cli import complaints, output, shift_words
from kbtui.cli.options import Base, Json
from kbtui.cli.session import session_of
from kbtui.errors import UsageError
from kbtui.knowledge import Knowledge
from kbtui.team.drill import ROUND, DrillCard, Grade, Round

_GRADES = {grade.name.lower(): grade for grade in Grade}
_KEYS = "  ".join(f"{grade.value} {grade.words}" for grade in Grade) + "  q ends"


def drill(
    context: typer.Context,
    typed: Annotated[
        list[str] | None, typer.Argument(metavar="[GRADE]", help="With --grade: again, hard, good or easy.")
    ] = None,
    grade: Annotated[str, typer.Option("--grade", metavar="ENTRY", help="Say how well you knew this one.")] = "",
    json: Json = False,
    kb: Base = None,
) -> None:
    knowledge = session_of(context, kb).knowledge()
    if grade or typed:
        _grade(knowledge, grade, " ".join(typed or ()), json)
        return
    cards = knowledge.drill()
    if json:
        output.as_json({"due": cards})
    elif sys.stdin.isatty() and sys.stdout.isatty():
        _ask(knowledge, cards)
    else:
        for line in shift_words.drill_lines(cards):
            output.say(line)


def _grade(knowledge: Knowledge, name: str, said: str, json: bool) -> None:
    known = _GRADES.get(said.casefold())
    if not name or known is None:
        raise UsageError(
            f"{said!r} is no grade." if name else "Which entry was it?",
            f"kbtui drill --grade ENTRY GRADE, with one of: {', '.join(_GRADES)}.",
        )
    card = knowledge.grade(name, known)
    if json:
        output.as_json({"id": card.id, "grade": known.name.lower(), "due": card.due})
    else:
        output.say(f"Kept on this computer: {_comes_back(card)}")


def _comes_back(card: DrillCard) -> str:
    return f"it comes back on {card.due.astimezone():%A, %d %B, %H:%M}" if card.due else "it comes back"


def _ask(knowledge: Knowledge, cards: list[DrillCard]) -> None:
    """Ask one question after the other, until five minutes are over, nothing is due, or the person has enough."""
    going = Round(cards, dt.datetime.now(dt.UTC) + ROUND)
    while (card := going.next(dt.datetime.now(dt.UTC))) is not None:
        output.say(f"\n{card.question}")
        if _line("Think; enter shows the answer, q ends: ") is None:
            break
        output.say(f"\n{card.answer}\n")
        grade = _graded()
        if grade is None:
            break
        graded = knowledge.grade(card.id, grade)
        going.graded(card, graded.due or going.ends)
    output.say(f"\n{going.summary}")


def _graded() -> Grade | None:
    while (said := _line(f"{_KEYS}: ")) is not None:
        if said in {str(grade.value) for grade in Grade}:
            return Grade(int(said))
        complaints.tell("One of 1, 2, 3, 4.")
    return None


def _line(prompt: str) -> str | None:
    """Return what the person typed, or None where they have enough."""
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = sys.stdin.readline()
    return None if not line or line.strip().casefold() in ("q", "quit") else line.strip()


COMMANDS: dict[actions.Action, Callable[..., None]] = {actions.DRILL: drill}
