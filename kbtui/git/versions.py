"""Files as commits have them, many in one look."""

from __future__ import annotations

from collections.abc import Iterable

from kbtui.errors import GitTroubleError
from kbtui.git.repository import Repository
from kbtui.git.runner import LONG

_LARGEST = 1024 * 1024
"""Bytes of a version that is read; an entry is one screen, so a larger file is none."""


def sources(repository: Repository, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
    """Return files by commit and path below git's top folder; what is not there, or too large, is left out.

    Raises:
        GitTroubleError: git cannot read them.
    """
    asked = [each for each in dict.fromkeys(wanted) if "\n" not in each[1]]
    found: dict[tuple[str, str], bytes] = {}
    if not asked:
        return found
    lines = "".join(f"{commit}:{path}\n" for commit, path in asked).encode("utf-8", "surrogateescape")
    answered = repository.runner.run("cat-file", "--batch", given=lines, deadline=LONG)
    if not answered.is_ok:
        raise GitTroubleError("The history cannot be read.", "Run `kbtui doctor`.", answered.complaint)
    data, place = answered.output, 0
    for each in asked:
        end = data.index(b"\n", place)
        head, place = data[place:end], end + 1
        if head.endswith((b" missing", b" ambiguous")):
            continue
        _, kind, size = head.rsplit(b" ", 2)
        if kind == b"blob" and int(size) <= _LARGEST:
            found[each] = data[place : place + int(size)]
        place += int(size) + 1
    return found
