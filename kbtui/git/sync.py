"""Sharing: what this computer wrote goes to the team, what the team wrote comes here, and nobody is asked anything.

`Syncer.sync` does rounds with the remote (`kbtui.git.exchange`) until one has come to
something, and never raises for what a network, a host or a lead's own git does: what cannot
be done now is done later, and is said in one sentence.
"""

from __future__ import annotations

from collections.abc import Callable

from kbtui.entry.guard import has_no_card
from kbtui.entry.model import Person
from kbtui.errors import BusyError, GitTroubleError
from kbtui.git.commits import waits_for
from kbtui.git.exchange import SHARED_REFS, Exchange, upstream_of
from kbtui.git.landing import Landing
from kbtui.git.outcome import NO_ANSWER, Options, Outcome, Synced, hindered
from kbtui.git.purging import is_held, let_go
from kbtui.git.remote import Remote, Trouble
from kbtui.git.repository import Repository
from kbtui.git.saver import BaseLock
from kbtui.git.tree_merge import TreeMerger
from kbtui.git.trees import Trees
from kbtui.git.uniting import Uniter
from kbtui.store.files import EntryFiles

ATTEMPTS = 12
NOBODY = Person("kbtui", "kbtui@kbtui.invalid")


class Syncer:
    """Syncs one work tree with its remote.

    Args:
        repository: the one to sync.
        files: says which files are entries.
        person: author of merges; None as long as nobody has said who is writing.
        pause: waits before try number n (from 0), differently on every computer.
        checkpoint: called with the name of each step; tests end the process there.
        may_copy: whether a file that somebody is working on may be copied into git's store, by its bytes.
    """

    def __init__(
        self,
        repository: Repository,
        files: EntryFiles,
        person: Person | None,
        pause: Callable[[int], None],
        checkpoint: Callable[[str], None] = lambda _: None,
        may_copy: Callable[[bytes], bool] = has_no_card,
    ) -> None:
        self._repository = repository
        self._pause = pause
        self._checkpoint = checkpoint
        trees = Trees(repository)
        merger = TreeMerger(trees, files, repository.layout.prefix)
        self._uniter = Uniter(repository, trees, merger, person or NOBODY)
        self._landing = Landing(repository, trees, merger, checkpoint, may_copy)

    def sync(self, options: Options) -> Synced:
        """Share and receive. Never raises a KbError: what cannot be done now is done later."""
        try:
            with BaseLock(self._repository.own_folder / "sync.lock", options.turn):
                return self._synced(options)
        except BusyError:
            return Synced(Outcome.BUSY, reason="Another kbtui is at work on this base.")
        except GitTroubleError as error:
            code = "K03" if "K03" in waits_for(error.detail) else "K07"
            return Synced(Outcome.LEAD, code, error.message, detail=error.detail)

    @property
    def prefix(self) -> str:
        """Path of the base below git's top folder, empty or ending in a slash."""
        return self._repository.layout.prefix

    def waiting(self) -> int:
        """Return how many commits of people's words are here and not known to be with the team; none without one."""
        run = self._repository.runner.run
        branch = self._repository.branch()
        remote = Remote(self._repository, self._remote_name(branch))
        if not remote.is_there:
            return 0
        upstream = upstream_of(self._repository, branch)
        fetched = remote.tracking(upstream)  # all that a fresh clone knows
        found = [run("rev-parse", "--verify", "--quiet", ref) for ref in (SHARED_REFS + upstream, fetched)]
        known = [f"^{each.text}" for each in found if each.is_ok][:1]
        counted = run("rev-list", "--count", "--no-merges", "HEAD", *known).text
        return int(counted) if counted.isdigit() else 0

    def _synced(self, options: Options) -> Synced:
        branch = self._repository.branch()
        if hindrance := self._repository.hindrance(branch):
            return hindered(hindrance)
        remote = Remote(self._repository, self._remote_name(branch), options.patience, options.cancelled)
        if not remote.is_there:
            return Synced(Outcome.ALONE)
        if (held := self._held(remote, branch)) is not None:
            return held
        exchange = Exchange(self._repository, branch, self._uniter, self._landing, remote, options, self._checkpoint)
        for attempt in range(ATTEMPTS):
            synced = exchange.round()
            if synced is not None:
                is_given_up = synced.outcome is Outcome.WAITING and options.cancelled and options.cancelled()
                return Synced(Outcome.GIVEN_UP) if is_given_up else synced
            self._checkpoint("again")
            self._pause(attempt)
        return Synced(Outcome.WAITING, reason="Many people are saving just now.")

    def _held(self, remote: Remote, branch: str) -> Synced | None:
        """Return why nothing may be shared after a purge: until the host has the new history, a fetch would undo it."""
        if not is_held(self._repository):
            return None
        seen = remote.look(upstream_of(self._repository, branch))
        if seen.trouble is not Trouble.NONE:
            return Synced(Outcome.WAITING, reason=NO_ANSWER, detail=seen.detail)
        ours = ("merge-base", "--is-ancestor", seen.commit or "none", "HEAD")
        if seen.commit and self._repository.runner.run(*ours).is_ok:
            let_go(self._repository)
            return None
        return Synced(Outcome.LEAD, "K11", "The team's copy still has the history from before a purge.")

    def _remote_name(self, branch: str) -> str:
        name = self._repository.runner.run("config", "--get", f"branch.{branch}.remote").text
        return name if name and name != "." and not name.startswith("-") else "origin"
