"""The meeting pack as files (F47): never over somebody's other file, never among the entries of a base."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from kbtui.errors import RefusedError
from kbtui.store import atomic
from kbtui.team.meeting import Pack
from kbtui.team.meeting_html import html
from kbtui.team.meeting_markdown import markdown

FORMS: tuple[tuple[str, Callable[[Pack], str]], ...] = ((".html", html), (".md", markdown))


def require_place(file: Path, base: Path) -> None:
    """Refuse to write where there is no folder, over a folder, or into the files of a base.

    Raises:
        RefusedError: with the reason.
    """
    target = file.absolute().resolve()
    if target.is_dir():
        raise RefusedError(f"{file} is a folder.", "Name a file.")
    if not target.parent.is_dir():
        raise RefusedError(f"There is no folder {file.parent}.", "Make it first, or name another place.")
    below = target.relative_to(base.resolve()) if target.is_relative_to(base.resolve()) else None
    if below and (target.suffix != ".html" or any(part.startswith(".") for part in below.parts)):
        raise RefusedError(f"{file} lies in the knowledge base itself.", "Name a file outside it.")


def write(file: Path, text: str) -> Path:
    """Write a form of the pack to a file that was named.

    Raises:
        NotSavedError: the disk did not take it.
    """
    atomic.write(file.absolute(), _bytes(text))
    return file


def write_both(pack: Pack, folder: Path, base: Path) -> list[Path]:
    """Write both forms into a folder, under the name of the days; return the files, the page first.

    Files of that name that say something else, such as a pack somebody has written into, stay: the
    next name that is free is taken. The same pack is written once.

    Raises:
        RefusedError: there is no such folder, or it is the base's.
        NotSavedError: the disk did not take it.
    """
    folder = _at_home(folder)
    texts = [(suffix, _bytes(form(pack))) for suffix, form in FORMS]
    for stem in _stems(pack):
        files = [(folder / f"{stem}{suffix}", data) for suffix, data in texts]
        for file, _ in files:
            require_place(file, base)
        if all(_is_free(file, data) for file, data in files):
            for file, data in files:
                atomic.write(file.absolute(), data)
            return [file.absolute() for file, _ in files]
    raise AssertionError("numbers do not end")


def _at_home(folder: Path) -> Path:
    """Return a folder, "~" being the person's own; one of somebody nobody knows stays as it is."""
    try:
        return folder.expanduser()
    except RuntimeError:
        return folder


def _is_free(file: Path, data: bytes) -> bool:
    """Whether nothing is lost when the bytes are written there."""
    try:
        return file.read_bytes() == data
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _stems(pack: Pack) -> Iterator[str]:
    days = f"meeting-{pack.period.first.isoformat()}-to-{pack.period.last.isoformat()}"
    yield days
    yield from (f"{days}-{number}" for number in count(2))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
