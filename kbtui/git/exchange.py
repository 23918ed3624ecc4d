"""One round of a sync with the team's branch, and what it comes to.

Fetch; make the one commit that both should show (`kbtui.git.uniting`); offer it to the team's
branch; once that branch has it, bring branch and folder here to it (`kbtui.git.landing`).
Offering comes first: where somebody else was faster, the merge is thrown away and made again
from the original tip, so that a share is one merge however often it was tried (FAULTS 30).
And where something in the folder is in the way, the words are shared all the same.

The lock of the saver is held, except while the network is used.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from kbtui.entry.text import counted
from kbtui.git import operations
from kbtui.git.commits import OWN_SETTINGS
from kbtui.git.landing import Landing
from kbtui.git.outcome import Options, Outcome, Synced, hindered, stays, troubled
from kbtui.git.remote import Answer, Remote, Trouble
from kbtui.git.repository import Repository
from kbtui.git.review import Review
from kbtui.git.saver import LOCK_SECONDS, BaseLock
from kbtui.git.uniting import United, Uniter

SHARED_REFS = "refs/kbtui/shared/"
"""What this computer and the team were last known to have both; a lead's own `git fetch` does not move it."""


class Exchange:
    """One sync with one remote branch.

    Args:
        repository: the one to sync.
        branch: the one that is checked out.
        uniter: makes the commit for both sides.
        landing: brings branch and folder to it.
        remote: the team's copy.
        options: how to sync.
        checkpoint: called with the name of each step; tests end the process there.
    """

    def __init__(
        self,
        repository: Repository,
        branch: str,
        uniter: Uniter,
        landing: Landing,
        remote: Remote,
        options: Options,
        checkpoint: Callable[[str], None],
    ) -> None:
        self._repository = repository
        self._uniter = uniter
        self._landing = landing
        self._remote = remote
        self._options = options
        self._checkpoint = checkpoint
        self._branch = branch
        self._upstream = upstream_of(repository, branch)
        self._review = Review(repository, uniter, remote, options.inbox)
        self._may_deepen = True
        self._known_shared: str | None = None
        self._sent = 0

    def round(self) -> Synced | None:
        """Do all of it once; return None where it has to be done again."""
        self._learn_shared()
        fetched = self._fetched()
        if fetched.trouble is not Trouble.NONE:
            return troubled(fetched)
        self._checkpoint("fetched")
        with self._lock():
            united = self._united(fetched.commit)
        self._checkpoint("united")
        if united.is_shallow:
            return self._deepened(united)
        if united.code:
            return self._aside(united)
        offered = self._offered(united)
        if offered is None:
            return None
        with self._lock():
            synced = self._landed(united, offered)
        if synced is not None and synced.outcome is Outcome.SHARED:
            self._review.empty(self._upstream)
        return synced

    def _lock(self) -> BaseLock:
        return BaseLock(self._repository.own_folder / "lock", LOCK_SECONDS)

    # The team's branch

    def _fetched(self) -> Answer:
        """Fetch; a branch that is not there is new, or has another name by now (FAULTS 17, S13)."""
        fetched = self._remote.fetch(self._upstream, self._review.branches(self._upstream))
        if fetched.trouble is not Trouble.NO_BRANCH:
            return fetched
        renamed = self._remote.default_branch()
        if not renamed or renamed == self._upstream:
            return Answer(Trouble.NONE)
        again = self._remote.fetch(renamed)
        if again.trouble is Trouble.NONE:
            self._follow(renamed)
        return again

    def _follow(self, renamed: str) -> None:
        """Share with a branch of another name from now on; the branch here keeps its name."""
        known = self._shared()
        for key, value in (("remote", self._remote.name), ("merge", f"refs/heads/{renamed}")):
            self._git("config", f"branch.{self._branch}.{key}", value)
        self._git("symbolic-ref", f"refs/remotes/{self._remote.name}/HEAD", self._remote.tracking(renamed))
        self._upstream = renamed
        if known:
            self._note_shared(known)

    def _learn_shared(self) -> None:
        """Take what a clone or a lead's own git has shared for shared, before a fetch can put something else there."""
        tracked = self._repository.commit_of(self._remote.tracking(self._upstream))
        tip = self._repository.head()
        if tip and tracked and not self._shared() and self._uniter.has(tip, tracked):
            self._note_shared(tracked)

    def _note_shared(self, commit: str) -> None:
        self._git("update-ref", SHARED_REFS + self._upstream, commit)
        self._known_shared = None

    def _shared(self) -> str:
        """Return what both sides were last known to have; nothing where that is not known.

        Raises:
            GitTroubleError: git does not say. Were that taken for nothing, a history that was taken
                back on the host would be given back to it.
        """
        if self._known_shared is None:
            self._known_shared = self._uniter.shown(SHARED_REFS + self._upstream)
        return self._known_shared

    # One commit for both

    def _united(self, theirs: str) -> United:
        united = self._with_review(self._repository.head(), theirs)
        may_be_taken = theirs and united.has_news_for_team and self._review.sent(self._upstream)
        is_taken = may_be_taken and self._uniter.same_tree(united.target, theirs)
        return replace(united, target=theirs) if is_taken else united  # a lead has taken it over (FAULTS 71)

    def _with_review(self, tip: str, theirs: str) -> United:
        """Unite with the team, and before that with what a lead has made of what was sent for review (FAULTS S20)."""
        may_delete = self._options.may_delete
        there = self._review.changed_there(self._upstream, tip)
        mended = self._uniter.mend(tip, self._landing.hold(tip))
        if mended.code:
            return replace(mended, theirs=theirs)
        first = self._uniter.unite(mended.target, there or mended.target, "", may_delete=may_delete)
        if not first.target and tip:
            return replace(first, tip=tip)
        united = self._uniter.unite(first.target, theirs, self._shared(), may_delete=may_delete)
        variants = (*mended.variants, *first.variants, *united.variants)
        return replace(united, tip=tip, variants=variants, kept=(*mended.kept, *united.kept))

    def _deepened(self, united: United) -> Synced | None:
        """Get the rest of a shallow clone's history, once (FAULTS 38)."""
        if self._may_deepen:
            self._may_deepen = False
            answer = self._remote.deepen()
            if answer.trouble is Trouble.NONE:
                return None
        return self._aside(replace(united, code="K06", reason="This copy of the base lacks the older history."))

    def _aside(self, united: United) -> Synced:
        """Leave everything as it is for a lead, and put what nobody else has where the team can find it."""
        if united.tip and united.tip != self._shared():
            self._review.send(united.tip, self._upstream)
        return Synced(Outcome.LEAD, united.code, united.reason, vanished=united.vanished)

    # Offering

    def _offered(self, united: United) -> Synced | None:
        """Give the team what it lacks; return what that came to, or None where somebody else was faster."""
        if not united.has_news_for_team:
            return Synced(Outcome.SHARED)
        is_sent = united.target == self._review.sent(self._upstream)
        if is_sent and not (self._options.is_asked or self._review.may_be_over()):
            return Synced(Outcome.REVIEW)
        pushed = self._remote.push(united.target, self._upstream)
        self._checkpoint("pushed")
        if pushed.trouble is Trouble.NONE:
            self._sent += len(self._uniter.entries_between(united.theirs, united.target))
            return Synced(Outcome.SHARED)
        if pushed.trouble is Trouble.REJECTED:
            return None
        if pushed.trouble is Trouble.REFUSED:
            return self._to_review(united, pushed)
        return troubled(pushed)

    def _to_review(self, united: United, refused: Answer) -> Synced:
        self._review.note_refusal()
        if united.target == self._review.sent(self._upstream):
            return Synced(Outcome.REVIEW, detail=refused.detail)
        answer = self._review.send(united.target, self._upstream)
        if answer.trouble is not Trouble.NONE:
            return troubled(answer)
        self._sent += len(self._uniter.entries_between(united.theirs, united.target))
        return Synced(Outcome.REVIEW, detail=refused.detail)

    # Landing

    def _landed(self, united: United, offered: Synced) -> Synced | None:
        """Bring branch and folder to the commit; return None where somebody has saved meanwhile."""
        target = united.target
        has_team = offered.outcome is Outcome.SHARED
        if not target:
            return offered
        is_quiet = united.tip == target == united.theirs == self._shared()
        if is_quiet and self._landing.hold(target) is None:
            return self._told(united, offered)  # nothing is new for anybody
        if self._repository.head() != united.tip:
            return None
        if hindrance := self._repository.hindrance():
            return hindered(hindrance)
        if united.tip != target:
            self._landing.back_up(united.tip)
        if united.vanished:
            self._landing.back_up(self._shared())
        waiting = self._landing.move(united.tip, target)
        held = () if waiting else self._landing.in_the_way(target)
        if has_team and not (waiting and target == united.theirs):
            self._note_shared(target)
        elif not has_team and not waiting and united.theirs:
            self._note_shared(united.theirs)
        return self._told(united, offered, waiting, held)

    def _told(self, united: United, offered: Synced, waiting: str = "", held: Sequence[str] = ()) -> Synced:
        self._log(united, waiting, held)
        told = replace(offered, sent=self._sent, variants=united.variants, vanished=united.vanished, kept=united.kept)
        if waiting:
            return replace(told, reason=f"What the team wrote comes in later; it waits for {waiting}.")
        if united.vanished:
            many = counted(len(united.vanished), "entry is", "entries are")
            gone = f"The team's history was changed on the host; {many} gone there."
            told = replace(told, reason=gone)
        if held:
            told = replace(told, reason=stays(held), in_the_way=tuple(held))
        received = [path for path in self._uniter.entries_between(united.tip, united.target) if path not in held]
        changed = tuple(self._uniter.files_between(united.tip, united.target)) or tuple(received)
        return replace(told, received=len(received), changed=tuple(path for path in changed if path not in held))

    def _log(self, united: United, waiting: str, held: Sequence[str]) -> None:
        """Write into the operation log what a sync has moved; one that moved nothing leaves no line."""
        if united.tip != united.target or united.has_news_for_team:
            line = {
                "action": "sync",
                "from": united.tip,
                "team": united.theirs,
                "to": united.target,
                "sent": self._sent,
            }
            line |= {"variants": list(united.variants), "kept": list(united.kept), "waiting_for": waiting}
            line |= {"in_the_way": list(held)}
            operations.note(self._repository, line | {"at": time.time_ns()})

    def _git(self, *arguments: str) -> None:
        self._repository.runner.run(*arguments, writes=True, settings=OWN_SETTINGS)


def upstream_of(repository: Repository, branch: str) -> str:
    """Return the team's branch with which a branch here is shared."""
    merge = repository.runner.run("config", "--get", f"branch.{branch}.merge").text
    return merge.removeprefix("refs/heads/") or repository.team_branch or branch
