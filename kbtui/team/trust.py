"""Why an entry should be trusted, and how far: who confirmed which words, how often it helped, who doubts it.

Every state is explained by what is behind it: the commit that confirmed or signed the words,
the events that say who used them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kbtui.entry.model import Entry, State
from kbtui.team.credit import Credit, Step
from kbtui.team.standing import Ground, How
from kbtui.team.uses import Demand


@dataclass(frozen=True, slots=True)
class UseOfWords:
    """One use of an entry in the words it has now.

    Attributes:
        event: the event's id.
        on: ISO date.
        by: who used it, by name.
        counts: whether it is evidence; what somebody uses that they wrote themselves is none.
    """

    event: str
    on: str
    by: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Trust:
    """What speaks for an entry and against it.

    Attributes:
        reasons: a sentence each, the most telling first.
        ground: what history or use says for these words, where the file says nothing.
        uses: uses of these words, the oldest first.
        commit: the commit that confirmed or signed these words; empty where there is none.
    """

    reasons: tuple[str, ...]
    ground: Ground | None = None
    uses: tuple[UseOfWords, ...] = ()
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an entry beside its file.

    Attributes:
        demand: what the team's calls say of it.
        credit: the people behind it.
        steps: its history, the oldest first.
        ground: what history or use stands for.
        uses: of the words it has now: event, ISO time, who (`Person.key`), their name.
        after: how many people's use is evidence in this team; 0 for none.
    """

    demand: Demand
    credit: Credit
    steps: Sequence[Step] = ()
    ground: Ground | None = None
    uses: Sequence[tuple[str, str, str, str]] = ()
    after: int = 0


def trust(entry: Entry, known: Known) -> Trust:
    """Return what speaks for an entry and against it."""
    demand, credit = known.demand, known.credit
    authors = {person.key for person in (*credit.answered, *credit.improved)}
    uses = tuple(UseOfWords(event, at[:10], name, who not in authors) for event, at, who, name in known.uses)
    helped = f"It was {demand.words}." if demand.used or demand.thanks else "Nobody has noted yet that it helped."
    flagged = [f"{flag.person.name} flagged it: {flag.reason}" for flag in demand.flags]
    people = [f"People behind it: {', '.join(person.name for person in credit.people)}."] if credit.people else []
    commit = _commit(entry, known)
    evidence = _evidence(entry, known, uses, authors)
    reasons = (_confidence(entry, known.ground, commit), *evidence, helped, *flagged, *people, _care(entry))
    return Trust(reasons, known.ground, uses, commit)


def _commit(entry: Entry, known: Known) -> str:
    """Return the commit that stands for the words: the confirmation by whom the file names, or a signature."""
    if known.ground is not None or entry.approval is None or not entry.approval_holds:
        return known.ground.commit if known.ground is not None else ""
    confirmed = [step for step in known.steps if step.action == "confirm" and step.person.name == entry.approval.by]
    return confirmed[-1].commit if confirmed else ""


def _confidence(entry: Entry, ground: Ground | None, commit: str) -> str:
    if entry.state is State.OPEN:
        return "Nobody has answered this yet."
    if entry.state is State.ARCHIVED:
        return "Archived: this is no longer how we do it."
    if ground is not None:
        return ground.sentence
    approval = entry.approval
    if approval is None:
        return "Nobody has confirmed these words yet. Use them all the same, and say if they are wrong."
    if not entry.approval_holds:
        return f"{approval.by} confirmed it on {approval.on}, but the words have changed since."
    behind = f" (commit {commit[:10]})" if commit else ""
    return f"{approval.by} confirmed exactly these words on {approval.on}{behind}."


def _evidence(entry: Entry, known: Known, uses: Sequence[UseOfWords], authors: Collection[str]) -> list[str]:
    """Return how far use has come as evidence, and each use behind it; nothing where the team's rule is off."""
    if not known.after or entry.state in (State.OPEN, State.ARCHIVED):
        return []
    others = {who for _, _, who, _ in known.uses if who not in authors}
    behind = [f"{use.by} used these words on {use.on} (event {use.event})." for use in uses if use.counts]
    if known.ground is not None and known.ground.how is How.USED:
        return behind
    if entry.state is State.VALIDATED:
        return []
    blocked = "; an open flag keeps that from counting" if known.demand.flags else ""
    have = "has" if len(others) == 1 else "have"
    return [f"{len(others)} of {known.after} different people {have} used exactly these words{blocked}.", *behind]


def _care(entry: Entry) -> str:
    due = f"it is to be checked by {entry.check_by}" if entry.check_by else ""
    owner = f"Its owner is {entry.owner}" if entry.owner else "Nobody owns it yet"
    return f"{owner}; {due}." if due else f"{owner}."
