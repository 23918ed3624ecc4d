"""Joining a team: its base on this computer, with search and hooks ready (F54).

The base is fetched beside the place where it is to stand (`kbtui.store.place`), looked at, and only
then given its name: whatever goes wrong, or whoever stops it, leaves nothing behind.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kbtui.config import BASE_FILE, USUAL_SUBFOLDER
from kbtui.entry.text import clipped, one_line
from kbtui.errors import GitTroubleError, KbError, NoBaseError, RefusedError
from kbtui.freshness import Progress, quietly
from kbtui.git import hook_files
from kbtui.git.commits import OWN_SETTINGS
from kbtui.git.remote import Trouble, is_far, over_network, require_safe_url, trouble_of
from kbtui.git.repository import Repository
from kbtui.git.review import INBOX
from kbtui.git.runner import LONG, GitResult, GitRunner
from kbtui.open import open_base
from kbtui.store.place import Place

_USUAL_BRANCHES = ("main", "master")

Stage = Callable[[str], None]
"""Told in words what is being done now."""

Received = Callable[[int], None]
"""Told how many bytes have come so far."""

_LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class JoinedBase:
    """A base that was joined.

    Attributes:
        root: the base's folder.
        entries: how many entries it has.
        hooks: whether all of kbtui's git hooks are live.
        person: who will be named beside what is saved here, or empty.
    """

    root: Path
    entries: int
    hooks: bool
    person: str


def join(
    url: str,
    folder: Path | None,
    current: Path,
    environment: Mapping[str, str],
    stage: Stage = lambda _: None,
    progress: Progress = quietly,
    received: Received = lambda _: None,
    patience: float = LONG,
) -> JoinedBase:
    """Fetch a team's base and make it ready.

    Args:
        url: its address: https, ssh, or a folder.
        folder: where to have it, below `current` if it is relative; else a folder named like the address.
        current: the folder the person stands in.
        stage: told what is being done.
        progress: told how far the first reading of the entries is.
        received: told how many bytes have come.
        patience: seconds the host may take.

    Raises:
        RefusedError: the address cannot be used, or the folder is in use.
        NoBaseError: what is at the address is no knowledge base.
        GitTroubleError: the host does not answer or does not let this computer in.
    """
    source = _source(url, current)
    target = (current / (folder or _name(url))).absolute()
    _require_free(target)
    place = Place(target)
    try:
        with place.workshop() as fetched:
            stage("Fetching the team's entries")
            with _measured(fetched, received):
                _fetch(source, fetched, environment, patience)
            below = _base_below(fetched, environment)
            place.take(fetched)
        return _ready(target / below, environment, stage, progress)
    except OSError as error:
        place.leave()
        raise RefusedError(f"{target} cannot be made ({error.strerror}).", "Choose another folder.") from error
    except BaseException:
        place.leave()
        raise


def _ready(root: Path, environment: Mapping[str, str], stage: Stage, progress: Progress) -> JoinedBase:
    report = hook_files.install(Repository(root, GitRunner(root, environment)))
    stage("Preparing search")
    knowledge = open_base(root, environment)
    try:
        refreshed = knowledge.refresh(progress)
        knowledge.sync()
        person = knowledge.person()
    finally:
        knowledge.close()
    return JoinedBase(root, refreshed.total, report.all_live, str(person or ""))


def _source(url: str, current: Path) -> str:
    """Return the address as git is given it; a folder by its full path, which cannot be taken for an option.

    Raises:
        RefusedError: it is no address.
    """
    url = require_safe_url(url)
    if is_far(url):
        return url
    folder = (current / Path(url).expanduser()).absolute()
    if not folder.exists():
        raise RefusedError(f"There is nothing at {clipped(one_line(url), 200)!r}.", "Ask your lead for the address.")
    return str(folder)


def _name(url: str) -> str:
    """Return a folder's name from an address, as `git clone` does."""
    last = re.split(r"[/:\\]", url.rstrip("/\\"))[-1].removesuffix(".git")
    name = re.sub(r"[^\w.-]", "-", last).strip(".-")
    if not name:
        raise RefusedError("The address gives no name for a folder.", "Say where to have it: kbtui join URL DIR")
    return name


def _require_free(target: Path) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise RefusedError(f"{target} is there already.", "Name a new folder: kbtui join URL DIR")
    if target.is_dir() and any(target.iterdir()):
        raise RefusedError(f"{target} is there already and not empty.", "Name a new folder: kbtui join URL DIR")


@contextmanager
def _measured(folder: Path, received: Received) -> Iterator[None]:
    """Tell every half second how much has come."""
    is_over = threading.Event()

    def look() -> None:
        while not is_over.wait(_LOOK_SECONDS):
            received(_size_of(folder / ".git" / "objects"))

    watch = threading.Thread(target=look, daemon=True)
    watch.start()
    try:
        yield
    finally:
        is_over.set()
        watch.join()


def _size_of(folder: Path) -> int:
    size = 0
    for path in folder.rglob("*"):
        with suppress(OSError):
            size += path.stat().st_size
    return size


def _fetch(source: str, target: Path, environment: Mapping[str, str], patience: float) -> None:
    runner = over_network(GitRunner(target.parent, environment))
    flags = ("--quiet", "--origin=origin", "--no-recurse-submodules")
    result = runner.run(
        "clone", *flags, "--", source, str(target), writes=True, settings=OWN_SETTINGS, deadline=patience
    )
    if not result.is_ok:
        raise _why_not(source, result)
    _check_out(GitRunner(target, environment))


def _check_out(git: GitRunner) -> None:
    """Take the team's branch where the host names one that is not there, as a new bare repository does."""
    if git.run("rev-parse", "--verify", "--quiet", "HEAD").is_ok:
        return
    shown = git.run("for-each-ref", "--format=%(refname:lstrip=3)", "refs/remotes/origin").text.split("\n")
    names = [name for name in shown if name and name != "HEAD" and not name.startswith(INBOX)]
    if names:
        chosen = next((name for name in _USUAL_BRANCHES if name in names), names[0])
        git.run("checkout", "--quiet", "-B", chosen, "--track", f"origin/{chosen}", writes=True, settings=OWN_SETTINGS)


def _why_not(source: str, result: GitResult) -> KbError:
    shown = clipped(one_line(re.sub(r"//[^/@]*@", "//", source)), 200)
    trouble = trouble_of(result)
    if trouble is Trouble.SIGN_IN:
        return GitTroubleError(
            f"{shown} does not let this computer in.",
            "Ask your lead: a key or a kept password has to be set up so that git asks nothing.",
            result.complaint,
        )
    if trouble in (Trouble.NO_REPOSITORY, Trouble.NO_BRANCH):
        return NoBaseError(f"There is no team's base at {shown}.", "Ask your lead for the address.")
    return GitTroubleError(f"{shown} does not answer.", "Look at the connection and try again.", result.complaint)


def _base_below(clone: Path, environment: Mapping[str, str]) -> Path:
    """Return where in a clone the base is, as a relative path: at the top, in the usual folder, or in the only one.

    Raises:
        NoBaseError: nowhere, or in several places.
    """
    listed = GitRunner(clone, environment).run("ls-files", "-z").text.split("\0")
    found = [path.parent for path in map(PurePosixPath, listed) if path.name == BASE_FILE]
    bases = [below for below in found if (clone / below / BASE_FILE).is_file()]
    usual = [below for below in (PurePosixPath(), PurePosixPath(USUAL_SUBFOLDER)) if below in bases]
    if usual or len(bases) == 1:
        return Path((usual or bases)[0])
    if not bases:
        raise NoBaseError(
            "What is at this address is no knowledge base: it has no kb.toml.", "Ask your lead for the address."
        )
    names = ", ".join(clipped(one_line(str(below)), 60) for below in bases[:5])
    raise NoBaseError(
        f"There are {len(bases)} knowledge bases at this address: {names}.",
        "Ask your lead; git clones it, and kbtui --kb FOLDER opens one of them.",
    )
