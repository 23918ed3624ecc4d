"""How entries and histories read as plain lines: one thought a line, nothing by colour or column alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kbtui.cli.rows import about
from kbtui.cli.shift_words import credited_lines
from kbtui.cli.suggesting import command
from kbtui.entry.authority import standing
from kbtui.entry.authority_card import pairs
from kbtui.entry.card import Card
from kbtui.entry.decision import Asker
from kbtui.entry.model import BEING_MENDED, Authority, Entry, Person, Severity, State
from kbtui.entry.text import counted
from kbtui.entry.which_card import Ruling
from kbtui.knowledge import Similar, Twins
from kbtui.team.credit import Credit, EntryCredit, Step
from kbtui.team.uses import Demand


def similar_lines(near: Sequence[Similar], question: str) -> Iterator[str]:
    """Yield the entries whose questions are nearest to one, and whether one of them is probably it."""
    if not near:
        yield f"Nobody has asked anything like this: {question}"
        return
    yield "Probably asked already:" if near[0].is_close else "Nothing as close as that; the nearest:"
    for each in near:
        yield f"{each.card.state.sign} {each.card.question}"
        yield f"    {round(100 * each.closeness)} % alike, {about(each.card)}"


def twins_lines(pairs: Sequence[Twins], total: int) -> Iterator[str]:
    """Yield pairs of entries that may be one."""
    for pair in pairs:
        yield f"{round(100 * pair.closeness)} % alike"
        yield from (f"    {card.state.sign} {card.question} · {card.id}" for card in (pair.one, pair.other))
        yield f"    If they are one: {command('merge', *(each.id or each.path for each in (pair.one, pair.other)))}"
    yield f"{len(pairs)} of {counted(total, 'pair')}" if pairs else "No two entries look like one."


def asked_too(entry: Entry | Card, other: Card) -> str:
    """Return the line that offers to join an open question with another that asks nearly the same."""
    return f"    Asked too, nearly the same: {other.question}. One question? kbtui same-question {entry.id} {other.id}"


def entry_lines(
    entry: Entry, asker: Asker, demand: Demand, credit: Credit | None = None, near: Sequence[Card] = ()
) -> Iterator[str]:
    """Yield a whole entry, as it is for somebody on a day, with the people behind it.

    Args:
        near: open questions that ask nearly the same.
    """
    yield entry.question
    yield from _status_lines(entry)
    yield from _demand_lines(demand)
    yield from (asked_too(entry, other) for other in near)
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
    if credit and credit.people:
        yield ""
        yield from credit_lines(credit)


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
    if entry.being_mended:
        yield f"{BEING_MENDED}.{' Here is its last good version.' if entry.readable else ''}"
    if entry.declared is State.VALIDATED and entry.state is State.NOT_VALIDATED:
        yield "It was validated once, but these words have changed since or were never confirmed."
    for problem in entry.problems:
        label = "Problem" if problem.severity is Severity.ERROR else "Note"
        yield f"{label} in line {problem.line}: {problem.reason}"


def _demand_lines(demand: Demand) -> Iterator[str]:
    """Yield what is known of an entry's use, and every open flag."""
    if demand.words:
        yield demand.words[0].upper() + demand.words[1:]
    for flag in demand.flags:
        yield f"Flag of {flag.at.astimezone():%Y-%m-%d} by {flag.person.name}: {flag.reason}"


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


def credits_lines(entries: Sequence[EntryCredit], total: int) -> Iterator[str]:
    """Yield whose words helped, entry by entry, and how many entries there are."""
    for entry in entries:
        yield from credited_lines(entry)
        yield from (f"    {line}" for line in credit_lines(entry.credit))
    if not total:
        yield "Nobody on this team has written here yet."
    else:
        more = "; all of them with --all" if len(entries) < total else ""
        yield f"{len(entries)} of {counted(total, 'entry')}{more}"


def own_credits_lines(entries: Sequence[EntryCredit]) -> Iterator[str]:
    """Yield the entries with somebody's own words, and which part is theirs."""
    for entry in entries:
        yield from credited_lines(entry)
        yield f"    You {_listed(entry.yours)} it."
    if not entries:
        yield "No entry holds your words yet. Ask a question, answer one, or fix what is wrong."


def _listed(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _names(people: Sequence[Person]) -> str:
    return ", ".join(person.name for person in people)
