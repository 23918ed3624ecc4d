"""One base's place in a git repository: where its folders are and what state git is in."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from kbtui.errors import GitTroubleError, NoBaseError
from kbtui.git.runner import GitResult, GitRunner

OWN_FOLDER = "kbtui"
"""kbtui's folder inside git's own: the index, caches, the lock and the operation log."""

PENDING_REFS = "refs/kbtui/pending/"
"""Where saves stand in git that the branch cannot take yet, each under its id."""

OLDEST_GIT = (2, 30)
_UNFINISHED = (
    ("MERGE_HEAD", "a merge"),
    ("rebase-merge", "a rebase"),
    ("rebase-apply", "a rebase"),
    ("CHERRY_PICK_HEAD", "a cherry-pick"),
    ("REVERT_HEAD", "a revert"),
    ("BISECT_LOG", "a bisect"),
)


class Layout(NamedTuple):
    """Where things are.

    Attributes:
        top: the work tree's top folder.
        git: git's folder for this work tree.
        common: git's folder that all work trees share.
        prefix: POSIX path from `top` to the base, empty or ending in a slash.
    """

    top: Path
    git: Path
    common: Path
    prefix: str


class Repository:
    """The git repository in which the base at `root` lives.

    Args:
        root: the base's folder.
        runner: runs git in that folder.
    """

    def __init__(self, root: Path, runner: GitRunner) -> None:
        self.root = root
        self.runner = runner

    @cached_property
    def layout(self) -> Layout:
        """Where the repository's folders are, asked of git itself (FAULTS S4).

        Raises:
            NoBaseError: the base is in no git work tree.
            GitTroubleError: git refuses to work here.
        """
        questions = ("--show-toplevel", "--absolute-git-dir", "--git-common-dir", "--show-prefix")
        result = self.runner.run("rev-parse", *questions)
        if not result.is_ok:
            raise why_not(self.root, result)
        top, git, common, *prefix = result.text.split("\n")
        shared = Path(common) if Path(common).is_absolute() else self.root / common
        return Layout(Path(top), Path(git), shared.resolve(), "".join(prefix))

    @property
    def own_folder(self) -> Path:
        """The folder kbtui has inside git's, readable by this user alone (SEARCH.md R10)."""
        folder = self.layout.common / OWN_FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def unfinished(self) -> str:
        """Return what somebody has begun in git and not ended ("a merge"), or nothing (FAULTS 16, 19)."""
        return self._begun() or ("" if self.branch() else "a detached HEAD")

    def _begun(self) -> str:
        return next((words for name, words in _UNFINISHED if (self.layout.git / name).exists()), "")

    def hindrance(self, branch: str | None = None) -> str:
        """Return what keeps saves out of the history for now, to be read after "waiting for"; or nothing.

        Args:
            branch: what `branch` has just said, where somebody has asked.
        """
        branch = self.branch() if branch is None else branch
        if unfinished := self._begun() or ("" if branch else "a detached HEAD"):
            return f"{unfinished} in this folder"
        if not self.team_branch or branch == self.team_branch or self._follows(branch, self.team_branch):
            return ""
        return f"the branch {self.team_branch} in this folder (needs your lead, code K04)"

    def branch(self) -> str:
        """Return the branch that is checked out; nothing where HEAD is detached."""
        return self.runner.run("symbolic-ref", "--quiet", "--short", "HEAD").text

    @cached_property
    def team_branch(self) -> str:
        """The branch on which the team keeps its entries (FAULTS S3): `kbtui.branch`, else the remote's default one.

        Empty where neither says so; then any branch will do.
        """
        chosen = self.runner.run("config", "--get", "kbtui.branch").text
        shown = "" if chosen else self.runner.run("symbolic-ref", "--quiet", "refs/remotes/origin/HEAD").text
        return chosen or shown.removeprefix("refs/remotes/origin/")

    def _follows(self, branch: str, wanted: str) -> bool:
        """Whether what is saved on a branch goes to the team's branch all the same."""
        upstream = self.runner.run("config", "--get", f"branch.{branch}.merge").text
        return upstream == f"refs/heads/{wanted}"

    def has_pending(self) -> bool:
        """Whether saves wait in refs of their own; looked up without starting a git."""
        return self.has_refs(PENDING_REFS)

    def has_refs(self, folder: str) -> bool:
        """Whether there is a ref in a folder of refs ("refs/kbtui/pending/"); looked up without starting a git."""
        common = self.layout.common
        with suppress(OSError):
            if any((common / folder).iterdir()):
                return True
        with suppress(OSError):
            return f" {folder}".encode() in (common / "packed-refs").read_bytes()
        return False

    def commit_of(self, name: str) -> str:
        """Return the commit that a ref shows, or nothing."""
        shown = self.runner.run("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        return shown.text if shown.is_ok else ""

    def head(self) -> str:
        """Return the commit that HEAD shows, or nothing on a branch without commits."""
        result = self.runner.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        return result.text if result.is_ok else ""

    def committed(self, path: str) -> bytes | None:
        """Return the bytes of one entry as HEAD has them, or None."""
        return self.blob("HEAD", self.layout.prefix + path)

    def blob(self, commit: str, full_path: str) -> bytes | None:
        """Return the bytes of a file as a commit has them, or None; the path is below the work tree's top folder."""
        result = self.runner.run("cat-file", "blob", f"{commit}:{full_path}")
        return result.output if result.is_ok else None

    def version(self) -> tuple[int, ...]:
        """Return git's version."""
        words = self.runner.must("version", trouble="git does not say its version.").text.split()
        numbers = words[2].split(".") if len(words) > 2 else []
        return tuple(int(number) for number in numbers[:3] if number.isdigit())


def why_not(root: Path, result: GitResult) -> NoBaseError | GitTroubleError:
    """Return, as an error, why git does not work in a folder, from what it answered."""
    if "dubious ownership" in result.complaint:
        named = re.search(r"repository at '(.+)'\n", result.complaint)
        folder = named[1] if named else root
        return GitTroubleError(
            f"The folder {folder} belongs to another user of this computer, so git will not work in it.",
            f'Ask your lead to run: git config --global --add safe.directory "{folder}"',
            result.complaint,
        )
    if "not a git repository" in result.complaint:
        return NoBaseError(f"{root} keeps no history yet, so nothing can be saved.", f'Run: kbtui init "{root}"')
    return GitTroubleError(f"git will not work in {root}.", "Ask your lead to run `kbtui doctor`.", result.complaint)
