"""A team that works at random: a schedule made from a seed, so that a run that fails can be run again.

Everything is real but the order of things: real clones, a real remote, saves through kbtui's
facade, a lead with plain git and an editor, and a git that fails or dies at chosen calls.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from pathlib import Path

from kbtui.entry import file_format
from kbtui.entry.model import EntryChange, NewEntry, Person
from kbtui.errors import KbError
from kbtui.git.exchange import Options
from kbtui.git.runner import GitResult, GitRunner
from kbtui.git.sync import Syncer
from tests.helpers import PASSWORD, REFUND, git, run_git
from tests.team_of import Member, entries, member

SHARED_PATHS = (REFUND, PASSWORD)
STEPS = ("fetched", "united", "pushed", "noted", "folder moved", "branch moved")


class KilledError(BaseException):
    """What a process is to itself when it is killed."""


class FailingRunner(GitRunner):
    """A git that sometimes does not work: before it has done anything, or after."""

    chance: random.Random
    share = 0.0
    mode = "before"

    def run(self, *arguments: str, **how: object) -> GitResult:
        fails = self.share and self.chance.random() < self.share
        if fails and self.mode == "before":
            return GitResult(128, b"", "fatal: made to fail by the test")
        result = super().run(*arguments, **how)  # type: ignore[arg-type]
        if fails and self.mode == "kill":
            raise KilledError(arguments[0])
        return result


class World:
    """One team.

    Args:
        top: an empty folder.
        remote: the team's copy, bare.
        seed: which schedule.
    """

    def __init__(self, top: Path, remote: Path, seed: int) -> None:
        self.remote = remote
        self._chance = random.Random(seed)
        names = ("Ana", "Ben", "Cara", "Dan")[: self._chance.randint(2, 4)]
        people = [Person(name, f"{name.lower()}@example.com") for name in names]
        self.reps = [member(person, top, remote) for person in people]
        self.lead = member(Person("Lena", "lena@example.com"), top, remote)
        self.acknowledged: list[str] = []
        self.story: list[str] = []
        self._number = 0

    def go_on(self) -> None:
        """Let one thing happen."""
        deeds: dict[Callable[[], str], int] = {
            self._ask: 4, self._edit: 5, self._sync: 6, self._sync_badly: 3, self._lead_pushes: 2, self._use: 1,
        }  # fmt: skip
        (deed,) = self._chance.choices(list(deeds), list(deeds.values()))
        self.story.append(deed())

    def settle(self) -> None:
        """Let everybody share until nothing is new."""
        self._lead_shares()
        for _ in range(2):
            for each in self.reps:
                each.sync()

    def findable(self, root: Path) -> set[str]:
        """Return the words of a clone's entries, variants among them."""
        return {line.strip() for path in entries(root) for line in path.read_text("utf-8").splitlines()}

    def _words(self) -> str:
        self._number += 1
        return f"words {self._number} of the {self._chance.choice(('bank', 'parcel', 'till'))}"

    def _rep(self) -> Member:
        return self._chance.choice(self.reps)

    def _ask(self) -> str:
        who, words = self._rep(), self._words()
        with who.opened() as knowledge:
            knowledge.new(NewEntry(f"What of {words}?", answer=words))
        self.acknowledged.append(words)
        return f"{who.person.name} asks {words!r}"

    def _edit(self) -> str:
        who, words, path = self._rep(), self._words(), self._chance.choice(SHARED_PATHS)
        part = self._chance.choice(("answer", "internal", "tags"))
        if not (who.root / path).exists():
            return "nothing to edit"
        old = (who.root / path).read_bytes()
        before = str(getattr(file_format.read(path, old), part))
        wanted: Mapping[str, EntryChange] = {
            "answer": EntryChange(answer=words),
            "internal": EntryChange(internal=words),
            "tags": EntryChange(tags=("refunds", words.replace(" ", "-"))),
        }
        with who.opened() as knowledge:
            knowledge.change(path, wanted[part], old)
        if part != "tags":
            self.acknowledged = [said for said in self.acknowledged if said not in before]  # replaced on purpose
            self.acknowledged.append(words)
        return f"{who.person.name} changes {part} of {path} to {words!r}"

    def _use(self) -> str:
        who = self._rep()
        with who.opened() as knowledge:
            knowledge.refresh()
            knowledge.used("refund22")
        return f"{who.person.name} uses an entry"

    def _sync(self) -> str:
        who = self._rep()
        return f"{who.person.name} syncs: {who.sync().outcome}"

    def _sync_badly(self) -> str:
        """Sync with a git that fails, or is killed after a call, or with a process that ends at a step."""
        who, how = self._rep(), self._chance.choice(("before", "kill", "step"))
        parts = who.parts()
        wanted = self._chance.choice(STEPS)

        def end(step: str) -> None:
            if how == "step" and step == wanted:
                raise KilledError(step)

        repository = parts.repository
        if how != "step":
            runner = FailingRunner(who.root, parts._environment)
            runner.chance, runner.share, runner.mode = self._chance, 0.08, how
            repository.runner = runner
        try:
            syncer = Syncer(repository, parts.files, who.person, lambda _: None, end)
            outcome = str(syncer.sync(Options(parts.inbox())).outcome)
        except (KilledError, KbError) as ended:
            outcome = f"ended at {ended}"
        return f"{who.person.name} syncs badly ({how}): {outcome}"

    def _lead_pushes(self) -> str:
        words = self._words()
        self._lead_shares()
        with (self.lead.root / self._chance.choice(SHARED_PATHS)).open("a", encoding="utf-8") as file:
            file.write(f"\n{words}\n")
        self.lead.commit()
        pushed = run_git(self.lead.root, "push", "-q", "origin", "HEAD:main").returncode == 0
        if not pushed:
            git(self.lead.root, "reset", "-q", "--hard", "origin/main")
        return f"the lead adds {words!r}: {pushed}"

    def _lead_shares(self) -> None:
        git(self.lead.root, "fetch", "-q", "origin")
        git(self.lead.root, "reset", "-q", "--hard", "origin/main")
