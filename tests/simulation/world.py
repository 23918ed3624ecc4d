"""A team that works at random: a schedule made from a seed, so that a run that fails can be run again.

Everything is real but the order of things, time and chance: real clones, a real remote, saves
through kbtui's facade, a lead with plain git and an editor.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path
from random import Random

from kbtui.entry.model import Person
from kbtui.errors import KbError
from kbtui.verbs.sharing import Shared
from tests.helpers import git
from tests.simulation.clone import START, Clone
from tests.simulation.faults import Faults, KilledError
from tests.simulation.lead import LeadDeeds
from tests.simulation.rep import Deed, RepDeeds
from tests.simulation.words import Words, marks

NAMES = ("Lena", "Ana", "Ben", "Cara", "Dan")
FREE = ("fetched", "united", "pushed")
"""Steps of a sync at which another window of kbtui can work in the same clone."""

LOCKED = ("noted", "folder partly moved", "folder moved", "branch moved")
"""Steps at which only plain git can."""

ROUNDS = 7
_HOOK = (
    '#!/bin/sh\n[ -n "$KBTUI_LEAD" ] && exit 0\nwhile read -r old new ref; do\n'
    '  [ "$ref" = refs/heads/main ] && echo "GH006: Protected branch update failed" >&2 && exit 1\ndone\nexit 0\n'
)


class World:
    """One team.

    Args:
        top: an empty folder.
        pattern: a base in a clone that nobody has used yet; its remote is "remote.git", beside the clone.
        seed: which schedule.
        faults: what goes wrong; shared with the runner.
    """

    def __init__(self, top: Path, pattern: Path, seed: int, dice: Random, faults: Faults) -> None:
        self.dice = dice
        self.faults = faults
        self.story: list[str] = []
        self.words = Words()
        self._below = pattern.name if (pattern.parent / ".git").exists() else ""
        self._pattern = pattern.parent if self._below else pattern
        self.remote = Path(shutil.copytree(self._pattern.parent / "remote.git", top / "remote.git"))
        number = dice.choices((2, 3, 4, 5), (10, 6, 2, 1))[0]
        self.clones = [self._clone(top, name, seed) for name in NAMES[:number]]
        self.lead = self.clones[0]
        self.is_protected = dice.random() < 0.15
        if self.is_protected:
            self._protect()
        self._rep_deeds = RepDeeds(dice, self.words)
        self.lead_deeds = LeadDeeds(dice, self.words, may_force=dice.random() < 0.15)
        self._now = START
        self._beside = ""
        self._last_tip = ""
        self._busy: Clone | None = None

    def _clone(self, top: Path, name: str, seed: int) -> Clone:
        own = Path(shutil.copytree(self._pattern, top / name.lower()))
        config = own / ".git" / "config"
        config.write_text(re.sub(r"(?m)^\turl = .*$", f"\turl = {self.remote}", config.read_text()))
        late = dt.timedelta(days=self.dice.choice((0, 0, 0, 0, -700, 40)))
        person = Person(name, f"{name.lower()}@example.com")
        home = top / f"home-{name.lower()}"
        return Clone(person, own, own / self._below, home, Random(f"{seed} {name}"), late, self._at_step)

    def _protect(self) -> None:
        hook = self.remote / "hooks" / "pre-receive"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(_HOOK)
        hook.chmod(0o755)

    # The day

    def go_on(self) -> None:
        """Let one thing happen."""
        self._tick()
        if self.dice.random() < 0.3:
            self._lead_does()
            return
        if self.dice.random() < 0.1:
            self._meet()
            return
        who = self.dice.choice(self.clones)
        chance = self.dice.random()
        if chance < 0.06:
            self.faults.offline ^= {who.root}
            self._tell(who, "goes offline" if who.root in self.faults.offline else "is online again")
        elif chance < 0.4:
            with self.faults.trouble() as plan:
                self._does(who, f"[{plan}!] ")
        elif chance < 0.6:
            self._beside = self.dice.choice((*FREE, *LOCKED))
            self._does(who)
            self._beside = ""
        else:
            self._does(who)

    def _meet(self) -> None:
        """Let a rep share what they wrote in the very file that the lead is typing into, and the lead share then."""
        rep = self.dice.choice(self.clones[1:])
        deeds = self._rep_deeds
        path = self.dice.choice(rep.entries()[-6:])
        if self.dice.random() < 0.7:
            self._does(rep, "", lambda who: deeds.edit_at(who, path, (who.root / path).read_bytes()))
        else:
            self._does(rep, "", deeds.write)
            path = max(rep.entries(), key=lambda each: (rep.root / each).stat().st_mtime_ns)
        self._does(rep, "", deeds.sync)
        self._tell(self.lead, self.lead_deeds.edit_at(self.lead, path))
        if self.dice.random() < 0.5:
            self._does(self.lead, "", deeds.sync)
        else:
            with self.faults.trouble() as plan:
                self._does(self.lead, f"[{plan}!] ", deeds.sync)

    def _tick(self) -> None:
        self._now += dt.timedelta(seconds=self.dice.choice((1, 5, 60)))
        for each in self.clones:
            each.at(self._now)

    def _lead_does(self, when: str = "") -> None:
        deeds = self.lead_deeds.likely
        (deed,) = self.dice.choices(list(deeds), list(deeds.values()))
        self._tell(self.lead, when + deed(self.lead))
        self._look_at_desk()

    def _does(self, who: Clone, trouble: str = "", chosen: Deed | None = None) -> None:
        """Let somebody do something with kbtui, whatever comes of it.

        Args:
            chosen: what; chance decides where it is not said.
        """
        all_day = self._rep_deeds.risky if trouble.endswith("!] ") else self._rep_deeds.likely
        deeds = self._rep_deeds.quick if who is self._busy else all_day
        (deed,) = (chosen,) if chosen else self.dice.choices(list(deeds), list(deeds.values()))
        before, self._busy = self._busy, who
        try:
            said = deed(who)
        except KilledError as ended:
            who.end()
            who.died += 1
            said = f"{getattr(deed, '__name__', '')} is killed at {ended}"
        except KbError as error:
            said = f"{getattr(deed, '__name__', '')} is refused: {error.message} {getattr(error, 'detail', '')}"
        finally:
            self._busy = before
        self._tell(who, trouble + said)
        self._look_at_desk()

    def _at_step(self, name: str) -> None:
        """Let a process end at a step, or somebody else do something just then."""
        self.faults.step(name)
        if name == self._beside:
            self._beside = ""
            with self.faults.peace():
                if name in FREE:
                    self._does(self.dice.choice(self.clones), f"[meanwhile, at {name!r}] ")
                else:
                    self._lead_does(f"[meanwhile, at {name!r}] ")

    def _look_at_desk(self) -> None:
        """What a lead has typed and not committed must still be in the folder.

        A save of the very entry commits it with the rest of the file; after that, a merge may put it elsewhere.
        """
        for path, typed in self.lead.unsaved.items():
            file = self.lead.root / path
            there = marks(file.read_bytes()) if file.exists() else set()
            if gone := [mark for mark in typed - there if not self._is_off_the_desk(mark)]:
                raise AssertionError(f"{gone}, which was uncommitted, is gone from {path}")

    def _is_off_the_desk(self, mark: str) -> bool:
        return self.words.is_taken(mark) or self.lead.git("grep", "-q", "-e", mark, "HEAD")[0]

    def _tell(self, who: Clone, what: str) -> None:
        self.story.append(f"{who.person.name} {what}")

    # The evening

    def settle(self) -> bool:
        """Let everybody share in turn until nothing is new for anybody; whether it came to that."""
        self.faults.offline.clear()
        self._tick()
        self.lead_deeds.tidy(self.lead)
        quiet = 0
        for number in range(ROUNDS * len(self.clones)):
            if self.is_protected and number % len(self.clones) == 0:
                self.lead_deeds.take_all_over(self.lead)
            quiet = quiet + 1 if self._is_quiet(self.clones[number % len(self.clones)]) else 0
            if quiet == len(self.clones):
                return True
        return False

    def _is_quiet(self, who: Clone) -> bool:
        """Let somebody share; whether nothing came of it."""
        shared = self._shares(who)
        before, self._last_tip = self._last_tip, self.tip()
        was_quiet = (shared.outcome, shared.sent, shared.received, shared.changed) == ("shared", 0, 0, ())
        return was_quiet and before == self._last_tip

    def _shares(self, who: Clone) -> Shared:
        shared = who.knowledge.sync()
        self._tell(who, f"settles: {shared.outcome} {shared.code} {shared.sent}/{shared.received} {shared.reason}")
        return shared

    def tip(self) -> str:
        """Return what the team's branch shows."""
        return git(self.remote, "rev-parse", "main")
