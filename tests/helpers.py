"""What many tests need: a user of their own, plain git, the command line, and a small base written by hand.

Everything is real: real files, real git, real processes. Nothing here knows kbtui's insides
but the names of its doors.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict, Unpack

from kbtui.entry.model import Person
from kbtui.git.repository import Repository
from kbtui.git.runner import GitRunner
from kbtui.knowledge import Knowledge, Wanted
from kbtui.open import OpenBase
from kbtui.paths import places
from kbtui.store.journal import Journal, SaveRecord

CHECKOUT = Path(__file__).resolve().parent.parent
PATIENCE = 120.0
"""Seconds after which something that should have happened is given up; other people use this computer too."""

ANA = Person("Ana Kovacs", "ana@example.com")
BEN = Person("Ben Okoro", "ben@example.com")
LEAD = Person("Lena Lead", "lena@example.com")

REFUND = "refunds/how-long-does-a-refund-take-refund22.md"
PASSWORD = "sign-in/how-do-i-reset-my-password-passwd22.md"
ERROR_CODE = "outages/what-does-err-4012-mean-errcod22.md"
OPEN_QUESTION = "questions/can-i-pay-with-a-voucher-from-another-shop-openqu22.md"
ARCHIVED = "orders/how-do-i-fax-my-order-archiv22.md"

SMALL_BASE: Mapping[str, str] = {
    REFUND: """---
id: refund22
state: not-validated
tags: [refunds, returns]
asked_as:
  - where is my money
owner: Mateo Ruiz
---
# How long does a refund take?

Five working days after your parcel has reached us.

Shall I look where yours is?

## Internal

Look in Admin, Refunds.
""",
    PASSWORD: """---
id: passwd22
state: not-validated
tags: [sign-in]
---
# How do I reset my password?

Choose "Forgot it?" on the sign-in page.
""",
    ERROR_CODE: """---
id: errcod22
state: not-validated
tags: [outages]
---
# What does ERR-4012 mean?

The bank has declined the card.
""",
    OPEN_QUESTION: """---
id: openqu22
state: open
---
# Can I pay with a voucher from another shop?
""",
    ARCHIVED: """---
id: archiv22
state: archived
---
# How do I fax my order?

Nobody faxes a refund or an order any more.
""",
}


def write_files(root: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files below a folder, as an editor does."""
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())


def git(
    folder: Path,
    *arguments: str,
    by: Person = LEAD,
    hooks: bool = False,
    check: bool = True,
    env: Mapping[str, str] | None = None,
    given: bytes | None = None,
) -> str:
    """Run plain git, as a lead does in a terminal; return what it prints.

    Args:
        by: author and committer; the computer has no identity of its own.
        hooks: whether hooks run. They start background processes, so only their own tests want them.
    """
    return (
        run_git(folder, *arguments, by=by, hooks=hooks, check=check, env=env, given=given)
        .stdout.decode("utf-8", "surrogateescape")
        .removesuffix("\n")
    )


def run_git(
    folder: Path,
    *arguments: str,
    by: Person = LEAD,
    hooks: bool = False,
    check: bool = False,
    env: Mapping[str, str] | None = None,
    given: bytes | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run plain git and return everything it came to."""
    names = {"GIT_AUTHOR_NAME": by.name, "GIT_AUTHOR_EMAIL": by.email}
    names |= {"GIT_COMMITTER_NAME": by.name, "GIT_COMMITTER_EMAIL": by.email, "GIT_EDITOR": ":"}
    settings = [] if hooks else ["-c", "core.hooksPath=/dev/null"]
    ended = subprocess.run(
        ["git", *settings, *arguments],
        cwd=folder,
        env=os.environ | names | dict(env or {}),
        input=given,
        stdin=subprocess.DEVNULL if given is None else None,
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    if check and ended.returncode:
        raise AssertionError(f"git {' '.join(arguments)}: {ended.returncode}\n{ended.stderr.decode(errors='replace')}")
    return ended


def status(folder: Path) -> str:
    """Return what `git status --porcelain` says: nothing where everything is in the history."""
    return git(folder, "status", "--porcelain", "--untracked-files=all")


def in_head(folder: Path, path: str) -> bytes | None:
    """Return the bytes of a file as HEAD has them, asked of plain git; None where it has none."""
    ended = run_git(folder, "cat-file", "blob", f"HEAD:{path}")
    return ended.stdout if ended.returncode == 0 else None


def save_ids(folder: Path) -> list[str]:
    """Return the save ids of all commits of all branches, with repetitions."""
    text = git(folder, "log", "--all", "--format=%(trailers:key=Kb-Save-Id,valueonly)")
    return [line for line in text.splitlines() if line]


def commits(folder: Path) -> int:
    """Return the number of commits that HEAD has."""
    return int(git(folder, "rev-list", "--count", "HEAD"))


@dataclass(frozen=True)
class Ran:
    """What one run of the command line came to."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """What it printed, which must be one JSON object."""
        values: dict[str, Any] = json.loads(self.out)
        return values


def run_kbtui(
    *arguments: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str | None] | None = None,
    input: str | bytes = b"",  # noqa: A002 - the name that subprocess uses
    timeout: float = PATIENCE,
) -> Ran:
    """Run `python -m kbtui` in a process of its own.

    Args:
        cwd: the current folder; the user's home otherwise.
        env: variables beside those of the test; None removes one.
        input: what stands on standard input.
    """
    ended = subprocess.run(
        [sys.executable, "-m", "kbtui", *map(str, arguments)],
        cwd=cwd or Path.home(),
        env=environment(env),
        input=input.encode() if isinstance(input, str) else input,
        capture_output=True,
        check=False,
        timeout=timeout,
    )
    return Ran(ended.returncode, ended.stdout.decode("utf-8", "replace"), ended.stderr.decode("utf-8", "replace"))


def environment(changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """Return the test's environment with some variables changed; None removes one."""
    changed = os.environ | dict(changes or {})
    return {name: value for name, value in changed.items() if value is not None}


def start_python(*arguments: str, env: Mapping[str, str | None] | None = None) -> subprocess.Popen[bytes]:
    """Start this Python in a process of its own; its output is kept."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        env=environment(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def run_python(*arguments: str, env: Mapping[str, str | None] | None = None) -> subprocess.CompletedProcess[str]:
    """Run this Python to its end."""
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def parts_of(root: Path, env: Mapping[str, str | None] | None = None) -> OpenBase:
    """Return the parts of a base, for the user of this test; their files are let go of after it."""
    values = environment(env)
    parts = OpenBase(root, values, places(values))
    _TAKEN_APART.append(parts)
    return parts


_TAKEN_APART: list[OpenBase] = []


def let_go() -> None:
    """Let go of the files of all parts that a test has asked for."""
    while _TAKEN_APART:
        _TAKEN_APART.pop().close()


@contextmanager
def opened(root: Path, env: Mapping[str, str | None] | None = None) -> Iterator[Knowledge]:
    """Open a base, bring its search up to date, and let go of its files afterwards."""
    with closing(Knowledge(parts_of(root, env))) as knowledge:
        knowledge.refresh()
        yield knowledge


def repository_of(folder: Path, env: Mapping[str, str | None] | None = None) -> Repository:
    """Return the repository in which a folder lies."""
    return Repository(folder, GitRunner(folder, environment(env)))


def journal_of(root: Path) -> Journal:
    """Return the save journal of a base, for the user of this test."""
    return Journal(parts_of(root).state / "journal")


class SaveValues(TypedDict, total=False):
    """What may be said of a save besides its path and its bytes."""

    save_id: str
    sequence: int
    action: str
    entry_id: str
    person: Person


def record(path: str, content: bytes, base: bytes | None = None, **values: Unpack[SaveValues]) -> SaveRecord:
    """Return a save of Ana's."""
    return SaveRecord(
        save_id=values.get("save_id", f"save{time.monotonic_ns()}"),
        sequence=values.get("sequence", time.time_ns()),
        action=values.get("action", "new" if base is None else "edit"),
        entry_id=values.get("entry_id", "entry234"),
        path=path,
        base=base,
        content=content,
        person=values.get("person", ANA),
    )


def found(knowledge: Knowledge, text: str, limit: int = 50) -> list[str]:
    """Return the paths that a search finds, best first."""
    result = knowledge.search(text, Wanted(limit=limit))
    assert result is not None
    return [hit.card.path for hit in result.hits]


def eventually(is_so: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Wait for something that happens in the background."""
    give_up = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < give_up, f"still not so after {seconds:.0f} seconds: {what}"
        time.sleep(0.05)


def running(words: str, program: str) -> bool:
    """Whether a program runs now whose command names some words, as Linux and macOS list it."""
    listed = subprocess.run(["ps", "-A", "-ww", "-o", "args="], capture_output=True, check=True).stdout
    return any(words in line and line.startswith(program) for line in listed.decode("utf-8", "replace").splitlines())


_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def harmless(text: str) -> bool:
    """Whether a terminal is given no control character, no bidirectional override and nothing invisible."""
    return _HARMFUL.search(text) is None


def leftovers(folder: Path) -> Sequence[str]:
    """Return the names of temporary files below a folder."""
    return [path.name for path in folder.rglob(".kbtui-*") if ".git" not in path.parts]
