"""Bringing a ledger up to what HEAD has: only what is new is read, and what is gone is dropped.

Three ways, each of which ends with the same tables as a first reading does:

- nothing was read yet: the whole history, in one pass of `git log`;
- what is new is a chain of commits on what was read: these are read and put at the end;
- anything else (merges, a rebase, an amended commit, another branch): git lists the history in
  its order, which takes a fraction of reading it; what is not known is read, what is not listed
  is dropped, and all get the places that git gives them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from kbtui.git import log
from kbtui.git.ledger_tables import Tables
from kbtui.git.log import Logged, Progress
from kbtui.git.repository import Repository

UNREADABLE = "The history cannot be read."

_SOME = 1_000
"""Commits between two words about how far it is."""


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
        tables.read_up_to = now
    return read


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
        count = repository.runner.run("rev-list", "--count", "--no-merges", tip).text
        commits = int(count) if count.isdecimal() else 0
        first = (*log.IN_ORDER, "--reverse", tip)
        return _read_log(tables, repository, *first, progress=lambda done: progress(done, commits))
    if _is_chain(repository, known, tip):
        return _read_log(tables, repository, *log.IN_ORDER, "--reverse", tip, f"^{known}")
    order = _order(repository, tip)
    places = tables.places()
    tables.drop(places.keys() - set(order))
    new = [commit for commit in order if commit not in places]
    read = _read_log(tables, repository, "--no-walk=unsorted", "--stdin", given="\n".join(new)) if new else 0
    tables.put_in_order(order)
    return read


def _is_chain(repository: Repository, known: str, tip: str) -> bool:
    """Whether what is new are commits one after another, the first of them on the last one that was read."""
    run = repository.runner.run
    if not run("merge-base", "--is-ancestor", known, tip).is_ok:
        return False
    merge = run("rev-list", "--min-parents=2", "--max-count=1", tip, f"^{known}")
    return merge.is_ok and not merge.text


def _order(repository: Repository, tip: str) -> list[str]:
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
