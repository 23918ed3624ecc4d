"""Sharing past what people have in their git settings, odd names in the tree, and clocks that are wrong."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from kbtui.entry.model import EntryChange
from kbtui.git import landing
from tests.helpers import REFUND, git, in_head, status, write_files
from tests.team_of import Member, in_order

SETTINGS = {
    "push.gpgSign": "true",
    "push.followTags": "true",
    "push.recurseSubmodules": "check",
    "push.default": "matching",
    "tag.gpgSign": "true",
    "commit.gpgSign": "true",
    "gpg.program": "/bin/false",
    "submodule.recurse": "true",
    "fetch.recurseSubmodules": "true",
    "fetch.prune": "true",
    "fetch.pruneTags": "true",
    "fetch.writeCommitGraph": "true",
    "remote.origin.prune": "true",
    "remote.origin.mirror": "true",
    "remote.origin.tagOpt": "--tags",
    "remote.origin.push": "+refs/heads/*:refs/heads/*",
    "remote.pushDefault": "elsewhere",
    "log.showSignature": "true",
    "log.decorate": "full",
    "log.follow": "true",
    "diff.renames": "copies",
    "diff.noprefix": "true",
    "diff.external": "/bin/false",
    "diff.ignoreSubmodules": "all",
    "diff.orderFile": os.devnull,
    "color.ui": "always",
    "core.autocrlf": "true",
    "core.eol": "crlf",
    "core.safecrlf": "true",
    "core.hooksPath": "/nowhere",
    "core.fsync": "none",
    "core.logAllRefUpdates": "always",
    "core.quotePath": "true",
    "core.splitIndex": "true",
    "core.untrackedCache": "true",
    "index.version": "4",
    "merge.conflictStyle": "zdiff3",
    "merge.ff": "only",
    "pull.rebase": "true",
    "pull.ff": "only",
    "rebase.autoStash": "true",
    "transfer.hideRefs": "refs/kbtui",
    "status.short": "true",
    "status.branch": "true",
    "format.pretty": "oneline",
    "i18n.commitEncoding": "latin1",
    "i18n.logOutputEncoding": "latin1",
    "gc.auto": "1",
    "user.useConfigOnly": "true",
    "advice.detachedHead": "true",
    "init.defaultBranch": "other",
    "checkout.defaultRemote": "elsewhere",
    "protocol.version": "0",
    "uploadpack.allowFilter": "true",
    "trace2.eventTarget": "/dev/null",
}


def test_a_lead_s_many_settings(ana: Member, ben: Member, remote: Path) -> None:
    """FAULTS 59, S12, and whatever else people have in their settings: sharing is the same as without."""
    for name, value in SETTINGS.items():
        git(ana.root, "config", name, value)
    git(ana.root, "tag", "-a", "-m", "x", "--no-sign", "mine")
    git(ana.root, "branch", "own-work")
    theirs = ben.ask("Größe in cm?", "Größe 38 ist 96 cm.")
    ben.change(REFUND, EntryChange(answer="Three days."))
    ben.sync()
    ana.change(REFUND, EntryChange(internal="Ask the bank."))
    mine = ana.ask("Wie viel Öl?")
    shared = ana.sync()
    assert (shared.words, shared.reason) == ("Shared", "")
    assert in_head(remote, mine) is not None
    assert b"Gr\xc3\xb6\xc3\x9fe 38" in (in_head(ana.root, theirs) or b"")
    refs = git(remote, "for-each-ref", "--format=%(refname)").split()
    assert refs == ["refs/heads/main"]
    assert ana.sync().sent == 0
    ben.sync()
    assert ana.tree() == ben.tree()
    for name in SETTINGS:
        git(ana.root, "config", "--unset-all", name)
    in_order(ana.root)


ODD = [
    "-rf.md",
    ":(top)x.md",
    "topic/a b\tc.md",
    "topic/ein\nzeilig.md",
    'topic/"quoted".md',
    "ümlaut/Öl.md",
    "-x/-y.md",
    "*.md",
    "a\\b.md",
]


@pytest.mark.parametrize("name", ODD)
def test_odd_names_travel(ana: Member, ben: Member, remote: Path, name: str) -> None:
    """FAULTS S21: a name is never an option or a pattern, on either side of a merge."""
    write_files(ben.root, {name: "# Odd?\n\nYes.\n"})
    ben.commit()
    assert ben.sync().words == "Shared"
    write_files(ana.root, {REFUND: (ana.root / REFUND).read_bytes() + b"\nmore\n"})
    ana.commit()
    assert ana.sync().words == "Shared"
    assert (ana.root / name).read_text() == "# Odd?\n\nYes.\n"
    write_files(ana.root, {name: "# Odd?\n\nYes.\n\nAna.\n"})
    ana.commit()
    write_files(ben.root, {name: "# Odd?\n\nBen.\n\nYes.\n"})
    ben.commit()
    for each in (ana, ben, ana):
        assert each.sync().reason == ""
    assert ana.tree() == ben.tree()
    assert status(ana.root) == ""


def test_two_names_that_differ_in_case(ana: Member, ben: Member, remote: Path) -> None:
    """FAULTS 54."""
    write_files(ana.root, {"topic/Refund.md": "# One?\n\nOne.\n"})
    ana.commit()
    write_files(ben.root, {"topic/refund.md": "# Two?\n\nTwo.\n"})
    ben.commit()
    for each in (ana, ben, ana):
        assert each.sync().reason == ""
    assert (ana.root / "topic/Refund.md").read_text() != (ana.root / "topic/refund.md").read_text()
    assert ana.tree() == ben.tree()


def test_a_file_where_the_team_has_a_folder(ana: Member, ben: Member, remote: Path) -> None:
    write_files(ana.root, {"topic": "a file\n"})
    ana.commit()
    write_files(ben.root, {"topic/one.md": "# One?\n\nOne.\n"})
    ben.commit()
    ben.sync()
    path = ana.ask("And now?")
    for _ in range(2):
        assert ana.sync().code == "K07"
        sent = git(remote, "for-each-ref", "--format=%(objectname)", "refs/heads/kb-inbox")
        assert sent == ana.head(), "what was saved here is with the team, once"
    assert in_head(ana.root, path) is not None
    git(ana.root, "rm", "-q", "topic")
    ana.commit()
    assert ana.sync().words == "Shared"
    assert in_head(remote, path) is not None


def test_a_clock_set_back_keeps_the_latest_backups(
    ana: Member,
    ben: Member,
    remote: Path,
) -> None:
    """FAULTS 57: what is kept goes by order, not by the clock."""
    for number in range(landing._KEPT_BACKUPS):
        git(ana.root, "update-ref", f"{landing.BACKUPS}{time.time_ns() + 10**17 + number}", "HEAD")
    ben.ask("What is new?")
    ben.sync()
    ana.ask("Mine?")
    tip = ana.head()
    ana.sync()
    assert tip in git(ana.root, "for-each-ref", "--format=%(objectname)", landing.BACKUPS)
