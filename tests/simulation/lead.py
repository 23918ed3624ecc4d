"""What a lead does with plain git and an editor, past kbtui."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from tests.simulation.clone import Clone
from tests.simulation.words import Words, marks

Deed = Callable[[Clone], str]
_UNFINISHED = ("rebase-merge", "rebase-apply", "MERGE_HEAD")


class LeadDeeds:
    """The deeds. Whatever git does not want to do is left alone, as a careful lead does.

    Args:
        dice: decides.
        words: the account of what the team must have.
        may_force: whether this lead is one who forces.
    """

    def __init__(self, dice: Random, words: Words, *, may_force: bool) -> None:
        self._dice = dice
        self._words = words
        self._may_force = may_force
        self.has_forced = False

    @property
    def likely(self) -> Mapping[Deed, int]:
        """The deeds, each with how often it is done."""
        return {
            self.edit: 4, self.commit: 3, self.move: 1, self.delete: 1, self.merge: 2, self.rebase: 2,
            self.push: 4, self.throw_away: 1, self.take_over: 3, self.force: 1 if self._may_force else 0,
        }  # fmt: skip

    def tidy(self, who: Clone) -> None:
        """End whatever is unfinished, keep what is uncommitted, and go to the team's branch."""
        self._end_unfinished(who)
        self._commit(who)

    def edit(self, who: Clone) -> str:
        """Type something into an entry's file; it stays uncommitted for now."""
        return self.edit_at(who, self._dice.choice(who.entries()))

    def edit_at(self, who: Clone, path: str) -> str:
        """Type something into one file, which is made if it is not there; it stays uncommitted for now."""
        mark = self._words.new()
        if not (who.root / path).exists():
            (who.root / path).parent.mkdir(parents=True, exist_ok=True)
            (who.root / path).write_text("# A file of the lead's own?\n\nYes.\n", "utf-8")
        file = who.root / path
        text = file.read_text("utf-8")
        places = (f"{text}\nBy hand: {mark}.\n", text.replace("\n\n", f"\n\nBy hand: {mark}.\n\n", 1))
        file.write_text(self._dice.choice(places), "utf-8")
        if mark in file.read_text("utf-8"):
            who.unsaved.setdefault(path, set()).add(mark)
            self._words.said({mark}, f"{who.person.name} types {mark} into {path}")
        return f"types {mark} into {path}"

    def commit(self, who: Clone) -> str:
        """Commit everything, and type something first if there is nothing."""
        self._end_unfinished(who)
        if not who.unsaved:
            self.edit(who)
        return self._commit(who)

    def _commit(self, who: Clone) -> str:
        who.git("add", "-A")
        done, _ = who.git("commit", "-q", "-m", "By hand")
        who.unsaved.clear()
        return f"commits: {done}"

    def move(self, who: Clone) -> str:
        """Move an entry's file."""
        path = self._dice.choice(who.entries())
        folder, _, name = path.rpartition("/")
        other = self._dice.choice(("moved", "orders"))
        (who.root / other).mkdir(exist_ok=True)
        if folder == other or path in who.unsaved or not who.git("mv", path, f"{other}/{name}")[0]:
            return f"does not move {path}"
        done, _ = who.git("commit", "-q", "-m", "Move", "--", path, f"{other}/{name}")
        return f"moves {path} to {other}: {done}"

    def delete(self, who: Clone) -> str:
        """Delete an entry, or a version that was kept beside one."""
        path = self._dice.choice(who.entries())
        gone = marks((who.root / path).read_bytes())
        if path in who.unsaved or not who.git("rm", "-q", "--", path)[0]:
            return f"does not delete {path}"
        self._words.taken(gone)
        done, _ = who.git("commit", "-q", "-m", "Delete", "--", path)
        return f"deletes {path}: {done}"

    def merge(self, who: Clone) -> str:
        """Merge what the team has; a conflict is given up, or left for later."""
        self._end_unfinished(who)
        who.git("fetch", "-q", "origin")
        done, _ = who.git("merge", "-q", "--no-edit", "origin/main")
        if not done and self._dice.random() < 0.6:
            self._end_unfinished(who)
        return f"merges: {done}"

    def rebase(self, who: Clone) -> str:
        """Put what is not shared on top of what the team has."""
        self._end_unfinished(who)
        who.git("fetch", "-q", "origin")
        if not who.git("merge-base", "HEAD", "origin/main")[0]:
            return "does not rebase"
        merges = who.git("rev-list", "--merges", "origin/main..HEAD")[1]
        if merges:
            return "does not rebase merges away"
        done, _ = who.git("rebase", "-q", "origin/main")
        if not done and self._dice.random() < 0.6:
            self._end_unfinished(who)
        return f"rebases: {done}"

    def push(self, who: Clone) -> str:
        """Push."""
        self._end_unfinished(who)
        done, _ = who.git("push", "-q", "origin", "HEAD:main", lead=True)
        return f"pushes: {done}"

    def throw_away(self, who: Clone) -> str:
        """Throw away what is uncommitted."""
        self._words.taken(set().union(*who.unsaved.values()))
        who.git("checkout", "-q", "--", *who.unsaved) if who.unsaved else None
        who.unsaved.clear()
        return "throws away what is uncommitted"

    def take_over(self, who: Clone) -> str:
        """Take a branch that a rep has sent for review into the team's: as it is, or as one commit."""
        branches = self._sent(who)
        return self._taken_over(who, self._dice.choice(branches)) if branches else "takes nothing over"

    def take_all_over(self, who: Clone) -> None:
        """Take everything over that was sent for review."""
        for branch in self._sent(who):
            self._taken_over(who, branch)

    def _sent(self, who: Clone) -> list[str]:
        """Return the branches that wait for review."""
        self._end_unfinished(who)
        who.git("fetch", "-q", "--prune", "origin")
        return who.git("for-each-ref", "--format=%(refname)", "refs/remotes/origin/kb-inbox")[1].split()

    def _taken_over(self, who: Clone, branch: str) -> str:
        if not who.git("merge", "-q", "--ff-only", "origin/main")[0]:
            return "has work of their own that is not shared yet"
        is_squash = self._dice.random() < 0.6
        if not who.git("merge", "-q", "--squash" if is_squash else "--no-edit", branch)[0]:
            who.git("reset", "-q", "--merge")
            return f"cannot take {branch} over"
        if is_squash:
            who.git("commit", "-q", "-m", "Taken over")
        done, _ = who.git("push", "-q", "origin", "HEAD:main", lead=True)
        if done and self._dice.random() < 0.5:
            shown = who.git("rev-parse", branch)[1]
            name = branch.removeprefix("refs/remotes/origin/")
            who.git("push", "-q", f"--force-with-lease={name}:{shown}", "origin", f":refs/heads/{name}")
        return f"takes {branch} over{' as one commit' if is_squash else ''}: {done}"

    def force(self, who: Clone) -> str:
        """Set the team's branch back; what nobody else has is lost on purpose."""
        self._end_unfinished(who)
        who.git("fetch", "-q", "origin")
        back = self._dice.choice(("origin/main~1", "origin/main~2"))
        if not who.git("rev-parse", "-q", "--verify", back)[0]:
            return "has nothing to set back"
        before, after = (
            marks(who.git("grep", "--full-name", "-h", "-o", "w[0-9]*w", each)[1]) for each in ("origin/main", back)
        )
        self._words.taken(before - after)
        done, _ = who.git("push", "-q", "--force", "origin", f"{back}:main", lead=True)
        self.has_forced = self.has_forced or done
        return f"sets the team's branch back to {back}: {done}"

    def _end_unfinished(self, who: Clone) -> None:
        """Give up a merge or a rebase that has stopped; what was typed meanwhile goes with it."""
        there = [name for name in _UNFINISHED if (who.top / ".git" / name).exists()]
        if there and who.git("merge" if there == ["MERGE_HEAD"] else "rebase", "--abort")[0]:
            self._words.taken(set().union(*who.unsaved.values()))
            who.unsaved.clear()
