"""The pack for the staff meeting (F47): what the floor did in some days, as sections of rows. Pure.

One document for both forms (`meeting_markdown`, `meeting_html`), so that both say the same.
It holds nothing of the moment at which it was made, and every list has an order of its own:
the same repository gives the same bytes. Behind every number stands what it counts. People
are named beside what they did and never counted or put into an order (F41).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kbtui.entry.card import Card
from kbtui.team.ideas import Idea, Stage, in_practice
from kbtui.team.misses import Misses
from kbtui.team.period import Period

MOST_ROWS = 15
"""Rows of a section with a number; a meeting reads no more. What is left out is said."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a section.

    Attributes:
        anchor: names its details within the page: lower-case letters, digits and hyphens.
        text: what it is about.
        number: what the section counts; None where it counts nothing.
        details: what is behind the number, or what is to say, a line each.
        entry: id and path of the entry it is about; empty where it is about none.
    """

    anchor: str
    text: str
    number: int | None = None
    details: tuple[str, ...] = ()
    entry: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the pack.

    Attributes:
        anchor: names it within the page.
        number: its headline; None where it is not counted.
        unit: what is counted, as a person reads it behind this number.
        rows: those shown; `of`, how many there are.
        empty: what is said where there is no row.
        has_chart: whether its rows are shown as bars too.
    """

    anchor: str
    title: str
    number: int | None
    unit: str
    rows: tuple[Row, ...]
    of: int
    empty: str
    has_chart: bool = False


@dataclass(frozen=True, slots=True)
class Pack:
    """The whole pack: whose it is, which days, and its sections."""

    team: str
    period: Period
    sections: tuple[Section, ...]


def ideas_section(ideas: Sequence[Idea], cards: Mapping[str, Card], period: Period) -> Section:
    """Return the ideas in practice, which are what counts, and those that moved in these days."""
    changed = in_practice(ideas)
    moved = [each for each in ideas if each.stage is not Stage.IN_PRACTICE and _moved(each, period)]
    shown = sorted(changed, key=lambda each: (not _moved(each, period), each.id)) + moved
    rows = tuple(_idea_row(each, cards) for each in shown)
    unit, empty = _unit("ideas in practice", len(changed)), "No idea is in practice, and none moved."
    return Section("ideas", "Ideas", len(changed), unit, rows, len(rows), empty)


def _moved(idea: Idea, period: Period) -> bool:
    return any(map(period.has, (idea.at, *(move.at for move in idea.moves))))


def _idea_row(idea: Idea, cards: Mapping[str, Card]) -> Row:
    current = idea.current
    raised = f"raised by {idea.person.name}, {idea.at.date().isoformat()}"
    details = [f"{idea.stage.words} since {idea.moved_at.date().isoformat()}; {raised}" if current else raised]
    card = cards.get(current.entry) if current else None
    if current and current.entry:
        details.append(f"changed: {card.question}" if card else f"changed: {current.entry}, which is no longer there")
    if current and current.reason:
        details.append(f"because: {current.reason}")
    return Row(f"idea-{idea.id.lower()}", idea.words, None, tuple(details), (card.id, card.path) if card else ("", ""))


def counted_section(base: Section, rows: Iterable[Row]) -> Section:
    """Return a section of counted rows, the greatest first, with a chart; its number is the sum of all."""
    ordered = sorted(rows, key=lambda row: (-(row.number or 0), row.text, row.anchor))
    total = sum(row.number or 0 for row in ordered)
    return Section(
        base.anchor,
        base.title,
        total,
        _unit(base.unit, total),
        tuple(ordered[:MOST_ROWS]),
        len(ordered),
        base.empty,
        has_chart=True,
    )


_ONE = {
    "ideas in practice": "idea in practice",
    "callers wait": "caller waits",
    "calls answered": "call answered",
    "searches did not help": "search did not help",
    "entries changed": "entry changed",
    "limits changed": "limit changed",
}
"""What sections count, of one."""

QUESTIONS = Section("questions", "Open questions, by heat", 0, "callers wait", (), 0, "No question is open.")
REUSED = Section("reused", "Most reused", 0, "calls answered", (), 0, "No use was noted in these days.")
MISSED = Section("misses", "Searched and not found", 0, "searches did not help", (), 0, "No miss was noted.")
CHANGED = Section("changed", "What changed", 0, "entries changed", (), 0, "No entry changed in these days.")
AUTHORITY = Section("authority", "Who may decide what: changes", 0, "limits changed", (), 0, "No limit changed.")
THANKS = Section("thanks", "Thanks", None, "", (), 0, "Nobody has said thank you in these days. There is still time.")


def listed_section(base: Section, rows: Sequence[Row], *, is_counted: bool = True) -> Section:
    """Return a section whose rows are in an order of their own; its number is how many there are."""
    number = len(rows) if is_counted else None
    return Section(base.anchor, base.title, number, _unit(base.unit, number), tuple(rows), len(rows), base.empty)


def _unit(many: str, number: int | None) -> str:
    return _ONE[many] if number == 1 else many


def counted_row(kind: str, card: Card, days: Sequence[str], what: str, first: Sequence[str] = ()) -> Row:
    """Return the row of an entry with a number: of `days`, and one for each line that stands `first`.

    Args:
        kind: begins the anchor.
        days: ISO dates, one for each event.
        what: an event as a person reads it, such as "used".
    """
    by_day = Counter(days)
    each = [f"{day} (×{by_day[day]})" if by_day[day] > 1 else day for day in sorted(by_day)]
    details = (*first, f"{what}: {', '.join(each)}") if each else (*first,)
    return Row(anchor(kind, card), card.question, len(first) + len(days), details, (card.id, card.path))


def miss_row(place: int, misses: Misses, nearest: Card | None) -> Row:
    """Return the row of searches about the same; `place` is where they stand among all."""
    details = [
        f"{number} {words}"
        for number, words in ((misses.nothing, "found nothing"), (misses.unused, "found something that nobody used"))
        if number
    ]
    details += [f"also searched: {each}" for each in misses.phrasings[1:]]
    details += [f"nearest entry: {nearest.question}"] if nearest else []
    entry = (nearest.id, nearest.path) if nearest else ("", "")
    return Row(f"miss-{place}", misses.words, misses.heat, tuple(details), entry)


def anchor(kind: str, card: Card) -> str:
    """Return the name of a row of an entry within the page."""
    return f"{kind}-{''.join(letter if letter.isascii() and letter.isalnum() else '-' for letter in card.id.lower())}"
