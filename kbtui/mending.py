"""What `kbtui doctor --fix` does: only what is safe to mend, each thing said in one sentence.

Nothing here ends what somebody has begun, removes a lock that anybody may still hold, or
touches a lead's words. All of it may be repeated.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from kbtui.entry.text import counted
from kbtui.errors import KbError
from kbtui.freshness import Freshness
from kbtui.git import hook_files, locks
from kbtui.git.commits import Commits
from kbtui.git.salvage import Salvage, damage
from kbtui.git.saver import BaseLock
from kbtui.open import OpenBase
from kbtui.paths import places

_BETWEEN_LOOKS = 1.0
_MANY_LOOSE = 2_000
_MAINTENANCE_SECONDS = 120.0


def mend(root: Path, environment: Mapping[str, str]) -> list[str]:
    """Mend what is safe to mend, in the order in which troubles cause each other; return what was done."""
    base = OpenBase(root, environment, places(environment))
    steps: tuple[Callable[[OpenBase], str], ...] = (
        _locks,
        _index,
        _store,
        _saves,
        _events,
        _hooks,
        _search,
        _objects,
    )
    try:
        return [words for words in (_tried(step, base) for step in steps) if words]
    finally:
        base.close()


def _tried(step: Callable[[OpenBase], str], base: OpenBase) -> str:
    try:
        return step(base)
    except KbError as error:
        return f"not mended: {error.message}"


def _locks(base: OpenBase) -> str:
    """Remove locks that a crash has left: old, unchanged between two looks, held by nobody (FAULTS 13)."""
    seen = locks.look(base.repository.layout)
    if not any(time.time() - written > locks.OLD_SECONDS for written in seen.values()):
        return ""
    time.sleep(_BETWEEN_LOOKS)
    removed = locks.remove_stale(seen, time.time())
    return f"removed a lock that a crash had left ({', '.join(lock.name for lock in removed)})." if removed else ""


def _index(base: OpenBase) -> str:
    """Build git's index anew if git cannot read it (FAULTS S6)."""
    commits = Commits(base.repository, base.files, lambda _: None)
    return "git's index could not be read and was built anew." if commits.mend_index() else ""


def _store(base: OpenBase) -> str:
    """Set a damaged clone aside and make a new one (FAULTS 3)."""
    if not damage(base.repository):
        return ""
    with BaseLock(base.repository.own_folder / "lock"):
        done = Salvage(base.repository, base.files, base.journal, base.state / "damaged").run()
    back = counted(done.brought_back, "entry")
    whole = "no commit was lost" if done.is_whole else f"{back} came back from the folder"
    return f"git's store was damaged and is made anew, {whole}; the damaged one is in {done.aside}."


def _saves(base: OpenBase) -> str:
    """Bring what waits into the history."""
    if not base.has_waiting():
        return ""
    done = base.saver.drain()
    arrived = sum(saved.is_committed for saved in done.values())
    Freshness(base.files, base.index).mend([p for saved in done.values() for p in (saved.path, saved.variant) if p])
    saves = counted(len(done), "waiting save is", "waiting saves are")
    return f"{arrived} of {saves} in the history now." if arrived else ""


def _events(base: OpenBase) -> str:
    """Bring the events that wait into the history."""
    settled = base.event_saver.settle()
    events = counted(settled.done + settled.waiting, "waiting event is", "waiting events are")
    return f"{settled.done} of {events} in the history now." if settled.done else ""


def _hooks(base: OpenBase) -> str:
    """Put kbtui's hooks where there are none; whatever somebody else has there stays."""
    before = hook_files.status(base.repository)
    after = hook_files.install(base.repository)
    renewed = [name for name, state in after.states.items() if state is not before.states[name]]
    return f"hooks put in or renewed: {', '.join(renewed)}." if renewed else ""


def _search(base: OpenBase) -> str:
    """Build the search anew if its index is damaged."""
    if not base.index.is_usable() or not base.index.verify():
        return ""
    total = Freshness(base.files, base.index, base.last_good).rebuild(lambda _done, _all: None).total
    return f"the search index was damaged and is built anew ({counted(total, 'entry')})."


def _objects(base: OpenBase) -> str:
    """Pack git's loose objects, which saves leave since they never start git's own clean-up (FAULTS 22)."""
    loose = base.repository.runner.run("count-objects").text.split(" ")[0]
    if not loose.isdigit() or int(loose) < _MANY_LOOSE or base.repository.unfinished():
        return ""
    maintain = ("maintenance", "run", "--quiet", "--task=loose-objects")
    run = base.repository.runner.run
    done = [run(*maintain, writes=True, deadline=_MAINTENANCE_SECONDS) for _ in ("pack them", "drop what is packed")]
    return f"{loose} loose objects of git's were packed." if all(each.is_ok for each in done) else ""
