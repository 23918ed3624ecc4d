"""The clipboard: which way a text takes, with real commands that write down what they are given."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from kbtui.clipboard import copy

TEXT = "Five working days – “soon”."


@pytest.fixture
def tool(tmp_path: Path) -> Path:
    """Return a folder for commands; each keeps what it is given beside itself."""
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def _make(folder: Path, name: str, script: str = 'cat > "$0.got"') -> None:
    command = folder / name
    command.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n")
    command.chmod(0o755)


@pytest.mark.parametrize(
    ("name", "platform", "more"),
    [
        ("pbcopy", "darwin", {}),
        ("wl-copy", "linux", {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}),
        ("xclip", "linux", {"DISPLAY": ":0"}),
        ("xsel", "linux", {"DISPLAY": ":0"}),
    ],
)
def test_the_tool_of_the_desktop_takes_it(tool: Path, name: str, platform: str, more: dict[str, str]) -> None:
    _make(tool, name)
    copied = copy(TEXT, {"PATH": str(tool), **more}, platform)
    assert (copied.words, copied.sequence, copied.is_certain) == (f"Copied ({name})", "", True)
    assert (tool / f"{name}.got").read_text("utf-8") == TEXT


def test_windows_gets_the_encoding_its_tool_reads(tool: Path) -> None:
    _make(tool, "clip.exe")
    assert copy(TEXT, {"PATH": str(tool), "WSL_DISTRO_NAME": "Debian"}, "linux").words == "Copied (clip)"
    assert (tool / "clip.exe.got").read_bytes().decode("utf-16-le") == TEXT


@pytest.mark.parametrize("script", ["exit 1", "sleep 30"])
def test_a_tool_that_fails_or_hangs_leaves_it_to_the_terminal(
    tool: Path, script: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kbtui.clipboard._SECONDS", 0.3)
    _make(tool, "xclip", script)
    copied = copy(TEXT, {"PATH": str(tool), "DISPLAY": ":0"}, "linux")
    assert _in(copied.sequence) == TEXT
    assert not copied.is_certain
    assert "if it allows that" in copied.words


def test_over_ssh_the_far_clipboard_is_left_alone(tool: Path) -> None:
    _make(tool, "xclip")
    near = {"PATH": str(tool), "DISPLAY": ":0", "SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22"}
    assert _in(copy(TEXT, near, "linux").sequence) == TEXT
    assert not (tool / "xclip.got").exists()


def test_tmux_and_screen_are_told_to_hand_it_on() -> None:
    in_tmux = copy(TEXT, {"TMUX": "/tmp/tmux-0/default,1,0"}, "linux").sequence
    assert in_tmux.startswith("\x1bPtmux;\x1b\x1b]52;c;")
    assert in_tmux.endswith("\x1b\\")
    assert _in(in_tmux) == TEXT
    assert copy(TEXT, {"TERM": "screen-256color"}, "linux").sequence.startswith("\x1bP\x1b]52;c;")


@pytest.mark.parametrize(
    ("text", "more", "reason"),
    [(TEXT, {"TERM_PROGRAM": "Apple_Terminal"}, "cannot take it"), ("x" * 80_000, {}, "too long")],
)
def test_it_says_when_it_cannot(text: str, more: dict[str, str], reason: str) -> None:
    copied = copy(text, more, "darwin")
    assert copied.words.startswith("Not copied:")
    assert reason in copied.words
    assert copied.sequence == ""


def _in(sequence: str) -> str:
    found = re.search(r"\]52;c;([A-Za-z0-9+/=]+)\a", sequence)
    return base64.b64decode(found[1]).decode() if found else ""
