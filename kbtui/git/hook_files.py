"""Putting kbtui's hooks into a repository, from the package and never from the pulled tree (FAULTS 78).

Hooks only make the index sooner; nothing is wrong without them (FAULTS 60). A hook that
somebody else put there is left alone and reported.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from kbtui.git.repository import Repository
from kbtui.store import atomic

HOOK_NAMES = ("post-commit", "post-merge", "post-checkout", "post-rewrite", "pre-commit")
_OURS = b"kbtui hook"


class HookState(StrEnum):
    """What stands where git looks for one hook."""

    LIVE = "live"
    MISSING = "missing"
    OUTDATED = "outdated"
    FOREIGN = "somebody else's"


@dataclass(frozen=True)
class HookReport:
    """The state of every hook, and the folder in which git looks for them.

    Attributes:
        is_own_folder: whether that is git's usual folder; one the team has chosen (husky,
            pre-commit, `core.hooksPath`) is theirs, and kbtui puts nothing into it.
    """

    folder: Path
    states: dict[str, HookState]
    is_own_folder: bool

    @property
    def all_live(self) -> bool:
        """Whether every hook is kbtui's own and current."""
        return all(state is HookState.LIVE for state in self.states.values())


def status(repository: Repository) -> HookReport:
    """Return which hooks are live.

    Raises:
        NoBaseError: the base is in no git work tree.
    """
    folder = _folder(repository)
    usual = repository.layout.common / "hooks"
    states = {name: _state(folder / name, name) for name in HOOK_NAMES}
    return HookReport(folder, states, is_own_folder=folder.resolve() == usual.resolve())


def install(repository: Repository) -> HookReport:
    """Put kbtui's hooks where there are none, and renew its own; return the state after that.

    The interpreter that runs kbtui is written to the repository's own settings, so that
    the hooks find it whatever the PATH is.

    Raises:
        NotSavedError: the folder does not let kbtui write.
    """
    report = status(repository)
    for name, state in report.states.items():
        if report.is_own_folder and state in (HookState.MISSING, HookState.OUTDATED):
            atomic.write(report.folder / name, _packaged(name))
            (report.folder / name).chmod(0o755)
    repository.runner.run("config", "--local", "kbtui.python", sys.executable, writes=True)
    base = repository.layout.prefix.rstrip("/") or "."
    repository.runner.run("config", "--local", "kbtui.base", base, writes=True)
    return status(repository)


def _folder(repository: Repository) -> Path:
    asked = repository.runner.must("rev-parse", "--git-path", "hooks", trouble="git does not say where hooks are.")
    path = Path(asked.text)
    return path if path.is_absolute() else (repository.root / path).resolve()


def _state(file: Path, name: str) -> HookState:
    try:
        found = file.read_bytes()
    except OSError:
        return HookState.MISSING
    if found == _packaged(name):
        return HookState.LIVE if os.access(file, os.X_OK) else HookState.OUTDATED
    return HookState.OUTDATED if _OURS in found else HookState.FOREIGN


def _packaged(name: str) -> bytes:
    return (_package_folder() / name).read_bytes()


def _package_folder() -> Traversable:
    """Return the hooks inside the wheel, or beside the package in a checkout."""
    inside = resources.files("kbtui") / "_hooks"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2] / "hooks"
