"""Commands for versions that contest each other: variants, resolve."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kbtui import actions
from kbtui.cli import output
from kbtui.cli.options import AllowPersonal, Base, Json, Mask, Name
from kbtui.cli.session import consent, read_input, session_of
from kbtui.cli.writing import report
from kbtui.entry.differences import Difference, Piece, marked
from kbtui.entry.model import Person
from kbtui.entry.text import counted
from kbtui.errors import RefusedError, UsageError
from kbtui.verbs.variant_verbs import version_called

if TYPE_CHECKING:
    from kbtui.knowledge import Knowledge
    from kbtui.verbs.capture import SavedEntry
    from kbtui.verbs.choosing import Contested, Version


def variants(context: typer.Context, json: Json = False, kb: Base = None) -> None:
    found = session_of(context, kb).knowledge().variants()
    if json:
        output.as_json({"contested": [_as_values(each) for each in found]})
        return
    for each in found:
        for line in _lines(each):
            output.say(line)
    if found:
        output.say(f"{counted(len(found), 'entry')} with more than one version.")
        output.say("Choose with: kbtui resolve ENTRY --keep, or --take VERSION, or --text FILE")
    else:
        output.say("No entry has more than one version.")


def resolve(
    context: typer.Context,
    name: Name,
    keep: Annotated[bool, typer.Option("--keep", help="What stands in the entry stays.")] = False,
    take: Annotated[str, typer.Option("--take", metavar="VERSION", help="This version goes into the entry.")] = "",
    text: Annotated[
        str, typer.Option("--text", metavar="FILE", help="These words instead: an answer or a whole file; - reads.")
    ] = "",
    version: Annotated[
        str, typer.Option("--version", metavar="VERSION", help="With --keep or --text: settle this one only.")
    ] = "",
    mask: Mask = False,
    allow_personal: AllowPersonal = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    if [keep, bool(take), bool(text)].count(True) != 1:
        raise UsageError("Say what is to stand in the entry.", "One of --keep, --take VERSION, --text FILE.")
    knowledge = session_of(context, kb).writing(consent(mask, allow_personal))
    contested = knowledge.contested(name)
    if take:
        report(knowledge.take_version(contested, version_called(contested, take)), json)
        return
    settled = [version_called(contested, version)] if version else contested.others
    report(_settled(knowledge, contested, settled, text), json)


def _settled(knowledge: Knowledge, contested: Contested, settled: Sequence[Version], text: str) -> SavedEntry:
    if not text:
        return knowledge.keep_version(contested, settled)
    words = read_input("the words that stand for both") if text == "-" else _read(Path(text))
    return knowledge.combine_versions(contested, words, settled)


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace")
    except OSError as error:
        raise RefusedError(f"{file} cannot be read ({error.strerror}).", "Name another file.") from error


def _lines(contested: Contested) -> Iterator[str]:
    yield f"{contested.question} · {contested.id} · {contested.path}"
    if contested.entry is None:
        yield "    In the entry: nothing, its file is gone; --take brings it back"
    else:
        yield f"    In the entry: {_typed(contested.by, contested.at)}"
    for other in contested.others:
        yield f"    Version {other.name}: {_typed(other.by, other.at)}"
        for each in other.differences:
            yield f"        {each.title}, in the entry: {_text(marked(each.here))}"
            yield f"        {each.title}, in this version: {_text(marked(each.other))}"
        if contested.entry is None:
            yield f"        answer: {_text(other.entry.answer)}"


def _text(text: str) -> str:
    return text.replace("\n", "\n            ") if text else "nothing"


def _typed(by: Person | None, at: dt.datetime | None) -> str:
    return f"{by.name}, {at.astimezone():%Y-%m-%d %H:%M}" if by and at else "nobody can tell who wrote it"


def _as_values(contested: Contested) -> dict[str, Any]:
    return {
        "id": contested.id,
        "path": contested.path,
        "question": contested.question,
        "is_gone": contested.entry is None,
        "by": contested.by,
        "at": contested.at,
        "versions": [
            {
                "name": each.name,
                "path": each.path,
                "by": each.by,
                "at": each.at,
                "differences": [
                    {"value": d.name, "here": _plain(d.here), "other": _plain(d.other), "marked": _marked(d)}
                    for d in each.differences
                ],
            }
            for each in contested.others
        ],
    }


def _plain(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def _marked(difference: Difference) -> dict[str, str]:
    return {"here": marked(difference.here), "other": marked(difference.other)}


COMMANDS: dict[actions.Action, Callable[..., None]] = {actions.VARIANTS: variants, actions.RESOLVE: resolve}
