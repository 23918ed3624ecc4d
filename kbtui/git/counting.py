"""Bringing a ledger up to what HEAD has: only what is new is read, and what is gone is dropped.

Three ways, each of which ends with the same tables as a first reading does:

- nothing was read yet: the whole history, in one pass of `git log`;
- there is a commit on which everything stands that is new or gone (`_Top`): what is above it is
  listed, what is new there is read, what is gone from there is dropped;
- else git lists the whole history in its order, which takes a fraction of reading it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from kbtui.git import log, merges
from kbtui.git.ledger_tables import Tables
from kbtui.git.log import Logged, Progress
from kbtui.git.repository import Repository

UNREADABLE = "The history cannot be read."

_SOME = 1_000
"""Commits between two words about how far it is."""

_TRIES = 5
"""How often a lower commit is looked for on which everything stands, before the whole history is listed."""


def bring_up(tables: Tables, repository: Repository, progress: Progress = lambda _done, _of: None) -> int:
    """Bring the ledger up to the commit that HEAD shows; return how many commits were read.

    Args:
        tables: the ledger.
        repository: the history.
        progress: told how far a first reading is, which may take a while.

    Raises:
        GitTroubleError: git cannot read the history. The ledger stays as it was.
    """
    now = (_tip(repository), _extent(repository))
    if tables.read_up_to == now:
        return 0
    with tables.writing():
        known, extent = tables.read_up_to  # another kbtui may have been quicker
        if extent != now[1] or not now[0]:
            tables.clear()
            known = ""
        read = _read(tables, repository, known, now[0], progress) if now[0] != known else 0
        _read_merges(tables, repository, known, now[0])
        tables.read_up_to = now
    return read


def _read_merges(tables: Tables, repository: Repository, known: str, tip: str) -> None:
    """Read the merges with reviewers: what is new where the history has gone on, all where it is another one."""
    if tip:
        goes_on = bool(known) and repository.runner.run("merge-base", "--is-ancestor", known, tip).is_ok
        tables.keep_merges(merges.read(repository, tip, known if goes_on else ""), only_these=not goes_on)


def _tip(repository: Repository) -> str:
    """Return the commit that HEAD shows; nothing on a branch without commits."""
    shown = repository.runner.run("rev-parse", "--verify", "--quiet", "HEAD")
    if not shown.is_ok:
        repository.runner.must("symbolic-ref", "HEAD", trouble=UNREADABLE)
    return shown.text if shown.is_ok else ""


def _extent(repository: Repository) -> str:
    """Return where a shallow clone's history ends; the same tip has more history once that has changed.

    https://git-scm.com/docs/shallow
    """
    with suppress(OSError):
        return (repository.layout.common / "shallow").read_text("ascii", "replace")
    return ""


def _read(tables: Tables, repository: Repository, known: str, tip: str, progress: Progress) -> int:
    if not known:
        return _read_all(tables, repository, tip, progress)
    top = _top(repository, known, tip)
    below = tables.count() - len(top.gone) if top else 0
    numbered = tables.above(below)
    if top is None or numbered.keys() != set(top.gone):
        below, numbered = 0, tables.above(0)
        order = _listed(repository, tip)
    else:
        order = top.now
    tables.drop(numbered.keys() - set(order))
    new = [commit for commit in order if commit not in numbered]
    which = ("--no-walk=unsorted", "--stdin")
    read = _read_log(tables, repository, *which, given="\n".join(new)) if new else 0
    tables.put_in_order(order, below)
    return read


def _read_all(tables: Tables, repository: Repository, tip: str, progress: Progress) -> int:
    count = repository.runner.run("rev-list", "--count", "--no-merges", tip).text
    commits = int(count) if count.isdecimal() else 0
    which = (*log.IN_ORDER, "--reverse", tip)
    return _read_log(tables, repository, *which, progress=lambda done: progress(done, commits))


@dataclass(frozen=True, slots=True)
class _Top:
    """What of two histories stands on the last commit on which all of it does; merges left out, the oldest first.

    In git's order everything below comes before all of it, and has the same places in both.

    Attributes:
        gone: of the history that was read before; some of it may be in the other one too.
        now: of the history to be read.
    """

    gone: list[str]
    now: list[str]


def _top(repository: Repository, known: str, tip: str) -> _Top | None:
    """Find the commit on which both histories stand, and what stands on it; None where that is no simple matter."""
    base = _shared(repository, known, tip)
    for _ in range(_TRIES):
        if not base:
            return None
        gone, now = (_above(repository, base, end) for end in (known, tip))
        parents = [parents for each in (gone, now) for parents in each.values()]
        if not all(parents):
            return None  # a second beginning, which stands on nothing
        others = {parent for some in parents for parent in some} - gone.keys() - now.keys() - {base}
        if not others:
            return _Top(_without_merges(gone), _without_merges(now))
        base = _shared(repository, base, *sorted(others))
    return None


def _shared(repository: Repository, *commits: str) -> str:
    found = repository.runner.run("merge-base", "--octopus", *commits)
    return found.text if found.is_ok else ""


def _above(repository: Repository, base: str, end: str) -> dict[str, list[str]]:
    """Return the commits that `end` has and `base` has not, in git's order, the oldest first, each with its parents."""
    order = ("--topo-order", "--reverse", "--parents")
    with repository.runner.stream("rev-list", *order, end, f"^{base}", trouble=UNREADABLE) as pieces:
        lines = b"".join(pieces).decode().splitlines()
    return {commit: parents for commit, *parents in map(str.split, lines)}


def _without_merges(commits: dict[str, list[str]]) -> list[str]:
    return [commit for commit, parents in commits.items() if len(parents) == 1]


def _listed(repository: Repository, tip: str) -> list[str]:
    with repository.runner.stream("rev-list", *log.IN_ORDER, "--reverse", tip, trouble=UNREADABLE) as pieces:
        return b"".join(pieces).decode().split()


def _read_log(
    tables: Tables,
    repository: Repository,
    *which: str,
    given: str = "",
    progress: Callable[[int], None] = lambda _done: None,
) -> int:
    arguments = ("log", *log.OPTIONS, *log.MOVES, *which)
    with repository.runner.stream(
        *arguments, trouble=UNREADABLE, given=given.encode(), settings=log.SETTINGS
    ) as pieces:
        return tables.append(_watched(log.logged(pieces), progress))


def _watched(commits: Iterable[Logged], progress: Callable[[int], None]) -> Iterator[Logged]:
    for number, commit in enumerate(commits):
        if number % _SOME == 0:
            progress(number)
        yield commit
