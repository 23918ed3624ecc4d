"""Why an entry should be trusted, and how far: who confirmed which words, how often it helped, who doubts it."""

from __future__ import annotations

from kbtui.entry.model import Entry, State
from kbtui.team.credit import Credit
from kbtui.team.uses import Demand


def reasons(entry: Entry, demand: Demand, credit: Credit) -> list[str]:
    """Return what speaks for an entry and against it, a sentence each, the most telling first.

    Args:
        entry: the one that is asked about.
        demand: what the team's calls say of it.
        credit: the people behind it.
    """
    helped = f"It was {demand.words}." if demand.used or demand.thanks else "Nobody has noted yet that it helped."
    flagged = [f"{flag.person.name} flagged it: {flag.reason}" for flag in demand.flags]
    people = [f"People behind it: {', '.join(person.name for person in credit.people)}."] if credit.people else []
    return [_confidence(entry), helped, *flagged, *people, _care(entry)]


def _confidence(entry: Entry) -> str:
    if entry.state is State.OPEN:
        return "Nobody has answered this yet."
    if entry.state is State.ARCHIVED:
        return "Archived: this is no longer how we do it."
    approval = entry.approval
    if approval is None:
        return "Nobody has confirmed these words yet. Use them all the same, and say if they are wrong."
    if not entry.approval_holds:
        return f"{approval.by} confirmed it on {approval.on}, but the words have changed since."
    return f"{approval.by} confirmed exactly these words on {approval.on}."


def _care(entry: Entry) -> str:
    due = f"it is to be checked by {entry.check_by}" if entry.check_by else ""
    owner = f"Its owner is {entry.owner}" if entry.owner else "Nobody owns it yet"
    return f"{owner}; {due}." if due else f"{owner}."
