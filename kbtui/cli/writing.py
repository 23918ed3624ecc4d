"""Commands that save: ask, new, answer, edit, confirm; and the drafts a screen left behind."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kbtui import actions, editor
from kbtui.cli import complaints, output
from kbtui.cli.options import AllowPersonal, Base, File, Internal, Json, Mask, Name, Tags, Ticket
from kbtui.cli.session import consent, read_input, session_of
from kbtui.entry.card import as_asked
from kbtui.entry.card_text import parsed
from kbtui.entry.model import NO_AUTHORITY, Authority, Entry, EntryChange, NewEntry, State
from kbtui.errors import ExitCode, IndexTroubleError, PersonalDataError, RefusedError, UsageError

if TYPE_CHECKING:
    from kbtui.entry.card import Card
    from kbtui.knowledge import Knowledge
    from kbtui.verbs.capture import SavedEntry

_AskedAs = Annotated[
    list[str] | None,
    typer.Option("--asked-as", metavar="WORDS", help="The caller's own words; may be given several times."),
]

_MoreAskedAs = Annotated[
    list[str] | None,
    typer.Option("--asked-as", metavar="WORDS", help="The caller's own words, to add; may be given several times."),
]

_MoreTags = Annotated[
    list[str] | None, typer.Option("--tag", metavar="TAG", help="A tag to add; may be given several times.")
]

_Card = Annotated[
    Path | None,
    typer.Option("--authority", metavar="FILE", help="Who may decide, as lines; an empty file removes the card."),
]

_NEAR = 5


def ask(
    context: typer.Context,
    typed: Annotated[list[str], typer.Argument(metavar="QUESTION", help="What the caller asked.")],
    ticket: Ticket = "",
    mask: Mask = False,
    allow_personal: AllowPersonal = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    knowledge = session_of(context, kb).writing(consent(mask, allow_personal))
    question = " ".join(typed)
    near = _asked_already(knowledge, question)
    _require_new(near, question)
    report_capture(knowledge, knowledge.for_ticket(ticket, lambda: knowledge.ask(question)), json)
    for card in near:  # said once it is saved: nobody is asked twice while a caller waits
        do = "join-question" if card.state is State.OPEN else "same-as"
        complaints.tell(f"kbtui: asked already? {card.question} · kbtui {do} {card.id}")


def _asked_already(knowledge: Knowledge, question: str) -> list[Card]:
    """Return the entry that is close to a question, if one is; a search that is broken stops nobody from asking."""
    try:
        near = knowledge.similar(question, _NEAR)
    except IndexTroubleError:
        return []
    same = [each.card for each in near if as_asked(each.card.question) == as_asked(question)]
    return same[:1] or [each.card for each in near[:1] if each.is_close]


def _require_new(near: Sequence[Card], question: str) -> None:
    """Refuse a question that stands there in the very same words: a second one would part its callers.

    Raises:
        RefusedError: it does.
    """
    for card in near:
        if as_asked(card.question) == as_asked(question):
            more = (
                "One caller more waits: kbtui join-question" if card.state is State.OPEN else "Its answer: kbtui show"
            )
            raise RefusedError(f"This has been asked already, in these words: {card.question}", f"{more} {card.id}")


def new(
    context: typer.Context,
    typed: Annotated[list[str], typer.Argument(metavar="QUESTION", help="What callers ask.")],
    answer: Annotated[str, typer.Option("--answer", metavar="TEXT", help="What to tell the caller; - reads it.")] = "",
    internal: Internal = None,
    tag: Tags = None,
    asked_as: _AskedAs = None,
    owner: Annotated[str, typer.Option("--owner", help="Who keeps it up to date.")] = "",
    topic: Annotated[str, typer.Option("--topic", help="The folder it is kept in.")] = "",
    authority: _Card = None,
    ticket: Ticket = "",
    mask: Mask = False,
    allow_personal: AllowPersonal = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    knowledge = session_of(context, kb).writing(consent(mask, allow_personal))
    entry = NewEntry(
        question=" ".join(typed),
        answer=read_input("the answer") if answer == "-" else answer,
        internal=internal or "",
        tags=tuple(tag or ()),
        asked_as=tuple(asked_as or ()),
        owner=owner,
        topic=topic,
        authority=_lines_of(authority),
    )
    report_capture(knowledge, knowledge.for_ticket(ticket, lambda: knowledge.new(entry)), json)


def answer_question(
    context: typer.Context,
    name: Name,
    typed: Annotated[list[str] | None, typer.Argument(metavar="ANSWER", help="Read from input if left out.")] = None,
    internal: Internal = None,
    file: File = None,
    ticket: Ticket = "",
    mask: Mask = False,
    allow_personal: AllowPersonal = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    knowledge = session_of(context, kb).writing(consent(mask, allow_personal))
    if typed and file:
        raise UsageError("The answer is given twice.", "Give it as words or with --file, not both.")
    text = " ".join(typed) if typed else _read(file).decode("utf-8", "replace") if file else read_input("the answer")
    saved = knowledge.for_ticket(ticket, lambda: knowledge.answer(name, text, internal))
    report_capture(knowledge, saved, json)


def edit(
    context: typer.Context,
    name: Name,
    question: Annotated[str | None, typer.Option("--question", metavar="TEXT", help="New question.")] = None,
    answer: Annotated[str | None, typer.Option("--answer", metavar="TEXT", help="New say-this answer.")] = None,
    internal: Internal = None,
    tag: _MoreTags = None,
    untag: Annotated[
        list[str] | None, typer.Option("--untag", metavar="TAG", help="A tag to take away; may be given several times.")
    ] = None,
    asked_as: _MoreAskedAs = None,
    owner: Annotated[str | None, typer.Option("--owner", help="Who keeps it up to date.")] = None,
    authority: _Card = None,
    check_by: Annotated[
        str | None, typer.Option("--check-by", metavar="DATE", help="2027-03-31, or a time from today: 90d, 6m.")
    ] = None,
    file: File = None,
    mask: Mask = False,
    allow_personal: AllowPersonal = False,
    json: Json = False,
    kb: Base = None,
) -> None:
    session = session_of(context, kb)
    knowledge = session.writing(consent(mask, allow_personal))
    entry, opened = knowledge.opened(name)
    _require_words(entry, question, answer)
    wanted = EntryChange(
        question=question,
        answer=answer,
        internal=internal,
        tags=_tags(entry, tag or (), untag or ()) if tag or untag else None,
        asked_as=(*entry.asked_as, *asked_as) if asked_as else None,
        owner=owner,
        check_by=_check_day(knowledge, entry, check_by),
        authority=(_lines_of(authority) or NO_AUTHORITY) if authority else None,
    )
    if not wanted.is_empty:
        report(knowledge.change(entry.path, wanted, opened), json)
    elif file or not sys.stdin.isatty():
        source = _read(file) if file else read_input("the entry's file").encode()
        if not file and not source.strip():
            raise RefusedError(
                "Nothing says what is to be different, and there is no terminal to open an editor in.",
                f"For example: kbtui edit {entry.id} --answer TEXT; or give the whole file with --file FILE or a pipe.",
            )
        report(knowledge.change_source(entry.path, source, opened), json)
    else:
        report(_edited(knowledge, entry.path, opened, session.environment), json)


def _require_words(entry: Entry, question: str | None, answer: str | None) -> None:
    """Refuse to empty what callers are told: an unset variable of a shell is enough to write `--answer ""`."""
    if question is not None and not question.strip():
        raise RefusedError("The new question is empty.", "Say in a few words what callers ask.")
    if answer is not None and not answer.strip():
        raise RefusedError(
            "The new answer is empty.",
            f"Say what to tell the caller; if nobody does it so any more: kbtui archive {entry.id}",
        )


def _tags(entry: Entry, more: Sequence[str], gone: Sequence[str]) -> tuple[str, ...]:
    """Return an entry's tags with some more and without others; a tag is the same in capitals.

    Raises:
        RefusedError: the entry has no such tag.
    """
    known = {tag.casefold(): tag for tag in entry.tags}
    for tag in gone:
        if known.pop(tag.strip().casefold(), None) is None:
            has = f"Its tags are: {', '.join(entry.tags)}." if entry.tags else "It has no tags."
            raise RefusedError(f"This entry has no tag {tag!r}.", has)
    return (*known.values(), *(tag for tag in more if tag.strip().casefold() not in known))


def _edited(knowledge: Knowledge, path: str, opened: bytes, environment: Mapping[str, str]) -> SavedEntry:
    """Save what an editor makes of a file; words that must not stay come back into the editor, so that none is lost.

    Raises:
        PersonalDataError: the person has left them as they were.
    """
    source = editor.edited(opened, environment)
    while True:
        try:
            return knowledge.change_source(path, source, opened)
        except PersonalDataError as error:
            complaints.tell(f"kbtui: {error.message} {error.hint}")
            mended = editor.edited(source, environment)
            if mended == source:
                raise
            source = mended


def confirm(context: typer.Context, name: Name, json: Json = False, kb: Base = None) -> None:
    report(session_of(context, kb).writing().validate(name), json)


def drafts(context: typer.Context, json: Json = False, kb: Base = None) -> None:
    knowledge = session_of(context, kb).knowledge(fresh=False)
    found = knowledge.unfinished()
    if json:
        output.as_json({"drafts": found})
        return
    for draft in found:
        when = dt.datetime.fromtimestamp(draft.changed_at, dt.UTC).astimezone()
        output.say(
            f"{draft.question or 'no question yet'}  ({draft.kind(knowledge.team.template)}, {when:%Y-%m-%d %H:%M})"
        )
    output.say(f"{len(found)} to finish; open `kbtui` to finish them")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise RefusedError(f"{file} cannot be read ({error.strerror}).", "Name another file.") from error


def _lines_of(file: Path | None) -> Authority | None:
    """Return the authority card in a file of lines; None where there is no file, or its lines say nothing."""
    return parsed(_read(file).decode("utf-8", "replace")) if file else None


def _check_day(knowledge: Knowledge, entry: Entry, text: str | None) -> str | None:
    from kbtui.team.care import check_day

    return None if text is None else check_day(text, dt.date.fromisoformat(knowledge.today()), entry.check_by)


def report_capture(knowledge: Knowledge, saved: SavedEntry, json: bool) -> None:
    """Bring what was noted beside a save into the history, and say what became of the save."""
    knowledge.settle_events()
    report(saved, json)


def report(saved: SavedEntry, json: bool) -> None:
    """Say what became of a save; one that waits is safe, but the exit code says so."""
    if json:
        output.as_json(
            {
                "saved": saved.words,
                "id": saved.entry.id,
                "path": saved.entry.path,
                "is_committed": saved.is_committed,
                "variant": saved.variant,
            }
        )
    else:
        output.say(f"{saved.words}: {saved.entry.question} · {saved.entry.id}")
    if not saved.is_committed:
        complaints.tell("kbtui: your words are safe; they are shared as soon as that is over.")
        raise typer.Exit(ExitCode.WAITING)


COMMANDS: dict[actions.Action, Callable[..., None]] = {
    actions.NEW: new,
    actions.ASK: ask,
    actions.ANSWER: answer_question,
    actions.EDIT: edit,
    actions.CONFIRM: confirm,
    actions.DRAFTS: drafts,
}
