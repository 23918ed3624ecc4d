"""From what this computer has and what the team has to the one commit that both should show.

Made of objects alone; no branch, no folder and no network is touched here. `Uniter.unite`
says which commit it is, and whether the team has to be given it; or why a person has to look.
"""

from __future__ import annotations

from dataclasses import dataclass

from kbtui.entry.identity import VARIANT_SUFFIX
from kbtui.entry.model import Person
from kbtui.errors import GitTroubleError
from kbtui.git.ancestry import Ancestry
from kbtui.git.held import Hold
from kbtui.git.invariants import Invariants
from kbtui.git.repository import Repository
from kbtui.git.tree_merge import Changes, TreeMerge, TreeMerger
from kbtui.git.trees import Change, Item, Trees

_MERGE_MESSAGE = b"Bring together what the team wrote\n\nKb-Action: sync\n"
_VARIANTS_MESSAGE = b"Keep versions that a lead has not chosen from yet\n\nKb-Action: sync\n"
_MOST_LOOKED_UP = 200
"""Of more files that both sides have changed, nobody asks which versions each had."""

_AUTHOR = "%x00".join(("%an", "%ae", "%aI", "%B"))


@dataclass(frozen=True, slots=True)
class United:
    """The commit that both sides should show.

    Attributes:
        tip: what this computer had; empty for nothing.
        theirs: what the team had; empty for nothing.
        target: the commit; empty where none can be made.
        code: why a lead has to look ("K05"), or empty.
        reason: the same in a sentence.
        variants: versions kept beside what they contest, as paths below the top folder.
        vanished: entries that the team has lost because its history was changed on the host.
        kept: entries that one side deleted and the other edited; they stay.
        is_shallow: whether more of the history has to be fetched first.
    """

    tip: str
    theirs: str
    target: str = ""
    code: str = ""
    reason: str = ""
    variants: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    is_shallow: bool = False

    @property
    def has_news_for_team(self) -> bool:
        """Whether the team has to be given the commit."""
        return bool(self.target) and self.target != self.theirs


class BrokenMergeError(GitTroubleError):
    """A merge that broke an invariant; nothing was moved."""


class Uniter:
    """Finds or makes that commit.

    Args:
        repository: has the objects.
        trees: reads and makes them.
        merger: merges trees.
        person: author of merges.
    """

    def __init__(self, repository: Repository, trees: Trees, merger: TreeMerger, person: Person) -> None:
        self._repository = repository
        self._trees = trees
        self._merger = merger
        self._invariants = Invariants(trees, merger)
        self._person = person
        self._ancestry = Ancestry(repository)

    def unite(self, tip: str, theirs: str, shared: str, *, may_delete: bool = False) -> United:
        """Return the commit for both.

        Args:
            tip: what this computer has.
            theirs: what the team has now.
            shared: what both are known to have had last; empty where nobody knows.
            may_delete: whether somebody has said that entries may vanish in masses.
        """
        try:
            united = self._united(tip, theirs, shared)
        except BrokenMergeError as error:
            return United(tip, theirs, code="K07", reason=error.message)
        if united.target and not may_delete and self._loses_entries(united):
            reason = "More entries would vanish than anybody deletes at once; they stay until a lead has looked."
            return United(tip, theirs, code="K05", reason=reason, vanished=united.vanished)
        return united

    def _united(self, tip: str, theirs: str, shared: str) -> United:
        if not (tip and theirs) or tip == theirs:
            return United(tip, theirs, tip or theirs)
        if shared and not self.has(theirs, shared):
            return self._after_rewriting(tip, theirs, shared)
        if self.has(tip, theirs):
            return United(tip, theirs, tip)
        if self.has(theirs, tip):
            return United(tip, theirs, theirs)
        base = self._ancestry.base_of(tip, theirs)
        if self._is_shallow():
            return United(tip, theirs, is_shallow=True)
        if not base:
            return United(tip, theirs, code="K06", reason="The team's base has another beginning than the one here.")
        merged, tree = self._merged(base, tip, theirs)
        target = self._commit(tree, (tip, theirs))
        kept = tuple(filter(self._merger.is_entry, merged.kept))
        return United(tip, theirs, target, variants=tuple(merged.variants), kept=kept)

    def _commit(self, tree: str, parents: tuple[str, ...]) -> str:
        return self._trees.commit(tree, parents, _MERGE_MESSAGE, self._person)

    def _merged(self, base: str, ours: str, theirs: str, *, looks_back: bool = True) -> tuple[TreeMerge, str]:
        """Return the merge of two commits and its tree, once every invariant holds.

        Args:
            looks_back: whether a version that the other side has had and changed since is left out.

        Raises:
            BrokenMergeError: one does not.
        """
        here, there = self._trees.changes(base, ours), self._trees.changes(base, theirs)
        both = self._newest(base, ours, theirs, here, there) if looks_back else (here, there)
        merged = self._merger.merge(*both)
        tree = self._trees.build(theirs, _needed(merged.changes, there))
        from_ours, from_theirs = self._trees.changes(ours, tree), self._trees.changes(theirs, tree)
        if broken := self._invariants.broken(merged, here, there, from_ours, from_theirs):
            raise BrokenMergeError(
                "What the team wrote could not be brought together safely, so nothing was changed.",
                "Needs your lead (code K07); your work is safe.",
                f"invariant {broken.number}: {', '.join(broken.paths[:5])}",
            )
        return merged, tree

    def _newest(self, base: str, ours: str, theirs: str, here: Changes, there: Changes) -> tuple[Changes, Changes]:
        """Leave out of two sides' changes what the other side has had already and has changed since.

        That is so where a host has squashed or rebased what was sent for review, and more was written
        here meanwhile: the team's version is an older one of ours, and no second opinion (FAULTS 71).
        """
        both = [path for path in here if path in there and here[path].after != there[path].after]
        if not 0 < len(both) <= _MOST_LOOKED_UP:
            return here, there
        ours_had, theirs_had = (self._trees.versions(base, side, both) for side in (ours, theirs))
        old_there = {path for path in both if (path, there[path].after) in ours_had}
        old_here = {path for path in both if (path, here[path].after) in theirs_had}
        return _without(here, old_here - old_there), _without(there, old_there - old_here)

    def _loses_entries(self, united: United) -> bool:
        for side in (united.tip, united.theirs):
            if side and side != united.target:
                changes = self._trees.changes(side, united.target)
                if self._invariants.is_mass_deletion(changes, side):
                    return True
        return False

    # Work that was in the way of what the team wrote (FAULTS S2)

    def mend(self, tip: str, hold: Hold | None) -> United:
        """Return a commit on top of `tip` in which work that was in the way of the team's words is merged with them.

        Such a file was made from an older version than the branch had since. Committed as it is, it looks as
        if somebody wanted to take back what the team wrote.

        Args:
            hold: the files that were in the way. Those that are not committed yet are left alone.
        """
        if hold is None or not tip:
            return United(tip, "", tip)
        try:
            target, done = self._taken_along(tip, hold)
            over = self._over(target, hold)
            if not over:
                return United(tip, "", target, variants=tuple(done.variants))
            base = self._commit(self._trees.build(hold.of, over), (hold.of,))
            # The branch has had the team's version, of which the file that was committed knows nothing.
            merged, tree = self._merged(base, target, hold.of, looks_back=False)
        except BrokenMergeError as error:
            return United(tip, "", code="K07", reason=error.message)
        kept = tuple(filter(self._merger.is_entry, merged.kept))
        target = target if self.same_tree(target, tree) else self._commit(tree, (target, hold.of))
        return United(tip, "", target, variants=(*done.variants, *merged.variants), kept=kept)

    def _over(self, tip: str, hold: Hold) -> dict[str, Item | None]:
        """Return what the files that are committed now were made from; an entry that was moved was not there yet.

        That holds of its new place where nothing stands there any more: the two are one entry again.
        """
        since = self._trees.changes(hold.of, tip)
        over = {path: change.before for path, change in hold.paths.items() if path in since}
        places = [hold.moved[path] for path in over if path in hold.moved]
        return over | {place: None for place in places if place in since and since[place].after is None}

    def _taken_along(self, tip: str, hold: Hold) -> tuple[str, TreeMerge]:
        """Return `tip` with what was committed where an entry was before the team moved it, merged in its new place.

        It was made from the entry as it was there, so that is what both have in common.
        """
        since = self._trees.changes(hold.of, tip)
        stale = {path: since[path].after for path in hold.moved if path in since and path in hold.paths}
        wanted = {place: self._trees.item(tip, place) for path, place in hold.moved.items() if path in stale}
        gone = {path: Change(item, None) for path, item in stale.items() if item and item.is_plain}
        come = {place: Change(None, item) for place, item in wanted.items() if item and item.is_plain}
        moved = self._merger.moved(gone | come)
        pairs = {path: hold.moved[path] for path in gone if moved.get(path) == hold.moved[path]}
        if not pairs:
            return tip, TreeMerge()
        theirs = self._commit(self._trees.build(tip, dict.fromkeys(pairs)), (tip,))
        base, ours = (
            self._commit(self._trees.build(theirs, items), (theirs,))
            for items in (
                {place: hold.paths[path].before for path, place in pairs.items()},
                {place: stale[path] for path, place in pairs.items()},
            )
        )
        merged, tree = self._merged(base, ours, theirs, looks_back=False)
        return self._commit(tree, (tip, hold.of)), merged

    # A history that was changed on the host (FAULTS 33)

    def _after_rewriting(self, tip: str, theirs: str, shared: str) -> United:
        """Put what was not shared yet on top of what the team has now; never the old history itself."""
        base = self._ancestry.base_of(tip, shared)
        if not base:
            return United(tip, theirs, code="K06", reason="The team's base has another beginning than the one here.")
        vanished = tuple(self._merger.deleted(self._trees.changes(shared, theirs)))
        words = ("rev-list", "--reverse", "--topo-order", "--no-merges", tip, f"^{shared}", f"^{theirs}")
        target, variants = theirs, list[str]()
        for commit in self._ancestry.must(*words).text.split():
            target = self._picked(commit, target, variants)
        target = self._with_variants(base, tip, target)
        return United(tip, theirs, target, variants=tuple(variants), vanished=vanished)

    def _picked(self, commit: str, onto: str, variants: list[str]) -> str:
        merged, tree = self._merged(f"{commit}^", commit, onto)
        variants += merged.variants
        said = self._ancestry.must("log", "-1", "--encoding=UTF-8", f"--format={_AUTHOR}", commit)
        name, email, date, message = said.text.split("\0", 3)
        author = (date, Person(name, email))
        return self._trees.commit(tree, (onto,), message.encode("utf-8", "surrogateescape"), self._person, author)

    def _with_variants(self, base: str, tip: str, target: str) -> str:
        """Return `target` with the variants that merges here have kept, which no commit of anybody's brings."""
        kept = {
            path: change.after
            for path, change in self._trees.changes(base, tip).items()
            if change.before is None and change.after and path.endswith(VARIANT_SUFFIX)
        }
        there = set(self._trees.paths(target))
        missing = {path: item for path, item in kept.items() if path not in there}
        if not missing:
            return target
        return self._trees.commit(self._trees.build(target, missing), (target,), _VARIANTS_MESSAGE, self._person)

    # Asking git

    def shown(self, ref: str) -> str:
        """Return the commit that a ref shows; nothing where there is no such ref.

        Raises:
            GitTroubleError: git does not answer.
        """
        return self._ancestry.shown(ref)

    def has(self, commit: str, ancestor: str) -> bool:
        """Whether a commit builds on another one."""
        return self._ancestry.has(commit, ancestor)

    def same_tree(self, one: str, other: str) -> bool:
        """Whether two commits hold the same files."""
        return not self._trees.changes(one, other)

    def entries_between(self, before: str, after: str) -> list[str]:
        """Return the entries that differ between two commits."""
        if not after or before == after:
            return []
        changed = self._trees.changes(before, after) if before else self._trees.paths(after)
        return [path for path in changed if self._merger.is_entry(path)]

    def files_between(self, before: str, after: str) -> Changes:
        """Return whatever differs between two commits."""
        return self._trees.changes(before, after) if before and after else {}

    def _is_shallow(self) -> bool:
        return self._repository.runner.run("rev-parse", "--is-shallow-repository").text == "true"


def _without(changes: Changes, paths: set[str]) -> Changes:
    return {path: change for path, change in changes.items() if path not in paths}


def _needed(changes: dict[str, Item | None], theirs: Changes) -> dict[str, Item | None]:
    """Return the changes without those that take away what the team's tree has not, which git would not do."""
    return {path: item for path, item in changes.items() if item is not None or _is_there(path, theirs)}


def _is_there(path: str, theirs: Changes) -> bool:
    return path not in theirs or theirs[path].after is not None
