"""Garbage is collected while nobody types, and in the end whatever happens."""

from __future__ import annotations

import gc
import subprocess
import sys

from kbtui.tui import garbage
from kbtui.tui.garbage import QUIET, QuietRounds
from tests.helpers import CHECKOUT


class _Quiet(QuietRounds):
    def __init__(self) -> None:
        self.now, self.made, self.rounds, self.is_busy, self.is_bare = 100.0, 100, 0, False, False
        super().__init__(lambda: self.is_busy, lambda: self.is_bare, self._round, lambda: self.made, lambda: self.now)

    def _round(self) -> None:
        self.rounds += 1
        self.made = 0


def test_a_round_waits_for_the_keys_to_end() -> None:
    quiet = _Quiet()
    for _ in range(100):
        quiet.touched()
        quiet.look()
        quiet.now += QUIET / 2
    assert quiet.rounds == 0
    quiet.now += QUIET
    quiet.look()
    quiet.look()
    assert quiet.rounds == 1, "and the next one for more garbage"


def test_a_round_waits_for_what_runs_beside() -> None:
    quiet = _Quiet()
    quiet.now += QUIET
    quiet.is_busy = True
    quiet.look()
    assert quiet.rounds == 0
    quiet.is_busy = False
    quiet.look()
    assert quiet.rounds == 1


def test_somebody_who_never_rests_gets_a_round_all_the_same() -> None:
    quiet = _Quiet()
    quiet.made = 1_000_000
    quiet.touched()
    quiet.look()
    assert quiet.rounds == 1


def test_only_what_opening_has_left_is_kept_for_good() -> None:
    """What a screen leaves when it is closed has to go."""
    frozen = gc.get_freeze_count()
    try:
        quiet = _Quiet()
        quiet.now += QUIET
        quiet.look()
        assert gc.get_freeze_count() == frozen, "a screen is open"
        quiet.made, quiet.is_bare = 100, True
        quiet.look()
        once = gc.get_freeze_count()
        assert once > frozen
        quiet.made = 100
        kept = [[each] for each in range(1_000)]
        quiet.look()
        assert gc.get_freeze_count() <= once, "only once"
        assert kept
    finally:
        gc.unfreeze()


_ROUNDS = """
import gc
from kbtui.tui import garbage

rounds = []
gc.disable()
garbage.begin()
gc.callbacks.append(lambda phase, said: rounds.append(said["generation"]))
kept = [[each] for each in range(200_000)]
print(sorted(set(rounds)), gc.isenabled())
"""


def test_python_makes_no_full_round_by_itself() -> None:
    ended = subprocess.run([sys.executable, "-c", _ROUNDS], capture_output=True, text=True, check=True, cwd=CHECKOUT)
    assert ended.stdout.split("\n")[0] == "[0, 1] True"
    assert garbage.LOOK < QUIET
