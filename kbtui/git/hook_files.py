"""Putting kbtui's hooks into a repository, from the package and never from the pulled tree (FAULTS 78).

Hooks only make the index sooner; nothing is wrong without them (FAULTS 60). A hook that
somebody else put there is never replaced: `init` leaves it alone, and `kbtui hooks install`
chains it, so that it runs first and its failure counts. Where the team has a folder of
hooks of its own (husky, a company's `core.hooksPath`), kbtui puts nothing into that folder;
git is pointed to a folder of kbtui's that hands every hook on. `remove` puts back what was there.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from kbtui.git.repository import Repository
from kbtui.store import atomic

HOOK_NAMES = ("post-commit", "post-merge", "post-checkout", "post-rewrite", "pre-commit")

_HANDED_ON = (
    *HOOK_NAMES,
    *("applypatch-msg", "pre-applypatch", "post-applypatch", "pre-merge-commit", "prepare-commit-msg", "commit-msg"),
    *("pre-rebase", "pre-push", "pre-auto-gc", "sendemail-validate"),
)
"""Hooks that may be there without changing what git does (https://git-scm.com/docs/githooks)."""

_OURS = b"kbtui hook"
_CHAIN = "chain"
_BEFORE, _OWN = ".before-kbtui", ".kbtui"
_LEGACY = ".legacy"
"""What the pre-commit framework calls a hook that it found and runs first (https://pre-commit.com)."""


class HookState(StrEnum):
    """What stands where git looks for one hook."""

    LIVE = "live"
    CHAINED = "live, after the one that was there"
    MISSING = "missing"
    OUTDATED = "outdated"
    FOREIGN = "somebody else's"


@dataclass(frozen=True)
class HookReport:
    """The state of every hook, and the folder in which git looks for them.

    Attributes:
        is_own_folder: whether that is git's usual folder or kbtui's; one the team has chosen (husky,
            pre-commit, `core.hooksPath`) is theirs, and kbtui puts nothing into it.
    """

    folder: Path
    states: dict[str, HookState]
    is_own_folder: bool

    @property
    def all_live(self) -> bool:
        """Whether every hook of kbtui's runs, in its current form."""
        return all(state in (HookState.LIVE, HookState.CHAINED) for state in self.states.values())


def status(repository: Repository) -> HookReport:
    """Return which hooks are live.

    Raises:
        NoBaseError: the base is in no git work tree.
    """
    folder = _folder(repository)
    usual = (repository.layout.common / "hooks", _own_folder(repository))
    states = {name: _state(folder / name, name) for name in HOOK_NAMES}
    is_own = folder.resolve() in [place.resolve() for place in usual]
    return HookReport(folder, states, is_own_folder=is_own)


def install(repository: Repository, *, chain: bool = False) -> HookReport:
    """Put kbtui's hooks where there are none, and renew its own; return the state after that.

    The interpreter that runs kbtui is written to the repository's own settings, so that
    the hooks find it whatever the PATH is.

    Args:
        chain: also run after hooks that somebody else has put there.

    Raises:
        NotSavedError: the folder does not let kbtui write.
    """
    report = status(repository)
    if chain and not report.is_own_folder:
        _hand_on(repository, report.folder)
        report = status(repository)
    for name, state in report.states.items():
        if report.is_own_folder and state in (HookState.MISSING, HookState.OUTDATED):
            _put(report.folder / name, name)
        elif report.is_own_folder and state is HookState.FOREIGN and chain:
            _put_behind(report.folder / name, name)
    _set(repository, "kbtui.python", sys.executable)
    _set(repository, "kbtui.base", repository.layout.prefix.rstrip("/") or ".")
    return status(repository)


def remove(repository: Repository) -> HookReport:
    """Take kbtui's hooks out and put back what was there before them; return the state after that.

    Raises:
        NotSavedError: the folder does not let kbtui write.
    """
    folder = _folder(repository)
    if folder.resolve() == _own_folder(repository).resolve():
        _hand_back(repository)
        folder = _folder(repository)
    for name in _HANDED_ON:
        if (folder / name).is_file() and _OURS in _bytes(folder / name):
            (folder / name).unlink()
            (folder / (name + _OWN)).unlink(missing_ok=True)
            if os.path.lexists(folder / (name + _BEFORE)):
                (folder / (name + _BEFORE)).rename(folder / name)
    for key in ("kbtui.python", "kbtui.base"):
        _unset(repository, key)
    return status(repository)


def _put(file: Path, name: str) -> None:
    """Write a hook of kbtui's, behind the one that was there before if it is chained."""
    if os.path.lexists(file.with_name(name + _BEFORE)) or file.with_name(name + _OWN).exists():
        _write(file, _CHAIN)
        _write(file.with_name(name + _OWN), name)
    else:
        _write(file, name)


def _put_behind(file: Path, name: str) -> None:
    """Move somebody's hook aside and run it first; one that they have replaced meanwhile is kept, but runs no more."""
    before = file.with_name(name + _BEFORE)
    if os.path.lexists(before):
        before.rename(file.with_name(f"{name}{_BEFORE}-{time.time_ns()}"))
    _write(file.with_name(name + _OWN), name)
    file.rename(before)
    _write(file, _CHAIN)


def _hand_on(repository: Repository, theirs: Path) -> None:
    """Point git to a folder of kbtui's in which every hook runs the team's first."""
    own = _own_folder(repository)
    names = {*_HANDED_ON, *(file.name for file in theirs.glob("*") if file.is_file() and _is_hook(file))}
    for name in sorted(names):
        _write(own / name, _CHAIN)
        if name in HOOK_NAMES:
            _write(own / (name + _OWN), name)
    chosen_here = repository.runner.run("config", "--local", "--get", "core.hooksPath")
    if chosen_here.is_ok:
        _set(repository, "kbtui.hooksBefore", chosen_here.text)
    _set(repository, "core.hooksPath", str(own))


def _hand_back(repository: Repository) -> None:
    chosen = repository.runner.run("config", "--local", "--get", "kbtui.hooksBefore")
    if chosen.is_ok:
        _set(repository, "core.hooksPath", chosen.text)
    else:
        _unset(repository, "core.hooksPath")
    _unset(repository, "kbtui.hooksBefore")
    shutil.rmtree(_own_folder(repository), ignore_errors=True)


def _is_hook(file: Path) -> bool:
    """Whether git would run a file of a folder of hooks."""
    return file.suffix == "" and os.access(file, os.X_OK)


def _folder(repository: Repository) -> Path:
    asked = repository.runner.must("rev-parse", "--git-path", "hooks", trouble="git does not say where hooks are.")
    path = Path(asked.text)
    return path if path.is_absolute() else (repository.root / path).resolve()


def _own_folder(repository: Repository) -> Path:
    return repository.own_folder / "hooks"


def _state(file: Path, name: str) -> HookState:
    found = _bytes(file)
    if found == _packaged(_CHAIN):
        is_current = _state(file.with_name(name + _OWN), name) is HookState.LIVE and os.access(file, os.X_OK)
        return HookState.CHAINED if is_current else HookState.OUTDATED
    if found == _packaged(name):
        return HookState.LIVE if os.access(file, os.X_OK) else HookState.OUTDATED
    if _OURS in found:
        return HookState.OUTDATED
    if b"pre-commit.com" in found and _bytes(file.with_name(name + _LEGACY)) == _packaged(name):
        return HookState.CHAINED
    return HookState.FOREIGN if os.path.lexists(file) else HookState.MISSING


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _write(file: Path, packaged: str) -> None:
    atomic.write(file, _packaged(packaged))
    file.chmod(0o755)


def _set(repository: Repository, key: str, value: str) -> None:
    repository.runner.run("config", "--local", key, value, writes=True)


def _unset(repository: Repository, key: str) -> None:
    repository.runner.run("config", "--local", "--unset-all", key, writes=True)


def _packaged(name: str) -> bytes:
    return (_package_folder() / name).read_bytes()


def _package_folder() -> Traversable:
    """Return the hooks inside the wheel, or beside the package in a checkout."""
    inside = resources.files("kbtui") / "_hooks"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2] / "hooks"
