"""Talking to the team's copy: every call that goes over a network, and what its failure means.

Nothing here asks, waits for ever, or forces (FAULTS 23-27, 34). A push is believed only once
the remote's branch has been looked at and contains the commit: neither git's exit code nor
its words count (FAULTS 32).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from kbtui.entry.text import clipped, one_line
from kbtui.errors import RefusedError
from kbtui.git.commits import OWN_SETTINGS
from kbtui.git.repository import Repository
from kbtui.git.runner import LONG, GitResult, GitRunner

PATIENCE = 60.0
"""Seconds that a remote may take to answer."""

_VARIABLES = {"GIT_HTTP_LOW_SPEED_LIMIT": "1000", "GIT_HTTP_LOW_SPEED_TIME": "20"}
_SSH_OPTIONS = "-o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=5 -o ServerAliveCountMax=3"
_OPENSSH = re.compile(r"""(?:^|[/\\"'])ssh(?:\.exe)?["']?(?:\s|$)""")


class Trouble(StrEnum):
    """Why a remote did not do what it was asked."""

    NONE = "none"
    OFFLINE = "offline"
    SIGN_IN = "sign-in"
    NO_REPOSITORY = "no repository"
    AWAY = "away"
    """The folder is not there: its disk or its place in the network is not connected."""
    NO_BRANCH = "no branch"
    ARCHIVED = "archived"
    """The host lets everybody read and nobody write."""
    REJECTED = "rejected"
    """Somebody else was faster."""
    REFUSED = "refused"
    """The host takes nothing into this branch: it is protected, or a hook has declined."""


_SAID = (
    (Trouble.ARCHIVED, r"archived so it is read-only|push code to an archived project"),
    (Trouble.NO_BRANCH, r"couldn't find remote ref|src refspec .* does not match"),
    (
        Trouble.SIGN_IN,
        (
            r"could not read (username|password)|terminal prompts disabled|authentication failed|permission denied|"
            r"host key verification failed|returned error: 40[13]|access denied|no supported authentication"
        ),
    ),
    (Trouble.REFUSED, r"\[remote rejected\]|gh006|gl-hook-err|protected branch|hook declined"),
    (Trouble.REJECTED, r"\[rejected\]|non-fast-forward|fetch first|stale info|cannot lock ref"),
    (Trouble.OFFLINE, r"not valid: is this a git repository|returned error: (429|5\d\d)"),
    (
        Trouble.NO_REPOSITORY,
        (
            r"does not appear to be a git repository|repository .*not found|not found: did you run|returned error: 404|"
            r"returned error: 410|transport '.*' not allowed|does not exist|no such remote|"
            r"invalid gitfile|unable to find remote helper"
        ),
    ),
)


def trouble_of(result: GitResult) -> Trouble:
    """Return what a failed call means; what nobody knows is a matter of the connection and is tried again later."""
    if result.is_ok:
        return Trouble.NONE
    said = f"{result.complaint}\n{result.text}".casefold()
    return next((trouble for trouble, words in _SAID if re.search(words, said)), Trouble.OFFLINE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call came to: nothing wrong, or a trouble with git's own words for the log.

    Attributes:
        place: the folder that is not there.
    """

    trouble: Trouble
    commit: str = ""
    detail: str = ""
    place: str = ""


class Remote:
    """One remote of a repository.

    Args:
        repository: knows it.
        name: git's name for it.
        patience: seconds until a call is given up.
        cancelled: asked now and then whether nobody wants a call any more.
    """

    def __init__(
        self,
        repository: Repository,
        name: str = "origin",
        patience: float = PATIENCE,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self._repository = repository
        self._cancelled = cancelled
        self.name = name
        self._patience = patience

    @property
    def is_there(self) -> bool:
        """Whether the repository has a remote of this name."""
        return bool(self._repository.runner.run("config", "--get", f"remote.{self.name}.url").text)

    def tracking(self, branch: str) -> str:
        """Return the name under which git keeps what the remote's branch was last."""
        return f"refs/remotes/{self.name}/{branch}"

    def fetch(self, branch: str, also: Sequence[str] = ()) -> Answer:
        """Get what the remote's branch has now.

        Args:
            also: patterns of further branches, with a `*`, such as need not be there.
        """
        flags = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--no-auto-maintenance")
        wanted = [f"+refs/heads/{each}:{self.tracking(each)}" for each in (branch, *also)]
        fetched = self._run("fetch", *flags, "--", self.name, *wanted)
        return self._answer(fetched, self._repository.commit_of(self.tracking(branch)) if fetched.is_ok else "")

    def deepen(self) -> Answer:
        """Get the part of the history that a shallow clone lacks (FAULTS 38)."""
        flags = ("--quiet", "--no-tags", "--no-recurse-submodules", "--unshallow")
        return self._answer(self._run("fetch", *flags, "--", self.name, patience=LONG))

    def look(self, branch: str) -> Answer:
        """Return the commit that the remote's branch shows; nothing where it has no such branch."""
        listed = self._run("ls-remote", "--quiet", "--", self.name, f"refs/heads/{branch}")
        return self._answer(listed, listed.text.partition("\t")[0] if listed.is_ok else "")

    def default_branch(self) -> str:
        """Return the branch that the remote shows first, or nothing where it does not say (FAULTS S13)."""
        listed = self._run("ls-remote", "--quiet", "--symref", "--", self.name, "HEAD").text
        shown = re.match(r"ref: refs/heads/(\S+)\tHEAD$", listed.partition("\n")[0])
        return shown[1] if shown else ""

    def has_branches(self) -> bool:
        """Whether the remote has any branch at all; it is taken to have some where it does not answer."""
        listed = self._run("ls-remote", "--quiet", "--heads", "--", self.name)
        return not listed.is_ok or bool(listed.text)

    def push(self, commit: str, branch: str) -> Answer:
        """Offer a commit to the remote's branch, without force, and look whether the branch has it then."""
        own = (f"remote.{self.name}.mirror=false",)
        pushed = self._run(*_push(self.name, f"{commit}:refs/heads/{branch}"), settings=own)
        trouble = trouble_of(pushed)
        seen = self.look(branch)
        if seen.commit == commit:
            self._repository.runner.run("update-ref", self.tracking(branch), commit, writes=True, settings=OWN_SETTINGS)
            return seen
        if trouble in (Trouble.NONE, Trouble.REJECTED):  # it has moved on meanwhile, with this commit or without it
            trouble = seen.trouble if seen.trouble is not Trouble.NONE else Trouble.REJECTED
        return Answer(trouble, seen.commit, _detail(pushed))

    def forget_branches(self, shown: Mapping[str, str]) -> None:
        """Take away branches of this person's own, each if it still shows the commit it is known by (FAULTS 71)."""
        leases = [f"--force-with-lease=refs/heads/{branch}:{commit}" for branch, commit in shown.items()]
        gone = [f":refs/heads/{branch}" for branch in shown]
        self._run("push", "--quiet", "--no-verify", "--no-signed", *leases, "--", self.name, *gone)

    def _answer(self, result: GitResult, commit: str = "") -> Answer:
        trouble = trouble_of(result)
        if trouble is Trouble.NO_REPOSITORY and (place := self._missing_folder()):
            return Answer(Trouble.AWAY, "", _detail(result), place)
        return Answer(trouble, commit, "" if result.is_ok else _detail(result))

    def _missing_folder(self) -> str:
        """Return the folder that the remote is, if nothing is there just now; nothing where it is no folder.

        A place where a disk is to appear is an empty folder meanwhile.
        """
        url = self._repository.runner.run("remote", "get-url", "--", self.name).text
        folder = folder_of(url, self._repository.layout.top)
        try:
            is_missing = folder is not None and (not folder.exists() or (folder.is_dir() and not any(folder.iterdir())))
        except OSError:  # the place in the network does not answer
            is_missing = True
        return clipped(one_line(str(folder)), 200) if is_missing else ""

    def _run(self, *arguments: str, patience: float = 0.0, settings: Sequence[str] = ()) -> GitResult:
        settings = (*OWN_SETTINGS, *settings)
        return self._runner.run(*arguments, writes=True, settings=settings, deadline=patience or self._patience)

    @cached_property
    def _runner(self) -> GitRunner:
        runner = over_network(self._repository.runner)
        return runner.with_cancel(self._cancelled) if self._cancelled else runner


def _push(name: str, refspec: str) -> Sequence[str]:
    """Return the words of the one push to a branch that others share: without force (FAULTS 34), unsigned (59)."""
    flags = ("--porcelain", "--no-verify", "--no-signed", "--no-follow-tags", "--recurse-submodules=no")
    return ("push", *flags, "--", name, refspec)


def over_network(runner: GitRunner) -> GitRunner:
    """Return a runner whose git gives up on a remote that says nothing, and whose ssh asks nobody.

    The user's own ssh command is kept and extended (FAULTS S11); one that is no OpenSSH is left as it is.
    https://git-scm.com/docs/git#Documentation/git.txt-GITSSHCOMMAND
    """
    own = runner.variable("GIT_SSH_COMMAND") or runner.run("config", "--get", "core.sshCommand").text
    program = runner.variable("GIT_SSH")
    if not own and program:
        return runner.with_variables(_VARIABLES)
    command = own or "ssh"
    if _OPENSSH.search(command):
        command = f"{command} {_SSH_OPTIONS}"
    return runner.with_variables(_VARIABLES | {"GIT_SSH_COMMAND": command})


_SCHEMES = ("https://", "ssh://", "file://")
_LIKE_SCP = re.compile(r"(?:[A-Za-z0-9_][\w.+-]*@)?[A-Za-z0-9_][\w.-]+:(?![:/\\-])[^\s]+")
_LIKE_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def require_safe_url(url: str) -> str:
    """Return the address of a remote, if it is one that git may be given (FAULTS 76).

    Raises:
        RefusedError: it names a program, an option, or a way that is not allowed.
    """
    shown = clipped(one_line(url), 200)
    if url != one_line(url) or not url or url.startswith("-") or "::" in url.partition("/")[0]:
        raise RefusedError(f"{shown!r} is no address of a team's base.", "Ask your lead for the address.")
    if _LIKE_URL.match(url):
        host = url.partition("://")[2].partition("/")[0].rpartition("@")[2]
        user = url.partition("://")[2].partition("/")[0].rpartition("@")[0]
        if not url.startswith(_SCHEMES) or host.startswith("-") or user.startswith("-"):
            raise RefusedError(f"{shown!r} is no address kbtui uses.", "It begins with https:// or ssh://.")
    return url


def is_far(url: str) -> bool:
    """Whether an address is one of another computer, and no folder here."""
    return bool(_LIKE_URL.match(url)) or _LIKE_SCP.fullmatch(url) is not None


def folder_of(url: str, top: Path) -> Path | None:
    """Return the folder that an address of a remote means, as git finds it from a work tree; None where it is far."""
    if url.startswith("file://"):
        return Path(unquote(url.removeprefix("file://")))
    return None if not url or is_far(url) or "::" in url.partition("/")[0] else Path(os.path.normpath(top / url))


def _detail(result: GitResult) -> str:
    return clipped(one_line(f"{result.complaint} {result.text}"), 500)
