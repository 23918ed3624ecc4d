"""Opening a text in the person's own editor ($VISUAL, $EDITOR), the one program besides git that kbtui starts."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from kbtui.errors import RefusedError


def edited(text: bytes, environment: Mapping[str, str], name: str = "entry.md") -> bytes:
    """Return the text as the person left it in their editor.

    Raises:
        RefusedError: there is no editor, it ended with an error, or its file cannot be written or read; the text
            is unchanged.
    """
    command = editor_command(environment)
    try:
        with tempfile.TemporaryDirectory(prefix="kbtui-") as folder:
            file = Path(folder) / name
            file.write_bytes(text)
            _run([*command, str(file)])
            return file.read_bytes()
    except OSError as error:
        raise RefusedError(
            f"The editor's file cannot be written or read ({error.strerror}); nothing was changed.", "Try again."
        ) from error


def _run(command: Sequence[str]) -> None:
    try:
        ended = subprocess.run(command, check=False)
    except OSError as error:
        raise RefusedError(
            f"The editor {command[0]!r} cannot be started.", "Set EDITOR to one that is installed."
        ) from error
    if ended.returncode != 0:
        raise RefusedError("The editor ended with an error; nothing was changed.", "Try again.")


def editor_command(environment: Mapping[str, str]) -> list[str]:
    """Return the editor's command line.

    Raises:
        RefusedError: it cannot be understood.
    """
    text = environment.get("VISUAL") or environment.get("EDITOR") or ("notepad" if os.name == "nt" else "vi")
    try:
        command = shlex.split(text, posix=os.name != "nt")
    except ValueError as error:
        raise RefusedError(f"EDITOR is {text!r}, which is no command.", "Mend that setting.") from error
    return command or ["vi"]
