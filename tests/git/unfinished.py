"""What leads leave unfinished in a clone, made and ended with plain git."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.helpers import git, run_git, write_files


@dataclass(frozen=True)
class Unfinished:
    """How it is begun in a clone with the branches `main` and `side`, which conflict in a.md, and how it is ended."""

    begin: Callable[[Path], object]
    end: tuple[str, ...]


def diverge(clone: Path) -> None:
    """Make two branches that conflict in a.md; `main` is checked out."""
    write_files(clone, {"a.md": "one\n"})
    git(clone, "add", "a.md")
    git(clone, "commit", "-qm", "a.md", "--allow-empty", "--", "a.md")
    git(clone, "checkout", "-q", "-b", "side")
    write_files(clone, {"a.md": "side\n"})
    git(clone, "commit", "-qam", "side")
    git(clone, "checkout", "-q", "main")
    write_files(clone, {"a.md": "main\n"})
    git(clone, "commit", "-qam", "main")


def _am(clone: Path) -> None:
    patch = git(clone, "format-patch", "--stdout", "main..side")
    run_git(clone, "am", given=patch.encode() + b"\n")


MERGE = Unfinished(lambda clone: run_git(clone, "merge", "side"), ("merge", "--abort"))
REBASE = Unfinished(lambda clone: run_git(clone, "rebase", "side"), ("rebase", "--abort"))
MAILS = Unfinished(_am, ("am", "--abort"))
PICK = Unfinished(lambda clone: run_git(clone, "cherry-pick", "side"), ("cherry-pick", "--abort"))
REVERT = Unfinished(lambda clone: run_git(clone, "revert", "--no-edit", "side"), ("revert", "--abort"))
BISECT = Unfinished(lambda clone: git(clone, "bisect", "start", "main", "main~1"), ("bisect", "reset"))
DETACHED = Unfinished(lambda clone: git(clone, "checkout", "-q", "--detach"), ("checkout", "-q", "main"))

WORDS = {
    "a merge": MERGE,
    "a rebase": REBASE,
    "a cherry-pick": PICK,
    "a revert": REVERT,
    "a bisect": BISECT,
    "a detached HEAD": DETACHED,
}
EVERY = {"merge": MERGE, "rebase": REBASE, "am": MAILS, "cherry-pick": PICK, "revert": REVERT}
EVERY |= {"bisect": BISECT, "detached": DETACHED}
