"""Whatever a team does at once, nobody's words are lost, and everybody ends up with the same.

How many schedules: KBTUI_SEEDS (default 3); which one first: KBTUI_SEED. A run that fails
prints its seed and its story; `KBTUI_SEEDS=1 KBTUI_SEED=n` plays it again.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.helpers import git
from tests.simulation.world import World
from tests.team_of import in_order, remote_of

FIRST = int(os.environ.get("KBTUI_SEED", "1"))
SEEDS = range(FIRST, FIRST + int(os.environ.get("KBTUI_SEEDS", "3")))
DEEDS = 25


@pytest.mark.parametrize("seed", SEEDS)
def test_a_team_at_work(base: Path, tmp_path: Path, seed: int) -> None:
    """FAULTS 29, 36, 37, 46, 47: among many at once.

    https://github.com/decaporg/decap-cms/issues/308
    """
    top = tmp_path / "team"
    top.mkdir()
    world = World(top, remote_of(base, tmp_path / "remote.git"), seed)
    for _ in range(DEEDS):
        world.go_on()
    world.settle()
    tip = git(world.remote, "rev-parse", "main")
    told = f"seed {seed}\n" + "\n".join(world.story)
    for each in world.reps:
        assert each.head() == tip, f"{each.person.name}: {each.sync()}\n{told}"
        in_order(each.root)
        there = world.findable(each.root)
        assert [words for words in world.acknowledged if words not in there] == [], told
        again = each.sync()
        assert (again.outcome, again.sent, again.received) == ("shared", 0, 0), told
    assert git(world.remote, "rev-parse", "main") == tip, told
    assert len({each.tree() for each in world.reps}) == 1, told
