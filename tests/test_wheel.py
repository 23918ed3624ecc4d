"""The wheel, installed where there is no checkout, brings everything that demo and init need."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

_TOP = Path(__file__).resolve().parents[1]
_HOOKS = {"post-commit", "post-merge", "post-checkout", "post-rewrite", "pre-commit"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy, so that nothing is left in the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w"]
    subprocess.run([*command, str(folder), str(_TOP)], check=True, capture_output=True)
    return next(folder.glob("kbtui-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel alone into an empty environment; return its Python."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    scripts = "Scripts" if os.name == "nt" else "bin"
    python = folder / scripts / ("python.exe" if os.name == "nt" else "python")
    target = subprocess.check_output(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    )
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target.strip())
    return python


def _run(python: Path, tmp_path: Path, *arguments: str) -> str:
    """Run the installed kbtui with the libraries of this environment, but not with this checkout."""
    environment = os.environ | {"PYTHONPATH": sysconfig.get_path("purelib"), "KBTUI_HOME": str(tmp_path / "home")}
    ended = subprocess.run(
        [python, "-m", "kbtui", *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_the_wheel_holds_the_starter_base_and_the_hooks(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"kbtui/_hooks/{name}" for name in _HOOKS} <= names
    assert sum(name.startswith("kbtui/_starter/") and name.endswith(".md") for name in names) > 60
    assert {"kbtui/_starter/kb.toml", "kbtui/tui/kbtui.tcss"} <= names


def test_the_installed_wheel_is_what_runs(installed: Path, tmp_path: Path) -> None:
    _run(installed, tmp_path, "--version")
    code = "import kbtui; print(kbtui.__file__)"
    environment = os.environ | {"PYTHONPATH": sysconfig.get_path("purelib")}
    where = subprocess.check_output([installed, "-c", code], env=environment, cwd=tmp_path, text=True)
    assert Path(where.strip()).is_relative_to(installed.parents[1])


def test_demo_makes_a_base_that_answers(installed: Path, tmp_path: Path) -> None:
    said = _run(installed, tmp_path, "demo", "--no-open")
    root = said.splitlines()[0].removeprefix("The demonstration base is in ")
    assert "Why was I charged twice?" in _run(installed, tmp_path, "--kb", root, "search", "charged", "twice")


def test_init_makes_a_base_with_live_hooks(installed: Path, tmp_path: Path) -> None:
    _run(installed, tmp_path, "init", "floor")
    said = _run(installed, tmp_path, "me", "Ana Kovacs")
    assert "Ana Kovacs" in said
    assert "All live" in _run(installed, tmp_path, "doctor", "--kb", "floor")
