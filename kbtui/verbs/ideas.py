"""Raising and moving ideas (F42); what their events mean is said by `kbtui.team.ideas`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kbtui.entry.card import Card
from kbtui.entry.event import EventKind
from kbtui.entry.text import one_line
from kbtui.errors import NoSuchEntryError, RefusedError
from kbtui.team.ideas import KINDS, Idea, Stage, ideas_of, kind_of
from kbtui.verbs.reuse import Reuse

SHORT = 8
"""Letters of an idea's id that are shown; any beginning that only one idea has will do."""


@dataclass(frozen=True, slots=True)
class MovedIdea:
    """An idea as it is now, and the sentence the person sees."""

    words: str
    idea: Idea


class Ideas(Reuse):
    """The verbs of ideas; they note events as those of a use do."""

    def all(self) -> list[Idea]:
        """Return every idea, by stage; people as `.mailmap` knows them."""
        events = self._parts.tally.of_kinds(*KINDS)
        known = {person: self._parts.known_as(person) for person in {each.person for each in events}}
        return ideas_of(replace(each, person=known[each.person]) for each in events)

    def get(self, name: str) -> Idea:
        """Return the idea that an id, or the beginning of one, stands for.

        Raises:
            NoSuchEntryError: none goes by that name, or several do.
        """
        wanted = one_line(name)
        found = [idea for idea in self.all() if wanted and idea.id.startswith(wanted)]
        if len(found) != 1:
            many = f"{len(found)} ideas are" if found else "No idea is"
            raise NoSuchEntryError(f"{many} called {wanted!r}.", "`kbtui ideas` prints the ids.")
        return found[0]

    def raise_idea(self, words: str, card: Card | None) -> MovedIdea:
        """Note an idea.

        Args:
            card: of the entry it starts from, if it starts from one.

        Raises:
            RefusedError: there are no words, or too many.
            NoPersonError, PersonalDataError, NotSavedError: as for every event.
        """
        if not one_line(words):
            raise RefusedError("An idea needs words.", 'Say it in one line: kbtui idea "…"')
        event = self._event(EventKind.IDEA_RAISED, card.id if card else "", {"the words": words})
        self._keep(event)
        return MovedIdea("Idea raised: the team sees it from now on", self.get(event.id))

    def move(self, name: str, stage: Stage, card: Card | None, reason: str) -> MovedIdea:
        """Move an idea to a stage.

        Args:
            card: of the entry that changed for it; needed to be in practice.
            reason: why, in one line; needed to drop it.

        Raises:
            RefusedError: what the stage needs is missing.
            NoSuchEntryError: there is no such idea. And those that every event raises.
        """
        idea = self.get(name)
        _require(stage, card, reason)
        event = self._event(kind_of(stage), card.id if card else "", {"the reason": reason})
        self._keep(replace(event, refs=(idea.id, *idea.latest)))
        return MovedIdea(f"Idea {stage.words}: {idea.words}", self.get(idea.id))


def _require(stage: Stage, card: Card | None, reason: str) -> None:
    if stage is Stage.RAISED:
        raise RefusedError("An idea is raised once.", "Move it to trying, in practice, or dropped.")
    if stage is Stage.IN_PRACTICE and card is None:
        raise RefusedError(
            "An idea in practice needs the entry that changed for it.",
            "Change or write that entry first, then name it.",
        )
    if stage is Stage.DROPPED and not one_line(reason):
        raise RefusedError("An idea is dropped with a reason.", "Say in one line why, for whoever raised it.")
