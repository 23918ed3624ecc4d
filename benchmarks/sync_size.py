"""One new entry into a large base, saved in one clone, shared, and taken by another; then the same with plain git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.corpus import documents
from benchmarks.figures import Figures, figures
from benchmarks.measure import timed
from kbtui.entry.model import NewEntry, Person
from kbtui.git.outcome import Options, Outcome
from kbtui.knowledge import Knowledge
from kbtui.open import OpenBase
from kbtui.paths import places

_PERSON = Person("Bench Mark", "bench@example.com")


@dataclass(frozen=True, slots=True)
class Step:
    """How long one step takes."""

    what: str
    times: Figures

    def as_json(self) -> dict[str, object]:
        """Return it with times in milliseconds."""
        return asdict(self)


def one_entry(keep: Path, data: Path, size: int, runs: int) -> list[Step]:
    """Return how long the steps take in a base of a size.

    Args:
        keep: folder in which the bases stand, or are made.
        data: folder with the entries.
        runs: how many new entries.
    """
    top = keep / str(size)
    if not (top / "done").exists():
        _prepare(top, data, size)
    steps = {**_kbtui(top), **_plain(top)}
    for step in steps.values():
        step()  # git compares all files with its index once, after they were checked out
    times: dict[str, list[float]] = {what: [] for what in steps}
    for _ in range(runs):
        for what, step in steps.items():
            times[what].append(timed(step))
    return [Step(what, figures(values)) for what, values in times.items()]


def _prepare(top: Path, data: Path, size: int) -> None:
    """Make a remote with one commit of all entries, and two clones."""
    top.mkdir(parents=True)
    remote = top / "remote.git"
    _git(top, "init", "-q", "--bare", "-b", "main", str(remote))
    with subprocess.Popen(["git", "fast-import", "--quiet"], cwd=remote, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        for piece in _stream(data, size):
            process.stdin.write(piece.encode())
    for name in ("one", "other"):
        _git(top, "clone", "-q", str(remote), name)
    (top / "done").touch()


def _stream(data: Path, size: int) -> Iterator[str]:
    yield f"commit refs/heads/main\ncommitter {_PERSON.name} <{_PERSON.email}> 1700000000 +0000\ndata 5\nBegin\n"
    yield _file("kb.toml", 'name = "Benchmark"\n')
    for each in documents(data, size):
        text = f"---\nid: {each.id}\n---\n# {each.question}\n\n{each.answer}\n"
        yield _file(f"{each.number // 1000:04d}/{each.number}-{each.id}.md", text)


def _file(path: str, text: str) -> str:
    return f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}\n"


def _kbtui(top: Path) -> dict[str, Callable[[], object]]:
    one, other = (_opened(top, name) for name in ("one", "other"))
    number = iter(range(1_000_000))
    return {
        "kbtui: save": lambda: Knowledge(one).new(NewEntry(f"What is new, {next(number)}?", answer="This.")),
        "kbtui: share": lambda: _shared(one),
        "kbtui: take": lambda: _shared(other),
        "kbtui: share where nothing is new": lambda: _shared(other),
    }


def _opened(top: Path, name: str) -> OpenBase:
    variables = os.environ | {"KBTUI_HOME": str(top / f"home-{name}"), "KBTUI_PERSON": str(_PERSON)}
    return OpenBase(top / name, variables, places(variables))


def _shared(parts: OpenBase) -> None:
    synced = parts.syncer.sync(Options(parts.inbox()))
    if synced.outcome is not Outcome.SHARED:
        raise RuntimeError(f"{parts.root} is not shared: {synced}")


def _plain(top: Path) -> dict[str, Callable[[], object]]:
    one, other = top / "one", top / "other"
    number = iter(range(1_000_000))

    def save() -> None:
        (one / f"plain-{os.getpid()}-{next(number)}.md").write_text("# What is new?\n\nThis.\n")
        _git(one, "add", "-A")
        _git(one, "commit", "-q", "-m", "Save")

    def share() -> None:
        _git(one, "pull", "-q", "--rebase")
        _git(one, "push", "-q")

    return {
        "plain git: add, commit": save,
        "plain git: pull --rebase && push": share,
        "plain git: pull": lambda: _git(other, "pull", "-q", "--rebase"),
    }


def _git(folder: Path, *arguments: str) -> None:
    names = {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", _PERSON.name), ("EMAIL", _PERSON.email))
    }
    command = ["git", "-c", "gc.auto=0", *arguments]
    subprocess.run(command, cwd=folder, env=os.environ | names, check=True, capture_output=True)
