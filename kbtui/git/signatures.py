"""Who has signed which words of an entry with plain git: a `Reviewed-by` trailer, or `state: validated` by hand.

A lead who works with pull requests or a text editor confirms no less than one who uses kbtui.
A commit with `Reviewed-by` is the reviewers' word for every entry it changes; a commit that
writes `state: validated` without saying who confirmed which words is its author's. Either is
for the words that the entry has in that very commit (FAULTS 70). Of several the last one in
the order of the history counts, never in that of a clock (FAULTS 57).

A merge with `Reviewed-by` is the reviewers' word for the words that it brought in: those of
the pull request, and those that whoever merged has typed while merging. Words that were on
the other side already, and words that git or somebody put together from both sides, nobody
has been shown: these it does not sign.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from kbtui.entry.model import Person
from kbtui.git.change import Commit, Merge

_NOT_SIGNING = ("start", "import")
"""What a starter base or an import brings was written elsewhere; nobody here has looked at it."""


@dataclass(frozen=True, slots=True)
class Version:
    """What one version of an entry says: the digest of its words, and whether it claims to be validated."""

    words: str
    is_claimed: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """Somebody's word for exact words."""

    people: tuple[Person, ...]
    at: dt.datetime
    commit: str
    words: str


class Versions:
    """Reads versions of entries; one that was read before never changes.

    Args:
        read: returns the file of a name as a commit has it, or None; the name is below git's top folder.
        fork: returns the commit from which several went apart, or nothing.
        known: versions read before, by commit and path; those that are asked for are added.
    """

    def __init__(
        self,
        read: Callable[[str, str], bytes | None],
        fork: Callable[[Sequence[str]], str],
        known: Mapping[str, Version],
    ) -> None:
        self._read = read
        self._fork = fork
        self._known = known
        self.asked: dict[str, Version] = {}

    def of(self, commit: Commit) -> Version:
        """Return what an entry said after a change of it."""
        return self._at(commit.commit, commit.path)

    def _at(self, commit: str, path: str) -> Version:
        key = f"{commit}:{path}"
        if key not in self.asked:
            self.asked[key] = self._known.get(key) or _version(self._read(commit, path))
        return self.asked[key]

    def is_brought_in(self, merge: Merge, names: Collection[str]) -> bool:
        """Whether a merge brought in the words that its entry has in it.

        Args:
            names: under which the entry's file was ever known.
        """
        words = self.of(merge).words
        into, *others = (self._words(parent, merge.path, names) for parent in merge.parents)
        if words == into:
            return False
        return words in others or self._words(self._fork(merge.parents), merge.path, names) == into

    def _words(self, commit: str, path: str, names: Collection[str]) -> str:
        """Return the words that an entry has in a commit; nothing where it is not there yet."""
        found = (self._at(commit, name).words for name in dict.fromkeys((path, *sorted(names)))) if commit else ()
        return next(filter(None, found), "")


def last_signature(changes: Sequence[Commit], versions: Versions, *, is_claimed: bool) -> Signature | None:
    """Return the last signature in an entry's history, whatever became of the words since; None without one.

    Args:
        changes: the oldest first.
        versions: reads what the entry said after each.
        is_claimed: whether its file says now that it is validated, but not by whom.
    """
    for place in range(len(changes) - 1, -1, -1):
        change = changes[place]
        if people := _signers(changes, place, versions, is_claimed=is_claimed):
            return Signature(people, change.at, change.commit, versions.of(change).words)
    return None


def _signers(changes: Sequence[Commit], place: int, versions: Versions, *, is_claimed: bool) -> tuple[Person, ...]:
    change = changes[place]
    if isinstance(change, Merge):
        is_word = versions.is_brought_in(change, {each.path for each in changes})
        return change.reviewers if is_word else ()
    if change.action in _NOT_SIGNING:
        return ()
    if change.reviewers or not is_claimed or change.action:  # kbtui says itself who confirms; its undo does not
        return change.reviewers
    was_claimed = place > 0 and versions.of(changes[place - 1]).is_claimed
    return (change.person,) if versions.of(change).is_claimed and not was_claimed else ()


def _version(data: bytes | None) -> Version:
    from kbtui.entry import file_format
    from kbtui.entry.card import card_of

    if data is None:
        return Version("", is_claimed=False)
    card = card_of(file_format.read("signed.md", data))
    return Version(card.words, card.is_claimed)
