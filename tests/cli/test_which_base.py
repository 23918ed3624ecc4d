"""Which knowledge base a command speaks of: --kb, KBTUI_KB, the current folder, the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui.errors import ExitCode
from kbtui.paths import places
from tests.helpers import environment, git, run_kbtui, write_files


@pytest.fixture
def bases(tmp_path: Path) -> Path:
    """Make bases with one entry each, named like their folder."""
    for name in ("given", "environment", "here", "usual"):
        root = tmp_path / name
        write_files(root, {"kb.toml": "", "a.md": f"# I am {name}\n"})
        git(root, "init", "-q")
    file = places(environment()).config_file
    write_files(file.parent, {file.name: f'base = "{tmp_path / "usual"}"\n'})
    return tmp_path


def test_the_order(bases: Path) -> None:
    """F57: what is typed, before or after the command, beats the environment, the folder and the settings."""
    env = {"KBTUI_KB": str(bases / "environment")}
    here = bases / "here"

    def answer(*arguments: str | Path, **how: object) -> str:
        ran = run_kbtui(*arguments, **how)  # type: ignore[arg-type]
        assert ran.status == 0, ran.err
        return ran.out.splitlines()[0]

    assert "I am given" in answer("--kb", bases / "given", "search", "am", cwd=here, env=env)
    assert "I am given" in answer("search", "am", "--kb", bases / "given", cwd=here, env=env)
    assert "I am given" in answer("--kb", bases / "usual", "search", "--kb", bases / "given", "am", cwd=here, env=env)
    assert "I am given" in answer("search", "am", "--kb", "../given", cwd=here, env=env)
    assert "I am given" in answer(f"--kb={bases / 'given'}", "list", cwd=here, env=env)
    assert "I am environment" in answer("search", "am", cwd=here, env=env)
    assert "I am here" in answer("search", "am", cwd=here)
    (here / "below" / "it").mkdir(parents=True)
    assert "I am here" in answer("search", "am", cwd=here / "below" / "it")
    assert "I am usual" in answer("search", "am", cwd=bases)


def test_no_base_at_all(tmp_path: Path) -> None:
    ran = run_kbtui("search", "x", cwd=tmp_path)
    assert (ran.status, ran.out) == (ExitCode.NO_BASE, "")
    assert "There is no knowledge base here." in ran.err
    assert "kbtui demo" in ran.err


@pytest.mark.parametrize("value", ["/no/such", "~no-such-user/x", "x" * 5000, "\x1b[2Jx"])
def test_a_base_that_is_not_there(tmp_path: Path, value: str) -> None:
    ran = run_kbtui("search", "x", "--kb", value, cwd=tmp_path)
    assert ran.status == ExitCode.NO_BASE, ran.err
    assert "--kb" in ran.err
    assert "Traceback" not in ran.err
    assert "\x1b" not in ran.err


def test_a_folder_that_was_removed_while_one_stood_in_it(base: Path, tmp_path: Path) -> None:
    """The shell's current folder may be gone, after a `git checkout` of a lead for instance."""
    import shlex
    import subprocess
    import sys

    (tmp_path / "gone").mkdir()
    command = f'cd {shlex.quote(str(tmp_path / "gone"))} && rmdir ../gone && exec "$0" -m kbtui --kb "$1" search refund'
    ended = subprocess.run(
        ["sh", "-c", command, sys.executable, str(base)], capture_output=True, text=True, check=False, timeout=100
    )
    assert "/kbtui/" not in ended.stderr, "what Python itself says of such a folder is not ours"
    assert ended.returncode in (0, ExitCode.NO_BASE)


def test_a_base_without_history_can_be_searched_but_says_why_nothing_can_be_saved(tmp_path: Path) -> None:
    write_files(tmp_path / "kb", {"kb.toml": "", "a.md": "# Words?\n"})
    ran = run_kbtui("ask", "x y z", "--kb", tmp_path / "kb", env={"KBTUI_PERSON": "Ana"})
    assert ran.status == ExitCode.NO_BASE
    assert "kbtui init" in ran.err
    assert "Traceback" not in ran.err
