"""What the scripts in hooks/ call, and putting them in. They make search sooner; nothing relies on them.

`post-*` hooks bring the index and the ledger of credit up to date in the background and always succeed; `pre-commit`
names what is wrong with the entries about to be committed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kbtui.config import read_team
from kbtui.entry import file_format
from kbtui.entry.guard_rules import GuardRules
from kbtui.entry.joining import join_entries, join_lines
from kbtui.entry.model import Severity
from kbtui.errors import GitTroubleError, KbError, RefusedError
from kbtui.git import hook_files, merge_driver
from kbtui.git.hook_files import HookReport
from kbtui.git.repository import Repository
from kbtui.git.runner import GitRunner
from kbtui.open import open_base
from kbtui.store.events import is_event_file
from kbtui.store.files import EntryFiles
from kbtui.team.privacy import private_in, private_in_events

BACKGROUND = ("post-commit", "post-merge", "post-checkout", "post-rewrite")
BEFORE_COMMIT = "pre-commit"
MERGE = "merge-driver"
_LABELS = ("-L", "ours", "-L", "what both had", "-L", "theirs")
_MOST_CONFLICTS = 127
"""`git merge-file` ends with the number of conflicts, up to this; above it, with an error."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something in an entry that is about to be committed; a note does not stop the commit."""

    path: str
    line: int
    reason: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Installed:
    """What of kbtui's runs in plain git: its hooks, and whether entries are merged value by value."""

    hooks: HookReport
    merges_entries: bool


def look(root: Path, environment: Mapping[str, str]) -> Installed:
    """Return what of kbtui's runs in plain git in the base at `root`."""
    repository = _repository(root, environment)
    return Installed(hook_files.status(repository), merge_driver.is_live(repository))


def install(root: Path, environment: Mapping[str, str]) -> Installed:
    """Put kbtui's hooks in, after those that somebody else has there, and its merge; return the state after that."""
    repository = _repository(root, environment)
    hook_files.install(repository, chain=True)
    merge_driver.install(repository)
    return look(root, environment)


def remove(root: Path, environment: Mapping[str, str]) -> Installed:
    """Take kbtui's hooks and its merge out and put back what was there before; return the state after that."""
    repository = _repository(root, environment)
    merge_driver.remove(repository)
    hook_files.remove(repository)
    return look(root, environment)


def _repository(root: Path, environment: Mapping[str, str], index_file: str = "") -> Repository:
    return Repository(root, GitRunner(root, environment, index_file=index_file))


def after_change(root: Path, environment: Mapping[str, str]) -> str:
    """Bring search and credit of the base at `root` up to date; return one line for the log. Never raises a KbError."""
    knowledge = open_base(root, environment)
    try:
        refreshed = knowledge.refresh()
        knowledge.read_history()
        knowledge.bring_up_standing()
        knowledge.counts()  # reads new events into the cache, so that no search has to
    except KbError as error:
        return error.message
    finally:
        knowledge.close()
    return f"{refreshed.changed} indexed, {refreshed.gone} removed"


@dataclass(frozen=True, slots=True)
class Sides:
    """The files in which git hands over what it wants merged, and the path they are of, below its top folder."""

    base: Path
    ours: Path
    theirs: Path
    path: str


def merge_sides(root: Path, environment: Mapping[str, str], sides: Sides) -> bool:
    """Merge two versions for plain git, into the file of "ours"; whether nobody has to look at it.

    Words that both sides have changed are left to git's own text merge, with its markers: here
    a person is at hand, with an editor. A text merge that would leave an entry that does not
    parse becomes one conflict of the whole file (FAULTS 42).

    Raises:
        RefusedError: the file is neither an entry nor one of events; git's own merge is right for it.
    """
    repository = _repository(root, environment)
    path = sides.path.removeprefix(repository.layout.prefix)
    base, ours, theirs = (file.read_bytes() for file in (sides.base, sides.ours, sides.theirs))
    if is_event_file(path):
        sides.ours.write_bytes(join_lines(base, ours, theirs))
        return True
    if not EntryFiles(root, read_team(root).ignore).is_entry(path):
        raise RefusedError(f"{path} is no entry.", "git merges it as text.")
    joined = join_entries(base or None, ours, theirs)
    if joined.variant is None:
        sides.ours.write_bytes(joined.content)
        return True
    merged = repository.runner.run("merge-file", "-p", *_LABELS, *map(str, (sides.ours, sides.base, sides.theirs)))
    if merged.status == 0 and _problems(path, merged.output) > max(_problems(path, ours), _problems(path, theirs)):
        sides.ours.write_bytes(b"<<<<<<< ours\n%b\n=======\n%b\n>>>>>>> theirs\n" % (ours.rstrip(), theirs.rstrip()))
        return False
    if merged.status < 0 or merged.status > _MOST_CONFLICTS:
        raise GitTroubleError("git's own merge does not work here.", "Run `kbtui doctor`.", merged.complaint)
    sides.ours.write_bytes(merged.output)
    return merged.status == 0


def _problems(path: str, content: bytes) -> int:
    return len(file_format.read(path, content).problems)


def before_commit(root: Path, environment: Mapping[str, str]) -> list[Refusal]:
    """Return what is wrong with the entries that are about to be committed, as they are in git's index.

    What keeps an entry from being understood is an error, and so are card numbers; other
    personal data is a note (F18).
    """
    index_file = environment.get("GIT_INDEX_FILE", "")
    top = _repository(root, environment).layout.top
    repository = _repository(root, environment, str(top / index_file) if index_file else "")
    prefix = repository.layout.prefix
    names = repository.runner.must(
        "diff",
        "--cached",
        "--name-only",
        "-z",
        "--diff-filter=ACMR",
        trouble="git does not say what is to be committed.",
    )
    team = read_team(root)
    files = EntryFiles(root, team.ignore)
    paths = [path for path in names.text.split("\0") if path.startswith(prefix)]
    entries = [path for path in paths if files.is_entry(path.removeprefix(prefix))]
    events = [path for path in paths if is_event_file(path.removeprefix(prefix))]
    return [
        *(refusal for path in entries for refusal in _refusals(repository, path, team.guard)),
        *(refusal for path in events for refusal in _refused_events(repository, path, team.guard)),
    ]


def _refusals(repository: Repository, path: str, rules: GuardRules) -> list[Refusal]:
    staged = repository.runner.run("cat-file", "blob", f":{path}")
    if not staged.is_ok:
        return []
    entry = file_format.read(path.removeprefix(repository.layout.prefix), staged.output)
    wrong = [Refusal(path, p.line, p.reason) for p in entry.problems if p.severity is Severity.ERROR]
    private = private_in(path, staged.output, rules)
    return wrong + [Refusal(path, found.line, found.reason, found.severity) for found in private]


def _refused_events(repository: Repository, path: str, rules: GuardRules) -> list[Refusal]:
    """Return what must not stay in the lines that an event file gets with this commit; it only ever grows."""
    staged, before = (repository.runner.run("cat-file", "blob", f"{tree}:{path}").output for tree in ("", "HEAD"))
    known = set(before.split(b"\n"))
    lines = [(number, line) for number, line in enumerate(staged.split(b"\n"), 1) if line not in known]
    return [Refusal(path, each.line, each.reason, each.severity) for each in private_in_events(path, lines, rules)]
