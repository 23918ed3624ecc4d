"""Three clones that share pairwise: whoever meets whom first, all end up with the same, and no word is lost.

Real commits in one store, one for each clone's branch; sharing is what a sync does with objects
(`Uniter.unite`). Case numbers: FAULTS.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbtui.entry import file_format
from kbtui.entry.model import EntryChange
from kbtui.git.invariants import _added
from kbtui.git.repository import Repository
from kbtui.git.tree_merge import TreeMerger
from kbtui.git.trees import Item, Trees
from kbtui.git.uniting import Uniter
from kbtui.store.files import EntryFiles
from tests.git.test_sync_merge import BASE, VERSION
from tests.helpers import ANA, git, repository_of

PATH = "topic/entry222.md"
PAIRS = ((0, 1), (0, 2), (1, 2))
SOME = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))


class Meeting:
    """Clones of one base that meet two at a time."""

    def __init__(self, repository: Repository, root: Path) -> None:
        self._trees = Trees(repository)
        merger = TreeMerger(self._trees, EntryFiles(root), "")
        self._uniter = Uniter(repository, self._trees, merger, ANA)
        first = self._trees.build(git(root, "rev-parse", "HEAD"), {PATH: self._item(BASE)})
        self._base = self._trees.commit(first, (), b"base", ANA)

    def _item(self, content: bytes) -> Item:
        return Item("100644", self._trees.store(content))

    def clone(self, content: bytes, number: int) -> str:
        """Return the commit of somebody who has written one version, and an entry of their own."""
        own = {PATH: self._item(content), f"topic/own{number}.md": self._item(b"# Own %d?\n\nYes.\n" % number)}
        return self._trees.commit(self._trees.build(self._base, own), (self._base,), b"own", ANA)

    def share(self, tips: list[str], one: int, other: int) -> None:
        """Let two meet through a remote: one merges, the other takes it."""
        tips[one] = tips[other] = self._united(tips[one], tips[other])

    def cross(self, tips: list[str], one: int, other: int) -> None:
        """Let two merge at the same time, each on a computer of its own, as a criss-cross has it."""
        mine, theirs = self._united(tips[one], tips[other]), self._united(tips[other], tips[one])
        assert self.tree(mine) == self.tree(theirs)
        tips[one], tips[other] = mine, theirs

    def _united(self, one: str, other: str) -> str:
        united = self._uniter.unite(one, other, "")
        assert united.code == "", united
        return united.target

    def tree(self, commit: str) -> str:
        return self._trees.build(commit, {})

    def files(self, commit: str) -> dict[str, bytes]:
        """Return the bytes of every file by its path."""
        empty = self._trees._must("mktree", given=b"").text
        items = {path: change.after for path, change in self._trees.changes(empty, self.tree(commit)).items()}
        blobs = self._trees.blobs(item.blob for item in items.values() if item)
        return {path: blobs[item.blob] for path, item in items.items() if item}


@pytest.fixture(scope="module")
def meeting(_finished_base: Path) -> Meeting:
    return Meeting(repository_of(_finished_base), _finished_base)


def all_end_equal(meeting: Meeting, versions: Sequence[bytes], order: Sequence[tuple[int, int]], how: str) -> str:
    """Let three meet in an order until everybody has met everybody twice; return the tree they end with."""
    tips = [meeting.clone(content, number) for number, content in enumerate(versions)]
    meet: Callable[[list[str], int, int], None] = getattr(meeting, how)
    for one, other in (*order, *order):
        meet(tips, one, other)
    trees = {meeting.tree(tip) for tip in tips}
    assert len(trees) == 1
    files = meeting.files(tips[0])
    there = {line.strip() for content in files.values() for line in content.split(b"\n")}
    for version in versions:
        assert all(line in there for line, is_header in _added(BASE, version) if not is_header)
    if any(file_format.read(PATH, version).readable for version in versions):
        assert file_format.read(PATH, files[PATH]).readable
    if how == "share":
        before = list(tips)
        for one, other in (*order, *order):
            meet(tips, one, other)
        assert tips == before, "two more syncs make no commit"
    return trees.pop()


@SOME
@given(st.tuples(VERSION, VERSION, VERSION), st.permutations(PAIRS), st.sampled_from(["share", "cross"]))
def test_any_versions_in_any_order(
    meeting: Meeting, versions: tuple[bytes, ...], order: list[tuple[int, int]], how: str
) -> None:
    """FAULTS 47, 40, 46.

    https://cs.stackexchange.com/questions/133507/ordering-of-operations-in-a-dag-of-git-commits
    """
    all_end_equal(meeting, versions, order, how)


@pytest.mark.parametrize("how", ["share", "cross"])
def test_one_contest_in_every_order(meeting: Meeting, how: str) -> None:
    """FAULTS 47: three answers to one question, and other changes beside them.

    Which answer stays may depend on who met first; that all three are there does not.
    """
    versions = (
        file_format.change(BASE, EntryChange(answer="Three days.", tags=("one", "ana"))),
        file_format.change(BASE, EntryChange(answer="Seven days.", internal="Ask the bank.")),
        file_format.change(BASE, EntryChange(answer="Nine days.", tags=("two",), question="How long is it?")),
    )
    for order in permutations(PAIRS):
        all_end_equal(meeting, versions, order, how)
