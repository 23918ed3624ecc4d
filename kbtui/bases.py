"""Which base is meant: the one that was named, or the one somebody stands in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from kbtui import config
from kbtui.entry.text import clipped, one_line
from kbtui.errors import NoBaseError
from kbtui.paths import places


def current_folder() -> Path:
    """Return the folder this process stands in; a folder that has been removed is as good as none."""
    try:
        return Path.cwd()
    except OSError:
        return Path(os.sep).resolve()


def find_base(given: str, environment: Mapping[str, str], current: Path) -> Path:
    """Return the folder of the base to open.

    In this order: `given` (typed after --kb), KBTUI_KB, the current folder and the ones
    above it, the base named in config.toml.

    Raises:
        NoBaseError: none of these names a knowledge base.
    """
    for source, value in (("--kb", given), ("KBTUI_KB", environment.get("KBTUI_KB", ""))):
        if value:
            return _named(value, source)
    if found := config.find_root(current):
        return found
    usual = config.read_user(places(environment).config_file).base
    if usual:
        return _named(usual, "config.toml")
    raise NoBaseError(
        "There is no knowledge base here.",
        "Try `kbtui demo`, make one with `kbtui init DIR`, or say where yours is with --kb DIR.",
    )


def _named(value: str, source: str) -> Path:
    shown = clipped(one_line(value), 200)
    try:
        folder = Path(value).expanduser()
        for root in (folder, folder / config.USUAL_SUBFOLDER):
            if (root / config.BASE_FILE).is_file():
                return root.resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise NoBaseError(f"{shown} (from {source}) is no folder.", "Name the folder of a knowledge base.") from error
    raise NoBaseError(
        f"{shown} (from {source}) is no knowledge base: it has no kb.toml.", f'Make it one with: kbtui init "{shown}"'
    )
