"""Which state folder belongs to a base, wherever the base is moved to on the disk.

What a base keeps beside git (drafts, saves that wait) stands in the user's state folder,
under a name. The name is made from the base's path when the base is first used, and is
then written into git's folder, which moves along with it. A copy of a base has the same
note, but its original is still there: then the copy gets a name of its own.

Nothing here runs git: a window must be on the screen before git is asked anything.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from itertools import count
from pathlib import Path

from kbtui.errors import NotSavedError
from kbtui.store import atomic

_NOTE = "state"
_OWNER = "base"
"""In a state folder: the path of the base whose it is."""


def state_name(root: Path, states: Path) -> str:
    """Return the name of a base's state folder below `states`. Writes nothing."""
    own = root.resolve()
    name, noted = _noted(own)
    if name and (noted == own or not _has(noted, name)):
        return name
    wished = _wished(own)
    names = (wished if number == 1 else f"{wished}-{number}" for number in count(1))
    return next(name for name in names if not _is_somebody_else_s(states / name, name, own))


def settle(root: Path, states: Path) -> None:
    """Write down where a base lives and which state folder is its own, unless that stands there already.

    A git folder that cannot be written is left as it is; the name is then made from the path each time.
    """
    own = root.resolve()
    name = state_name(root, states)
    note = _note_of(own)
    if note is None or (_noted(own) == (name, own) and _text(states / name / _OWNER) == str(own)):
        return
    with suppress(NotSavedError):
        atomic.write(note, f"{name}\n{own}\n".encode("utf-8", "surrogateescape"))
        atomic.write(states / name / _OWNER, str(own).encode("utf-8", "surrogateescape"))


def _wished(own: Path) -> str:
    """Return a name that says which base it is and differs between two clones."""
    readable = "".join(c if c.isascii() and c.isalnum() else "-" for c in own.name)[:40]
    return f"{readable}-{_digest(str(own))}"


def _is_somebody_else_s(folder: Path, name: str, own: Path) -> bool:
    owner = _text(folder / _OWNER)
    return bool(owner) and Path(owner) != own and _has(Path(owner), name)


def _has(root: Path, name: str) -> bool:
    """Whether there is a base in that folder which goes by this name."""
    return _noted(root)[0] == name


def _noted(root: Path) -> tuple[str, Path]:
    """Return the name in a base's note, and where the base was when it was written."""
    note = _note_of(root)
    lines = _text(note).split("\n") if note else []
    is_whole = len(lines) >= 2 and re.fullmatch(r"[A-Za-z0-9-]+", lines[0])
    return (lines[0], Path(lines[1])) if is_whole else ("", root)


def _note_of(root: Path) -> Path | None:
    """Return the place of a base's note in git's folder, or None where git keeps nothing of it."""
    for folder in (root, *root.parents):
        git = _git_folder(folder / ".git")
        if git is not None:
            below = root.relative_to(folder).as_posix()
            return git / "kbtui" / (_NOTE if below == "." else f"{_NOTE}-{_digest(below)}")
    return None


def _git_folder(place: Path) -> Path | None:
    """Return git's folder; `.git` is a file in a linked work tree and in a submodule.

    https://git-scm.com/docs/gitrepository-layout
    """
    if place.is_dir():
        return place
    text = _text(place)
    return place.parent / text.removeprefix("gitdir:").strip() if text.startswith("gitdir:") else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:10]


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8", "surrogateescape")
    except OSError:
        return ""
