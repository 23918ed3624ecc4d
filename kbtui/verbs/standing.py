"""Which entries count as validated by history or by use (`kbtui.team.standing`), worked out and kept beside the base.

Working it out reads the history and the events, which a search must not wait for. So what was
found is kept in a small file on this computer, which may be thrown away: a search takes it
from there and looks at two things itself, that the words are still the same and that nobody
has flagged them. It may grant late, where nobody has brought it up yet, but it takes back at once.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from kbtui.entry.card import Card, Sketch
from kbtui.entry.model import Person, State
from kbtui.errors import NotSavedError
from kbtui.store import atomic
from kbtui.team.standing import Ground, How, by_use, is_in_force, may_have_ground

if TYPE_CHECKING:
    from kbtui.git.signatures import Signature, Version
    from kbtui.parts import Parts

T = TypeVar("T", Card, Sketch)

Grounds = Mapping[str, Ground]
"""By the path of the entry."""

STANDING = "standing.json"
"""In the state folder: the grounds as they were worked out last. They name entries by their paths."""

_LAYOUT = 2


_NOTHING: Mapping[str, Any] = {}


class _Kept(NamedTuple):
    """What the file says.

    Attributes:
        head: the commit up to which it was worked out.
        authors: who wrote entries (`Person.key`), by path.
        versions: of entries in commits, by commit and path: digest of the words, and whether it claims to be validated.
    """

    head: str = ""
    grounds: Grounds = _NOTHING
    authors: Mapping[str, Sequence[str]] = _NOTHING
    versions: Mapping[str, tuple[str, bool]] = _NOTHING


class Standings:
    """The grounds of one base.

    Args:
        parts: the library's parts.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._file = parts.state / STANDING

    def known(self) -> Grounds:
        """Return what was worked out last, as it is kept; every one still has to hold. Costs one look at a file."""
        return self._kept().grounds

    def signers(self, card: Card) -> tuple[Person, ...]:
        """Return who signed the words that an entry has now, as far as that is known."""
        ground = self.known().get(card.path)
        return ground.signers if ground is not None and ground.words == card.words else ()

    def is_kept(self) -> bool:
        """Whether anything was worked out before, so that bringing it up is quick."""
        return self._file.exists()

    def bring_up(self) -> bool:
        """Work the grounds out; whether they are others than before.

        Raises:
            GitTroubleError: the history cannot be read.
            BusyError: another kbtui is reading it.
        """
        before = self._kept()
        index = self._parts.index
        cards = [card for card in index.each_sketch() if may_have_ground(card)] if index.is_usable() else []
        head = self._parts.overview.head()
        signed, versions = self._signed(cards, before) if head else ({}, {})
        used, authors = self._used([card for card in cards if card.path not in signed], before, head)
        now = _Kept(head, {**signed, **used}, authors, versions)
        if now != before:
            with suppress(NotSavedError):  # it is worked out again the next time
                atomic.write(self._file, _as_json(now))
        return now.grounds != before.grounds

    def _signed(self, cards: Sequence[Sketch], before: _Kept) -> tuple[dict[str, Ground], dict[str, tuple[str, bool]]]:
        from kbtui.git.signatures import Version

        by_path = {card.path: card for card in cards}
        claimed = [card.path for card in cards if card.is_claimed]
        known = {key: Version(*said) for key, said in before.versions.items()}
        found, versions = self._parts.overview.signatures(claimed, known)
        grounds = {}
        for path, signature in found.items():
            if path in by_path and by_path[path].words == signature.words:
                grounds[path] = _signed(by_path[path], signature)
        return grounds, {key: _said(version) for key, version in versions.items()}

    def _used(
        self, cards: Sequence[Sketch], before: _Kept, head: str
    ) -> tuple[dict[str, Ground], dict[str, Sequence[str]]]:
        after = self._parts.team.validate_after
        users = self._parts.tally.users_of_words(after) if after else {}
        candidates = {card.path: card for card in cards if (card.id, card.words) in users}
        authors = self._authors([*candidates], before, head)
        people = self._known_as([users[card.id, card.words] for card in candidates.values()])
        grounds = {}
        for path, card in candidates.items():
            once = {people[who].key: people[who].name for who in users[card.id, card.words]}
            if ground := by_use(card, once, authors[path], after):
                grounds[path] = ground
        return grounds, authors

    def _known_as(self, users: Sequence[Mapping[str, str]]) -> dict[str, Person]:
        """Return everybody as the team's `.mailmap` knows them, by what stands in the events: one person is one."""
        names = {who: name for each in users for who, name in each.items()}
        people = {who: Person(name, who if "@" in who else "") for who, name in names.items()}
        known = self._parts.overview.known_as(people.values()) if people else {}
        return {who: known[person] for who, person in people.items()}

    def _authors(self, paths: Sequence[str], before: _Kept, head: str) -> dict[str, Sequence[str]]:
        """Return who answered or improved entries; only those are looked up that have changed since the last time."""
        changed = frozenset[str]() if head == before.head else self._parts.overview.changed_since(before.head)
        known = {} if changed is None else {p: keys for p, keys in before.authors.items() if p not in changed}
        from kbtui.team.credit import credit_of

        for path, steps in self._parts.histories([path for path in paths if path not in known]).items():
            credit = credit_of(steps)
            known[path] = sorted({person.key for person in (*credit.answered, *credit.improved)})
        return {path: known[path] for path in paths}

    def _kept(self) -> _Kept:
        try:
            status = self._file.stat()
        except OSError:
            return _Kept()
        return _read(self._file, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=4)
def _read(file: Path, _mtime_ns: int, _size: int) -> _Kept:
    """Return what a file says; one that is damaged says nothing. Read once for each stamp it has."""
    try:
        values = json.loads(file.read_bytes())
        if values["layout"] != _LAYOUT:
            return _Kept()
        grounds = {path: _ground(each) for path, each in values["grounds"].items()}
        versions = {key: (str(words), bool(claimed)) for key, (words, claimed) in values["versions"].items()}
        return _Kept(str(values["head"]), grounds, dict(values["authors"]), versions)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _Kept()


def _ground(values: Sequence[Any]) -> Ground:
    entry, words, how, people, on, commit, emails = values
    names, addresses = tuple(map(str, people)), tuple(map(str, emails))
    return Ground(str(entry), str(words), How(how), names, str(on), str(commit), addresses)


def _signed(card: Sketch, signature: Signature) -> Ground:
    names, emails = (tuple(getattr(each, part) for each in signature.people) for part in ("name", "email"))
    on = signature.at.date().isoformat()
    return Ground(card.id, signature.words, How.SIGNED, names, on, signature.commit, emails)


def _as_json(kept: _Kept) -> bytes:
    grounds = {p: [g.entry, g.words, g.how, g.people, g.on, g.commit, g.emails] for p, g in kept.grounds.items()}
    values = {"layout": _LAYOUT, "head": kept.head, "grounds": grounds}
    return json.dumps(values | {"authors": kept.authors, "versions": kept.versions}).encode("utf-8", "replace")


def _said(version: Version) -> tuple[str, bool]:
    return version.words, version.is_claimed


def lifted(card: T, proven: Mapping[str, str]) -> T:
    """Return a card, whole or in short, with the state that everybody sees (`in_force`)."""
    if card.state is not State.NOT_VALIDATED or card.variant_of or proven.get(card.path) != card.words:
        return card
    return replace(card, state=State.VALIDATED)


def in_force(grounds: Grounds, flagged: Collection[str], after: int) -> dict[str, str]:
    """Return the digests of the words that grounds in force are for, by path: what a search compares cards with."""
    return {path: ground.words for path, ground in grounds.items() if is_in_force(ground, flagged, after)}
