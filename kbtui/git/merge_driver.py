"""Telling a lead's plain git to merge entries value by value, as kbtui's own sync does.

Comfort only: kbtui's sync never asks a merge driver or an attribute (FAULTS 77). The driver
stands in this clone's own settings and in `info/attributes` below git's folder, never in the
tree that is shared. Whatever goes wrong in it, git's usual text merge takes its place.
https://git-scm.com/docs/gitattributes#_defining_a_custom_merge_driver
"""

from __future__ import annotations

import re
from pathlib import Path

from kbtui.git.repository import Repository
from kbtui.store import atomic

MARKED = 5
"""Exit code of a driver that has left conflict markers for a person, as git's own merge does."""

_NAME = "kbtui: entries value by value"
_DRIVER = (
    '"$(git config --get kbtui.python)" -P -m kbtui hook merge-driver --kb "$(git config --get kbtui.base || echo .)"'
    " %O %A %B %P </dev/null; found=$?; [ $found -eq 0 ] && exit 0; "
    f"[ $found -eq {MARKED} ] && exit 1; "
    'exec git merge-file -L ours -L "what both had" -L theirs %A %O %B'
)
_BEGIN = "# kbtui: plain git merges entries value by value; `kbtui hooks remove` takes these lines out"
_END = "# kbtui: end"
_BLOCK = re.compile(rf"(?ms)^{re.escape(_BEGIN)}$.*?^{re.escape(_END)}\n?")


def is_live(repository: Repository) -> bool:
    """Whether plain git merges entries value by value in this clone."""
    known = repository.runner.run("config", "--local", "--get", "merge.kbtui.driver").text
    return known == _DRIVER and _lines(repository) in _text(_attributes(repository))


def install(repository: Repository) -> None:
    """Put the driver into this clone's settings; what else stands in its attributes stays.

    Raises:
        NotSavedError: git's folder does not let kbtui write.
    """
    for key, value in (("merge.kbtui.name", _NAME), ("merge.kbtui.driver", _DRIVER)):
        repository.runner.run("config", "--local", key, value, writes=True)
    place = _attributes(repository)
    others = _BLOCK.sub("", _text(place))
    gap = "" if not others or others.endswith("\n") else "\n"
    atomic.write(place, f"{others}{gap}{_lines(repository)}".encode("utf-8", "surrogateescape"))


def remove(repository: Repository) -> None:
    """Take the driver out.

    Raises:
        NotSavedError: git's folder does not let kbtui write.
    """
    repository.runner.run("config", "--local", "--remove-section", "merge.kbtui", writes=True)
    place = _attributes(repository)
    text = _text(place)
    others = _BLOCK.sub("", text)
    if others != text:
        atomic.write(place, others.encode("utf-8", "surrogateescape"))


def _lines(repository: Repository) -> str:
    pattern = re.sub(r"([\\*?\[\]])", r"\\\1", repository.layout.prefix)
    pattern = f"/{pattern}**/*.md" if pattern else "*.md"
    quoted = (
        '"' + pattern.replace("\\", "\\\\").replace('"', '\\"') + '"' if re.search(r'[\s"\\]', pattern) else pattern
    )
    return f"{_BEGIN}\n{quoted} merge=kbtui\n{_END}\n"


def _attributes(repository: Repository) -> Path:
    return repository.layout.common / "info" / "attributes"


def _text(place: Path) -> str:
    try:
        return place.read_bytes().decode("utf-8", "surrogateescape")
    except OSError:
        return ""
