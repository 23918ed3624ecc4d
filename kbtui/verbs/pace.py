"""When to share next (F51): soon after a save, every half minute in use, seldom while nobody is there.

While the team is out of reach, ever more seldom, each computer a little differently. Pure:
moments are seconds on the clock of the wall, which goes on while a computer sleeps. There is
one next moment and never a list of them, so a computer that has slept for a weekend shares
once when it wakes (FAULTS S9).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

SOON = 1.0
"""Seconds after a save, an event or the first key after a pause."""

USUAL_WAIT, IDLE_WAIT, LONGEST_WAIT = 30.0, 300.0, 600.0
"""Seconds between two syncs: in use, while nobody is there, and at most."""

IDLE_AFTER = 300.0
"""Seconds without a key after which nobody is there."""

BUSY_WAIT = 5.0
"""Seconds until the next try, where another window of the same base is sharing."""

WAKING = 2.0
"""Seconds that a computer which has slept gets to find its network."""

ASLEEP = 20.0
"""Seconds between two looks at the clock that mean that the computer slept; otherwise they are less than one apart."""

SPARED = 10.0
"""Seconds in which a host that did not answer is left alone, whatever is saved meanwhile."""

CHANCE = (0.75, 1.25)
"""Between which shares of a wait chance decides, so that computers do not all ask at once."""

_TROUBLED = ("waiting", "sign-in", "lead")


def next_wait(last: float, outcome: str, *, is_idle: bool = False) -> float:
    """Return the seconds to wait after a sync: twice as long each time while the team is out of reach.

    Args:
        last: what was waited before it.
        outcome: what it came to (`kbtui.verbs.sharing.Shared.outcome`).
        is_idle: whether nobody is there.
    """
    if outcome in _TROUBLED:
        return min(max(last, USUAL_WAIT) * 2, LONGEST_WAIT)
    if outcome == "alone":
        return LONGEST_WAIT
    if outcome == "busy":
        return BUSY_WAIT
    return IDLE_WAIT if is_idle else USUAL_WAIT


@dataclass(frozen=True, slots=True)
class Pace:
    """When the next sync is due, and what that depends on.

    Attributes:
        due: the moment of the next sync.
        looked: the last moment anybody looked at the clock.
        used: when a key was last pressed.
        tried: when the last sync ended.
        wait: seconds waited after it, chance left out.
        outcome: what it came to; empty before the first.
        has_news: whether something was saved here since the last sync began.
        carries: whether the sync that runs takes something along.
    """

    due: float
    looked: float
    used: float
    tried: float = 0.0
    wait: float = USUAL_WAIT
    outcome: str = ""
    has_news: bool = False
    carries: bool = False

    @classmethod
    def begun(cls, now: float) -> Pace:
        """Return the pace of a window that has just been opened: the first sync is soon."""
        return cls(due=now + SOON, looked=now, used=now)

    @property
    def is_due(self) -> bool:
        """Whether it is time to share."""
        return self.looked >= self.due

    @property
    def has_to_finish(self) -> bool:
        """Whether something was saved that is about to reach the team, as far as anybody knows."""
        return (self.has_news or self.carries) and self.outcome not in (*_TROUBLED, "alone")

    def at(self, now: float) -> Pace:
        """Look at the clock: whoever has slept shares once, soon; a clock that was set back changes nothing."""
        gone = now - self.looked
        if gone < 0:
            moved = {name: getattr(self, name) + gone for name in ("due", "used", "tried")}
            return replace(self, looked=now, **moved)
        if gone > ASLEEP:
            return replace(self, looked=now, due=now + WAKING, used=now, wait=USUAL_WAIT)
        return replace(self, looked=now)

    def touched(self, at: float) -> Pace:
        """A key was pressed; whoever comes back after a pause finds what is new soon."""
        comes_back = at - self.used > IDLE_AFTER
        return replace(self.sooner(at + SOON) if comes_back else self, used=max(at, self.used))

    def saved(self, now: float) -> Pace:
        """Something was saved or noted here: share it soon, but leave a host in peace that does not answer."""
        if self.outcome == "alone":
            return self
        is_spared = self.outcome in _TROUBLED
        return replace(self.sooner(max(now + SOON, self.tried + SPARED if is_spared else 0.0)), has_news=True)

    def asked(self, now: float) -> Pace:
        """Somebody wants to share now."""
        return self.sooner(now)

    def sooner(self, moment: float) -> Pace:
        """Return the pace with the next sync no later than at a moment."""
        return replace(self, due=min(self.due, moment))

    def starting(self) -> Pace:
        """A sync begins: it takes everything along that was saved so far."""
        return replace(self, has_news=False, carries=self.has_news)

    def ended(self, now: float, outcome: str, chance: float) -> Pace:
        """A sync has ended.

        Args:
            outcome: what it came to.
            chance: share of the wait, from `CHANCE`.
        """
        wait = next_wait(self.wait, outcome, is_idle=now - self.used > IDLE_AFTER)
        due = now + wait * chance
        after = replace(self, looked=now, tried=now, wait=wait, outcome=outcome, due=due, carries=False)
        return after.saved(now) if self.has_news else after
