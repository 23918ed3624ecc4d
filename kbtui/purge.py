"""Purge after a leak (F60): words that must go, out of everything on this computer that holds them.

`examine` says where they stand and changes nothing; `carry_out` takes them out; both never
say the words themselves. What must be done on the host and on other computers is done by
hand, and `steps` says how. docs/purge.md explains all of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from kbtui.entry.identity import variant_of
from kbtui.entry.leak import Leak
from kbtui.errors import BusyError, GitTroubleError, KbError, RefusedError
from kbtui.freshness import Freshness
from kbtui.git import naming, operations, purging
from kbtui.git.exchange import upstream_of
from kbtui.git.history import of_entry
from kbtui.git.purging import Purge, Traces
from kbtui.git.rewriting import Wanted
from kbtui.git.runner import LONG
from kbtui.git.saver import BaseLock
from kbtui.open import GIT_LOG, OpenBase
from kbtui.paths import places
from kbtui.store import atomic
from kbtui.store.journal import SaveRecord
from kbtui.verbs.standing import STANDING

_CACHES = ("index-", "events-", "credit-")
"""Beginnings of names in kbtui's own folder of what is built anew from the files and the history."""

_DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Target:
    """What must go: a text, the entry of a name with all its versions, or a file by its path in the base."""

    text: str = ""
    entry: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Where it stands, or stood.

    Attributes:
        objects: objects of git's store that hold it.
        unreachable: those of them that no branch shows any more.
        commits: ids of the commits that are made anew, the oldest first.
        refs: branches, tags and kbtui's own refs that move.
        staged: paths in git's index.
        files: working files.
        beside: files that this computer keeps beside the base: drafts, waiting saves and events, logs.
        leftovers: files in git's folder that are thrown away.
        by_hand: what somebody has to see to.
        left: objects that still hold it afterwards; 0 where all is well, -1 before it was carried out.
        steps: what to do on the host and on the other computers, in order.
    """

    objects: int
    unreachable: int
    commits: tuple[str, ...]
    refs: tuple[str, ...]
    staged: tuple[str, ...]
    files: tuple[str, ...]
    beside: tuple[str, ...]
    leftovers: tuple[str, ...]
    by_hand: tuple[str, ...]
    left: int
    steps: tuple[str, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether it stands nowhere."""
        return not (self.objects or self.commits or self.staged or self.files or self.beside or self.leftovers)


def examine(root: Path, environment: Mapping[str, str], target: Target) -> Report:
    """Say where it stands; change nothing.

    Raises:
        RefusedError: the text is too short, the entry was never there, or something is open in git.
    """
    base = OpenBase(root, environment, places(environment))
    try:
        wanted = _wanted(base, target)
        found = Purge(base.repository, wanted).look()
        return _report(base, wanted, found, _beside(base, wanted), -1)
    finally:
        base.close()


def carry_out(root: Path, environment: Mapping[str, str], target: Target, backup: Path | None = None) -> Report:
    """Take it out of everything on this computer.

    Args:
        backup: a file that gets all branches as they were; it holds what must go.

    Raises:
        RefusedError: as `examine`; or the backup is there already.
        BusyError: another kbtui is at work.
    """
    base = OpenBase(root, environment, places(environment))
    try:
        folder = base.repository.own_folder
        with BaseLock(folder / "sync.lock", 20.0), BaseLock(folder / "lock", 20.0):
            wanted = _wanted(base, target)
            if backup is not None:
                _back_up(base, backup)
            purge = Purge(base.repository, wanted)
            purge.take_up()
            found = purge.look()
            beside = _beside(base, wanted)
            report = _report(base, wanted, found, beside, -1)
            _clean_beside(base, wanted, beside)
            base.close()
            _drop_caches(folder)
            purge.carry_out(found)
            left = purge.left(found)
            if wanted.paths:
                _forget_names(base, wanted)
            _note(base, report, left)
    except BusyError as error:
        raise BusyError("Another kbtui is at work on this base.", "Close every kbtui, then do it again.") from error
    finally:
        base.close()
    _build_anew(root, environment)
    return replace(report, left=left)


def done(root: Path, environment: Mapping[str, str]) -> bool:
    """Share again, because the host has the new history; whether sharing was held back."""
    base = OpenBase(root, environment, places(environment))
    was_held = purging.is_held(base.repository)
    purging.let_go(base.repository)
    return was_held


def _wanted(base: OpenBase, target: Target) -> Wanted:
    if target.text:
        return Wanted(Leak(target.text))
    prefix = base.repository.layout.prefix
    if target.file:
        pure = PurePosixPath(target.file)
        if pure.is_absolute() or ".." in pure.parts:
            raise RefusedError("That path leads out of the base.", "Give a path inside the knowledge base.")
        return Wanted(paths=frozenset((prefix + pure.as_posix(),)))
    paths = _paths_of(base, target.entry)
    return Wanted(paths=frozenset((*(prefix + path for path in paths), *_names_of(base, paths))))


def _paths_of(base: OpenBase, name: str) -> list[str]:
    paths = base.index.called(name) if base.index.is_usable() else []
    if not paths and name.endswith(".md"):
        paths = [name]
    if len(paths) != 1:
        raise RefusedError(f"No single entry is called {name!r}.", "Give its path, or use --file.")
    return [variant_of(paths[0]) or paths[0]]


def _names_of(base: OpenBase, paths: list[str]) -> Iterator[str]:
    """Yield every name that an entry's file ever had, below git's top folder."""
    for path in paths:
        for commit in of_entry(base.repository.layout, path, {}):
            yield commit.path


def _back_up(base: OpenBase, backup: Path) -> None:
    if backup.exists():
        raise RefusedError(f"{backup} is there already.", "Name a file that is not.")
    made = base.repository.runner.run("bundle", "create", str(backup.resolve()), "--all", writes=True, deadline=LONG)
    if not made.is_ok:
        raise GitTroubleError(f"The backup {backup} cannot be written.", "Name another file.", made.complaint)


# What this computer keeps beside the base


def _beside(base: OpenBase, wanted: Wanted) -> list[Path]:
    """Return the files beside the base that hold it; a damaged store that was set aside as a whole."""
    found = [base.state / _DAMAGED] if (base.state / _DAMAGED).is_dir() else []
    for place in sorted(base.state.rglob("*")) if base.state.is_dir() else []:
        if place.is_file() and _DAMAGED not in place.relative_to(base.state).parts:
            try:
                data = place.read_bytes()
            except OSError:
                continue
            if wanted.is_in(data) or _is_of(base, wanted, place):
                found.append(place)
    own = base.repository.own_folder
    found += [place for place in own.glob("*.jsonl") if wanted.is_in(place.read_bytes())]
    return found


def _is_of(base: OpenBase, wanted: Wanted, place: Path) -> bool:
    """Whether a file is a draft, or a save that waits, of an entry that goes."""
    if not wanted.paths:
        own = (r for r in base.journal.pending() if place.name.endswith(f"{r.save_id}.json"))
        return any(_cleaned(record, wanted) != record for record in own)
    prefix = base.repository.layout.prefix
    drafts = {f"{draft.draft_id}.json" for draft in base.drafts.all() if prefix + draft.path in wanted.paths}
    saves = {record.save_id for record in base.journal.pending() if prefix + record.path in wanted.paths}
    is_draft = place.parent.name == "drafts" and place.name in drafts
    return is_draft or any(place.name.endswith(f"{save}.json") for save in saves)


def _clean_beside(base: OpenBase, wanted: Wanted, beside: list[Path]) -> None:
    for place in beside:
        if place.is_dir():
            shutil.rmtree(place, ignore_errors=True)
        elif wanted.paths:
            place.unlink(missing_ok=True)
        else:
            atomic.write(place, wanted.cleaned(place.read_bytes()))
    for record in base.journal.pending():
        cleaned = _cleaned(record, wanted)
        if cleaned != record:
            base.journal.keep(cleaned)


def _cleaned(record: SaveRecord, wanted: Wanted) -> SaveRecord:
    """Return a save that waits without what must go, whatever form its bytes are kept in."""

    def of(data: bytes | None) -> bytes | None:
        return None if data is None else wanted.cleaned(data)

    beside = tuple(each._replace(before=of(each.before), after=of(each.after)) for each in record.beside)
    content = wanted.cleaned(record.content)
    return record._replace(base=of(record.base), content=content, written=of(record.written), beside=beside)


def _drop_caches(folder: Path) -> None:
    for place in folder.iterdir():
        if place.name.startswith(_CACHES):
            if place.is_dir():
                shutil.rmtree(place, ignore_errors=True)
            else:
                place.unlink(missing_ok=True)


def _forget_names(base: OpenBase, wanted: Wanted) -> None:
    """Let kbtui's own notes forget the paths that went; the last step, since every call of git notes its words."""
    for place in (base.state / GIT_LOG, (base.state / GIT_LOG).with_suffix(".old"), base.state / STANDING):
        place.unlink(missing_ok=True)
    naming.forget(base.repository, wanted)


def _build_anew(root: Path, environment: Mapping[str, str]) -> None:
    """Make search, counts and credit ready again; what fails here is made by the next start."""
    base = OpenBase(root, environment, places(environment))
    try:
        Freshness(base.files, base.index, base.last_good).rebuild()
        base.read_history(lambda _done, _all: None)
    except KbError:
        return
    finally:
        base.close()


def _note(base: OpenBase, report: Report, left: int) -> None:
    """Write one line into the operation log: what was done, and never about what."""
    line = {"action": "purge", "objects": report.objects, "commits": len(report.commits), "left": left}
    line |= {"at": int(base.now().timestamp() * 1_000_000) * 1_000}
    operations.note(base.repository, line | {"by": str(base.person() or "somebody")})


# What to say


def _report(base: OpenBase, wanted: Wanted, found: Traces, beside: list[Path], left: int) -> Report:
    def shown(texts: list[str]) -> tuple[str, ...]:
        return tuple(wanted.shown(text) for text in texts)

    named = list(naming.still_naming(base.repository, base.files, base.root, wanted)) if wanted.paths else []

    return Report(
        objects=found.objects,
        unreachable=found.unreachable,
        commits=tuple(found.commits),
        refs=shown(list(found.refs)),
        staged=shown(found.staged),
        files=shown(found.files),
        beside=shown([str(place) for place in beside]),
        leftovers=shown(found.leftovers),
        by_hand=shown([*found.by_hand, *named]),
        left=left,
        steps=tuple(_steps(base, found)),
    )


def _steps(base: OpenBase, found: Traces) -> Iterator[str]:
    """Yield what a lead does next, with the exact commands; kbtui itself never replaces a shared history."""
    run = base.repository.runner.run
    names = run("remote").text.split()
    branch = base.repository.branch()
    if found.refs and names and branch:
        name = run("config", "--get", f"branch.{branch}.remote").text or names[0]
        upstream = upstream_of(base.repository, branch)
        old = next((old for ref, (_, old) in found.refs.items() if ref == f"refs/remotes/{name}/{upstream}"), "")
        old = old or run("rev-parse", "--verify", "--quiet", f"refs/remotes/{name}/{upstream}").text
        if not old:
            yield f"Look which commit the host shows: git ls-remote {name} refs/heads/{upstream}"
        lease = f"--force-with-lease=refs/heads/{upstream}:{old or 'THAT_COMMIT'}"
        yield "Ask everybody to run `kbtui sync`, then to close kbtui, before you go on."
        yield f"Replace the history on the host, by hand: git push {lease} {name} HEAD:refs/heads/{upstream}"
        yield f"Look for other branches there that hold it, kb-inbox/... among them: git ls-remote --heads {name}"
        yield "Say that it is done, so that this computer shares again: kbtui purge --done"
        yield "Close pull requests that show it, and ask the host's support to delete cached views and old objects."
    yield "On every other computer: share what is unsent (kbtui sync), delete the folder, join anew: kbtui join URL"
    yield "Think of backups, exports, printed pages, chat messages and editors' own copies: kbtui knows none of them."
