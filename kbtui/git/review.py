"""A person's own branch on the host, for what the team's branch does not take.

What is sent there is sent once; the team's branch is offered it again now and then. A lead may
change it there, as in a pull request: that comes back with the next sync. And once the team's
branch has it, the branch is dropped (FAULTS 31, 71, S20).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from kbtui.git.commits import OWN_SETTINGS
from kbtui.git.remote import Answer, Remote, Trouble
from kbtui.git.repository import Repository
from kbtui.git.uniting import Uniter

SENT_REFS = "refs/kbtui/sent/"
"""What was last sent for review, by the team's branch."""

INBOX = "kb-inbox/"

OFFERED_AGAIN = 600.0
"""Seconds after which the team's branch is offered again what it refused: it may have been for the moment only."""


class Review:
    """What one person sends for review.

    Args:
        repository: the one that is synced.
        uniter: knows what builds on what.
        remote: the team's copy.
        own: this person's own branch, without the folder's name.
    """

    def __init__(self, repository: Repository, uniter: Uniter, remote: Remote, own: str) -> None:
        self._repository = repository
        self._uniter = uniter
        self._remote = remote
        self._branch = INBOX + own
        self._known: dict[str, str] = {}

    def sent(self, upstream: str) -> str:
        """Return the commit last sent for review, or nothing."""
        if upstream not in self._known:
            self._known[upstream] = self._repository.commit_of(SENT_REFS + upstream)
        return self._known[upstream]

    def branches(self, upstream: str) -> Sequence[str]:
        """Return what a fetch should bring besides the team's branch; a pattern, since it may not be there."""
        return (f"{self._branch}*",) if self.sent(upstream) else ()

    def changed_there(self, upstream: str, tip: str) -> str:
        """Return what a lead has made on the host of what was sent, where it is new here; or nothing."""
        sent = self.sent(upstream)
        there = self._there() if sent and tip else ""
        if not there or there == sent:
            return ""
        is_newer = self._uniter.has(there, sent) and not self._uniter.has(tip, there)
        return there if is_newer else ""

    def send(self, commit: str, upstream: str) -> Answer:
        """Put a commit into the branch; beside it, where the branch went another way."""
        if commit == self.sent(upstream):
            return Answer(Trouble.NONE, commit)
        answer = self._remote.push(commit, self._branch)
        if answer.trouble is Trouble.REJECTED:
            answer = self._remote.push(commit, self._beside(commit))
        if answer.trouble is Trouble.NONE:
            self._git("update-ref", SENT_REFS + upstream, commit)
            self._known.clear()
        return answer

    def empty(self, upstream: str) -> None:
        """Drop the branch once the team has what was sent, so that nothing is sent twice (FAULTS 71)."""
        if sent := self.sent(upstream):
            there = self._there()
            shown = there if there and self._uniter.has(there, sent) else sent
            self._git("update-ref", "-d", SENT_REFS + upstream)
            self._known.clear()
            self._remote.forget_branches({self._branch: shown, self._beside(sent): sent})

    def note_refusal(self) -> None:
        """Remember that the team's branch has just refused something."""
        with suppress(OSError):  # it is offered again too soon then
            self._refused.touch()

    def may_be_over(self) -> bool:
        """Whether it is long since the team's branch refused something: protection may have been lifted."""
        try:
            return abs(time.time() - self._refused.stat().st_mtime) > OFFERED_AGAIN
        except OSError:
            return True

    @property
    def _refused(self) -> Path:
        return self._repository.own_folder / "refused"

    def _beside(self, commit: str) -> str:
        return f"{self._branch}-{commit[:8]}"

    def _there(self) -> str:
        return self._repository.commit_of(self._remote.tracking(self._branch))

    def _git(self, *arguments: str) -> None:
        self._repository.runner.run(*arguments, writes=True, settings=OWN_SETTINGS)
