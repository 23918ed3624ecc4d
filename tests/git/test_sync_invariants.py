"""The six invariants: each catches the merge that breaks it, whatever made that merge (FAULTS 35-37)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from kbtui.entry.model import EntryChange
from kbtui.git.ancestry import Ancestry
from kbtui.git.invariants import Broken, Invariants
from kbtui.git.outcome import Outcome
from kbtui.git.tree_merge import Contest, TreeMerge, TreeMerger
from kbtui.git.trees import Item, Trees
from kbtui.store.files import EntryFiles
from tests.helpers import ANA, BEN, PASSWORD, REFUND, git, repository_of, write_files
from tests.team_of import Member, member, remote_of


@dataclass
class Scene:
    """Two sides of one base, and a merge of them that a test spoils."""

    trees: Trees
    merger: TreeMerger
    base: str
    ours: str
    theirs: str

    def merged(self) -> TreeMerge:
        return self.merger.merge(self.trees.changes(self.base, self.ours), self.trees.changes(self.base, self.theirs))

    def broken(self, merged: TreeMerge, extra: dict[str, Item | None] | None = None) -> Broken | None:
        tree = self.trees.build(self.theirs, merged.changes | (extra or {}))
        here, there = self.trees.changes(self.base, self.ours), self.trees.changes(self.base, self.theirs)
        looked = self.trees.changes(self.ours, tree), self.trees.changes(self.theirs, tree)
        return Invariants(self.trees, self.merger).broken(merged, here, there, *looked)

    def item(self, content: bytes) -> Item:
        return Item("100644", self.trees.store(content))


@pytest.fixture
def scene(base: Path) -> Scene:
    """Return a base in which both sides have changed the refund's answer, and each something of its own."""
    repository = repository_of(base)
    commits = {"base": git(base, "rev-parse", "HEAD")}
    for name, days, own in (("ours", "Three", "mine.md"), ("theirs", "Seven", "yours.md")):
        git(base, "checkout", "-q", "-B", name, commits["base"])
        text = (base / REFUND).read_text().replace("Five working days", f"{days} working days")
        write_files(base, {REFUND: text, own: f"# {own}?\n\nYes.\n"})
        git(base, "add", "-A")
        git(base, "commit", "-q", "-m", name)
        commits[name] = git(base, "rev-parse", "HEAD")
    trees = Trees(repository)
    return Scene(trees, TreeMerger(trees, EntryFiles(base), ""), **commits)


def test_a_sound_merge_breaks_none(scene: Scene) -> None:
    merged = scene.merged()
    assert len(merged.variants) == 1
    assert scene.broken(merged) is None


def test_1_what_we_did_not_touch_is_the_team_s(scene: Scene) -> None:
    assert scene.broken(scene.merged(), {PASSWORD: scene.item(b"# Other?\n")}) == Broken(1, (PASSWORD,))


def test_2_what_the_team_did_not_touch_is_ours(scene: Scene) -> None:
    merged = scene.merged()
    del merged.changes["mine.md"]
    assert scene.broken(merged) == Broken(2, ("mine.md",))


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_3_a_line_of_either_side_is_lost(scene: Scene, side: str) -> None:
    """FAULTS 37: what `-X ours` and `-X theirs` would do. https://github.com/sonichi/sutando/pull/2476 ."""
    merged = scene.merged()
    (contest,) = merged.contests
    merged.changes[REFUND] = getattr(contest, side)
    del merged.changes[merged.variants.pop()]
    assert scene.broken(merged) == Broken(3, (REFUND,))


def test_4_no_markers_come_in(scene: Scene) -> None:
    merged = scene.merged()
    read = scene.trees.blobs([item.blob for item in merged.changes.values() if item])
    marked = b"<<<<<<< ours\n" + b"\n".join(read.values()) + b"\n=======\n>>>>>>> theirs\n"
    merged.changes[REFUND] = scene.item(marked)
    assert scene.broken(merged) == Broken(4, (REFUND,))


def test_5_what_parsed_parses(scene: Scene) -> None:
    merged = scene.merged()
    item = merged.changes[REFUND]
    assert item is not None
    content = scene.trees.blobs([item.blob])[item.blob]
    merged.changes[REFUND] = scene.item(content.replace(b"---\n# How", b"# How"))
    assert scene.broken(merged) == Broken(5, (REFUND,))


def test_6_masses_of_entries_do_not_vanish(scene: Scene, base: Path) -> None:
    write_files(base, {f"bulk/e{n}.md": f"# {n}?\n" for n in range(11)})
    git(base, "add", "-A")
    git(base, "commit", "-q", "-m", "bulk")
    full = git(base, "rev-parse", "HEAD")
    looks = Invariants(scene.trees, scene.merger)
    assert looks.is_mass_deletion(scene.trees.changes(full, scene.theirs), full)
    assert not looks.is_mass_deletion(scene.trees.changes(scene.theirs, scene.base), scene.theirs)


def test_a_merge_that_breaks_one_is_never_made_the_branch_s(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A merge that keeps one side only is refused; the words are sent to an inbox instead."""
    remote = remote_of(base, tmp_path / "remote.git")
    ana, ben = member(ANA, tmp_path, remote), member(BEN, tmp_path, remote)
    for each, days in ((ana, "Three"), (ben, "Seven")):
        each.change(REFUND, EntryChange(answer=f"{days} days."))
    ana.sync()
    tip = git(remote, "rev-parse", "main")

    def only_theirs(_: TreeMerger, contest: Contest, result: TreeMerge) -> None:
        result.contests.append(contest)
        result.changes[contest.target] = contest.theirs

    monkeypatch.setattr(TreeMerger, "_contested", only_theirs)
    synced = _quietly(ben)
    assert (synced[0], synced[1]) == (Outcome.LEAD, "K07")
    assert git(remote, "rev-parse", "main") == tip
    assert "Seven days." in (ben.root / REFUND).read_text()
    assert ben.head() in git(remote, "for-each-ref", "--format=%(objectname)", "refs/heads/kb-inbox")


def _quietly(who: Member) -> tuple[Outcome, str]:
    synced = who.raw_sync()
    return synced.outcome, synced.code


def test_no_common_beginning_has_no_base(base: Path) -> None:
    ancestry = Ancestry(repository_of(base))
    first = git(base, "rev-parse", "HEAD")
    lone = git(base, "commit-tree", "-m", "x", f"{first}^{{tree}}")
    assert ancestry.base_of(first, lone) == ""
    assert ancestry.base_of(first, first) == first
