"""Whether everything kbtui needs is in order: one sentence for each thing looked at, and what to do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from kbtui.config import read_team
from kbtui.entry.model import Severity
from kbtui.entry.text import counted
from kbtui.errors import KbError
from kbtui.git import hook_files, locks, merge_driver
from kbtui.git.commits import index_is_sound
from kbtui.git.repository import OLDEST_GIT, Repository
from kbtui.git.salvage import damage
from kbtui.open import OpenBase
from kbtui.paths import places
from kbtui.team.checks import findings


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing looked at.

    Attributes:
        name: what, in a word or two.
        is_ok: whether it is in order.
        words: how it is, in a sentence.
        hint: what to do; empty where nothing is to be done.
    """

    name: str
    is_ok: bool
    words: str
    hint: str = ""


OLDEST_GITPYTHON = (3, 2, 1)
_LARGE = 20_000
"""Entries from which a long question takes an eye's blink longer without numpy (docs/performance.md)."""

_FIX = "Run: kbtui doctor --fix"
_COPIERS = {
    "Dropbox": ("dropbox",),
    "OneDrive": ("onedrive",),
    "iCloud": ("icloud", "mobile documents", "com~apple~clouddocs"),
    "Google Drive": ("google drive", "googledrive", "my drive"),
}
"""How the folders of such programs are called; git's own advice: https://git-scm.com/docs/gitfaq#sync-working-tree."""


def examine(root: Path, environment: Mapping[str, str]) -> list[Examined]:
    """Look at everything, in the order in which troubles cause each other. Changes nothing."""
    base = OpenBase(root, environment, places(environment))
    looks: tuple[tuple[str, Callable[[OpenBase], Examined]], ...] = (
        ("settings", _settings),
        ("git", _git),
        ("GitPython", _gitpython),
        ("history", _history),
        ("git's store", _store),
        ("locks", _locks),
        ("folder", _folder),
        ("your name", _person),
        ("unfinished saves", _saves),
        ("search", _search),
        ("hooks", _hooks),
        ("plain git", _merges),
        ("entries", _entries),
    )
    try:
        return list(_each(base, looks))
    finally:
        base.close()


def _each(base: OpenBase, looks: tuple[tuple[str, Callable[[OpenBase], Examined]], ...]) -> Iterator[Examined]:
    for name, look in looks:
        try:
            yield look(base)
        except KbError as error:
            yield Examined(name, is_ok=False, words=error.message, hint=error.hint)


def _settings(base: OpenBase) -> Examined:
    team = read_team(base.root)
    return Examined("settings", is_ok=True, words=f"{team.name}, in {base.root}.")


def _git(base: OpenBase) -> Examined:
    version = base.repository.version()
    words = ".".join(map(str, version))
    if version < OLDEST_GIT:
        needed = ".".join(map(str, OLDEST_GIT))
        return Examined("git", False, f"git {words} is too old.", f"Install git {needed} or newer.")
    return Examined("git", is_ok=True, words=f"git {words}.")


def _history(base: OpenBase) -> Examined:
    repository: Repository = base.repository
    where = repository.layout.top
    if unfinished := repository.unfinished():
        return Examined(
            "history",
            is_ok=False,
            words=f"Somebody left {unfinished} in {where}; saves wait on this computer until it is ended.",
            hint="A lead ends it with plain git; kbtui neither goes on with it nor gives it up.",
        )
    if hindrance := repository.hindrance():
        words = f"Saves wait for {hindrance}; {where} shows {repository.branch()}."
        return Examined("history", False, words, f"A lead runs: git switch {repository.team_branch}")
    if not repository.head():
        return Examined("history", True, f"No entry has been saved in {where} yet.")
    return Examined("history", is_ok=True, words=f"Kept in {where}.")


def _gitpython(_base: OpenBase) -> Examined:
    """Look at the installed version (FAULTS S22); kbtui's own packaging asks for it, other people's tools may not."""
    words = metadata.version("gitpython")
    version = tuple(int(number) for number in words.split(".") if number.isdigit())
    if version < OLDEST_GITPYTHON:
        needed = ".".join(map(str, OLDEST_GITPYTHON))
        return Examined("GitPython", False, f"GitPython {words} is too old.", f"Install GitPython {needed} or newer.")
    return Examined("GitPython", is_ok=True, words=f"GitPython {words}.")


def _store(base: OpenBase) -> Examined:
    name = "git's store"
    if not index_is_sound(base.repository.layout.git / "index"):
        return Examined(name, False, "git's index cannot be read; no entry is lost.", _FIX)
    if damage(base.repository):
        words = "git's store is damaged (code K03); your work is safe."
        return Examined(name, False, words, f"{_FIX} (it sets the damaged one aside and makes a new one)")
    return Examined(name, is_ok=True, words="Whole.")


def _locks(base: OpenBase) -> Examined:
    now = time.time()
    old = [lock.name for lock, at in locks.look(base.repository.layout).items() if now - at > locks.OLD_SECONDS]
    if old:
        return Examined("locks", False, f"A crash has left a lock in git: {', '.join(old)}.", _FIX)
    return Examined("locks", is_ok=True, words="None that a crash has left.")


def _folder(base: OpenBase) -> Examined:
    """Look whether another program copies git's store while git writes it (FAULTS S5)."""
    parts = [part.casefold() for part in base.repository.layout.common.parts]
    found = next((words for words, names in _COPIERS.items() if any(p.startswith(names) for p in parts)), "")
    if found:
        words = f"This base lies in a folder that {found} copies, which can damage git's store."
        return Examined("folder", False, words, "A lead moves the base to a folder of this computer alone.")
    return Examined("folder", is_ok=True, words="No program is known to copy it behind git's back.")


def _person(base: OpenBase) -> Examined:
    person = base.person()
    if person is None:
        return Examined("your name", False, "kbtui does not know your name yet.", 'Say it once: kbtui me "Your Name"')
    return Examined("your name", is_ok=True, words=f"{person.name}.")


def _saves(base: OpenBase) -> Examined:
    waiting = len(base.journal.pending()) + len(base.outbox.pending())
    if waiting or base.has_waiting():
        return Examined(
            "unfinished saves",
            is_ok=False,
            words=f"{waiting or 'Some'} saved on this computer, not yet in the history.",
            hint="They are tried again by themselves; no words are lost. At once: kbtui doctor --fix",
        )
    return Examined("unfinished saves", is_ok=True, words="None.")


def _search(base: OpenBase) -> Examined:
    if not base.index.is_usable():
        return Examined("search", is_ok=True, words="There is no index yet; the next search makes it.")
    if damaged := base.index.verify():
        return Examined("search", False, f"The search index is damaged: {damaged[0]}.", "Run: kbtui reindex")
    entries = base.index.count()
    hint = "For quicker answers to long questions: pip install 'kbtui[large]'" if _gains_from_numpy(entries) else ""
    return Examined("search", True, f"{counted(entries, 'entry')} indexed.", hint)


def _gains_from_numpy(entries: int) -> bool:
    """Whether a base is so large that numpy is felt, and it is not here."""
    return entries >= _LARGE and find_spec("numpy") is None


def _hooks(base: OpenBase) -> Examined:
    report = hook_files.status(base.repository)
    if report.all_live:
        return Examined("hooks", is_ok=True, words=f"All live in {report.folder}.")
    odd = ", ".join(f"{name} ({state})" for name, state in report.states.items() if state != hook_files.HookState.LIVE)
    words = f"Not all live in {report.folder}: {odd}. Saving and search work without them."
    return Examined("hooks", True, words, "To run kbtui's after what is there: kbtui hooks install")


def _merges(base: OpenBase) -> Examined:
    name = "plain git"
    if merge_driver.is_live(base.repository):
        return Examined(name, is_ok=True, words="A merge by hand merges entries value by value, as a sync does.")
    words = "A merge by hand merges entries as text; kbtui's own sync does without that."
    return Examined(name, True, words, "For leads who merge by hand: kbtui hooks install")


def _entries(base: OpenBase) -> Examined:
    from kbtui.freshness import Freshness

    scan = base.files.scan()
    entries = [entry for entry, _ in Freshness(base.files, base.index).read(scan.stamps)]
    many = counted(len(entries), "entry")
    errors = [f for f in findings(entries, scan.passed_over) if f.severity is Severity.ERROR]
    if errors:
        words = f"{len(errors)} of {many} cannot be parsed; plain text is shown instead."
        return Examined("entries", False, words, "Run: kbtui check")
    return Examined("entries", is_ok=True, words=f"{many}, all of them parse.")
