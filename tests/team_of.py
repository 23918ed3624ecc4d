"""A team for tests: a remote that is real, and people who each have a clone, a home and a name of their own."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kbtui.entry import file_format
from kbtui.entry.model import EntryChange, NewEntry, Person
from kbtui.git.outcome import Options, Synced
from kbtui.git.sync import Syncer
from kbtui.knowledge import Knowledge
from kbtui.open import OpenBase
from kbtui.verbs.sharing import Shared
from tests.helpers import git, parts_of, status

MARKER = re.compile(r"(?m)^(<{7}|>{7})")


@dataclass
class Member:
    """Somebody with a clone."""

    person: Person
    root: Path
    home: Path
    env: dict[str, str | None] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str | None]:
        return {"KBTUI_PERSON": str(self.person), "KBTUI_HOME": str(self.home), **self.env}

    def parts(self) -> OpenBase:
        return parts_of(self.root, self.environment)

    @contextmanager
    def opened(self) -> Iterator[Knowledge]:
        knowledge = Knowledge(self.parts())
        try:
            yield knowledge
        finally:
            knowledge.close()

    def sync(self, *, may_delete: bool = False) -> Shared:
        with self.opened() as knowledge:
            return knowledge.sync(may_delete=may_delete)

    def raw_sync(self, checkpoint: object = None, patience: float = 60.0) -> Synced:
        """Sync as the facade does, with a look at what the layer below says."""
        parts = self.parts()
        steps = checkpoint if callable(checkpoint) else lambda _: None
        syncer = Syncer(parts.repository, parts.files, self.person, lambda _: None, steps)
        return syncer.sync(Options(parts.inbox(), patience=patience))

    def ask(self, question: str, answer: str = "") -> str:
        with self.opened() as knowledge:
            saved = knowledge.new(NewEntry(question, answer=answer))
            return saved.entry.path

    def change(self, path: str, wanted: EntryChange) -> None:
        with self.opened() as knowledge:
            knowledge.change(path, wanted, (self.root / path).read_bytes())

    def commit(self, message: str = "by hand") -> None:
        """Commit all, as a lead does with plain git."""
        git(self.root, "add", "-A")
        git(self.root, "commit", "-q", "-m", message, by=self.person)

    def head(self) -> str:
        return git(self.root, "rev-parse", "HEAD")

    def tree(self) -> str:
        return git(self.root, "rev-parse", "HEAD^{tree}")

    def has(self, words: str) -> bool:
        """Whether a line stands in an entry file of the folder."""
        return any(words in path.read_text("utf-8", "replace") for path in entries(self.root))


def entries(root: Path) -> list[Path]:
    return [path for path in root.rglob("*.md") if ".git" not in path.parts]


def in_order(root: Path) -> None:
    """Assert what holds of every base after a sync: nothing unclean, no markers, everything parses."""
    assert status(root) == ""
    for path in entries(root):
        text = path.read_text("utf-8")
        assert not MARKER.search(text), path
        assert file_format.read(path.relative_to(root).as_posix(), text.encode()).readable, path


def remote_of(base: Path, place: Path) -> Path:
    """Make a bare remote and share a base with it as a lead does; return its folder."""
    git(place.parent, "init", "-q", "--bare", "-b", "main", str(place))
    git(base, "remote", "add", "origin", str(place))
    git(base, "push", "-q", "origin", "HEAD:refs/heads/main")
    return place


def member(
    person: Person, top: Path, url: str | Path, env: Mapping[str, str | None] | None = None, *flags: str
) -> Member:
    """Return somebody who has cloned a remote."""
    name = person.name.split()[0].lower()
    root = top / name
    git(top, "clone", "-q", *flags, str(url), str(root))
    return Member(person, root, top / f"home-{name}", dict(env or {}))


def protect(remote: Path) -> None:
    """Let nobody push to main, as a host does with a protected branch."""
    hook = remote / "hooks" / "pre-receive"
    hook.write_text(
        '#!/bin/sh\nwhile read -r old new ref; do\n  [ "$ref" = refs/heads/main ] && '
        'echo "GH006: Protected branch update failed" >&2 && exit 1\ndone\nexit 0\n'
    )
    hook.chmod(0o755)


def unprotect(remote: Path) -> None:
    (remote / "hooks" / "pre-receive").unlink()


def copy_of(one: Member, top: Path, person: Person) -> Member:
    """Return somebody whose clone is a copy of somebody else's, as it is now."""
    name = person.name.split()[0].lower()
    shutil.copytree(one.root, top / name)
    return Member(person, top / name, top / f"home-{name}")


class KilledError(BaseException):
    """What a process is to itself when it is killed."""


def killed_at(who: Member, wanted: str) -> None:
    """Let a sync of somebody's be killed at a step."""

    def end(step: str) -> None:
        if step == wanted:
            raise KilledError

    with pytest.raises(KilledError):
        who.raw_sync(end)
