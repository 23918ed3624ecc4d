"""What builds on what, asked of git in such a way that silence is never taken for a "no"."""

from __future__ import annotations

from kbtui.errors import GitTroubleError
from kbtui.git.repository import Repository
from kbtui.git.runner import LONG, GitResult


class Ancestry:
    """Asks about the commits of one repository. Every method raises GitTroubleError where git does not answer.

    Args:
        repository: whose they are.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def shown(self, ref: str) -> str:
        """Return the commit that a ref shows; nothing where there is no such ref."""
        return self.must("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}", may_deny=True).text

    def has(self, commit: str, ancestor: str) -> bool:
        """Whether a commit builds on another one."""
        return self.must("merge-base", "--is-ancestor", ancestor, commit, may_deny=True).is_ok

    def base_of(self, one: str, other: str) -> str:
        """Return the last commit that two have in common, the same on every computer; nothing where there is none."""
        found = self.must("merge-base", "--all", one, other, may_deny=True)
        return min(found.text.split(), default="") if found.is_ok else ""

    def parents(self, commit: str) -> list[str]:
        """Return the commits that a commit was made on."""
        return self.must("rev-list", "--parents", "-1", commit).text.split()[1:]

    def must(self, *arguments: str, may_deny: bool = False) -> GitResult:
        """Ask git; what it does not answer must not be taken for a "no", on which commits would be left out.

        Args:
            may_deny: whether exit code 1 is an answer, as with `merge-base`.

        Raises:
            GitTroubleError: git does not answer.
        """
        result = self._repository.runner.run(*arguments, deadline=LONG)
        if not result.is_ok and not (may_deny and result.status == 1):
            raise GitTroubleError(
                "git does not say what the team and this computer have in common.",
                "It is tried again with the next sync; your work is safe.",
                result.complaint,
            )
        return result
