"""Marks of a sample: whether the base had the answer to a question, as whoever has looked says (F44). Pure.

A mark counts over those it names: the ones that whoever marked had before them. Of others the
latest counts. One that was taken back counts no more, and what it was made over counts again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from kbtui.entry.event import Event
from kbtui.entry.taken_back import Named


def counting(marks: Iterable[Event], gone: Collection[Named] = ()) -> dict[str, Event]:
    """Return the mark that counts for each question, by the question's id.

    Args:
        marks: each names the question, the verdict, and the marks it was made over.
        gone: what was taken back and was not brought back since.
    """
    known = {mark.id: mark for mark in marks}
    standing = [mark for mark in known.values() if (mark.id, mark.person.key) not in gone]
    replaced = _made_over(standing, known)
    found: dict[str, Event] = {}
    for mark in sorted(standing, key=lambda mark: (mark.id not in replaced, mark.at, mark.id)):
        found[mark.refs[0]] = mark
    return found


def _made_over(standing: Iterable[Event], known: Mapping[str, Event]) -> set[str]:
    """Return the ids of the marks over which others count, also by one in between that was taken back."""
    found: set[str] = set()
    left = [name for mark in standing for name in mark.refs[2:]]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += known[name].refs[2:] if name in known else ()
    return found


def last_act(marks: Iterable[Event], taking: Iterable[Event], question: str = "") -> tuple[Event, Event] | None:
    """Return the mark that somebody made, took back or brought back last, and the event by which they did.

    Args:
        marks: this person's.
        taking: all that this person took back or brought back.
        question: id of the one that is asked about; any, if left out.
    """
    named_by: dict[str, list[Event]] = {}
    for each in taking:
        named_by.setdefault(each.refs[0] if each.refs else "", []).append(each)
    last: list[tuple[Event, Event]] = []
    left = [(mark, mark) for mark in marks if question in ("", mark.refs[0])]
    while left:
        mark, act = left.pop()
        after = named_by.get(act.id)
        left += [(mark, each) for each in after or ()]
        if not after:
            last.append((mark, act))
    return max(last, key=lambda each: (each[1].at, each[1].id), default=None)
