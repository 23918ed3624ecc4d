"""What must be true of a team once everybody has shared, whatever has happened before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kbtui.entry import event, file_format
from kbtui.entry.card import card_of
from kbtui.entry.identity import EVENTS_FOLDER
from kbtui.store.events import whole_lines
from kbtui.team.uses import Counts
from tests.helpers import run_git, status
from tests.simulation.clone import Clone
from tests.simulation.words import marks
from tests.simulation.world import World
from tests.team_of import MARKER


def wrong(world: World) -> list[str]:
    """Return what is not as it must be."""
    world.lead.knowledge.refresh()  # plain git tells nobody what it has changed
    tip = world.tip()
    found = [*_lost(world), *_miscounted(world)]
    for each in world.clones:
        name = each.person.name
        found += [f"{name}: {trouble}" for trouble in (*_unequal(each, tip), *_unclean(each.root), *_waiting(each))]
        found += [f"{name}: {trouble}" for trouble in _misindexed(each)]
    if len({str(each.knowledge.credits()) for each in world.clones}) != 1:
        found.append("credit is not the same everywhere")
    return found


def _lost(world: World) -> list[str]:
    branches = run_git(world.remote, "for-each-ref", "--format=%(refname)", "refs/heads").stdout.decode().split()
    there = run_git(world.remote, "grep", "-h", "-o", "-a", "w[0-9]*w", *branches).stdout
    kept = [each.knowledge.root for each in world.clones if each.parts.journal.pending()]
    return [f"lost: {mark} ({how}); journals of {kept}" for mark, how in world.words.missing(marks(there)).items()]


def _miscounted(world: World) -> Iterator[str]:
    for each in world.clones:
        each.knowledge.recount()
    counts = [each.knowledge.counts() for each in world.clones]
    if any(_lasting(one) != _lasting(counts[0]) for one in counts):
        yield "the counts differ"
    for name, number in () if world.lead_deeds.has_forced else world.words.uses.items():
        most = number + world.words.perhaps[name]
        if not number <= counts[0].used.get(name, 0) <= most:
            yield f"{name} was used {number} to {most} times, and is said to have been {counts[0].used.get(name, 0)}"


def _lasting(counts: Counts) -> Sequence[object]:
    """Return the counts that do not depend on what somebody's clock says."""
    return counts.used, counts.joined, counts.thanked, counts.flags


def _unequal(clone: Clone, tip: str) -> Iterator[str]:
    if clone.git("rev-parse", "HEAD")[1] != tip:
        yield "does not have what the team has"
    if there := status(clone.root):
        yield f"has changes in the folder: {there}"


def _unclean(root: Path) -> Iterator[str]:
    for path in root.rglob("*.md"):
        text = path.read_text("utf-8", "replace")
        if MARKER.search(text):
            yield f"has conflict markers in {path.name}"
        if not file_format.read(path.relative_to(root).as_posix(), text.encode()).readable:
            yield f"cannot read {path.name}"
    for path in (root / EVENTS_FOLDER).rglob("*.jsonl"):
        if None in map(event.read, whole_lines(path.read_bytes())):
            yield f"cannot read {path.name}"


def _waiting(clone: Clone) -> Iterator[str]:
    if clone.parts.journal.pending() or not clone.parts.outbox.is_empty() or clone.parts.repository.has_pending():
        yield "still has something that waits"


def _misindexed(clone: Clone) -> Iterator[str]:
    files = clone.parts.files
    wanted = {path: card_of(file_format.read(path, files.read(path))) for path in files.scan().stamps}
    known = {card.path: card for card in clone.knowledge.cards()}
    for path in wanted.keys() | known.keys():
        if wanted.get(path) != known.get(path):
            yield f"the index is wrong about {path}"
