"""Ideas of the floor and what became of them: raised, tried, put into practice, or dropped with a reason (F42). Pure.

The number that counts is value-added ideas put into practice, so an idea is in practice only
together with the entry that changed for it; a move that names none is none.

Everybody moves ideas on their own computer, and clocks are wrong. So each move names the
moves it was made on: a move counts over those it names, whatever any clock says. Of moves
made side by side, the one that went further counts (in practice, then dropped, then
trying), then the one with the later time, then the greater id. The same events give the
same on every computer, in whatever order they came.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kbtui.entry.event import Event, EventKind
from kbtui.entry.model import Person


class Stage(StrEnum):
    """How far an idea has come. In the order in which a list shows them."""

    TRYING = "trying"
    RAISED = "raised"
    IN_PRACTICE = "in-practice"
    DROPPED = "dropped"

    @property
    def words(self) -> str:
        """The stage as a person reads it."""
        return self.value.replace("-", " ")

    @property
    def sign(self) -> str:
        """One character that stands beside the word."""
        return _SIGNS[self]


_SIGNS = {Stage.TRYING: "»", Stage.RAISED: "!", Stage.IN_PRACTICE: "✓", Stage.DROPPED: "×"}
_KINDS = {
    Stage.TRYING: EventKind.IDEA_TRYING,
    Stage.IN_PRACTICE: EventKind.IDEA_IN_PRACTICE,
    Stage.DROPPED: EventKind.IDEA_DROPPED,
}
_STAGES = {str(kind): stage for stage, kind in _KINDS.items()}
_FURTHER = (Stage.TRYING, Stage.DROPPED, Stage.IN_PRACTICE)

KINDS = (EventKind.IDEA_RAISED, *_KINDS.values())
"""The kinds of events that ideas are made of."""


@dataclass(frozen=True, slots=True)
class Move:
    """One step of an idea.

    Attributes:
        id: the event's id.
        entry: id of the entry that changed, where it is in practice.
        reason: why it was dropped, or what is tried; may be empty but for a drop.
        made_on: ids of the moves that whoever moved it knew to be the last.
    """

    id: str
    stage: Stage
    person: Person
    at: dt.datetime
    entry: str
    reason: str
    made_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Idea:
    """An idea and its moves.

    Attributes:
        id: the id of the event that raised it.
        person: who raised it, and `at`, when.
        entry: id of the entry it starts from, or empty.
        moves: each after those it was made on; beside that by time.
        latest: ids of the moves that none was made on; more than one where people moved it side by side.
        current: the move that counts, or None as long as it is only raised.
    """

    id: str
    words: str
    person: Person
    at: dt.datetime
    entry: str = ""
    moves: tuple[Move, ...] = ()
    latest: tuple[str, ...] = ()
    current: Move | None = None

    @property
    def stage(self) -> Stage:
        """How far it has come."""
        return self.current.stage if self.current else Stage.RAISED

    @property
    def moved_at(self) -> dt.datetime:
        """When it came to its stage."""
        return self.current.at if self.current else self.at


def kind_of(stage: Stage) -> EventKind:
    """Return the kind of the event that moves an idea to a stage; a raised one is not moved there."""
    return _KINDS[stage]


def ideas_of(events: Iterable[Event]) -> list[Idea]:
    """Return the ideas that events make: by stage, in each the one moved last first."""
    moves: dict[str, list[Move]] = {}
    raised = []
    for each in sorted(events, key=lambda each: (each.at, each.id)):
        if each.kind == EventKind.IDEA_RAISED and each.words:
            raised.append(each)
        elif (move := _move(each)) is not None:
            moves.setdefault(each.refs[0], []).append(move)
    stages = list(Stage)
    found = [_idea(each, moves.get(each.id, [])) for each in raised]
    return sorted(found, key=lambda idea: (stages.index(idea.stage), -idea.moved_at.timestamp(), idea.id))


def in_practice(ideas: Iterable[Idea]) -> list[Idea]:
    """Return the ideas that changed how the team works: the number that counts is how many these are."""
    return [idea for idea in ideas if idea.stage is Stage.IN_PRACTICE]


def _move(event: Event) -> Move | None:
    """Return the move that an event is; None where it is none, or lacks what its stage needs."""
    stage = _STAGES.get(event.kind)
    lacks = (stage is Stage.IN_PRACTICE and not event.entry) or (stage is Stage.DROPPED and not event.words)
    if stage is None or lacks or not event.refs:
        return None
    return Move(event.id, stage, event.person, event.at, event.entry, event.words, event.refs[1:])


def _idea(raised: Event, moves: Sequence[Move]) -> Idea:
    """Return an idea; moves that name each other in a circle, which only a forger writes, are all the last."""
    moves = _in_order(moves)
    known = {ref for move in moves for ref in move.made_on if ref != move.id}
    last = [move for move in moves if move.id not in known] or moves
    current = max(last, key=lambda move: (_FURTHER.index(move.stage), move.at, move.id), default=None)
    latest = tuple(sorted(move.id for move in last))
    return Idea(raised.id, raised.words, raised.person, raised.at, raised.entry, tuple(moves), latest, current)


def _in_order(moves: Sequence[Move]) -> list[Move]:
    """Return moves, by time, so that each stands after those it was made on; in a circle some do not."""
    known = {move.id: move for move in moves}
    entered: set[str] = set()
    found: dict[str, Move] = {}
    left = [*reversed(moves)]
    while left:
        move = left[-1]
        if move.id in entered:
            found.setdefault(move.id, left.pop())
            continue
        entered.add(move.id)
        left += [known[ref] for ref in reversed(move.made_on) if ref in known and ref not in entered]
    return [*found.values()]
