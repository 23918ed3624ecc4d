"""Histories that nobody would write and everybody ends up with: plain git, at random, by clocks that are wrong."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from kbtui.entry.model import Person
from tests.helpers import ANA, BEN, LEAD, git, run_git, write_files

_PEOPLE = (ANA, BEN, LEAD, Person("benny", "benny@old.example"))
_NAMES = ("a.md", "b.md", "topic/c.md", "topic/d ü.md", "other/e.md")
_ACTIONS = ("ask", "new", "answer", "edit", "confirm", "undo", "start")


class RandomHistory:
    """Writes one history.

    Args:
        root: an empty folder.
        seed: which history.
    """

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self._random = random.Random(seed)
        self._saves = 0
        git(root, "init", "-q", "-b", "main")
        self._write("a.md", self._words())
        self._commit("first")

    def go_on(self) -> str:
        """Do one thing; return what."""
        deeds: dict[Callable[[], None], int] = {
            self._edit: 8, self._add: 3, self._move: 4, self._remove: 1, self._merge: 4, self._rebase: 2,
            self._cherry_pick: 2, self._amend: 2, self._squash: 1, self._revert: 1, self._go_back: 1, self._mailmap: 1,
        }  # fmt: skip
        (deed,) = self._random.choices(list(deeds), list(deeds.values()))
        deed()
        return deed.__name__

    def paths(self) -> list[str]:
        """Return the files that HEAD has."""
        names = git(self.root, "ls-tree", "-r", "-z", "--name-only", "HEAD").split("\0")
        return [name for name in names if name.endswith(".md")]

    # What people do

    def _edit(self) -> None:
        if paths := self.paths():
            path = self._random.choice(paths)
            lines = (self.root / path).read_text().splitlines()
            lines[self._random.randrange(len(lines))] = self._word()
            self._write(path, "\n".join(lines) + "\n")
            self._commit("edit")

    def _add(self) -> None:
        path = self._random.choice(_NAMES)
        self._write(path, self._words())
        self._commit("add")

    def _move(self) -> None:
        paths = self.paths()
        free = [name for name in _NAMES if name not in paths]
        if paths and free:
            target = self.root / self._random.choice(free)
            target.parent.mkdir(exist_ok=True)
            (self.root / self._random.choice(paths)).rename(target)
            self._commit("move")

    def _remove(self) -> None:
        paths = self.paths()
        if len(paths) > 1:
            (self.root / self._random.choice(paths)).unlink()
            self._commit("remove")

    def _merge(self) -> None:
        self._aside()
        how = self._random.choice((("-X", "ours"), ("-X", "theirs"), ("-s", "ours"), ()))
        self._try("merge", "--no-ff", "--no-edit", *how, "side")

    def _rebase(self) -> None:
        self._aside()
        self._try("rebase", "-q", "-X", self._random.choice(("ours", "theirs")), "side")

    def _cherry_pick(self) -> None:
        self._aside()
        self._try("cherry-pick", "-X", "theirs", "side")
        if self._random.random() < 0.5:
            self._try("merge", "--no-edit", "-X", "ours", "side")

    def _aside(self) -> None:
        """Work on another branch for a while, from here or from before, and here too."""
        start = self._older()
        git(self.root, "checkout", "-q", "-B", "side", start)
        for _ in range(self._random.randint(1, 3)):
            self._random.choice((self._edit, self._add, self._move))()
        git(self.root, "checkout", "-q", "main")
        if self._random.random() < 0.6:
            self._edit()

    def _amend(self) -> None:
        if paths := self.paths():
            self._write(self._random.choice(paths), self._words())
        git(self.root, "add", "-A")
        self._try("commit", "-q", "--amend", "--no-edit")

    def _squash(self) -> None:
        if not run_git(self.root, "rev-parse", "--verify", "--quiet", "HEAD~2").returncode:
            said = git(self.root, "log", "-2", "--reverse", "--format=%(trailers)").split("\n")
            git(self.root, "reset", "-q", "--soft", "HEAD~2")
            self._try("commit", "-q", "-m", "squashed\n\n" + "\n".join(line for line in said if line))

    def _revert(self) -> None:
        self._try("revert", "--no-edit", "-X", "theirs", "HEAD")

    def _go_back(self) -> None:
        git(self.root, "reset", "-q", "--hard", self._older())

    def _mailmap(self) -> None:
        known = self._random.choice((f"{BEN} <benny@old.example>\n", "", f"{ANA} <benny@old.example>\n"))
        write_files(self.root, {".mailmap": known})

    # How

    def _older(self) -> str:
        commits = git(self.root, "rev-list", "--max-count=12", "HEAD").split()
        return self._random.choice(commits)

    def _try(self, *command: str) -> None:
        """Run a command; what it cannot bring to an end is given up."""
        if run_git(self.root, *command, by=self._person(), env=self._clock()).returncode:
            for name in ("merge", "rebase", "cherry-pick", "revert"):
                run_git(self.root, name, "--abort")
            git(self.root, "reset", "-q", "--hard")
            git(self.root, "checkout", "-q", "main")

    def _write(self, path: str, text: str) -> None:
        write_files(self.root, {path: text})

    def _commit(self, subject: str) -> None:
        git(self.root, "add", "-A", ":!.mailmap")
        self._saves += 1
        trailers = [f"Kb-Action: {self._random.choice(_ACTIONS)}", f"Kb-Save-Id: save{self._saves}"]
        if self._random.random() < 0.3:
            trailers = []
        if self._random.random() < 0.2:
            trailers.append(f"Co-authored-by: {self._person()}")
        if self._random.random() < 0.1:
            trailers.append(f"Reviewed-by: {self._person()}")
        message = f"{subject}\n\nKb-Action: confirm\n\n" + "\n".join(trailers)
        run_git(self.root, "commit", "-q", "-m", message, by=self._person(), env=self._clock())

    def _person(self) -> Person:
        return self._random.choice(_PEOPLE)

    def _clock(self) -> dict[str, str]:
        day = self._random.randint(1, 28)
        at = f"20{self._random.randint(10, 40)}-01-{day:02}T00:00:00Z"
        return {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at}

    def _words(self) -> str:
        return "".join(f"{self._word()}\n" for _ in range(6))

    def _word(self) -> str:
        return f"words {self._random.randint(1, 10**6)} of nobody in particular"
