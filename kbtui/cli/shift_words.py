"""How news, one's own credit, the drill and who knows read as plain lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kbtui.cli.suggesting import command
from kbtui.entry.text import counted
from kbtui.team.uses import times

if TYPE_CHECKING:
    from kbtui.team.credit import EntryCredit
    from kbtui.team.drill import DrillCard
    from kbtui.team.knowers import Knower
    from kbtui.team.shares import Share
    from kbtui.team.shift import News, Note, Unread
    from kbtui.verbs.shift_verbs import Own


def news_lines(news: News) -> Iterator[str]:
    """Yield what is new for somebody, what concerns them first."""
    yield f"Since {news.since.astimezone():%Y-%m-%d %H:%M}:"
    if news.helped:
        yield helped_line(news.helped)
    yield from map(thanks_line, news.thanks)
    for note in news.notes:
        yield f"{note.person.name} writes to you about {note.question}: {note.words} · {note.id}"
    for note in news.sent:
        yield f"{note.person.name} thinks you may know: {note.question}{_words(note)} · {note.id}"
    for title, items in (
        ("Answers to your questions:", news.answers_to_me),
        ("To read and acknowledge (kbtui acknowledge ENTRY):", news.must_reads),
        ("What you may decide has changed:", news.limits),
        ("New answers:", news.answers),
    ):
        if items:
            yield title
            for item in items:
                yield f"  {item.question}{f': {item.change}' if item.change else ''} · {item.id}"
    if news.is_empty:
        yield "Nothing new."


def helped_line(calls: int) -> str:
    """Return how many calls of colleagues somebody's words helped."""
    return f"Your answers helped {counted(calls, 'call')} this week."


def thanks_line(note: Note) -> str:
    """Return a thank-you."""
    return f"Thank you from {note.person.name}, for {note.question}{f': {note.words}' if note.words else ''}"


def _words(note: Note) -> str:
    return f" (“{note.words}”)" if note.words else ""


def own_lines(own: Own, entries: Iterator[str]) -> Iterator[str]:
    """Yield how somebody's words helped others, who thanked them, and which entries hold their words."""
    if own.helped:
        yield helped_line(own.helped)
    yield from map(thanks_line, own.thanks)
    yield from entries


def share_lines(shares: Sequence[Share]) -> Iterator[str]:
    """Yield whose every use of an entry is, and what that comes from."""
    if shares:
        yield "Of every call it helps:"
    for each in shares:
        because = each.because if each.part in each.because else f"{each.part}, {each.because}"
        yield f"  {float(each.share):.2f} {each.person.name} ({because})"


def unread_lines(found: Sequence[Unread]) -> Iterator[str]:
    """Yield who has not read what everybody must read."""
    for each in found:
        yield f"{each.question} · {each.id}"
        names = ", ".join(person.name for person in each.people)
        yield f"    Not read yet: {names}" if names else "    Everybody has read it."
    if not found:
        yield "There is nothing that everybody must read (tag must-read)."


def knower_lines(found: Sequence[Knower], entry: str) -> Iterator[str]:
    """Yield who may know an answer."""
    for each in found:
        yield f"  {each.person.name}: {each.because}"
    if found:
        yield f"Send it: {command('send', entry, found[0].person.name)}"
    else:
        yield "Nobody has written about anything like this yet."


def drill_lines(cards: Sequence[DrillCard]) -> Iterator[str]:
    """Yield what a round would ask, without the answers."""
    for each in cards:
        yield f"{each.question} · {each.id}"
    yield (
        "Answer them on a terminal, or: kbtui show ENTRY, then kbtui drill --grade ENTRY good"
        if cards
        else ("Nothing is due. Come back another day.")
    )


def credited_lines(entry: EntryCredit) -> Iterator[str]:
    """Yield an entry and how often it helped."""
    yield f"{entry.question} · {entry.id or entry.path}"
    if entry.used:
        yield f"    Helped {times(entry.used)}"
