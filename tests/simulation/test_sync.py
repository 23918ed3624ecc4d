"""Whatever a team does at once, nobody's words are lost, and everybody ends up with the same.

How many schedules: KBTUI_SEEDS; 200 where it says nothing, fewer where processes are slow to start.
A run that fails prints its seed and its story; `KBTUI_SEED=n pytest tests/simulation` plays that one
again, and with KBTUI_SEEDS as well so many from there on.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from kbtui import create
from tests.helpers import SMALL_BASE, git, opened, write_files
from tests.simulation.faults import Faults
from tests.simulation.truths import wrong
from tests.simulation.world import World

FIRST = int(os.environ.get("KBTUI_SEED") or 1)
MANY_SEEDS = 200 if sys.platform == "linux" else 20
USUAL = 1 if "KBTUI_SEED" in os.environ else MANY_SEEDS
SEEDS = range(FIRST, FIRST + int(os.environ.get("KBTUI_SEEDS") or USUAL))
DEEDS, MANY = 8, 40
_LONG_ONE = 40
"""Every so many seeds there is a long one."""


@pytest.fixture(scope="module")
def patterns(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return bases in clones that nobody has used, each beside its remote; one is a folder of a larger repository."""
    return [_pattern(tmp_path_factory.mktemp("pattern"), below) for below in ("", "", "kb")]


def _pattern(top: Path, below: str) -> Path:
    write_files(top / "base" / below, SMALL_BASE)
    if below:
        write_files(top / "base", {"program.py": "print()\n"})
        git(top / "base", "init", "-q", "-b", "main")
    nobody = os.environ | {"HOME": str(top), "KBTUI_HOME": str(top / "home"), "GIT_CONFIG_GLOBAL": os.devnull}
    create.init(top / "base" / below, nobody, name="Small base")
    if below:
        git(top / "base", "add", "-A")
        git(top / "base", "commit", "-q", "-m", "Begin")
    git(top, "init", "-q", "--bare", "-b", "main", "remote.git")
    git(top / "base", "push", "-q", str(top / "remote.git"), "HEAD:refs/heads/main")
    git(top, "clone", "-q", "--template=", str(top / "remote.git"), "first")
    for each in ("first", "remote.git"):
        git(top / each, "config", "core.fsync", "none")
    with opened(top / "first" / below, nobody) as knowledge:
        knowledge.recount()
        knowledge.counts()
    shutil.rmtree(top / "remote.git" / "hooks")
    return (top / "first").rename(
        top / "clone"
    ) / below  # a base that has moved keeps its index, and so do copies of it


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Path]:
    """Return a folder for a team; what worked leaves nothing behind, so that thousands of seeds fit on a disk."""
    top = tmp_path / "team"
    top.mkdir()
    yield top
    shutil.rmtree(top)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_team_at_work(patterns: list[Path], team: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS 29, 31, 33, 36, 37, 43, 45-47, 57, 66, 71, S16, S20: among many at once.

    https://github.com/decaporg/decap-cms/issues/308
    """
    dice = Random(seed)
    faults = Faults(dice)
    faults.put_into(monkeypatch)
    monkeypatch.setattr(os, "fsync", lambda _: None)  # no power is cut here
    world = World(team, patterns[seed % len(patterns)], seed, dice, faults)
    try:
        found = _played(world, MANY if seed % _LONG_ONE == 0 else DEEDS)
    finally:
        for each in world.clones:
            each.end()
    if found:
        pytest.fail("\n".join([f"seed {seed}", *world.story, *found]), pytrace=False)


def _played(world: World, deeds: int) -> list[str]:
    """Let a team do some deeds and settle; return what is wrong then."""
    try:
        for _ in range(deeds):
            world.go_on()
        return wrong(world) if world.settle() else ["it never becomes quiet"]
    except Exception as error:
        error.add_note("\n".join(world.story))
        raise
