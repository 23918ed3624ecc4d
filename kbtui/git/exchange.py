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
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from kbtui.entry.text import counted
from kbtui.git import operations
from kbtui.git.commits import OWN_SETTINGS
from kbtui.git.landing import Landing
from kbtui.git.remote import PATIENCE, Answer, Remote, Trouble
from kbtui.git.repository import Repository
from kbtui.git.review import Review
from kbtui.git.saver import LOCK_SECONDS, BaseLock
from kbtui.git.uniting import United, Uniter

SHARED_REFS = "refs/kbtui/shared/"
"""What this computer and the team were last known to have both; a lead's own `git fetch` does not move it."""


class Outcome(StrEnum):
    """What a sync came to."""

    SHARED = "shared"
    WAITING = "waiting"
    SIGN_IN = "sign-in"
    REVIEW = "review"
    LEAD = "lead"
    ALONE = "alone"
    """The base has no remote."""
    BUSY = "busy"
    """Another kbtui on this computer is sharing this base."""
    GIVEN_UP = "given up"
    """Nobody wanted it any more, such as a window that was closed."""


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync came to. Paths are below git's top folder.

    Attributes:
        code: why a lead has to look ("K05"), or empty.
        reason: what is waited for or wrong, in a sentence; empty where all is well.
        sent: entries that the team got.
        received: entries that came.
        changed: files of the folder that are different now.
        variants: versions kept beside what they contest.
        vanished: entries that the team has lost because its history was changed on the host.
        kept: entries that one side deleted and the other edited; they stay.
        detail: git's own words, for the log.
    """

    outcome: Outcome
    code: str = ""
    reason: str = ""
    sent: int = 0
    received: int = 0
    changed: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """How to sync.

    Attributes:
        inbox: this person's own branch on the host, without the folder's name.
        may_delete: whether somebody has said that entries may vanish in masses.
        patience: seconds a remote may take to answer.
        turn: seconds to wait for another kbtui that is sharing this base.
        cancelled: asked now and then, while the network is used, whether nobody wants it any more.
    """

    inbox: str
    may_delete: bool = False
    patience: float = PATIENCE
    turn: float = 20.0
    cancelled: Callable[[], bool] | None = None


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
            return _troubled(fetched)
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
        first = self._uniter.unite(tip, there or tip, "", may_delete=may_delete)
        if not first.target and tip:
            return first
        united = self._uniter.unite(first.target, theirs, self._shared(), may_delete=may_delete)
        return replace(united, tip=tip, variants=(*first.variants, *united.variants))

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
        if united.target == self._review.sent(self._upstream):
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
        return _troubled(pushed)

    def _to_review(self, united: United, refused: Answer) -> Synced:
        answer = self._review.send(united.target, self._upstream)
        if answer.trouble is not Trouble.NONE:
            return _troubled(answer)
        self._sent += len(self._uniter.entries_between(united.theirs, united.target))
        return Synced(Outcome.REVIEW, detail=refused.detail)

    # Landing

    def _landed(self, united: United, offered: Synced) -> Synced | None:
        """Bring branch and folder to the commit; return None where somebody has saved meanwhile."""
        target = united.target
        has_team = offered.outcome is Outcome.SHARED
        if not target:
            return offered
        if united.tip == target == united.theirs == self._shared():
            return self._told(united, offered, "")  # nothing is new for anybody
        if self._repository.head() != united.tip:
            return None
        if hindrance := self._repository.hindrance():
            return hindered(hindrance)
        if united.tip != target:
            self._landing.back_up(united.tip)
        if united.vanished:
            self._landing.back_up(self._shared())
        waiting = self._landing.move(united.tip, target)
        if has_team and not (waiting and target == united.theirs):
            self._note_shared(target)
        elif not has_team and not waiting and united.theirs:
            self._note_shared(united.theirs)
        return self._told(united, offered, waiting)

    def _told(self, united: United, offered: Synced, waiting: str) -> Synced:
        self._log(united, waiting)
        told = replace(offered, sent=self._sent, variants=united.variants, vanished=united.vanished, kept=united.kept)
        if waiting:
            return replace(told, reason=f"What the team wrote comes in later; it waits for {waiting}.")
        if united.vanished:
            many = counted(len(united.vanished), "entry is", "entries are")
            gone = f"The team's history was changed on the host; {many} gone there."
            told = replace(told, reason=gone)
        received = self._uniter.entries_between(united.tip, united.target)
        changed = tuple(self._uniter.files_between(united.tip, united.target)) or tuple(received)
        return replace(told, received=len(received), changed=changed)

    def _log(self, united: United, waiting: str) -> None:
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
            operations.note(self._repository, line | {"at": time.time_ns()})

    def _git(self, *arguments: str) -> None:
        self._repository.runner.run(*arguments, writes=True, settings=OWN_SETTINGS)


def upstream_of(repository: Repository, branch: str) -> str:
    """Return the team's branch with which a branch here is shared."""
    merge = repository.runner.run("config", "--get", f"branch.{branch}.merge").text
    return merge.removeprefix("refs/heads/") or repository.team_branch or branch


def hindered(hindrance: str) -> Synced:
    """Return what a sync comes to while somebody has something open in git."""
    return Synced(Outcome.LEAD, "K04", f"Sharing waits for {hindrance.partition(' (needs')[0]}.")


_MEANING = {
    Trouble.OFFLINE: (Outcome.WAITING, "", "The team's copy does not answer."),
    Trouble.SIGN_IN: (Outcome.SIGN_IN, "", "The host of the team's copy does not let this computer in."),
    Trouble.NO_REPOSITORY: (Outcome.LEAD, "K08", "There is no base at the address of the team's copy."),
    Trouble.ARCHIVED: (Outcome.LEAD, "K10", "The team's copy was archived on its host, which takes nothing new."),
    Trouble.REFUSED: (Outcome.LEAD, "K09", "The host takes neither what was written here nor a copy for review."),
}


def _troubled(answer: Answer) -> Synced:
    outcome, code, reason = _MEANING.get(answer.trouble, _MEANING[Trouble.OFFLINE])
    return Synced(outcome, code, reason, detail=answer.detail)
