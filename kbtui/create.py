"""Making a knowledge base out of a folder, and the ready-made one to try kbtui with.

`init` adds little and says what: kb.toml, .gitattributes, a first commit where there was
no history, and the hooks. It never rewrites a file it finds, and leaves `git status` clean
apart from what was unclean before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from kbtui.config import BASE_FILE, read_team
from kbtui.entry.model import Person
from kbtui.entry.text import one_line
from kbtui.errors import GitTroubleError, RefusedError
from kbtui.git import hook_files
from kbtui.git.repository import Repository, why_not
from kbtui.git.runner import GitRunner
from kbtui.paths import places
from kbtui.store import atomic, residence
from kbtui.store.files import EntryFiles

STARTER = Person("kbtui starter base", "starter@kbtui.invalid")
_ATTRIBUTES = ".gitattributes"
_EVENTS_RULE = "events/** merge=union"
_LF_RULE, _AS_IS_RULE = "*.md text eol=lf", "*.md -text"
_SLOW = 600.0
_CHAIN_HINT = "To run kbtui's after them: kbtui hooks install"


@dataclass(frozen=True)
class Created:
    """What `init` did.

    Attributes:
        root: the base's folder.
        added: paths below it that kbtui wrote and committed.
        notes: sentences about what was found and left alone.
        entries: number of entries there are now.
        is_new: whether anything had to be done at all.
    """

    root: Path
    added: tuple[str, ...]
    notes: tuple[str, ...]
    entries: int
    is_new: bool = True


def init(folder: Path, environment: Mapping[str, str], *, with_starter: bool = True, name: str = "") -> Created:
    """Make `folder` a knowledge base. An existing one is left as it is.

    Args:
        folder: may be missing, empty, full of Markdown, inside or outside a git repository.
        with_starter: put the starter entries into a folder that has no Markdown yet.
        name: what the team calls the base; the folder's name if empty.

    Raises:
        RefusedError: the folder is a file, or is not to be written.
        GitTroubleError: git is missing or refuses.
    """
    if folder.exists() and not folder.is_dir():
        raise RefusedError(f"{folder} is a file, not a folder.", "Name a folder, new or existing.")
    _refuse_whole_homes(folder.resolve())
    _make(folder)
    root = folder.resolve()
    if (root / BASE_FILE).is_file() and _is_in_history(root, environment):
        return Created(root, (), ("This is a knowledge base already.",), _count(root), False)
    had_entries = bool(EntryFiles(root).scan().stamps)
    is_repository = _has_repository(root, environment)
    repository = _repository(root, environment)
    was_interrupted = (root / BASE_FILE).is_file()
    has_history = is_repository and bool(repository.head())
    if has_history and (unfinished := repository.unfinished()):
        raise RefusedError(f"Somebody has left {unfinished} unfinished in {root}.", "Finish it in git, then try again.")
    added = [] if had_entries or not with_starter else _copy_starter(root)
    added += _write_settings(root, name or root.name)
    notes = [] if is_repository else [_begin_history(repository)]
    notes += _write_attributes(repository, added, has_history=has_history)
    _commit(repository, added if has_history or (is_repository and not was_interrupted) else ["."])
    notes += _install_hooks(repository)
    return Created(root, tuple(dict.fromkeys(added)), tuple(notes), _count(root))


def demo(environment: Mapping[str, str], folder: Path | None = None, *, fresh: bool = False) -> Path:
    """Return the folder of the demonstration base, made from the starter entries if it is not there.

    Args:
        folder: where to have it; kbtui's data folder otherwise.
        fresh: put the one that is there aside and begin again.
    """
    root = folder or places(environment).data / "demo"
    if fresh and (root / BASE_FILE).is_file():
        _put_aside(root, places(environment).states)
    if not (root / BASE_FILE).is_file():
        init(root, environment, name="Demonstration base")
    return root


def _count(root: Path) -> int:
    return len(EntryFiles(root, read_team(root).ignore).scan().stamps)


def _put_aside(root: Path, states: Path) -> None:
    """Rename a folder; whatever was written into it stays, and so do its drafts and what waits."""
    residence.settle(root, states)
    number = 1
    while (aside := root.with_name(f"{root.name}-{number}")).exists():
        number += 1
    root.rename(aside)
    residence.settle(aside, states)


def _refuse_whole_homes(root: Path) -> None:
    if root in (Path.home().resolve(), Path(root.anchor)):
        raise RefusedError(f"{root} is too much for one knowledge base.", "Name a folder of its own.")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RefusedError(f"{folder} cannot be made ({error.strerror}).", "Choose another folder.") from error


def _repository(root: Path, environment: Mapping[str, str]) -> Repository:
    return Repository(root, GitRunner(root, environment))


def _has_repository(root: Path, environment: Mapping[str, str]) -> bool:
    """Whether git keeps a history of this folder.

    Raises:
        RefusedError: the folder is git's own.
        GitTroubleError: git refuses to say.
    """
    result = GitRunner(root, environment).run("rev-parse", "--is-inside-work-tree")
    if result.is_ok and result.text != "true":
        raise RefusedError(f"{root} is git's own folder, which holds no entries.", "Name a folder with a work tree.")
    if not result.is_ok and "not a git repository" not in result.complaint:
        raise why_not(root, result)
    return result.is_ok


def _is_in_history(root: Path, environment: Mapping[str, str]) -> bool:
    return GitRunner(root, environment).run("cat-file", "-e", f"HEAD:./{BASE_FILE}").is_ok


def _copy_starter(root: Path) -> list[str]:
    """Copy the starter entries, but nothing over a file that is there."""
    added = []
    for path, source in _walk(starter_folder(), ""):
        target = root / path
        if not target.exists():
            atomic.write(target, source.read_bytes())
            added.append(path)
    return added


def starter_folder() -> Traversable:
    """Return the starter base inside the wheel, or beside the package in a checkout."""
    inside = resources.files("kbtui") / "_starter"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[1] / "kb"


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    found = []
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        path = f"{prefix}{item.name}"
        found += _walk(item, f"{path}/") if item.is_dir() else [(path, item)]
    return found


def _write_settings(root: Path, name: str) -> list[str]:
    """Write kb.toml, or give the starter's the name of this base."""
    file = root / BASE_FILE
    title = one_line(name).replace("\\", " ").replace('"', "'") or "Knowledge base"
    if not file.exists():
        atomic.write(
            file, f'# The settings of this knowledge base; see docs/format.md of kbtui.\nname = "{title}"\n'.encode()
        )
        return [BASE_FILE]
    lines = file.read_text("utf-8").splitlines(keepends=True)
    renamed = [f'name = "{title}"\n' if line.startswith('name = "Starter') else line for line in lines]
    if renamed != lines:
        atomic.write(file, "".join(renamed).encode())
    return [BASE_FILE]


def _begin_history(repository: Repository) -> str:
    result = repository.runner.run("init", "--quiet", "--initial-branch=main", writes=True)
    if not result.is_ok:
        raise GitTroubleError(
            f"No history can be begun in {repository.root}.", "Ask your lead to run `git init` there.", result.complaint
        )
    return "Began a history for this folder (git init) with what was in it."


def _write_attributes(repository: Repository, added: list[str], *, has_history: bool) -> list[str]:
    """Add the rules that keep line ends and events in peace, where they do not stand already."""
    if has_history and repository.runner.run("status", "--porcelain", "--", _ATTRIBUTES).text:
        wanted = " and ".join((_LF_RULE, _EVENTS_RULE))
        return [f"Somebody is changing {_ATTRIBUTES}; it stays as it is. Add these lines to it: {wanted}"]
    file = repository.root / _ATTRIBUTES
    found = file.read_text("utf-8", "surrogateescape") if file.exists() else ""
    present = {line.split("#")[0].strip() for line in found.splitlines()}
    has_crlf = _LF_RULE not in present and _has_crlf(repository, has_history=has_history)
    rules = [_AS_IS_RULE if has_crlf else _LF_RULE, _EVENTS_RULE]
    missing = [rule for rule in rules if rule not in present]
    if not missing:
        return []
    start = found if not found or found.endswith("\n") else found + "\n"
    atomic.write(file, (start + "\n".join(missing) + "\n").encode("utf-8", "surrogateescape"))
    added.append(_ATTRIBUTES)
    return ["Some entries have Windows line ends; they stay as they are."] if has_crlf else []


def _has_crlf(repository: Repository, *, has_history: bool) -> bool:
    """Whether entries are kept with Windows line ends: in the history, else in the folder."""
    if has_history:
        kept = repository.runner.run("ls-files", "--eol", "--cached").text.splitlines()
        return any(line.startswith(("i/crlf", "i/mixed")) and line.endswith(".md") for line in kept)
    files = EntryFiles(repository.root)
    return any(b"\r\n" in files.read(path) for path in files.scan().stamps)


def _commit(repository: Repository, paths: Sequence[str]) -> None:
    """Commit what was added, as nobody's words, and nothing that lay in the index before."""
    settings = ["core.hooksPath=/dev/null", "core.safecrlf=false"]
    force = () if list(paths) == ["."] else ("--force",)
    added = repository.runner.run("add", *force, "--", *paths, writes=True, settings=settings, deadline=_SLOW)
    message = ("-m", "Make this folder a knowledge base", "-m", "Kb-Action: start")
    flags = ("--quiet", "--no-verify") if list(paths) == ["."] else ("--quiet", "--no-verify", "--only")
    result = repository.runner.run(
        "commit", *flags, *message, "--", *paths, writes=True, person=STARTER, settings=settings, deadline=_SLOW
    )
    if not added.is_ok or not result.is_ok:
        raise GitTroubleError(
            f"The first version of {repository.root} could not be kept.",
            "Look whether somebody has begun a merge or a rebase there, then try again.",
            result.complaint,
        )


def _install_hooks(repository: Repository) -> list[str]:
    report = hook_files.install(repository)
    if not report.is_own_folder:
        where = f"The hooks of this team are in {report.folder}; kbtui adds none there and works without its own."
        return [f"{where} {_CHAIN_HINT}"]
    foreign = [name for name, state in report.states.items() if state is hook_files.HookState.FOREIGN]
    if not foreign:
        return []
    stay = f"Hooks of somebody else stay as they are ({', '.join(foreign)}); kbtui works without its own."
    return [f"{stay} {_CHAIN_HINT}"]
