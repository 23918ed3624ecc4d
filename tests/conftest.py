"""A user of their own for every test: no settings, no git identity, nothing outside the test's folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from kbtui import create
from kbtui.entry.model import Person
from kbtui.knowledge import Knowledge
from tests.helpers import ANA, BEN, CHECKOUT, LEAD, SMALL_BASE, git, let_go, opened, run_kbtui, write_files
from tests.team_of import Member, member, remote_of

__all__ = ["git", "run_kbtui"]

_KEPT = "KBTUI_DATA"

settings.register_profile("same", derandomize=True)
settings.register_profile("wild")
settings.load_profile("wild" if "KBTUI_SEEDS" in os.environ else "same")
"""Properties are tried with the same examples each time; whoever asks for more seeds gets others each time."""


def _user(home: Path) -> dict[str, str]:
    """Return the variables of somebody whose whole computer is one folder."""
    nothing = home / "empty-gitconfig"
    nothing.parent.mkdir(parents=True, exist_ok=True)
    nothing.touch()
    return {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "XDG_CONFIG_HOME": str(home / "xdg-config"),
        "XDG_STATE_HOME": str(home / "xdg-state"),
        "XDG_DATA_HOME": str(home / "xdg-data"),
        "XDG_CACHE_HOME": str(home / "xdg-cache"),
        "APPDATA": str(home / "appdata"),
        "LOCALAPPDATA": str(home / "localappdata"),
        "KBTUI_HOME": str(home / "kbtui-home"),
        "KBTUI_MEANING": "off",
        "GIT_CONFIG_GLOBAL": str(nothing),
        "GIT_CONFIG_SYSTEM": str(nothing),
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(CHECKOUT), os.environ.get("PYTHONPATH", "")])),
    }


def _is_foreign(name: str) -> bool:
    starts = ("KBTUI_", "GIT_", "LC_", "LANGUAGE", "EMAIL", "VISUAL", "EDITOR", "NO_COLOR", "COLUMNS", "PYTHONUTF8")
    return name.startswith(starts) and name != _KEPT


@pytest.fixture(autouse=True)
def _own_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every test a home, settings and a language of its own."""
    for name in filter(_is_foreign, list(os.environ)):
        monkeypatch.delenv(name)
    for name, value in _user(tmp_path / "home").items():
        monkeypatch.setenv(name, value)


@pytest.fixture(autouse=True)
def _no_file_stays_open() -> Iterator[None]:
    """Python 3.13 warns of a database that nobody has closed, in the middle of whatever test runs by then."""
    yield
    let_go()


@pytest.fixture(scope="session")
def _finished_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the small base once; tests get copies."""
    top = tmp_path_factory.mktemp("finished")
    root = top / "base"
    write_files(root, SMALL_BASE)
    kept = {name: value for name, value in os.environ.items() if not _is_foreign(name)}
    create.init(root, kept | _user(top / "home"), name="Small base")
    return root


@pytest.fixture
def base(_finished_base: Path, tmp_path: Path) -> Path:
    """Return a small knowledge base of five entries, made by `kbtui init` on a folder of Markdown."""
    return Path(shutil.copytree(_finished_base, tmp_path / "base"))


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Person:
    """Return Ana, who is the one who writes."""
    monkeypatch.setenv("KBTUI_PERSON", str(ANA))
    return ANA


@pytest.fixture
def knowledge(base: Path, person: Person) -> Iterator[Knowledge]:
    """Return the small base, opened by Ana, with its search up to date."""
    with opened(base) as it:
        yield it


@pytest.fixture
def remote(base: Path, tmp_path: Path) -> Path:
    """Return a remote of the team, to which the small base has been pushed."""
    return remote_of(base, tmp_path / "remote.git")


@pytest.fixture
def ana(remote: Path, tmp_path: Path) -> Member:
    """Return Ana, who has cloned the remote."""
    return member(ANA, tmp_path, remote)


@pytest.fixture
def ben(remote: Path, tmp_path: Path) -> Member:
    """Return Ben, who has cloned the remote."""
    return member(BEN, tmp_path, remote)


@pytest.fixture
def lead(remote: Path, tmp_path: Path) -> Member:
    """Return the lead, who has cloned the remote."""
    return member(LEAD, tmp_path, remote)
