"""Opening a text in the person's own editor ($VISUAL, $EDITOR), the one program besides git that kbtui starts."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from kbtui.errors import RefusedError


def edited(text: bytes, environment: Mapping[str, str], name: str = "entry.md") -> bytes:
    """Return the text as the person left it in their editor.

    Raises:
        RefusedError: there is no editor, or it ended with an error; the text is unchanged.
    """
    command = editor_command(environment)
    with tempfile.TemporaryDirectory(prefix="kbtui-") as folder:
        file = Path(folder) / name
        file.write_bytes(text)
        try:
            ended = subprocess.run([*command, str(file)], check=False)
        except OSError as error:
            raise RefusedError(
                f"The editor {command[0]!r} cannot be started.", "Set EDITOR to one that is installed."
            ) from error
        if ended.returncode != 0:
            raise RefusedError("The editor ended with an error; nothing was changed.", "Try again.")
        return file.read_bytes()


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
