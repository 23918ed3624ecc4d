"""How entries, hits and histories read as plain lines: one thought a line, nothing by colour or column alone."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from kbtui.entry.authority import standing
from kbtui.entry.authority_card import pairs
from kbtui.entry.card import Card
from kbtui.entry.decision import Asker
from kbtui.entry.model import Authority, Entry, Person, Severity, State
from kbtui.entry.which_card import Ruling
from kbtui.knowledge import Hit
from kbtui.team.credit import Credit, Step

WIDTH = 88


def card_lines(card: Card) -> Iterator[str]:
    """Yield a card: the question, then what kind of entry it is, then how the answer begins."""
    yield f"{card.state.sign} {card.question}"
    marks = [card.state.words, *(["pinned"] if card.pinned else []), *card.tags]
    if card.owner:
        marks.append(f"owner {card.owner}")
    if card.trouble:
        marks.append("shown as plain text")
    if card.variant_of:
        marks.append("another version, kept for a lead")
    yield f"    {', '.join(marks)} · {card.id}"
    if card.excerpt:
        yield textwrap.shorten(f"    {card.excerpt}", WIDTH, initial_indent="    ", placeholder=" …")


def hit_lines(hits: Sequence[Hit], total: int, query: str) -> Iterator[str]:
    """Yield the results of a search."""
    if not hits:
        yield f"Nothing found for: {query}"
        yield f"Ask the team with: kbtui ask {query}"
        return
    some_words = False
    for hit in hits:
        if not hit.has_all and not some_words:
            some_words = True
            yield "-- with some of these words --"
        yield from card_lines(hit.card)
    yield f"{len(hits)} of {total}"


def entry_lines(entry: Entry, asker: Asker) -> Iterator[str]:
    """Yield a whole entry, as it is for somebody on a day."""
    yield entry.question
    yield from _status_lines(entry)
    if entry.authority:
        yield ""
        yield standing(entry.authority, asker).headline
        yield from authority_lines(entry.authority, asker)
    yield ""
    yield entry.answer or "Nobody has answered this yet."
    if entry.asked_as:
        yield ""
        yield "Also asked as:"
        yield from (f"  - {words}" for words in entry.asked_as)
    for title, text in (("Internal, not for the caller:", entry.internal), ("See also:", entry.see_also)):
        if text:
            yield ""
            yield title
            yield text


def _status_lines(entry: Entry) -> Iterator[str]:
    marks = [f"{entry.state.sign} {entry.state.words}", *entry.tags]
    if entry.owner:
        marks.append(f"owner {entry.owner}")
    if entry.check_by:
        marks.append(f"check by {entry.check_by}")
    yield f"{', '.join(marks)} · {entry.id} · {entry.path}"
    if entry.state is State.ARCHIVED:
        yield "ARCHIVED: this is no longer how we do it."
    if entry.replaced_by:
        yield f"Replaced by: {entry.replaced_by}"
    if entry.variant_of:
        yield f"This is another version of {entry.variant_of}; a lead will choose."
    if entry.declared is State.VALIDATED and not entry.approval_holds:
        yield "It was validated once, but these words have changed since or were never confirmed."
    for problem in entry.problems:
        label = "Problem" if problem.severity is Severity.ERROR else "Note"
        yield f"{label} in line {problem.line}: {problem.reason}"


def authority_lines(card: Authority, asker: Asker) -> Iterator[str]:
    """Yield an authority card: who may decide how much, and who decides above it (F26)."""
    yield f"Who may decide: {card.action}"
    yield from (f"  {name}: {value}" for name, value in pairs(card, asker))


def ruling_lines(ruling: Ruling, asker: Asker) -> Iterator[str]:
    """Yield a decision, then the card it comes from, then the other cards that fit."""
    yield ruling.decision.headline
    if ruling.decision.because:
        yield ruling.decision.because
    yield ""
    yield from authority_lines(ruling.authority, asker)
    yield f"{ruling.card.question} ({ruling.card.state.words}) · {ruling.card.id}"
    for card in ruling.others:
        yield f"See also: {card.question} · {card.id}"


def history_lines(steps: Sequence[Step]) -> Iterator[str]:
    """Yield what happened, the newest first."""
    for place in reversed(range(len(steps))):
        step = steps[place]
        others = f" with {_names(step.with_people)}" if step.with_people else ""
        confirmed = f"; confirmed by {_names(step.confirmed_by)}" if step.confirmed_by else ""
        words = step.words(is_first=place == 0)
        yield f"{step.at.astimezone():%Y-%m-%d %H:%M}  {step.person.name}{others} {words}{confirmed}"


def credit_lines(credit: Credit) -> Iterator[str]:
    """Yield the people behind an entry."""
    for title, people in (
        ("Asked by", credit.asked),
        ("Answered by", credit.answered),
        ("Improved by", credit.improved),
        ("Confirmed by", credit.confirmed),
    ):
        if people:
            yield f"{title}: {_names(people)}"
    if not credit.people:
        yield "Nobody on this team has written here yet."


def _names(people: Sequence[Person]) -> str:
    return ", ".join(person.name for person in people)
