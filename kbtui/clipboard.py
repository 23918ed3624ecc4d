"""Putting text into the clipboard: by the computer's own tool, else through the terminal (F21).

A terminal takes text by an escape sequence, OSC 52, and never says whether it did; macOS
Terminal ignores it. So the computer's own tool comes first, except over ssh, where it
would fill the clipboard of the far computer.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

_SECONDS = 2.0
_LONGEST_OSC52 = 74_994
"""Bytes that a sequence may hold: xterm's limit of 100,000 characters, in base64."""

_WAYLAND = ("wl-copy",)
_X11 = (("xclip", "-selection", "clipboard"), ("xsel", "--clipboard", "--input"))


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of a copy.

    Attributes:
        words: the sentence the person sees.
        sequence: what has to be written to the terminal, where that is the way.
        is_certain: whether the text is known to be in the clipboard.
    """

    words: str
    sequence: str = ""
    is_certain: bool = True


def copy(text: str, environment: Mapping[str, str], platform: str = sys.platform) -> Copied:
    """Put text into the clipboard, or return what the terminal has to be told. May wait two seconds for a tool.

    Args:
        text: what is copied.
        environment: the user's environment; it tells which desktop there is, and whether it is near.
        platform: as `sys.platform`.
    """
    for command in _tools(environment, platform):
        if shutil.which(command[0], path=environment.get("PATH")) and _runs(command, text, environment):
            return Copied(f"Copied ({command[0].removesuffix('.exe')})")
    if environment.get("TERM_PROGRAM") == "Apple_Terminal":
        return Copied("Not copied: this terminal cannot take it. Mark the text with the mouse.", is_certain=False)
    if len(text.encode()) > _LONGEST_OSC52:
        return Copied("Not copied: too long for the terminal. Mark the text with the mouse.", is_certain=False)
    return Copied("Copied through the terminal, if it allows that", _osc52(text, environment), is_certain=False)


def _tools(environment: Mapping[str, str], platform: str) -> list[tuple[str, ...]]:
    """Return the commands that fill the clipboard of the computer the person sits at, the likeliest first."""
    if environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"):
        return []
    if platform == "darwin":
        return [("pbcopy",)]
    if platform == "win32" or environment.get("WSL_DISTRO_NAME"):
        return [("clip.exe",)]
    wayland = [_WAYLAND] if environment.get("WAYLAND_DISPLAY") else []
    return [*wayland, *(_X11 if environment.get("DISPLAY") else ())]


def _runs(command: tuple[str, ...], text: str, environment: Mapping[str, str]) -> bool:
    """Whether a tool has taken the text. It may stay in the background to hand it out, so nothing of it is read."""
    encoded = text.encode("utf-16-le" if command[0] == "clip.exe" else "utf-8", "replace")
    try:
        ended = subprocess.run(
            command,
            input=encoded,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
            env=dict(environment),
            start_new_session=True,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return ended.returncode == 0


def _osc52(text: str, environment: Mapping[str, str]) -> str:
    """Return the sequence for the terminal; tmux and screen have to be told to hand it on."""
    sequence = f"\x1b]52;c;{base64.b64encode(text.encode('utf-8', 'replace')).decode()}\a"
    if environment.get("TMUX"):
        return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environment.get("TERM", "").startswith("screen"):
        return f"\x1bP{sequence}\x1b\\"
    return sequence
